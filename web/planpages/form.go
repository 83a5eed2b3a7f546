package planpages

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/timeline"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// stepForm is what was typed about a step, as it was typed.
type stepForm struct {
	Key, Version, Phase, Title, Detail, PartnerType, Responsible, Due, Time string
	NamesOK, Reaches, Harmless                                              bool
	ruleForm
}

// stepView is one step: its form, or its words for those who only read.
type stepView struct {
	caseframe.View
	New     bool
	Step    plan.Step
	In      stepForm
	Bad     fault.Invalid
	People  []ui.Option
	Phases  []plan.Phase
	Events  []timeline.Event
	Look    look
	Partner string // name of the partner type that the step calls for

	Plan      plan.Plan
	Steps     []plan.Step         // of the whole plan
	Deadlines []deadline.Deadline // of the case, still to be met
}

// typed reads the form. The error is about what could not be understood.
func typed(r *http.Request) (stepForm, plan.StepInput, *page.Form) {
	f := page.ReadForm(r)
	in := stepForm{Key: f.Text("key"), Version: f.Text("version"), Phase: f.Text("phase"), Title: f.Text("title"), Detail: f.Text("detail"), PartnerType: f.Text("partner_type"),
		Responsible: f.Text("responsible"), Due: f.Text("due"), Time: f.Text("time"), NamesOK: f.Has("names_ok"), Reaches: f.Has("reaches"), Harmless: f.Has("harmless")}
	s := plan.StepInput{Key: f.ID("key"), PhaseID: f.ID("phase"), Title: in.Title, Detail: in.Detail, PartnerType: in.PartnerType, Responsible: parseResponsible(in.Responsible),
		Due: f.Date("due"), NamesOK: in.NamesOK, Reaches: in.Reaches, Harmless: in.Harmless}
	in.ruleForm, s.Rule = typedRule(f)
	if in.Time != "" && s.Event == "" {
		clock, err := i18n.ParseClock(in.Time)
		switch {
		case err != nil:
			f.Refuse("time", "error.time")
		case s.Due.IsZero():
			f.Refuse("due", "plan.error.due")
		default:
			y, m, d := s.Due.Date()
			s.Due, s.DueHasTime = time.Date(y, m, d, 0, int(clock/time.Minute), 0, 0, i18n.Zone), true
		}
	}
	return in, s, f
}

// The responsible is written "u:" and the id of a user, or "c:" and that of a contact person.
func parseResponsible(s string) plan.Responsible {
	kind, text, _ := strings.Cut(s, ":")
	id, err := uuid.Parse(text)
	switch {
	case err == nil && kind == "u":
		return plan.ByUser(id)
	case err == nil && kind == "c":
		return plan.ByContact(id)
	}
	return plan.Responsible{}
}

func writeResponsible(r plan.Responsible) string {
	switch {
	case r.User != uuid.Nil:
		return "u:" + r.User.String()
	case r.Contact != uuid.Nil:
		return "c:" + r.Contact.String()
	}
	return ""
}

// formOf is a step as its form shows it.
func formOf(ctx context.Context, s plan.Step) stepForm {
	in := stepForm{Version: strconv.Itoa(s.Version), Phase: s.PhaseID.String(), Title: s.Title, Detail: s.Detail, PartnerType: s.PartnerType,
		Responsible: writeResponsible(s.Responsible()), Due: i18n.FieldDate(s.Due()), Reaches: s.RequiresGate}
	in.ruleForm = ruleFormOf(s)
	if s.DueEvent != "" { // the plan works it out
		in.Due = ""
	} else if s.DueHasTime {
		in.Time = i18n.FieldClock(i18n.Lang(ctx), s.Due())
	}
	return in
}

// stepData is data with what one step's page needs besides.
type stepData struct {
	data
	id     uuid.UUID
	events *[]timeline.Event
	last   *db.Found[plan.Change]
}

