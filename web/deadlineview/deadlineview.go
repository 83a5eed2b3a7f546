// Package deadlineview says deadlines in words, for every page that shows them: how much is left, how long they are,
// and how sure anybody is of the rule.
package deadlineview

import (
	"context"
	"embed"
	"strings"
	"time"

	"samspil/internal/calendar"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// inHours is how near a deadline with an hour must be to be counted down in hours.
const inHours = 48 * time.Hour

// Left says how much is left of a deadline: "3 t 11 min tilbage", "om 12 dage", "2 t over", "4 dage over".
func Left(ctx context.Context, due time.Time, hasTime bool, now time.Time) string {
	left := due.Sub(now)
	if !hasTime || left > inHours || left < -inHours {
		if left < 0 && i18n.Days(due, now) == 0 {
			return i18n.T(ctx, "deadline.over.now")
		}
		return i18n.Relative(ctx, due, now)
	}
	key := "deadline.left"
	if left < 0 {
		key, left = "deadline.over", -left
	}
	hours, minutes := int(left.Hours()), int(left.Minutes())%60
	if hours == 0 {
		return i18n.T(ctx, key+".minutes", minutes)
	}
	return i18n.T(ctx, key+".hours", hours, minutes)
}

// sayable is how many days away a deadline may be for [ui.Due] to count them.
const sayable = 60

// Beside says how much is left of a deadline where the part [ui.Due] beside it does not: hours and minutes when it is near, days when it is far away.
func Beside(ctx context.Context, due time.Time, hasTime bool, now time.Time) string {
	if left := due.Sub(now); hasTime && left <= inHours && left >= -inHours || i18n.Days(due, now) > sayable {
		return i18n.Capital(Left(ctx, due, hasTime, now))
	}
	return ""
}

// Length says how long a limit is: "24 timer", "6 hverdage", "4 måneder".
func Length(ctx context.Context, length int, unit calendar.Unit) string {
	return i18n.N(ctx, "unit."+string(unit), length)
}

// Unit is the name of a unit: "hverdage (mandag-lørdag)".
func Unit(ctx context.Context, unit calendar.Unit) string {
	return i18n.T(ctx, "unit.name."+string(unit))
}

// Trigger says what a deadline began with: "Underretningen blev modtaget".
func Trigger(ctx context.Context, code string) string {
	if key := "trigger." + code; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "trigger.other")
}

// Mark says how sure anybody is of a rule, and the tone of its tag: what is a proposal is not law, and the screen says so.
func Mark(ctx context.Context, certainty string) (text, tone string) {
	code := "unsure"
	switch {
	case strings.HasPrefix(certainty, "sourced duty"):
		code = "duty"
	case certainty == "K-high":
		code = "high"
	case certainty == "sourced", certainty == "proposal", certainty == deadline.LocalMark:
		code = certainty
	}
	return i18n.T(ctx, "mark."+code), map[string]string{"sourced": "ol", "high": "ol", deadline.LocalMark: "blue"}[code]
}

// When is the moment a deadline began: a date, with the hour where hours count.
func When(ctx context.Context, at time.Time, unit calendar.Unit) string {
	if unit.HasTime() {
		return i18n.LongDate(ctx, at) + " " + i18n.Clock(ctx, at)
	}
	return i18n.LongDate(ctx, at)
}
