package template

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"samspil/internal/reference"
)

// How much fits in a template.
const (
	MaxName    = 120 // characters of a template's or a phase's name
	MaxTitle   = 200 // of a step's title, as in a plan
	MaxPurpose = 500
	MaxLaw     = 200
	MaxWords   = 1000 // of what changed and why
	MaxPhases  = 12
	MaxSteps   = 60 // in all
	maxPartner = 6
)

// Areas are the two regimes; a template is for one of them.
var Areas = []string{"child", "adult"}

// Marks are the marks of certainty that a step may have. What the municipality decided itself is "local", and no law either.
var Marks = []string{"proposal", "local", "K-low", "K-med", "K-high", "sourced"}

// Units are those of an offset.
var Units = []string{"hours", "days"}

// Gate is what a step that reaches parents or network waits for (barnets lov § 18, stk. 3; R1).
const Gate = "GATE_RISK"

// Fault is one thing that is wrong with a template: where, and the text key of what to do about it.
type Fault struct {
	Place string // as JSON names it: "phases[0].steps[2].role"
	Key   string // with numbers or words behind colons
}

var (
	codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{0,19}$`)
	partForm = regexp.MustCompile(`^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$`)
)

// Check finds everything that is wrong with a template, place by place. Codes that the program does not know are refused: a plan would
// call for a partner, or carry out a deadline, that is not there.
func Check(t reference.Template) []Fault {
	c := &checker{seen: map[string]bool{}, code: t.Code}
	c.unless(codeForm.MatchString(t.Code), "code", "template.error.code")
	c.text("da", t.DA, MaxName, true)
	c.text("en", t.EN, MaxName, true)
	c.unless(slices.Contains(Areas, t.Area), "area", "template.error.area")
	c.unless(reference.Known(reference.Severities, t.Level), "default_level", "template.error.level")
	c.unless(len(t.Phases) > 0, "phases", "template.error.no_phase")
	c.unless(len(t.Phases) <= MaxPhases, "phases", fmt.Sprintf("template.error.phases:%d", MaxPhases))
	c.unless(t.Steps() > 0, "phases", "template.error.no_step")
	c.unless(t.Steps() <= MaxSteps, "phases", fmt.Sprintf("template.error.steps:%d", MaxSteps))
	for i, p := range t.Phases {
		at := fmt.Sprintf("phases[%d].", i)
		c.part(at, p.Code)
		c.text(at+"da", p.DA, MaxName, true)
		c.text(at+"en", p.EN, MaxName, true)
		for j, s := range p.Steps {
			c.step(fmt.Sprintf("%ssteps[%d].", at, j), s)
		}
	}
	return c.faults
}

// CheckStep finds what is wrong with one step of a template; places are names of fields.
func CheckStep(s reference.Step) []Fault {
	c := &checker{seen: map[string]bool{}, code: strings.SplitN(s.Code, ".", 2)[0]}
	c.step("", s)
	return c.faults
}

type checker struct {
	code   string
	seen   map[string]bool // codes of phases and steps
	faults []Fault
}

func (c *checker) unless(ok bool, place, key string) {
	if !ok {
		c.faults = append(c.faults, Fault{place, key})
	}
}

// part asks for a code of the template's own that no other phase or step has: plans find their steps by it.
func (c *checker) part(at, code string) {
	c.unless(partForm.MatchString(code) && len(code) <= 40 && strings.HasPrefix(code, c.code+"."), at+"code", "template.error.part_code:"+plain(c.code))
	c.unless(!c.seen[code], at+"code", "template.error.twice")
	c.seen[code] = true
}

func (c *checker) text(place, text string, most int, needed bool) {
	n := utf8.RuneCountInString(text)
	switch {
	case needed && strings.TrimSpace(text) == "":
		c.unless(false, place, "template.error.empty")
	case n > most:
		c.unless(false, place, fmt.Sprintf("error.at_most:%d:%d", most, n))
	case strings.TrimSpace(text) != text || strings.ContainsFunc(text, unreadable):
		c.unless(false, place, "template.error.chars")
	}
}

// unreadable are characters that cannot be seen, or that turn the direction of what follows.
func unreadable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029'
}

func (c *checker) step(at string, s reference.Step) {
	c.part(at, s.Code)
	c.text(at+"title_da", s.TitleDA, MaxTitle, true)
	c.text(at+"title_en", s.TitleEN, MaxTitle, true)
	c.text(at+"purpose_da", s.PurposeDA, MaxPurpose, false)
	c.text(at+"law", s.Law, MaxLaw, false)
	c.unless(reference.Known(reference.Roles, s.Role), at+"role", unknown(s.Role))
	c.unless(len(s.PartnerTypes) <= maxPartner, at+"partner_types", fmt.Sprintf("template.error.partners:%d", maxPartner))
	for i, p := range s.PartnerTypes {
		c.unless(reference.Known(reference.PartnerTypes, p), fmt.Sprintf("%spartner_types[%d]", at, i), unknown(p))
		c.unless(!slices.Contains(s.PartnerTypes[:i], p), fmt.Sprintf("%spartner_types[%d]", at, i), "template.error.twice")
	}
	if s.Due != nil {
		c.unless(slices.Contains(Units, s.Due.Unit), at+"due.unit", "template.error.unit")
		c.unless(s.Due.Offset >= 0 && s.Due.Offset <= 1000, at+"due.offset", "template.error.offset")
	}
	if s.DeadlineCode != "" {
		_, ok := reference.DeadlineByCode(s.DeadlineCode) // of either area: who moves out of a crisis centre may have children
		c.unless(ok, at+"deadline_code", unknown(s.DeadlineCode))
	}
	c.unless(s.RepeatDays >= 0 && s.RepeatDays <= 366, at+"repeat_days", "template.error.repeat")
	c.unless(s.RequiresGate == "" || s.RequiresGate == Gate, at+"requires_gate", unknown(s.RequiresGate))
	if h, ok := houseStep(s.Code); ok && h.RequiresGate != "" {
		c.unless(s.RequiresGate != "", at+"requires_gate", "template.error.gate_stays")
	}
	c.unless(s.Certainty == "" || slices.Contains(Marks, s.Certainty), at+"certainty", unknown(s.Certainty))
	c.unless(s.Certainty != "sourced" || s.Paragraph() != "", at+"law", "template.error.sourced")
}

func unknown(code string) string {
	if code == "" {
		return "error.choose"
	}
	return "template.error.unknown:" + plain(code)
}

// plain is a code as a message may repeat it: short, and without what would end a word of a message.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == ':' || unreadable(r) {
			return '_'
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > 40 {
		s = string([]rune(s)[:40]) + "…"
	}
	return s
}

// houseStep is the step that the program's own templates have under this code.
func houseStep(code string) (reference.Step, bool) {
	for _, t := range reference.Templates("") {
		if s, ok := StepOf(t, code); ok {
			return s, true
		}
	}
	return reference.Step{}, false
}

// StaysAtGate reports whether a step's mark that it reaches the family cannot be taken off: the program's own template sets it (R1).
func StaysAtGate(code string) bool {
	h, ok := houseStep(code)
	return ok && h.RequiresGate != ""
}
