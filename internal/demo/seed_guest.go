package demo

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/guest"
)

// guestLink is a link to what was told to a contact person.
type guestLink struct {
	caseID, sharing, contact uuid.UUID
	by                       any // the id of the colleague
}

// sendLinks makes the links the way the pages do, after everything else is there: their letters leave when the program runs.
func (l *loader) sendLinks(ctx context.Context, tx pgx.Tx) error {
	for _, g := range l.links {
		var link uuid.UUID
		err := tx.QueryRow(ctx, `SELECT app._guest_link($1, $2, 'involvement', (SELECT i.id FROM app.involvement i WHERE i.case_id = $1 AND i.contact_id = $2 AND i.status IN ('requested','accepted')), $3)`,
			g.caseID, g.contact, guest.Days).Scan(&link)
		if err != nil {
			return fmt.Errorf("seed: a link: %w", err)
		}
		for sql, args := range map[string][]any{
			`UPDATE app.guest_link SET created_by = $2 WHERE id = $1`: {link, g.by},
			`INSERT INTO app.guest_step SELECT $2, $1, s.id, row_number() OVER (ORDER BY s.due_at, s.id) FROM app.plan_step s WHERE s.case_id = $2 AND s.responsible_contact = $3 AND s.status = 'open'`: {link, g.caseID, g.contact},
			`INSERT INTO app.guest_request VALUES ($2, $1, $3)`: {link, g.caseID, g.sharing},
			`SELECT app._event($2, $3, 'guest.sent', $1, (SELECT jsonb_build_object('organisation', o.name, 'contact', c.name) FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.id = $4))`: {link, g.caseID, g.by, g.contact},
		} {
			if _, err := tx.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("seed: a link: %w", err)
			}
		}
	}
	return nil
}
