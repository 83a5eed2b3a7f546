package casepages

import (
	"context"
	"slices"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/web/eventview"
	"samspil/web/ui"
)

// levelChart is the history of the level, newest first, as a picture.
func levelChart(newestFirst []casefile.SeverityChange, now time.Time) ui.LevelChart {
	c := ui.LevelChart{Now: now}
	for _, s := range slices.Backward(newestFirst) {
		c.Steps = append(c.Steps, ui.LevelAt{At: s.At, Level: s.To})
	}
	return c
}

// events are the entries of the journal as the timeline shows them.
func events(ctx context.Context, ref string, list []journal.Entry) []ui.Event {
	out := make([]ui.Event, len(list))
	for i, e := range list {
		out[i] = eventview.Entry(ctx, e, ref)
	}
	return out
}

// lateWords says how many steps are late, and nothing when none is.
func lateWords(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "overview.next.late", n)
}

// familyLink leads to the whole table when there is one.
func familyLink(ctx context.Context, v overview) string {
	if len(v.People) == 0 {
		return ""
	}
	return i18n.T(ctx, "overview.family.all")
}
