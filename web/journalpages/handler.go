// Package journalpages shows the journal of a case: what was noted and what happened, and the one form in which
// a note, its steps and whom one spoke to are saved together.
package journalpages

import (
	"embed"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"samspil/internal/db"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct{ DB *db.DB }

// CaseRoutes adds the pages of a case's journal.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/journal", page.Handle(h.list))
	r.Get("/journal/ny", page.Handle(h.newNote))
	r.Post("/journal/ny", page.Handle(h.saveNote))
	r.Post("/journal/kladde", page.Handle(h.saveDraft))
	r.Get("/journal/kladde/slet", page.Handle(h.askDiscard))
	r.Post("/journal/kladde/slet", page.Handle(h.discardDraft))
	r.Get("/journal/{note}", page.Handle(h.showNote))
	r.Get("/journal/{note}/ret", page.Handle(h.newCorrection))
	r.Post("/journal/{note}/ret", page.Handle(h.saveCorrection))
}

// wayBack is where somebody came from: a page of the same case or a start page, else the journal.
func wayBack(r *http.Request, from string) string {
	own := link.Case(caseframe.Ref(r))
	if from == own || strings.HasPrefix(from, own+"/") && !strings.ContainsAny(from, "\\\r\n") || from == link.Day || from == link.Overview {
		return from
	}
	return link.Journal(caseframe.Ref(r))
}
