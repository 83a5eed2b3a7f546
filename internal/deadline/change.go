package deadline

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// MaxReason is how many characters fit in a reason.
const MaxReason = 4000

// Meet says that what the deadline is about was done at a moment, or on a day, which may lie in the past and never in the future.
// Meeting one that has just been met is no fault: what was wanted is so.
func Meet(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, at time.Time) error {
	d, err := one(ctx, tx, id)
	if err != nil {
		return err
	}
	if d.Status == Met && d.Version == version+1 {
		return mayWrite(tx)
	}
	if !d.Unit.HasTime() && today(at).Equal(today(tx.Now)) {
		at = tx.Now
	} else if !d.Unit.HasTime() && !at.IsZero() {
		at = calendar.EndOfDay(at)
	}
	bad := fault.Invalid{}
	bad.Check("met", !d.Renewed(), "deadline.error.renewed")
	bad.Check("met", !at.IsZero(), "error.date")
	bad.Check("met", !at.After(tx.Now), "error.date_future")
	bad.Check("met", at.IsZero() || !at.Before(countsFrom(d.TriggeredAt, d.Unit)), "deadline.error.before")
	if err := bad.Err(); err != nil {
		return err
	}
	return meet(ctx, tx, d, version, at)
}

func meet(ctx context.Context, tx *db.Tx, d Deadline, version int, at time.Time) error {
	return change(ctx, tx, d, version, `status = 'met', met_at = @at, met_by = @me, paused_at = NULL`, db.Args{"at": at, "me": tx.Actor.UserID},
		"met", timeline.DeadlineMet, "", nil, nil, Running, Paused)
}

// Reopen takes a [Meet] back: the deadline runs on as if it had not been met.
func Reopen(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	d, err := one(ctx, tx, id)
	if err != nil {
		return err
	}
	return change(ctx, tx, d, version, `status = 'running', met_at = NULL, met_by = NULL`, db.Args{}, "reopened", timeline.DeadlineReopened, "", nil, nil, Met)
}

// Pause stops a running deadline, and says why. One that is over, or [Deadline.Fixed], cannot be paused.
func Pause(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, reason string) error {
	d, bad, err := withReason(ctx, tx, id, &reason)
	if err != nil {
		return err
	}
	bad.Check("reason", !d.Fixed(), "deadline.error.fixed")
	bad.Check("reason", !d.Renewed(), "deadline.error.renewed")
	bad.Check("reason", d.Version != version || !d.Late(tx.Now), "deadline.error.over")
	if err := bad.Err(); err != nil {
		return err
	}
	return change(ctx, tx, d, version, `status = 'paused', paused_at = @now`, db.Args{"now": tx.Now}, "paused", timeline.DeadlinePaused, reason, nil, nil, Running)
}

// Resume lets a paused deadline run on. What was left of it when it was paused is left now ([calendar.Resume]).
func Resume(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	d, err := one(ctx, tx, id)
	if err != nil {
		return err
	}
	due := d.DueAt
	if d.PausedAt != nil {
		due = calendar.Resume(d.DueAt, *d.PausedAt, tx.Now, d.Unit, d.Settings())
	}
	return change(ctx, tx, d, version, `status = 'running', paused_at = NULL, due_at = @due`, db.Args{"due": due}, "resumed", timeline.DeadlineResumed, "", &d.DueAt, &due, Paused)
}

// farLaw is how far ahead in years a deadline of the law can be moved. No paragraph sets it: the law knows no such move at all, but the
// date from which its time counts may have been noted wrong. More than that is no correction.
const farLaw = 1

// Move gives a running deadline another end, and says why: the end of that day, or the moment itself for hours. The end
// cannot lie in the past. One that is [Deadline.Fixed] cannot be moved, nor a statutory one that is over its time,
// nor one of the law by more than a year from now.
func Move(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, to time.Time, reason string) error {
	d, bad, err := withReason(ctx, tx, id, &reason)
	if err != nil {
		return err
	}
	due := to
	if !to.IsZero() && !d.Unit.HasTime() {
		due = calendar.EndOfDay(to)
	}
	bad.Check("reason", !d.Fixed(), "deadline.error.fixed")
	bad.Check("reason", !d.Renewed(), "deadline.error.renewed")
	bad.Check("reason", !d.Statutory || !d.Late(tx.Now), "deadline.error.broken") // the law was broken; moving it would say that it was kept
	bad.Check("due", !to.IsZero(), "error.date")
	bad.Check("due", to.IsZero() || !due.Before(tx.Now), "error.date_past")
	bad.Check("due", d.Version != version || !due.Equal(d.DueAt), "deadline.error.same")
	bad.Check("due", to.IsZero() || due.Before(tx.Now.AddDate(longAgo, 0, 0)), "deadline.error.far")
	bad.Check("due", to.IsZero() || !d.Statutory || due.Before(tx.Now.AddDate(farLaw, 0, 0)), "deadline.error.far_law")
	if err := bad.Err(); err != nil {
		return err
	}
	return change(ctx, tx, d, version, `due_at = @due`, db.Args{"due": due}, "moved", timeline.DeadlineMoved, reason, &d.DueAt, &due, Running)
}

// Cancel says that a deadline does not apply after all, and why. It is then neither kept nor broken.
func Cancel(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, reason string) error {
	d, bad, err := withReason(ctx, tx, id, &reason)
	if err != nil {
		return err
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return change(ctx, tx, d, version, `status = 'cancelled', paused_at = NULL`, db.Args{}, "cancelled", timeline.DeadlineCancelled, reason, nil, nil, Running, Paused)
}

func withReason(ctx context.Context, tx *db.Tx, id uuid.UUID, reason *string) (Deadline, fault.Invalid, error) {
	d, err := one(ctx, tx, id)
	bad := fault.Invalid{}
	*reason = strings.TrimSpace(*reason)
	checkReason(bad, *reason)
	return d, bad, err
}

func checkReason(bad fault.Invalid, reason string) {
	bad.Check("reason", strings.TrimSpace(reason) != "", "error.reason")
	bad.AtMost("reason", reason, MaxReason)
}

func one(ctx context.Context, tx *db.Tx, id uuid.UUID) (Deadline, error) {
	return db.One[Deadline](ctx, tx, selectDeadline+` AND d.id = @id`, db.Args{"case": tx.CaseID, "id": id})
}

func mayWrite(tx *db.Tx) error {
	if !tx.Rights.May(actor.Write) {
		return fault.Forbidden
	}
	return nil
}

// change updates one deadline that is in one of the states was, and keeps what happened. One that has moved on meanwhile is [fault.Stale].
func change(ctx context.Context, tx *db.Tx, d Deadline, version int, set string, args db.Args, what, kind, reason string, from, to *time.Time, was ...Status) error {
	states := make([]string, len(was))
	for i, s := range was {
		states[i] = string(s)
	}
	args["id"], args["case"], args["version"], args["was"] = d.ID, tx.CaseID, version, states
	n, err := db.Exec(ctx, tx, `
		UPDATE app.deadline SET `+set+`, version = version + 1, changed_at = now()
		 WHERE id = @id AND case_id = @case AND version = @version AND status = ANY (@was)`, args)
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "deadline", d.ID, version)
		if errors.Is(err, fault.Forbidden) && tx.Rights.May(actor.Write) {
			err = fault.Stale // it may be written, and is in another state than the writer saw
		}
	}
	if err != nil {
		return err
	}
	return happened(ctx, tx, nil, d.ID, key(d.Code, d.OwnName), what, kind, reason, from, to)
}
