package i18n

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ErrDate says that a text is no date in any of the ways people write one.
var ErrDate = errors.New("not a date")

var (
	numericDate = regexp.MustCompile(`^(\d{1,2})[./ -](\d{1,2})(?:[./ -](\d{2}|\d{4}))?\.?$`)
	fullDate    = regexp.MustCompile(`^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$`)
	isoDate     = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	plusDays    = regexp.MustCompile(`^\+\s*(\d{1,3})(?:\s*(d|dage?|days?|u|uger?|w|weeks?))?$`)
)

var dayWords = map[string]int{"i dag": 0, "idag": 0, "today": 0, "i morgen": 1, "imorgen": 1, "tomorrow": 1, "i overmorgen": 2, "i går": -1, "yesterday": -1}

var weekdayWords = map[string]time.Weekday{
	"man": time.Monday, "tir": time.Tuesday, "ons": time.Wednesday, "tor": time.Thursday, "fre": time.Friday, "lør": time.Saturday, "søn": time.Sunday,
	"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

// ParseDate reads a date the ways people write it: "24.11.2026", "24/11", "fre", "+7", "i morgen".
// A date without a year is the next one to come, within half a year back. The result is the first
// moment of that day in the office's zone.
func ParseDate(s string, now time.Time) (time.Time, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	today := Today(now)
	if n, ok := dayWords[s]; ok {
		return today.AddDate(0, 0, n), nil
	}
	if m := plusDays.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		if strings.HasPrefix(m[2], "u") || strings.HasPrefix(m[2], "w") {
			n *= 7
		}
		return today.AddDate(0, 0, n), nil
	}
	if day, ok := weekday(s); ok {
		n := (int(day) - int(today.Weekday()) + 7) % 7
		if n == 0 {
			n = 7
		}
		return today.AddDate(0, 0, n), nil
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return exact(m[1], m[2], m[3])
	}
	m := numericDate.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, ErrDate
	}
	year := m[3]
	switch len(year) {
	case 2:
		year = "20" + year
	case 0:
		t, err := exact(strconv.Itoa(today.Year()), m[2], m[1])
		if err == nil && t.Before(today.AddDate(0, -6, 0)) {
			t = t.AddDate(1, 0, 0)
		}
		return t, err
	}
	return exact(year, m[2], m[1])
}

// weekday reads "fre", "Fredag", "fri".
func weekday(s string) (time.Weekday, bool) {
	word := []rune(strings.ToLower(strings.TrimSpace(s)))
	if len(word) < 3 {
		return 0, false
	}
	day, ok := weekdayWords[string(word[:3])]
	return day, ok
}

// slip is how many days ahead a date that should have been is a slip of the pen, and not last year's.
const slip = 31

// ParsePast reads a date that has been as [ParseDate] reads one that comes: "fre" is the last Friday, and a day and month
// without a year the last ones, unless they are just ahead. What can only come ("+7") comes back as it is: who asks refuses it.
func ParsePast(s string, now time.Time) (time.Time, error) {
	day, err := ParseDate(s, now)
	if err != nil || !day.After(now) {
		return day, err
	}
	if _, ok := weekday(s); ok {
		return day.AddDate(0, 0, -7), nil
	}
	if m := numericDate.FindStringSubmatch(strings.TrimSpace(s)); m != nil && m[3] == "" && Days(day, now) > slip {
		return day.AddDate(-1, 0, 0), nil
	}
	return day, nil
}

// ParseBirthday reads a date of birth, with day, month and a year of four digits: one of two would be a guess.
func ParseBirthday(s string) (time.Time, error) {
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return exact(m[1], m[2], m[3])
	}
	if m := fullDate.FindStringSubmatch(s); m != nil {
		return exact(m[3], m[2], m[1])
	}
	return time.Time{}, ErrDate
}

// exact makes a date that exists; 31 April does not.
func exact(year, month, day string) (time.Time, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, Zone)
	if t.Day() != d || int(t.Month()) != m || y < 1900 || y > 2199 {
		return time.Time{}, ErrDate
	}
	return t, nil
}
