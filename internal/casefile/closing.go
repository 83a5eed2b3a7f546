package casefile

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// ClosingReasons are the codes for why a case is closed; their words are the texts "closing.<code>".
var ClosingReasons = []string{"goals_reached", "disproved", "moved", "transferred", "own_wish", "mistake", "other"}

// LooseEnds are what is unfinished in a case that somebody wants to close.
type LooseEnds struct {
	Steps     int // open steps of the plan
	Mandatory int // those of them that the template calls mandatory
	Partners  int // partners who are asked, or take part
	CheckIns  int // check-ins that are waited for: they end with the case, and alarm nobody (migration 101)
	Deadlines int // deadlines that run or are paused: they leave every list with the case
	Severity  string
	Consulted int // colleagues whose advice has not ended
}

// Any reports whether something is unfinished.
func (l LooseEnds) Any() bool { return l.Steps+l.Partners+l.CheckIns+l.Deadlines > 0 || l.Grave() }

// Grave reports whether the level says that somebody is in danger.
func (l LooseEnds) Grave() bool { return l.Severity == "orange" || l.Severity == "red" }

// GetLooseEnds asks what is unfinished in the opened case.
func GetLooseEnds(b *db.Batch) *LooseEnds {
	return db.Get[LooseEnds](b, looseEnds, db.Args{"case": b.CaseID})
}

const looseEnds = `
	SELECT (SELECT count(*)::int FROM app.plan_step s WHERE s.case_id = f.id AND s.status IN ('open','in_progress','waiting')) AS steps,
	       (SELECT count(*)::int FROM app.plan_step s WHERE s.case_id = f.id AND s.status IN ('open','in_progress','waiting') AND s.mandatory) AS mandatory,
	       (SELECT count(*)::int FROM app.involvement i WHERE i.case_id = f.id AND i.status IN ('requested','accepted')) AS partners,
	       (SELECT count(*)::int FROM app.check_in k WHERE k.case_id = f.id AND k.status = 'agreed') AS check_ins,
	       (SELECT count(*)::int FROM app.deadline d WHERE d.case_id = f.id AND d.status IN ('running','paused')) AS deadlines,
	       coalesce(f.severity, '') AS severity,
	       (SELECT count(*)::int FROM app.case_grant g WHERE g.case_id = f.id AND g.kind = 'consulted' AND g.revoked_at IS NULL AND g.valid_to > now()) AS consulted
	  FROM app.case_file f WHERE f.id = @case`

// Closing is one time that the case was closed.
type Closing struct {
	Code         string
	Reason       string
	By           string
	At           time.Time
	Reopened     *time.Time
	ReopenedBy   string
	ReopenReason string
}

// Closings asks for every time that the opened case was closed, newest first.
func Closings(b *db.Batch) *[]Closing {
	return db.All[Closing](b, `
		SELECT k.reason_code AS code, k.reason, coalesce(c.display_name, '') AS by, k.closed_at AS at, k.reopened_at AS reopened,
		       coalesce(r.display_name, '') AS reopened_by, k.reopen_reason
		  FROM app.case_closing k LEFT JOIN auth.user_account c ON c.id = k.closed_by LEFT JOIN auth.user_account r ON r.id = k.reopened_by
		 WHERE k.case_id = @case ORDER BY k.closed_at DESC, k.id`, db.Args{"case": b.CaseID})
}

// ClosingInput is what is said when a case is closed.
type ClosingInput struct {
	Code   string // of [ClosingReasons]
	Reason string
	Seen   bool // the loose ends have been seen, and the case is closed all the same
}

// Close ends the opened case: from then on it is read, not written. Loose ends do not stop it, but whoever closes says
// that they have seen them.
func Close(ctx context.Context, tx *db.Tx, in ClosingInput) error {
	bad := fault.Invalid{}
	bad.Check("code", slices.Contains(ClosingReasons, in.Code), "closing.error.code")
	bad.Check("reason", in.Reason != "", "error.reason")
	bad.AtMost("reason", in.Reason, maxText)
	loose, err := db.One[LooseEnds](ctx, tx, looseEnds, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	bad.Check("seen", in.Seen || !loose.Any(), "closing.error.seen")
	if err := bad.Err(); err != nil {
		return err
	}
	if err := demandStatus(ctx, tx, "open"); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `SELECT app.close_case(@case, @code, @reason)`, db.Args{"case": tx.CaseID, "code": in.Code, "reason": in.Reason}); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.CaseClosed, uuid.Nil, timeline.Data{"reason": in.Code})
}

// Reopen takes up a closed case again.
func Reopen(ctx context.Context, tx *db.Tx, reason string) error {
	bad := fault.Invalid{}
	bad.Check("reason", reason != "", "error.reason")
	bad.AtMost("reason", reason, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	if err := demandStatus(ctx, tx, "closed"); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `SELECT app.reopen_case(@case, @reason)`, db.Args{"case": tx.CaseID, "reason": reason}); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.CaseReopened, uuid.Nil, nil)
}

// demandStatus refuses what somebody else has done a moment ago.
func demandStatus(ctx context.Context, tx *db.Tx, want string) error {
	status, err := db.One[string](ctx, tx, `SELECT status FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	if err == nil && status != want {
		err = fault.Stale
	}
	return err
}
