// Package account keeps the accounts of the people who sign in. It runs as the administrator of the
// database server, from the command line: no page of the site can make itself an account.
package account

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"samspil/internal/actor"
)

// New is an account to be made.
type New struct {
	Email, Name  string
	Role         actor.Role
	Team         string // name of a team; a team lead leads it
	PasswordHash string
}

// ErrUnknown says that nobody has that address, ErrNoTeam that no team has that name.
var (
	ErrUnknown = errors.New("nobody has that e-mail address")
	ErrNoTeam  = errors.New("there is no team of that name")
)

// Add makes an account in the one municipality of the installation.
func Add(ctx context.Context, adminURL string, n New) error {
	email := strings.ToLower(strings.TrimSpace(n.Email))
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email {
		return fmt.Errorf("%q is no e-mail address", n.Email)
	}
	switch n.Role {
	case actor.Caseworker, actor.Specialist, actor.TeamLead, actor.Admin, actor.Auditor:
	default:
		return fmt.Errorf("there is no role %q", n.Role)
	}
	return inTx(ctx, adminURL, func(tx pgx.Tx) error {
		var id string
		err := tx.QueryRow(ctx, `
			INSERT INTO auth.user_account (email, display_name, municipality, role, password_hash)
			SELECT $1, $2, m.id, $3, $4 FROM app.municipality m RETURNING id::text`, email, n.Name, string(n.Role), n.PasswordHash).Scan(&id)
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "23505" {
			return fmt.Errorf("%s has an account already", email)
		}
		if errors.Is(err, pgx.ErrNoRows) {
			return errors.New("the database has no municipality yet; run samspil seed, or insert one row into app.municipality")
		}
		if err != nil || n.Team == "" {
			return err
		}
		var joined bool // as on the page of the team, with its line in the trail
		err = tx.QueryRow(ctx, `SELECT coalesce(bool_and(app._join(t.id, $2::uuid, $3)), false) FROM app.team t WHERE t.name = $1`, n.Team, id, n.Role == actor.TeamLead).Scan(&joined)
		if err == nil && !joined {
			return fmt.Errorf("there is no team called %q, or none for the role %q", n.Team, n.Role)
		}
		return err
	})
}

// Reset gives an account another password and ends its sessions.
func Reset(ctx context.Context, adminURL, email, passwordHash string) error {
	return change(ctx, adminURL, email, `UPDATE auth.user_account SET password_hash = $2, active = true WHERE email = $1`, passwordHash)
}

// Disable shuts an account out and ends its sessions. Its history stays.
func Disable(ctx context.Context, adminURL, email string) error {
	return change(ctx, adminURL, email, `UPDATE auth.user_account SET active = false WHERE email = $1`)
}

// Intake says whether a team is the intake desk of its area, to which the reports of concern come. The page of the teams
// does the same, and refuses to leave open reports without a desk; whoever has the database is not refused.
func Intake(ctx context.Context, adminURL, team string, on bool) error {
	return inTx(ctx, adminURL, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `SELECT app._set_intake(t.id, $2) FROM app.team t WHERE t.name = $1`, team, on)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrNoTeam
		}
		return err
	})
}

func change(ctx context.Context, adminURL, email, sql string, args ...any) error {
	email = strings.ToLower(strings.TrimSpace(email))
	return inTx(ctx, adminURL, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sql, append([]any{email}, args...)...)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrUnknown
		}
		_, err = tx.Exec(ctx, `UPDATE auth.session s SET revoked_at = now() FROM auth.user_account u WHERE u.id = s.user_id AND u.email = $1 AND s.revoked_at IS NULL`, email)
		return err
	})
}

func inTx(ctx context.Context, adminURL string, fn func(pgx.Tx) error) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect as administrator: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, conn, fn)
}
