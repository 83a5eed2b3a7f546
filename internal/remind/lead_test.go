package remind_test

import (
	"testing"

	"samspil/internal/testkit"
)

// Where who answers for the case is kept out of it as well, no job tells them that it goes on: the lead hears when it is late.
func TestWhatNobodyMayOpenIsToldToTheLead(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	step(t, o, c, plan(t, o, c), o.Mette.UserID, "2026-12-09")
	o.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, c.ID, o.Mette.UserID, o.Jonas.UserID)
	run(t, o, "2026-12-09 08:00")
	run(t, o, "2026-12-15 08:00")
	if m, l := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1`, o.Mette.UserID), told(t, o, o.Jonas.UserID, late); m != 0 || l != 1 {
		t.Errorf("who is kept out has %d notices, the lead %d", m, l)
	}
}

func TestALeadWhoAnswersForItIsNotToldTwice(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	phase := plan(t, o, c)
	id := step(t, o, c, phase, o.Jonas.UserID, "2026-12-09")
	run(t, o, "2026-12-09 08:00")
	run(t, o, "2026-12-30 08:00")
	if d, l := told(t, o, o.Jonas.UserID, today), told(t, o, o.Jonas.UserID, late); d != 1 || l != 0 {
		t.Errorf("told %d times on the day, %d times as the lead", d, l)
	}
	if n := o.Count(t, `SELECT told FROM app.reminder WHERE object_id = $1 AND kind = 'lead'`, id); n != 0 {
		t.Errorf("the page would say that %d leads know", n)
	}
}

// Of a sealed case only who is named is told.
func TestTheLateStepOfASealedCase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 2)
	step(t, o, c, plan(t, o, c), o.Mette.UserID, "2026-11-09")
	run(t, o, "2026-12-09 08:00")
	if l := told(t, o, o.Jonas.UserID, late); l != 0 {
		t.Errorf("a lead who is not named has %d notices", l)
	}
}

// On the day reminders begin, a lead is told once that there are old things, and from then on of what becomes late.
func TestALeadIsNotToldOfEveryOldStepWhenRemindersBegin(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Exec(t, `UPDATE app.municipality SET reminders_since = NULL`)
	c := o.Case(t, o.Mette, 1)
	phase := plan(t, o, c)
	for _, day := range []string{"2027-02-01", "2027-02-15", "2027-03-19"} { // the last was a workday ago only
		step(t, o, c, phase, o.Mette.UserID, day)
	}
	comes := step(t, o, c, phase, o.Mette.UserID, "2027-03-22")
	run(t, o, "2027-03-22 08:00")
	run(t, o, "2027-03-30 08:00")
	run(t, o, "2027-05-02 08:00")
	if n, l := told(t, o, o.Jonas.UserID, "reminder.begun"), told(t, o, o.Jonas.UserID, late); n != 1 || l != 1 {
		t.Errorf("told %d times that there are old things, and of %d late steps", n, l)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.reminder WHERE object_id = $1 AND kind = 'lead'`, comes); n != 1 {
		t.Error("not of the one that became late")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'reminder.begun' AND to_user <> $1`, o.Jonas.UserID); n != 0 {
		t.Errorf("%d others are told", n)
	}
}
