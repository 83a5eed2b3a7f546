package plan

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/risk"
	"samspil/internal/timeline"
)

const writes = actor.Write

const isOpen = `status IN ('open','in_progress','waiting')`

// CompleteStep ticks a step. Ticking one that somebody has just ticked is no fault: what was wanted is so.
func CompleteStep(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	was, err := oneStep(ctx, tx, id)
	if err != nil {
		return err
	}
	if was.Status == Done && was.Version == version+1 {
		return ticking(tx, was)
	}
	if err := atGate(ctx, tx, id); err != nil {
		return err
	}
	if !tx.Rights.May(writes) {
		return tickOwn(ctx, tx, was, version, true)
	}
	return change(ctx, tx, id, version, `status = 'done', done_at = now(), done_by = @me`, isOpen,
		db.Args{"me": tx.Actor.UserID}, timeline.StepDone, timeline.Data{"was": string(was.Status)})
}

// UndoStep takes a tick or a skip back. The step is again in the state it was in before.
func UndoStep(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	if !tx.Rights.May(writes) {
		was, err := oneStep(ctx, tx, id)
		if err != nil {
			return err
		}
		return tickOwn(ctx, tx, was, version, false)
	}
	return change(ctx, tx, id, version, `
		status = coalesce((SELECT nullif(e.data->>'was', '') FROM app.case_event e WHERE e.case_id = @case AND e.object_id = @id AND e.kind IN ('step.done','step.skipped')
		                    ORDER BY e.at DESC, e.id LIMIT 1), 'open'), done_at = NULL, done_by = NULL`,
		`status IN ('done','skipped')`, db.Args{}, timeline.StepUndone, nil)
}

// ticking refuses whom the step does not wait for.
func ticking(tx *db.Tx, s Step) error {
	if !s.MayTick(tx.Actor.UserID, tx.Rights) {
		return fault.Forbidden
	}
	return nil
}

// tickOwn ticks a step of a lead's own, or takes that back. The database does it: a lead writes nothing else of a case.
func tickOwn(ctx context.Context, tx *db.Tx, was Step, version int, done bool) error {
	if err := ticking(tx, was); err != nil {
		return err
	}
	kind, data, before := timeline.StepDone, timeline.Data{"title": was.Title, "was": string(was.Status)}, ""
	if !done {
		kind, data = timeline.StepUndone, timeline.Data{"title": was.Title}
		states, err := db.Many[string](ctx, tx, `SELECT coalesce(nullif(e.data->>'was', ''), 'open') FROM app.case_event e
			WHERE e.case_id = @case AND e.object_id = @id AND e.kind = 'step.done' ORDER BY e.at DESC, e.id LIMIT 1`, db.Args{"case": tx.CaseID, "id": was.ID})
		if err != nil {
			return err
		}
		before = string(Open)
		if len(states) > 0 {
			before = states[0]
		}
	}
	ok, err := db.One[bool](ctx, tx, `SELECT app.tick_own_step(@case, @id, @version, @done, @before)`,
		db.Args{"case": tx.CaseID, "id": was.ID, "version": version, "done": done, "before": before})
	if err != nil {
		return risk.Refused(err)
	}
	if !ok {
		return fault.Stale
	}
	return timeline.Record(ctx, tx, kind, was.ID, data)
}

// StartStep says that work on a step has begun.
func StartStep(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	if err := atGate(ctx, tx, id); err != nil {
		return err
	}
	return change(ctx, tx, id, version, `status = 'in_progress'`, isOpen, db.Args{}, timeline.StepStarted, nil)
}

// Wait says that a step waits for a partner.
func Wait(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	if err := atGate(ctx, tx, id); err != nil {
		return err
	}
	return change(ctx, tx, id, version, `status = 'waiting'`, isOpen, db.Args{}, timeline.StepChanged, timeline.Data{"status": string(Waiting)})
}

