package concernpages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// choice is whom one may ask to look with fresh eyes, from the report or from the case.
type choice struct {
	Z      concern.Reassessment
	Eyes   []concern.Colleague
	Chosen string
	May    bool
	URL    string
	Back   string
	Bad    fault.Invalid
	Stale  bool
}

func (c choice) options() []ui.Option {
	var options []ui.Option
	for _, e := range c.Eyes {
		p := face(e)
		options = append(options, ui.Option{Value: e.ID.String(), Label: e.Name, Hint: e.Title + ", " + e.Team, Person: &p})
	}
	return options
}

func (c choice) was() map[string]string {
	if c.Z.ReviewerID == nil {
		return nil
	}
	return map[string]string{"was": c.Z.ReviewerID.String()}
}

// reassessView is a reassessment seen from its report: the reviewer says what they found; where no case is known, the desk
// chooses who looks.
type reassessView struct {
	reportframe.View
	choice
	In   concern.Finding
	Mine bool
}

func (h Handler) readReassessment(w http.ResponseWriter, r *http.Request) (reassessView, error) {
	id := page.ID(r, "id")
	var z *concern.Reassessment
	var eyes *[]concern.Colleague
	f, err := reportframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { z, eyes = concern.OneReassessment(b, id), concern.FreshEyes(b, id) })
	if err != nil {
		return reassessView{}, err
	}
	v := reassessView{View: f, choice: choice{Z: *z, Eyes: *eyes, URL: link.Reassessment(f.Report.Ref, id), Back: link.Report(f.Report.Ref)}}
	v.Mine = z.ReviewerID != nil && *z.ReviewerID == actor.From(r.Context()).UserID
	v.choice.May = f.May(actor.Write) && z.CaseRef == "" && !v.Mine
	return v, nil
}

func (h Handler) showReassessment(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readReassessment(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, reassessPage(v))
}

// reassess records what the reviewer found, or chooses the reviewer.
func (h Handler) reassess(w http.ResponseWriter, r *http.Request) error {
	form, id := page.ReadForm(r), page.ID(r, "id")
	in := concern.Finding{Outcome: form.Text("outcome"), Reason: form.Text("reason")}
	choosing := form.Has("reviewer") || form.Text("go") == "choose"
	err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if choosing {
			return chosen(ctx, tx, id, form)
		}
		return concern.RecordReassessment(ctx, tx, id, in)
	})
	if err == nil {
		key := "flash.concern.found"
		if choosing {
			key = "flash.concern.chosen"
		}
		return page.Done(w, r, key, link.Report(reportframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readReassessment(w, r)
	if err != nil {
		return err
	}
	v.In, v.choice.Bad, v.choice.Stale, v.Chosen, v.Page.Invalid = in, bad, stale, form.Text("reviewer"), true
	return page.Render(w, r, page.FormStatus(stale), reassessPage(v))
}

func chosen(ctx context.Context, tx *db.Tx, id uuid.UUID, form *page.Form) error {
	if !tx.Rights.May(actor.Write) && !tx.Rights.May(actor.Manage) {
		return fault.Forbidden
	}
	if form.ID("reviewer") == uuid.Nil {
		return fault.Invalid{"reviewer": "error.choose"}
	}
	return concern.ChooseReviewer(ctx, tx, id, form.ID("reviewer"), form.ID("was"))
}

// choiceView is the same choice seen from the case.
type choiceView struct {
	caseframe.View
	choice
}

func (h Handler) readChoice(w http.ResponseWriter, r *http.Request) (choiceView, error) {
	id := page.ID(r, "id")
	var z *concern.Reassessment
	var eyes *[]concern.Colleague
	f, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { z, eyes = concern.OneReassessment(b, id), concern.FreshEyes(b, id) })
	if err != nil {
		return choiceView{}, err
	}
	return choiceView{f, choice{Z: *z, Eyes: *eyes, May: f.May(actor.Write) || f.May(actor.Manage), URL: link.CaseReassessment(f.Case.Ref, id), Back: link.Case(f.Case.Ref)}}, nil
}

func (h Handler) showChoice(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readChoice(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, choicePage(v))
}

func (h Handler) choose(w http.ResponseWriter, r *http.Request) error {
	form, id := page.ReadForm(r), page.ID(r, "id")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return chosen(ctx, tx, id, form) })
	if err == nil {
		return page.Done(w, r, "flash.concern.chosen", link.Case(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readChoice(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Stale, v.Chosen, v.Page.Invalid = bad, stale, form.Text("reviewer"), true
	return page.Render(w, r, page.FormStatus(stale), choicePage(v))
}
