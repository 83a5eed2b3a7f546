package deadlinepages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/deadlineview"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// adminView is what the municipality decides about deadlines itself.
type adminView struct {
	Page     ui.Page
	Now      time.Time
	Rules    []deadline.Rule
	Holidays deadline.Holidays // as they are, or as somebody wants them
	Coming   []calendar.Holiday
	History  []deadline.RuleChange
	Stale    bool // somebody else has saved the holidays meanwhile
}

func (h Handler) readAdmin(w http.ResponseWriter, r *http.Request) (adminView, error) {
	ctx := r.Context()
	var f *frame.Frame
	var rules deadline.RuleRows
	var history *[]deadline.RuleChange
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, rules, history = frame.Ask(b), deadline.AskRules(b), deadline.RuleHistory(b)
	})
	if err != nil {
		return adminView{}, err
	}
	all := rules.Rules()
	v := adminView{Page: f.Page(w, r, i18n.T(ctx, "fristadmin.title"), "admin"), Now: now, Holidays: all.Holidays, History: *history}
	v.Coming = calendar.Coming(now, all.Holidays.Settings())
	for _, x := range all.All {
		if x.LawLength > 0 || x.Own() { // "without delay" has no number to decide about
			v.Rules = append(v.Rules, x)
		}
	}
	return v, nil
}

func (h Handler) admin(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readAdmin(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, adminPage(v))
}

func (h Handler) saveHolidays(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	ticked := f.Texts("holidays")
	want := deadline.Holidays{ConstitutionDay: slices.Contains(ticked, "constitution_day"), ChristmasEve: slices.Contains(ticked, "christmas_eve"),
		NewYearsEve: slices.Contains(ticked, "new_years_eve"), Version: f.Int("version")}
	err := f.Err()
	if err == nil {
		err = h.DB.InTx(r.Context(), actor.From(r.Context()), func(tx *db.Tx) error { return deadline.ChangeHolidays(r.Context(), tx, want) })
	}
	if err == nil {
		return page.Done(w, r, "flash.deadline.holidays", link.AdminDeadlines+"#helligdage")
	}
	_, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readAdmin(w, r)
	if err != nil {
		return err
	}
	want.Version, v.Stale, v.Page.Invalid = v.Holidays.Version, stale, true
	v.Holidays = want // what was ticked stays ticked; the table below shows what is saved
	return page.Render(w, r, page.FormStatus(stale), adminPage(v))
}

// threeDays are the days that a municipality decides about.
var threeDays = []string{"constitution_day", "christmas_eve", "new_years_eve"}

func (v adminView) ticked() []string {
	var on []string
	for code, counts := range map[string]bool{"constitution_day": v.Holidays.ConstitutionDay, "christmas_eve": v.Holidays.ChristmasEve, "new_years_eve": v.Holidays.NewYearsEve} {
		if counts {
			on = append(on, code)
		}
	}
	return on
}

// ruleNow says how long a rule is here: its length, or that it is switched off.
func ruleNow(ctx context.Context, r deadline.Rule) string {
	if !r.Active {
		return i18n.T(ctx, "fristadmin.off")
	}
	return deadlineview.Length(ctx, r.Length, r.Unit)
}

// ruleMost says what the law, or the proposal of the reference data, says.
func ruleMost(ctx context.Context, r deadline.Rule) string {
	switch {
	case r.Own():
		return i18n.T(ctx, "fristadmin.own")
	case r.Law:
		return i18n.T(ctx, "fristadmin.law", deadlineview.Length(ctx, r.LawLength, r.LawUnit))
	}
	return i18n.T(ctx, "fristadmin.proposal", deadlineview.Length(ctx, r.LawLength, r.LawUnit))
}

// changed says a decision about a rule in the history.
func (v adminView) changed(ctx context.Context, c deadline.RuleChange) string {
	name := c.Name
	for _, r := range v.Rules {
		if r.Code == c.Code {
			name = r.Name(ctx)
		}
	}
	if !c.Active {
		return name + ": " + i18n.T(ctx, "fristadmin.off")
	}
	return name + ": " + deadlineview.Length(ctx, c.Length, calendar.Unit(c.Unit))
}

