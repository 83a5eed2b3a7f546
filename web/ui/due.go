package ui

import (
	"context"
	"time"

	"samspil/internal/i18n"
)

// farAway is when counting days stops helping; beyond it the date says enough.
const farAway = 60

// dueWords says a deadline: the tone of its bar, the date, and the words below it.
// A date is never highlighted without words that say the same.
func dueWords(ctx context.Context, at time.Time, hasTime bool, now time.Time, done bool) (tone, date, words string) {
	date = i18n.Date(ctx, at, now)
	days := i18n.Days(at, now)
	switch {
	case done:
		return "ok", date, ""
	case days < 0:
		return "late", date, i18n.Relative(ctx, at, now)
	case days == 0 && hasTime && at.Before(now):
		return "late", i18n.Capital(i18n.T(ctx, "when.today")), i18n.T(ctx, "ui.due.passed", i18n.Clock(ctx, at))
	case days == 0 && hasTime:
		return "today", i18n.Capital(i18n.T(ctx, "when.today")), i18n.Clock(ctx, at)
	case days <= 1:
		tone, words = "today", i18n.Relative(ctx, at, now)
	case days <= farAway:
		words = i18n.Relative(ctx, at, now)
	}
	if hasTime && words != "" {
		if days > 1 {
			words += "," // "om 5 dage, kl. 9", but "i morgen kl. 9"
		}
		words += " " + i18n.Clock(ctx, at)
	}
	return tone, date, words
}

// keptWords says whether a deadline was met in time: the tone of its bar, and by how much it was not.
func keptWords(ctx context.Context, due, met time.Time, hasTime bool) (tone, words string) {
	if !met.After(due) {
		return "ok", ""
	}
	if days := i18n.Days(met, due); days > 1 || !hasTime {
		return "late", i18n.N(ctx, "ui.due.too_late", max(days, 1))
	}
	return "late", i18n.T(ctx, "ui.due.too_late.span", i18n.Span(ctx, met.Sub(due)))
}

// stamp is the machine's form of a deadline, for <time datetime>.
func stamp(at time.Time, hasTime bool) string {
	if hasTime {
		return at.In(i18n.Zone).Format("2006-01-02T15:04-07:00")
	}
	return at.In(i18n.Zone).Format("2006-01-02")
}
