package remind_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/remind"
	"samspil/internal/testkit"
)

// at is a moment on the clock on the wall.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// plan gives a case a plan with one phase.
func plan(t testing.TB, o *testkit.Office, c testkit.CaseFile) (phase uuid.UUID) {
	t.Helper()
	p, phase := uuid.New(), uuid.New()
	o.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ($1, $2, $3)`, p, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'Straks', 1)`, phase, c.ID, p)
	return phase
}

// step puts a step into a phase: due at the end of a day, with somebody to answer for it.
func step(t testing.TB, o *testkit.Office, c testkit.CaseFile, phase, who uuid.UUID, day string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	o.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, due_at, responsible_user, created_by) VALUES ($1, $2, $3, 1, 'Ring', $4, nullif($5::uuid, $6), $7)`,
		id, c.ID, phase, calendar.EndOfDay(at(t, day+" 12:00")), who, uuid.Nil, o.Mette.UserID)
	return id
}

// deadline gives a case a deadline of the law at the end of a day.
func deadline(t testing.TB, o *testkit.Office, c testkit.CaseFile, day string) {
	t.Helper()
	o.Exec(t, `INSERT INTO app.deadline (case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES ($1, 'BFU_4M', 'municipality_aware', now(), now(), 4, 'months', 'x', 'v', 'sourced', true, 'deadline', false, false, false, $2, $3)`, c.ID, calendar.EndOfDay(at(t, day+" 12:00")), o.Mette.UserID)
}

// run does the job as of a moment, twice, as two instances may.
func run(t testing.TB, o *testkit.Office, when string) {
	t.Helper()
	for range 2 {
		o.Exec(t, `SELECT app.job_reminders($1)`, at(t, when))
	}
}

// told are the unread notices of a kind to somebody.
func told(t testing.TB, o *testkit.Office, who uuid.UUID, kind string) int {
	t.Helper()
	return o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = $2 AND read_at IS NULL`, who, kind)
}

const (
	before = "reminder.step.before"
	today  = "reminder.step.today"
	late   = "reminder.step.late"
)

func TestTheWorkdaysOfTheDatabaseAreThoseOfTheCalendar(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	for _, s := range []calendar.Settings{{}, {ConstitutionDay: true, ChristmasEve: true, NewYearsEve: true}, {ChristmasEve: true}} {
		o.Exec(t, `INSERT INTO app.office_setting (municipality, constitution_day, christmas_eve, new_years_eve, changed_by) VALUES (999, $1, $2, $3, $4)
			ON CONFLICT (municipality) DO UPDATE SET constitution_day = $1, christmas_eve = $2, new_years_eve = $3`, s.ConstitutionDay, s.ChristmasEve, s.NewYearsEve, o.Lone.UserID)
		var off []time.Time
		o.Scan(t, []any{&off}, `SELECT array_agg(d::date ORDER BY d) FROM generate_series(timestamp '2015-01-01', '2040-12-31', '1 day') d WHERE app._off(d::date, 999)`)
		n := 0
		for d := at(t, "2015-01-01 12:00"); d.Year() <= 2040; d = d.AddDate(0, 0, 1) {
			if calendar.Arbejdsdage.Works(d, s) {
				continue
			}
			if n >= len(off) || off[n].Format(time.DateOnly) != d.Format(time.DateOnly) {
				t.Fatalf("%+v: %s is off in the calendar and not in the database", s, d.Format(time.DateOnly))
			}
			n++
		}
		if n != len(off) {
			t.Errorf("%+v: the database has %d days off, the calendar %d", s, len(off), n)
		}
		for _, from := range []string{"2026-12-22", "2027-03-24", "2026-10-23", "2027-03-26", "2026-11-21"} {
			for n := 1; n <= 12; n++ {
				var got, back time.Time
				o.Scan(t, []any{&got, &back}, `SELECT app._workday($1::date, $2, 999), app._workday(app._workday($1::date, $2, 999), -$2, 999)`, from, n)
				if want := calendar.Add(at(t, from+" 12:00"), n, calendar.Arbejdsdage, s); got.Format(time.DateOnly) != want.Format(time.DateOnly) {
					t.Errorf("%+v: %d workdays from %s: %s, want %s", s, n, from, got.Format(time.DateOnly), want.Format(time.DateOnly))
				}
				if back.After(at(t, from+" 12:00")) {
					t.Errorf("%+v: %d workdays back from there: %s", s, n, back.Format(time.DateOnly))
				}
			}
		}
	}
}

