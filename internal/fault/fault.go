// Package fault is the short list of things that can go wrong by design.
// Everything else is a bug or an outage, and is shown as "something went wrong with us".
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

//lint:file-ignore ST1012 fault.NotFound says already that it is a fault

var (
	// NotFound also stands for "not yours to see": we never tell the two apart (R10).
	NotFound = errors.New("not found")
	// Forbidden means the actor may see it but not do this to it.
	Forbidden = errors.New("forbidden")
	// Stale means somebody else saved first (R13).
	Stale = errors.New("changed by someone else")
	// SignedOut means the session has ended, was locked, or never was.
	SignedOut = errors.New("signed out")
	// Busy means the database has no room for us just now; trying again soon helps.
	Busy = errors.New("busy")
)

// Invalid says which fields were refused, each with the text key of the reason; numbers that belong into the text stand
// behind it, each after a colon.
type Invalid map[string]string

// Check refuses field, for the reason key, unless ok.
// The first reason given for a field is the one that is kept.
func (v Invalid) Check(field string, ok bool, key string) {
	if _, refused := v[field]; !ok && !refused {
		v[field] = key
	}
}

// AtMost refuses text that has more than most characters, and says how many it may have and how many it has: the reason is
// the key "error.at_most" with both numbers behind it, as [samspil/internal/i18n.T] reads them.
func (v Invalid) AtMost(field, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		v.Check(field, false, fmt.Sprintf("error.at_most:%d:%d", most, n))
	}
}

// Merge adds the refusals of err, if it is an [Invalid], with prefix before each field.
// It returns err when it is anything else.
func (v Invalid) Merge(prefix string, err error) error {
	var other Invalid
	if !errors.As(err, &other) {
		return err
	}
	for field, key := range other {
		v.Check(prefix+field, false, key)
	}
	return nil
}

// Err returns v as an error, or nil if nothing was refused.
func (v Invalid) Err() error {
	if len(v) == 0 {
		return nil
	}
	return v
}

// Error lists the refused fields, never what was typed in them.
func (v Invalid) Error() string {
	return "invalid: " + strings.Join(slices.Sorted(maps.Keys(v)), ", ")
}
