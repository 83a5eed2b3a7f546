package i18n

import (
	"context"
	"fmt"
	"time"
	_ "time/tzdata" // the machine may have no time zones installed
)

// Zone is where the office is. Every date on screen is a date here.
var Zone = mustZone("Europe/Copenhagen")

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

var (
	monthsDA      = [...]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}
	monthsShortDA = [...]string{"jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."}
	daysDA        = [...]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"}
)

// Date writes a date for tables: "1. nov." or "1 Nov", with the year only if it is not now's year.
func Date(ctx context.Context, t, now time.Time) string {
	t, now = t.In(Zone), now.In(Zone)
	year := ""
	if t.Year() != now.Year() {
		year = fmt.Sprintf(" %d", t.Year())
	}
	if Lang(ctx) == "en" {
		return t.Format("2 Jan") + year
	}
	return fmt.Sprintf("%d. %s%s", t.Day(), monthsShortDA[t.Month()-1], year)
}

// LongDate writes a date for running text: "torsdag 19. november 2026" or "Thursday 19 November 2026".
func LongDate(ctx context.Context, t time.Time) string {
	t = t.In(Zone)
	if Lang(ctx) == "en" {
		return t.Format("Monday 2 January 2006")
	}
	return fmt.Sprintf("%s %d. %s %d", daysDA[t.Weekday()], t.Day(), monthsDA[t.Month()-1], t.Year())
}

// Month writes the short name of a month: "nov." or "Nov".
func Month(ctx context.Context, m time.Month) string {
	if Lang(ctx) == "en" {
		return m.String()[:3]
	}
	return monthsShortDA[m-1]
}

// Weekday writes the name of a day of the week.
func Weekday(ctx context.Context, d time.Weekday) string {
	if Lang(ctx) == "en" {
		return d.String()
	}
	return daysDA[d]
}

// FieldDate writes a date the way a form field holds it: "19.11.2026" in both languages.
func FieldDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("2.1.2006")
}

// Clock writes a time of day: "kl. 9.05" or "9:05".
func Clock(ctx context.Context, t time.Time) string {
	t = t.In(Zone)
	if Lang(ctx) == "en" {
		return t.Format("15:04")
	}
	return fmt.Sprintf("kl. %d.%02d", t.Hour(), t.Minute())
}

// DateTime writes a moment: "i dag kl. 9.05", "i går kl. 16.20", else the date and the time.
func DateTime(ctx context.Context, t, now time.Time) string {
	switch Days(t, now) {
	case 0:
		return T(ctx, "when.today") + " " + Clock(ctx, t)
	case -1:
		return T(ctx, "when.yesterday") + " " + Clock(ctx, t)
	}
	return Date(ctx, t, now) + " " + Clock(ctx, t)
}

// Days counts the midnights from now to t: 0 is today, -1 yesterday, 1 tomorrow.
func Days(t, now time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(t).Sub(day(now)).Hours() / 24)
}

// Today returns the first moment of now's day in the office's zone.
func Today(now time.Time) time.Time {
	y, m, d := now.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}

// Relative says how far t's day is from now's: "i dag", "om 5 dage", "2 dage over".
func Relative(ctx context.Context, t, now time.Time) string {
	switch n := Days(t, now); {
	case n == 0:
		return T(ctx, "when.today")
	case n == 1:
		return T(ctx, "when.tomorrow")
	case n < 0:
		return N(ctx, "when.over", -n)
	default:
		return N(ctx, "when.in", n)
	}
}

// Ago says how long ago t's day was: "i dag", "i går", "for 12 dage siden".
func Ago(ctx context.Context, t, now time.Time) string {
	switch n := -Days(t, now); {
	case n <= 0:
		return T(ctx, "when.today")
	case n == 1:
		return T(ctx, "when.yesterday")
	case n < 60:
		return N(ctx, "when.ago", n)
	default:
		return N(ctx, "when.months_ago", n/30)
	}
}

// Age returns how many whole years a person born on born is at now.
func Age(born, now time.Time) int {
	n := now.In(Zone)
	years := n.Year() - born.Year()
	if n.Month() < born.Month() || n.Month() == born.Month() && n.Day() < born.Day() {
		years--
	}
	return years
}
