package planpages

import (
	"context"
	"net/http"
	"strconv"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// quickAdd adds a step with a title only: the writer is responsible, in a week. The rest is edited afterwards.
func (h Handler) quickAdd(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	title, phase, l := f.Text("title"), f.ID("phase"), formLook(r)
	seen, err := h.edit(r, func(ctx context.Context, tx *db.Tx) error {
		_, err := plan.AddStep(ctx, tx, plan.StepInput{Key: f.ID("key"), PhaseID: phase, Title: title, Responsible: plan.ByUser(tx.Actor.UserID),
			Due: proposedDue(tx.Now), NamesOK: f.Has("names_ok"), Harmless: f.Has("harmless")})
		return err
	})
	bad, refused := refusals(err)
	if err != nil && !refused {
		return err
	}
	if !refused {
		n, _ := strconv.Atoi(f.Text("n")) // which field gets the focus again
		return page.Done(w, r, said("flash.plan.added", seen), l.href(caseframe.Ref(r))+"#"+group{N: n}.field())
	}
	if bad["title"] == "" { // a phase that is gone, for instance
		return err
	}
	d, err := h.read(r)
	if err != nil {
		return err
	}
	return h.renderPlan(w, r, d, l, http.StatusUnprocessableEntity, func(v *planView) {
		v.Page.Invalid = true
		v.Quick = quick{Phase: phase, Title: title, Error: bad["title"]}
	})
}

// refusedAt is the error of a quick add, under the id of its field.
func (v planView) refusedAt() map[string]string {
	for _, g := range v.Groups {
		if v.Quick.Error != "" && g.ID == v.Quick.Phase {
			return fault.Invalid{g.field(): v.Quick.Error}
		}
	}
	return nil
}
