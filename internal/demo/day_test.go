package demo_test

import (
	"testing"
	"time"

	"samspil/internal/demo"
)

// On a Monday three days ago and yesterday are both Friday: a step was still put off to another day than its own.
func TestNoStepIsPutOffToItsOwnDay(t *testing.T) {
	for i := range 14 {
		today := time.Date(2026, 11, 16+i, 3, 30, 0, 0, time.UTC)
		to := demo.Due(today, -1)
		from := demo.PostponedFrom(today, -3, to)
		if !from.Before(to) || from.Weekday() == time.Saturday || from.Weekday() == time.Sunday {
			t.Errorf("%s: from %s to %s", today.Weekday(), from.Format(time.DateOnly), to.Format(time.DateOnly))
		}
	}
}
