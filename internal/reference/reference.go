// Package reference holds the reference data of the field: areas, severity levels, partner types,
// plan templates, legal bases, with their Danish and English names and their marks of certainty.
// The codes are stable; rows of the office's work store codes, never names.
package reference

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"samspil/internal/i18n"
)

//go:embed reference.json
var raw []byte

// Item is one entry of a list: a code with its names.
type Item struct {
	Code string `json:"code"`
	DA   string `json:"da"`
	EN   string `json:"en"`
}

// Name returns the item's name in the reader's language.
func (it Item) Name(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" {
		return i18n.Paragraphs(it.EN)
	}
	return i18n.Paragraphs(it.DA)
}

// Kind names a list of the reference data.
type Kind string

// The lists that the pages use so far.
const (
	Certainties        Kind = "certainty"
	Phases             Kind = "case_phases"
	ConflictPhases     Kind = "conflict_phases"
	Origins            Kind = "case_origins"
	Severities         Kind = "severity_levels"
	ControlTypes       Kind = "control_types"
	PartnerTypes       Kind = "partner_types"
	LegalBases         Kind = "legal_bases"
	ContactPolicies    Kind = "contact_policies"
	InvolvementOrigins Kind = "involvement_origin"
	Roles              Kind = "roles"
	RiskSections       Kind = "risk_factor_sections"
	RiskAnswers        Kind = "risk_factor_answers"
	DecisionKinds      Kind = "decision_kinds"
	Confirmations      Kind = "confirmation_outcomes"
	EventTriggers      Kind = "event_triggers"
	MandateAreas       Kind = "mandate_areas"
)

// PartnerType is a sort of partner, with when to draw it in.
type PartnerType struct {
	Item
	Kind       string   `json:"kind"` // "internal" or "external"
	InvolveDA  string   `json:"involve_when_da"`
	LegalBases []string `json:"default_legal_bases"`
}

// LegalBasis is a ground on which something may be shared (R9). Confidence is how sure the
// reference data is of it; what is not sourced says so on screen.
type LegalBasis struct {
	Item
	Reference     string `json:"reference"`
	Direction     string `json:"direction"` // "share", "obtain" or "both"
	ConsentNeeded bool   `json:"consent_needed"`
	ConstraintsDA string `json:"constraints_da"`
	Confidence    string `json:"confidence"`
}

// Cited names the basis with its paragraph, where it has one.
func (b LegalBasis) Cited(ctx context.Context) string {
	if strings.HasPrefix(b.Reference, "(") || b.Reference == "" { // "(ingen personoplysninger)" is no paragraph
		return b.Name(ctx)
	}
	return b.Name(ctx) + " (" + b.Law() + ")"
}

// Law is the paragraph as a reader sees it, on one line, without what its author noted: that nobody has found the provision that holds now
// is said by [LegalBasis.Unsure].
func (b LegalBasis) Law() string {
	law, _, _ := strings.Cut(b.Reference, "; nuværende bestemmelse")
	return i18n.Paragraphs(law)
}

// Unsure reports whether the reference data is not certain of the basis: the screen says so, and a lawyer should look.
func (b LegalBasis) Unsure() bool {
	return strings.Contains(b.Confidence, "unverified") || strings.Contains(b.Confidence, "K-med") || strings.Contains(b.Confidence, "older")
}

// Constraints is what the basis demands, without the mark of its source, which [LegalBasis.Confidence] holds.
func (b LegalBasis) Constraints() string {
	before, _, _ := strings.Cut(b.ConstraintsDA, " [")
	return i18n.Paragraphs(before)
}

// SeverityLevel is one of the four levels, with how long an assessment of it holds. The days are a
// proposal of the house, not law.
type SeverityLevel struct {
	Item
	MeaningDA    string `json:"meaning_da"`
	ReassessDays int    `json:"reassess_days"`
}

// RiskFactor is one thing that a risk assessment asks about. The wording is the house's own, and nothing is summed (R8;
// domain.md 5.4).
type RiskFactor struct {
	Item
	Section string `json:"section"` // code of [RiskSections]
}

// Protective is the section of the factors that protect.
const Protective = "F"

// Template is a plan to start from.
type Template struct {
	Item
	Area   string  `json:"area"`
	Level  string  `json:"default_level"`
	Phases []Phase `json:"phases"`
}

// Steps counts the steps of all phases.
func (t Template) Steps() int {
	n := 0
	for _, p := range t.Phases {
		n += len(p.Steps)
	}
	return n
}

// Phase is one phase of a template.
type Phase struct {
	Code  string `json:"code"`
	DA    string `json:"da"`
	EN    string `json:"en"`
	Steps []Step `json:"steps"`
}

// Conditional reports whether the phase waits for something that may never happen, "Hvis barnet er udrejst" for instance.
// The offsets of its steps count from that event, not from the start of the plan.
func (p Phase) Conditional() bool { return strings.HasPrefix(p.DA, "Hvis ") }

