package plan_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/plan"
)

// pulse is what every page and list says about the plan.
func (d desk) pulse() casefile.Pulse {
	d.t.Helper()
	var h *casefile.Header
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { h = casefile.GetHeader(b) }); err != nil {
		d.t.Fatal(err)
	}
	return h.Pulse
}

func (d desk) feels(when, want string) {
	d.t.Helper()
	if got := d.pulse().PulseReason; got != want {
		d.t.Errorf("%s: %q, want %q", when, got, want)
	}
}

// idle lets the plan lie for some days, as if nobody had come by.
func (d desk) idle(days int) {
	d.t.Helper()
	d.Exec(d.t, `UPDATE app.case_file SET plan_moved_at = now() - make_interval(days => $2) WHERE id = $1`, d.c.ID, days)
}

func TestAPlanThatNobodyTouchesDozesAndFallsAsleep(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Ring til skolen"))
	d.feels("a step is added", "alive")
	d.idle(15)
	d.feels("two weeks later", "drowsy.still")
	d.idle(31)
	d.feels("a month later", "asleep.still")
	d.Exec(t, `UPDATE app.case_file SET severity = 'orange', plan_revisit_at = NULL WHERE id = $1`, d.c.ID)
	d.Exec(t, `UPDATE app.case_file SET plan_revisit_at = NULL WHERE id = $1`, d.c.ID)
	d.idle(8)
	d.feels("a week, at orange", "drowsy.still")
	d.idle(15)
	d.feels("two weeks, at orange", "asleep.still")
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.Postpone(t.Context(), tx, s.ID, s.Version, time.Now().AddDate(0, 0, 20), "Skolen er lukket")
	})
	d.feels("putting a step off wakes nobody", "asleep.still")
	s = d.step(s.ID)
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, s.ID, s.Version) })
	d.feels("somebody begins", "alive")
}

func TestLateStepsAreFeltByTheirShare(t *testing.T) {
	d := newDesk(t, "")
	var ids []uuid.UUID
	for _, title := range []string{"Et", "To", "Tre", "Fire", "Fem"} {
		ids = append(ids, d.add(d.input(title)).ID)
	}
	late := func(n int) {
		d.Exec(t, `UPDATE app.plan_step SET due_at = now() + interval '5 days' WHERE case_id = $1`, d.c.ID)
		d.Exec(t, `UPDATE app.plan_step SET due_at = now() - interval '2 days' WHERE id = ANY ($1)`, ids[:n])
	}
	for n, want := range []string{"alive", "alive", "drowsy.late", "asleep.late", "asleep.late"} { // of five: a quarter is the second, half the third
		late(n)
		d.feels(fmt.Sprintf("%d of five are late", n), want)
	}
	late(2)
	if p := d.pulse(); p.LateSince == nil || p.OpenSteps != 5 {
		t.Errorf("%+v", p)
	}
	d.Exec(t, `UPDATE app.plan_step SET status = 'done', done_at = now() WHERE case_id = $1`, d.c.ID)
	d.feels("everything is done", "drowsy.empty")
}

func TestAStepWhosePartnerHasNotSaidYesIsUnsure(t *testing.T) {
	d := newDesk(t, "")
	p := d.Partner(t, "school", "Åskolen", "Anders Møller")
	in := d.input("Hent karakterblad")
	in.Responsible = plan.ByContact(p.ID)
	d.add(in)
	d.feels("nobody has asked the school", "drowsy.unsure")
	d.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) SELECT $1, organisation_id, id, 'x', 'ad_hoc', $3 FROM app.contact_person WHERE id = $2`,
		d.c.ID, p.ID, d.Mette.UserID)
	d.feels("the school is asked", "drowsy.unsure")
	d.Exec(t, `UPDATE app.involvement SET status = 'accepted', answered_at = now() WHERE case_id = $1`, d.c.ID)
	d.feels("the school says yes", "alive")
	d.Exec(t, `UPDATE app.plan SET next_follow_up = current_date - 3 WHERE case_id = $1`, d.c.ID)
	d.feels("the follow-up is past", "drowsy.follow_up")
}

// R6: a rise in risk, or a new report, opens the plan again until somebody says that it holds, or edits it.
func TestARiseInRiskAndANewReportOpenThePlanAgain(t *testing.T) {
	d := newDesk(t, "")
	s, other := d.add(d.input("Ring til skolen")), d.add(d.input("Ring til lægen"))
	level := func(to string) { d.Exec(t, `UPDATE app.case_file SET severity = $2 WHERE id = $1`, d.c.ID, to) }
	look := func() error { return d.do(d.Mette, func(tx *db.Tx) error { return plan.LookThrough(t.Context(), tx) }) }
	level("yellow")
	d.feels("the level is set", "drowsy.revisit")
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) })
	d.feels("a tick is no look", "drowsy.revisit")
	for range 2 { // pressed twice
		if err := look(); err != nil {
			t.Fatal(err)
		}
	}
	d.feels("it still holds", "alive")
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'plan.looked'`, d.c.ID); n != 1 {
		t.Errorf("told %d times", n)
	}
	level("green")
	d.feels("the level goes down", "alive")
	d.Exec(t, `INSERT INTO app.prompt (case_id, rule, key) VALUES ($1, 'new_report', 'r')`, d.c.ID)
	d.feels("a report has come", "drowsy.revisit")
	in := d.input("Ring til lægen i dag")
	d.onPage(true, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, other.ID, other.Version, in) })
	d.feels("somebody edits", "alive")
	level("red")
	d.Grant(t, d.c, d.Sara, "consulted")
	if err := d.do(d.Sara, func(tx *db.Tx) error { return plan.LookThrough(t.Context(), tx) }); err == nil {
		t.Error("who is asked for advice says that the plan holds")
	}
	d.feels("red", "drowsy.revisit")
}

