package plan_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
)

// day is the end of the day n days from today.
func dayFrom(n int) time.Time { return plan.EndOfDay(time.Now().In(i18n.Zone).AddDate(0, 0, n)) }

func (d desk) scheduled(title string, rule plan.Rule) plan.Step {
	d.t.Helper()
	in := d.input(title)
	in.Due, in.Rule = time.Time{}, rule
	return d.add(in)
}

// days sets the plan's own days, having seen what moves.
func (d desk) days(change func(*plan.GoalsInput)) []plan.Shift {
	d.t.Helper()
	var p *db.Found[plan.Plan]
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { p = plan.Get(b) }); err != nil {
		d.t.Fatal(err)
	}
	in := plan.GoalsInput{NextFollowUp: p.Row.Days().FollowUp, Departs: p.Row.Days().Departs}
	change(&in)
	days := plan.Days{Began: p.Row.BeganAt, FollowUp: in.NextFollowUp, Departs: in.Departs}
	if !in.Began.IsZero() {
		days.Began = p.Row.Begins(in.Began)
	}
	var shifts *[]plan.Shift
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { shifts = plan.AskShifts(b, days) }); err != nil {
		d.t.Fatal(err)
	}
	save := func() error {
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.ChangeGoals(d.t.Context(), tx, p.Row.Version, in) })
	}
	if len(*shifts) > 0 {
		if err := save(); !errors.Is(err, plan.ErrUnseen) {
			d.t.Errorf("steps move that nobody has seen move: %v", err)
		}
	}
	in.Seen = plan.SeenShifts(*shifts)
	if err := save(); err != nil {
		d.t.Fatal(err)
	}
	return *shifts
}

func (d desk) due(id uuid.UUID, want time.Time) plan.Step {
	d.t.Helper()
	s := d.step(id)
	if want.IsZero() != (s.DueAt == nil) || s.DueAt != nil && !s.DueAt.Equal(want) {
		d.t.Errorf("%s is due %v, not %v", s.Title, s.DueAt, want)
	}
	return s
}

func (d desk) done(id uuid.UUID) {
	d.t.Helper()
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(d.t.Context(), tx, id, d.version(id)) })
}

func (d desk) version(id uuid.UUID) int {
	d.t.Helper()
	return d.step(id).Version
}

func (d desk) named(title string) (list []plan.Step) {
	for _, s := range d.steps(d.Mette) {
		if s.Title == title {
			list = append(list, s)
		}
	}
	return list
}

