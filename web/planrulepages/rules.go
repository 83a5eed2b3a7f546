package planrulepages

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/planrule"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// rulesView are all rules with what came of them.
type rulesView struct {
	Page  ui.Page
	Now   time.Time
	Rules []planrule.Rule
	Uses  []planrule.Use
}

func (h Handler) rules(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var rules *[]planrule.Rule
	var uses *[]planrule.Use
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, rules, uses = frame.Ask(b), planrule.Rules(b), planrule.Uses(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, rulesPage(rulesView{f.Page(w, r, i18n.T(ctx, "planrules.title"), "admin"), now, *rules, *uses}))
}

// ruleView is the form of a rule, new or known, with what it would hit, what came of it and what it was.
type ruleView struct {
	Page     ui.Page
	Now      time.Time
	Code     string // empty: new
	FormID   uuid.UUID
	Version  int
	In       planrule.Input
	Numbers  map[string]string // the numbers as they were typed
	History  []planrule.Rule
	Uses     []planrule.Use
	Counted  bool // Cases is asked for
	Cases    *int // nil: fewer than five
	Bad      fault.Invalid
	Conflict *ui.Conflict
}

func (v ruleView) action() string {
	if v.Code == "" {
		return link.NewPlanRule
	}
	return link.PlanRule(v.Code)
}

// readRule reads the form; a number that is left out is none.
func readRule(f *page.Form) (in planrule.Input, typed map[string]string) {
	typed = map[string]string{}
	number := func(name string) int {
		if typed[name] = f.Text(name); typed[name] == "" {
			return 0
		}
		return f.Int(name)
	}
	in = planrule.Input{DA: f.Text("da"), EN: f.Text("en"), Area: f.Text("area"), Length: number("length"), Unit: calendar.Unit(f.Text("unit")),
		Certainty: f.Text("certainty"), Law: f.Text("law"), Active: f.Has("active")}
	in.Condition = planrule.Condition{Level: f.Text("level"), LevelTo: f.Text("level_to"), AgeFrom: number("age_from"), AgeTo: number("age_to"), Signs: f.Texts("signs"),
		Factors: f.Texts("factors"), Event: f.Text("event"), Deadline: f.Text("deadline"), Phases: f.Texts("phases")}
	for _, field := range []string{"partner_type", "also"} {
		if t := f.Text(field); t != "" || field == "partner_type" {
			in.PartnerTypes = append(in.PartnerTypes, t)
		}
	}
	return in, typed
}

// typedNumbers are the numbers of a saved rule as a form holds them.
func typedNumbers(in planrule.Input) map[string]string {
	typed := map[string]string{}
	for name, n := range map[string]int{"length": in.Length, "age_from": in.Condition.AgeFrom, "age_to": in.Condition.AgeTo} {
		if n > 0 {
			typed[name] = strconv.Itoa(n)
		}
	}
	return typed
}

func (h Handler) newRule(w http.ResponseWriter, r *http.Request) error {
	return h.ruleForm(w, r, http.StatusOK, ruleView{FormID: uuid.New(), In: planrule.Input{Area: "both", Unit: calendar.Hours, Certainty: "proposal", Active: true}})
}

func (h Handler) addRule(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in, typed := readRule(form)
	v := ruleView{FormID: form.ID("id"), In: in, Numbers: typed, Counted: form.Has("count")}
	return h.write(w, r, form, v, func(tx *db.Tx) error { return planrule.Add(r.Context(), tx, v.FormID, in) })
}

func (h Handler) editRule(w http.ResponseWriter, r *http.Request) error {
	return h.ruleForm(w, r, http.StatusOK, ruleView{Code: page.Param(r, "rule"), Counted: true})
}

