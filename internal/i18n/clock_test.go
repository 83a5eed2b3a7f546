package i18n_test

import (
	"testing"
	"time"

	"samspil/internal/i18n"
)

func TestTimeOfDayAsACaseworkerWritesIt(t *testing.T) {
	for typed, want := range map[string]time.Duration{
		"9.30": 9*time.Hour + 30*time.Minute, "9:30": 9*time.Hour + 30*time.Minute, "0930": 9*time.Hour + 30*time.Minute, "kl. 9.05": 9*time.Hour + 5*time.Minute,
		"14": 14 * time.Hour, " kl 8 ": 8 * time.Hour, "0.00": 0, "23.59": 23*time.Hour + 59*time.Minute,
		"24.00": -1, "9.60": -1, "halv ni": -1, "": -1, "9.5": -1, "930": -1, "99": -1,
	} {
		got, err := i18n.ParseClock(typed)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("ParseClock(%q) = %v, want %v", typed, got, want)
		}
	}
	if got := i18n.FieldClock("da", time.Date(2026, 11, 19, 9, 5, 0, 0, i18n.Zone)); got != "9.05" {
		t.Errorf("field: %q", got)
	}
}
