// Package remindpages are the pages on which a municipality says when people are reminded, and a person how they are told outside
// the program: by mail, and in their own calendar.
package remindpages

import (
	"embed"
	"net"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/signin"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the addresses of reminders.
type Handler struct {
	DB       *db.DB
	Desk     *signin.Desk
	Secure   bool       // the site is reached over TLS
	Site     string     // the address that people know the site by; "" where none is configured
	ProxyNet *net.IPNet // a reverse proxy whose X-Forwarded-For is believed
}

// Public is what a calendar fetches without a session.
func (h Handler) Public(r chi.Router) {
	r.Get(link.FeedPattern, page.Handle(h.feed))
}

// Routes are the pages of the office.
func (h Handler) Routes(r chi.Router) {
	r.Get(link.MailWishes, page.Handle(h.mail))
	r.Post(link.MailWishes, page.Handle(h.saveMail))
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		r.Get(link.Calendar, page.Handle(h.calendar))
		r.Post(link.Calendar, page.Handle(h.makeCalendar))
		r.Post(link.EndCalendar, page.Handle(h.revokeCalendar))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.AdminReminders, page.Handle(h.settings))
		r.Post(link.AdminReminders, page.Handle(h.saveSettings))
	})
}
