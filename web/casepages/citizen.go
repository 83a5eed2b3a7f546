package casepages

import (
	"context"
	"net/http"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// citizenForm is who the case is about, to be changed.
type citizenForm struct {
	caseframe.View
	In        casefile.CitizenInput
	Born      string // as typed
	CPRMasked string
	Version   int
	Bad       fault.Invalid
	Other     *ui.Conflict
}

func (h Handler) editCitizen(w http.ResponseWriter, r *http.Request) error {
	var c *casefile.Citizen
	frame, err := h.readForm(w, r, "overview", func(b *db.Batch) { c = casefile.GetCitizen(b) })
	if err != nil {
		return err
	}
	v := citizenForm{View: frame, In: casefile.CitizenInput{Name: c.Name, CallingName: c.CallingName}, Born: fieldDate(c.Born), CPRMasked: c.CPRMasked, Version: c.Version}
	return page.Render(w, r, http.StatusOK, citizenPage(v))
}

func (h Handler) saveCitizen(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.CitizenInput{Name: form.Text("name"), CallingName: form.Text("calling_name"), Born: date(form.Date("born")), CPR: form.Text("cpr")}
	version := form.Int("version")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := form.With(in.Validate(tx.Now)); err != nil {
			return err
		}
		return casefile.ChangeCitizen(ctx, tx, h.Keys, version, in)
	})
	if err == nil {
		return page.Done(w, r, "flash.citizen", link.Case(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	var now *casefile.Citizen
	frame, err := h.readForm(w, r, "overview", func(b *db.Batch) { now = casefile.GetCitizen(b) })
	if err != nil {
		return err
	}
	v := citizenForm{View: frame, In: in, Born: form.Text("born"), CPRMasked: now.CPRMasked, Version: version, Bad: bad}
	v.Page.Invalid = true
	if stale {
		v.Version, v.Other = now.Version, &ui.Conflict{PII: true, Keep: link.Case(frame.Case.Ref)}
		v.Other.Differ("person.name", now.Name, in.Name)
		v.Other.Differ("citizen.calling", now.CallingName, in.CallingName)
		v.Other.Differ("person.born", fieldDate(now.Born), fieldDate(in.Born))
	}
	return page.Render(w, r, page.FormStatus(stale), citizenPage(v))
}
