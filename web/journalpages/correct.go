package journalpages

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/draft"
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
	// Family is the answer to whether parents or network were reached; a correction begins with that of its note.
	Family string
	Draft  time.Time
	Bad    fault.Invalid
}

func (h Handler) newCorrection(w http.ResponseWriter, r *http.Request) error {
	v := correctionForm{Key: uuid.NewString()}
	kept, err := h.readCorrection(w, r, &v)
	if err != nil {
		return err
	}
	v.Family = string(v.Note.Family)
	if kept.OK {
		v.Family = typedFrom(kept.Row.Fields).Family
		v.Body, v.Draft = typedFrom(kept.Row.Fields).Body, kept.Row.SavedAt
	}
	return page.Render(w, r, http.StatusOK, correctionPage(v))
}

func (h Handler) readCorrection(w http.ResponseWriter, r *http.Request, v *correctionForm) (*db.Found[draft.Draft], error) {
	id := page.ID(r, "note")
	var n *journal.Note
	var kept *db.Found[draft.Draft]
	frame, err := caseframe.Read(h.DB, w, r, "journal", func(b *db.Batch) {
		n, kept = journal.Get(b, id), draft.Load(b, journal.CorrectionOf(id))
	})
	if err != nil {
		return nil, err
	}
	v.Frame, v.Note = frame, *n
	if !v.Frame.May(actor.Note) {
		return nil, fault.Forbidden
	}
	return kept, nil
}

func (h Handler) saveCorrection(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	if err := readBody(r); err != nil {
		return err
	}
	in := journal.Input{Key: form.ID("key"), Body: form.Text("body"), Family: journal.Family(form.Text("family")), Corrects: page.ID(r, "note")}
	var saved journal.Saved
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		saved, err = journal.Write(ctx, tx, in)
		return err
	})
	var bad fault.Invalid
	switch {
	case err == nil:
		return page.Done(w, r, "flash.corrected", link.Note(caseframe.Ref(r), saved.ID))
	case !errors.As(err, &bad):
		return err
	}
	v := correctionForm{Key: form.Text("key"), Body: in.Body, Family: form.Text("family"), Bad: bad}
	if _, err := h.readCorrection(w, r, &v); err != nil {
		return err
	}
	v.Frame.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, correctionPage(v))
}
