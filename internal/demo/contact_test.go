package demo_test

import (
	"slices"
	"testing"

	"samspil/internal/casefile"
	"samspil/internal/leakguard"
)

// The strip of safe contact stands on every page, so that the demo's hold no protected fact that finds the citizen, and no way that
// its own policy forbids.
func TestTheDemosSafeContactKeepsItsOwnRules(t *testing.T) {
	t.Parallel()
	for _, c := range load(t).Cases {
		var facts []leakguard.Fact
		for _, f := range c.Protected {
			if slices.Contains([]string{"phone", "email", "address", "place_of_stay"}, f.Kind) {
				facts = append(facts, leakguard.Fact{Kind: f.Kind, Value: f.Text})
			}
		}
		if c.Contact.CodeWord != "" {
			facts = append(facts, leakguard.Fact{Kind: "code_word", Value: c.Contact.CodeWord})
		}
		guard := leakguard.New(facts)
		for _, words := range []string{c.Contact.Channel, c.Contact.Hours, c.Contact.Never, c.Contact.Cover, c.Contact.Rules.Third} {
			for _, h := range guard.Scan(words) {
				t.Errorf("%s: %q holds %q", c.Number, words, facts[h.Fact].Value)
			}
		}
		r := casefile.ContactRules{Windows: c.Contact.Rules.Windows, Third: c.Contact.Rules.Third}
		for _, way := range c.Contact.Rules.May {
			r.MayUse = append(r.MayUse, casefile.Channel(way))
		}
		for _, way := range c.Contact.Rules.Never {
			r.MustNot = append(r.MustNot, casefile.Channel(way))
		}
		if err := r.Validate(c.Contact.Policy); err != nil {
			t.Errorf("%s: %v", c.Number, err)
		}
	}
}
