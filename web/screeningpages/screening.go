package screeningpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/screening"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// screeningView is the form of a screening, with what is new since the last one and the history.
type screeningView struct {
	known
	In      screening.Input
	Lighter bool // less is chosen than the law asks for: say why
	Other   *ui.Conflict
	Kept    *screening.Input // what was written while a colleague concluded the report
}

func (s site) readScreening(w http.ResponseWriter, r *http.Request) (screeningView, error) {
	k, err := s.know(w, r, "screening.title")
	return screeningView{known: k, In: screening.Input{ID: uuid.New(), Version: k.Subject.Version}}, err
}

func (s site) screening(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readScreening(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, screeningPage(v))
}

func (s site) saveScreening(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := screening.Input{ID: form.ID("id"), Outcome: form.Text("outcome"), Reason: form.Text("reason"), Honour: form.Text("honour"), HonourWhy: form.Text("honour_why"),
		Certainty: form.Text("certainty"), Mandatory: form.Texts("mandatory"), LighterWhy: form.Text("lighter_why"), Version: form.Int("version"), Answers: map[string]screening.AnswerInput{}}
	for _, code := range form.Texts("regel") {
		in.Answers[code] = readAnswer(form, code)
	}
	err := s.write(r, func(tx *db.Tx) error { return screening.Screen(r.Context(), tx, s.on, in) })
	if err == nil && s.on == screening.Report && in.Outcome != screening.NoFurther {
		return page.Done(w, r, "flash.screening.case", s.base(r)) // which says what comes now
	}
	if err == nil {
		return page.Done(w, r, "flash.screening.made", link.Screening(s.base(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := s.readScreening(w, r)
	if err != nil {
		return err
	}
	switch {
	case v.Subject.Concluded != nil: // by a colleague, while this was being written: it is shown, not lost (R13)
		v.Kept = &in
		return page.Render(w, r, http.StatusConflict, screeningPage(v))
	case !v.mayWrite():
		return fault.Forbidden
	}
	v.refused()
	current := v.In.Version
	v.In, v.Bad, v.Given = in, bad, in.Answers
	v.Lighter = in.Lighter()
	if stale { // a colleague has changed the case, or the report: look, and save again
		v.In.Version, v.Other = current, &ui.Conflict{PII: true, Keep: v.Base}
		if last := v.last(); last != nil {
			v.Other.By = last.ScreenedBy
			v.Other.Differ("screening.outcome", outcomeName(r.Context(), last.Outcome), outcomeName(r.Context(), in.Outcome))
		}
	}
	return page.Render(w, r, page.FormStatus(stale), screeningPage(v))
}

// order are the fields as they stand in the form.
func (v screeningView) order() []string {
	var names []string
	for _, s := range v.open() {
		names = append(names, "svar-"+s.Rule.Code, "hvorfor-"+s.Rule.Code)
	}
	return append(names, "honour", "honour_why", "certainty", "mandatory", "outcome", "lighter_why", "reason")
}

// mayScreen reports whether the form is there: a concluded report is only read.
func (v screeningView) mayScreen() bool { return v.mayWrite() && v.Subject.Concluded == nil }

// assessFirst reports whether the 24 hours of a report are still running, or over: a screening is refused until it is assessed (R2).
func (v screeningView) assessFirst() bool {
	return v.report != nil && v.child() && !v.Subject.Assessed
}

// child reports whether the three outcomes of barnets lov § 18 are the lawful ones.
func (k known) child() bool { return k.Subject.Area == "child" }

// suspected reports whether the last screening suspects honour conflict.
func (k known) suspected() bool { return k.last() != nil && k.last().Honour }

// gateStands reports whether the risk is still to be assessed, as far as this page knows: a report knows nothing of it, and a
// case whose gate is open has had its assessment, or its team lead's word.
func (k known) gateStands() bool { return !k.onCase() || k.file.Case.Gate == casefile.GateShut }

// leadsOn reports whether the concluded report still wants the case that its outcome asks for, and the reader may make it.
func (k known) leadsOn() bool {
	return k.report != nil && k.report.Report.Concluded() && k.report.Report.MakesCase
}

// news are the signs that were noted, or taken back, since the last screening.
func (k known) news() (noted, retired []screening.Seen) {
	last := k.last()
	if last == nil {
		return nil, nil
	}
	for _, s := range k.Signs {
		switch {
		case s.Live() && s.NotedAt.After(last.ScreenedAt):
			noted = append(noted, s)
		case !s.Live() && s.RetiredAt.After(last.ScreenedAt) && !s.NotedAt.After(last.ScreenedAt):
			retired = append(retired, s)
		}
	}
	return noted, retired
}

// outcomes are the lawful outcomes of the area, each with its paragraph.
func (k known) outcomes(ctx context.Context) []ui.Option {
	return ui.Options(ctx, "screening.outcome.", screening.Outcomes(k.Subject.Area))
}

func outcomeName(ctx context.Context, outcome string) string {
	if outcome == "" {
		return ""
	}
	return i18n.T(ctx, "screening.outcome."+outcome)
}

// situations are those of § 20, stk. 1, and that none of them holds.
func situations(ctx context.Context) []ui.Option {
	return ui.Options(ctx, "screening.mandatory.", append(slices.Clone(screening.Mandatory), screening.NoneOfThem))
}

func honour(ctx context.Context) []ui.Option {
	return ui.Options(ctx, "screening.honour.", []string{"suspected", "not"})
}

// honourWord says whether honour conflict is suspected, and the tone of it.
func honourWord(ctx context.Context, suspected bool) (word, tone string) {
	if suspected {
		return i18n.T(ctx, "screening.honour.suspected"), "red"
	}
	return i18n.T(ctx, "screening.honour.not"), ""
}

func groupCount(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "signs.count", n)
}

// leadOf says what the screening decides, and under which law.
func leadOf(ctx context.Context, v screeningView) string {
	if v.child() {
		return i18n.T(ctx, "screening.lead.child")
	}
	return i18n.T(ctx, "screening.lead.adult")
}

func outcomeHint(child bool) string {
	if child {
		return "screening.outcome.hint.child"
	}
	return "screening.outcome.hint.adult"
}

func saveLabel(ctx context.Context, v screeningView) string {
	if v.onCase() {
		return i18n.T(ctx, "screening.save.case", v.Number)
	}
	return i18n.T(ctx, "screening.save.report", v.Number)
}

// allSigns leads to the signs, also where there are none to see yet.
func allSigns(ctx context.Context, n int) string {
	if n == 0 {
		return i18n.T(ctx, "signs.list")
	}
	return i18n.N(ctx, "signs.all", n)
}
