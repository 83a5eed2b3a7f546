package planpages

import (
	"context"
	"errors"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// act does one thing to the step of the path and goes back to the plan. What was changed meanwhile is shown anew
// instead: nobody ticks what they have not seen.
func (h Handler) act(w http.ResponseWriter, r *http.Request, flash page.Flash, do func(ctx context.Context, tx *db.Tx) error) error {
	err := caseframe.Write(h.DB, r, do)
	switch {
	case errors.Is(err, fault.Stale):
		return h.again(w, r, http.StatusConflict, "plan.changed_meanwhile")
	case risk.At(err):
		return h.again(w, r, http.StatusUnprocessableEntity, "plan.at_gate")
	case err != nil:
		return err
	}
	if fragment(r) {
		return h.oneRow(w, r)
	}
	if flash.Key != "" {
		page.Say(w, flash)
	}
	return page.Redirect(w, r, formLook(r).href(caseframe.Ref(r)))
}

// again shows the plan as it is now to somebody whose act was refused, and why.
func (h Handler) again(w http.ResponseWriter, r *http.Request, status int, why string) error {
	d, err := h.read(r)
	if err != nil {
		return err
	}
	l := formLook(r)
	l.Back = "" // this is the plan, wherever the reader came from
	return h.renderPlan(w, r, d, l, status, func(v *planView) { v.Alert = why })
}

// oneRow answers a script with the row of the step as it is now.
func (h Handler) oneRow(w http.ResponseWriter, r *http.Request) error {
	d, err := h.read(r)
	if err != nil {
		return err
	}
	s, err := d.step(r)
	if err != nil {
		return err
	}
	v := d.view(w, r)
	return page.Render(w, r, http.StatusOK, stepRow(row{Step: s, Ref: v.Case.Ref, Now: v.Now, Write: v.May(actor.Write), Look: formLook(r), Phases: *d.phases, Shut: v.Case.Gate == casefile.GateShut, Law: running(*d.deadlines, s.DeadlineCode)}, true))
}

func (h Handler) complete(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "step")
	version := f.Int("version")
	flash := page.Flash{Key: "flash.plan.done", Undo: link.Step(caseframe.Ref(r), id) + "/fortryd", Fields: row{Step: plan.Step{Version: version + 1}, Look: formLook(r)}.fields()}
	return h.act(w, r, flash, func(ctx context.Context, tx *db.Tx) error { return plan.CompleteStep(ctx, tx, id, version) })
}

func (h Handler) undo(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "step")
	version := f.Int("version")
	return h.act(w, r, page.Flash{Key: "flash.plan.undone"}, func(ctx context.Context, tx *db.Tx) error { return plan.UndoStep(ctx, tx, id, version) })
}

// put starts a step, lets it wait, or moves it among its neighbours; the field "to" says which.
func (h Handler) put(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "step")
	version, to := f.Int("version"), f.Text("to")
	return h.act(w, r, page.Flash{Key: map[string]string{"igang": "flash.plan.started", "afventer": "flash.plan.waiting"}[to]}, func(ctx context.Context, tx *db.Tx) error {
		switch to {
		case "op":
			return plan.Move(ctx, tx, id, plan.Up)
		case "ned":
			return plan.Move(ctx, tx, id, plan.Down)
		case "igang":
			return plan.StartStep(ctx, tx, id, version)
		case "afventer":
			return plan.Wait(ctx, tx, id, version)
		}
		return fault.Invalid{"to": "error.choose"}
	})
}