// readStep reads the step of the path; where the path names none, for a new one, it is empty.
func (h Handler) readStep(r *http.Request) (stepData, plan.Step, error) {
	id := page.ID(r, "step")
	named := page.Param(r, "step") != ""
	d := stepData{id: id}
	var step *plan.Step
	now, err := h.DB.ReadCase(r.Context(), actor.From(r.Context()), caseframe.At(r), func(b *db.Batch) {
		d.frame, d.plan, d.phases, d.steps = caseframe.Ask(b), plan.Get(b), plan.Phases(b), plan.Steps(b)
		d.asked, d.events, d.last = plan.AskCalls(b, d.steps), plan.StepEvents(b, id), plan.LastChange(b, id)
		d.deadlines = deadline.Open(b)
		if named {
			step = plan.GetStep(b, id)
		}
	})
	d.now = now
	if err != nil || step == nil {
		return d, plan.Step{}, err
	}
	return d, *step, nil
}

func (d stepData) stepView(w http.ResponseWriter, r *http.Request, s plan.Step) stepView {
	v := stepView{View: d.view(w, r), Step: s, Phases: *d.phases, Events: *d.events, Look: viewLook(r), Plan: d.plan.Row, Steps: *d.steps, Deadlines: *d.deadlines}
	if s.PartnerType != "" {
		v.Partner = partnerview.TypeName(r.Context(), s.PartnerType)
	}
	return v
}

// viewLook is the look to go back to: in the address of a form, or in what it posted.
func viewLook(r *http.Request) look {
	if r.Method == http.MethodPost {
		return formLook(r)
	}
	return lookOf(parseQuery(r.URL.Query().Get("v")))
}

func (h Handler) step(w http.ResponseWriter, r *http.Request) error {
	d, s, err := h.readStep(r)
	if err != nil {
		return err
	}
	v := d.stepView(w, r, s)
	v.In = formOf(r.Context(), s)
	v.People = d.people(r.Context(), v.View, v.In)
	if !v.May(actor.Write) || !s.Open() {
		return page.Render(w, r, http.StatusOK, stepPage(v))
	}
	return page.Render(w, r, http.StatusOK, formPage(v))
}

func (h Handler) newStep(w http.ResponseWriter, r *http.Request) error {
	d, _, err := h.readStep(r)
	if err != nil {
		return err
	}
	v := d.stepView(w, r, plan.Step{})
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	if !d.plan.OK {
		return page.Redirect(w, r, link.Plan(caseframe.Ref(r)))
	}
	v.New = true
	v.In = stepForm{Key: uuid.NewString(), Phase: r.URL.Query().Get("fase"), Responsible: writeResponsible(plan.ByUser(v.Page.Actor.UserID)), Due: i18n.FieldDate(proposedDue(d.now))}
	v.People = d.people(r.Context(), v.View, v.In)
	return page.Render(w, r, http.StatusOK, formPage(v))
}

func (h Handler) addStep(w http.ResponseWriter, r *http.Request) error {
	in, input, f := typed(r)
	seen, err := h.edit(r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return f.With(input.Validate())
		}
		_, err := plan.AddStep(ctx, tx, input)
		return err
	})
	if bad, refused := refusals(err); refused {
		return h.refuseStep(w, r, in, bad, true)
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, said("flash.plan.added", seen), formLook(r).href(caseframe.Ref(r)))
}

// refuseStep shows the form again with everything that was typed.
func (h Handler) refuseStep(w http.ResponseWriter, r *http.Request, in stepForm, bad fault.Invalid, isNew bool) error {
	d, s, err := h.readStep(r)
	if err != nil {
		return err
	}
	v := d.stepView(w, r, s)
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	v.New, v.In, v.Bad = isNew, in, bad
	v.Page.Invalid = len(bad) > 0
	v.People = d.people(r.Context(), v.View, in)
	status := http.StatusOK
	if len(bad) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, formPage(v))
}

