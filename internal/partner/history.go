package partner

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// Fact is one thing that the directory says. Its name is the text "partner.fact.<name>".
type Fact struct{ Name, Value string }

// Change is a line of the directory's history: nobody wonders who changed a number.
type Change struct {
	ID        uuid.UUID
	ContactID *uuid.UUID
	Contact   string // name; empty when it is about the organisation
	Action    string // "added", "changed", "verified", "photo", "retired" or "restored"
	Before    map[string]string
	After     map[string]string
	By        string
	At        time.Time
}

// Facts lists the names of what was changed, in the order of the form.
func (c Change) Facts() []string {
	var names []string
	for _, f := range append(OrganisationInput{}.Facts(), ContactInput{}.Facts()...) {
		_, was := c.Before[f.Name]
		_, is := c.After[f.Name]
		if (was || is) && (len(names) == 0 || !contains(names, f.Name)) {
			names = append(names, f.Name)
		}
	}
	return names
}

// Changes asks for the newest changes of an organisation and its people, or of one person.
func Changes(b *db.Batch, organisation, contact uuid.UUID, limit int) *[]Change {
	return db.All[Change](b, `
		-- of who is shown by first name only, an earlier surname is nobody's to look up
		SELECT h.id, h.contact_id, coalesce(c.name, '') AS contact, h.action,
		       CASE WHEN c.first_name_only AND h.before ->> 'name' ~ '\s' THEN h.before - 'name' ELSE coalesce(h.before, '{}') END AS before,
		       CASE WHEN c.first_name_only AND h.after ->> 'name' ~ '\s' THEN h.after - 'name' ELSE coalesce(h.after, '{}') END AS after,
		       coalesce(u.display_name, c.name, '') AS by, h.changed_at AS at
		  FROM app.directory_change h
		  LEFT JOIN auth.user_account u ON u.id = h.changed_by
		  LEFT JOIN app.contact_person c ON c.id = h.contact_id
		 WHERE (h.organisation_id = @organisation OR h.contact_id = @contact)
		 ORDER BY h.changed_at DESC, h.id LIMIT @limit`, db.Args{"organisation": organisation, "contact": contact, "limit": limit})
}

// record writes a line of the history in the same transaction as the change.
func record(ctx context.Context, tx *db.Tx, organisation uuid.UUID, contact *uuid.UUID, action string, before, after []Fact) error {
	b, err := object(before)
	if err != nil {
		return err
	}
	a, err := object(after)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO app.directory_change (organisation_id, contact_id, action, before, after, changed_by) VALUES (@organisation, @contact, @action, @before::jsonb, @after::jsonb, @me)`,
		db.Args{"organisation": organisation, "contact": contact, "action": action, "before": b, "after": a, "me": tx.Actor.UserID})
	return err
}

// object writes facts as a JSON object, without those that say nothing.
func object(facts []Fact) (*string, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	m := map[string]string{}
	for _, f := range facts {
		if f.Value != "" {
			m[f.Name] = f.Value
		}
	}
	raw, err := json.Marshal(m)
	text := string(raw)
	return &text, err
}

// changed leaves the facts in which before and after differ.
func changed(before, after []Fact) (was, is []Fact) {
	for i, f := range after {
		if before[i].Value != f.Value {
			was, is = append(was, before[i]), append(is, f)
		}
	}
	return was, is
}

func retired(retire bool) string {
	if retire {
		return "retired"
	}
	return "restored"
}

// notNow tells an admin who was too late from somebody who may not: to an admin a row that is
// already as wished is stale.
func notNow(err error, tx *db.Tx) error {
	if errors.Is(err, fault.Forbidden) && tx.Actor.Role == actor.Admin {
		return fault.Stale
	}
	return err
}
