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

// phoneView stands before the number of somebody in a report: nobody has settled whether it may be called.
type phoneView struct {
	reportframe.View
	Who          concern.Person
	Reason, Text string
	Bad          fault.Invalid
}

func (h Handler) askPhone(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPhone(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, phonePage(v))
}

func (h Handler) readPhone(w http.ResponseWriter, r *http.Request) (phoneView, error) {
	f, err := h.readForm(w, r, "report", actor.Note)
	if err != nil {
		return phoneView{}, err
	}
	for _, p := range f.Report.People {
		if p.ID == page.ID(r, "person") && p.Phone != "" {
			p.Phone = "" // the page is not given what it must not show
			return phoneView{View: f, Who: p}, nil
		}
	}
	return phoneView{}, fault.NotFound
}

// showPhone shows it once; asked for again, it is asked why again.
func (h Handler) showPhone(w http.ResponseWriter, r *http.Request) error {
	reason, text := page.ReadForm(r).Text("reason"), ""
	err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		text, err = concern.ShowPhone(ctx, tx, page.ID(r, "person"), reason)
		return err
	})
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readPhone(w, r)
	if err != nil {
		return err
	}
	v.Reason, v.Text, v.Bad, v.Page.Invalid = reason, text, bad, bad != nil
	if bad != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, phonePage(v))
	}
	return page.Render(w, r, http.StatusOK, phonePage(v))
}
