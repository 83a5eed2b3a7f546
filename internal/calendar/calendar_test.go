package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	. "samspil/internal/calendar"
	"samspil/internal/i18n"
)

var everything = Settings{ConstitutionDay: true, ChristmasEve: true, NewYearsEve: true}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15.04", s, i18n.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestWhatTheOfficeCounts(t *testing.T) {
	for _, c := range []struct {
		event  string
		from   string
		length int
		unit   Unit
		s      Settings
		want   string // without a time of day: the end of that day
	}{
		{"a report on an ordinary Tuesday is assessed on Wednesday at the same time", "2026-11-17 09.12", 24, Hours, Settings{}, "2026-11-18 09.12"},
		{"a report at 23.50 on Maundy Thursday is assessed at 23.50 on Good Friday", "2027-03-25 23.50", 24, Hours, Settings{}, "2027-03-26 23.50"},
		{"its reporter hears from us after six hverdage: Saturday counts, Easter does not", "2027-03-25 23.50", 6, Hverdage, Settings{}, "2027-04-03"},
		{"a report on the night the clocks go forward has its 24 hours", "2027-03-27 12.00", 24, Hours, Settings{}, "2027-03-28 13.00"},
		{"a report on the night the clocks go back has its 24 hours", "2026-10-24 12.00", 24, Hours, Settings{}, "2026-10-25 11.00"},
		{"72 hours from the breach run through the weekend", "2026-11-20 16.00", 72, Hours, Settings{}, "2026-11-23 16.00"},
		{"without delay is now", "2026-11-20 16.00", 0, Hours, Settings{}, "2026-11-20 16.00"},
		{"six hverdage from a Tuesday end the next Tuesday", "2026-11-17 09.12", 6, Hverdage, Settings{}, "2026-11-24"},
		{"six hverdage from a Saturday end the next Saturday", "2026-11-21 10.00", 6, Hverdage, Settings{}, "2026-11-28"},
		{"document access asked for on a Friday: seven arbejdsdage", "2026-11-20 14.00", 7, Arbejdsdage, Settings{}, "2026-12-01"},
		{"seven arbejdsdage over Christmas and New Year", "2026-12-22 10.00", 7, Arbejdsdage, Settings{}, "2027-01-04"},
		{"and where the office counts 24 and 31 December as holidays", "2026-12-22 10.00", 7, Arbejdsdage, everything, "2027-01-06"},
		{"one arbejdsdag from 4 June", "2026-06-04 10.00", 1, Arbejdsdage, Settings{}, "2026-06-05"},
		{"and where Grundlovsdag is a holiday", "2026-06-04 10.00", 1, Arbejdsdage, everything, "2026-06-08"},
		{"one hverdag from the Thursday before Store Bededag in 2023", "2023-05-04 10.00", 1, Hverdage, Settings{}, "2023-05-06"},
		{"in 2024 that Friday is a Friday like others", "2024-04-25 10.00", 1, Hverdage, Settings{}, "2024-04-26"},
		{"no hverdag at all from a Sunday is Monday", "2026-11-22 10.00", 0, Hverdage, Settings{}, "2026-11-23"},
		{"a child assessment from 31 October ends on 28 February", "2026-10-31 10.00", 4, Months, Settings{}, "2027-02-28"},
		{"and on the leap day, where there is one", "2027-10-31 10.00", 4, Months, Settings{}, "2028-02-29"},
		{"four months from the 17th end on the 17th, though that is a Sunday", "2026-09-17 10.00", 4, Months, Settings{}, "2027-01-17"},
		{"a passport decision of a leap day lasts to 28 February", "2028-02-29 10.00", 1, Years, Settings{}, "2029-02-28"},
		{"four weeks to complain, from a Monday", "2026-11-02 10.00", 4, Weeks, Settings{}, "2026-11-30"},
		{"fourteen days, over the night the clocks go back", "2026-10-20 23.30", 14, Days, Settings{}, "2026-11-03"},
		{"a report at 00.30 in summer belongs to its day here, not to the day before in London", "2026-07-07 00.30", 1, Days, Settings{}, "2026-07-08"},
	} {
		want := c.want
		if len(want) == len("2006-01-02") {
			want += " 23.59"
		}
		got := Add(at(t, c.from).UTC(), c.length, c.unit, c.s) // rows come in UTC
		if g := got.In(i18n.Zone).Format("2006-01-02 15.04"); g != want {
			t.Errorf("%s: %d %s from %s is %s, want %s", c.event, c.length, c.unit, c.from, g, want)
		}
	}
}

