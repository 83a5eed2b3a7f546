package partner

import (
	"slices"
	"strings"
	"time"
)

// Filter narrows the directory. Within a group any choice will do, between groups all must hold.
type Filter struct {
	Kinds       []string // "internal", "external"
	Competences []string
	Areas       []string // "child", "adult"
	Now         bool     // can be reached now
	Duty        bool     // has on-call duty beside the regular hours
	Words       string   // all of them occur in what is written about the person or the organisation
}

// Any reports whether something is filtered at all.
func (f Filter) Any() bool { return f.Count() > 0 || f.Words != "" }

// Count is how many choices have been made, words aside.
func (f Filter) Count() int {
	n := len(f.Kinds) + len(f.Competences) + len(f.Areas)
	for _, on := range []bool{f.Now, f.Duty} {
		if on {
			n++
		}
	}
	return n
}

// Apply returns the people whom the filter lets through. The names of codes are those of the reader, so that
// one can search for what one reads.
func (f Filter) Apply(people []Callable, now time.Time, names func(Callable) string) []Callable {
	out := []Callable{}
	for _, c := range people {
		if f.match(c, now, "") && f.says(c, names) {
			out = append(out, c)
		}
	}
	return out
}

// match tests all groups but the one that is left out.
func (f Filter) match(c Callable, now time.Time, leave string) bool {
	any := func(wanted []string, has func(string) bool) bool {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, has)
	}
	return (leave == "kind" || any(f.Kinds, func(k string) bool { return k == c.OrgKind })) &&
		(leave == "competence" || any(f.Competences, c.Has)) &&
		(leave == "area" || any(f.Areas, c.Serves)) &&
		(leave == "reach" || !f.Now || c.Availability(now).Open) &&
		(leave == "reach" || !f.Duty || c.HasDuty())
}

// HasDuty reports whether the person is on call at times.
func (c Callable) HasDuty() bool {
	return c.OnCallText != "" || slices.ContainsFunc(c.Hours, func(h Hours) bool { return h.Kind == OnCall })
}

func (f Filter) says(c Callable, names func(Callable) string) bool {
	words := strings.Fields(strings.ToLower(f.Words))
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(strings.Join([]string{c.Name, c.Title, c.Note, c.Organisation, c.Can, strings.Join(c.Languages, " "), names(c)}, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// Counts are how many people each choice would leave, given the choices of the other groups.
type Counts map[string]int

// Counts asks the filter for every choice: "kind.external", "competence.violence", "area.child", "now", "duty".
func (f Filter) Counts(people []Callable, now time.Time, names func(Callable) string) Counts {
	n := Counts{}
	for _, c := range people {
		if !f.says(c, names) {
			continue
		}
		if f.match(c, now, "kind") {
			n["kind."+c.OrgKind]++
		}
		if f.match(c, now, "competence") {
			for _, k := range c.Competences {
				n["competence."+k]++
			}
		}
		if f.match(c, now, "area") {
			for _, a := range c.Areas {
				n["area."+a]++
			}
		}
		if f.match(c, now, "reach") {
			if c.Availability(now).Open {
				n["now"]++
			}
			if c.HasDuty() {
				n["duty"]++
			}
		}
	}
	return n
}