// Step is one step of a template. Offsets without a deadline code are proposals, not law.
type Step struct {
	Code         string   `json:"code"`
	TitleDA      string   `json:"title_da"`
	TitleEN      string   `json:"title_en"`
	Role         string   `json:"role"`
	PartnerTypes []string `json:"partner_types"`
	Due          *Offset  `json:"due"`
	DeadlineCode string   `json:"deadline_code"`
	RepeatDays   int      `json:"repeat_days"`
	Mandatory    bool     `json:"mandatory"`
	RequiresGate string   `json:"requires_gate"`
	PurposeDA    string   `json:"purpose_da"`
	// Law is the paragraph that the step carries out, where a municipality has written one; the deadline's own stands with the deadline.
	Law string `json:"law,omitempty"`
	// Certainty is a mark of certainty: of the step and its time. Empty: that of the deadline, and a proposal where there is none.
	Certainty string `json:"certainty,omitempty"`
}

// Mark is how sure anybody is of the step and its time: what a municipality wrote, else what is known of the deadline, else it is a
// proposal and no law (domain.md 6.2).
func (s Step) Mark() string {
	if s.Certainty != "" {
		return s.Certainty
	}
	if d, ok := DeadlineByCode(s.DeadlineCode); ok {
		return d.Confidence
	}
	return "proposal"
}

// Paragraph is the law that the step carries out; empty for none.
func (s Step) Paragraph() string {
	if s.Law != "" {
		return s.Law
	}
	d, _ := DeadlineByCode(s.DeadlineCode)
	return d.Basis
}

// Offset is a distance from the start of the plan, in "hours" or "days".
type Offset struct {
	Offset int    `json:"offset"`
	Unit   string `json:"unit"`
}

type data struct {
	Meta struct {
		Version string `json:"version"`
	} `json:"meta"`
	PartnerTypes []PartnerType   `json:"partner_types"`
	LegalBases   []LegalBasis    `json:"legal_bases"`
	Severities   []SeverityLevel `json:"severity_levels"`
	RiskFactors  []RiskFactor    `json:"risk_factors"`
	Templates    []Template      `json:"plan_templates"`
}

var (
	all   = parse[data]()
	lists = parseLists()
)

// parse panics on a broken file: it is part of the program, and its test would have failed.
func parse[T any]() T {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		panic(fmt.Sprintf("reference.json: %v", err))
	}
	return v
}

func parseLists() map[Kind][]Item {
	lists := map[Kind][]Item{}
	for kind, part := range parse[map[Kind]json.RawMessage]() {
		var items []Item
		if bytes.HasPrefix(part, []byte("[")) && json.Unmarshal(part, &items) == nil {
			lists[kind] = items
		}
	}
	return lists
}

// Version is the version of the reference data.
func Version() string { return all.Meta.Version }

// Items returns a list in its own order.
func Items(kind Kind) []Item { return lists[kind] }

// Known reports whether code stands in the list.
func Known(kind Kind, code string) bool {
	return slices.ContainsFunc(lists[kind], func(it Item) bool { return it.Code == code })
}

// Name returns the name of a code in the reader's language, or the code itself if it is not known any more.
func Name(ctx context.Context, kind Kind, code string) string {
	for _, it := range lists[kind] {
		if it.Code == code {
			return it.Name(ctx)
		}
	}
	return code
}

// AllPartnerTypes returns the partner types in their own order.
func AllPartnerTypes() []PartnerType { return all.PartnerTypes }

// AllLegalBases returns the legal bases in their own order.
func AllLegalBases() []LegalBasis { return all.LegalBases }

// SeverityLevels returns the levels from the mildest to the gravest.
func SeverityLevels() []SeverityLevel { return all.Severities }

// RiskFactors returns the factors of a section, or all of them for "".
func RiskFactors(section string) []RiskFactor {
	var out []RiskFactor
	for _, f := range all.RiskFactors {
		if section == "" || f.Section == section {
			out = append(out, f)
		}
	}
	return out
}

// ValidDays is how many days an assessment of a level holds: 7, 30 or 90, a proposal of the house and no law.
func ValidDays(level string) int {
	for _, l := range all.Severities {
		if l.Code == level {
			return l.ReassessDays
		}
	}
	return 0
}

// Templates returns the plan templates of an area, or all of them for "".
func Templates(area string) []Template {
	var out []Template
	for _, t := range all.Templates {
		if area == "" || t.Area == area {
			out = append(out, t)
		}
	}
	return out
}

// TemplateByCode returns a plan template.
func TemplateByCode(code string) (Template, bool) {
	for _, t := range all.Templates {
		if t.Code == code {
			return t, true
		}
	}
	return Template{}, false
}
