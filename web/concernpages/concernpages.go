// Package concernpages are the pages about reports of concern: taking one on the telephone, the queue of the intake desk,
// the assessment within 24 hours, the receipt, and the way into a case.
package concernpages

import (
	"context"
	"embed"
	"net/http"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct {
	DB   *db.DB
	Keys keys.Keys
}

// Routes adds the queue and the form of a new report. For admins and auditors they do not exist.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		one := link.ReportDraft("{draft}")
		r.Get(link.Reports, page.Handle(h.showQueue))
		r.Get(link.NewReport, page.Handle(h.showNew))
		r.Get(one, page.Handle(h.showDraft))
		r.Post(one, page.Handle(h.save))
		r.Post(one+"/kladde", page.Handle(h.keep))
		r.Post(one+"/slet", page.Handle(h.drop))
	})
}

// ReportRoutes adds the pages of one report, below /underretninger/{ref}.
func (h Handler) ReportRoutes(r chi.Router) {
	r.Get("/", page.Handle(h.showReport))
	r.Post("/overdrag", page.Handle(h.assign))
	r.Post("/tilfoej", page.Handle(h.add))
	r.Get("/barnet", page.Handle(h.showChild))
	r.Post("/barnet", page.Handle(h.changeChild))
	r.Get("/vurdering", page.Handle(h.showAssessment))
	r.Post("/vurdering", page.Handle(h.assess))
	r.Get("/modtaget", page.Handle(h.showReceived))
	r.Post("/modtaget", page.Handle(h.correctReceived))
	r.Get("/kvittering", page.Handle(h.showReceipt))
	r.Post("/kvittering", page.Handle(h.sendReceipt))
	r.Post("/kvittering/kanal", page.Handle(h.setChannel))
	r.Get("/kontakt", page.Handle(h.askContact))
	r.Post("/kontakt", page.Handle(h.showContact))
	r.Get("/telefon/{person}", page.Handle(h.askPhone))
	r.Post("/telefon/{person}", page.Handle(h.showPhone))
	r.Get("/sag", page.Handle(h.showCase))
	r.Post("/sag", page.Handle(h.makeCase))
	r.Post("/sag/kobl", page.Handle(h.join))
	r.Get("/genvurdering/{id}", page.Handle(h.showReassessment))
	r.Post("/genvurdering/{id}", page.Handle(h.reassess))
}

// CaseRoutes adds what the people of a case do with its reports, below /sager/{ref}.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Post("/underretninger/{report}", page.Handle(h.takeUp))
	r.Get("/genvurdering/{id}", page.Handle(h.showChoice))
	r.Post("/genvurdering/{id}", page.Handle(h.choose))
}

// readForm is [reportframe.Read] for a page that only those have use for who may do so much with the report.
func (h Handler) readForm(w http.ResponseWriter, r *http.Request, active string, want actor.Rights) (reportframe.View, error) {
	v, err := reportframe.Read(h.DB, w, r, active, func(*db.Batch) {})
	if err == nil && !v.May(want) {
		err = fault.NotFound
	}
	return v, err
}

// face is a colleague as the parts show people.
func face(c concern.Colleague) ui.Person {
	return ui.Person{Name: c.Name, Title: c.Title, PhotoURL: link.Photo(c.PhotoID, "s")}
}

// sources, areas and so on are the choices of the forms.
func sources(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "concern.choose"), ui.Options(ctx, "concern.source.", concern.Sources))
}