func TestNotStartedStepsFollowTheirEventOnceItHasBeenSeen(t *testing.T) {
	d := newDesk(t, "")
	after := d.scheduled("Efter start", plan.Rule{Event: "plan_start", Offset: 14})
	weeks := d.scheduled("Før opfølgning", plan.Rule{Event: "next_follow_up", Offset: -1, Unit: "weeks"})
	trip := d.scheduled("Før afrejse", plan.Rule{Event: "departure", Offset: -3})
	begun, finished, fixed := d.scheduled("I gang", plan.Rule{Event: "plan_start", Offset: 14}), d.scheduled("Gjort", plan.Rule{Event: "plan_start", Offset: 14}), d.scheduled("Udskudt", plan.Rule{Event: "plan_start", Offset: 14})
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, begun.ID, begun.Version) })
	d.done(finished.ID)
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.Postpone(t.Context(), tx, fixed.ID, fixed.Version, dayFrom(20), "Skolen har lukket")
	})
	d.due(after.ID, dayFrom(14))
	d.due(weeks.ID, time.Time{})
	d.due(trip.ID, time.Time{})

	moved := d.days(func(in *plan.GoalsInput) {
		in.Began, in.NextFollowUp, in.Departs = dayFrom(-4), dayFrom(30), dayFrom(10)
	})
	if len(moved) != 3 {
		t.Errorf("the preview shows %+v", moved)
	}
	s := d.due(after.ID, dayFrom(10))
	if s.MovedFrom == nil || !s.MovedFrom.Equal(dayFrom(14)) || s.Version != 2 {
		t.Errorf("does not say from where: %+v", s)
	}
	d.due(weeks.ID, dayFrom(23))
	d.due(trip.ID, dayFrom(7))
	d.due(begun.ID, dayFrom(14))
	d.due(finished.ID, dayFrom(14))
	d.due(fixed.ID, dayFrom(20))
	if !slices.Contains(d.events(), "step.rescheduled") {
		t.Error("the timeline does not tell")
	}
	if err := d.do(d.Mette, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE app.plan_step SET due_at = now() WHERE id = @id`, db.Args{"id": after.ID})
		return err
	}); err != nil {
		t.Error(err)
	}
	d.due(after.ID, dayFrom(10)) // nobody writes another day beside the event
	if moved := d.days(func(in *plan.GoalsInput) { in.Departs = time.Time{} }); len(moved) != 1 || moved[0].DueTo != nil {
		t.Errorf("the journey is called off: %+v", moved)
	}
	d.due(trip.ID, time.Time{})
	refused(t, d.do(d.Mette, func(tx *db.Tx) error {
		return plan.ChangeGoals(t.Context(), tx, 3, plan.GoalsInput{Began: dayFrom(2)})
	}), "began", "error.date_future")
}

func TestATemplatesStepsKeepTheirReference(t *testing.T) {
	d := newDesk(t, "T2")
	for _, s := range d.steps(d.Mette) {
		switch s.TemplateStep {
		case "T2.2.3":
			if s.DueEvent != "plan_start" || s.DueOffset != 24 || s.DueUnit != "hours" || s.DueAt == nil || !s.DueHasTime {
				t.Errorf("%+v", s)
			}
		case "T2.5.1": // if the child has left: counted from that
			if s.DueEvent != "departure" || s.DueAt != nil {
				t.Errorf("%+v", s)
			}
		case "T2.5.2":
			if s.RepeatEvery == nil || *s.RepeatEvery != 30 {
				t.Errorf("%+v", s)
			}
		case "T2.3.3": // locked: from the assessment that it waits for
			if s.DueEvent != plan.Awaited || !slices.Equal(s.WaitsFor, []plan.Await{"risk_signed"}) || !s.Waits() || s.DueAt != nil {
				t.Errorf("%+v", s)
			}
		}
	}
}

func TestWhatWaitsForTheRiskBeginsWithTheSignatureAndOnlyOnce(t *testing.T) {
	d := newDesk(t, "")
	s := d.scheduled("Aftal sikkerhed", plan.Rule{Event: plan.Awaited, Offset: 3, WaitsFor: []plan.Await{"risk_signed"}})
	each := d.scheduled("Se planen efter", plan.Rule{Event: "risk_signed", Offset: 5})
	if s.DueAt != nil || !s.Waits() || s.Late(time.Now().AddDate(1, 0, 0)) {
		t.Errorf("waits: %+v", s)
	}
	d.Exec(t, `UPDATE app.case_file SET plan_revisit_at = now() WHERE id = $1`, d.c.ID)
	d.Assess(t, d.c, "yellow")
	if s = d.due(s.ID, dayFrom(3)); s.Waits() {
		t.Error("still waits")
	}
	d.due(each.ID, dayFrom(5))
	d.Exec(t, `UPDATE app.plan_step SET released_at = released_at - interval '2 days', moved_at = NULL WHERE id = $1`, s.ID)
	version := d.version(s.ID)
	d.Assess(t, d.c, "yellow")
	d.due(s.ID, dayFrom(1)) // another assessment does not put it off
	if d.version(s.ID) != version {
		t.Error("it begins a second time")
	}
	waits := false
	d.Scan(t, []any{&waits}, `SELECT plan_revisit_at IS NOT NULL FROM app.case_file WHERE id = $1`, d.c.ID)
	if !waits {
		t.Error("that steps moved by themselves counts as looking the plan through")
	}
}

func TestAStepIsCheckedByTheDeadlineThatItImplements(t *testing.T) {
	d := newDesk(t, "")
	start := func(code string) {
		d.must(d.Mette, func(tx *db.Tx) error { _, err := deadline.Start(t.Context(), tx, code, time.Now()); return err })
	}
	start("PLAN_3M") // the law's
	add := func(code string, days int, ok bool) error {
		in := d.input("Trin")
		in.Due, in.Rule = dayFrom(days), plan.Rule{DeadlineCode: code, LateOK: ok}
		return d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, in); return err })
	}
	if err := add("PLAN_3M", 60, false); err != nil {
		t.Error(err)
	}
	refused(t, add("PLAN_3M", 100, false), "due", plan.AfterLaw)
	refused(t, add("PLAN_3M", 100, true), "due", plan.AfterLaw) // nobody overrides the law
	if err := add("", 100, false); err != nil {
		t.Error(err)
	}
	in := d.input("Efter start")
	in.Due, in.Rule = time.Time{}, plan.Rule{Event: "plan_start", Offset: 100, DeadlineCode: "PLAN_3M"}
	refused(t, d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, in); return err }), "offset", plan.AfterLaw)

	d.Exec(t, `UPDATE app.deadline SET statutory = false WHERE case_id = $1`, d.c.ID)
	refused(t, add("PLAN_3M", 100, false), "due", plan.AfterDeadline)
	if err := add("PLAN_3M", 100, true); err != nil {
		t.Error(err)
	}
	s := d.named("Trin")[0]
	d.Exec(t, `UPDATE app.deadline SET statutory = true WHERE case_id = $1`, d.c.ID)
	refused(t, d.do(d.Mette, func(tx *db.Tx) error {
		return plan.Postpone(t.Context(), tx, s.ID, s.Version, dayFrom(120), "Ferie")
	}), "due", plan.AfterLaw)
	var ds *[]deadline.Deadline
	var steps *[]plan.Implementing
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { ds = deadline.Open(b) }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { steps = plan.ForDeadline(b, (*ds)[0].ID) }); err != nil {
		t.Fatal(err)
	}
	if len(*steps) != 2 {
		t.Errorf("the deadline is implemented by %+v", *steps)
	}
}

func TestAScheduleThatSaysNothingIsRefused(t *testing.T) {
	d := newDesk(t, "")
	for field, rule := range map[string]plan.Rule{"event": {Event: plan.Awaited}, "offset": {Event: "plan_start", Offset: 4000}, "unit": {Event: "plan_start", Unit: "years"}, "waits": {WaitsFor: []plan.Await{"ferie"}},
		"every": {Until: dayFrom(3)}, "every_unit": {Every: 2, EveryUnit: "hours"}} {
		in := d.input("Trin")
		in.Rule = rule
		var bad fault.Invalid
		if err := in.Validate(); !errors.As(err, &bad) || bad[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}
