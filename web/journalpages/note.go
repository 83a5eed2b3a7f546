package journalpages

import (
	"context"
	"net/http"
	"strings"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/web/caseframe"
	"samspil/web/eventview"
	"samspil/web/page"
)

// noteView is one note.
type noteView struct {
	Frame caseframe.View
	Note  journal.Note
}

func (h Handler) showNote(w http.ResponseWriter, r *http.Request) error {
	var n *journal.Note
	frame, err := caseframe.Read(h.DB, w, r, "journal", func(b *db.Batch) { n = journal.Get(b, page.ID(r, "note")) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, notePage(noteView{frame, *n}))
}

// noteTitle names a note by its kind.
func noteTitle(ctx context.Context, n journal.Note) string {
	if n.Corrects != nil {
		return i18n.T(ctx, "journal.correction_of", strings.ToLower(eventview.NoteKind(ctx, n.Kind)))
	}
	return eventview.NoteKind(ctx, n.Kind)
}
