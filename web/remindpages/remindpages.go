// Package remindpages are the pages on which a municipality says when people are reminded, and a person how they are told outside
// the program: by mail.
package remindpages

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

// Handler answers the addresses of reminders.
type Handler struct{ DB *db.DB }

// Routes are the pages of the office.
func (h Handler) Routes(r chi.Router) {
	r.Get(link.MailWishes, page.Handle(h.mail))
	r.Post(link.MailWishes, page.Handle(h.saveMail))
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.AdminReminders, page.Handle(h.settings))
		r.Post(link.AdminReminders, page.Handle(h.saveSettings))
	})
}
