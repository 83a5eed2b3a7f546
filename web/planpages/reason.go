package planpages

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// reasonView asks for a reason before a step is postponed or left out, or for the phase it goes to.
type reasonView struct {
	stepView
	Action string // "udskyd", "udgaar" or "flyt"
	Reason string
	Due    string
	Phase  string
	Stale  bool   // the step was changed while this was written
	Others string // what becomes of the steps that wait for one that is left out
}

func (h Handler) postpone(w http.ResponseWriter, r *http.Request) error { return h.ask(w, r, "udskyd") }
func (h Handler) skip(w http.ResponseWriter, r *http.Request) error     { return h.ask(w, r, "udgaar") }
func (h Handler) move(w http.ResponseWriter, r *http.Request) error     { return h.ask(w, r, "flyt") }

func (h Handler) ask(w http.ResponseWriter, r *http.Request, action string) error {
	return h.renderReason(w, r, http.StatusOK, reasonView{Action: action}, nil)
}

// renderReason shows the form with what was typed, over the step as it is now.
func (h Handler) renderReason(w http.ResponseWriter, r *http.Request, status int, v reasonView, bad fault.Invalid) error {
	d, s, err := h.readStep(r)
	if err != nil {
		return err
	}
	v.stepView = d.stepView(w, r, s)
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	if !s.Open() && !v.Stale && v.Action != "flyt" {
		return page.Redirect(w, r, link.Step(caseframe.Ref(r), s.ID)) // there is nothing to postpone or leave out
	}
	v.Bad, v.Page.Invalid = bad, len(bad) > 0
	if v.Phase == "" {
		v.Phase = s.PhaseID.String()
	}
	return page.Render(w, r, status, reasonPage(v))
}

// answer does what a form with a reason asked for. Nothing that was typed is lost, whatever happens.
func (h Handler) answer(w http.ResponseWriter, r *http.Request, v reasonView, f *page.Form, flash page.Flash, do func(ctx context.Context, tx *db.Tx) error) error {
	change := h.edit
	if v.Action == "udskyd" { // putting a step off is no look at the plan
		change = h.write
	}
	seen, err := change(r, do)
	bad, refused := refusals(f.With(err))
	switch {
	case refused:
		return h.renderReason(w, r, http.StatusUnprocessableEntity, v, bad)
	case errors.Is(err, fault.Stale):
		v.Stale = true
		return h.renderReason(w, r, http.StatusConflict, v, nil)
	case err != nil:
		return err
	}
	flash.Key = said(flash.Key, seen)
	page.Say(w, flash)
	return page.Redirect(w, r, formLook(r).href(caseframe.Ref(r)))
}

func (h Handler) savePostpone(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "step")
	version, due := f.Int("version"), f.Date("due")
	v := reasonView{Action: "udskyd", Reason: f.Text("reason"), Due: f.Text("due")}
	return h.answer(w, r, v, f, page.Flash{Key: "flash.plan.postponed"}, func(ctx context.Context, tx *db.Tx) error {
		return plan.Postpone(ctx, tx, id, version, due, v.Reason)
	})
}

func (h Handler) saveSkip(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "step")
	version := f.Int("version")
	v := reasonView{Action: "udgaar", Reason: f.Text("reason"), Others: f.Text("others")}
	flash := page.Flash{Key: "flash.plan.skipped", Undo: link.Step(caseframe.Ref(r), id) + "/fortryd", Fields: map[string]string{"version": strconv.Itoa(version + 1), "v": formLook(r).query()}}
	return h.answer(w, r, v, f, flash, func(ctx context.Context, tx *db.Tx) error {
		return plan.Skip(ctx, tx, id, version, v.Reason, plan.Others(v.Others))
	})
}

func (h Handler) saveMove(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "step")
	version, phase := f.Int("version"), f.ID("phase")
	v := reasonView{Action: "flyt", Phase: f.Text("phase")}
	return h.answer(w, r, v, f, page.Flash{Key: "flash.plan.moved"}, func(ctx context.Context, tx *db.Tx) error {
		return plan.MoveTo(ctx, tx, id, version, phase)
	})
}
