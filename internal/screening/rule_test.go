package screening_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/screening"
)

// aDay is in the middle of November: Christmas is near, and the summer is not.
var aDay = time.Date(2026, 11, 22, 10, 0, 0, 0, i18n.Zone)

func sign(codes ...string) []screening.Seen {
	var all []screening.Seen
	for i, code := range codes {
		all = append(all, screening.Seen{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i)}), SignInput: screening.SignInput{Code: code, Observation: "x", Source: "own"}, NotedAt: aDay})
	}
	return all
}

func born(age int) *time.Time { t := aDay.AddDate(-age, 0, -1); return &t }

func TestARuleAsksWhenItsSignsAreThereAndNotBefore(t *testing.T) {
	taken := sign("S31")
	taken[0].RetiredAt = &aDay
	anyOf := screening.Condition{Form: screening.AnySign, Signs: []string{"S17", "S18"}}
	two := screening.Condition{Form: screening.Spread, Groups: []string{"freedom", "monitoring"}, N: 2}
	count := screening.Condition{Form: screening.CountSign, Groups: []string{"adult"}, N: 2}
	holiday, young := anyOf, anyOf
	holiday.HolidayDays, young.AgeFrom, young.AgeTo = 60, 15, 17
	for _, c := range []struct {
		name      string
		condition screening.Condition
		signs     []screening.Seen
		facts     screening.Facts
		asks      bool
		reasons   int
	}{
		{"nothing is seen", anyOf, nil, screening.Facts{Now: aDay}, false, 0},
		{"one of the signs", anyOf, sign("S01", "S18"), screening.Facts{Now: aDay}, true, 1},
		{"only other signs", anyOf, sign("S01", "S02"), screening.Facts{Now: aDay}, false, 0},
		{"an own observation is for people", anyOf, sign(""), screening.Facts{Now: aDay}, false, 0},
		{"a sign that was taken back", screening.Condition{Form: screening.AnySign, Signs: []string{"S31"}}, taken, screening.Facts{Now: aDay}, false, 0},
		{"two signs of one group are one group", two, sign("S01", "S02"), screening.Facts{Now: aDay}, false, 0},
		{"a sign in each of two groups", two, sign("S01", "S06", "S02"), screening.Facts{Now: aDay}, true, 3},
		{"one sign seen twice is one sign", count, sign("S37", "S37"), screening.Facts{Now: aDay}, false, 0},
		{"two signs of the group", count, sign("S37", "S40"), screening.Facts{Now: aDay}, true, 2},
		{"Christmas is 28 days away", holiday, sign("S17"), screening.Facts{Now: aDay}, true, 1},
		{"the autumn holiday is 61 days away", holiday, sign("S17"), screening.Facts{Now: time.Date(2026, 8, 10, 10, 0, 0, 0, i18n.Zone)}, false, 0},
		{"the autumn holiday is 60 days away", holiday, sign("S17"), screening.Facts{Now: time.Date(2026, 8, 11, 10, 0, 0, 0, i18n.Zone)}, true, 1},
		{"fourteen years", young, sign("S17"), screening.Facts{Now: aDay, Born: born(14)}, false, 0},
		{"seventeen years", young, sign("S17"), screening.Facts{Now: aDay, Born: born(17)}, true, 1},
		{"eighteen years", young, sign("S17"), screening.Facts{Now: aDay, Born: born(18)}, false, 0},
		{"nobody knows the age", young, sign("S17"), screening.Facts{Now: aDay}, false, 0},
		{"a form of a later version", screening.Condition{Form: "clever"}, sign("S17"), screening.Facts{Now: aDay}, false, 0},
	} {
		why, ok := c.condition.Match(c.signs, c.facts)
		if ok != c.asks || len(why.Signs) != c.reasons {
			t.Errorf("%s: asks %t with %d reasons", c.name, ok, len(why.Signs))
		}
	}
}

