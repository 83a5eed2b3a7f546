package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Day is a number of days before today. Journal notes, answers and done steps have one.
type Day int

// On gives the moment n days before today at the written clock time.
func (n Day) On(today time.Time, clock string) time.Time {
	return at(today.AddDate(0, 0, -int(n)), clock)
}

// OnWorkday is On, but leaves weekends for the Friday before, so that the office does not seem to work
// on a Sunday. Today is never moved.
func (n Day) OnWorkday(today time.Time, clock string) time.Time {
	return at(workday(today, -int(n)), clock)
}

func at(day time.Time, clock string) time.Time {
	h, m := 0, 0
	if isClock(clock) {
		h, _ = strconv.Atoi(clock[:2])
		m, _ = strconv.Atoi(clock[3:])
	}
	return time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, day.Location())
}

// Due gives the date that lies n days from today (negative is past), moved off a weekend and never across today.
func Due(today time.Time, n int) time.Time { return workday(today, n) }

func workday(today time.Time, n int) time.Time {
	d := today.AddDate(0, 0, n)
	if n == 0 {
		return d
	}
	off := map[time.Weekday]int{time.Saturday: 1, time.Sunday: 2}[d.Weekday()]
	if n > 0 && off > 0 {
		return d.AddDate(0, 0, 3-off)
	}
	return d.AddDate(0, 0, -off)
}

// PostponedFrom is the date n days from today from which a step was put off to another one: of the working days before that one, for
// a weekend between must not make both the same.
func PostponedFrom(today time.Time, n int, to time.Time) time.Time {
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	d := Due(today, n)
	for ; day(d) >= day(to); n-- {
		d = Due(today, n-1)
	}
	return d
}

var dayMark = regexp.MustCompile(`\{[+-]\d+\}`)
var months = [...]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

// Dated writes the days into a text: "{-16}" becomes the date sixteen days before today, as "3. november".
func Dated(text string, today time.Time) string {
	return dayMark.ReplaceAllStringFunc(text, func(mark string) string {
		n, _ := strconv.Atoi(mark[1 : len(mark)-1])
		d := workday(today, n)
		return fmt.Sprintf("%d. %s", d.Day(), months[d.Month()-1])
	})
}

// Born gives the birth date of somebody who has the age today and the birthday "04-14",
// or "+40" for a birthday in forty days.
func Born(today time.Time, age int, birthday string) (time.Time, error) {
	if n, err := strconv.Atoi(birthday); err == nil && birthday[0] == '+' {
		d := today.AddDate(-age-1, 0, n)
		return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, today.Location()), nil
	}
	d, err := time.Parse("01-02", birthday)
	if err != nil {
		return d, fmt.Errorf("birthday %q: %w", birthday, err)
	}
	born := time.Date(today.Year()-age, d.Month(), d.Day(), 0, 0, 0, 0, today.Location())
	if born.AddDate(age, 0, 0).After(today) {
		born = born.AddDate(-1, 0, 0)
	}
	return born, nil
}

// CPR writes an invented number: the day has 60 added, so that it can belong to nobody. The first digit of
// the serial number tells the century, and is brought in line with the birth date.
func CPR(born time.Time, serial string) string {
	century := "1"
	if born.Year() >= 2000 {
		century = "4"
	}
	return fmt.Sprintf("%02d%02d%02d-%s%s", born.Day()+60, born.Month(), born.Year()%100, century, serial[1:])
}
