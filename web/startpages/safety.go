package startpages

import (
	"context"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/reference"
)

// promptsShown is how many events Min dag lists; their cases show the others.
const promptsShown = 8

// missedCount says how many check-ins were missed, or nothing.
func missedCount(ctx context.Context, list []overview.CheckIn, now time.Time) string {
	n := 0
	for _, c := range list {
		if c.Missed(now) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "day.checkins.missed", n)
}

// about is whom a check-in is about, in the words of a list.
func about(ctx context.Context, c overview.CheckIn, now time.Time) string {
	return of(ctx, overview.Step{CallingName: c.CallingName, Born: c.Born}, now)
}

// eventName and eventCalls are what has happened, and what it calls for.
func eventName(ctx context.Context, p overview.Prompt) string {
	return reference.Name(ctx, reference.EventTriggers, p.Rule)
}

func eventCalls(ctx context.Context, p overview.Prompt) string {
	t, _ := reference.EventTriggerByCode(p.Rule)
	return t.Suggestion(ctx)
}
