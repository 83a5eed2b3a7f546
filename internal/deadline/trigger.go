package deadline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// Recomputed is a deadline with the end that it gets when its trigger is corrected.
type Recomputed struct {
	Deadline
	Due      time.Time
	WasMoved bool // somebody moved it by hand; that is computed anew too, and the page says so
}

// Triggered are the deadlines of one trigger that are still to be met, with their pauses, asked for in a batch.
type Triggered struct {
	deadlines *[]Deadline
	changes   *[]pauseRow
}

type pauseRow struct {
	DeadlineID uuid.UUID
	What       string
	At         time.Time
}

// sameTrigger are the deadlines d that began with the same thing at the same moment as the deadline @id.
const sameTrigger = `(d.trigger, d.triggered_at) = (SELECT x.trigger, x.triggered_at FROM app.deadline x WHERE x.case_id = @case AND x.id = @id)`

// AskTriggered asks for what is recomputed when the trigger of one deadline of the opened case is corrected: all the deadlines that began with it.
func AskTriggered(b *db.Batch, id uuid.UUID) Triggered { return askTriggered(b, id, "") }

func askTriggered(b *db.Batch, id uuid.UUID, lock string) Triggered {
	args := db.Args{"case": b.CaseID, "id": id}
	return Triggered{
		deadlines: db.All[Deadline](b, selectDeadline+` AND `+sameTrigger+` AND d.status IN ('running','paused') ORDER BY d.due_at, d.id`+lock, args),
		changes: db.All[pauseRow](b, `
			SELECT c.deadline_id, c.what, c.at FROM app.deadline_change c JOIN app.deadline d ON d.case_id = c.case_id AND d.id = c.deadline_id
			 WHERE c.case_id = @case AND `+sameTrigger+` AND c.what IN ('paused','resumed','moved','recomputed') ORDER BY c.at, c.id`, args),
	}
}

// Preview is what a correction to the moment to would come to, the nearest present end first. Each deadline keeps the length, the unit and the
// holidays that it was computed with, and the pauses that it had.
func (q Triggered) Preview(to time.Time) []Recomputed {
	out := make([]Recomputed, 0, len(*q.deadlines))
	for _, d := range *q.deadlines {
		r := Recomputed{Deadline: d, Due: calendar.Add(countsFrom(to, d.Unit), d.Length, d.Unit, d.Settings())}
		var paused time.Time
		for _, c := range *q.changes {
			switch {
			case c.DeadlineID != d.ID:
			case c.What == "paused":
				paused = c.At
			case c.What == "resumed" && paused.Before(r.Due):
				r.Due = calendar.Resume(r.Due, paused, c.At, d.Unit, d.Settings())
			case c.What == "moved":
				r.WasMoved = true
			case c.What == "recomputed":
				r.WasMoved = false
			}
		}
		out = append(out, r)
	}
	return out
}

// Seen is a preview in short, for the form to carry: a correction whose preview is another by now was not seen by anybody.
func Seen(list []Recomputed) string {
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%s.%d.%d ", r.ID, r.Version, r.Due.Unix())
	}
	return strings.TrimSpace(b.String()) // forms trim what they carry
}

// CheckTrigger refuses, under "at" and "reason", what cannot be the truth about when something happened.
func CheckTrigger(list []Recomputed, to, now time.Time, reason string) error {
	bad := fault.Invalid{}
	unit := calendar.Days
	for _, r := range list {
		if r.Unit.HasTime() {
			unit = r.Unit
		}
		bad.Check("at", !to.Equal(r.TriggeredAt), "deadline.error.same")
	}
	checkTrigger(bad, to, now, unit)
	checkReason(bad, reason)
	return bad.Err()
}

// CorrectTrigger says that what started a deadline happened at another moment, and why: all of the trigger's deadlines that are not yet met are recomputed, as the
// preview seen ([Seen]) showed. If that is not what would happen now it is [fault.Stale], and nothing is changed.
func CorrectTrigger(ctx context.Context, tx *db.Tx, id uuid.UUID, to time.Time, reason, seen string) error {
	var q Triggered
	if err := tx.Read(ctx, func(b *db.Batch) { q = askTriggered(b, id, ` FOR UPDATE OF d`) }); err != nil {
		return err
	}
	list := q.Preview(to)
	if len(list) == 0 {
		if err := mayWrite(tx); err != nil {
			return err
		}
		return fault.Stale
	}
	if err := CheckTrigger(list, to, tx.Now, reason); err != nil {
		return err
	}
	if Seen(list) != seen {
		return fault.Stale
	}
	for _, r := range list {
		n, err := db.Exec(ctx, tx, `
			UPDATE app.deadline SET triggered_at = @at, counts_from = @from, due_at = @due, version = version + 1, changed_at = now()
			 WHERE id = @id AND case_id = @case AND version = @version`,
			db.Args{"at": to, "from": countsFrom(to, r.Unit), "due": r.Due, "id": r.ID, "case": tx.CaseID, "version": r.Version})
		switch {
		case db.Violates(err, "deadline_once"):
			return fault.Invalid{"at": "deadline.error.twice"}
		case err != nil:
			return err
		case n == 0:
			return tx.WhyNot(ctx, "deadline", r.ID, r.Version)
		}
		if err := happened(ctx, tx, nil, r.ID, key(r.Code, r.OwnName), "recomputed", timeline.DeadlineRecomputed, strings.TrimSpace(reason), &r.DueAt, &r.Due); err != nil {
			return err
		}
	}
	return nil
}
