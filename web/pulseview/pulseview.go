// Package pulseview says how an action plan lives: the word, and always the sentence that says why (R6).
package pulseview

import (
	"context"
	"embed"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/i18n"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// tones are the colours of the states, icons their signs; the word says the same.
var (
	tones = map[casefile.PlanState]string{casefile.PlanAlive: "green", casefile.PlanDrowsy: "amber", casefile.PlanAsleep: "red"}
	icons = map[casefile.PlanState]string{casefile.PlanAlive: "check", casefile.PlanDrowsy: "hourglass", casefile.PlanAsleep: "warning"}
)

// Word is "Levende", "Døsig" or "Sovende".
func Word(ctx context.Context, p casefile.Pulse) string {
	return i18n.T(ctx, "pulse."+string(p.State()))
}

// Revisit is what made it necessary to go through the plan again: the risk rose, a report came, or both.
func Revisit(ctx context.Context, p casefile.Pulse, now time.Time) string {
	return i18n.T(ctx, "pulse.revisit."+p.PlanRevisitWhy, i18n.Date(ctx, *p.PlanRevisitAt, now))
}

// Why is the sentence behind the word. That the plan is to be gone through is said of one that sleeps too, and first.
func Why(ctx context.Context, p casefile.Pulse, now time.Time) string {
	if p.ToRevisit() {
		why := Revisit(ctx, p, now) + " " + i18n.T(ctx, "pulse.revisit.since")
		if p.State() == casefile.PlanAsleep {
			why += " " + reason(ctx, p, now)
		}
		return why
	}
	return reason(ctx, p, now)
}

func reason(ctx context.Context, p casefile.Pulse, now time.Time) string {
	date := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return i18n.Date(ctx, *t, now)
	}
	key := "pulse.why." + p.PulseReason
	switch p.PulseReason {
	case "asleep.late", "drowsy.late":
		return i18n.T(ctx, key, p.OpenSteps, date(p.LateSince))
	case "drowsy.unsure":
		return i18n.T(ctx, key, p.UnsureSteps, p.OpenSteps)
	case "drowsy.follow_up":
		return i18n.T(ctx, key, date(p.PlanFollowUp))
	case "drowsy.empty":
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, key, date(p.PlanMovedAt))
}