// onPage edits as the plan's own page does, and expects whether the plan so counts as gone through.
func (d desk) onPage(want bool, do func(tx *db.Tx) error) {
	d.t.Helper()
	d.must(d.Mette, func(tx *db.Tx) error {
		seen, err := plan.OnItsPage(d.t.Context(), tx, func() error { return do(tx) })
		if seen != want && err == nil {
			d.t.Errorf("counts as gone through: %t", seen)
		}
		return err
	})
}

// A step from a meeting, a note or the program's own calendar says nothing about the rest of the plan: it is still to be gone through.
func TestAPlanIsGoneThroughWhereItStandsAndNowhereElse(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Ring til skolen"))
	d.Exec(t, `UPDATE app.case_file SET severity = 'red' WHERE id = $1`, d.c.ID)
	d.add(d.input("Besluttet i forum"))
	d.feels("a step that comes from elsewhere", "drowsy.revisit")
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.Postpone(t.Context(), tx, s.ID, s.Version, time.Now().AddDate(0, 0, 20), "Skolen er lukket")
	})
	s = d.step(s.ID)
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, s.ID, s.Version) })
	d.feels("put off, and begun", "drowsy.revisit")
	p := d.planNow(t)
	d.onPage(false, func(tx *db.Tx) error {
		return plan.ChangeGoals(t.Context(), tx, p.Version, plan.GoalsInput{CitizenGoals: p.CitizenGoals, NextFollowUp: p.Days().FollowUp})
	})
	d.onPage(false, func(tx *db.Tx) error { return nil })
	d.feels("saved as it was", "drowsy.revisit")
	d.onPage(true, func(tx *db.Tx) error {
		_, err := plan.AddStep(t.Context(), tx, d.input("Ring til sikkerhedskonsulenten"))
		return err
	})
	d.feels("a step is added on the page", "alive")
	d.onPage(false, func(tx *db.Tx) error {
		_, err := plan.AddStep(t.Context(), tx, d.input("Endnu et"))
		return err
	})
}

// The page says which of the two it was, also when both have happened.
func TestThePlanKnowsWhyItIsToBeGoneThrough(t *testing.T) {
	d := newDesk(t, "")
	d.add(d.input("Ring til skolen"))
	why := func(when, want string) {
		t.Helper()
		if got := d.pulse().PlanRevisitWhy; got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	level := func(to string) { d.Exec(t, `UPDATE app.case_file SET severity = $2 WHERE id = $1`, d.c.ID, to) }
	level("yellow")
	why("the risk rose", "risk")
	level("orange")
	why("it rose again", "risk")
	d.Exec(t, `INSERT INTO app.prompt (case_id, rule, key) VALUES ($1, 'new_report', 'r')`, d.c.ID)
	why("and a report came", "both")
	d.must(d.Mette, func(tx *db.Tx) error { return plan.LookThrough(t.Context(), tx) })
	d.Exec(t, `INSERT INTO app.prompt (case_id, rule, key) VALUES ($1, 'new_report', 's')`, d.c.ID)
	why("a report alone", "report")
}
