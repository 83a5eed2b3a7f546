package journalpages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// draftForm names the form whose draft is meant: the new note, or the correction of a note.
func draftForm(note uuid.UUID) string {
	if note == uuid.Nil {
		return journal.NewNote
	}
	return journal.CorrectionOf(note)
}

// saveDraft keeps what has been typed. The script that saves while somebody writes gets a short text to show;
// a person who presses the button is led back.
func (h Handler) saveDraft(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	if err := readBody(r); err != nil {
		return err // and the draft stays as it was
	}
	fields, now := readFields(form), time.Time{}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		now = tx.Now
		// "i dag" would be another day tomorrow.
		for name, read := range map[string]func(string, time.Time) (time.Time, error){"date": i18n.ParsePast, "step_due": i18n.ParseDate} {
			if day, err := read(fields.Get(name), now); err == nil {
				fields.Set(name, i18n.FieldDate(day))
			}
		}
		return journal.SaveDraft(ctx, tx, draftForm(form.ID("note")), form.ID("key"), fields)
	})
	if err != nil {
		return err
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		return page.Done(w, r, "flash.draft", wayBack(r, form.Text("return")))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(ctx, "journal.draft.saved", i18n.Clock(ctx, now))))
	return nil
}

// discardView asks before a draft is thrown away: there is no way back.
type discardView struct {
	Frame caseframe.View
	Note  string // whose correction it is; empty for a new note
	Back  string
}

func (h Handler) askDiscard(w http.ResponseWriter, r *http.Request) error {
	note, _ := uuid.Parse(r.URL.Query().Get("note"))
	var d *db.Found[draft.Draft]
	frame, err := caseframe.Read(h.DB, w, r, "journal", func(b *db.Batch) { d = draft.Load(b, draftForm(note)) })
	if err == nil && !d.OK {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	v := discardView{Frame: frame, Back: link.NewNote(caseframe.Ref(r))}
	if note != uuid.Nil {
		v.Note, v.Back = note.String(), link.Note(caseframe.Ref(r), note)+"/ret"
	}
	return page.Render(w, r, http.StatusOK, discardPage(v))
}

func (h Handler) discardDraft(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return draft.Discard(ctx, tx, draftForm(form.ID("note")))
	})
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.draft_gone", link.Journal(caseframe.Ref(r)))
}
