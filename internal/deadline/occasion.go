package deadline

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
)

// Planned asks for the codes of deadlines that open steps of the opened case's plan name, and that have no deadline yet. Nothing starts by itself: a
// plan is begun before what starts the clock is known.
func Planned(b *db.Batch) *[]string {
	return db.All[string](b, `
		SELECT s.deadline_code FROM app.plan_step s
		 WHERE s.case_id = @case AND s.deadline_code <> '' AND s.status IN ('open','in_progress','waiting')
		   AND NOT EXISTS (SELECT FROM app.deadline d WHERE d.case_id = s.case_id AND d.code = s.deadline_code AND d.status <> 'cancelled')
		 GROUP BY s.deadline_code ORDER BY min(s.position), s.deadline_code`, db.Args{"case": b.CaseID})
}

// Offers are the rules that the plan asks for and that somebody may start in a case of the area.
func (r Rules) Offers(planned []string, area string) []Rule {
	var out []Rule
	for _, code := range planned {
		if rule, ok := r.Find(code); ok && rule.ByHand(area) {
			out = append(out, rule)
		}
	}
	return out
}

// Milestone is a birthday that changes the citizen's rights (barnets lov §§ 3 and 46-47; serviceloven). It is computed, never stored.
type Milestone struct {
	reference.Deadline
	Age int
	Day time.Time // the birthday, its first moment
}

// ahead is how long before a birthday the case is told, in days.
const ahead = 90

var milestones = map[string]int{"AGE_10": 10, "AGE_15": 15, "AGE_18": 18, "AGE_23": 23}

// Milestones are the birthdays within the next ninety days that change the citizen's rights; none for somebody whose birthday is not known.
func Milestones(born *time.Time, now time.Time) []Milestone {
	if born == nil {
		return nil
	}
	y, m, d := born.Date() // a birthday is a date and has no zone
	birth := time.Date(y, m, d, 0, 0, 0, 0, i18n.Zone)
	var out []Milestone
	for _, ref := range reference.Deadlines() {
		age, ok := milestones[ref.Code]
		if !ok {
			continue
		}
		day := today(calendar.Add(birth, age, calendar.Years, calendar.Settings{}))
		if days := i18n.Days(day, now); days >= 0 && days <= ahead {
			out = append(out, Milestone{ref, age, day})
		}
	}
	return out
}

// ChildAssessmentDecided starts the four months of the child assessment (BFU_4M; barnets lov § 20, stk. 3). They count from when the municipality became aware: when
// the report was received, not when the assessment was decided. The screening of a case calls it when its outcome is § 20, and a
// report that had that outcome when it comes into a case.
// A municipality that has switched the rule off has no such deadline.
func ChildAssessmentDecided(ctx context.Context, tx *db.Tx, awareAt time.Time) error {
	_, err := Start(ctx, tx, "BFU_4M", awareAt)
	if off := (fault.Invalid{}); errors.As(err, &off) && off["code"] != "" {
		return nil
	}
	return err
}

// riskCodes are how long a signed risk assessment holds, by level; a proposal of the house and no law.
var riskCodes = map[string]string{"red": "RISK_VALID_RED", "orange": "RISK_VALID_ORANGE", "yellow": "RISK_VALID_LOW", "green": "RISK_VALID_LOW"}

// renewals are the deadlines of riskCodes, each once.
var renewals = []string{"RISK_VALID_RED", "RISK_VALID_ORANGE", "RISK_VALID_LOW"}

// RiskSigned starts the validity of a risk assessment of a level ("green" to "red") that was made at a moment and holds until another, and meets
// those of earlier ones: they have been renewed. What holds shorter than the rule says ends when it does. Signing calls it, in its own transaction.
// A municipality that has switched the rule off has no such deadline; the assessment expires all the same.
func RiskSigned(ctx context.Context, tx *db.Tx, level string, at, until time.Time) error {
	id, err := startBefore(ctx, tx, riskCodes[level], at, until)
	var off fault.Invalid
	if errors.As(err, &off) && off["code"] != "" {
		id = uuid.Nil // the earlier ones are over all the same
	} else if err != nil {
		return err
	}
	all, err := db.Many[Deadline](ctx, tx, selectDeadline+` AND d.code = ANY (@codes) AND (d.id = @id OR d.status IN ('running','paused')) ORDER BY d.due_at, d.id FOR UPDATE OF d`,
		db.Args{"case": tx.CaseID, "codes": renewals, "id": id})
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case d.ID == id && d.Status == Met: // signed, renewed and signed again on one day
			err = Reopen(ctx, tx, d.ID, d.Version)
		case d.ID != id:
			err = meet(ctx, tx, d, d.Version, tx.Now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// MeetForReport meets the open deadlines of a report that have one of the codes, at a moment: UND_24H when it has been assessed, UND_RECEIPT when the receipt
// has been sent.
func MeetForReport(ctx context.Context, tx *db.Tx, reportID uuid.UUID, at time.Time, codes ...string) error {
	_, err := db.Exec(ctx, tx, `
		WITH met AS (
		  UPDATE app.deadline SET status = 'met', met_at = @at, met_by = @me, paused_at = NULL, version = version + 1, changed_at = now()
		   WHERE report_id = @report AND code = ANY (@codes) AND status IN ('running','paused') RETURNING id)
		INSERT INTO app.deadline_change (report_id, deadline_id, what, changed_by) SELECT @report, id, 'met', @me FROM met`,
		db.Args{"at": at, "me": tx.Actor.UserID, "report": reportID, "codes": slices.Clone(codes)})
	return err
}

// CorrectForReport says that the opened report was received at another moment, and why: those of its deadlines that are not yet met are
// computed anew, with the length and the holidays that they were computed with.
func CorrectForReport(ctx context.Context, tx *db.Tx, received time.Time, reason string) error {
	open, err := db.Many[Deadline](ctx, tx, deadlineColumns+` WHERE d.report_id = @report AND d.status = 'running' ORDER BY d.due_at, d.id FOR UPDATE OF d`, db.Args{"report": tx.CaseID})
	if err != nil {
		return err
	}
	for _, d := range open {
		from := countsFrom(received, d.Unit)
		due := calendar.Add(from, d.Length, d.Unit, d.Settings())
		if _, err := db.Exec(ctx, tx, `UPDATE app.deadline SET triggered_at = @at, counts_from = @from, due_at = @due, version = version + 1, changed_at = now() WHERE id = @id`,
			db.Args{"at": received, "from": from, "due": due, "id": d.ID}); err != nil {
			return err
		}
		if err := happened(ctx, tx, &tx.CaseID, d.ID, "", "recomputed", "", reason, &d.DueAt, &due); err != nil {
			return err
		}
	}
	return nil
}
