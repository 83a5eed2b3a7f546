package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/fault"
)

// Reader is who a session belongs to, with what the frame of every page shows of them.
type Reader struct {
	actor.Actor
	Title        string
	PhotoID      *uuid.UUID
	Municipality string
}

// Who looks up the session behind token, and opens a case in the same round trip if c names one.
// It returns [fault.SignedOut] when there is no live session; locked tells that it waits for its password.
// A case that may not be opened is left out: the page then answers "not found".
func (d *DB) Who(ctx context.Context, token string, c Case) (r Reader, locked bool, err error) {
	var state *string
	b := newBatch()
	b.begin(actor.Actor{Token: token}, &state, nil)
	b.Queue(`SELECT user_id, role, name, title, lang, theme, density, shortcuts, photo_id, team_id, coalesce(area, ''), municipality, teams FROM auth.whoami()`).
		Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var team *uuid.UUID
				if err := rows.Scan(&r.UserID, &r.Role, &r.Name, &r.Title, &r.Lang, &r.Theme, &r.Density, &r.Shortcuts, &r.PhotoID, &team, &r.Area, &r.Municipality, &r.Teams); err != nil {
					return err
				}
				if team != nil {
					r.TeamID = *team
				}
			}
			return rows.Err()
		})
	if c.Ref != "" {
		b.open(c, &r.Opened)
	}
	if err := d.send(ctx, b); err != nil {
		return Reader{}, false, err
	}
	if state == nil || *state != "ok" {
		return Reader{}, state != nil && *state == "locked", fault.SignedOut
	}
	r.Token, r.HasPhoto = token, r.PhotoID != nil
	return r, false, nil
}

// Lock locks the session behind token until its password is given again.
func (d *DB) Lock(ctx context.Context, token string) error {
	_, err := d.pool.Exec(ctx, `SELECT auth.lock_session($1)`, token)
	return translate(err)
}

// SignOut ends the session behind token.
func (d *DB) SignOut(ctx context.Context, token string) error {
	_, err := d.pool.Exec(ctx, `SELECT auth.close_session($1)`, token)
	return translate(err)
}