func TestSchoolHolidaysBeginOnTheirSaturday(t *testing.T) {
	for day, want := range map[string]string{
		"2026-01-01": "winter 2026-02-07", "2026-02-08": "summer 2026-06-27", "2026-06-27": "summer 2026-06-27", "2026-06-28": "autumn 2026-10-10",
		"2026-10-11": "christmas 2026-12-20", "2026-12-21": "winter 2027-02-13", "2028-03-01": "summer 2028-06-24",
	} {
		at, _ := time.ParseInLocation(time.DateOnly, day, i18n.Zone)
		h := screening.NextHoliday(at.Add(20 * time.Hour))
		if got := h.Name + " " + h.Begins.Format(time.DateOnly); got != want {
			t.Errorf("after %s comes %s, want %s", day, got, want)
		}
	}
}

func TestANewSignAsksAgainAndOneTakenBackDoesNot(t *testing.T) {
	rules := []screening.Rule{
		{Code: "travel", RuleInput: screening.RuleInput{Area: "child", Active: true, Condition: screening.Condition{Form: screening.AnySign, Signs: []string{"S17", "S18"}}}},
		{Code: "off", RuleInput: screening.RuleInput{Area: "both", Condition: screening.Condition{Form: screening.AnySign, Signs: []string{"S17"}}}},
		{Code: "grown", RuleInput: screening.RuleInput{Area: "adult", Active: true, Condition: screening.Condition{Form: screening.AnySign, Signs: []string{"S18"}}}},
	}
	signs := sign("S17", "S18", "S17")
	child := screening.Facts{Area: "child", Now: aDay}
	one := screening.Suggest(rules, signs[:1], nil, child)
	if len(one) != 1 || one[0].Rule.Code != "travel" || !one[0].Open() {
		t.Fatalf("%+v", one)
	}
	answers := []screening.Answer{{RuleCode: "travel", Evidence: []uuid.UUID{signs[0].ID, signs[1].ID}, Relevant: true}}
	for name, c := range map[string]struct {
		signs []screening.Seen
		open  bool
	}{
		"what was answered": {signs[:2], false}, "one of them was taken back": {signs[:1], false}, "the same sign, seen once more": {signs, true},
	} {
		got := screening.Suggest(rules, c.signs, answers, child)
		if len(got) != 1 || got[0].Open() != c.open {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if again := screening.Suggest(rules, []screening.Seen{signs[1], signs[0]}, nil, child); again[0].Key != screening.Suggest(rules, signs[:2], nil, child)[0].Key {
		t.Error("the order of the signs changes the question")
	}
}

func TestARuleThatCouldNeverAskIsRefused(t *testing.T) {
	ok := screening.RuleInput{DA: "a", EN: "b", Area: "both", Condition: screening.Condition{Form: screening.AnySign, Signs: []string{"S17"}}}
	ok.Condition.Signs = []string{"S18"}
	if err := ok.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*screening.RuleInput){
		"da": func(r *screening.RuleInput) { r.DA = "" }, "en": func(r *screening.RuleInput) { r.EN = strings.Repeat("x", 121) }, "area": func(r *screening.RuleInput) { r.Area = "moon" },
		"form":     func(r *screening.RuleInput) { r.Condition.Form = "score" },
		"signs":    func(r *screening.RuleInput) { r.Condition.Signs = nil },
		"groups n": func(r *screening.RuleInput) { r.Condition = screening.Condition{Form: screening.CountSign} },
		"n": func(r *screening.RuleInput) {
			r.Condition = screening.Condition{Form: screening.CountSign, Groups: []string{"adult"}, N: 5}
		},
		"groups": func(r *screening.RuleInput) {
			r.Condition = screening.Condition{Form: screening.Spread, Groups: []string{"adult"}, N: 2}
		},
		"holiday_days": func(r *screening.RuleInput) { r.Condition.HolidayDays = -1 },
		"age_from":     func(r *screening.RuleInput) { r.Condition.AgeFrom, r.Condition.AgeTo = 17, 15 },
	} {
		in := ok
		change(&in)
		var bad fault.Invalid
		if err := in.Validate(); !errors.As(err, &bad) || strings.Join(slices.Sorted(maps.Keys(bad)), " ") != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	ok.Area, ok.Condition.Signs = "adult", []string{"S17"} // a sign of children alone
	var bad fault.Invalid
	if err := ok.Validate(); !errors.As(err, &bad) || bad["signs"] != "rule.error.sign_area" {
		t.Errorf("a child's sign for adults: %v", err)
	}
}