func sortedText(list []string) []string {
	slices.Sort(list)
	return list
}

// ruleView is the form of one rule.
type ruleView struct {
	Page   ui.Page
	Rule   deadline.Rule // as it is; the zero rule is a new one
	In     deadline.RuleInput
	Length string // as typed
	Bad    fault.Invalid
	Other  *ui.Conflict
}

func (h Handler) readRule(w http.ResponseWriter, r *http.Request) (ruleView, error) {
	ctx, code := r.Context(), page.Param(r, "code")
	var f *frame.Frame
	var rules deadline.RuleRows
	_, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, rules = frame.Ask(b), deadline.AskRules(b) })
	if err != nil {
		return ruleView{}, err
	}
	v := ruleView{In: deadline.RuleInput{Area: "both", Unit: calendar.Days, Active: true}}
	title := i18n.T(ctx, "fristadmin.new")
	if code != "" {
		rule, known := rules.Rules().Find(code)
		if !known || rule.LawLength == 0 && !rule.Own() {
			return ruleView{}, fault.NotFound
		}
		v.Rule, v.Length = rule, strconv.Itoa(rule.Length)
		v.In = deadline.RuleInput{Code: code, Name: rule.OwnName, Area: rule.Area, Length: rule.Length, Unit: rule.Unit, Active: rule.Active}
		title = rule.Name(ctx)
	}
	v.Page = f.Page(w, r, title, "admin")
	return v, nil
}

func (h Handler) newRule(w http.ResponseWriter, r *http.Request) error  { return h.showRule(w, r) }
func (h Handler) editRule(w http.ResponseWriter, r *http.Request) error { return h.showRule(w, r) }

func (h Handler) showRule(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readRule(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, rulePage(v))
}

func (h Handler) saveRule(w http.ResponseWriter, r *http.Request) error {
	ctx, f, code := r.Context(), page.ReadForm(r), page.Param(r, "code")
	in := deadline.RuleInput{Code: code, Name: f.Text("name"), Area: f.Text("area"), Length: f.Int("length"), Unit: calendar.Unit(f.Text("unit")), Active: f.Has("active")}
	version := 0
	if code == "" {
		in.Active = true
	} else {
		version = f.Int("version")
	}
	err := f.With(in.Validate())
	if err == nil {
		err = h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return deadline.ChangeRule(ctx, tx, version, in) })
	}
	if err == nil {
		return page.Done(w, r, "flash.deadline.rule", link.AdminDeadlines)
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readRule(w, r)
	if err != nil {
		return err
	}
	if stale {
		v.Other = &ui.Conflict{Keep: link.AdminDeadlines}
		v.Other.Differ("fristadmin.length", ruleNow(ctx, v.Rule), deadlineview.Length(ctx, in.Length, in.Unit))
		v.Other.Differ("fristadmin.name", v.In.Name, in.Name)
	} else {
		v.Rule.Version = version
	}
	v.In, v.Length, v.Bad, v.Page.Invalid = in, f.Text("length"), bad, true
	return page.Render(w, r, page.FormStatus(stale), rulePage(v))
}

// path is where the form posts to.
func (v ruleView) path() string {
	if v.In.Code == "" {
		return link.NewDeadlineRule
	}
	return link.DeadlineRule(v.In.Code)
}

// ownRule reports whether name and area are asked for too.
func (v ruleView) ownRule() bool { return v.In.Code == "" || v.Rule.Own() }

func (v ruleView) units(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, u := range calendar.Units {
		if v.Rule.Law && u != v.Rule.LawUnit && u != v.In.Unit {
			continue // what the law counts in is the law's
		}
		all = append(all, ui.Option{Value: string(u), Label: deadlineview.Unit(ctx, u)})
	}
	return all
}
