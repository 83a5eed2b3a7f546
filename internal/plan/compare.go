package plan

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Content is everything that a plan says, as one version froze it. The database writes it.
type Content struct {
	Goals        string         `json:"goals"` // in the citizen's own words
	Situation    string         `json:"situation"`
	Support      string         `json:"support"`
	SupportOther string         `json:"support_other"`
	FollowUp     string         `json:"follow_up"` // the day of the next follow-up, ISO 8601; empty for none
	Risk         *ContentRisk   `json:"risk"`      // the newest assessment, nil for none
	Phases       []ContentPhase `json:"phases"`
	Steps        []ContentStep  `json:"steps"` // in the order of the plan
}

// ContentRisk is the risk assessment that a plan stood on.
type ContentRisk struct {
	Level      string    `json:"level"`
	SignedAt   time.Time `json:"signed_at"`
	ValidUntil time.Time `json:"valid_until"`
}

// ContentPhase is a phase of a version.
type ContentPhase struct {
	ID    uuid.UUID `json:"id"`
	Title string    `json:"title"`
	Aim   string    `json:"aim"`
}

// ContentStep is a step of a version.
type ContentStep struct {
	ID          uuid.UUID  `json:"id"`
	Phase       uuid.UUID  `json:"phase"`
	Title       string     `json:"title"`
	Detail      string     `json:"detail"`
	PartnerType string     `json:"partner_type"`
	Who         string     `json:"who"` // the responsible then, as they were called; empty for nobody
	WhoID       *uuid.UUID `json:"who_id"`
	DueAt       *time.Time `json:"due_at"`
	Timed       bool       `json:"timed"`
	Status      Status     `json:"status"`
	Reason      string     `json:"reason"`      // why it was left out
	ReasonCode  string     `json:"reason_code"` // see [Step.SkipCode]
	Mandatory   bool       `json:"mandatory"`
	Gate        bool       `json:"gate"`

	// How it was scheduled; empty in versions from before steps followed anything. See [Rule].
	Event     string     `json:"event"`
	Offset    int        `json:"offset"`
	Unit      string     `json:"unit"`
	Awaits    []Await    `json:"awaits"`
	Waits     string     `json:"waits"` // in versions from when a step waited for one thing: "step" or an event
	WaitsStep *uuid.UUID `json:"waits_step"`
	Every     *int       `json:"every"`
	EveryUnit string     `json:"every_unit"`
	Until     *string    `json:"until"`
	Repeats   *uuid.UUID `json:"repeats"` // the one before it in its series
	Deadline  string     `json:"deadline"`
}

// StepTitle is what a step is called; empty for one that is not there.
func (c Content) StepTitle(id uuid.UUID) string {
	for _, s := range c.Steps {
		if s.ID == id {
			return s.Title
		}
	}
	return ""
}

// Rule is how the step was scheduled.
func (s ContentStep) Rule() Rule {
	step := Step{DueEvent: s.Event, DueOffset: s.Offset, DueUnit: s.Unit, WaitsFor: s.Awaits, RepeatEvery: s.Every, RepeatUnit: s.EveryUnit, DeadlineCode: s.Deadline}
	if s.Waits != "" && s.WaitsStep != nil {
		step.WaitsFor = []Await{ForStep(*s.WaitsStep)}
	} else if s.Waits != "" {
		step.WaitsFor = []Await{Await(s.Waits)}
	}
	if s.Until != nil {
		if day, err := time.Parse(time.DateOnly, *s.Until); err == nil {
			step.RepeatUntil = &day
		}
	}
	return step.Rule()
}

// PhaseTitle is what the phase of a step is called.
func (c Content) PhaseTitle(id uuid.UUID) string {
	for _, p := range c.Phases {
		if p.ID == id {
			return p.Title
		}
	}
	return ""
}

// Due is the step's deadline, zero for none.
func (s ContentStep) Due() time.Time {
	if s.DueAt == nil {
		return time.Time{}
	}
	return *s.DueAt
}

// DifferenceKind says what has become of a thing from one version to another.
type DifferenceKind string

// Added is what was not there, or is taken up again; Removed what has gone, or is left out; Changed what says something else.
const (
	Added   DifferenceKind = "added"
	Removed DifferenceKind = "removed"
	Changed DifferenceKind = "changed"
)

// Difference is one thing that two versions do not say the same of.
type Difference struct {
	Kind DifferenceKind
	// What is "goals", "situation", "support", "support_other", "phase" or "step".
	What             string
	Was, Now         string       // of a text or a phase
	StepWas, StepNow *ContentStep // of a step; nil where it is not there
	Fields           []string     // of a changed step: "title", "detail", "phase", "who", "due", "partner_type", "waits", "repeats", "deadline"
	Needs            bool         // asks for a lead's approval
}

