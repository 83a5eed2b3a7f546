package ui

import (
	"maps"
	"slices"
)

// Button is something to press. Its label says the result: "Del oplysninger", never "OK".
type Button struct {
	URL    string
	Label  string
	Kind   string // "" (filled, at most one in a region), "secondary", "quiet", "danger" or "link"
	Icon   string
	Small  bool
	Fields map[string]string // hidden fields of a [PostButton]
	VH     string            // words after the label for those who listen: which row it is about
	Frag   bool              // the row is replaced in place where scripts run; see app.js
	Name   string            // of a [Submit] button, where a form has several
	Value  string
	Key    string // single-letter shortcut, "u" or "e", for those who turned them on
}

func (b Button) class() string {
	class := map[string]string{"": "btn", "secondary": "btn s", "quiet": "btn q", "danger": "btn d", "link": "link"}[b.Kind]
	if b.Small {
		class += " k"
	}
	return class
}

// fields lists the hidden fields in a steady order.
func fields(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
