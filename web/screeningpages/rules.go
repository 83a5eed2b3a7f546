package screeningpages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/screening"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// rulesView are all rules with how they do.
type rulesView struct {
	Page      ui.Page
	Now       time.Time
	Rules     []screening.Rule
	Precision []screening.Quarter
}

func (h Handler) rules(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var rules *[]screening.Rule
	var precision *[]screening.Quarter
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, rules, precision = frame.Ask(b), screening.Rules(b), screening.Precision(b)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, rulesPage(rulesView{f.Page(w, r, i18n.T(ctx, "rules.title"), "admin"), now, *rules, *precision}))
}

// ruleView is the form of a rule, new or known, with how it does and what it was.
type ruleView struct {
	Page      ui.Page
	Now       time.Time
	Code      string // empty: new
	FormID    uuid.UUID
	Version   int
	In        screening.RuleInput
	Numbers   map[string]string // the numbers as they were typed
	History   []screening.Rule
	Precision []screening.Quarter
	Bad       fault.Invalid
	Conflict  *ui.Conflict
}

func (v ruleView) action() string {
	if v.Code == "" {
		return link.NewRule
	}
	return link.Rule(v.Code)
}

// numbers are the fields of a rule that hold one.
var numbers = []string{"n", "holiday_days", "age_from", "age_to"}

// readRule reads the form; a number that is left out is none.
func readRule(f *page.Form) (in screening.RuleInput, typed map[string]string) {
	typed = map[string]string{}
	number := func(name string) int {
		if typed[name] = f.Text(name); typed[name] == "" {
			return 0
		}
		return f.Int(name)
	}
	in = screening.RuleInput{DA: f.Text("da"), EN: f.Text("en"), Area: f.Text("area"), Active: f.Has("active")}
	in.Condition = screening.Condition{Form: f.Text("form"), Signs: f.Texts("signs"), Groups: f.Texts("groups"), N: number("n"),
		HolidayDays: number("holiday_days"), AgeFrom: number("age_from"), AgeTo: number("age_to")}
	return in, typed
}

// typedNumbers are the numbers of a saved rule as a form holds them.
func typedNumbers(c screening.Condition) map[string]string {
	typed := map[string]string{}
	for i, n := range []int{c.N, c.HolidayDays, c.AgeFrom, c.AgeTo} {
		if n > 0 {
			typed[numbers[i]] = strconv.Itoa(n)
		}
	}
	return typed
}

func (h Handler) newRule(w http.ResponseWriter, r *http.Request) error {
	return h.ruleForm(w, r, http.StatusOK, ruleView{FormID: uuid.New(), In: screening.RuleInput{Area: "both", Active: true}})
}

func (h Handler) addRule(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in, typed := readRule(form)
	id := form.ID("id")
	err := form.Err()
	if err != nil {
		err = form.With(in.Validate())
	} else {
		err = h.DB.InTx(r.Context(), actor.From(r.Context()), func(tx *db.Tx) error {
			_, err := screening.AddRule(r.Context(), tx, id, in)
			return err
		})
	}
	return h.saved(w, r, ruleView{FormID: id, In: in, Numbers: typed}, err)
}

func (h Handler) editRule(w http.ResponseWriter, r *http.Request) error {
	return h.ruleForm(w, r, http.StatusOK, ruleView{Code: page.Param(r, "rule")})
}

func (h Handler) saveRule(w http.ResponseWriter, r *http.Request) error {
	code, form := page.Param(r, "rule"), page.ReadForm(r)
	in, typed := readRule(form)
	version, _ := strconv.Atoi(form.Text("version")) // nonsense is no version, and so a conflict
	err := form.Err()
	if err != nil {
		err = form.With(in.Validate())
	} else {
		err = h.DB.InTx(r.Context(), actor.From(r.Context()), func(tx *db.Tx) error {
			return screening.ChangeRule(r.Context(), tx, code, version, in)
		})
	}
	return h.saved(w, r, ruleView{Code: code, Version: version, In: in, Numbers: typed}, err)
}

// saved answers a form of a rule.
func (h Handler) saved(w http.ResponseWriter, r *http.Request, v ruleView, err error) error {
	switch {
	case err == nil:
		return page.Done(w, r, "flash.rule.saved", link.Rules)
	case errors.As(err, &v.Bad):
		return h.ruleForm(w, r, http.StatusUnprocessableEntity, v)
	case errors.Is(err, fault.Stale):
		v.Conflict = &ui.Conflict{}
		return h.ruleForm(w, r, http.StatusConflict, v)
	}
	return err
}

// ruleForm shows the form: with what is saved, or with what was typed where it was refused.
func (h Handler) ruleForm(w http.ResponseWriter, r *http.Request, status int, v ruleView) error {
	ctx := r.Context()
	var f *frame.Frame
	history, precision := &[]screening.Rule{}, &[]screening.Quarter{}
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f = frame.Ask(b)
		if v.Code != "" {
			history, precision = screening.RuleHistory(b, v.Code), screening.Precision(b)
		}
	})
	if err != nil {
		return err
	}
	if v.Code != "" && len(*history) == 0 {
		return fault.NotFound
	}
	v.Page, v.Now, v.History = f.Page(w, r, i18n.T(ctx, "rules.title"), "admin"), now, *history
	v.Page.Invalid = len(v.Bad) > 0
	v.Precision = ofRule(*precision, v.Code)
	if v.Code != "" {
		saved := v.History[0]
		switch {
		case v.Conflict != nil:
			v.Version, v.Conflict.By, v.Conflict.Keep = saved.Version, saved.ChangedBy, link.Rule(v.Code)
			v.Conflict.Differ("rule.da", saved.DA, v.In.DA)
			v.Conflict.Differ("rule.en", saved.EN, v.In.EN)
			v.Conflict.Differ("rule.when", ruleWords(ctx, saved.RuleInput), ruleWords(ctx, v.In))
			v.Conflict.Differ("rule.state", state(ctx, saved.Active), state(ctx, v.In.Active))
		case status == http.StatusOK:
			v.In, v.Version, v.Numbers = saved.RuleInput, saved.Version, typedNumbers(saved.Condition)
		}
	}
	return page.Render(w, r, status, rulePage(v))
}

