package guestpages

import (
	"context"
	"net/http"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/guest"
	"samspil/web/guestframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// verifyView is a contact person's own line of the directory.
type verifyView struct {
	Page    ui.Page
	Token   string
	Details guest.Details
	Wrong   string
	Bad     fault.Invalid
}

// ShowDetails is the page of a link that asks whether somebody's details are still right.
func (h Handler) ShowDetails(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	return h.details(w, r, g, http.StatusOK, verifyView{})
}

func (h Handler) details(w http.ResponseWriter, r *http.Request, g db.Guest, status int, v verifyView) error {
	var d *guest.Details
	if _, err := h.DB.ReadGuest(r.Context(), g, func(b *db.Batch) { d = guest.OwnDetails(b) }); err != nil {
		return err
	}
	v.Page, v.Token, v.Details = guestframe.Page(w, r, "guestverify.title"), g.Token, *d
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, verifyPage(v))
}

func (h Handler) confirm(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	f := page.ReadForm(r)
	wrong := f.Text("wrong")
	err := h.DB.InGuest(r.Context(), g, func(tx *db.Tx) error {
		return guest.Confirm(context.WithoutCancel(r.Context()), tx, f.Has("right"), wrong)
	})
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad != nil {
		return h.details(w, r, g, http.StatusUnprocessableEntity, verifyView{Wrong: wrong, Bad: bad})
	}
	return page.Done(w, r, "flash.guest_confirmed", link.Guest(g.Token))
}