// The phone is laid down for a while: what was left of the time is left when the work goes on.
func TestWhatWasLeftIsLeftAfterAPause(t *testing.T) {
	for _, c := range []struct {
		event                string
		due, paused, resumed string
		unit                 Unit
		want                 string
	}{
		{"three hours are left at noon, and at ten the next day", "2026-11-18 15.00", "2026-11-18 12.00", "2026-11-19 10.00", Hours, "2026-11-19 13.00"},
		{"also over the night the clocks go back", "2026-10-24 15.00", "2026-10-24 12.00", "2026-10-25 12.00", Hours, "2026-10-25 15.00"},
		{"two hverdage are left on Thursday, and on the Friday a week later", "2026-11-21 23.59", "2026-11-19 10.00", "2026-11-27 10.00", Hverdage, "2026-11-30 23.59"},
		{"paused on the last day: the day of going on is the last", "2026-11-20 23.59", "2026-11-20 10.00", "2026-11-26 10.00", Arbejdsdage, "2026-11-26 23.59"},
		{"and Monday, where that day is a Sunday", "2026-11-20 23.59", "2026-11-20 10.00", "2026-11-29 10.00", Arbejdsdage, "2026-11-30 23.59"},
		{"ten days of four months are left", "2027-01-20 23.59", "2027-01-10 10.00", "2027-02-25 10.00", Months, "2027-03-07 23.59"},
	} {
		got := Resume(at(t, c.due), at(t, c.paused), at(t, c.resumed), c.unit, Settings{})
		if g := got.In(i18n.Zone).Format("2006-01-02 15.04"); g != c.want {
			t.Errorf("%s: %s, want %s", c.event, g, c.want)
		}
	}
}

// moments are all minutes from 2000 to 2050, settings all settings.
var (
	moments = rapid.Custom(func(t *rapid.T) time.Time {
		from := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		return from.Add(time.Duration(rapid.IntRange(0, 50*366*24*60).Draw(t, "minute")) * time.Minute)
	})
	settings = rapid.Custom(func(t *rapid.T) Settings {
		return Settings{rapid.Bool().Draw(t, "5 June"), rapid.Bool().Draw(t, "24 December"), rapid.Bool().Draw(t, "31 December")}
	})
	working = rapid.SampledFrom([]Unit{Hverdage, Arbejdsdage})
)

func TestALimitNeverEndsBeforeItBegins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n, unit, s := moments.Draw(t, "from"), rapid.IntRange(0, 60).Draw(t, "n"), rapid.SampledFrom(Units).Draw(t, "unit"), settings.Draw(t, "settings")
		if due := Add(from, n, unit, s); due.Before(from.Truncate(time.Second)) {
			t.Fatalf("%d %s from %s end at %s", n, unit, from, due)
		}
	})
}

func TestWhoeverIsAskedLaterOrGivenMoreIsDueNoEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n, unit, s := moments.Draw(t, "from"), rapid.IntRange(0, 60).Draw(t, "n"), rapid.SampledFrom(Units).Draw(t, "unit"), settings.Draw(t, "settings")
		due := Add(from, n, unit, s)
		if later := Add(from.Add(time.Duration(rapid.IntRange(0, 100*24*60).Draw(t, "later"))*time.Minute), n, unit, s); later.Before(due) {
			t.Fatalf("later begun, earlier due: %s before %s", later, due)
		}
		if more := Add(from, n+1, unit, s); more.Before(due) || n > 0 && !more.After(due) { // none from a Sunday is Monday, and so is one
			t.Fatalf("%d %s end at %s, one more at %s", n, unit, due, more)
		}
	})
}

