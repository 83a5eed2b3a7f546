// Package caselistpages are the pages about many cases: the list, the search, and the way to a new one.
package caselistpages

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/keys"
	"samspil/web/link"
	"samspil/web/page"
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

// Routes adds the pages. For admins and auditors they do not exist.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		r.Get(link.Cases, page.Handle(h.showList))
		r.Get(link.Search, page.Handle(h.showSearch))
		r.Post(link.Search, page.Handle(h.search))
		r.Get(link.SearchFound("{token}"), page.Handle(h.showFound))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.TeamLead))
		one := link.Registration("{draft}")
		r.Get(link.NewCase, page.Handle(h.showStart))
		r.Post(link.NewCase, page.Handle(h.start))
		r.Get(one, page.Handle(h.showCandidates))
		r.Post(one, page.Handle(h.searchAgain))
		r.Post(one+"/slet", page.Handle(h.drop))
		r.Get(one+"/{step}", page.Handle(h.showStep))
		r.Post(one+"/{step}", page.Handle(h.saveStep))
		r.Post(one+"/{step}/kladde", page.Handle(h.keepStep))
	})
}
