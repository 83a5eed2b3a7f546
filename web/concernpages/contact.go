package concernpages

import (
	"context"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/web/page"
	"samspil/web/reportframe"
)

// contactView stands before the number or the address of a reporter who must not be reached just so.
type contactView struct {
	reportframe.View
	Reason, Text string
	Bad          fault.Invalid
}

func (h Handler) askContact(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readContact(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, contactPage(v))
}

// readContact finds a report that keeps something back.
func (h Handler) readContact(w http.ResponseWriter, r *http.Request) (contactView, error) {
	f, err := h.readForm(w, r, "receipt", actor.Note)
	if err == nil && !f.Report.ContactWaits() {
		err = fault.NotFound
	}
	return contactView{View: f}, err
}

// showContact shows it once, in an answer that the browser does not keep; asked for again, it is asked why again.
func (h Handler) showContact(w http.ResponseWriter, r *http.Request) error {
	reason, text := page.ReadForm(r).Text("reason"), ""
	err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		text, err = concern.ShowContact(ctx, tx, reason)
		return err
	})
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readContact(w, r)
	if err != nil {
		return err
	}
	v.Reason, v.Text, v.Bad, v.Page.Invalid = reason, text, bad, bad != nil
	if bad != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, contactPage(v))
	}
	return page.Render(w, r, http.StatusOK, contactPage(v))
}
