package safety_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/internal/testkit"
)

// in runs fn in the case on behalf of who.
func in(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return o.DB.InCase(t.Context(), who, c.At("test"), func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// jobs calls a function of the background work, as its login.
func jobs(t *testing.T, o *testkit.Office, sql string, args ...any) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), o.LoginURL(t, "samspil_job"))
	must(t, err)
	defer conn.Close(context.Background())
	var n int
	must(t, conn.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// passes moves a check-in into the past, as if so much time had gone by.
func passes(t *testing.T, o *testkit.Office, id uuid.UUID, d time.Duration) {
	t.Helper()
	o.Exec(t, `UPDATE app.check_in SET agreed_at = agreed_at - $2::interval, alarm_at = alarm_at - $2::interval WHERE id = $1`, id, d.String())
}

func read(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor) (plans []safety.Plan, list []safety.CheckIn) {
	t.Helper()
	var p *[]safety.Plan
	var k *[]safety.CheckIn
	_, err := o.DB.ReadCase(t.Context(), who, c.At("test"), func(b *db.Batch) { p, k = safety.Plans(b), safety.CheckIns(b) })
	must(t, err)
	return *p, *k
}

func planInput(o *testkit.Office, contact uuid.UUID) safety.PlanInput {
	y, m, d := time.Now().In(i18n.Zone).Date()
	return safety.PlanInput{IfWorse: "Går til naboen og ringer 112.", IfNotBack: "Vagten ringer, derefter politiet.", AgreedOn: time.Date(y, m, d, 0, 0, 0, 0, time.UTC),
		Contacts: []safety.ContactInput{{User: o.Mette.UserID, How: "Opkald", Hours: "Hverdage 8-16"}, {Contact: contact, How: "Sms", Hours: "Døgnet rundt"}, {}, {Who: "En veninde", How: "Signal", Hours: "Aften"}}}
}

func checkIn(who actor.Actor, in time.Duration) safety.CheckInInput {
	return safety.CheckInInput{At: time.Now().Add(in).Truncate(time.Minute), GraceMinutes: 30, Channel: "Opkald til borgerens egen telefon", AlarmUser: who.UserID, ThenWhat: "Ring til vagten"}
}

func agree(t *testing.T, o *testkit.Office, c testkit.CaseFile, input safety.CheckInInput) (id uuid.UUID) {
	t.Helper()
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) (err error) { id, err = safety.Agree(ctx, tx, input); return err }))
	return id
}

func answer(id uuid.UUID, version int, outcome safety.Status, words string) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error { return safety.Answer(ctx, tx, id, version, outcome, words) }
}

func TestAChangedSafetyPlanKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	first := planInput(o, o.Partner(t, "police", "Fjordegnens Politi", "Rikke Holm").ID)
	write := func(version int, input safety.PlanInput) error {
		return in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return safety.Write(ctx, tx, version, input) })
	}
	must(t, write(0, first))
	second := first
	second.IfWorse, second.Contacts = "Går til stationen.", second.Contacts[:1]
	if err := write(0, second); !errors.Is(err, fault.Stale) {
		t.Errorf("a second first version: %v", err)
	}
	must(t, write(1, second))
	plans, _ := read(t, o, c, o.Mette)
	if len(plans) != 2 || plans[0].Version != 2 || plans[0].IfWorse != second.IfWorse || plans[1].IfWorse != first.IfWorse {
		t.Fatalf("%+v", plans)
	}
	got := []string{}
	for _, k := range plans[1].Contacts {
		got = append(got, fmt.Sprintf("%s/%s/%s/%s/%t", k.Name, k.How, k.Hours, k.Organisation, k.External))
	}
	want := []string{"Mette Lindhardt/Opkald/Hverdage 8-16//false", "Rikke Holm/Sms/Døgnet rundt/Fjordegnens Politi/true", "En veninde/Signal/Aften//false"}
	if diff := cmp.Diff(want, got); diff != "" || len(plans[0].Contacts) != 1 {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	if p := plans[1]; p.IfNotBack != first.IfNotBack || i18n.FieldDate(p.AgreedOn) != i18n.FieldDate(first.AgreedOn) || p.WrittenBy != "Mette Lindhardt" {
		t.Errorf("the first version is %+v", p)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'safety_plan.written'`); n != 2 {
		t.Errorf("%d events of two versions", n)
	}
}

func TestASafetyPlanSentTwiceIsOneVersion(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	input := planInput(o, o.Partner(t, "police", "Politi", "Rikke Holm").ID)
	input.Key = uuid.New()
	for range 2 {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return safety.Write(ctx, tx, 0, input) }))
	}
	if plans, _ := read(t, o, c, o.Mette); len(plans) != 1 || len(plans[0].Contacts) != 3 {
		t.Errorf("%+v", plans)
	}
}

func TestASafetyPlanAnswersTheThreeQuestions(t *testing.T) {
	now := time.Now()
	long := strings.Repeat("å", safety.MaxText+1)
	for name, p := range map[string]struct {
		in   safety.PlanInput
		want []string
	}{
		"nothing":   {safety.PlanInput{}, []string{"agreed_on", "if_not_back", "if_worse", "who-0"}},
		"too long":  {safety.PlanInput{IfWorse: long, IfNotBack: "x", AgreedOn: now, Contacts: []safety.ContactInput{{Who: long, How: "x"}}}, []string{"if_worse", "who-0"}},
		"tomorrow":  {safety.PlanInput{IfWorse: "x", IfNotBack: "x", AgreedOn: now.AddDate(0, 0, 1), Contacts: []safety.ContactInput{{Who: "x", How: "x"}}}, []string{"agreed_on"}},
		"half rows": {safety.PlanInput{IfWorse: "x", IfNotBack: "x", AgreedOn: now, Contacts: []safety.ContactInput{{}, {Who: "x"}, {How: "x"}, {Who: "x", User: uuid.New(), How: "x"}}}, []string{"how-1", "who-2", "who-3"}},
		"all":       {safety.PlanInput{IfWorse: "x", IfNotBack: "x", AgreedOn: now, Contacts: []safety.ContactInput{{Who: "😀 مريم", How: "x"}}}, []string{}},
	} {
		var bad fault.Invalid
		_ = errors.As(p.in.Validate(now), &bad)
		got := []string{}
		for field := range bad {
			got = append(got, field)
		}
		slices.Sort(got)
		if diff := cmp.Diff(p.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

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

func TestADailyCheckInComesAtTheSameHourUntilItsLastDay(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	input := checkIn(o.Mette, time.Hour)
	input.Repeat, input.RepeatUntil = "daily", input.At.AddDate(0, 0, 1)
	first := agree(t, o, c, input)
	must(t, in(t, o, c, o.Mette, answer(first, 1, safety.OK, "Opkald")))
	if err := in(t, o, c, o.Mette, answer(first, 1, safety.OK, "Opkald")); !errors.Is(err, fault.Stale) { // clicked twice
		t.Errorf("answered twice: %v", err)
	}
	_, list := read(t, o, c, o.Mette)
	if len(list) != 2 || list[0].Status != safety.Agreed || list[1].Status != safety.OK {
		t.Fatalf("%+v", list)
	}
	want := input.At.In(i18n.Zone).AddDate(0, 0, 1) // the same hour on the wall, also over the change of the hour
	if next := list[0]; !next.AgreedAt.Equal(want) || next.Repeat != "daily" || next.AlarmUser != o.Mette.UserID || next.Channel != input.Channel || next.ThenWhat != input.ThenWhat {
		t.Errorf("the next is %+v, want it at %s", next, want)
	}
	if n := o.Count(t, `SELECT count(*) FROM river.river_job WHERE args->>'id' = $1`, list[0].ID.String()); n != 1 {
		t.Errorf("%d jobs of the next", n)
	}
	must(t, in(t, o, c, o.Mette, answer(list[0].ID, 1, safety.OK, "Opkald")))
	if _, list = read(t, o, c, o.Mette); len(list) != 2 {
		t.Errorf("%d check-ins after the last day", len(list))
	}
}

func TestTheHourOfADailyCheckInDoesNotMoveWithTheSummerTime(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	input := checkIn(o.Mette, time.Hour)
	input.Repeat, input.RepeatUntil = "weekly", input.At.AddDate(0, 0, 300)
	id := agree(t, o, c, input)
	at := time.Date(2026, 10, 20, 18, 0, 0, 0, i18n.Zone) // before the hour changes on 25 October
	o.Exec(t, `UPDATE app.check_in SET agreed_at = $2, repeat_until = '2999-01-01' WHERE id = $1`, id, at)
	must(t, in(t, o, c, o.Mette, answer(id, 1, safety.OK, "")))
	_, list := read(t, o, c, o.Mette)
	next := list[0].AgreedAt.In(i18n.Zone)
	if next.Weekday() != at.Weekday() || next.Hour() != 18 || next.Minute() != 0 || !next.After(time.Now()) || next.After(time.Now().AddDate(0, 0, 8)) {
		t.Errorf("the next is %s", next)
	}
}

func TestACancelledCheckInSaysWhyAndAlarmsNobody(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Sara, "consulted")
	input := checkIn(o.Mette, time.Hour)
	input.Repeat, input.RepeatUntil = "daily", input.At.AddDate(0, 0, 5)
	id := agree(t, o, c, input)
	if err := in(t, o, c, o.Sara, answer(id, 1, safety.Cancelled, "x")); !errors.Is(err, fault.Forbidden) {
		t.Errorf("cancelled by somebody who was only asked for advice: %v", err)
	}
	var bad fault.Invalid
	if err := in(t, o, c, o.Mette, answer(id, 1, safety.Cancelled, "")); !errors.As(err, &bad) {
		t.Errorf("cancelled without a reason: %v", err)
	}
	must(t, in(t, o, c, o.Mette, answer(id, 1, safety.Cancelled, "Borgeren er flyttet.")))
	passes(t, o, id, 3*time.Hour)
	if n := jobs(t, o, `SELECT app.job_alarms()`); n != 0 {
		t.Error("a cancelled check-in alarms")
	}
	if _, list := read(t, o, c, o.Mette); len(list) != 1 {
		t.Errorf("a cancelled one brings the next: %+v", list)
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

func TestStrangersNeitherReadNorAnswer(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c, other := o.Case(t, o.Mette, 1), o.Case(t, o.Huseyin, 1)
	id := agree(t, o, c, checkIn(o.Mette, time.Hour))
	for name, who := range map[string]actor.Actor{"colleague": o.Dennis, "elsewhere": o.Huseyin, "admin": o.Lone} {
		if err := in(t, o, c, who, answer(id, 1, safety.OK, "")); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := in(t, o, other, o.Huseyin, answer(id, 1, safety.OK, "")); !errors.Is(err, fault.NotFound) { // from a case of one's own
		t.Errorf("through another case: %v", err)
	}
	if err := in(t, o, c, o.Jonas, func(ctx context.Context, tx *db.Tx) error { // a lead reads, and does not write
		return safety.Write(ctx, tx, 0, planInput(o, o.Partner(t, "police", "Politi", "Rikke").ID))
	}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a plan by the lead: %v", err)
	}
	must(t, in(t, o, c, o.Jonas, answer(id, 1, safety.OK, "Borgeren ringede til mig.")))
}

func TestACheckInIsAgreedForALaterTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, i18n.Zone)
	good := safety.CheckInInput{At: now.Add(time.Hour), GraceMinutes: 30, Channel: "x", AlarmUser: uuid.New(), ThenWhat: "x"}
	for name, p := range map[string]struct {
		change func(*safety.CheckInInput)
		want   string
	}{
		"good":            {func(*safety.CheckInInput) {}, ""},
		"in the past":     {func(i *safety.CheckInInput) { i.At = now.Add(-time.Minute) }, "date"},
		"far away":        {func(i *safety.CheckInInput) { i.At = now.AddDate(2, 0, 0) }, "date"},
		"no time":         {func(i *safety.CheckInInput) { i.At = time.Time{} }, "date"},
		"odd grace":       {func(i *safety.CheckInInput) { i.GraceMinutes = 7 }, "grace"},
		"nobody":          {func(i *safety.CheckInInput) { i.AlarmUser = uuid.Nil }, "alarm_user"},
		"then nothing":    {func(i *safety.CheckInInput) { i.ThenWhat = "  " }, "then_what"},
		"no channel":      {func(i *safety.CheckInInput) { i.Channel = "" }, "channel"},
		"long channel":    {func(i *safety.CheckInInput) { i.Channel = strings.Repeat("x", 201) }, "channel"},
		"repeat for ever": {func(i *safety.CheckInInput) { i.Repeat = "daily" }, "until"},
		"repeat backward": {func(i *safety.CheckInInput) { i.Repeat, i.RepeatUntil = "daily", now.AddDate(0, 0, -1) }, "until"},
		"repeat oddly":    {func(i *safety.CheckInInput) { i.Repeat = "hourly" }, "repeat"},
	} {
		input := good
		p.change(&input)
		var bad fault.Invalid
		_ = errors.As(input.Validate(now), &bad)
		if (p.want == "") != (len(bad) == 0) || p.want != "" && bad[p.want] == "" {
			t.Errorf("%s: %v", name, bad)
		}
	}
}
