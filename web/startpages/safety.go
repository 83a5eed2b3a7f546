package startpages

import (
	"context"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/reference"
	"samspil/web/deadlineview"
)

// promptsShown is how many events Min dag lists; their cases show the others.
const promptsShown = 8

// missedCheckIns is how many check-ins were missed.
func missedCheckIns(list []overview.CheckIn, now time.Time) int {
	n := 0
	for _, c := range list {
		if c.Missed(now) {
			n++
		}
	}
	return n
}

// missedCount says how many check-ins were missed, or nothing.
func missedCount(ctx context.Context, list []overview.CheckIn, now time.Time) string {
	n := missedCheckIns(list, now)
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

// eventMark says how sure anybody is of a time that an event sets, and nothing where it sets none.
func eventMark(ctx context.Context, p overview.Prompt) string {
	t, _ := reference.EventTriggerByCode(p.Rule)
	if t.WithinHours == 0 {
		return ""
	}
	mark, _ := deadlineview.Mark(ctx, t.Certainty)
	return mark
}