// A step that is due on the Tuesday after Easter is told of on the Tuesday before.
func TestWhoAnswersForAStepIsToldBeforeItIsDueAndOnTheDayOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Dennis, "coworker")
	phase := plan(t, o, c)
	step(t, o, c, phase, o.Dennis.UserID, "2027-03-30")
	run(t, o, "2027-03-22 23:59")
	if n := told(t, o, o.Dennis.UserID, before); n != 0 {
		t.Errorf("%d notices three workdays before", n)
	}
	run(t, o, "2027-03-23 00:01")
	run(t, o, "2027-03-28 02:30") // the night the clocks go forward
	if n := told(t, o, o.Dennis.UserID, before); n != 1 {
		t.Errorf("%d notices two workdays before", n)
	}
	run(t, o, "2027-03-30 00:05")
	run(t, o, "2027-03-30 23:58")
	if n := told(t, o, o.Dennis.UserID, today); n != 1 {
		t.Errorf("%d notices on the day", n)
	}
	run(t, o, "2027-04-01 23:59")
	if n := told(t, o, o.Jonas.UserID, late); n != 0 {
		t.Errorf("the lead has %d notices after two workdays", n)
	}
	run(t, o, "2027-04-02 00:01")
	run(t, o, "2027-05-02 12:00")
	if n, d := told(t, o, o.Jonas.UserID, late), told(t, o, o.Dennis.UserID, late); n != 1 || d != 0 {
		t.Errorf("after three workdays the lead has %d notices, who answers for it %d", n, d)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice`); n != 3 {
		t.Errorf("%d notices in all", n)
	}
}

// The day ends at midnight on the wall, also on the night the clocks go back.
func TestTheDayOfAReminderIsTheDayOnTheWall(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	step(t, o, c, plan(t, o, c), o.Mette.UserID, "2026-10-25")
	run(t, o, "2026-10-24 23:59")
	if n := told(t, o, o.Mette.UserID, today); n != 0 {
		t.Errorf("%d notices on the day before", n)
	}
	run(t, o, "2026-10-25 00:00")
	run(t, o, "2026-10-25 23:59")
	if n := told(t, o, o.Mette.UserID, today); n != 1 {
		t.Errorf("%d notices on a day of 25 hours", n)
	}
}

func TestAReminderOfADayThatMovesIsWithdrawn(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	id := step(t, o, c, plan(t, o, c), o.Mette.UserID, "2026-12-09")
	run(t, o, "2026-12-07 08:00")
	due := func(day string) {
		o.Exec(t, `UPDATE app.plan_step SET due_at = $2 WHERE id = $1`, id, calendar.EndOfDay(at(t, day+" 12:00")))
	}
	due("2026-12-18")
	run(t, o, "2026-12-07 09:00")
	if n := told(t, o, o.Mette.UserID, before); n != 0 {
		t.Errorf("%d notices of a day that it is not any more", n)
	}
	run(t, o, "2026-12-16 09:00")
	if n := told(t, o, o.Mette.UserID, before); n != 1 {
		t.Errorf("%d notices of the new day", n)
	}
	due("2026-12-09")
	run(t, o, "2026-12-16 10:00") // five workdays over time
	if n, l := told(t, o, o.Mette.UserID, before), told(t, o, o.Jonas.UserID, late); n != 0 || l != 1 {
		t.Errorf("%d notices of what is over time, %d to the lead", n, l)
	}
	due("2026-12-18")
	run(t, o, "2026-12-16 11:00")
	if n, l := told(t, o, o.Mette.UserID, before), told(t, o, o.Jonas.UserID, late); n != 1 || l != 0 {
		t.Errorf("moved again: %d notices, %d to the lead", n, l)
	}
}

// The colleague who takes a step over is told of it; the one who had it is not bothered any more.
func TestTheReminderFollowsTheStep(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Dennis, "coworker")
	id := step(t, o, c, plan(t, o, c), o.Dennis.UserID, "2026-12-09")
	run(t, o, "2026-12-08 08:00")
	o.Exec(t, `UPDATE app.plan_step SET responsible_user = $2 WHERE id = $1`, id, o.Mette.UserID)
	run(t, o, "2026-12-08 09:00")
	if d, m := told(t, o, o.Dennis.UserID, before), told(t, o, o.Mette.UserID, before); d != 0 || m != 1 {
		t.Errorf("who had it has %d notices, who has it %d", d, m)
	}
}

func TestWhoIsNotToldOfWhatIsDue(t *testing.T) {
	t.Parallel()
	for what, after := range map[string]string{
		"a step that is done":           `UPDATE app.plan_step SET status = 'done', done_at = now()`,
		"a step that was dropped":       `UPDATE app.plan_step SET status = 'skipped', skip_reason = 'x'`,
		"a step in a case that is over": `UPDATE app.case_file SET status = 'closed', closed_at = now()`,
		"a step without a day":          `UPDATE app.plan_step SET due_at = NULL`,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			o := testkit.NewOffice(t)
			c := o.Case(t, o.Mette, 1)
			phase := plan(t, o, c)
			step(t, o, c, phase, o.Mette.UserID, "2026-12-09")
			step(t, o, c, phase, o.Mette.UserID, "2026-11-09")
			run(t, o, "2026-12-09 08:00")
			if m, l := told(t, o, o.Mette.UserID, today), told(t, o, o.Jonas.UserID, late); m != 1 || l != 1 {
				t.Fatalf("before: %d, %d", m, l)
			}
			o.Exec(t, after)
			run(t, o, "2026-12-09 09:00")
			if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE read_at IS NULL`); n != 0 {
				t.Errorf("%d notices remain", n)
			}
			o.Exec(t, `DELETE FROM app.notice; DELETE FROM app.reminder`)
			run(t, o, "2026-12-09 10:00")
			if n := o.Count(t, `SELECT count(*) FROM app.notice`); n != 0 {
				t.Errorf("%d notices", n)
			}
		})
	}
}

