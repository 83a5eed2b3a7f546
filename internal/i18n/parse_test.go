package i18n_test

import (
	"testing"
	"time"

	"samspil/internal/i18n"
)

func TestDateAsACaseworkerWritesIt(t *testing.T) {
	now := time.Date(2026, 11, 19, 10, 30, 0, 0, i18n.Zone) // a Thursday
	for typed, want := range map[string]string{
		"24.11.2026": "2026-11-24", "24/11": "2026-11-24", "24-11-26": "2026-11-24", "2026-11-24": "2026-11-24", "3. 12": "",
		"fre": "2026-11-20", "fredag": "2026-11-20", "tor": "2026-11-26", "+7": "2026-11-26", "+2 uger": "2026-12-03",
		"i morgen": "2026-11-20", "I dag": "2026-11-19", "tomorrow": "2026-11-20",
		"2.1": "2027-01-02", "1/10": "2026-10-01", // a month without a year is near
		"31.4.2026": "", "0.1.2026": "", "1.13.2026": "", "snart": "", "": "", "1.1.1200": "",
	} {
		got := ""
		if d, err := i18n.ParseDate(typed, now); err == nil {
			got = d.Format("2006-01-02")
		}
		if got != want {
			t.Errorf("ParseDate(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestADateOfBirthIsNeverGuessed(t *testing.T) {
	for typed, want := range map[string]string{
		"24.11.2010": "2010-11-24", "4/1-2010": "2010-01-04", "4 1 2010": "2010-01-04", "2010-11-24": "2010-11-24",
		"24.11.10": "", "24/11": "", "i går": "", "fre": "", "+7": "", "31.4.2010": "", "": "",
	} {
		got := ""
		if d, err := i18n.ParseBirthday(typed); err == nil {
			got = d.Format("2006-01-02")
		}
		if got != want {
			t.Errorf("ParseBirthday(%q) = %q, want %q", typed, got, want)
		}
	}
}
