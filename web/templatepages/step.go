package templatepages

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// stepView is the form of one step of a template.
type stepView struct {
	view
	New      bool
	Key      uuid.UUID
	Mark     string
	Phase    string
	In       reference.Step
	Offset   string // as it was typed
	Repeat   string
	Harmless bool // the title sounds like family, and the step does not reach them
}

// part is a step of the template with its phase.
func (v view) part(code string) (reference.Phase, reference.Step, bool) {
	for _, p := range v.Now().Phases {
		if i := slices.IndexFunc(p.Steps, func(s reference.Step) bool { return s.Code == code }); i >= 0 {
			return p, p.Steps[i], true
		}
	}
	return reference.Phase{}, reference.Step{}, false
}

func (h Handler) step(w http.ResponseWriter, r *http.Request) error {
	one, err := h.read(w, r)
	if err != nil {
		return err
	}
	code := page.Param(r, "piece")
	v := stepView{view: one, New: code == newPart, Key: uuid.New(), In: reference.Step{Mandatory: true}}
	if len(one.Now().Phases) > 0 {
		v.Phase = one.Now().Phases[0].Code
	}
	if !v.New {
		p, s, ok := one.part(code)
		if !ok {
			return fault.NotFound
		}
		v.saved(p, s)
	}
	return page.Render(w, r, http.StatusOK, stepPage(v))
}

// saved fills the form with what is saved.
func (v *stepView) saved(p reference.Phase, s reference.Step) {
	v.In, v.Phase, v.Mark = s, p.Code, template.StepMark(p.Code, s)
	if s.Due != nil {
		v.Offset = strconv.Itoa(s.Due.Offset)
	}
	if s.RepeatDays > 0 {
		v.Repeat = strconv.Itoa(s.RepeatDays)
	}
	v.Harmless = s.RequiresGate == "" && plan.SoundsLikeFamily(s.TitleDA) // somebody has said so
}

// due is the unit that the form shows as chosen.
func (v stepView) unit() string {
	if v.In.Due == nil {
		return "days"
	}
	return v.In.Due.Unit
}

// read takes the form over what is known of the step: what it does not show stays.
func (v *stepView) read(f *page.Form, known reference.Step) {
	s := known
	s.TitleDA, s.TitleEN, s.PurposeDA, s.Role, s.Law = f.Text("title_da"), f.Text("title_en"), f.Text("purpose_da"), f.Text("role"), f.Text("law")
	s.DeadlineCode, s.Certainty, s.Mandatory = f.Text("deadline_code"), f.Text("certainty"), f.Has("mandatory")
	s.PartnerTypes = []string{}
	for _, p := range f.Texts("partner_types") {
		if p != "" {
			s.PartnerTypes = append(s.PartnerTypes, p)
		}
	}
	s.RequiresGate = ""
	if f.Has("requires_gate") {
		s.RequiresGate = template.Gate
	}
	s.Due, s.RepeatDays = nil, 0
	if v.Offset = f.Text("offset"); v.Offset != "" {
		s.Due = &reference.Offset{Offset: f.Int("offset"), Unit: f.Text("unit")}
	}
	if v.Repeat = f.Text("repeat_days"); v.Repeat != "" {
		s.RepeatDays = f.Int("repeat_days")
	}
	v.In, v.Phase, v.Mark, v.Harmless, v.Key = s, f.Text("phase"), f.Text("mark"), f.Has("harmless"), f.ID("key")
	if v.Key == uuid.Nil {
		v.Key = uuid.New()
	}
}

