package journal

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Spoken is somebody who was spoken to: a contact person at a partner, or one of the people of the case.
type Spoken struct {
	ContactID    *uuid.UUID `json:"contact_id"`
	PersonID     *uuid.UUID `json:"person_id"`
	Citizen      bool       `json:"citizen"`
	Name         string     `json:"name"` // of a contact person the first name only, where that was asked for
	Relation     string     `json:"relation"`
	Title        string     `json:"title"`
	Organisation string     `json:"organisation"`
	External     bool       `json:"external"`
	PhotoID      *uuid.UUID `json:"photo_id"`
}

// People asks for the citizen and the people around them in the opened case.
func People(b *db.Batch) *[]Spoken {
	return db.All[Spoken](b, `
		SELECT NULL::uuid AS contact_id, p.id AS person_id, p.is_citizen AS citizen, p.name, p.relation, '' AS title, '' AS organisation, false AS external, NULL::uuid AS photo_id
		  FROM app.person p WHERE p.case_id = @case ORDER BY p.is_citizen DESC, p.name, p.id`, db.Args{"case": b.CaseID})
}

const contacts = `
	SELECT c.id AS contact_id, NULL::uuid AS person_id, false AS citizen, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END AS name,
	       '' AS relation, c.title, o.name AS organisation, o.kind = 'external' AS external, c.photo_id
	  FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id `

// Involved asks for the contact persons of the opened case: those who have a part in it, and those a note
// has spoken to before.
func Involved(b *db.Batch) *[]Spoken {
	return db.All[Spoken](b, contacts+`
		 WHERE c.id IN (SELECT v.contact_id FROM app.involvement v WHERE v.case_id = @case AND v.status IN ('requested','accepted')
		         UNION SELECT s.contact_id FROM app.note_spoken s WHERE s.case_id = @case)
		 ORDER BY c.name, c.id`, db.Args{"case": b.CaseID})
}

// maxOthers is how many contact persons a form offers beside the involved ones.
const maxOthers = 400

// Others asks for every other contact person of the directory, by organisation.
func Others(b *db.Batch) *[]Spoken {
	return db.All[Spoken](b, contacts+`
		 WHERE c.active AND o.active ORDER BY o.name, c.name, c.id LIMIT @limit`, db.Args{"limit": maxOthers})
}

// saveSpoken notes who was spoken to. Everybody named must be of the case, or in the directory.
func saveSpoken(ctx context.Context, tx *db.Tx, note uuid.UUID, in Input) error {
	if len(in.Contacts)+len(in.People) == 0 {
		return nil
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.note_spoken (case_id, note_id, contact_id, person_id)
		SELECT @case::uuid, @note::uuid, c.id, NULL::uuid FROM app.contact_person c
		 WHERE c.id = ANY (@contacts::uuid[]) AND (c.active OR EXISTS (SELECT FROM app.involvement v WHERE v.case_id = @case AND v.contact_id = c.id))
		UNION ALL
		SELECT @case::uuid, @note::uuid, NULL::uuid, p.id FROM app.person p WHERE p.case_id = @case AND p.id = ANY (@people::uuid[])`,
		db.Args{"case": tx.CaseID, "note": note, "contacts": in.Contacts, "people": in.People})
	if err == nil && int(n) != len(in.Contacts)+len(in.People) {
		return fault.Invalid{"spoken": "journal.error.spoken"}
	}
	return err
}
