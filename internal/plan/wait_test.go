package plan_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/plan"
)

func TestAStepWaitsForAnother(t *testing.T) {
	d := newDesk(t, "")
	a := d.add(d.input("Tal med skolen"))
	b := d.scheduled("Aftal mentor", plan.Rule{Event: plan.Awaited, Offset: 1, Unit: "weeks", WaitsFor: plan.ForStep, WaitsStep: a.ID})
	c := d.scheduled("Følg op", plan.Rule{WaitsFor: plan.ForStep, WaitsStep: b.ID})
	if !b.Waits() || b.WaitsTitle != a.Title || b.DueAt != nil {
		t.Errorf("%+v", b)
	}
	for name, rule := range map[string]plan.Rule{"each other": {WaitsFor: plan.ForStep, WaitsStep: b.ID}, "in a circle": {WaitsFor: plan.ForStep, WaitsStep: c.ID}, "itself": {WaitsFor: plan.ForStep, WaitsStep: a.ID}} {
		in := d.input(a.Title)
		in.Due, in.Rule = time.Time{}, rule
		t.Log(name)
		refused(t, d.do(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, a.ID, a.Version, in) }), "waits", plan.Circle)
	}
	fixed := d.input("Fast dag")
	fixed.Rule = plan.Rule{WaitsFor: plan.ForStep, WaitsStep: a.ID}
	refused(t, d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, fixed); return err }), "due", plan.WaitsFixed)

	d.done(a.ID)
	if s := d.due(b.ID, dayFrom(7)); s.Waits() {
		t.Error("still waits")
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, a.ID, d.version(a.ID)) })
	if s := d.due(b.ID, time.Time{}); !s.Waits() {
		t.Error("the tick was taken back, and it does not wait again")
	}
	// who begins a step does not wait
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, b.ID, d.version(b.ID)) })
	if s := d.due(b.ID, dayFrom(7)); s.Waits() {
		t.Error("begun, and waits")
	}
}

func TestAWaitingStepIsNeverLate(t *testing.T) {
	d := newDesk(t, "")
	a := d.add(d.input("Tal med skolen"))
	b := d.scheduled("Aftal mentor", plan.Rule{WaitsFor: plan.ForStep, WaitsStep: a.ID})
	err := d.do(d.Mette, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE app.plan_step SET due_at = now() - interval '1 day' WHERE id = @id`, db.Args{"id": b.ID})
		return err
	})
	if !db.Violates(err, "a_waiting_step_has_no_day") {
		t.Errorf("a day beside the wait: %v", err)
	}
	refused(t, d.do(d.Mette, func(tx *db.Tx) error { return plan.Postpone(t.Context(), tx, b.ID, b.Version, dayFrom(3), "Ferie") }), "due", plan.WaitsFixed)
}

func TestALockedStepFollowsNothingWhileTheGateIsShut(t *testing.T) {
	d := newDesk(t, "T2") // as long as nobody has assessed the risk
	for _, s := range d.steps(d.Mette) {
		if s.RequiresGate && s.DueAt != nil {
			t.Errorf("planned: %+v", s)
		}
	}
	locked := d.locked()
	d.Exec(t, `UPDATE app.plan_step SET waits_for = '', due_event = 'plan_start' WHERE id = $1`, locked.ID)
	d.days(func(in *plan.GoalsInput) { in.Began = dayFrom(-2) })
	if s := d.step(locked.ID); s.DueAt != nil {
		t.Errorf("planned by its event: %+v", s)
	}
}

func TestALeftOutStepAsksAboutThoseThatWait(t *testing.T) {
	d := newDesk(t, "")
	begin := func(name string) (a, b, c plan.Step) {
		a = d.add(d.input(name))
		b = d.scheduled(name+" 2", plan.Rule{Event: plan.Awaited, Offset: 2, WaitsFor: plan.ForStep, WaitsStep: a.ID})
		return a, b, d.scheduled(name+" 3", plan.Rule{WaitsFor: plan.ForStep, WaitsStep: b.ID})
	}
	a, b, c := begin("Aftale")
	skip := func(id uuid.UUID, others plan.Others) error {
		return d.do(d.Mette, func(tx *db.Tx) error {
			return plan.Skip(t.Context(), tx, id, d.version(id), "Ikke relevant", others)
		})
	}
	refused(t, skip(a.ID, plan.Unasked), "others", plan.OthersWait)
	if err := skip(a.ID, plan.LetBegin); err != nil {
		t.Fatal(err)
	}
	if d.due(b.ID, dayFrom(2)).Waits() || !d.step(c.ID).Waits() {
		t.Error("the one that waited begins, and no other")
	}
	in := d.input("Sent")
	in.Due, in.Rule = time.Time{}, plan.Rule{WaitsFor: plan.ForStep, WaitsStep: a.ID}
	refused(t, d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, in); return err }), "waits", plan.WaitsDropped)

	a, b, c = begin("Besøg")
	if err := skip(a.ID, plan.LeaveOutToo); err != nil {
		t.Fatal(err)
	}
	for _, s := range []plan.Step{a, b, c} {
		if s = d.step(s.ID); s.Status != plan.Skipped || s.SkipReason != "Ikke relevant" {
			t.Errorf("%+v", s)
		}
	}
}
