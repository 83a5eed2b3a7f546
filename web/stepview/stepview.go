// Package stepview says in words how a step of a plan is scheduled: what its day follows, what it waits for, how it repeats.
package stepview

import (
	"context"
	"embed"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/internal/plan"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Titles are what steps are called that are waited for: [plan.Step.WaitTitle] or [plan.Content.StepTitle].
type Titles func(id uuid.UUID) string

// Event names what a day follows: "planens start".
func Event(ctx context.Context, r plan.Rule, titles Titles) string {
	switch {
	case r.Event != plan.Awaited:
		return i18n.T(ctx, "step.event."+r.Event)
	case len(r.WaitsFor) != 1:
		return i18n.T(ctx, "step.awaited.all")
	}
	if id, ok := r.WaitsFor[0].Step(); ok {
		return i18n.T(ctx, "step.awaited.step", titles(id))
	}
	return i18n.T(ctx, "step.awaited."+string(r.WaitsFor[0]))
}

// Day is "14 dage efter planens start", or "" for a day that is fixed by hand.
func Day(ctx context.Context, r plan.Rule, titles Titles) string {
	event := Event(ctx, r, titles)
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

// Thing is what is waited for: "ny risikovurdering", "“Tal med skolen”".
func Thing(ctx context.Context, w plan.Await, titles Titles) string {
	if id, ok := w.Step(); ok {
		return i18n.T(ctx, "step.thing.step", titles(id))
	}
	return i18n.T(ctx, "step.thing."+string(w))
}

// Waits is "Venter på ny risikovurdering og “Tal med skolen”": everything that is waited for, or "".
func Waits(ctx context.Context, r plan.Rule, titles Titles) string {
	return waits(ctx, r.WaitsFor, titles)
}

// Lacking is what an open step still waits for, in the same words.
func Lacking(ctx context.Context, s plan.Step) string {
	var list []plan.Await
	for _, a := range s.Awaits() {
		if a.Came == nil {
			list = append(list, a.Await)
		}
	}
	return waits(ctx, list, s.WaitTitle)
}

// Came is "På plads: ny risikovurdering (12. dec.)": what has come of the several things that a step waits for, or "".
func Came(ctx context.Context, s plan.Step, now time.Time) string {
	var list []string
	for _, a := range s.Awaits() {
		if a.Came != nil {
			list = append(list, i18n.T(ctx, "step.thing.came", Thing(ctx, a.Await, s.WaitTitle), i18n.Date(ctx, *a.Came, now)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return i18n.T(ctx, "step.came", strings.Join(list, "; "))
}

func waits(ctx context.Context, list []plan.Await, titles Titles) string {
	if len(list) == 0 {
		return ""
	}
	things := make([]string, len(list))
	for i, w := range list {
		things[i] = Thing(ctx, w, titles)
	}
	last := len(things) - 1
	if last == 0 {
		return i18n.T(ctx, "step.waits", things[0])
	}
	return i18n.T(ctx, "step.waits", i18n.T(ctx, "step.and", strings.Join(things[:last], ", "), things[last]))
}

// LeftOut is why the program left a step out, or "" where somebody did.
func LeftOut(ctx context.Context, code string) string {
	if code == "" {
		return ""
	}
	return i18n.T(ctx, "step.left_out."+code)
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
	return i18n.T(ctx, "step.moved", Event(ctx, s.Rule(), s.WaitTitle), i18n.Date(ctx, *s.MovedFrom, now))
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
