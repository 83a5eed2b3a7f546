package ui

import (
	"testing"
	"time"
)

// One red case among thirty-six is the one that matters: its number has room, and the bar keeps its length.
func TestEverySegmentOfAChartHasRoomForItsNumber(t *testing.T) {
	r := ChartRow{Values: []int{5, 5, 17, 8, 1}}
	c := Chart{Series: make([]Series, 5), Rows: []ChartRow{r}}
	sum := 0.0
	for i, w := range c.widths(r) {
		if sum += w; w < narrowest {
			t.Errorf("segment %d is %.1f%% wide", i, w)
		}
	}
	if d := sum - c.width(36); d > .01 || d < -.01 {
		t.Errorf("the bar is %.2f%% too long", d)
	}
	if w := c.widths(ChartRow{Values: []int{0, 2}}); w[0] != 0 {
		t.Error("nothing is drawn as something")
	}
}

func TestADeadlineThatWasMetTooLateIsNotGreen(t *testing.T) {
	due := time.Date(2026, 11, 3, 22, 59, 0, 0, time.UTC)
	for _, x := range []struct {
		met         time.Time
		hasTime     bool
		tone, words string
	}{
		{due.Add(-time.Hour), false, "ok", ""}, {due.AddDate(0, 0, 13), false, "late", "13 dage for sent"},
		{due.Add(2 * time.Minute), false, "late", "1 dag for sent"}, {due.Add(90 * time.Minute), true, "late", "1 t 30 min for sent"},
	} {
		tone, words := keptWords(danish, due, x.met, x.hasTime)
		if tone != x.tone || words != x.words {
			t.Errorf("met %v: %s %q, want %s %q", x.met, tone, words, x.tone, x.words)
		}
	}
}
