package safety_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/internal/testkit"
)

func TestADailyCheckInComesAtTheSameHourUntilItsLastDay(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	input := checkIn(o.Mette, time.Hour)
	input.Repeat, input.RepeatUntil = "daily", input.At.In(i18n.Zone).AddDate(0, 0, 1)
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
	input.Repeat, input.RepeatUntil = "weekly", input.At.In(i18n.Zone).AddDate(0, 0, 300)
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
	input.Repeat, input.RepeatUntil = "daily", input.At.In(i18n.Zone).AddDate(0, 0, 5)
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

func TestACheckInIsAgreedForALaterTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, i18n.Zone)
	good := safety.CheckInInput{At: now.Add(time.Hour), GraceMinutes: 30, Way: "phone", AlarmUser: uuid.New(), ThenWhat: "x"}
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
		"no way":          {func(i *safety.CheckInInput) { i.Way = "" }, "way"},
		"a way of no use": {func(i *safety.CheckInInput) { i.Way = "pigeon" }, "way"},
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

// The first time turned out wrong: the form is sent again after "Back" with another one, under its old key.
func TestASecondCheckInTypedAfterBackIsWaitedForToo(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	input := checkIn(o.Mette, time.Hour)
	input.Key = uuid.New()
	other := input
	other.At = input.At.Add(3 * time.Hour)
	first, second := agree(t, o, c, input), agree(t, o, c, other)
	if again := agree(t, o, c, other); again != second || first == second || agree(t, o, c, input) != first {
		t.Errorf("sent twice: %s, and %s beside %s", again, second, first)
	}
	_, list := read(t, o, c, o.Mette)
	if len(list) != 2 || !list[0].AgreedAt.Equal(input.At) || !list[1].AgreedAt.Equal(other.At) {
		t.Fatalf("%+v", list)
	}
	if n := o.Count(t, `SELECT count(*) FROM river.river_job WHERE args->>'id' = ANY ($1)`, []string{first.String(), second.String()}); n != 2 {
		t.Errorf("%d jobs of two check-ins", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'check_in.agreed'`); n != 2 {
		t.Errorf("%d events", n)
	}
}
