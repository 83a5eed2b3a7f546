package plan

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/internal/template"
	"samspil/internal/timeline"
)

// TemplateChange is one thing that the newest version of the plan's template says otherwise than what the plan took up.
type TemplateChange struct {
	template.Difference
	Step *Step    // the plan's step, nil where it has none
	Kept []string // fields that the office has written itself: they stay
	// Why is the text key of why the step cannot be taken up; empty where it can.
	Why string
}

// Key is how a form names the step as its reader saw it: its code and the version of the plan's step, 0 for a new one.
func (o TemplateChange) Key() string {
	version := 0
	if o.Step != nil {
		version = o.Step.Version
	}
	return o.Code + "@" + strconv.Itoa(version)
}

// TemplateNews holds the questions from whose answers [TemplateNews.List] is told.
type TemplateNews struct {
	plan    *db.Found[Plan]
	steps   *[]Step
	origins *[]template.Origin
	gate    *string
}

// AskTemplateNews asks what the newest version of the template of the opened case's plan says otherwise.
func AskTemplateNews(b *db.Batch) *TemplateNews {
	return &TemplateNews{Get(b), Steps(b), template.Origins(b), askGate(b)}
}

// Plan is the plan; ok is false where there is none.
func (o *TemplateNews) Plan() (p Plan, ok bool) { return o.plan.Row, o.plan.OK }

// Newest is the version that plans begin from now; ok is false where there is none, or the plan has it already.
func (o *TemplateNews) Newest() (v template.Version, ok bool) {
	for _, x := range *o.origins {
		if x.Newest && !x.Base {
			return x.Version, true
		}
	}
	return v, false
}

// inPlan are the fields of a template's step that a step of a plan has. English names, the law and the role stand in the template alone:
// who is responsible is the office's choice.
var inPlan = []string{"title_da", "purpose_da", "partner_types", "due", "deadline_code", "mandatory", "requires_gate", "phase"}

// List are the differences, in the order of the template. What somebody has begun, ticked or left out is shown and stays; what has gone
// from the template too.
func (o *TemplateNews) List() []TemplateChange {
	newest, ok := o.Newest()
	if !ok {
		return nil
	}
	shut := casefile.GateState(*o.gate) == casefile.GateShut
	var list []TemplateChange
	for _, d := range template.Compare(o.taken(), newest.Content) {
		if d.What != "step" || d.Kind == template.Moved {
			continue
		}
		x := TemplateChange{Difference: d}
		if i := slices.IndexFunc(*o.steps, func(s Step) bool { return s.TemplateStep == d.Code }); i >= 0 {
			x.Step = &(*o.steps)[i]
		}
		switch {
		case d.Kind == template.Removed && x.Step == nil, d.Kind == template.Added && x.Step != nil:
			continue
		case d.Kind == template.Changed && x.Step == nil:
			x.Kind = template.Added // was declined once
		case d.Kind == template.Changed:
			x.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f string) bool { return !slices.Contains(inPlan, f) })
			if len(x.Fields) == 0 {
				continue
			}
			x.judge(o.plan.Row.StartedAt, shut)
		}
		list = append(list, x)
	}
	return list
}

// taken is the template as the plan took it up: what it began from, with the steps that came later.
func (o *TemplateNews) taken() reference.Template {
	var t reference.Template
	for _, x := range *o.origins {
		if x.Base {
			t = x.Content
		}
	}
	t.Phases = slices.Clone(t.Phases)
	for _, x := range *o.origins {
		for _, code := range x.Adopted {
			s, phase, ok := template.StepFrom(*o.origins, code)
			if !ok {
				continue
			}
			for i := range t.Phases {
				t.Phases[i].Steps = slices.DeleteFunc(slices.Clone(t.Phases[i].Steps), func(s reference.Step) bool { return s.Code == code })
			}
			i := slices.IndexFunc(t.Phases, func(p reference.Phase) bool { return p.Code == phase.Code })
			if i < 0 {
				t.Phases = append(t.Phases, reference.Phase{Code: phase.Code, DA: phase.DA, EN: phase.EN})
				i = len(t.Phases) - 1
			}
			t.Phases[i].Steps = append(t.Phases[i].Steps, s)
		}
	}
	return t
}

// judge says whether a changed step may be taken up, and which of its fields are the office's own by now.
func (x *TemplateChange) judge(started time.Time, shut bool) {
	s := x.Step
	switch {
	case s.Status == Done || s.Status == Skipped:
		x.Why = "adopt.over"
	case s.Status != Open:
		x.Why = "adopt.begun"
	case shut && s.RequiresGate && slices.Contains(x.Fields, "title_da") && s.Title == x.Was.TitleDA:
		x.Why = "adopt.gate"
	}
	own := map[string]bool{
		"title_da":      s.Title != x.Was.TitleDA,
		"purpose_da":    s.Detail != x.Was.PurposeDA,
		"partner_types": s.PartnerType != firstOf(x.Was.PartnerTypes),
		"due":           !s.dueAs(x.Was.Due, started),
		"deadline_code": s.DeadlineCode != x.Was.DeadlineCode,
		"phase":         s.Phase != x.PhaseWas,
		// a step that reaches the family goes on waiting for the assessment, whatever a template says (R1)
		"requires_gate": x.Now.RequiresGate == "",
	}
	for _, f := range x.Fields {
		if own[f] && x.Why == "" {
			x.Kept = append(x.Kept, f)
		}
	}
	if x.Why == "" && len(x.Kept) == len(x.Fields) {
		x.Why = "adopt.own"
	}
}

