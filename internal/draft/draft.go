// Package draft keeps what somebody was in the middle of writing about a case, so that an interrupted form keeps its
// text (R13). A draft is its writer's alone, and gone when the form has been saved.
package draft

import (
	"context"
	"encoding/json"
	"time"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// MaxSize is how much of a form is kept, in characters.
const MaxSize = 200_000

// Fields are the values of a form, as they were typed.
type Fields = map[string][]string

// Draft is a form as it was left.
type Draft struct {
	Fields  Fields
	SavedAt time.Time
}

// Load asks for the reader's own draft of a form in the opened case.
func Load(b *db.Batch, form string) *db.Found[Draft] {
	return db.Maybe[Draft](b, `SELECT fields, saved_at FROM app.draft WHERE case_id = @case AND user_id = @me AND form = @form`,
		db.Args{"case": b.CaseID, "me": b.Actor.UserID, "form": form})
}

// Save keeps a whole form. One that is too long is refused under the empty field.
func Save(ctx context.Context, tx *db.Tx, form string, fields Fields) error {
	return put(ctx, tx, form, fields, `EXCLUDED.fields`)
}

// Merge keeps some fields of a form of several pages, and leaves the others as they are.
func Merge(ctx context.Context, tx *db.Tx, form string, fields Fields) error {
	return put(ctx, tx, form, fields, `d.fields || EXCLUDED.fields`)
}

func put(ctx context.Context, tx *db.Tx, form string, fields Fields, value string) error {
	raw, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	if len([]rune(string(raw))) > MaxSize-1000 { // Postgres writes the same fields with a space more here and there
		return fault.Invalid{"": "error.too_long"}
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO app.draft AS d (case_id, user_id, form, fields) VALUES (@case, @me, @form, @fields::jsonb)
		ON CONFLICT (case_id, user_id, form) DO UPDATE SET fields = `+value+`, saved_at = @now`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "form": form, "fields": string(raw), "now": tx.Now})
	return err
}

// Discard forgets a draft.
func Discard(ctx context.Context, tx *db.Tx, form string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM app.draft WHERE case_id = @case AND user_id = @me AND form = @form`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "form": form})
	return err
}