// ruleWords say when a rule asks, as one would say it: "Mindst ét af: … og en skoleferie begynder inden for 60 dage".
func ruleWords(ctx context.Context, in screening.RuleInput) string {
	c := in.Condition
	var names []string
	if c.Form == screening.AnySign {
		for _, code := range c.Signs {
			names = append(names, "”"+signName(ctx, code)+"”")
		}
	} else {
		for _, code := range c.Groups {
			names = append(names, reference.Name(ctx, reference.SignGroups, code))
		}
	}
	list := strings.Join(names, ", ")
	var text string
	switch c.Form {
	case screening.AnySign:
		text = i18n.T(ctx, "rule.words.any", list)
	case screening.CountSign:
		text = i18n.N(ctx, "rule.words.count", c.N, list)
	case screening.Spread:
		text = i18n.T(ctx, "rule.words.spread", c.N, list)
	}
	if c.HolidayDays > 0 {
		text += i18n.T(ctx, "rule.words.holiday", c.HolidayDays)
	}
	if c.AgeTo > 0 {
		text += i18n.T(ctx, "rule.words.age", c.AgeFrom, c.AgeTo)
	}
	if in.Area == "child" || in.Area == "adult" {
		text += " " + i18n.T(ctx, "rule.words."+in.Area)
	}
	return text
}

func state(ctx context.Context, active bool) string {
	if active {
		return i18n.T(ctx, "rule.active.yes")
	}
	return i18n.T(ctx, "rule.active.no")
}

// ofRule are the quarters of one rule.
func ofRule(all []screening.Quarter, code string) []screening.Quarter {
	var list []screening.Quarter
	for _, q := range all {
		if q.Code == code {
			list = append(list, q)
		}
	}
	return list
}

// quarterName is "3. kvt. 2026".
func quarterName(ctx context.Context, q time.Time) string {
	return i18n.T(ctx, "rule.quarter", quarterOf(q), q.Year())
}

func quarterOf(q time.Time) int { return (int(q.Month()) + 2) / 3 }

// told says how the rule did in a quarter, as far as it may be said.
func told(ctx context.Context, q screening.Quarter) string {
	if bound, ok := q.Bound(); ok {
		return i18n.T(ctx, "rule.precision."+q.Side, bound, *q.Answered, quarterName(ctx, q.Quarter))
	}
	if q.Percent != nil {
		return i18n.T(ctx, "rule.precision.latest", *q.Percent, *q.Answered, quarterName(ctx, q.Quarter))
	}
	return ""
}

// latest says how a rule did in the last quarter of which something may be said.
func latest(ctx context.Context, list []screening.Quarter) string {
	for i := len(list) - 1; i >= 0; i-- {
		if words := told(ctx, list[i]); words != "" {
			return words
		}
	}
	return i18n.T(ctx, "rule.precision.few")
}

// mayDraw reports whether there is any quarter whose share may be shown.
func (v ruleView) mayDraw() bool {
	return slices.ContainsFunc(v.Precision, func(q screening.Quarter) bool { return q.Percent != nil })
}

// chart is the precision over time; a quarter of which no number may be shown is a dash, which is not a zero.
func (v ruleView) chart(ctx context.Context) ui.Chart {
	c := ui.Chart{ID: "traef-h", Conclusion: i18n.T(ctx, "rule.precision.conclusion"), RowName: i18n.T(ctx, "rule.precision.quarter"), Series: []ui.Series{{Name: i18n.T(ctx, "rule.precision.share")}}}
	for i, q := range v.Precision {
		row := ui.ChartRow{Label: fmt.Sprintf("%d/%02d", quarterOf(q.Quarter), q.Quarter.Year()%100), Values: []int{0}, None: q.Percent == nil, Current: i == len(v.Precision)-1}
		if q.Percent != nil {
			row.Values[0] = *q.Percent
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// signOptions are the signs of a group as choices.
func signOptions(ctx context.Context, group string) []ui.Option {
	var options []ui.Option
	for _, s := range reference.Signs("") {
		if s.Group == group {
			options = append(options, ui.Option{Value: s.Code, Label: s.Name(ctx)})
		}
	}
	return options
}

func chosen(codes []string, code string) bool { return slices.Contains(codes, code) }

func ruleTitle(ctx context.Context, v ruleView) string {
	if v.Code == "" {
		return i18n.T(ctx, "rule.new")
	}
	return v.History[0].Name(ctx)
}

// changed says from whom the rule is: the house's proposal is not law, and says so.
func changed(ctx context.Context, r screening.Rule, v rulesView) string {
	if r.ChangedBy == "" {
		return i18n.T(ctx, "rule.proposal")
	}
	return i18n.T(ctx, "rule.changed", r.ChangedBy, i18n.Date(ctx, r.ChangedAt, v.Now))
}
