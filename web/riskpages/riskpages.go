// Package riskpages are the pages of a case's risk: its assessments side by side, the form in which one is written, what a
// second person says of it, and the gate to parents and network that stands on it (R1, R8).
package riskpages

import (
	"embed"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct{ DB *db.DB }

// CaseRoutes adds the pages of a case's risk.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/risiko", page.Handle(h.history))
	r.Get("/risiko/ny/{part}", page.Handle(h.part))
	r.Post("/risiko/ny/{part}", page.Handle(h.savePart))
	r.Post("/risiko/kladde", page.Handle(h.saveDraft))
	r.Post("/risiko/kladde/slet", page.Handle(h.dropDraft))
	r.Get("/risiko/ekstern", page.Handle(h.newExternal))
	r.Post("/risiko/ekstern", page.Handle(h.saveExternal))
	r.Get("/risiko/port", page.Handle(h.askGate))
	r.Post("/risiko/port", page.Handle(h.openGate))
	r.Post("/risiko/port/luk", page.Handle(h.shutGate))
	r.Get("/risiko/{assessment}", page.Handle(h.show))
	r.Post("/risiko/{assessment}/bekraeft", page.Handle(h.confirm))
}

func onePath(ref string, id uuid.UUID) string { return link.Risk(ref) + "/" + id.String() }
func partPath(ref, part string) string        { return link.Risk(ref) + "/ny/" + part }
