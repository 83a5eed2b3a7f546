package screening

import (
	"time"

	"samspil/internal/i18n"
)

// Holiday is a school holiday: when journeys of a sort begin that a child does not come back from.
type Holiday struct {
	Name   string // "summer", "autumn", "christmas", "winter": text "school_holiday.<name>"
	Begins time.Time
}

// NextHoliday is the first school holiday that begins at or after now's day. The summer holiday begins on the last Saturday of
// June; autumn (week 42), Christmas (20 December) and winter (week 7) are what is usual and may differ in the municipality's plan.
func NextHoliday(now time.Time) Holiday {
	today := i18n.Today(now)
	for year := today.Year(); ; year++ {
		for _, h := range []Holiday{
			{"winter", saturdayBefore(year, 7)}, {"summer", lastSaturdayOfJune(year)}, {"autumn", saturdayBefore(year, 42)}, {"christmas", day(year, time.December, 20)},
		} {
			if !h.Begins.Before(today) {
				return h
			}
		}
	}
}

func day(year int, m time.Month, d int) time.Time {
	return time.Date(year, m, d, 0, 0, 0, 0, i18n.Zone)
}

// saturdayBefore is the Saturday before the Monday of an ISO week.
func saturdayBefore(year, week int) time.Time {
	fourth := day(year, time.January, 4) // is always in week 1
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	return monday.AddDate(0, 0, 7*(week-1)-2)
}

func lastSaturdayOfJune(year int) time.Time {
	last := day(year, time.June, 30)
	return last.AddDate(0, 0, -(int(last.Weekday())+1)%7)
}