func (h Handler) saveRule(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in, typed := readRule(form)
	version, _ := strconv.Atoi(form.Text("version")) // nonsense is no version, and so a conflict
	v := ruleView{Code: page.Param(r, "rule"), Version: version, In: in, Numbers: typed, Counted: form.Has("count")}
	return h.write(w, r, form, v, func(tx *db.Tx) error { return planrule.Change(r.Context(), tx, v.Code, version, in) })
}

// write saves the form, or, where only the number was asked for, shows it again with the number.
func (h Handler) write(w http.ResponseWriter, r *http.Request, form *page.Form, v ruleView, save func(*db.Tx) error) error {
	err := form.Err()
	switch {
	case err != nil:
		err = form.With(v.In.Validate())
	case v.Counted:
		if err = v.In.Validate(); err == nil {
			return h.ruleForm(w, r, http.StatusOK, v)
		}
	default:
		err = h.DB.InTx(r.Context(), actor.From(r.Context()), save)
	}
	v.Counted = false
	switch {
	case err == nil:
		return page.Done(w, r, "flash.planrule.saved", link.PlanRules)
	case errors.As(err, &v.Bad):
		return h.ruleForm(w, r, http.StatusUnprocessableEntity, v)
	case errors.Is(err, fault.Stale):
		v.Conflict = &ui.Conflict{}
		return h.ruleForm(w, r, http.StatusConflict, v)
	}
	return err
}

func (h Handler) retire(w http.ResponseWriter, r *http.Request) error {
	code := page.Param(r, "rule")
	version, _ := strconv.Atoi(page.ReadForm(r).Text("version"))
	err := h.DB.InTx(r.Context(), actor.From(r.Context()), func(tx *db.Tx) error { return planrule.Retire(r.Context(), tx, code, version) })
	if errors.Is(err, fault.Stale) { // somebody has changed it: shown, and nothing is lost
		return page.Done(w, r, "flash.planrule.changed", link.PlanRule(code))
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.planrule.retired", link.PlanRules)
}

// ruleForm shows the form: with what is saved, or with what was typed where it was not.
func (h Handler) ruleForm(w http.ResponseWriter, r *http.Request, status int, v ruleView) error {
	ctx := r.Context()
	var f *frame.Frame
	history, uses, cases := &[]planrule.Rule{}, &[]planrule.Use{}, new(*int)
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f = frame.Ask(b)
		if v.Code != "" {
			history, uses = planrule.History(b, v.Code), planrule.Uses(b)
		}
		switch {
		case v.Counted && v.In.DA != "":
			cases = planrule.Cases(b, v.In.Area, v.In.Condition)
		case v.Counted:
			cases = planrule.CasesOf(b, v.Code)
		}
	})
	if err != nil {
		return err
	}
	if v.Code != "" && len(*history) == 0 {
		return fault.NotFound
	}
	v.Page, v.Now, v.History, v.Cases = f.Page(w, r, i18n.T(ctx, "planrules.title"), "admin"), now, *history, *cases
	v.Page.Invalid = len(v.Bad) > 0
	v.Uses = ofRule(*uses, v.Code)
	if v.Code != "" {
		saved := v.History[0]
		switch {
		case v.Conflict != nil:
			v.Version, v.Conflict.By, v.Conflict.Keep = saved.Version, saved.ChangedBy, link.PlanRule(v.Code)
			v.Conflict.Differ("planrule.da", saved.DA, v.In.DA)
			v.Conflict.Differ("planrule.en", saved.EN, v.In.EN)
			v.Conflict.Differ("planrule.when", words(ctx, saved.Input), words(ctx, v.In))
			v.Conflict.Differ("planrule.certainty", standing(ctx, saved.Input), standing(ctx, v.In))
			v.Conflict.Differ("planrule.state", state(ctx, saved.Active), state(ctx, v.In.Active))
		case v.In.DA == "" && len(v.Bad) == 0:
			v.In, v.Version, v.Numbers = saved.Input, saved.Version, typedNumbers(saved.Input)
		}
	}
	return page.Render(w, r, status, rulePage(v))
}
