// Package partner is the directory of those whom the office calls (R7): organisations inside and
// outside the municipality, their contact persons with a face, when they can be reached, and whom
// to call first in which situation. Admins write it, everybody who is signed in reads it.
package partner

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Callable is a contact person with everything one needs to know before calling.
type Callable struct {
	ContactID, OrganisationID uuid.UUID
	Name                      string
	FirstNameOnly             bool // for their own safety: nobody asks for the rest
	Title                     string
	Note                      string // what this person helps with
	Organisation              string
	OrgKind                   string   // "internal" or "external"
	PartnerType               string   // code of reference.PartnerTypes
	Areas                     []string // "child", "adult"
	Can, Cannot, BeforeCall   string   // of the organisation
	OrgPhone                  string
	AddressSecret             bool
	Phone, Mobile, SecureMail string
	Lang                      string // of letters and links: "da" or "en"
	Languages                 []string
	Competences               []string // codes of [Competences]
	PhotoID                   *uuid.UUID
	Hours                     []Hours
	OnCallText                string
	StandInID                 *uuid.UUID
	StandIn                   string // name of who answers when this person does not
	VerifiedOn                *time.Time
	VerifiedBy                string // display name
	Active                    bool   // neither the person nor the organisation is retired
	Retired                   bool   // the person is
	Version                   int
	// Together counts the cases in which this person has a part and the reader works: "Jer to".
	Together     int
	LastTogether *time.Time
}

// External reports whether the person works outside the municipality.
func (c Callable) External() bool { return c.OrgKind == "external" }

// Number is the number to call: the direct one, else the mobile, else that of the organisation.
func (c Callable) Number() string {
	for _, n := range []string{c.Phone, c.Mobile, c.OrgPhone} {
		if n != "" {
			return n
		}
	}
	return ""
}

// StaleAfter is how long a contact counts as verified; then it turns amber and waits for the admin.
const StaleAfter = 180 * 24 * time.Hour

// Stale reports whether nobody has verified the person's data for too long, or ever.
func (c Callable) Stale(now time.Time) bool { return stale(c.VerifiedOn, now) }

func stale(on *time.Time, now time.Time) bool { return on == nil || now.Sub(*on) > StaleAfter }

// Has reports whether the person has a competence.
func (c Callable) Has(competence string) bool { return slices.Contains(c.Competences, competence) }

// Serves reports whether the organisation works for an area; "" is any.
func (c Callable) Serves(area string) bool { return area == "" || slices.Contains(c.Areas, area) }

// Query chooses among the active contact persons. The zero Query chooses all.
type Query struct {
	PartnerTypes   []string
	Competence     string
	Area           string // "child" or "adult"
	OrganisationID uuid.UUID
	ContactID      uuid.UUID
	Retired        bool // also those who are retired, for the pages about them
	// CalledFor leaves out whom the opened case does not need: people of PartnerTypes, and of the types that its open steps call for.
	CalledFor bool
	// Ruled chooses also people of the types that a rule of the municipality calls for in some case (package planrule).
	Ruled bool
}

// Callables asks for the active contact persons that q chooses, by organisation and name.
func Callables(b *db.Batch, q Query) *[]Callable {
	if q.PartnerTypes == nil {
		q.PartnerTypes = []string{}
	}
	return db.All[Callable](b, `
		WITH together AS (
		  SELECT i.contact_id, count(DISTINCT i.case_id)::int AS cases, max(greatest(i.asked_at, i.answered_at, i.ended_at)) AS last
		    FROM app.involvement i
		   WHERE i.case_id = ANY ((SELECT auth.my_cases())::uuid[]) AND i.contact_id IS NOT NULL AND i.status IN ('accepted', 'ended')
		   GROUP BY i.contact_id)
		SELECT c.id AS contact_id, o.id AS organisation_id, c.name, c.first_name_only, c.title, c.note, o.name AS organisation, o.kind AS org_kind,
		       o.partner_type, o.areas, o.can, o.cannot, o.before_call, o.phone AS org_phone, o.address_secret, c.phone, c.mobile, c.secure_mail, c.lang, c.languages, c.competences,
		       c.photo_id, c.on_call_text, s.id AS stand_in_id, coalesce(s.name, '') AS stand_in, c.verified_on, coalesce(v.display_name, '') AS verified_by,
		       c.active AND o.active AS active, NOT c.active AS retired, c.version,
		       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', h.kind, 'weekday', h.weekday, 'opens', h.opens, 'closes', h.closes) ORDER BY h.kind DESC, h.weekday, h.opens)
		                   FROM app.contact_hours h WHERE h.contact_id = c.id), '[]') AS hours,
		       coalesce(t.cases, 0) AS together, t.last AS last_together
		  FROM app.contact_person c
		  JOIN app.organisation o ON o.id = c.organisation_id
		  LEFT JOIN app.contact_person s ON s.id = c.stand_in_id AND s.active
		  LEFT JOIN auth.user_account v ON v.id = c.verified_by
		  LEFT JOIN together t ON t.contact_id = c.id
		 WHERE (@retired OR c.active AND o.active)
		   AND (cardinality(@types::text[]) = 0 AND NOT @called AND NOT @ruled OR o.partner_type = ANY (@types)
		        OR @ruled AND o.partner_type IN (SELECT unnest(p.partner_types) FROM app.plan_rule p WHERE p.active)
		        OR @called AND o.partner_type IN (SELECT t.partner_type FROM app.plan_step t WHERE t.case_id = @case AND t.status IN ('open','in_progress','waiting')))
		   AND (@competence = '' OR @competence = ANY (c.competences))
		   AND (@area = '' OR @area = ANY (o.areas))
		   AND (@organisation::uuid = '00000000-0000-0000-0000-000000000000' OR o.id = @organisation)
		   AND (@contact::uuid = '00000000-0000-0000-0000-000000000000' OR c.id = @contact)
		 ORDER BY o.name, c.name, c.id`,
		db.Args{"types": q.PartnerTypes, "competence": q.Competence, "area": q.Area, "organisation": q.OrganisationID, "contact": q.ContactID, "retired": q.Retired,
			"called": q.CalledFor, "ruled": q.Ruled, "case": b.CaseID})
}
