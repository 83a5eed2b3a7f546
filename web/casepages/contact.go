package casepages

import (
	"context"
	"slices"

	"samspil/internal/casefile"
	"samspil/internal/i18n"
	"samspil/web/contactview"
	"samspil/web/ui"
)

// reaches reports whether the fact is a number or an address that somebody is reached by.
func (v secret) reaches() bool { return len(v.ways()) > 0 }

// ways are the ways that the fact opens.
func (v secret) ways() []casefile.Channel { return casefile.FactChannels(v.Fact.Kind) }

// rules are the rules for whom the fact is about.
func (v secret) rules() casefile.Rules { return v.Fact.Rules(v.Case) }

// best is the kindest word of the rules now.
func (v secret) best() casefile.Verdict { return casefile.Best(v.rules(), v.ways(), v.Now) }

// waits reports whether some way of the fact takes a reason now: then the page is an interruption.
func (v secret) waits() bool {
	return slices.ContainsFunc(v.ways(), func(c casefile.Channel) bool { return !casefile.Allowed(v.rules(), c, v.Now).OK() })
}

// purposes are what the fact may be wanted for: each way that some reason could open, then what is no contact.
func (v secret) purposes(ctx context.Context) []ui.Option {
	if !v.reaches() {
		return ui.Options(ctx, "purpose.", casefile.RevealPurposes)
	}
	var all []ui.Option
	for _, c := range v.ways() {
		if verdict := casefile.Allowed(v.rules(), c, v.Now); !verdict.Final() {
			all = append(all, ui.Option{Value: casefile.ToContact + string(c), Label: i18n.T(ctx, "contact.by", contactview.Name(ctx, c)), Hint: contactview.Words(ctx, verdict, v.Now)})
		}
	}
	for _, o := range ui.Options(ctx, "purpose.", casefile.RevealPurposes) {
		if o.Value != "contact" {
			all = append(all, o)
		}
	}
	return all
}

// verdictOf is what the rules say of a fact in a list, and whether they say anything.
func verdictOf(f casefile.Fact, v network) (casefile.Verdict, bool) {
	ways := casefile.FactChannels(f.Kind)
	return casefile.Best(f.Rules(v.Case), ways, v.Now), len(ways) > 0
}
