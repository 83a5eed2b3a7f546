package i18n

import (
	"testing"
	"time"
)

// What is written down afterwards is about a day that has been: "fre" on a Sunday is the day before yesterday.
func TestADayThatHasBeen(t *testing.T) {
	sunday, january := time.Date(2026, 11, 22, 21, 0, 0, 0, Zone), time.Date(2027, 1, 5, 9, 0, 0, 0, Zone)
	for _, c := range []struct {
		typed string
		now   time.Time
		want  string // of the day; "" cannot be read
	}{
		{"fre", sunday, "2026-11-20"},
		{" Søndag ", sunday, "2026-11-22"},
		{"i går", sunday, "2026-11-21"},
		{"20/11", sunday, "2026-11-20"},
		{"20.11.2026", sunday, "2026-11-20"},
		{"20/11", january, "2026-11-20"},
		{"1/7", january, "2026-07-01"},
		{"20.11.2027", january, "2027-11-20"}, // said with its year: to come
		{"1/5", sunday, "2026-05-01"},
		{"2/1", january, "2027-01-02"},
		{"8/1", january, "2027-01-08"}, // a slip: refused by who asks, and not taken for last year's
		{"+7", sunday, "2026-11-29"},   // likewise
		{"imorgen", sunday, "2026-11-23"},
		{"31/2", sunday, ""},
		{"snart", sunday, ""},
	} {
		got, err := ParsePast(c.typed, c.now)
		if day := got.Format(time.DateOnly); (err == nil) != (c.want != "") || err == nil && day != c.want {
			t.Errorf("%q at %s is %s, %v; want %q", c.typed, c.now.Format(time.DateOnly), day, err, c.want)
		}
	}
}