// dueAs reports whether the step is due as its template had it: by its rule, or, from before steps followed anything, by its day.
func (s Step) dueAs(was *reference.Offset, started time.Time) bool {
	if s.DueEvent != "" {
		return was != nil && s.DueOffset == was.Offset && s.DueUnit == was.Unit && slices.Contains([]string{"plan_start", "departure", Awaited}, s.DueEvent)
	}
	due, _ := dueFrom(started, was)
	return due == nil && s.DueAt == nil || due != nil && s.DueAt != nil && due.Equal(*s.DueAt)
}

// NothingChosen is the text key of a form that was sent to take up steps and names none.
const NothingChosen = "adopt.error.nothing"

// Adopt takes up steps of the newest version of the plan's template, named by [TemplateChange.Key]; for none of them the plan stays as it is. Both
// are an answer to that version, which is not asked about again. New steps count from now. Nothing is taken out of the plan, and no step
// that has been begun is changed. A step that somebody has changed since the reader saw it, or a version that is not the newest any more,
// is [fault.Stale].
func Adopt(ctx context.Context, tx *db.Tx, label string, keys []string) error {
	if err := writable(tx); err != nil {
		return err
	}
	var ask *TemplateNews
	var phases *[]Phase
	if err := tx.Read(ctx, func(b *db.Batch) { ask, phases = AskTemplateNews(b), Phases(b) }); err != nil {
		return err
	}
	p, ok := ask.Plan()
	if !ok {
		return fault.NotFound
	}
	newest, ok := ask.Newest()
	if !ok || newest.Label != label {
		return fault.Stale
	}
	var before []string
	for _, o := range *ask.origins {
		if o.Label == label && o.Newest {
			before = o.Adopted
		}
	}
	var take []TemplateChange
	list := ask.List()
	for _, key := range keys {
		i := slices.IndexFunc(list, func(x TemplateChange) bool { return x.Key() == key })
		if i < 0 && slices.ContainsFunc(before, func(code string) bool { return len(key) > len(code) && key[:len(code)+1] == code+"@" }) {
			continue // sent twice
		}
		if i < 0 || list[i].Why != "" || list[i].Kind == template.Removed {
			return fault.Stale
		}
		take = append(take, list[i])
	}
	if len(take) == 0 && p.TemplateAsked {
		return nil // asked and answered
	}
	a := adoption{tx: tx, phases: *phases, plan: p, shut: casefile.GateState(*ask.gate) == casefile.GateShut, base: ask.taken()}
	var err error
	if a.owner, err = owners(ctx, tx); err != nil {
		return err
	}
	codes := slices.Clone(before)
	for _, x := range take {
		if x.Kind == template.Added {
			err = a.add(ctx, x, newest.Content)
		} else {
			err = a.change(ctx, x, newest.Content)
		}
		if err != nil {
			return risk.Refused(err)
		}
		codes = append(codes, x.Code)
	}
	if codes == nil {
		codes = []string{}
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO app.plan_template_choice (case_id, label, adopted, chosen_by) VALUES (@case, @label, @codes, @me)
		ON CONFLICT (case_id, label) DO UPDATE SET adopted = excluded.adopted, chosen_by = excluded.chosen_by, chosen_at = now()`,
		db.Args{"case": tx.CaseID, "label": label, "codes": codes, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	data := timeline.Data{"template": newest.Content.DA, "version": label}
	if len(take) == 0 {
		return timeline.Record(ctx, tx, timeline.TemplateKept, p.ID, data)
	}
	data["added"], data["changed"] = strconv.Itoa(a.added), strconv.Itoa(len(take)-a.added)
	return timeline.Record(ctx, tx, timeline.TemplateAdopted, p.ID, data)
}

// adoption is one answer on its way into the plan.
type adoption struct {
	tx     *db.Tx
	plan   Plan
	phases []Phase
	base   reference.Template // as the plan took it up
	owner  owner
	shut   bool // the gate
	added  int
}

// phase is the plan's phase for a phase of the template: of the same name, or of the name that it had; else a new one, the last.
func (a *adoption) phase(ctx context.Context, t reference.Template, step string) (uuid.UUID, bool, error) {
	var of reference.Phase
	for _, p := range t.Phases {
		if slices.ContainsFunc(p.Steps, func(s reference.Step) bool { return s.Code == step }) {
			of = p
		}
	}
	names := []string{of.DA}
	for _, p := range a.base.Phases {
		if p.Code == of.Code {
			names = append(names, p.DA)
		}
	}
	for _, name := range names {
		if i := slices.IndexFunc(a.phases, func(p Phase) bool { return p.Title == name }); i >= 0 {
			return a.phases[i].ID, of.Conditional(), nil
		}
	}
	p := Phase{ID: uuid.New(), Title: of.DA}
	for _, x := range a.phases {
		p.Position = max(p.Position, x.Position+1)
	}
	a.phases = append(a.phases, p)
	return p.ID, of.Conditional(), a.tx.Read(ctx, func(b *db.Batch) { addPhase(b, p.ID, a.plan.ID, p.Title, "", p.Position) })
}

// rule is how a step is scheduled that is taken up now: what would follow the start of the plan counts from now, on a day of its own.
func (a *adoption) rule(s reference.Step, conditional, gated bool) (r Rule, due *time.Time, timed bool) {
	r = scheduled(s, conditional, a.shut && gated)
	if r.Event == "plan_start" {
		r.Event = ""
		due, timed = dueFrom(a.tx.Now, s.Due)
	}
	return r, due, timed
}

func (a *adoption) add(ctx context.Context, x TemplateChange, t reference.Template) error {
	phase, conditional, err := a.phase(ctx, t, x.Code)
	if err != nil {
		return err
	}
	s, id := x.Now, uuid.New()
	rule, due, timed := a.rule(s, conditional, s.RequiresGate != "")
	_, err = db.Exec(ctx, a.tx, `
		INSERT INTO app.plan_step (id, case_id, phase_id, position, title, detail, partner_type, responsible_user, due_at, due_has_time,
		       template_step, mandatory, requires_gate, origin, created_by, `+ruleColumns+`)
		SELECT @id, @case, @phase, coalesce(max(position) + 1, 0), @title, @detail, @partner, @user, @due, @timed, @step, @mandatory, @gate, 'from_plan', @me, `+ruleValues+`
		  FROM app.plan_step WHERE case_id = @case`,
		rule.args(db.Args{"id": id, "case": a.tx.CaseID, "phase": phase, "title": s.TitleDA, "detail": s.PurposeDA, "partner": firstOf(s.PartnerTypes), "user": a.owner.of(s.Role),
			"due": due, "timed": timed, "step": s.Code, "mandatory": s.Mandatory, "gate": s.RequiresGate != "", "me": a.tx.Actor.UserID}))
	if err != nil {
		return err
	}
	a.added++
	return timeline.Record(ctx, a.tx, timeline.StepAdded, id, timeline.Data{"title": s.TitleDA})
}

// change writes what the template says now into an open step, field by field; what the office wrote itself stays.
func (a *adoption) change(ctx context.Context, x TemplateChange, t reference.Template) error {
	s := *x.Step
	takes := func(field string) bool { return slices.Contains(x.Fields, field) && !slices.Contains(x.Kept, field) }
	phase, conditional, err := s.PhaseID, false, error(nil)
	if takes("phase") {
		if phase, conditional, err = a.phase(ctx, t, x.Code); err != nil {
			return err
		}
	}
	if takes("title_da") {
		s.Title = x.Now.TitleDA
	}
	if takes("purpose_da") {
		s.Detail = x.Now.PurposeDA
	}
	if takes("partner_types") {
		s.PartnerType = firstOf(x.Now.PartnerTypes)
	}
	if takes("mandatory") {
		s.Mandatory = x.Now.Mandatory
	}
	s.RequiresGate = s.RequiresGate || takes("requires_gate")
	rule := s.Rule()
	if takes("due") {
		was := rule
		rule, s.DueAt, s.DueHasTime = a.rule(x.Now, conditional || x.ConditionalPhase, s.RequiresGate)
		rule.DeadlineCode, rule.Every, rule.EveryUnit, rule.Until = was.DeadlineCode, was.Every, was.EveryUnit, was.Until
	} else if a.shut && takes("requires_gate") {
		rule.Event, rule.WaitsFor, s.DueAt, s.DueHasTime = "", []Await{"risk_signed"}, nil, false
	}
	if takes("deadline_code") {
		rule.DeadlineCode = x.Now.DeadlineCode
	}
	return change(ctx, a.tx, s.ID, s.Version, `phase_id = @phase, title = @title, detail = @detail, partner_type = @partner, mandatory = @mandatory,
		requires_gate = @gate, due_at = @due, due_has_time = @timed, (`+ruleColumns+`) = (`+ruleValues+`)`, `status = 'open'`,
		rule.args(db.Args{"phase": phase, "title": s.Title, "detail": s.Detail, "partner": s.PartnerType, "mandatory": s.Mandatory, "gate": s.RequiresGate,
			"due": s.DueAt, "timed": s.DueHasTime}), timeline.StepChanged, nil)
}