// A step of somebody who is kept out of the case, or has left, is told of to who answers for the case.
func TestAStepOfSomebodyWhoMayNotOpenTheCase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	phase := plan(t, o, c)
	o.Grant(t, c, o.Dennis, "coworker")
	o.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, c.ID, o.Dennis.UserID, o.Jonas.UserID)
	o.Grant(t, c, o.Huseyin, "coworker")
	o.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, o.Huseyin.UserID)
	step(t, o, c, phase, o.Dennis.UserID, "2026-12-09")
	step(t, o, c, phase, o.Huseyin.UserID, "2026-12-09")
	step(t, o, c, phase, uuid.Nil, "2026-12-09") // nobody's, or a partner's
	step(t, o, c, phase, o.Dennis.UserID, "2026-11-09")
	run(t, o, "2026-12-09 08:00")
	if d, h, m := told(t, o, o.Dennis.UserID, today), told(t, o, o.Huseyin.UserID, today), told(t, o, o.Mette.UserID, today); d != 0 || h != 0 || m != 3 {
		t.Errorf("kept out %d, left %d, who answers for the case %d", d, h, m)
	}
	o.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, c.ID, o.Jonas.UserID, o.Mette.UserID)
	o.Exec(t, `DELETE FROM app.notice; DELETE FROM app.reminder`)
	run(t, o, "2026-12-09 09:00")
	if l := told(t, o, o.Jonas.UserID, late); l != 0 {
		t.Errorf("a lead who is kept out has %d notices", l)
	}
}

