package concern

import (
	"context"
	"fmt"
	"time"

	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
)

// Clocks are the two ends of a report, as they are or as they would be: when it must be assessed, and when the reporter must have a
// receipt. Nil is no clock.
type Clocks struct {
	Received        time.Time
	Assess, Receipt *time.Time
}

// Clocks are those that the report has.
func (r Report) Clocks() Clocks { return Clocks{r.ReceivedAt, r.AssessBy, r.ReceiptBy} }

// Preview is what the clocks of the report would be if it had come at another moment. Nothing is changed.
func (r Report) Preview(rules deadline.Rules, received time.Time) Clocks {
	return Clocks{received, AssessBy(r.Area, received), ReceiptBy(rules, r.Area, r.Source, received)}
}

// Seen is a preview in short, for the form to carry: a correction that comes to something else by now was seen by nobody.
func (c Clocks) Seen() string {
	unix := func(t *time.Time) int64 {
		if t == nil {
			return 0
		}
		return t.Unix()
	}
	return fmt.Sprintf("%d.%d.%d", c.Received.Unix(), unix(c.Assess), unix(c.Receipt))
}

// CheckReceived refuses, under "received" and "reason", what cannot be the truth about when the report came.
func (r Report) CheckReceived(received, now time.Time, reason string) error {
	bad := fault.Invalid{}
	bad.Check("received", !received.IsZero(), "concern.received.form")
	bad.Check("received", !received.After(now), "concern.received.future")
	bad.Check("received", received.IsZero() || received.After(now.AddDate(-1, 0, 0)), "concern.received.year")
	bad.Check("received", !received.After(r.RegisteredAt), "concern.received.registered")
	bad.Check("reason", visible(reason), "concern.correct.reason")
	bad.AtMost("reason", reason, maxText)
	return bad.Err()
}

// CorrectReceived corrects when the opened report came, and says why; both clocks are computed anew from it, as the preview seen
// ([Clocks.Seen]) showed. If that is not what would happen now it is [fault.Stale], and nothing is changed.
func CorrectReceived(ctx context.Context, tx *db.Tx, version int, received time.Time, reason, seen string) error {
	was, err := db.One[Report](ctx, tx, `SELECT `+reportColumns+` WHERE x.id = @report`, db.Args{"report": tx.CaseID})
	if err != nil {
		return err
	}
	if err := was.CheckReceived(received, tx.Now, reason); err != nil {
		return err
	}
	rules, err := rulesOf(ctx, tx)
	if err != nil {
		return err
	}
	will := was.Preview(rules, received)
	if will.Seen() != seen {
		return fault.Stale
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.report SET received_at = @received, late_reason = @reason, assess_by = @assess, receipt_by = @receipt, version = version + 1
		WHERE id = @report AND version = @version`, db.Args{"received": received, "reason": reason, "assess": will.Assess, "receipt": will.Receipt, "report": tx.CaseID, "version": version})
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "report", tx.CaseID, version)
	}
	if err != nil {
		return err
	}
	if err := deadline.CorrectForReport(ctx, tx, received, reason); err != nil {
		return err
	}
	return record(ctx, tx, tx.CaseID, EventReceived, Data{"from": was.ReceivedAt.Format(time.RFC3339), "to": received.Format(time.RFC3339), "reason": reason})
}
