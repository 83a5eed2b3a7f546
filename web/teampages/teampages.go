// Package teampages are the pages on which an admin keeps the teams: who is in them, who leads them, and which of them is the
// intake desk. They show no case, and of somebody's cases only roughly how many there are.
package teampages

import (
	"embed"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the addresses of teams.
type Handler struct{ DB *db.DB }

// Routes are the admin's pages.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.Teams, page.Handle(h.list))
		r.Get(link.NewTeam, page.Handle(h.newTeam))
		r.Post(link.NewTeam, page.Handle(h.add))
		r.Get(link.Teams+"/{team}", page.Handle(h.show))
		r.Post(link.Teams+"/{team}", page.Handle(h.save))
		r.Post(link.Teams+"/{team}/medlemmer", page.Handle(h.join))
		r.Get(link.Teams+"/{team}/medlem/{user}", page.Handle(h.member))
		r.Post(link.Teams+"/{team}/medlem/{user}/leder", page.Handle(h.lead))
		r.Post(link.Teams+"/{team}/medlem/{user}/fjern", page.Handle(h.leave))
	})
}

// change runs one change in the admin's name. Fields that were refused, and [fault.Stale], are for the page; other errors are not.
func (h Handler) change(r *http.Request, fn func(tx *db.Tx) error) (bad fault.Invalid, stale bool, err error) {
	err = h.DB.InTx(r.Context(), actor.From(r.Context()), fn)
	switch {
	case errors.Is(err, fault.Stale):
		return nil, true, nil
	case errors.As(err, &bad):
		return bad, false, nil
	}
	return nil, false, err
}

// status is the HTTP status of a page that is shown again.
func status(stale bool) int {
	if stale {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}
