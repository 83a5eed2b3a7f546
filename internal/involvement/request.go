package involvement

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// maxPart is how long the description of a part may be: it stands in a table.
const maxPart = 300

// Input is what it takes to draw a partner in.
type Input struct {
	OrganisationID uuid.UUID
	ContactID      uuid.UUID // zero: the organisation is asked, nobody by name
	ResponsibleFor string    // the part they answer for, in words
	Origin         string    // [FromPlan], [FromTrigger] or [AdHoc]
	LegalBasis     string    // code of [reference.LegalBases]; empty or [Anonymous]: nothing personal may be told (R9)
	Accepted       bool      // they said yes already, on the telephone for instance
}

// Validate refuses what cannot be asked of a partner.
func (in Input) Validate() error {
	bad := fault.Invalid{}
	bad.Check("organisation", in.OrganisationID != uuid.Nil, "involvement.error.organisation")
	checkPart(bad, in.ResponsibleFor, in.LegalBasis)
	bad.Check("origin", reference.Known(reference.InvolvementOrigins, in.Origin), "involvement.error.origin")
	return bad.Err()
}

func checkPart(bad fault.Invalid, part, basis string) {
	bad.Check("responsible_for", part != "", "involvement.error.part")
	bad.AtMost("responsible_for", part, maxPart)
	bad.Check("legal_basis", basis == "" || reference.Known(reference.LegalBases, basis), "involvement.error.basis")
}

// Request asks a partner to take a part in the opened case, and returns the new involvement.
// A partner who is in already, or has been asked, is refused with a text at "organisation".
func Request(ctx context.Context, tx *db.Tx, in Input) (uuid.UUID, error) {
	if err := in.Validate(); err != nil {
		return uuid.Nil, err
	}
	if err := callable(ctx, tx, in.OrganisationID, in.ContactID); err != nil {
		return uuid.Nil, err
	}
	id := uuid.New()
	_, err := db.Exec(ctx, tx, `
		INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, status, legal_basis, asked_at, answered_at, added_by)
		VALUES (@id, @case, @organisation, @contact, @part, @origin, 'requested', @basis, @now, NULL, @me)`,
		db.Args{"id": id, "case": tx.CaseID, "organisation": in.OrganisationID, "contact": db.Null(in.ContactID), "part": in.ResponsibleFor,
			"origin": in.Origin, "basis": in.LegalBasis, "now": tx.Now, "me": tx.Actor.UserID})
	switch {
	case db.Violates(err, "one_live_involvement"):
		return uuid.Nil, fault.Invalid{"organisation": "involvement.error.twice"}
	case err != nil:
		return uuid.Nil, fmt.Errorf("request partner: %w", err)
	}
	if err := record(ctx, tx, timeline.InvolvementRequested, id); err != nil {
		return uuid.Nil, err
	}
	if in.Accepted {
		return id, Accept(ctx, tx, id, 1)
	}
	return id, nil
}

// callable refuses partners that have left the directory, and contact persons of another organisation.
func callable(ctx context.Context, tx *db.Tx, organisation, contact uuid.UUID) error {
	known, err := db.One[bool](ctx, tx, `
		SELECT EXISTS (SELECT FROM app.organisation o WHERE o.id = @organisation AND o.active)
		   AND (@contact::uuid IS NULL OR EXISTS (SELECT FROM app.contact_person c WHERE c.id = @contact AND c.organisation_id = @organisation AND c.active))`,
		db.Args{"organisation": organisation, "contact": db.Null(contact)})
	if err == nil && !known {
		return fault.Invalid{"organisation": "involvement.error.organisation"}
	}
	return err
}

// record leaves the line of the timeline: organisation and contact person are professionals, so they may be named.
func record(ctx context.Context, tx *db.Tx, kind string, id uuid.UUID) error {
	type names struct{ Organisation, Contact string }
	n, err := db.One[names](ctx, tx, `
		SELECT o.name AS organisation, coalesce(CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, '') AS contact
		  FROM app.involvement v JOIN app.organisation o ON o.id = v.organisation_id LEFT JOIN app.contact_person c ON c.id = v.contact_id
		 WHERE v.id = @id AND v.case_id = @case`, db.Args{"id": id, "case": tx.CaseID})
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, kind, id, timeline.Data{"organisation": n.Organisation, "contact": n.Contact})
}
