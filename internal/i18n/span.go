package i18n

import (
	"context"
	"time"
)

// Span says how long something lasts, down to the minute: "3 t 11 min", "45 min", "2 dage 3 t".
func Span(ctx context.Context, d time.Duration) string {
	if d < 0 {
		d = -d
	}
	minutes := int(d / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case days > 0:
		return N(ctx, "when.span.days", days, hours)
	case hours > 0:
		return T(ctx, "when.span.hours", hours, minutes%60)
	default:
		return T(ctx, "when.span.minutes", minutes)
	}
}

// Soon writes a moment near now for running text: "i dag kl. 13.42", "i morgen kl. 9.05", "i går kl. 16.20", else the date and the time.
func Soon(ctx context.Context, t, now time.Time) string {
	if Days(t, now) == 1 {
		return T(ctx, "when.tomorrow") + " " + Clock(ctx, t)
	}
	return DateTime(ctx, t, now)
}
