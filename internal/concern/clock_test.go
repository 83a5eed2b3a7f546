package concern_test

import (
	"testing"
	"time"

	"samspil/internal/concern"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// The 24 hours are hours, not a day on the calendar: when the clocks change, the wall clock shows another time.
func TestTheClockDoesNotSleepNorKnowHolidays(t *testing.T) {
	for received, by := range map[string]string{
		"2026-11-24 13:42": "2026-11-25 13:42", "2026-12-24 23:50": "2026-12-25 23:50", "2026-12-31 12:00": "2027-01-01 12:00",
		"2027-03-27 13:00": "2027-03-28 14:00", // summer time begins in the night between
		"2026-10-24 13:00": "2026-10-25 12:00", // and ends
		"2027-03-26 09:00": "2027-03-27 09:00", // Good Friday
	} {
		got := concern.AssessBy(concern.Child, at(received))
		if got == nil || !got.Equal(at(by)) || got.Sub(at(received)) != 24*time.Hour {
			t.Errorf("received %s: %v, want %s", received, got, by)
		}
	}
	if concern.AssessBy(concern.Adult, at("2026-11-24 13:42")) != nil {
		t.Error("the adults' area has a clock")
	}
	// half past two comes twice on the last Sunday of October; the clock takes the first, which gives less time
	if got := concern.At(at("2026-10-25 00:00"), 2*time.Hour+30*time.Minute); got.UTC().Hour() != 0 {
		t.Errorf("half past two is %v", got.UTC())
	}
	if got := concern.At(at("2026-11-24 00:00"), 13*time.Hour+42*time.Minute); !got.Equal(at("2026-11-24 13:42")) {
		t.Errorf("%v", got)
	}
}

func TestAReceiptIsDueAfterSixHverdage(t *testing.T) {
	law := deadline.OfTheLaw()
	for received, by := range map[string]string{"2026-11-23 10:00": "2026-11-30", "2026-11-28 23:00": "2026-12-05", "2026-11-29 01:00": "2026-12-05",
		"2026-12-22 10:00": "2026-12-31", // neither Christmas Day nor the day after counts; Christmas Eve does where the municipality has not said otherwise
		"2027-03-24 10:00": "2027-04-03"} /* Easter */ {
		if got := concern.ReceiptBy(law, concern.Child, "citizen", at(received)); got == nil || got.In(i18n.Zone).Format(time.DateOnly) != by {
			t.Errorf("received %s: %v, want %s", received, got, by)
		}
	}
	if concern.ReceiptBy(law, concern.Child, concern.Anonymous, at("2026-11-23 10:00")) != nil || concern.ReceiptBy(law, concern.Adult, "citizen", at("2026-11-23 10:00")) != nil {
		t.Error("nobody is waited for, and there is a deadline")
	}
}

func TestTheBellRingsInTheLastFourHours(t *testing.T) {
	now := at("2026-11-24 13:42")
	met := now.Add(-time.Hour)
	for name, c := range map[string]struct {
		clock       concern.Clock
		rings, over bool
	}{
		"five hours":     {concern.Clock{By: now.Add(5 * time.Hour), Now: now}, false, false},
		"four hours":     {concern.Clock{By: now.Add(4 * time.Hour), Now: now}, true, false},
		"over":           {concern.Clock{By: now.Add(-time.Minute), Now: now}, true, true},
		"assessed":       {concern.Clock{By: now.Add(time.Hour), Met: &met, Now: now}, false, false},
		"adults":         {concern.Clock{Now: now}, false, false},
		"assessed late ": {concern.Clock{By: now.Add(-2 * time.Hour), Met: &met, Now: now}, false, false},
	} {
		if c.clock.Rings() != c.rings || c.clock.Over() != c.over {
			t.Errorf("%s: rings %t, over %t", name, c.clock.Rings(), c.clock.Over())
		}
	}
	if !(concern.Clock{By: now.Add(-2 * time.Hour), Met: &met, Now: now}).Broken() {
		t.Error("an assessment that came too late is not said to be late")
	}
}

func TestTheBellTellsTheDeskOnce(t *testing.T) {
	d := newDesk(t)
	in := call(time.Now())
	in.ReceivedAt, in.LateReason = time.Now().Add(-21*time.Hour), "Kom i går"
	made := d.must(t, d.Mette, in)
	d.must(t, d.Mette, call(time.Now())) // has all its time
	d.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'creation', $2)`, made.ID, d.Jonas.UserID)
	for range 2 {
		d.Exec(t, `SELECT app.job_bells()`)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.bell' AND to_user = $1 AND report_id = $2`, d.Dennis.UserID, made.ID); n != 1 {
		t.Errorf("Dennis got %d notices", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.bell'`); n != 1 {
		t.Errorf("%d notices, one of them to somebody who must not know", n)
	}
}
