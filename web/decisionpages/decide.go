package decisionpages

import (
	"context"
	"net/http"
	"time"

	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// decideView is the form in which a decision is made, beside what everybody says of it.
type decideView struct {
	oneView
	Typed draft.Fields
	Saved time.Time
}

var decideNames = []string{"choice", "reason", "law", "shielded", "appeal", "family", "despite"}

func decideFields(f *page.Form) draft.Fields {
	out := draft.Fields{}
	for _, name := range decideNames {
		out[name] = []string{f.Text(name)}
	}
	return out
}

func (h Handler) readDecide(w http.ResponseWriter, r *http.Request) (decideView, *db.Found[draft.Draft], error) {
	var v decideView
	var d *decision.Decision
	var asks *[]decision.Ask
	var kept *db.Found[draft.Draft]
	id := page.ID(r, "decision")
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) {
		d, asks, kept = decision.Get(b, id), decision.Asks(b, id), draft.Load(b, decision.FormOf(id))
	})
	if err == nil && !mayDecide(frame) {
		err = fault.Forbidden
	}
	if err != nil {
		return v, nil, err
	}
	v.View, v.D, v.Asks = frame, *d, *asks
	return v, kept, nil
}

func (h Handler) decideForm(w http.ResponseWriter, r *http.Request) error {
	v, kept, err := h.readDecide(w, r)
	if err != nil {
		return err
	}
	if !v.D.Open() {
		return page.Redirect(w, r, here(r))
	}
	if kept.OK {
		v.Typed, v.Saved = kept.Row.Fields, kept.Row.SavedAt
	}
	return page.Render(w, r, http.StatusOK, decidePage(v))
}

func (h Handler) decide(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := decision.MadeInput{Choice: f.Text("choice"), Reason: f.Text("reason"), Law: f.Text("law"), Shielded: f.Text("shielded"), Appeal: f.Text("appeal"), Family: f.Text("family"),
		Despite: f.Text("despite"), Seen: f.Int("seen")}
	err := f.Err()
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return decision.Make(ctx, tx, page.ID(r, "decision"), in) })
	}
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if err == nil {
		return page.Done(w, r, "flash.decision.made", here(r))
	}
	v, _, err := h.readDecide(w, r)
	if err != nil {
		return err
	}
	v.Typed, v.Bad, v.Stale, v.Page.Invalid = decideFields(f), bad, stale, len(bad) > 0
	return page.Render(w, r, page.FormStatus(stale), decidePage(v))
}

// one is a single value as it was typed.
func (v decideView) one(name string) string { return first(v.Typed, name) }

// appealable reports whether the law asks for more (FVL §§ 22-24).
func (v decideView) appealable() bool { return v.D.Kind == decision.Appealable }

func families() []string { return decision.Families }
func appeals() []string  { return decision.Appeals }
