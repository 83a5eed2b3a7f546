package involvement

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// maxReason is how long the reason of a no or of an end may be.
const maxReason = 2000

// Accept notes that a partner said yes.
func Accept(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	return move(ctx, tx, id, version, timeline.InvolvementAccepted, `
		UPDATE app.involvement SET status = 'accepted', answered_at = @now, answer = @reason, version = version + 1, changed_at = @now
		 WHERE id = @id AND case_id = @case AND version = @version AND status = 'requested'`, "")
}

// Decline notes that a partner said no, and why.
func Decline(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, reason string) error {
	if err := why(reason); err != nil {
		return err
	}
	return move(ctx, tx, id, version, timeline.InvolvementDeclined, `
		UPDATE app.involvement SET status = 'declined', answered_at = @now, answer = @reason, version = version + 1, changed_at = @now
		 WHERE id = @id AND case_id = @case AND version = @version AND status = 'requested'`, reason)
}

// End notes that a partner's part is over, or that they are not asked any more, and why.
func End(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, reason string) error {
	if err := why(reason); err != nil {
		return err
	}
	return move(ctx, tx, id, version, timeline.InvolvementEnded, `
		UPDATE app.involvement SET status = 'ended', ended_at = @now, answer = @reason, version = version + 1, changed_at = @now
		 WHERE id = @id AND case_id = @case AND version = @version AND status IN ('requested','accepted')`, reason)
}

func why(reason string) error {
	bad := fault.Invalid{}
	bad.Check("reason", reason != "", "involvement.error.reason")
	bad.AtMost("reason", reason, maxReason)
	return bad.Err()
}

func move(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, kind, sql, reason string) error {
	n, err := db.Exec(ctx, tx, sql, db.Args{"id": id, "case": tx.CaseID, "version": version, "now": tx.Now, "reason": reason})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNot(ctx, "involvement", id, version)
	}
	return record(ctx, tx, kind, id)
}

// Part is what can be changed about a live involvement. Another organisation is another involvement.
type Part struct {
	ContactID      uuid.UUID // of the same organisation; zero: nobody by name
	ResponsibleFor string
	LegalBasis     string
}

// Change says anew who at the partner answers for which part, and on which basis.
func Change(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, p Part) error {
	bad := fault.Invalid{}
	checkPart(bad, p.ResponsibleFor, p.LegalBasis)
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.involvement v SET contact_id = @contact, responsible_for = @part, legal_basis = @basis, version = version + 1, changed_at = @now
		 WHERE v.id = @id AND v.case_id = @case AND v.version = @version AND v.status IN ('requested','accepted')
		   AND (@contact::uuid IS NULL OR EXISTS (SELECT FROM app.contact_person c WHERE c.id = @contact AND c.organisation_id = v.organisation_id
		        AND (c.active OR c.id = v.contact_id)))`,
		db.Args{"id": id, "case": tx.CaseID, "version": version, "now": tx.Now, "contact": db.Null(p.ContactID), "part": p.ResponsibleFor, "basis": p.LegalBasis})
	switch {
	case db.Violates(err, "one_live_involvement"):
		return fault.Invalid{"contact": "involvement.error.twice"}
	case err != nil:
		return err
	case n == 0:
		return tx.WhyNot(ctx, "involvement", id, version)
	}
	return record(ctx, tx, timeline.InvolvementChanged, id)
}
