package concernpages

import (
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/web/link"
	"samspil/web/page"
)

// registeredBefore answers a form that has become a report already. Sent twice, it leads to the report; what was changed after
// "Back" is not in the report, and waits as a draft of its own.
func (h Handler) registeredBefore(w http.ResponseWriter, r *http.Request, id uuid.UUID, ref string, a concern.Answers) error {
	ctx, who := r.Context(), actor.From(r.Context())
	var asked *concern.Asked
	now, err := h.DB.ReadCase(ctx, who, db.Case{Ref: ref, Page: "underretning"}, func(b *db.Batch) { asked = concern.Get(b) })
	unseen := errors.Is(err, fault.NotFound) // theirs no more: nothing to compare with, and nothing is lost by keeping what was typed
	if err != nil && !unseen {
		return err
	}
	if !unseen {
		v := formView{Now: now, Started: now, Who: who, A: a}
		if in, _ := v.input(); tells(asked.Full(), in) {
			return page.Redirect(w, r, link.Report(ref))
		}
	}
	other := db.KeyOf(id, a)
	err = h.DB.InTx(ctx, who, func(tx *db.Tx) error {
		_, err := concern.SaveDraft(ctx, tx, h.Keys, other, a)
		return err
	})
	if err != nil {
		return err
	}
	page.Say(w, page.Flash{Key: "flash.concern.again", Warn: true})
	return page.Redirect(w, r, link.ReportDraft(other.String()))
}

// tells reports whether a report tells what the form does. The hour is left out: a form may say "now".
func tells(x concern.Full, in concern.Input) bool {
	child := x.Child()
	if x.Source != in.Source || x.Area != in.Area || x.Told != in.Told || x.WhereNow != in.WhereNow || x.Siblings != in.Siblings || x.Measures != in.Measures || child.Name != in.Child.Name || child.Phone != in.Child.Phone {
		return false
	}
	if in.Source != concern.Anonymous && (x.ReporterName != in.ReporterName || x.ReporterRole != in.ReporterRole || x.ReporterContact != in.ReporterContact || x.ChannelNote != in.ChannelNote) {
		return false // of an anonymous reporter nothing was kept
	}
	named := 0
	for _, p := range in.People {
		if p.Blank() {
			continue
		}
		named++
		if !slices.ContainsFunc(x.People, func(was concern.Person) bool {
			return !was.IsChild && was.Name == p.Name && was.Relation == p.Relation && was.Phone == p.Phone
		}) {
			return false
		}
	}
	return named == len(slices.DeleteFunc(slices.Clone(x.People), func(p concern.Person) bool { return p.IsChild }))
}
