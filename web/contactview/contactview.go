// Package contactview shows whether somebody may be contacted, and is the only place that makes a link of the number or the address of a
// person of a case: where the rules do not allow it now, there is an interruption and no link.
package contactview

import (
	"context"
	"embed"
	"strings"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/i18n"
	"samspil/web/link"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Name is a channel in a word: "opkald".
func Name(ctx context.Context, c casefile.Channel) string { return i18n.T(ctx, "contact."+string(c)) }

// Word is a verdict in two words: "Må gerne nu", "Ikke nu", "Spørg først".
func Word(ctx context.Context, v casefile.Verdict) string {
	return i18n.T(ctx, "contact.state."+string(v.State))
}

// Words is a verdict in a sentence: "Må gerne nu, til kl. 15.00", "Ikke nu. Tidligst i morgen kl. 8.00."
func Words(ctx context.Context, v casefile.Verdict, now time.Time) string {
	switch {
	case v.OK() && v.Until != nil:
		return i18n.T(ctx, "contact.until", until(ctx, *v.Until, now))
	case v.OK():
		return i18n.T(ctx, "contact.state.allowed") + "."
	case v.Next != nil:
		return i18n.T(ctx, "contact.next", i18n.Soon(ctx, *v.Next, now))
	}
	return Word(ctx, v) + ". " + Why(ctx, v)
}

// Why is what the rules have against it, in a sentence.
func Why(ctx context.Context, v casefile.Verdict) string {
	if v.Why == "" {
		return ""
	}
	return i18n.T(ctx, "contact.why."+v.Why)
}

// until is a moment near now: only the clock, where it is today.
func until(ctx context.Context, t, now time.Time) string {
	if i18n.Days(t, now) == 0 {
		return i18n.Clock(ctx, t)
	}
	return i18n.Soon(ctx, t, now)
}

// Line is the rule for the citizen in one line, as it stands now: "Må kontaktes nu: SMS · til kl. 15.00", "Ikke nu: først i morgen kl. 8.00".
func Line(ctx context.Context, r casefile.Rules, now time.Time) string {
	ways, end := open(ctx, r, now)
	if len(ways) > 0 {
		line := i18n.T(ctx, "contact.line.now", strings.Join(ways, ", "))
		if end != nil {
			line += " · " + i18n.T(ctx, "contact.line.until", until(ctx, *end, now))
		}
		return line
	}
	barred := true
	for _, c := range casefile.Channels {
		v := casefile.Allowed(r, c, now)
		if v.Next != nil {
			return i18n.T(ctx, "contact.line.next", i18n.Soon(ctx, *v.Next, now))
		}
		barred = barred && v.State == casefile.Forbidden
	}
	if barred {
		return i18n.T(ctx, "contact.line.never")
	}
	return i18n.T(ctx, "contact.line.unsettled")
}

// open are the channels that may be used now, and when the first of them ends.
func open(ctx context.Context, r casefile.Rules, now time.Time) (ways []string, end *time.Time) {
	for _, c := range casefile.Channels {
		v := casefile.Allowed(r, c, now)
		if !v.OK() {
			continue
		}
		name := Name(ctx, c)
		if c == casefile.Third {
			name = i18n.T(ctx, "contact.through", r.Third)
		}
		ways = append(ways, name)
		if end == nil {
			end = v.Until
		}
	}
	return ways, end
}

// Safe is the way that is safe: what may be used now, else when; empty where nobody has settled one.
func Safe(ctx context.Context, r casefile.Rules, now time.Time) string {
	if ways, _ := open(ctx, r, now); len(ways) > 0 {
		return i18n.T(ctx, "contact.safe", strings.Join(ways, ", "))
	}
	return ""
}

// href is where a number or an address leads when it may be used now; empty for what is no link.
func href(s casefile.Shown) string {
	if !s.Verdict.OK() {
		return ""
	}
	switch s.Channel {
	case casefile.Phone:
		return link.Tel(s.Text)
	case casefile.SMS:
		return "sms:" + strings.TrimPrefix(link.Tel(s.Text), "tel:")
	case casefile.Email:
		if strings.ContainsAny(s.Text, "?&%#/= ") { // a mail program would read these as more than an address
			return ""
		}
		return "mailto:" + s.Text
	}
	return ""
}
