package forum

import (
	"github.com/google/uuid"

	"samspil/internal/db"
)

// Who is somebody who may sit at the table.
type Who struct {
	UserID         *uuid.UUID
	ContactID      *uuid.UUID
	OrganisationID *uuid.UUID
	Name           string
	Title          string
	Organisation   string
	PartnerType    string // code of reference.PartnerTypes; empty: a colleague
	External       bool
	PhotoID        *uuid.UUID
}

// Key is who, as a form posts it.
func (w Who) Key() string {
	if w.UserID != nil {
		return "user:" + w.UserID.String()
	}
	return "contact:" + w.ContactID.String()
}

// AtEveryTable are the partner types whose people sit in a forum more often than not (domain.md 1.29).
var AtEveryTable = []string{"ssp", "police_district", "police_resource_person", "police"}

const contactsWho = `SELECT NULL::uuid AS user_id, c.id AS contact_id, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END AS name, c.title, o.name AS organisation, o.id AS organisation_id, o.partner_type,
	o.kind = 'external' AS external, c.photo_id FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.active AND o.active`

// CaseCandidates asks who may be asked to a meeting about the opened case: its partners, the police and SSP, then the colleagues.
// Nobody who is kept out of the case is among them.
func CaseCandidates(b *db.Batch) *[]Who {
	return db.All[Who](b, `SELECT * FROM (`+contactsWho+` AND (o.partner_type = ANY (@likely::text[]) OR EXISTS (SELECT 1 FROM app.involvement v WHERE v.case_id = @case AND v.contact_id = c.id AND v.status IN ('requested','accepted')))
		UNION ALL SELECT k.id, NULL, k.name, k.title, '', NULL, '', false, u.photo_id FROM app.seat_candidates(@case) k JOIN auth.user_account u ON u.id = k.id) z
		ORDER BY z.user_id IS NOT NULL, z.organisation, z.name, z.contact_id, z.user_id`, db.Args{"case": b.CaseID, "likely": AtEveryTable})
}

// Candidates asks who may get a seat in a standing forum: everybody in the directory, and everybody who works with cases.
func Candidates(b *db.Batch) *[]Who {
	return db.All[Who](b, `SELECT * FROM (`+contactsWho+` UNION ALL SELECT u.id, NULL, u.display_name, u.title, '', NULL, '', false, u.photo_id FROM auth.user_account u WHERE u.active AND u.role IN ('caseworker','specialist','team_lead') AND u.id <> @me) z
		ORDER BY z.user_id IS NOT NULL, z.organisation, z.name, z.contact_id, z.user_id`, db.Args{"me": b.Actor.UserID})
}
