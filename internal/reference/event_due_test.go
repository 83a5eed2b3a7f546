package reference_test

import (
	"testing"
	"time"

	"samspil/internal/reference"
)

func TestOrangeAsksForSpecialistsWithinADay(t *testing.T) {
	at := time.Date(2026, 11, 9, 13, 31, 0, 0, time.UTC)
	for code, want := range map[string]time.Time{"level_orange": at.Add(24 * time.Hour), "access_request": {}} {
		if e, ok := reference.EventTriggerByCode(code); !ok || !e.DueAt(at).Equal(want) {
			t.Errorf("%s is due %v, want %v", code, e.DueAt(at), want)
		}
	}
}
