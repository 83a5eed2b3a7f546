// Package involvement is the partners of a case: who has been drawn in, for which part, on which
// legal basis, and what they answered (R7, R9).
//
// Read as one table it answers the question of the study: who is responsible for what?
package involvement

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/partner"
)

// Status is how far an involvement has come.
type Status string

// A partner is asked, answers yes or no, and some day has done their part. A partner who was
// asked may also be let go before the answer.
const (
	Asked    Status = "requested"
	Accepted Status = "accepted"
	Declined Status = "declined"
	Ended    Status = "ended"
)

// The origins of an involvement. The study found cooperation to be ad hoc; that the
// plan called for it is kept, so that it can be counted (R7).
const (
	FromPlan    = "from_plan"
	FromTrigger = "from_trigger"
	AdHoc       = "ad_hoc"
)

// Anonymous is the legal basis of sparring without personal data: allowed without any other basis (R9).
const Anonymous = "ANONYMOUS"

// PatienceDays is how long a partner may think before the case asks for an answer.
const PatienceDays = 3

// Involvement is the part of one partner in a case.
type Involvement struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	ContactID      *uuid.UUID // nil: the organisation was asked, nobody by name
	Organisation   string
	OrgKind        string // "internal" or "external"
	PartnerType    string // code of [reference.PartnerTypes]
	Contact        string // as it may be shown: the first name only, where that was asked for
	ContactTitle   string
	Phone          string
	PhotoID        *uuid.UUID
	Hours          []partner.Hours // when the contact person can be reached
	ResponsibleFor string
	Origin         string
	Status         Status
	LegalBasis     string // code of [reference.LegalBases]; empty: none, so anonymous only (R9)
	AskedAt        time.Time
	AnsweredAt     *time.Time
	EndedAt        *time.Time
	Answer         string // why declined, or why it ended
	AddedBy        string // display name
	Version        int
	LastContact    *time.Time // when the contact person was last spoken to, as a note says, or answered over a link
}

// Live reports whether the partner is in, or is thinking about it.
func (i Involvement) Live() bool { return i.Status == Asked || i.Status == Accepted }

// External reports whether the partner is from outside the municipality.
func (i Involvement) External() bool { return i.OrgKind == "external" }

// Unanswered reports whether the partner has been asked for longer than [PatienceDays].
func (i Involvement) Unanswered(now time.Time) bool {
	return i.Status == Asked && i.AskedAt.Before(now.AddDate(0, 0, -PatienceDays))
}

// Reachable tells whether the contact person can be reached at now.
func (i Involvement) Reachable(now time.Time) partner.Availability {
	return partner.Reachable(i.Hours, now)
}

// Nameless reports whether nothing personal may be told to the partner: no legal basis is noted (R9).
func (i Involvement) Nameless() bool { return i.LegalBasis == "" || i.LegalBasis == Anonymous }

const columns = `
	SELECT v.id, v.organisation_id, v.contact_id, o.name AS organisation, o.kind AS org_kind, o.partner_type,
	       coalesce(CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, '') AS contact,
	       coalesce(c.title, '') AS contact_title, coalesce(nullif(c.phone, ''), nullif(c.mobile, ''), o.phone) AS phone, c.photo_id,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', h.kind, 'weekday', h.weekday, 'opens', h.opens, 'closes', h.closes) ORDER BY h.kind DESC, h.weekday, h.opens)
	                   FROM app.contact_hours h WHERE h.contact_id = c.id), '[]') AS hours,
	       v.responsible_for, v.origin, v.status, v.legal_basis, v.asked_at, v.answered_at, v.ended_at, v.answer, u.display_name AS added_by, v.version,
	       greatest((SELECT max(n.happened_at) FROM app.note_spoken s JOIN app.note n ON n.id = s.note_id
	         WHERE s.case_id = v.case_id AND s.contact_id = v.contact_id),
	         (SELECT max(l.answered_at) FROM app.guest_link l WHERE l.case_id = v.case_id AND l.contact_id = v.contact_id)) AS last_contact
	  FROM app.involvement v JOIN app.organisation o ON o.id = v.organisation_id
	  LEFT JOIN app.contact_person c ON c.id = v.contact_id
	  JOIN auth.user_account u ON u.id = v.added_by
	 WHERE v.case_id = @case`

// Involvements asks for every partner of the opened case: those who are in first, then those who
// were asked, then the others, each by what they answer for.
func Involvements(b *db.Batch) *[]Involvement {
	return db.All[Involvement](b, columns+`
	 ORDER BY array_position(ARRAY['accepted','requested','declined','ended'], v.status), v.asked_at, v.id`, db.Args{"case": b.CaseID})
}

// Get asks for one partner of the opened case.
func Get(b *db.Batch, id uuid.UUID) *Involvement {
	return db.Get[Involvement](b, columns+` AND v.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Contact is somebody at a partner who could take the part over.
type Contact struct {
	ID    uuid.UUID
	Name  string
	Title string
}

// Contacts asks who works at the organisation of an involvement: the active ones, and who has the part now.
func Contacts(b *db.Batch, id uuid.UUID) *[]Contact {
	return db.All[Contact](b, `
		SELECT c.id, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END AS name, c.title
		  FROM app.involvement v JOIN app.contact_person c ON c.organisation_id = v.organisation_id AND (c.active OR c.id = v.contact_id)
		 WHERE v.id = @id AND v.case_id = @case ORDER BY c.name, c.id`, db.Args{"case": b.CaseID, "id": id})
}
