// Package stepview says in words how a step of a plan is scheduled: what its day follows, what it waits for, how it repeats.
package stepview

import (
	"context"
	"embed"
	"strconv"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/plan"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Event names what a day follows: "planens start". title is that of the step that is waited for.
func Event(ctx context.Context, r plan.Rule, title string) string {
	switch {
	case r.Event != plan.Awaited:
		return i18n.T(ctx, "step.event."+r.Event)
	case r.WaitsFor == plan.ForStep:
		return i18n.T(ctx, "step.awaited.step", title)
	}
	return i18n.T(ctx, "step.awaited."+r.WaitsFor)
}

// Day is "14 dage efter planens start", or "" for a day that is fixed by hand.
func Day(ctx context.Context, r plan.Rule, title string) string {
	event := Event(ctx, r, title)
	switch {
	case r.Event == "":
		return ""
	case r.Offset == 0:
		return i18n.T(ctx, "step.same", event)
	case r.Offset < 0:
		return i18n.T(ctx, "step.before", i18n.N(ctx, "step.unit."+r.Unit, -r.Offset), event)
	}
	return i18n.T(ctx, "step.after", i18n.N(ctx, "step.unit."+r.Unit, r.Offset), event)
}

// Waits is "Venter på ny risikovurdering", or "".
func Waits(ctx context.Context, r plan.Rule, title string) string {
	switch r.WaitsFor {
	case "":
		return ""
	case plan.ForStep:
		return i18n.T(ctx, "step.waits.step", title)
	}
	return i18n.T(ctx, "step.waits."+r.WaitsFor)
}

// Repeats is "Gentages hver 14. dag til 1. mar.", or "".
func Repeats(ctx context.Context, r plan.Rule, now time.Time) string {
	if r.Every == 0 {
		return ""
	}
	text := every(ctx, r)
	if !r.Until.IsZero() {
		text = i18n.T(ctx, "step.until", text, i18n.Date(ctx, r.Until, now))
	}
	return text
}

// Moved is "Fulgte planens start, før 12. dec.", or "" for a step that no event has taken along.
func Moved(ctx context.Context, s plan.Step, now time.Time) string {
	if s.MovedFrom == nil || s.DueEvent == "" || s.Status != plan.Open {
		return ""
	}
	return i18n.T(ctx, "step.moved", Event(ctx, s.Rule(), s.WaitsTitle), i18n.Date(ctx, *s.MovedFrom, now))
}

// ordinal is "14." or "14th".
func ordinal(ctx context.Context, n int) string {
	s := strconv.Itoa(n)
	if i18n.Lang(ctx) != "en" {
		return s + "."
	}
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		return s + "st"
	case n%10 == 2:
		return s + "nd"
	case n%10 == 3:
		return s + "rd"
	}
	return s + "th"
}

func every(ctx context.Context, r plan.Rule) string {
	if r.Every == 1 {
		return i18n.T(ctx, "step.every."+r.EveryUnit+".each")
	}
	return i18n.T(ctx, "step.every."+r.EveryUnit, ordinal(ctx, r.Every))
}
