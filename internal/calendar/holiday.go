package calendar

import (
	"slices"
	"time"

	"samspil/internal/i18n"
)

// Settings are the days on which a municipality decides itself whether its offices count them as holidays. The zero value
// counts none of them, which gives the earlier date.
type Settings struct {
	ConstitutionDay bool // Grundlovsdag, 5 June
	ChristmasEve    bool // 24 December
	NewYearsEve     bool // 31 December
}

// Holiday is one day off. Code names it: "easter", "christmas_eve"; the text "holiday.<code>" is its name.
type Holiday struct {
	Day  time.Time // its first moment in the office's zone
	Code string
}

// lastPrayerDay is the last year with Store Bededag: it was abolished from 2024 (lov nr. 214 af 6. marts 2023).
const lastPrayerDay = 2023

// Holidays are the holidays of a year in their order. Two may fall on one day, Ascension Day and Grundlovsdag for instance.
func Holidays(year int, s Settings) []Holiday {
	easter := Easter(year)
	on := func(m time.Month, d int) time.Time { return time.Date(year, m, d, 0, 0, 0, 0, i18n.Zone) }
	all := []Holiday{
		{on(time.January, 1), "new_year"},
		{shift(easter, -3), "maundy_thursday"}, {shift(easter, -2), "good_friday"}, {easter, "easter"}, {shift(easter, 1), "easter_monday"},
		{shift(easter, 39), "ascension"}, {shift(easter, 49), "whitsun"}, {shift(easter, 50), "whit_monday"},
		{on(time.December, 25), "christmas"}, {on(time.December, 26), "boxing_day"},
	}
	add := func(is bool, day time.Time, code string) {
		if is {
			all = append(all, Holiday{day, code})
		}
	}
	add(year <= lastPrayerDay, shift(easter, 26), "prayer_day")
	add(s.ConstitutionDay, on(time.June, 5), "constitution_day")
	add(s.ChristmasEve, on(time.December, 24), "christmas_eve")
	add(s.NewYearsEve, on(time.December, 31), "new_years_eve")
	slices.SortStableFunc(all, func(a, b Holiday) int { return a.Day.Compare(b.Day) })
	return all
}

// Coming are the holidays of the twelve months from now's day on.
func Coming(now time.Time, s Settings) []Holiday {
	from := i18n.Today(now)
	to := months(from, 12)
	var out []Holiday
	for _, h := range append(Holidays(from.Year(), s), Holidays(from.Year()+1, s)...) {
		if !h.Day.Before(from) && h.Day.Before(to) {
			out = append(out, h)
		}
	}
	return out
}

// Free reports whether day, wherever its clock stands, is a holiday.
func (s Settings) Free(day time.Time) bool {
	day = i18n.Today(day)
	return slices.ContainsFunc(Holidays(day.Year(), s), func(h Holiday) bool { return h.Day.Equal(day) })
}

// Easter is Easter Sunday of a year: the first Sunday after the first full moon of the church on or after 21 March
// (the Gregorian computus of Meeus, Jones and Butcher).
func Easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month, day := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, i18n.Zone)
}