func (h Handler) saveStep(w http.ResponseWriter, r *http.Request) error {
	one, err := h.read(w, r)
	if err != nil {
		return err
	}
	code, f := page.Param(r, "piece"), page.ReadForm(r)
	v := stepView{view: one, New: code == newPart}
	p, known, ok := one.part(code)
	if !v.New && !ok {
		return fault.NotFound
	}
	v.read(f, known)
	bad := fault.Invalid{} // all of it at once
	_ = bad.Merge("", f.Err())
	if err := bad.Merge("", template.RefuseStep(one.Now(), v.Phase, v.In)); err != nil {
		return err
	}
	// R1: a step that sounds like it reaches the family says whether it does
	bad.Check("title_da", v.In.RequiresGate != "" || v.Harmless || !plan.SoundsLikeFamily(v.In.TitleDA), "template.error.family")
	var stale bool
	if len(bad) == 0 {
		if bad, stale, err = h.write(r, func(tx *db.Tx) error {
			return template.SetStep(r.Context(), tx, v.Code, v.Phase, v.Mark, v.Key, v.In)
		}); err != nil {
			return err
		}
	}
	if len(bad) == 0 && !stale {
		return page.Done(w, r, "flash.template.step", link.Template(v.Code))
	}
	if stale {
		ctx := r.Context()
		v.Mark, v.Conflict = template.StepMark(p.Code, known), &ui.Conflict{By: one.writer(), Keep: link.TemplateStep(v.Code, code)}
		for _, field := range stepFields {
			v.Conflict.Differ("template.field."+field, fieldText(ctx, known, p.DA, field), fieldText(ctx, v.In, phaseTitle(one.Now(), v.Phase), field))
		}
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, page.FormStatus(stale), stepPage(v))
}

// stepFields are the fields of a step in the order of the form.
var stepFields = []string{"title_da", "title_en", "phase", "purpose_da", "role", "partner_types", "due", "deadline_code", "law", "certainty", "repeat_days", "mandatory", "requires_gate"}

func phaseTitle(t reference.Template, code string) string {
	for _, p := range t.Phases {
		if p.Code == code {
			return p.DA
		}
	}
	return ""
}

// phaseView is the form of a phase.
type phaseView struct {
	view
	New    bool
	Key    uuid.UUID
	Mark   string
	Part   string
	DA, EN string
}

func (h Handler) phase(w http.ResponseWriter, r *http.Request) error {
	one, err := h.read(w, r)
	if err != nil {
		return err
	}
	v := phaseView{view: one, Part: page.Param(r, "piece"), Key: uuid.New()}
	v.New = v.Part == newPart
	if !v.New {
		p, ok := phaseOf(one.Now(), v.Part)
		if !ok {
			return fault.NotFound
		}
		v.DA, v.EN, v.Mark = p.DA, p.EN, template.PhaseMark(p)
	}
	return page.Render(w, r, http.StatusOK, phasePage(v))
}

func phaseOf(t reference.Template, code string) (reference.Phase, bool) {
	i := slices.IndexFunc(t.Phases, func(p reference.Phase) bool { return p.Code == code })
	if i < 0 {
		return reference.Phase{}, false
	}
	return t.Phases[i], true
}

func (h Handler) savePhase(w http.ResponseWriter, r *http.Request) error {
	f, code, part := page.ReadForm(r), page.Param(r, "template"), page.Param(r, "piece")
	v := phaseView{New: part == newPart, Part: part, Key: f.ID("key"), Mark: f.Text("mark"), DA: f.Text("da"), EN: f.Text("en")}
	if v.Key == uuid.Nil {
		v.Key = uuid.New()
	}
	at := part
	if v.New {
		at = ""
	}
	bad, stale, err := h.write(r, func(tx *db.Tx) error { return template.SetPhase(r.Context(), tx, code, at, v.Mark, v.Key, v.DA, v.EN) })
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		return page.Done(w, r, "flash.template.phase", link.Template(code))
	}
	if v.view, err = h.read(w, r); err != nil {
		return err
	}
	v.Bad, v.Page.Invalid = bad, true
	if stale {
		p, _ := phaseOf(v.Now(), part)
		v.Mark, v.Conflict = template.PhaseMark(p), &ui.Conflict{By: v.writer(), Keep: link.TemplatePhase(code, part)}
		v.Conflict.Differ("template.phase.da", p.DA, v.DA)
		v.Conflict.Differ("template.phase.en", p.EN, v.EN)
	}
	return page.Render(w, r, page.FormStatus(stale), phasePage(v))
}
