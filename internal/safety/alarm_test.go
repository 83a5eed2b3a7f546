package safety_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/safety"
	"samspil/internal/testkit"
)

func TestACheckInThatIsMissedAlarmsThoseWhoMayKnowOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Sara, "consulted")
	id := agree(t, o, c, checkIn(o.Sara, time.Hour))
	passes(t, o, id, 89*time.Minute)
	if n := jobs(t, o, `SELECT app.job_alarm($1)::int`, id); n != 0 {
		t.Error("an alarm before the grace is over")
	}
	passes(t, o, id, time.Minute)
	for i, want := range []int{1, 0, 0} { // three instances, or a job done again
		if n := jobs(t, o, `SELECT app.job_alarm($1)::int`, id); n != want {
			t.Errorf("time %d: %d alarms raised", i+1, n)
		}
	}
	told := func() (names []string) {
		for name, p := range o.People() {
			if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'check_in.missed'`, p.UserID); n > 0 {
				names = append(names, fmt.Sprintf("%s %d", name, n))
			}
		}
		slices.Sort(names)
		return names
	}
	if diff := cmp.Diff([]string{"jonas 1", "mette 1", "sara 1"}, told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	_, list := read(t, o, c, o.Mette)
	if len(list) != 1 || list[0].Status != safety.Alarmed || list[0].AlarmedAt == nil || !list[0].Open() {
		t.Fatalf("%+v", list)
	}
	// whoever is asked for advice, and alarmed, may say what was done; but not nothing
	var bad fault.Invalid
	if err := in(t, o, c, o.Sara, answer(id, list[0].Version, safety.Closed, " ")); !errors.As(err, &bad) || bad["words"] == "" {
		t.Errorf("closed without a word: %v", err)
	}
	if err := in(t, o, c, o.Sara, answer(id, list[0].Version, safety.OK, "")); !errors.Is(err, fault.Stale) {
		t.Errorf("an alarm is not ticked away: %v", err)
	}
	must(t, in(t, o, c, o.Sara, answer(id, list[0].Version, safety.Closed, "Ringede til vagten; borgeren er fundet.")))
	_, list = read(t, o, c, o.Jonas)
	if list[0].Status != safety.Closed || list[0].AnsweredBy != "Sara El-Khatib" || list[0].Words == "" || list[0].Open() {
		t.Errorf("%+v", list[0])
	}
	for kind, who := range map[string]any{"check_in.agreed": o.Mette.UserID, "check_in.alarmed": nil, "check_in.closed": o.Sara.UserID} {
		if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = $1 AND actor IS NOT DISTINCT FROM $2 AND object_id = $3`, kind, who, id); n != 1 {
			t.Errorf("%d events %s", n, kind)
		}
	}
}

func TestAnAlarmIsKeptFromTheExcludedAndFromTheLeadOfASealedCase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	sealed, excluding := o.Case(t, o.Mette, 2), o.Case(t, o.Mette, 0, o.Jonas)
	for _, c := range []testkit.CaseFile{sealed, excluding} {
		passes(t, o, agree(t, o, c, checkIn(o.Mette, time.Hour)), 2*time.Hour)
	}
	if n := jobs(t, o, `SELECT app.job_alarms()`); n != 2 {
		t.Fatalf("%d alarms", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user <> $1`, o.Mette.UserID); n != 0 {
		t.Errorf("%d notices to somebody who may not know of the case", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1`, o.Mette.UserID); n != 2 {
		t.Errorf("%d notices to the responsible", n)
	}
}

func TestWhoHasLostTheCaseIsNotAlarmedButTheOthersAre(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Dennis, "coworker")
	id := agree(t, o, c, checkIn(o.Dennis, time.Hour))
	o.Exec(t, `UPDATE app.case_grant SET revoked_at = now() WHERE user_id = $1`, o.Dennis.UserID)
	passes(t, o, id, 2*time.Hour)
	jobs(t, o, `SELECT app.job_alarms()`)
	if a, b := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'check_in.missed'`, o.Dennis.UserID), o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'check_in.missed'`); a != 0 || b != 2 {
		t.Errorf("%d to the one who left, %d in all", a, b)
	}
}

func TestOnlyWhoMayOpenTheCaseCanBeNamedToBeAlarmed(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1, o.Dennis)
	for name, who := range map[string]actor.Actor{"excluded": o.Dennis, "stranger": o.Huseyin, "admin": o.Lone} {
		err := in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := safety.Agree(ctx, tx, checkIn(who, time.Hour))
			return err
		})
		var bad fault.Invalid
		if !errors.As(err, &bad) || bad["alarm_user"] == "" {
			t.Errorf("%s: %v", name, err)
		}
		err = in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { // past the operation, by the application's own login
			_, err := db.Exec(ctx, tx, `INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES (@case, now(), 30, 'x', @who, 'x', @me)`,
				db.Args{"case": c.ID, "who": who.UserID, "me": o.Mette.UserID})
			return err
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s, by SQL: %v", name, err)
		}
	}
	var people *[]safety.Person
	_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("test"), func(b *db.Batch) { people = safety.Alarmable(b) })
	must(t, err)
	names := []string{}
	for _, p := range *people {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"Jonas Brandt-Holm", "Mette Lindhardt"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAClosedCaseWaitsForNobodyButItsAlarmStands(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	missed, waiting := agree(t, o, c, checkIn(o.Mette, time.Hour)), agree(t, o, c, checkIn(o.Mette, 5*time.Hour))
	passes(t, o, missed, 3*time.Hour)
	jobs(t, o, `SELECT app.job_alarms()`)
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `SELECT app.close_case(@case, 'other', 'slut')`, db.Args{"case": c.ID})
		return err
	}))
	passes(t, o, waiting, 10*time.Hour)
	if n := jobs(t, o, `SELECT app.job_alarms()`); n != 0 {
		t.Error("a closed case alarms")
	}
	_, list := read(t, o, c, o.Mette)
	if list[0].Status != safety.Alarmed || list[1].Status != safety.Cancelled || list[1].Words != safety.ClosedWithCase {
		t.Fatalf("%+v", list)
	}
	must(t, in(t, o, c, o.Mette, answer(missed, list[0].Version, safety.Closed, "Borgeren var hos en veninde.")))
}
