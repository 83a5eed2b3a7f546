// Package calendar counts time the way the laws of the field do: clock hours, hverdage, arbejdsdage, weeks and months,
// with the Danish public holidays. It knows no rule and no case; package deadline does.
package calendar

import (
	"time"

	"samspil/internal/i18n"
)

// Unit is what a time limit is counted in. The codes are those of the reference data.
type Unit string

// The units. Hours are clock time, nights and holidays included, and give a moment; all others give a day,
// which lasts until its end.
const (
	Hours       Unit = "hours"
	Days        Unit = "days"
	Hverdage    Unit = "hverdage"    // Monday to Saturday without holidays: Saturday counts, which is the earlier date
	Arbejdsdage Unit = "arbejdsdage" // Monday to Friday without holidays
	Weeks       Unit = "weeks"
	Months      Unit = "months" // the same day number, or the last day of a month that has none
	Years       Unit = "years"
)

// Units are all units, from the shortest.
var Units = []Unit{Hours, Days, Hverdage, Arbejdsdage, Weeks, Months, Years}

// Known reports whether u is one of [Units].
func (u Unit) Known() bool {
	for _, k := range Units {
		if u == k {
			return true
		}
	}
	return false
}

// HasTime reports whether a limit in this unit ends at an hour and a minute, and not with the end of a day.
func (u Unit) HasTime() bool { return u == Hours }

// Works reports whether day, wherever its clock stands, counts in this unit.
func (u Unit) Works(day time.Time, s Settings) bool {
	switch weekday := day.In(i18n.Zone).Weekday(); {
	case u != Hverdage && u != Arbejdsdage:
		return true
	case weekday == time.Sunday, u == Arbejdsdage && weekday == time.Saturday:
		return false
	}
	return !s.Free(day)
}

// Add returns when a limit of length units ends that begins at from. The day of from itself is not counted, so that
// one hverdag from Monday is Tuesday; of a limit of no days the rest of the day remains, or the next day that counts.
// A limit in hours ends at a moment, all others in the last second of their day. Weeks, months and years end on whatever day they end:
// a limit is not made longer because it ends on a Sunday, which is the earlier of the two readings.
func Add(from time.Time, length int, unit Unit, s Settings) time.Time {
	if unit == Hours {
		return from.Add(time.Duration(length) * time.Hour) // of elapsed time: 24 hours are 24 hours when the clocks change too
	}
	day := i18n.Today(from)
	switch unit {
	case Weeks:
		day = shift(day, 7*length)
	case Months:
		day = months(day, length)
	case Years:
		day = months(day, 12*length)
	case Hverdage, Arbejdsdage:
		for n := 0; n < length; {
			if day = shift(day, 1); unit.Works(day, s) {
				n++
			}
		}
		for !unit.Works(day, s) { // only of length 0
			day = shift(day, 1)
		}
	default:
		day = shift(day, length)
	}
	return EndOfDay(day)
}

// Between counts the units that are left from one moment to another, so that Add(from, Between(from, to)) is to's day: hverdage and
// arbejdsdage as themselves, all other units of days as days. It is 0 for a day that is not later.
func Between(from, to time.Time, unit Unit, s Settings) int {
	n := 0
	for day, last := i18n.Today(from), i18n.Today(to); day.Before(last); {
		if day = shift(day, 1); unit.Works(day, s) {
			n++
		}
	}
	return n
}

// Resume returns the new end of a limit that was to end at due and stood still from paused to resumed: what was left of it is left.
// Hours are kept to the second, hverdage and arbejdsdage as such, the longer units as days.
func Resume(due, paused, resumed time.Time, unit Unit, s Settings) time.Time {
	switch unit {
	case Hours:
		return due.Add(resumed.Sub(paused))
	case Hverdage, Arbejdsdage:
		return Add(resumed, Between(paused, due, unit, s), unit, s)
	default:
		return Add(resumed, Between(paused, due, Days, s), Days, s)
	}
}

// EndOfDay is when something without a time of day is due: the last second of that day in the office's zone.
func EndOfDay(day time.Time) time.Time {
	y, m, d := day.In(i18n.Zone).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, i18n.Zone)
}

// shift moves a day by days of the calendar: by date and not by hours, for two days a year have 23 and 25 of them.
func shift(day time.Time, days int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, i18n.Zone)
}

// months moves a day by months: to the same number, or to the last day of a month that is too short.
func months(day time.Time, n int) time.Time {
	y, m, d := day.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, i18n.Zone)
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(d, last), 0, 0, 0, 0, i18n.Zone)
}