// Title is what the difference is about: a step's title now, or as it was.
func (d Difference) Title() string {
	switch {
	case d.StepNow != nil:
		return d.StepNow.Title
	case d.StepWas != nil:
		return d.StepWas.Title
	case d.Now != "":
		return d.Now
	}
	return d.Was
}

// Needing are how many of the differences ask for a lead's approval.
func Needing(list []Difference) int {
	n := 0
	for _, d := range list {
		if d.Needs {
			n++
		}
	}
	return n
}

// Compare finds what changed from one version of a plan to a later one: the texts, the phases, then the steps in the order of the plan. That
// a step was begun or done is no change of the plan. What asks for approval (our own choice, not law): the citizen's goals, the parts of
// § 12 a, phases, and of the steps that a template calls mandatory which there are, what they are called, and their phase.
func Compare(was, now Content) []Difference {
	out := []Difference{}
	text := func(what, a, b string) {
		if a != b {
			out = append(out, Difference{Kind: kindOf(a != "", b != ""), What: what, Was: a, Now: b, Needs: true})
		}
	}
	text("goals", was.Goals, now.Goals)
	text("situation", was.Situation, now.Situation)
	text("support", was.Support, now.Support)
	text("support_other", was.SupportOther, now.SupportOther)
	for _, id := range ids(was.Phases, now.Phases, func(p ContentPhase) uuid.UUID { return p.ID }) {
		text("phase", said(was.Phases, id), said(now.Phases, id))
	}
	for _, id := range ids(was.Steps, now.Steps, func(s ContentStep) uuid.UUID { return s.ID }) {
		if d, differs := compareStep(find(was.Steps, id), find(now.Steps, id)); differs {
			out = append(out, d)
		}
	}
	return out
}

func kindOf(before, after bool) DifferenceKind {
	switch {
	case !before:
		return Added
	case !after:
		return Removed
	}
	return Changed
}

// ids are the ids of both, in the order of the later one; what has gone comes last.
func ids[T any](was, now []T, of func(T) uuid.UUID) []uuid.UUID {
	var all []uuid.UUID
	for _, x := range slices.Concat(now, was) {
		if !slices.Contains(all, of(x)) {
			all = append(all, of(x))
		}
	}
	return all
}

// said is what a phase says in one line.
func said(phases []ContentPhase, id uuid.UUID) string {
	for _, p := range phases {
		if p.ID == id && p.Aim != "" {
			return p.Title + ": " + p.Aim
		} else if p.ID == id {
			return p.Title
		}
	}
	return ""
}

func find(steps []ContentStep, id uuid.UUID) *ContentStep {
	for i := range steps {
		if steps[i].ID == id {
			return &steps[i]
		}
	}
	return nil
}

func compareStep(was, now *ContentStep) (Difference, bool) {
	in := func(s *ContentStep) bool { return s != nil && s.Status != Skipped }
	d := Difference{What: "step", StepWas: was, StepNow: now}
	switch {
	case !in(was) && !in(now):
		return d, false
	case was == nil && now.Repeats != nil: // what repeats was in the plan already
		return d, false
	case in(was) != in(now):
		d.Kind = kindOf(in(was), in(now))
		d.Needs = was != nil && was.Mandatory || now != nil && now.Mandatory
		return d, true
	}
	d.Kind = Changed
	differs := func(field string, yes bool) {
		if yes {
			d.Fields = append(d.Fields, field)
		}
	}
	differs("title", was.Title != now.Title)
	differs("detail", was.Detail != now.Detail)
	differs("phase", was.Phase != now.Phase)
	differs("who", !sameID(was.WhoID, now.WhoID))
	if was.Event == "" && now.Event == "" {
		differs("due", !was.Due().Equal(now.Due()) || was.Timed != now.Timed)
	} else { // that its event has moved is no change of the plan
		differs("due", was.Event != now.Event || was.Offset != now.Offset || was.Unit != now.Unit)
	}
	differs("waits", !sameWaits(was.Rule().WaitsFor, now.Rule().WaitsFor))
	differs("repeats", !samePart(was.Every, now.Every) || now.Every != nil && was.EveryUnit != now.EveryUnit || !samePart(was.Until, now.Until))
	differs("deadline", was.Unit != "" && was.Deadline != now.Deadline)
	differs("partner_type", was.PartnerType != now.PartnerType)
	d.Needs = now.Mandatory && (slices.Contains(d.Fields, "title") || slices.Contains(d.Fields, "phase"))
	return d, len(d.Fields) > 0
}

func samePart[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func sameID(a, b *uuid.UUID) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
