package plan_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"samspil/internal/db"
	"samspil/internal/plan"
)

func TestARepeatingStepComesAgainExactlyOnce(t *testing.T) {
	d := newDesk(t, "T3")
	in := d.input("Hør skolen")
	in.Due, in.Rule = dayFrom(1), plan.Rule{Every: 14, EveryUnit: "days", Until: dayFrom(40)}
	s := d.add(in)
	hands := 0
	d.Exec(t, `DELETE FROM app.plan_hand`)
	d.Exec(t, `UPDATE app.case_file SET plan_revisit_at = now() WHERE id = $1`, d.c.ID)
	d.done(s.ID)
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) }) // twice
	list := d.named("Hør skolen")
	if len(list) != 2 {
		t.Fatalf("%d steps", len(list))
	}
	next := list[1]
	d.due(next.ID, dayFrom(15))
	if next.Responsible() != s.Responsible() || !reflect.DeepEqual(next.Rule(), s.Rule()) {
		t.Errorf("another one: %+v", next)
	}
	waits := false
	d.Scan(t, []any{&hands, &waits}, `SELECT (SELECT count(*)::int FROM app.plan_hand), plan_revisit_at IS NOT NULL FROM app.case_file WHERE id = $1`, d.c.ID)
	if hands != 0 || !waits {
		t.Errorf("who ticks has written in the plan (%d), or looked it through (%v)", hands, !waits)
	}
	// taken back, it takes the next with it; done again, the next is there again
	d.must(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, s.ID, d.version(s.ID)) })
	if n := d.step(next.ID); n.Status != plan.Skipped {
		t.Errorf("taken back, and the next is %s", n.Status)
	}
	d.done(s.ID)
	if n := d.step(next.ID); n.Status != plan.Open || len(d.named("Hør skolen")) != 2 {
		t.Errorf("done again: %s of %d", n.Status, len(d.named("Hør skolen")))
	}
	d.done(next.ID)
	last := d.named("Hør skolen")[2]
	d.due(last.ID, dayFrom(29))
	d.done(last.ID) // the next would be after the end
	if n := len(d.named("Hør skolen")); n != 3 {
		t.Errorf("%d steps after the end", n)
	}
	// done so late that its turn has passed: counted from when it was done
	old := d.input("Sent")
	old.Due, old.Rule = dayFrom(-30), plan.Rule{Every: 1, EveryUnit: "weeks"}
	o := d.add(old)
	d.done(o.ID)
	d.due(d.named("Sent")[1].ID, dayFrom(7))
}

func TestWhatRepeatsIsNoChangeOfThePlan(t *testing.T) {
	d := newDesk(t, "")
	in := d.input("Hør skolen")
	in.Rule = plan.Rule{Every: 1, EveryUnit: "weeks"}
	s := d.add(in)
	follows := d.scheduled("Efter start", plan.Rule{Event: "plan_start", Offset: 5})
	d.submit(d.Mette, d.seen())
	d.answer(d.Jonas, 1, true, "")
	d.done(s.ID)
	d.days(func(in *plan.GoalsInput) { in.Began = dayFrom(-2) })
	st := d.standing()
	if diff := st.Since(st.Approved()); len(diff) != 0 {
		t.Errorf("%+v", diff)
	}
	change := d.input(follows.Title)
	change.Rule, change.Due = plan.Rule{Event: "plan_start", Offset: 9, WaitsFor: []plan.Await{"risk_signed"}, Every: 2}, time.Time{}
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.ChangeStep(t.Context(), tx, follows.ID, d.version(follows.ID), change)
	})
	st = d.standing()
	if diff := st.Since(st.Approved()); len(diff) != 1 || !slices.Equal(diff[0].Fields, []string{"due", "waits", "repeats"}) {
		t.Errorf("%+v", diff)
	}
}