func TestAMunicipalityThatWantsItNotBeforeTheDay(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	if err := o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error {
		return remind.Set(t.Context(), tx, remind.Settings{OnDay: true, LeadAfter: 3})
	}); err != nil {
		t.Fatal(err)
	}
	step(t, o, c, plan(t, o, c), o.Mette.UserID, "2026-12-12") // a Saturday: no workday lies between it and the Friday
	run(t, o, "2026-12-11 08:00")
	run(t, o, "2026-12-12 08:00")
	if b, d := told(t, o, o.Mette.UserID, before), told(t, o, o.Mette.UserID, today); b != 0 || d != 1 {
		t.Errorf("before %d, on the day %d", b, d)
	}
}

func TestDeadlinesAndFollowUpsAreToldOfToo(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	plan(t, o, c)
	o.Exec(t, `UPDATE app.plan SET next_follow_up = '2026-12-09'`)
	deadline(t, o, c, "2026-12-09")
	run(t, o, "2026-12-07 08:00")
	run(t, o, "2026-12-09 08:00")
	run(t, o, "2026-12-14 08:00")
	for _, thing := range []string{"deadline", "review"} {
		b, d, l := told(t, o, o.Mette.UserID, "reminder."+thing+".before"), told(t, o, o.Mette.UserID, "reminder."+thing+".today"), told(t, o, o.Jonas.UserID, "reminder."+thing+".late")
		if b != 1 || d != 1 || l != 1 {
			t.Errorf("%s: before %d, on the day %d, the lead %d", thing, b, d, l)
		}
	}
	o.Exec(t, `UPDATE app.deadline SET status = 'met', met_at = now(), met_by = $1`, o.Mette.UserID)
	o.Exec(t, `UPDATE app.plan SET next_follow_up = '2027-03-09'`)
	run(t, o, "2026-12-14 09:00")
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE read_at IS NULL`); n != 0 {
		t.Errorf("%d notices of what is met", n)
	}
}

func TestAMunicipalityChoosesItsNumbers(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	phase := plan(t, o, c)
	set := func(s remind.Settings) error {
		return o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error { return remind.Set(t.Context(), tx, s) })
	}
	if err := set(remind.Settings{BeforeDays: 5, LeadAfter: 1}); err != nil {
		t.Fatal(err)
	}
	if err := set(remind.Settings{BeforeDays: 5, LeadAfter: 1}); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	if err := set(remind.Settings{BeforeDays: 4, LeadAfter: 1}); err == nil {
		t.Error("the second admin writes over the first")
	}
	if err := o.DB.InTx(t.Context(), o.Jonas, func(tx *db.Tx) error {
		return remind.Set(t.Context(), tx, remind.Settings{BeforeDays: 5, LeadAfter: 9, Version: 1})
	}); err == nil {
		t.Error("a lead sets them")
	}
	for _, bad := range []remind.Settings{{BeforeDays: -1, LeadAfter: 1}, {BeforeDays: 11, LeadAfter: 1}, {LeadAfter: 0}, {LeadAfter: 21}} {
		if err := set(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	step(t, o, c, phase, o.Mette.UserID, "2026-12-09")
	run(t, o, "2026-12-02 08:00")
	run(t, o, "2026-12-09 08:00")
	run(t, o, "2026-12-10 08:00")
	if b, d, l := told(t, o, o.Mette.UserID, before), told(t, o, o.Mette.UserID, today), told(t, o, o.Jonas.UserID, late); b != 1 || d != 0 || l != 1 {
		t.Errorf("before %d, on the day %d, the lead %d", b, d, l)
	}
	if n := o.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'reminders.set' AND stream = 'office:999' AND actor = $1`, o.Lone.UserID); n != 1 {
		t.Errorf("%d lines in the trail", n)
	}
}
