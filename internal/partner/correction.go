package partner

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Correction is what somebody thinks is wrong in the directory, and what the admin made of it.
type Correction struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	Organisation   string
	ContactID      *uuid.UUID
	Contact        string
	Proposal       string
	ProposedBy     string
	ProposedAt     time.Time
	Outcome        string // "", "done" or "rejected"
	Answer         string
	HandledBy      string
	HandledAt      *time.Time
}

// MaxProposal is how much a correction may say.
const MaxProposal = 2000

const correctionSQL = `
	SELECT k.id, k.organisation_id, o.name AS organisation, k.contact_id, coalesce(c.name, '') AS contact, k.proposal, coalesce(u.display_name, c.name, '') AS proposed_by, k.proposed_at,
	       coalesce(k.outcome, '') AS outcome, k.answer, coalesce(a.display_name, '') AS handled_by, k.handled_at
	  FROM app.correction k
	  JOIN app.organisation o ON o.id = k.organisation_id
	  LEFT JOIN auth.user_account u ON u.id = k.proposed_by
	  LEFT JOIN app.contact_person c ON c.id = k.contact_id
	  LEFT JOIN auth.user_account a ON a.id = k.handled_by `

// OpenCorrections asks for the admin's queue, the oldest first.
func OpenCorrections(b *db.Batch) *[]Correction {
	return db.All[Correction](b, correctionSQL+`WHERE k.outcome IS NULL ORDER BY k.proposed_at, k.id LIMIT 200`, db.Args{})
}

// HandledCorrections asks for what was answered lately.
func HandledCorrections(b *db.Batch, limit int) *[]Correction {
	return db.All[Correction](b, correctionSQL+`WHERE k.outcome IS NOT NULL ORDER BY k.handled_at DESC, k.id LIMIT @limit`, db.Args{"limit": limit})
}

// MyCorrections asks for what the reader has proposed, with the answers.
func MyCorrections(b *db.Batch, limit int) *[]Correction {
	return db.All[Correction](b, correctionSQL+`WHERE k.proposed_by = @me ORDER BY k.proposed_at DESC, k.id LIMIT @limit`, db.Args{"me": b.Actor.UserID, "limit": limit})
}

// CorrectionInput is a proposal about an organisation, or one person in it.
type CorrectionInput struct {
	OrganisationID uuid.UUID
	ContactID      uuid.UUID // zero: the organisation itself
	Proposal       string
}

// Validate says what is missing.
func (in CorrectionInput) Validate() error {
	bad := fault.Invalid{}
	bad.Check("organisation", in.OrganisationID != uuid.Nil || in.ContactID != uuid.Nil, "error.choose")
	bad.Check("proposal", in.Proposal != "", "partner.error.proposal")
	bad.AtMost("proposal", in.Proposal, MaxProposal)
	return bad.Err()
}

// Propose puts a correction into the admin's queue. Everybody who reads the directory may.
func Propose(ctx context.Context, tx *db.Tx, in CorrectionInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.correction (organisation_id, contact_id, proposal, proposed_by)
		SELECT o.id, c.id, @proposal, @me
		  FROM app.organisation o LEFT JOIN app.contact_person c ON c.id = @contact AND c.organisation_id = o.id
		 WHERE CASE WHEN @contact::uuid = '00000000-0000-0000-0000-000000000000' THEN o.id = @organisation ELSE c.id IS NOT NULL END`,
		db.Args{"organisation": in.OrganisationID, "contact": in.ContactID, "proposal": in.Proposal, "me": tx.Actor.UserID})
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// HandleCorrection closes a correction as "done" or "rejected". A rejection says why.
func HandleCorrection(ctx context.Context, tx *db.Tx, id uuid.UUID, outcome, answer string) error {
	bad := fault.Invalid{}
	bad.Check("outcome", outcome == "done" || outcome == "rejected", "error.choose")
	bad.Check("answer", outcome != "rejected" || answer != "", "error.reason")
	bad.AtMost("answer", answer, 1000)
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.correction SET outcome = @outcome, answer = @answer, handled_by = @me, handled_at = now() WHERE id = @id AND outcome IS NULL`,
		db.Args{"id": id, "outcome": outcome, "answer": answer, "me": tx.Actor.UserID})
	if err != nil || n > 0 {
		return err
	}
	handled, err := db.One[bool](ctx, tx, `SELECT outcome IS NOT NULL FROM app.correction WHERE id = @id`, db.Args{"id": id})
	switch {
	case err != nil:
		return err
	case handled:
		return fault.Stale
	default:
		return fault.Forbidden
	}
}