// Postpone gives an open step a later deadline, and says why. It is due at the end of that day, which from now on is fixed: it follows no event. The reason is
// one for a deadline that is not the law's too; the law's is refused ([AfterLaw]).
func Postpone(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, to time.Time, reason string) error {
	bad := fault.Invalid{}
	bad.Check("due", !to.IsZero(), "plan.error.due")
	bad.Check("due", to.IsZero() || !i18n.Today(to).Before(i18n.Today(tx.Now)), "error.date_past")
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return err
	}
	was, err := oneStep(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := atGate(ctx, tx, id); risk.At(err) {
		return fault.Invalid{"due": risk.Shut}
	} else if err != nil {
		return err
	}
	if was.Waits() {
		return fault.Invalid{"due": WaitsFixed}
	}
	due := EndOfDay(to)
	if was.Version == version && was.DueAt != nil && !i18n.Today(due).After(i18n.Today(*was.DueAt)) {
		return fault.Invalid{"due": "plan.error.due_later"}
	}
	return change(ctx, tx, id, version, `due_at = @due, due_has_time = false, due_event = '', late_ok = true, postpone_reason = @reason, postponed_times = postponed_times + 1`, isOpen,
		db.Args{"due": due, "reason": strings.TrimSpace(reason)}, timeline.StepPostponed, timeline.Data{"from": stamp(was.DueAt), "to": stamp(&due)})
}

// Skip leaves a step out, and says why (R5). It stays in the plan, and can be taken up again with [UndoStep]. others is what becomes of the
// steps that wait for it; [Unasked] is refused under "others" where there are any.
func Skip(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, reason string, others Others) error {
	bad := fault.Invalid{}
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return err
	}
	was, err := oneStep(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := settle(ctx, tx, id, reason, others); err != nil {
		return err
	}
	return change(ctx, tx, id, version, `status = 'skipped', skip_reason = @reason`, isOpen,
		db.Args{"reason": strings.TrimSpace(reason)}, timeline.StepSkipped, timeline.Data{"was": string(was.Status)})
}

func writable(tx *db.Tx) error {
	if !tx.Rights.May(writes) {
		return fault.Forbidden
	}
	return nil
}

// Direction is where a step goes among the open steps of its phase.
type Direction int

// Up is earlier, Down later.
const (
	Up   Direction = -1
	Down Direction = 1
)

// Move puts an open step before or after its neighbour. At the end of the phase it stays where it is.
func Move(ctx context.Context, tx *db.Tx, id uuid.UUID, way Direction) error {
	if err := writable(tx); err != nil {
		return err
	}
	step, err := oneStep(ctx, tx, id)
	if err != nil {
		return err
	}
	type place struct {
		ID       uuid.UUID
		Position int
		Open     bool
	}
	rows, err := db.Many[place](ctx, tx, `
		SELECT id, position, `+isOpen+` AS open FROM app.plan_step WHERE case_id = @case AND phase_id = @phase ORDER BY position, id FOR UPDATE`,
		db.Args{"case": tx.CaseID, "phase": step.PhaseID})
	if err != nil {
		return err
	}
	from, to := -1, -1
	for i, r := range rows {
		switch {
		case r.ID == id:
			from = i
		case r.Open && way == Up && from < 0, r.Open && way == Down && from >= 0 && to < 0:
			to = i
		}
	}
	if from < 0 || to < 0 {
		return nil
	}
	moved := rows[from]
	rows = append(rows[:from], rows[from+1:]...)
	rows = append(rows[:to], append([]place{moved}, rows[to:]...)...)
	ids := make([]uuid.UUID, len(rows))
	places := make([]int, len(rows))
	least := moved.Position
	for i, r := range rows {
		ids[i] = r.ID
		least = min(least, r.Position)
	}
	for i := range places {
		places[i] = least + i
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE app.plan_step s SET position = n.position FROM unnest(@ids::uuid[], @places::int[]) AS n(id, position)
		 WHERE s.id = n.id AND s.case_id = @case AND s.position <> n.position`, db.Args{"ids": ids, "places": places, "case": tx.CaseID}); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.StepChanged, id, timeline.Data{"title": step.Title, "what": "order"})
}

// MoveTo puts a step at the end of another phase.
func MoveTo(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, phase uuid.UUID) error {
	title, err := db.One[string](ctx, tx, `SELECT title FROM app.plan_phase WHERE id = @phase AND case_id = @case`, db.Args{"phase": phase, "case": tx.CaseID})
	if errors.Is(err, fault.NotFound) {
		return fault.Invalid{"phase": "plan.error.phase"}
	}
	if err != nil {
		return err
	}
	return change(ctx, tx, id, version, `phase_id = @phase, position = (SELECT coalesce(max(position) + 1, 0) FROM app.plan_step WHERE case_id = @case)`, `true`,
		db.Args{"phase": phase}, timeline.StepChanged, timeline.Data{"what": "phase", "phase": title})
}
