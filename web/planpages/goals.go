package planpages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// goalsView is the form of the citizen's own goals and the plan's own days, with the steps that a day takes along.
type goalsView struct {
	caseframe.View
	Version, Goals, FollowUp, Began, Departs string
	Bad                                      fault.Invalid
	Shifts                                   []plan.Shift // what would move, where that has not been seen
}

// hidden is what the form carries: which plan was seen, and which steps were seen to move.
func (v goalsView) hidden() map[string]string {
	m := map[string]string{"version": v.Version}
	if len(v.Shifts) > 0 {
		m["seen"] = plan.SeenShifts(v.Shifts)
	}
	return m
}

func (h Handler) goals(w http.ResponseWriter, r *http.Request) error {
	d, err := h.read(r)
	if err != nil {
		return err
	}
	if !d.plan.OK {
		return fault.NotFound
	}
	p := d.plan.Row
	v := goalsView{View: d.view(w, r), Version: strconv.Itoa(p.Version), Goals: p.CitizenGoals, FollowUp: dayText(p.Days().FollowUp), Began: i18n.FieldDate(p.BeganAt), Departs: dayText(p.Days().Departs)}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	return page.Render(w, r, http.StatusOK, goalsPage(v))
}

func dayText(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return i18n.FieldDate(day)
}

// shiftDay is the day of a step in a preview.
func shiftDay(ctx context.Context, at *time.Time, timed bool, now time.Time) string {
	switch {
	case at == nil:
		return i18n.T(ctx, "plan.shift.none")
	case timed:
		return i18n.DateTime(ctx, *at, now)
	}
	return i18n.Date(ctx, *at, now)
}

func (h Handler) saveGoals(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	version := f.Int("version")
	in := plan.GoalsInput{CitizenGoals: f.Text("goals"), NextFollowUp: f.Date("follow_up"), Began: f.Date("began"), Departs: f.Date("departs"), Seen: f.Text("seen")}
	seen, err := h.edit(r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return err
		}
		return plan.ChangeGoals(ctx, tx, version, in)
	})
	bad, refused := refusals(err)
	stale, unseen := errors.Is(err, fault.Stale), errors.Is(err, plan.ErrUnseen)
	if err != nil && !refused && !stale && !unseen {
		return err
	}
	if err == nil {
		return page.Done(w, r, said("flash.plan.goals", seen), link.Plan(caseframe.Ref(r)))
	}
	d, err := h.read(r)
	if err != nil {
		return err
	}
	typed := goalsView{View: d.view(w, r), Version: f.Text("version"), Goals: in.CitizenGoals, FollowUp: f.Text("follow_up"), Began: f.Text("began"), Departs: f.Text("departs"), Bad: bad}
	switch {
	case !typed.May(actor.Write):
		return fault.Forbidden
	case stale:
		return h.goalsConflict(w, r, d, typed)
	case unseen:
		return h.previewGoals(w, r, d.plan.Row, typed, in)
	}
	typed.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, goalsPage(typed))
}

// previewGoals shows which steps would move along. Nothing is changed.
func (h Handler) previewGoals(w http.ResponseWriter, r *http.Request, p plan.Plan, v goalsView, in plan.GoalsInput) error {
	days := plan.Days{Began: p.BeganAt, FollowUp: in.NextFollowUp, Departs: in.Departs}
	if !in.Began.IsZero() {
		days.Began = p.Begins(in.Began)
	}
	var list *[]plan.Shift
	if _, err := h.DB.ReadCase(r.Context(), actor.From(r.Context()), caseframe.At(r), func(b *db.Batch) { list = plan.AskShifts(b, days) }); err != nil {
		return err
	}
	v.Shifts = *list
	return page.Render(w, r, http.StatusOK, goalsPage(v))
}

func (h Handler) goalsConflict(w http.ResponseWriter, r *http.Request, d data, v goalsView) error {
	now := d.plan.Row
	rows := []conflictRow{{Label: "plan.goals", Mine: v.Goals, Theirs: now.CitizenGoals, PII: true}, {Label: "plan.follow_up", Mine: v.FollowUp, Theirs: dayText(now.Days().FollowUp)},
		{Label: "plan.began", Mine: v.Began, Theirs: i18n.FieldDate(now.BeganAt)}, {Label: "plan.departs", Mine: v.Departs, Theirs: dayText(now.Days().Departs), PII: true}}
	return page.Render(w, r, http.StatusConflict, conflictPage(conflictView{
		View: v.View, URL: link.Plan(caseframe.Ref(r)) + "/maal", Back: link.Plan(caseframe.Ref(r)), Rows: rows,
		Fields: map[string]string{"version": strconv.Itoa(now.Version), "goals": v.Goals, "follow_up": v.FollowUp, "began": v.Began, "departs": v.Departs},
	}))
}

// lookThrough says that the plan still holds after something new.
func (h Handler) lookThrough(w http.ResponseWriter, r *http.Request) error {
	if err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return plan.LookThrough(ctx, tx) }); err != nil {
		return err
	}
	return page.Done(w, r, "flash.plan.looked", link.Plan(caseframe.Ref(r)))
}

// startView is the choice of how a plan begins.
type startView struct {
	caseframe.View
	Templates []template.Version // those that fit the level first
	Calls     []plan.Call
	Bad       fault.Invalid
}

func newStartView(v caseframe.View, d data) startView {
	s := startView{View: v, Calls: d.asked.Calls(v.Case, v.Now)}
	for _, fits := range []bool{true, false} {
		for _, t := range *d.templates {
			if (t.Content.Level == v.Case.Severity) == fits {
				s.Templates = append(s.Templates, t)
			}
		}
	}
	return s
}

func (h Handler) start(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return plan.Start(ctx, tx, f.Text("template")) })
	bad, refused := refusals(err)
	switch {
	case refused && bad["template"] == plan.AlreadyStarted:
		page.Say(w, page.Flash{Key: "flash.plan.already", Warn: true})
	case refused:
		return err
	case err != nil:
		return err
	default:
		page.Say(w, page.Flash{Key: "flash.plan.started_plan"})
	}
	return page.Redirect(w, r, link.Plan(caseframe.Ref(r)))
}

// phaseName is the name of a template's phase in the reader's language.
func phaseName(ctx context.Context, p reference.Phase) string {
	if i18n.Lang(ctx) == "en" {
		return p.EN
	}
	return p.DA
}

func stepName(ctx context.Context, s reference.Step) string {
	if i18n.Lang(ctx) == "en" {
		return s.TitleEN
	}
	return s.TitleDA
}
