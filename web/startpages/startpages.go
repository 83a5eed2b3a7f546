// Package startpages shows where each role opens the day: Min dag for those who work on cases, Overblik
// for team leads, the directory's state for admins, the access trail for auditors. Notices and help
// are here too.
package startpages

import (
	"embed"
	"net/http"

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

// Handler serves the start pages.
type Handler struct{ DB *db.DB }

// Routes adds the pages of the office.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		r.Get(link.Day, page.Handle(h.day))
	})
	r.With(page.Only(actor.TeamLead)).Get(link.Overview, page.Handle(h.lead))
	r.With(page.Only(actor.TeamLead)).Get(link.OverviewDeadlines, page.Handle(h.limits))
	r.With(page.Only(actor.Admin)).Get(link.Admin, page.Handle(h.admin))
	r.With(page.Only(actor.Auditor)).Get(link.Log, page.Handle(h.trail))
	r.Get(link.Notices, page.Handle(h.notices))
	r.Post(link.Notices, page.Handle(h.readNotices))
	r.Get(link.Help, page.Handle(h.help))
}

// Public adds the page that everybody may read, signed in or not.
func (h Handler) Public(r chi.Router) {
	r.Get(link.Accessibility, page.Handle(h.accessibility))
}

// query reads a value of the address that must be one of a few; anything else is "".
func query(r *http.Request, name string, allowed ...string) string {
	v := r.URL.Query().Get(name)
	for _, a := range allowed {
		if v == a {
			return v
		}
	}
	return ""
}
