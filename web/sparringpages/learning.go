package sparringpages

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/sparring"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// learningView are the published learnings, and what waits for approval. What is searched for never stands in the address (R12).
type learningView struct {
	Page     ui.Page
	Now      time.Time
	Words    string
	List     []sparring.Learning
	Proposed []sparring.Learning
	Judged   uuid.UUID // of the form that was refused
	Typed    string
	Bad      fault.Invalid
	Stale    bool
}

func (h Handler) readLearnings(w http.ResponseWriter, r *http.Request, words string) (learningView, error) {
	ctx := r.Context()
	v := learningView{Words: words}
	var f *frame.Frame
	var list, proposed *[]sparring.Learning
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, list, proposed = frame.Ask(b), sparring.Learnings(b, words), sparring.ToJudge(b)
	})
	if err != nil {
		return v, err
	}
	v.Page, v.Now, v.List, v.Proposed = f.Page(w, r, i18n.T(ctx, "sparring.learnings"), "sparring"), now, *list, *proposed
	return v, nil
}

func (h Handler) learnings(w http.ResponseWriter, r *http.Request) error {
	words := ""
	if r.Method == http.MethodPost {
		words = page.ReadForm(r).Text("words")
	}
	v, err := h.readLearnings(w, r, words)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, learningPage(v))
}

func (h Handler) judge(w http.ResponseWriter, r *http.Request) error {
	ctx, f, id := r.Context(), page.ReadForm(r), page.ID(r, "learning")
	if actor.From(ctx).Role != actor.TeamLead {
		return fault.Forbidden
	}
	publish := f.Text("go") == "publish"
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return sparring.Judge(ctx, tx, id, publish, f.Text("why")) })
	bad, stale, err := page.Refused(err)
	switch {
	case err != nil:
		return err
	case len(bad) == 0 && !stale && publish:
		return page.Done(w, r, "flash.sparring.published", link.Learnings)
	case len(bad) == 0 && !stale:
		return page.Done(w, r, "flash.sparring.returned", link.Learnings)
	}
	v, err := h.readLearnings(w, r, "")
	if err != nil {
		return err
	}
	v.Judged, v.Typed, v.Stale, v.Page.Invalid = id, f.Text("why"), stale, len(bad) > 0
	if bad["words"] != "" {
		v.Bad = fault.Invalid{"why": bad["words"]}
	}
	return page.Render(w, r, page.FormStatus(stale), learningPage(v))
}

// why is what was typed beside a proposal.
func (v learningView) why(l sparring.Learning) (typed, bad string) {
	if l.ID != v.Judged {
		return "", ""
	}
	return v.Typed, v.Bad["why"]
}
