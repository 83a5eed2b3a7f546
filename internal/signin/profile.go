package signin

import (
	"context"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Profile is how a person wants their screen, on every machine.
type Profile struct {
	Lang      string // "da" or "en"
	Theme     string // "light", "dark", or "" for what the machine says
	Density   string // "airy", or "" for the usual
	Shortcuts bool   // single letters are keys too
}

// SetProfile keeps the wishes of who the transaction runs for. Wishes that no form offers are [fault.NotFound].
func SetProfile(ctx context.Context, tx *db.Tx, p Profile) error {
	if p.Lang != "da" && p.Lang != "en" || p.Theme != "" && p.Theme != "light" && p.Theme != "dark" || p.Density != "" && p.Density != "airy" {
		return fault.NotFound
	}
	_, err := db.Exec(ctx, tx, `SELECT auth.set_profile(@lang, @theme, @density, @shortcuts)`,
		db.Args{"lang": p.Lang, "theme": p.Theme, "density": p.Density, "shortcuts": p.Shortcuts})
	return err
}

// CloseAll ends every session of who the transaction runs for.
func CloseAll(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `SELECT auth.close_all_sessions()`, db.Args{})
	return err
}
