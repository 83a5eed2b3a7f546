package screening_test

import (
	"testing"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/screening"
)

func TestAChildIsScreenedAgainBeforeTheSummerAndAtTheAgesThatMatter(t *testing.T) {
	on := func(text string) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, text, i18n.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return at.Add(11 * time.Hour)
	}
	for _, c := range []struct{ name, screened, born, now, want string }{
		{"61 days before the summer", "2026-02-01", "", "2026-04-27", ""},
		{"60 days before the summer", "2026-02-01", "", "2026-04-28", "summer"},
		{"screened for this summer", "2026-05-02", "", "2026-06-20", ""},
		{"the holiday's first day", "2026-02-01", "", "2026-06-27", "summer"},
		{"the summer has begun", "2026-02-01", "", "2026-06-28", ""},
		{"the day before 15", "2026-08-01", "2011-09-10", "2026-09-09", ""},
		{"15 today", "2026-08-01", "2011-09-10", "2026-09-10", "15"},
		{"15 for a month, screened since", "2026-09-20", "2011-09-10", "2026-10-10", ""},
		{"17 and a half", "2026-08-01", "2009-03-10", "2026-09-10", "17_half"},
		{"18 comes before 17 and a half", "2025-08-01", "2008-09-10", "2026-09-10", "18"},
		{"nobody knows the age", "2026-08-01", "", "2026-09-10", ""},
	} {
		var born *time.Time
		if c.born != "" {
			b := on(c.born)
			born = &b
		}
		if got := screening.Again(on(c.screened), born, on(c.now)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
