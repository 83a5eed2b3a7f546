// Package casepages are the pages of a case itself: its overview, the case in short, its level, how the
// citizen may be reached, the people around the citizen, the partners, and the facts that must not leave.
package casepages

import (
	"embed"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages of a case.
type Handler struct {
	DB   *db.DB
	Keys keys.Keys
}

// CaseRoutes are the pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/", page.Handle(h.overview))
	r.Get("/ret", page.Handle(h.editProfile))
	r.Post("/ret", page.Handle(h.saveProfile))
	r.Get("/borger", page.Handle(h.editCitizen))
	r.Post("/borger", page.Handle(h.saveCitizen))
	r.Get("/niveau", page.Handle(h.editSeverity))
	r.Post("/niveau", page.Handle(h.saveSeverity))
	r.Get("/sikker-kontakt", page.Handle(h.editSafeContact))
	r.Post("/sikker-kontakt", page.Handle(h.saveSafeContact))
	r.Post("/cpr", page.Handle(h.showCPR))
	r.Get("/fakta/ny", page.Handle(h.newFact))
	r.Post("/fakta/ny", page.Handle(h.addFact))
	r.Get("/fakta/{fact}", page.Handle(h.askFact))
	r.Post("/fakta/{fact}/vis", page.Handle(h.showFact))
	r.Post("/fakta/{fact}/udgaar", page.Handle(h.retireFact))
	r.Get("/netvaerk", page.Handle(h.network))
	r.Get("/netvaerk/person/ny", page.Handle(h.newPerson))
	r.Post("/netvaerk/person/ny", page.Handle(h.addPerson))
	r.Get("/netvaerk/person/{person}", page.Handle(h.editPerson))
	r.Post("/netvaerk/person/{person}", page.Handle(h.savePerson))
	r.Get("/netvaerk/ny", page.Handle(h.choosePartner))
	r.Post("/netvaerk/ny", page.Handle(h.drawIn))
	r.Get("/netvaerk/{part}", page.Handle(h.editPart))
	r.Post("/netvaerk/{part}", page.Handle(h.savePart))
	r.Post("/netvaerk/{part}/ja", page.Handle(h.acceptPart))
	r.Post("/netvaerk/{part}/nej", page.Handle(h.declinePart))
	r.Post("/netvaerk/{part}/slut", page.Handle(h.endPart))
}

// readForm is [caseframe.Read] for a page that only writers have use for.
func (h Handler) readForm(w http.ResponseWriter, r *http.Request, active string, queue func(*db.Batch)) (caseframe.View, error) {
	v, err := caseframe.Read(h.DB, w, r, active, queue)
	if err == nil && !v.May(actor.Write) {
		err = fault.Forbidden
	}
	return v, err
}

// date is a day of a form as the rows keep it; the zero time is none.
func date(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
