package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/partner"
)

// staleDays is [partner.StaleAfter] as the database counts days.
const staleDays = int(partner.StaleAfter / (24 * time.Hour))

// DirectoryCounts are the sums of the partner directory.
type DirectoryCounts struct {
	Organisations, External int
	Contacts                int
	Stale                   int // contacts whose data nobody has verified for [partner.StaleAfter], or ever, or who ask to be called about them
	Corrections             int // proposals that wait for an answer
}

// Directory asks for the sums of the directory: active entries only.
func Directory(b *db.Batch) *DirectoryCounts {
	return db.Get[DirectoryCounts](b, `
		SELECT (SELECT count(*)::int FROM app.organisation WHERE active) AS organisations,
		       (SELECT count(*)::int FROM app.organisation WHERE active AND kind = 'external') AS external,
		       count(*)::int AS contacts, count(*) FILTER (WHERE c.verified_on IS NULL OR c.verified_on < current_date - @days::int OR `+calls+`)::int AS stale,
		       (SELECT count(*)::int FROM app.correction WHERE outcome IS NULL) AS corrections
		  FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id AND o.active WHERE c.active`, db.Args{"days": staleDays})
}

// calls is the condition that somebody who has the open letter to contact person c asks to be called, to get the code. It holds for
// admins alone: others see no such letter.
const calls = `EXISTS (SELECT 1 FROM app.guest_link l WHERE l.contact_id = c.id AND l.about = 'verify' AND l.call_asked_at IS NOT NULL AND l.revoked_at IS NULL AND l.expires_at > now()
		   AND l.answered_at IS NULL AND (c.verified_on IS NULL OR c.verified_on < (l.created_at AT TIME ZONE 'Europe/Copenhagen')::date))`

// StaleContact is a contact person whose data somebody should verify.
type StaleContact struct {
	ID             uuid.UUID
	Name           string
	Title          string
	OrganisationID uuid.UUID
	Organisation   string
	External       bool
	PhotoID        *uuid.UUID
	VerifiedOn     *time.Time
	Calls          bool // they ask to be called, to get a code
}

// StaleContacts asks for the contact persons who ask to be called, then those whose data are oldest, those never verified first.
func StaleContacts(b *db.Batch, limit int) *[]StaleContact {
	return db.All[StaleContact](b, `
		SELECT c.id, c.name, c.title, o.id AS organisation_id, o.name AS organisation, o.kind = 'external' AS external, c.photo_id, c.verified_on, `+calls+` AS calls
		  FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id AND o.active
		 WHERE c.active AND (c.verified_on IS NULL OR c.verified_on < current_date - @days::int OR `+calls+`)
		 ORDER BY calls DESC, c.verified_on NULLS FIRST, o.name, c.name, c.id LIMIT @limit`, db.Args{"days": staleDays, "limit": limit})
}

// Correction is a proposal that waits for the admin.
type Correction struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	Organisation   string
	ContactID      *uuid.UUID
	Contact        string
	Proposal       string
	ProposedBy     string
	ProposedAt     time.Time
}

// Corrections asks for the oldest proposals of the queue.
func Corrections(b *db.Batch, limit int) *[]Correction {
	return db.All[Correction](b, `
		SELECT k.id, o.id AS organisation_id, o.name AS organisation, c.id AS contact_id, coalesce(c.name, '') AS contact, k.proposal, coalesce(u.display_name, c.name, '') AS proposed_by, k.proposed_at
		  FROM app.correction k
		  JOIN app.organisation o ON o.id = k.organisation_id
		  LEFT JOIN auth.user_account u ON u.id = k.proposed_by
		  LEFT JOIN app.contact_person c ON c.id = k.contact_id
		 WHERE k.outcome IS NULL ORDER BY k.proposed_at, k.id LIMIT @limit`, db.Args{"limit": limit})
}

// Coverage is how many contact persons a partner type has, and how many of them are verified.
type Coverage struct {
	PartnerType        string
	Contacts, Verified int
}

// Covered asks for the partner types that have anybody at all.
func Covered(b *db.Batch) *[]Coverage {
	return db.All[Coverage](b, `
		SELECT o.partner_type, count(*)::int AS contacts, count(*) FILTER (WHERE c.verified_on >= current_date - @days::int)::int AS verified
		  FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id AND o.active
		 WHERE c.active GROUP BY 1`, db.Args{"days": staleDays})
}
