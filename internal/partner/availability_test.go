package partner

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samspil/internal/i18n"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func week(kind string, first, last, opens, closes int) []Hours {
	var hs []Hours
	for d := first; d <= last; d++ {
		hs = append(hs, Hours{kind, d, opens * 60, closes * 60})
	}
	return hs
}

func TestAvailabilityThroughAWeek(t *testing.T) {
	office := week(Regular, 1, 5, 8, 16)
	evening := append(week(Regular, 1, 5, 8, 16), week(OnCall, 1, 5, 15, 23)...)
	night := append(week(OnCall, 5, 5, 22, 24), week(OnCall, 6, 6, 0, 7)...)
	for _, c := range []struct {
		name  string
		hours []Hours
		now   string
		want  Availability
	}{
		{"in office hours", office, "2026-11-19 10:30", Availability{Known: true, Open: true, Until: at("2026-11-19 16:00")}},
		{"the minute it closes", office, "2026-11-19 16:00", Availability{Known: true, OpensAt: at("2026-11-20 08:00")}},
		{"Friday evening until Monday", office, "2026-11-20 18:00", Availability{Known: true, OpensAt: at("2026-11-23 08:00")}},
		{"duty follows the day", evening, "2026-11-19 10:30", Availability{Known: true, Open: true, Until: at("2026-11-19 23:00")}},
		{"on duty in the evening", evening, "2026-11-19 20:00", Availability{Known: true, Open: true, OnCall: true, Until: at("2026-11-19 23:00")}},
		{"duty over midnight is one stretch", night, "2026-11-20 23:00", Availability{Known: true, Open: true, OnCall: true, Until: at("2026-11-21 07:00")}},
		{"duty begins later today", night, "2026-11-20 12:00", Availability{Known: true, OnCall: true, OpensAt: at("2026-11-20 22:00")}},
		{"round the clock", week(Regular, 1, 7, 0, 24), "2026-11-19 03:00", Availability{Known: true, Open: true, RoundTheClock: true}},
		{"round the clock by duty beside office hours", append(office, week(OnCall, 1, 7, 0, 24)...), "2026-11-19 03:00", Availability{Known: true, Open: true, RoundTheClock: true}},
		{"only once a week, and it has just closed", []Hours{{Regular, 4, 480, 600}}, "2026-11-19 10:00", Availability{Known: true, OpensAt: at("2026-11-26 08:00")}},
		{"no hours written", nil, "2026-11-19 10:30", Availability{}},
		{"the night the clock goes forward", week(Regular, 7, 7, 0, 6), "2026-03-29 01:30", Availability{Known: true, Open: true, Until: at("2026-03-29 06:00")}},
	} {
		if got := Reachable(c.hours, at(c.now)); got.Known != c.want.Known || got.Open != c.want.Open || got.OnCall != c.want.OnCall ||
			got.RoundTheClock != c.want.RoundTheClock || !got.Until.Equal(c.want.Until) || !got.OpensAt.Equal(c.want.OpensAt) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// The night of 25 October 2026 has the hour from two to three twice: the hours follow the clock on the wall.
func TestAnHourThatComesTwice(t *testing.T) {
	first := at("2026-10-25 00:00").Add(2*time.Hour + 10*time.Minute) // 2.10 summer time
	a := Reachable([]Hours{{Regular, 7, 120, 150}}, first)
	if !a.Open || a.Until.Sub(first) != 20*time.Minute {
		t.Fatalf("the first time: %+v", a)
	}
	b := Reachable([]Hours{{Regular, 7, 120, 150}}, a.Until)
	if b.Open || b.OpensAt.Sub(a.Until) != 30*time.Minute {
		t.Fatalf("between the two: %+v", b)
	}
}

// Whatever the hours and whenever one asks, also around the nights on which the clock is changed: what the
// answer says of every minute until it changes is what the clock on the wall says.
func TestAvailabilityAgreesWithTheClockOnTheWall(t *testing.T) {
	days := []string{"2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26", "2026-11-19", "2026-12-31", "2027-03-28"}
	rapid.Check(t, func(t *rapid.T) {
		var hours []Hours
		for range rapid.IntRange(0, 10).Draw(t, "stretches") {
			o := rapid.IntRange(0, 1439).Draw(t, "opens")
			c := rapid.IntRange(o+1, 1440).Draw(t, "closes")
			if rapid.Bool().Draw(t, "all day") {
				o, c = 0, 1440
			}
			hours = append(hours, Hours{rapid.SampledFrom([]string{Regular, OnCall}).Draw(t, "kind"), rapid.IntRange(1, 7).Draw(t, "weekday"), o, c})
		}
		now := at(rapid.SampledFrom(days).Draw(t, "day") + " 00:00").Add(time.Duration(rapid.IntRange(0, 26*60).Draw(t, "minute")) * time.Minute)
		a := Reachable(hours, now)
		open := func(m time.Time) bool { return wall(hours, m) }
		if a.Open != open(now) || a.Known != (len(hours) > 0) {
			t.Fatalf("%v: %+v, the wall says %v", now, a, open(now))
		}
		change := a.Until
		if !a.Open {
			change = a.OpensAt
		}
		if a.RoundTheClock || change.IsZero() {
			change = now.Add(7 * 24 * time.Hour)
		} else if open(change) == a.Open {
			t.Fatalf("nothing changes at %v: %+v", change, a)
		}
		for m := now; m.Before(change); m = m.Add(time.Minute) {
			if open(m) != a.Open {
				t.Fatalf("%v: %+v, but at %v the wall says %v", now, a, m, open(m))
			}
		}
	})
}

// wall asks the slow way, by writing the time down and reading it.
func wall(hours []Hours, t time.Time) bool {
	t = t.In(i18n.Zone)
	clock := t.Format("15:04")
	for _, h := range hours {
		o, c := fmt.Sprintf("%02d:%02d", h.Opens/60, h.Opens%60), fmt.Sprintf("%02d:%02d", h.Closes/60, h.Closes%60)
		if time.Weekday(h.Weekday%7) == t.Weekday() && o <= clock && clock < c {
			return true
		}
	}
	return false
}

func TestRankPutsThoseWhoAnswerNowFirst(t *testing.T) {
	now := at("2026-11-19 10:30")
	fresh, old := now.AddDate(0, -1, 0), now.AddDate(0, -8, 0)
	people := []Callable{
		{Name: "closed, known well", Together: 9, VerifiedOn: &fresh, Hours: week(Regular, 1, 5, 12, 16)},
		{Name: "open, stale", VerifiedOn: &old, Hours: week(Regular, 1, 5, 8, 16)},
		{Name: "open, fresh", VerifiedOn: &fresh, Hours: week(Regular, 1, 5, 8, 16)},
		{Name: "open, known", Together: 1, VerifiedOn: &old, Hours: week(Regular, 1, 7, 0, 24)},
		{Name: "no hours", VerifiedOn: &fresh},
	}
	want := []string{"open, known", "open, fresh", "open, stale", "closed, known well", "no hours"}
	for i, c := range Rank(people, now) {
		if c.Name != want[i] {
			t.Errorf("place %d: %s, want %s", i+1, c.Name, want[i])
		}
	}
	if !people[1].Stale(now) || people[2].Stale(now) || !people[4].Stale(now.AddDate(1, 0, 0)) {
		t.Error("stale after 180 days")
	}
}
