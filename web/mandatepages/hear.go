package mandatepages

import (
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/mandate"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// hearView is the form of what a contact person has said on the telephone: that they lead an area, and on which day they said so.
type hearView struct {
	caseframe.View
	Area mandate.Area
	M    mandate.Mandate
	On   string
	Bad  fault.Invalid
}

func (h Handler) hear(w http.ResponseWriter, r *http.Request) error {
	return h.heard(w, r, http.StatusOK, i18n.T(r.Context(), "when.today"), nil)
}

// heard shows the form. Where somebody wrote it down meanwhile, or another leads now, it shows the map instead.
func (h Handler) heard(w http.ResponseWriter, r *http.Request, status int, on string, bad fault.Invalid) error {
	v, areas, err := h.read(w, r, bad, func(*db.Batch) {})
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	for _, a := range areas {
		for _, m := range a.Leaders() {
			if m.ID == page.ID(r, "mandate") && m.ContactID != nil && m.Waits() {
				return page.Render(w, r, status, hearPage(hearView{v, a, m, on, bad}))
			}
		}
	}
	return page.Redirect(w, r, link.Mandates(v.Case.Ref))
}