func (h Handler) saveStep(w http.ResponseWriter, r *http.Request) error {
	in, input, f := typed(r)
	id, version := page.ID(r, "step"), f.Int("version")
	if f.Has("again") { // from the page of a conflict: back to the form, with what was typed
		return h.refuseStep(w, r, in, nil, false)
	}
	seen, err := h.edit(r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return f.With(input.Validate())
		}
		return plan.ChangeStep(ctx, tx, id, version, input)
	})
	switch bad, refused := refusals(err); {
	case refused:
		return h.refuseStep(w, r, in, bad, false)
	case errors.Is(err, fault.Stale):
		return h.conflict(w, r, in)
	case err != nil:
		return err
	}
	return page.Done(w, r, said("flash.plan.changed", seen), formLook(r).href(caseframe.Ref(r)))
}

// most is how many people of the directory are suggested for a step.
const most = 3

// people are who can be responsible: who works on the case, who is drawn in, who the directory suggests for the
// partner types that the step calls for, and whoever is chosen already.
func (d stepData) people(ctx context.Context, v caseframe.View, in stepForm) []ui.Option {
	var list []ui.Option
	add := func(value string, p ui.Person, hint string) {
		if !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == value }) {
			p.Href = ""
			list = append(list, ui.Option{Value: value, Label: p.Name, Hint: hint, Person: &p})
		}
	}
	for _, m := range v.Case.Members {
		p := caseframe.Person(m)
		add(writeResponsible(plan.ByUser(m.UserID)), p, p.Title)
	}
	if me := v.Page.Actor; !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == "u:"+me.UserID.String() }) {
		add("u:"+me.UserID.String(), v.Page.Me, v.Page.Me.Title)
	}
	contact := func(id uuid.UUID) {
		if c, ok := d.person(id); ok {
			add(writeResponsible(plan.ByContact(id)), partnerview.Person(c), partnerview.Under(c)+" · "+partnerview.Avail(ctx, c, d.now).Text)
		}
	}
	for _, i := range *d.asked.Involved {
		if i.Live() && i.ContactID != nil {
			contact(*i.ContactID)
		}
	}
	for _, t := range d.wanted(in) {
		for _, c := range first(plan.Best(*d.asked.People, []string{t}, v.Case.Area, d.now), most) {
			contact(c.ContactID)
		}
	}
	// whoever is chosen stays a choice, also when they have left
	if chosen := parseResponsible(in.Responsible); !chosen.None() {
		contact(chosen.Contact)
		for _, s := range *d.steps {
			if s.Responsible() == chosen {
				add(in.Responsible, responsible(s), s.PersonTitle)
				break
			}
		}
	}
	return list
}

// wanted are the partner types to suggest people of: the chosen one, and what the template adds to it.
func (d stepData) wanted(in stepForm) []string {
	for _, s := range *d.steps {
		if s.ID == d.id && s.PartnerType == in.PartnerType {
			return s.PartnerTypes()
		}
	}
	if in.PartnerType == "" {
		return nil
	}
	return []string{in.PartnerType}
}

func first(list []partner.Callable, n int) []partner.Callable { return list[:min(n, len(list))] }

// partnerTypes are the choices of the partner type, "none" first.
func partnerTypes(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "plan.partner_type.none"), ui.Listed(ctx, reference.PartnerTypes))
}

func phaseOptions(phases []plan.Phase) []ui.Option {
	var list []ui.Option
	for i, p := range phases {
		list = append(list, ui.Option{Value: p.ID.String(), Label: strconv.Itoa(i+1) + ". " + p.Title})
	}
	return list
}

// proposedDue is the deadline that the form of a new step proposes: in a week, and where that is a weekend the Monday after.
func proposedDue(now time.Time) time.Time {
	due := i18n.Today(now).AddDate(0, 0, 7)
	for due.Weekday() == time.Saturday || due.Weekday() == time.Sunday {
		due = due.AddDate(0, 0, 1)
	}
	return due
}
