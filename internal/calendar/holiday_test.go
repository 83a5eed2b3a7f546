package calendar_test

import (
	"slices"
	"testing"
	"time"

	. "samspil/internal/calendar"
	"samspil/internal/i18n"
)

// The table is that of the almanac; 1818 and 2285 are the earliest Easter there is, 1943 and 2038 the latest.
func TestEasterStandsInTheAlmanac(t *testing.T) {
	for year, day := range map[int]string{1818: "03-22", 1943: "04-25", 1961: "04-02", 1981: "04-19", 2000: "04-23", 2008: "03-23", 2016: "03-27", 2019: "04-21",
		2020: "04-12", 2021: "04-04", 2022: "04-17", 2023: "04-09", 2024: "03-31", 2025: "04-20", 2026: "04-05", 2027: "03-28", 2028: "04-16", 2029: "04-01",
		2030: "04-21", 2031: "04-13", 2032: "03-28", 2033: "04-17", 2034: "04-09", 2035: "03-25", 2038: "04-25", 2049: "04-18", 2076: "04-19", 2285: "03-22"} {
		if got := Easter(year).Format("01-02"); got != day {
			t.Errorf("%d: %s, want %s", year, got, day)
		}
	}
	for year := 1583; year < 4000; year++ {
		if d := Easter(year); d.Weekday() != time.Sunday || d.Format("01-02") < "03-22" || d.Format("01-02") > "04-25" {
			t.Errorf("Easter on %s", d.Format("Monday 2006-01-02"))
		}
	}
}

func TestTheOfficeIsClosedOnTheseDays(t *testing.T) {
	days := func(year int, s Settings) (out []string) {
		for _, h := range Holidays(year, s) {
			out = append(out, h.Day.Format("01-02 ")+h.Code)
		}
		return out
	}
	want := []string{"01-01 new_year", "03-25 maundy_thursday", "03-26 good_friday", "03-28 easter", "03-29 easter_monday", "05-06 ascension", "05-16 whitsun",
		"05-17 whit_monday", "12-25 christmas", "12-26 boxing_day"}
	if got := days(2027, Settings{}); !slices.Equal(got, want) {
		t.Errorf("2027: %v", got)
	}
	with := []string{"01-01 new_year", "03-25 maundy_thursday", "03-26 good_friday", "03-28 easter", "03-29 easter_monday", "05-06 ascension", "05-16 whitsun",
		"05-17 whit_monday", "06-05 constitution_day", "12-24 christmas_eve", "12-25 christmas", "12-26 boxing_day", "12-31 new_years_eve"}
	if got := days(2027, everything); !slices.Equal(got, with) {
		t.Errorf("2027 with all three: %v", got)
	}
}

func TestStoreBededagIsGoneFrom2024(t *testing.T) {
	for year, want := range map[int]string{2019: "05-17", 2022: "05-13", 2023: "05-05", 2024: "", 2025: "", 2040: ""} {
		got := ""
		for _, h := range Holidays(year, everything) {
			if h.Code == "prayer_day" {
				got = h.Day.Format("01-02")
			}
		}
		if got != want {
			t.Errorf("%d: %q, want %q", year, got, want)
		}
	}
}

func TestTheNextTwelveMonthsHaveEveryHolidayOnce(t *testing.T) {
	now := time.Date(2026, time.November, 22, 23, 30, 0, 0, time.UTC) // the 23rd here
	all := Coming(now, everything)
	if len(all) != 13 {
		t.Errorf("%d holidays", len(all))
	}
	if first, last := all[0].Day.Format(time.DateOnly), all[len(all)-1].Day.Format(time.DateOnly); first != "2026-12-24" || last != "2027-06-05" {
		t.Errorf("from %s to %s", first, last)
	}
	for _, h := range all {
		if !everything.Free(h.Day.Add(26*time.Hour).Add(-3*time.Hour)) || h.Day.Location() != i18n.Zone {
			t.Errorf("%s is not free late in the evening", h.Code)
		}
	}
	if (Settings{}).Free(time.Date(2026, 12, 24, 12, 0, 0, 0, i18n.Zone)) {
		t.Error("Christmas Eve is free without anybody having said so")
	}
}
