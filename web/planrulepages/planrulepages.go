// Package planrulepages are the municipality's plan rules, for its admins, and for leads how the partners of their cases came in
// (R7). Neither page names a case.
package planrulepages

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages of this package.
type Handler struct{ DB *db.DB }

// Routes are the pages of the admin, and the lead's.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.PlanRules, page.Handle(h.rules))
		r.Get(link.NewPlanRule, page.Handle(h.newRule))
		r.Post(link.NewPlanRule, page.Handle(h.addRule))
		r.Get(link.PlanRules+"/{rule}", page.Handle(h.editRule))
		r.Post(link.PlanRules+"/{rule}", page.Handle(h.saveRule))
		r.Post(link.PlanRules+"/{rule}/udgaar", page.Handle(h.retire))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.TeamLead))
		r.Get(link.Origins, page.Handle(h.origins))
	})
}