func TestWorkIsDueOnADayOfWork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit, s := working.Draw(t, "unit"), settings.Draw(t, "settings")
		due := Add(moments.Draw(t, "from"), rapid.IntRange(0, 40).Draw(t, "n"), unit, s).In(i18n.Zone)
		if due.Weekday() == time.Sunday || unit == Arbejdsdage && due.Weekday() == time.Saturday || s.Free(due) {
			t.Fatalf("due on %s", due.Format("Monday 2006-01-02"))
		}
		if due.Format("15:04:05") != "23:59:59" {
			t.Fatalf("due at %s", due)
		}
	})
}

func TestSixDaysOfWorkAreTwoAndThenFour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, unit, s := moments.Draw(t, "from"), working.Draw(t, "unit"), settings.Draw(t, "settings")
		n, m := rapid.IntRange(1, 30).Draw(t, "n"), rapid.IntRange(0, 30).Draw(t, "m")
		if at, once := Add(Add(from, n, unit, s), m, unit, s), Add(from, n+m, unit, s); !at.Equal(once) {
			t.Fatalf("%d and %d %s: %s, at once %s", n, m, unit, at, once)
		}
	})
}

func TestHoursAreHoursWhateverTheClockOnTheWallSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := moments.Draw(t, "from"), rapid.IntRange(0, 24*40).Draw(t, "n")
		if took := Add(from, n, Hours, Settings{}).Sub(from); took != time.Duration(n)*time.Hour {
			t.Fatalf("%d hours took %s", n, took)
		}
	})
	for year := 2020; year < 2040; year++ { // every hour of every day, around both changes of every year
		for _, m := range []time.Month{time.March, time.October} {
			for h := range 24 * 8 {
				from := time.Date(year, m, 24, h, 30, 0, 0, i18n.Zone)
				if took := Add(from, 24, Hours, Settings{}).Sub(from); took != 24*time.Hour {
					t.Fatalf("24 hours from %s took %s", from, took)
				}
			}
		}
	}
}

func TestWhatIsLeftLeadsToTheSameDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, unit, s := moments.Draw(t, "from"), rapid.SampledFrom([]Unit{Days, Hverdage, Arbejdsdage}).Draw(t, "unit"), settings.Draw(t, "settings")
		due := Add(from, rapid.IntRange(1, 60).Draw(t, "n"), unit, s)
		if again := Add(from, Between(from, due, unit, s), unit, s); !again.Equal(due) {
			t.Fatalf("due %s, counted anew %s", due, again)
		}
		if same := Resume(due, from, from, unit, s); !same.Equal(due) {
			t.Fatalf("a pause of no time moves %s to %s", due, same)
		}
	})
}

func TestMonthsKeepTheDayOfTheMonthWhereTheyCan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := moments.Draw(t, "from").In(i18n.Zone), rapid.IntRange(0, 48).Draw(t, "n")
		due := Add(from, n, Months, Settings{}).In(i18n.Zone)
		if got := (due.Year()-from.Year())*12 + int(due.Month()) - int(from.Month()); got != n {
			t.Fatalf("%d months from %s are %s", n, from, due)
		}
		if tomorrow := due.AddDate(0, 0, 1); due.Day() != from.Day() && (due.Day() > from.Day() || tomorrow.Day() != 1) {
			t.Fatalf("%s + %d months: %s", from, n, due)
		}
		if !Add(from, 12*n, Months, Settings{}).Equal(Add(from, n, Years, Settings{})) {
			t.Fatal("a year is not twelve months")
		}
	})
}
