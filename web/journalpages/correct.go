package journalpages

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/journal"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// correctionForm is the form of a correction, below the note that it corrects.
type correctionForm struct {
	Frame caseframe.View
	Note  journal.Note
	Key   string
	Body  string
	Draft time.Time
	Bad   fault.Invalid
}

func (h Handler) newCorrection(w http.ResponseWriter, r *http.Request) error {
	v := correctionForm{Key: uuid.NewString()}
	draft, err := h.readCorrection(w, r, &v)
	if err != nil {
		return err
	}
	if draft.OK {
		v.Body, v.Draft = typedFrom(draft.Row.Fields).Body, draft.Row.SavedAt
	}
	return page.Render(w, r, http.StatusOK, correctionPage(v))
}

func (h Handler) readCorrection(w http.ResponseWriter, r *http.Request, v *correctionForm) (*db.Found[journal.Draft], error) {
	ctx, id := r.Context(), page.ID(r, "note")
	var f *caseframe.Frame
	var n *journal.Note
	var draft *db.Found[journal.Draft]
	now, err := h.DB.ReadCase(ctx, actor.From(ctx), caseframe.At(r), func(b *db.Batch) {
		f, n, draft = caseframe.Ask(b), journal.Get(b, id), journal.LoadDraft(b, journal.CorrectionOf(id))
	})
	if err != nil {
		return nil, err
	}
	v.Frame, v.Note = f.View(w, r, "journal", now), *n
	if !v.Frame.May(actor.Note) {
		return nil, fault.Forbidden
	}
	return draft, nil
}

func (h Handler) saveCorrection(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	if err := readBody(r); err != nil {
		return err
	}
	in := journal.Input{Key: form.ID("key"), Body: form.Text("body"), Corrects: page.ID(r, "note")}
	var saved journal.Saved
	err := h.DB.InCase(ctx, actor.From(ctx), caseframe.At(r), func(tx *db.Tx) (err error) {
		saved, err = journal.Write(ctx, tx, in)
		return err
	})
	var bad fault.Invalid
	switch {
	case err == nil:
		page.Say(w, page.Flash{Key: "flash.corrected"})
		return page.Redirect(w, r, link.Note(ref(r), saved.ID))
	case !errors.As(err, &bad):
		return err
	}
	v := correctionForm{Key: form.Text("key"), Body: in.Body, Bad: bad}
	if _, err := h.readCorrection(w, r, &v); err != nil {
		return err
	}
	v.Frame.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, correctionPage(v))
}
