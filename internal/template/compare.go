package template

import (
	"reflect"
	"slices"
	"strings"

	"samspil/internal/reference"
)

// Kind says what has become of a thing from one version to another.
type Kind string

// Moved is a step that stands elsewhere and says the same.
const (
	Added   Kind = "added"
	Changed Kind = "changed"
	Removed Kind = "removed"
	Moved   Kind = "moved"
)

// Difference is one thing that two versions of a template do not say the same of.
type Difference struct {
	Kind             Kind
	What             string // "about", "phase" or "step"
	Code             string // of the phase or the step
	Was, Now         reference.Step
	PhaseWas         string // Danish title of the step's phase, or of the phase itself
	PhaseNow         string
	Fields           []string // of what has changed: names of fields
	AboutWas         reference.Template
	AboutNow         reference.Template
	EnglishWas       string // of a phase
	EnglishNow       string
	ConditionalPhase bool // the step waits for something that may never happen
}

type placed struct {
	reference.Step
	phase reference.Phase
	place int // in its phase
}

func steps(t reference.Template) []placed {
	var list []placed
	for _, p := range t.Phases {
		for i, s := range p.Steps {
			list = append(list, placed{s, p, i})
		}
	}
	return list
}

func byCode(list []placed, code string) (placed, bool) {
	i := slices.IndexFunc(list, func(p placed) bool { return p.Code == code })
	if i < 0 {
		return placed{}, false
	}
	return list[i], true
}

// Compare finds what changed from one version to a later one: what the template is, its phases, then its steps in their order; what has
// gone comes last. Phases and steps are the same where their codes are.
func Compare(was, now reference.Template) []Difference {
	var list, gone []Difference
	if fields := differing(about(was), about(now)); len(fields) > 0 {
		list = append(list, Difference{Kind: Changed, What: "about", Code: now.Code, Fields: fields, AboutWas: was, AboutNow: now})
	}
	for _, p := range now.Phases {
		i := slices.IndexFunc(was.Phases, func(o reference.Phase) bool { return o.Code == p.Code })
		d := Difference{Kind: Added, What: "phase", Code: p.Code, PhaseNow: p.DA, EnglishNow: p.EN}
		if i >= 0 {
			if o := was.Phases[i]; o.DA == p.DA && o.EN == p.EN {
				continue
			}
			d.Kind, d.PhaseWas, d.EnglishWas = Changed, was.Phases[i].DA, was.Phases[i].EN
		}
		list = append(list, d)
	}
	for _, p := range was.Phases {
		if !slices.ContainsFunc(now.Phases, func(o reference.Phase) bool { return o.Code == p.Code }) {
			gone = append(gone, Difference{Kind: Removed, What: "phase", Code: p.Code, PhaseWas: p.DA, EnglishWas: p.EN})
		}
	}
	before, after := steps(was), steps(now)
	stayed := inOrder(before, after)
	for _, s := range after {
		d := Difference{Kind: Added, What: "step", Code: s.Code, Now: s.Step, PhaseNow: s.phase.DA, ConditionalPhase: s.phase.Conditional()}
		if o, ok := byCode(before, s.Code); ok {
			d.Was, d.PhaseWas, d.Fields = o.Step, o.phase.DA, differing(o.Step, s.Step)
			d.Kind = Changed
			if o.phase.Code != s.phase.Code {
				d.Fields = append(d.Fields, "phase")
			}
			if len(d.Fields) == 0 && stayed[s.Code] {
				continue
			} else if len(d.Fields) == 0 {
				d.Kind = Moved
			}
		}
		list = append(list, d)
	}
	for _, s := range before {
		if _, ok := byCode(after, s.Code); !ok {
			gone = append(gone, Difference{Kind: Removed, What: "step", Code: s.Code, Was: s.Step, PhaseWas: s.phase.DA})
		}
	}
	return append(list, gone...)
}

// about is what a template is, without its phases.
func about(t reference.Template) reference.Template {
	t.Phases = nil
	return t
}

// inOrder are the steps that stand in the same order as before: the longest row of them, so that one step that was moved is one difference.
func inOrder(before, after []placed) map[string]bool {
	index := map[string]int{}
	for i, s := range before {
		index[s.Code] = i
	}
	var codes []string
	for _, s := range after {
		if _, ok := index[s.Code]; ok {
			codes = append(codes, s.Code)
		}
	}
	length, prev := make([]int, len(codes)), make([]int, len(codes))
	best := -1
	for i := range codes {
		length[i], prev[i] = 1, -1
		for j := range i {
			if index[codes[j]] < index[codes[i]] && length[j]+1 > length[i] {
				length[i], prev[i] = length[j]+1, j
			}
		}
		if best < 0 || length[i] > length[best] {
			best = i
		}
	}
	stay := map[string]bool{}
	for i := best; i >= 0; i = prev[i] {
		stay[codes[i]] = true
	}
	return stay
}

// differing are the names in JSON of the fields that two values differ in. An empty list is no list.
func differing[T any](a, b T) []string { return differ(reflect.ValueOf(a), reflect.ValueOf(b)) }

func differ(a, b reflect.Value) []string {
	var names []string
	for i := range a.NumField() {
		f, x, y := a.Type().Field(i), a.Field(i), b.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			names = append(names, differ(x, y)...)
		case x.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0:
		case !reflect.DeepEqual(x.Interface(), y.Interface()):
			names = append(names, name)
		}
	}
	return names
}
