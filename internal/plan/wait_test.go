package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/plan"
)

func TestAStepWaitsForAnother(t *testing.T) {
	d := newDesk(t, "")
	a := d.add(d.input("Tal med skolen"))
	b := d.scheduled("Aftal mentor", plan.Rule{Event: plan.Awaited, Offset: 1, Unit: "weeks", WaitsFor: []plan.Await{plan.ForStep(a.ID)}})
	c := d.scheduled("Følg op", plan.Rule{WaitsFor: []plan.Await{plan.ForStep(b.ID)}})
	if !b.Waits() || b.WaitTitle(a.ID) != a.Title || b.DueAt != nil {
		t.Errorf("%+v", b)
	}
	for name, rule := range map[string]plan.Rule{"each other": {WaitsFor: []plan.Await{plan.ForStep(b.ID)}}, "in a circle": {WaitsFor: []plan.Await{plan.ForStep(c.ID)}}, "itself": {WaitsFor: []plan.Await{plan.ForStep(a.ID)}}} {
		in := d.input(a.Title)
		in.Due, in.Rule = time.Time{}, rule
		t.Log(name)
		refused(t, d.do(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, a.ID, a.Version, in) }), "waits", plan.Circle)
	}
	fixed := d.input("Fast dag")
	fixed.Rule = plan.Rule{WaitsFor: []plan.Await{plan.ForStep(a.ID)}}
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
	b := d.scheduled("Aftal mentor", plan.Rule{WaitsFor: []plan.Await{plan.ForStep(a.ID)}})
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
	d.Exec(t, `UPDATE app.plan_step SET waits_for = '{}', due_event = 'plan_start' WHERE id = $1`, locked.ID)
	d.days(func(in *plan.GoalsInput) { in.Began = dayFrom(-2) })
	if s := d.step(locked.ID); s.DueAt != nil {
		t.Errorf("planned by its event: %+v", s)
	}
}

func TestALeftOutStepAsksAboutThoseThatWait(t *testing.T) {
	d := newDesk(t, "")
	begin := func(name string) (a, b, c plan.Step) {
		a = d.add(d.input(name))
		b = d.scheduled(name+" 2", plan.Rule{Event: plan.Awaited, Offset: 2, WaitsFor: []plan.Await{plan.ForStep(a.ID)}})
		return a, b, d.scheduled(name+" 3", plan.Rule{WaitsFor: []plan.Await{plan.ForStep(b.ID)}})
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
	in.Due, in.Rule = time.Time{}, plan.Rule{WaitsFor: []plan.Await{plan.ForStep(a.ID)}}
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

// In the office: the mentor is to wait for the talk with the school, the assessment and the report.
func TestAStepOpensWhenEverythingHasComeThatItWaitsFor(t *testing.T) {
	d := newDesk(t, "")
	school, home := d.add(d.input("Tal med skolen")), d.add(d.input("Ring til klubben"))
	all := []plan.Await{"risk_signed", plan.ForStep(school.ID), plan.ForStep(home.ID)}
	s := d.scheduled("Aftal mentor", plan.Rule{Event: plan.Awaited, Offset: 3, WaitsFor: all})
	came := func(want ...bool) plan.Step {
		t.Helper()
		s := d.step(s.ID)
		for i, a := range s.Awaits() {
			if (a.Came != nil) != want[i] {
				t.Errorf("%s (%s) has come: %v", a.Await, a.Title, !want[i])
			}
		}
		return s
	}
	d.done(school.ID)
	if s = came(false, true, false); !s.Waits() || s.DueAt != nil || s.WaitTitle(school.ID) != school.Title {
		t.Errorf("one of three: %+v", s)
	}
	d.Assess(t, d.c, "yellow")
	if s = came(true, true, false); !s.Waits() || d.last() == "step.released" {
		t.Errorf("two of three: %+v", s)
	}
	version := s.Version
	d.done(home.ID)
	if s = came(true, true, true); s.Waits() || s.Version == version {
		t.Errorf("all: %+v", s)
	}
	d.due(s.ID, dayFrom(3))
	if !slices.Contains(d.events(), "step.released") {
		t.Error("the timeline does not tell")
	}
	// what is taken back is waited for again, and nothing else
	d.must(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, home.ID, d.version(home.ID)) })
	if s = came(true, true, false); !s.Waits() || s.DueAt != nil {
		t.Errorf("taken back: %+v", s)
	}
	// who changes what it waits for keeps what has come
	change := func(waits ...plan.Await) error {
		in := d.input("Aftal mentor")
		in.Due, in.Rule = time.Time{}, plan.Rule{Event: plan.Awaited, Offset: 3, WaitsFor: waits}
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, d.version(s.ID), in) })
	}
	if err := change(plan.ForStep(home.ID), "risk_signed", "report_received", plan.ForStep(school.ID)); err != nil {
		t.Fatal(err)
	}
	came(false, true, false, true)
	if err := change(plan.ForStep(school.ID)); err != nil {
		t.Fatal(err)
	}
	if s = came(true); s.Waits() {
		t.Error("all that is left has come")
	}
	refused(t, change(plan.ForStep(school.ID), plan.ForStep(uuid.New())), "waits", "error.choose")
	refused(t, change("risk_signed", "report_received", plan.ForStep(school.ID), plan.ForStep(home.ID), plan.ForStep(uuid.New()), plan.ForStep(uuid.New())), "waits", "plan.error.waits_many:5")
	far := d.scheduled("Følg op", plan.Rule{WaitsFor: []plan.Await{"report_received", plan.ForStep(s.ID)}})
	refused(t, change(plan.ForStep(school.ID), plan.ForStep(far.ID)), "waits", plan.Circle)
}

func TestOfSeveralThingsOnlyTheLeftOutStepIsGivenUp(t *testing.T) {
	d := newDesk(t, "")
	a, b := d.add(d.input("Tal med skolen")), d.add(d.input("Ring til klubben"))
	s := d.scheduled("Aftal mentor", plan.Rule{WaitsFor: []plan.Await{plan.ForStep(a.ID), plan.ForStep(b.ID)}})
	skip := func(id uuid.UUID, others plan.Others) error {
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, id, d.version(id), "Ikke relevant", others) })
	}
	refused(t, skip(a.ID, plan.Unasked), "others", plan.OthersWait)
	if err := skip(a.ID, plan.LetBegin); err != nil {
		t.Fatal(err)
	}
	if s = d.step(s.ID); !s.Waits() || s.WaitsOn(a.ID) || !s.WaitsOn(b.ID) {
		t.Errorf("%+v", s)
	}
	refused(t, skip(b.ID, plan.Unasked), "others", plan.OthersWait)
	d.done(b.ID)
	if d.step(s.ID).Waits() {
		t.Error("still waits")
	}
}

// Versions from when a step waited for one thing are compared with those of today.
func TestAnOldVersionSaysTheSameAsANewOne(t *testing.T) {
	a, b := uuid.New(), uuid.New()
	old := plan.Content{Steps: []plan.ContentStep{{ID: b, Unit: "days", Waits: "step", WaitsStep: &a}}}
	now := plan.Content{Steps: []plan.ContentStep{{ID: b, Unit: "days", Awaits: []plan.Await{plan.ForStep(a)}}}}
	if list := plan.Compare(old, now); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	now.Steps[0].Awaits = append(now.Steps[0].Awaits, "risk_signed")
	if list := plan.Compare(old, now); len(list) != 1 || !slices.Equal(list[0].Fields, []string{"waits"}) {
		t.Errorf("%+v", list)
	}
}
