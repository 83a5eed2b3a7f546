package concern

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Outcomes of a reassessment.
var Reassessed = []string{"unchanged", "changed", "acute"}

// Reassessment is the demand that somebody who has taken no part in the case looks at a new report on a child with
// running measures (R3; barnets lov § 137, stk. 1). The database makes it, and knows who is out of question.
type Reassessment struct {
	ID           uuid.UUID
	ReportRef    string
	ReportNumber string
	CaseRef      string // empty where no case has been found yet, or the reader may not read it
	CaseNumber   string
	DemandedAt   time.Time
	ReviewerID   *uuid.UUID
	Reviewer     string
	ReviewerPic  *uuid.UUID
	Outcome      string
	Reason       string
	DoneAt       *time.Time
}

// Done reports whether the reviewer has said what they found.
func (r Reassessment) Done() bool { return r.DoneAt != nil }

const reassessmentColumns = `
	SELECT z.id, x.ref AS report_ref, x.number AS report_number, coalesce(f.ref, '') AS case_ref, coalesce(f.number, '') AS case_number, z.demanded_at,
	       z.reviewer AS reviewer_id, coalesce(u.display_name, '') AS reviewer, u.photo_id AS reviewer_pic, coalesce(z.outcome, '') AS outcome, z.reason, z.done_at
	  FROM app.reassessment z JOIN app.report x ON x.id = z.report_id LEFT JOIN app.case_file f ON f.id = z.of_case LEFT JOIN auth.user_account u ON u.id = z.reviewer`

// OfReport asks for the reassessments of the opened report that the reader sees: those without a case, and the reader's own.
func OfReport(b *db.Batch) *[]Reassessment {
	return db.All[Reassessment](b, reassessmentColumns+` WHERE z.report_id = @report ORDER BY z.demanded_at, z.id`, db.Args{"report": b.CaseID})
}

// CaseReassessments asks for those of the opened case.
func CaseReassessments(b *db.Batch) *[]Reassessment {
	return db.All[Reassessment](b, reassessmentColumns+` WHERE z.of_case = @case ORDER BY z.done_at IS NOT NULL, z.demanded_at DESC, z.id LIMIT 10`, db.Args{"case": b.CaseID})
}

// OneReassessment asks for one of the opened report or case.
func OneReassessment(b *db.Batch, id uuid.UUID) *Reassessment {
	return db.Get[Reassessment](b, reassessmentColumns+` WHERE z.id = @id AND (z.report_id = @here OR z.of_case = @here)`, db.Args{"id": id, "here": b.CaseID})
}

// FreshEyes asks who may reassess: colleagues of the area, in office, kept from nothing, without an event, a note, a step
// or access in the case, also one that has ended. Nobody is an answer too.
func FreshEyes(b *db.Batch, id uuid.UUID) *[]Colleague {
	return db.All[Colleague](b, `SELECT u.id, u.display_name AS name, u.title, coalesce((SELECT string_agg(DISTINCT t.name, ', ') FROM app.team_member m JOIN app.team t ON t.id = m.team_id
			WHERE m.user_id = u.id AND (m.valid_to IS NULL OR m.valid_to > now())), '') AS team, u.photo_id
		FROM app.fresh_eyes(@id) e JOIN auth.user_account u ON u.id = e WHERE u.id <> @me ORDER BY u.display_name, u.id`, db.Args{"id": id, "me": b.Actor.UserID})
}

// ChooseReviewer asks a colleague to reassess; they get access to the case for a fortnight, and to the report. was is
// whom the form saw chosen, zero for nobody.
func ChooseReviewer(ctx context.Context, tx *db.Tx, id, user, was uuid.UUID) error {
	chosen, err := db.One[*bool](ctx, tx, `SELECT app.choose_reviewer(@id, @user, @was)`, db.Args{"id": id, "user": user, "was": db.Null(was)})
	switch {
	case err != nil:
		return err
	case chosen == nil:
		return fault.Stale
	case !*chosen:
		return fault.Invalid{"reviewer": "concern.reviewer.involved"}
	}
	return nil
}

// Finding is what a reassessment came to.
type Finding struct {
	Outcome string // one of [Reassessed]
	Reason  string
}

// Validate refuses a finding without its reason.
func (f Finding) Validate() error {
	bad := fault.Invalid{}
	bad.Check("outcome", slices.Contains(Reassessed, f.Outcome), "concern.finding.missing")
	bad.Check("reason", visible(f.Reason), "concern.finding.reason")
	bad.AtMost("reason", f.Reason, MaxTold)
	return bad.Err()
}

// RecordReassessment writes what the chosen one found, once and in their own name.
func RecordReassessment(ctx context.Context, tx *db.Tx, id uuid.UUID, in Finding) error {
	if err := in.Validate(); err != nil {
		return err
	}
	_, err := db.One[bool](ctx, tx, `SELECT app.record_reassessment(@id, @outcome, @reason)`, db.Args{"id": id, "outcome": in.Outcome, "reason": in.Reason})
	return err
}

// OpenReassessment is one that waits: for the reader, or in a case or report that the reader may read.
type OpenReassessment struct {
	ID           uuid.UUID
	ReportRef    string
	ReportNumber string
	CaseRef      string
	CaseNumber   string
	Reviewer     string // empty: nobody has been chosen
	Mine         bool
	DemandedAt   time.Time
}

// OpenReassessments asks for them, the reader's own first.
func OpenReassessments(b *db.Batch) *[]OpenReassessment {
	return db.All[OpenReassessment](b, `SELECT z.id, z.report_ref, z.report_number, z.case_ref, z.case_number, coalesce(u.display_name, '') AS reviewer, z.mine, z.demanded_at
		FROM app.open_reassessments() z LEFT JOIN auth.user_account u ON u.id = z.reviewer ORDER BY z.mine DESC, z.demanded_at, z.id`, db.Args{})
}
