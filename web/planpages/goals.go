package planpages

import (
	"context"
	"errors"
	"net/http"
	"strconv"

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

// goalsView is the form of the citizen's own goals and the next follow-up.
type goalsView struct {
	caseframe.View
	Version, Goals, FollowUp string
	Bad                      fault.Invalid
}

func (h Handler) goals(w http.ResponseWriter, r *http.Request) error {
	d, err := h.read(r)
	if err != nil {
		return err
	}
	if !d.plan.OK {
		return fault.NotFound
	}
	v := goalsView{View: d.view(w, r), Version: strconv.Itoa(d.plan.Row.Version), Goals: d.plan.Row.CitizenGoals, FollowUp: followUp(d.plan.Row)}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	return page.Render(w, r, http.StatusOK, goalsPage(v))
}

func followUp(p plan.Plan) string {
	if p.NextFollowUp == nil {
		return ""
	}
	return p.NextFollowUp.Format("2.1.2006") // a date without a zone
}

func (h Handler) saveGoals(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	goals, day, version := f.Text("goals"), f.Date("follow_up"), f.Int("version")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return err
		}
		return plan.ChangeGoals(ctx, tx, version, plan.GoalsInput{CitizenGoals: goals, NextFollowUp: day})
	})
	bad, refused := refusals(err)
	stale := errors.Is(err, fault.Stale)
	if err != nil && !refused && !stale {
		return err
	}
	if err == nil {
		return page.Done(w, r, "flash.plan.goals", link.Plan(caseframe.Ref(r)))
	}
	d, err := h.read(r)
	if err != nil {
		return err
	}
	v := d.view(w, r)
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	if stale {
		return h.goalsConflict(w, r, d, v, goals, f.Text("follow_up"))
	}
	v.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, goalsPage(goalsView{View: v, Version: f.Text("version"), Goals: goals, FollowUp: f.Text("follow_up"), Bad: bad}))
}

func (h Handler) goalsConflict(w http.ResponseWriter, r *http.Request, d data, v caseframe.View, goals, day string) error {
	now := d.plan.Row
	return page.Render(w, r, http.StatusConflict, conflictPage(conflictView{
		View: v, URL: link.Plan(caseframe.Ref(r)) + "/maal", Back: link.Plan(caseframe.Ref(r)),
		Fields: map[string]string{"version": strconv.Itoa(now.Version), "goals": goals, "follow_up": day},
		Rows: []conflictRow{{Label: "plan.goals", Mine: goals, Theirs: now.CitizenGoals, PII: true},
			{Label: "plan.follow_up", Mine: day, Theirs: followUp(now)}},
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
