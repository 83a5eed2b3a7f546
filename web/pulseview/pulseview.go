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

// Why is the sentence behind the word.
func Why(ctx context.Context, p casefile.Pulse, now time.Time) string {
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
	case "drowsy.revisit":
		return i18n.T(ctx, key, date(p.PlanRevisitAt))
	case "drowsy.unsure":
		return i18n.T(ctx, key, p.UnsureSteps, p.OpenSteps)
	case "drowsy.follow_up":
		return i18n.T(ctx, key, date(p.PlanFollowUp))
	case "drowsy.empty":
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, key, date(p.PlanMovedAt))
}
