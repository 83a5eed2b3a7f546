package planpages

import (
	"testing"
	"time"

	"samspil/internal/i18n"
)

func TestNoStepIsProposedForAWeekend(t *testing.T) {
	for day, want := range map[int]string{20: "27.11.2026", 21: "30.11.2026", 22: "30.11.2026", 23: "30.11.2026"} { // Friday to Monday
		if got := i18n.FieldDate(proposedDue(time.Date(2026, 11, day, 23, 30, 0, 0, i18n.Zone))); got != want {
			t.Errorf("on the %d.: %s, want %s", day, got, want)
		}
	}
}
