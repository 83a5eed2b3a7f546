package plan_test

import (
	"errors"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
)

func TestLeadTicksTheStepsThatAreTheirsAndNoOthers(t *testing.T) {
	d := newDesk(t, "")
	mine, hers := d.add(d.input("Beslutning om anbringelse")), d.add(d.input("Samtale på skolen"))
	d.Exec(t, `UPDATE app.plan_step SET responsible_user = $2, status = 'in_progress' WHERE id = $1`, mine.ID, d.Jonas.UserID)
	mine = d.step(mine.ID)
	tick := func(who actor.Actor, s plan.Step) error {
		return d.do(who, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) })
	}
	if err := tick(d.Jonas, hers); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the lead ticks a caseworker's step: %v", err)
	}
	d.Grant(t, d.c, d.Sara, "consulted")
	if err := tick(d.Sara, mine); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is consulted ticks the lead's step: %v", err)
	}
	if err := tick(d.Jonas, mine); err != nil {
		t.Fatal(err)
	}
	if err := tick(d.Jonas, mine); err != nil {
		t.Errorf("a double click: %v", err)
	}
	s := d.step(mine.ID)
	if s.Status != plan.Done || d.last() != "step.done" {
		t.Errorf("after the tick the step is %s, the last event %s", s.Status, d.last())
	}
	if err := d.do(d.Jonas, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, s.ID, s.Version) }); err != nil {
		t.Fatal(err)
	}
	if s := d.step(mine.ID); s.Status != plan.InProgress {
		t.Errorf("taken back, the step is %s, want as it was", s.Status)
	}
	if err := tick(d.Jonas, mine); !errors.Is(err, fault.Stale) {
		t.Errorf("a page that was open too long: %v", err)
	}
	err := d.do(d.Jonas, func(tx *db.Tx) error {
		n, err := db.Exec(t.Context(), tx, `UPDATE app.plan_step SET title = 'x' WHERE id = @id`, db.Args{"id": mine.ID})
		if n > 0 {
			t.Error("the lead rewrites the step")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	d.Exec(t, `UPDATE app.case_file SET status = 'closed' WHERE id = $1`, d.c.ID)
	if err := tick(d.Jonas, d.step(mine.ID)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("in a closed case: %v", err)
	}
}
