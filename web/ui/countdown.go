package ui

import (
	"context"
	"time"

	"samspil/internal/i18n"
)

// Countdown is a deadline of clock hours: what counts is how long is left, and after that when it is over.
type Countdown struct {
	By  time.Time  // zero: no clock
	Met *time.Time // when it was met, in time or not
	Now time.Time
	Hot time.Duration // from here on it is red
}

// words say the tone of the bar, the first words and the quiet ones below.
func (c Countdown) words(ctx context.Context) (tone, first, second string) {
	switch {
	case c.Met != nil && c.Met.After(c.By):
		return "late", i18n.T(ctx, "ui.clock.too_late", i18n.Span(ctx, c.Met.Sub(c.By))), i18n.DateTime(ctx, *c.Met, c.Now)
	case c.Met != nil:
		return "ok", i18n.T(ctx, "ui.clock.met"), i18n.DateTime(ctx, *c.Met, c.Now)
	case c.Now.After(c.By):
		return "late", i18n.T(ctx, "ui.clock.over"), i18n.T(ctx, "ui.clock.since", i18n.Span(ctx, c.Now.Sub(c.By)), i18n.Soon(ctx, c.By, c.Now))
	}
	tone = "today"
	if c.By.Sub(c.Now) <= c.Hot {
		tone = "late"
	}
	return tone, i18n.T(ctx, "ui.clock.left", i18n.Span(ctx, c.By.Sub(c.Now))), i18n.T(ctx, "ui.clock.by", i18n.Soon(ctx, c.By, c.Now))
}

// Bell is what rings on every page of the desk: reports whose clock is in its last hours, or over.
type Bell struct {
	Soon, Past int
	Href       string // of the most pressing one
}
