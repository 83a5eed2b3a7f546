package ui

import "strings"

// Conflict is what somebody else saved while the reader was writing. Both versions stand side by side above the
// form, which keeps what the reader wrote: nothing is lost, and nobody overwrites anybody unseen (R13).
type Conflict struct {
	By       string // who saved first; may be empty
	Versions []Version
	Keep     string // where the way leads that keeps what is saved
	PII      bool   // the versions are about people: hidden by *Skjul navne*
}

// Version is one field that the two have written differently.
type Version struct {
	Label       string // text key
	Saved, Mine string
}

// Differ adds a field if the two differ.
func (c *Conflict) Differ(label, saved, mine string) {
	if strings.TrimSpace(saved) != strings.TrimSpace(mine) {
		c.Versions = append(c.Versions, Version{label, saved, mine})
	}
}
