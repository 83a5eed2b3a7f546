// Package safetypages are the pages of the safety plan that is made with the citizen, and of its check-ins.
package safetypages

import (
	"embed"
	"net/http"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/safety"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages.
type Handler struct{ DB *db.DB }

// CaseRoutes are the pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/sikkerhedsplan", page.Handle(h.show))
	r.Get("/sikkerhedsplan/ret", page.Handle(h.editPlan))
	r.Post("/sikkerhedsplan/ret", page.Handle(h.savePlan))
	r.Get("/sikkerhedsplan/kontrol/ny", page.Handle(h.newCheckIn))
	r.Post("/sikkerhedsplan/kontrol/ny", page.Handle(h.addCheckIn))
	r.Get("/sikkerhedsplan/kontrol/{checkin}", page.Handle(h.checkIn))
	r.Post("/sikkerhedsplan/kontrol/{checkin}/hoert", page.Handle(h.heard))
	r.Post("/sikkerhedsplan/kontrol/{checkin}/luk", page.Handle(h.closeAlarm))
	r.Post("/sikkerhedsplan/kontrol/{checkin}/aflys", page.Handle(h.cancel))
}

// planView is the safety plan as it is now, what is waited for, and what was before.
type planView struct {
	caseframe.View
	Plans    []safety.Plan
	CheckIns []safety.CheckIn
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	var plans *[]safety.Plan
	var list *[]safety.CheckIn
	frame, err := caseframe.Read(h.DB, w, r, "safety", func(b *db.Batch) { plans, list = safety.Plans(b), safety.CheckIns(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, showPage(planView{View: frame, Plans: *plans, CheckIns: *list}))
}

// open are the check-ins that somebody still has to do something about.
func (v planView) open() (list []safety.CheckIn) {
	for _, c := range v.CheckIns {
		if c.Open() {
			list = append(list, c)
		}
	}
	return list
}

// past are the others.
func (v planView) past() (list []safety.CheckIn) {
	for _, c := range v.CheckIns {
		if !c.Open() {
			list = append(list, c)
		}
	}
	return list
}

func (v planView) mayWrite() bool { return v.May(actor.Write) }
