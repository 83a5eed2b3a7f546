package casepages

import (
	"context"
	"strings"
)

// diff is a field that two people have written differently.
type diff struct{ Label, Saved, Mine string }

// conflict is what somebody else saved while the reader was writing. Both values stand side by side above the
// form, which keeps what the reader wrote: nothing is lost, and nobody overwrites anybody unseen (R13).
type conflict struct {
	By    string // who saved first; may be empty
	Diffs []diff
	Keep  string // where the way leads that keeps what is saved
}

// differ adds a field if the two differ.
func (c *conflict) differ(label, saved, mine string) {
	if strings.TrimSpace(saved) != strings.TrimSpace(mine) {
		c.Diffs = append(c.Diffs, diff{label, saved, mine})
	}
}

// list names codes in one line.
func list(ctx context.Context, codes []string, name func(context.Context, string) string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = name(ctx, c)
	}
	return strings.Join(names, ", ")
}
