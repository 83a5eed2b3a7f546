package partnerpages

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// correctView is the form "Foreslå rettelse", with what the reader has proposed before.
type correctView struct {
	Page    ui.Page
	Now     time.Time
	In      partner.CorrectionInput
	Bad     fault.Invalid
	About   string      // whom it is about, when the reader came from there
	Options []ui.Option // organisations to choose from, when not
	Mine    []partner.Correction
	Back    string
}

func (h Handler) showCorrect(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	in := partner.CorrectionInput{}
	in.OrganisationID, _ = uuid.Parse(q.Get("organisation")) // nonsense is nobody: the form asks
	in.ContactID, _ = uuid.Parse(q.Get("person"))
	return h.correctForm(w, r, in, nil)
}

func (h Handler) correctForm(w http.ResponseWriter, r *http.Request, in partner.CorrectionInput, bad fault.Invalid) error {
	var f *frame.Frame
	var people *[]partner.Callable
	var orgs *[]partner.Organisation
	var mine *[]partner.Correction
	now, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) {
		f, orgs = frame.Ask(b), partner.Organisations(b)
		people, mine = partner.Callables(b, partner.Query{ContactID: in.ContactID, OrganisationID: in.OrganisationID, Retired: true}), partner.MyCorrections(b, 10)
	})
	if err != nil {
		return err
	}
	v := correctView{Page: f.Page(w, r, title(r, "dircorrect.title"), "partners"), Now: now, In: in, Bad: bad, Mine: *mine, Back: link.Partners}
	v.Page.Invalid = len(bad) > 0
	if c, ok := byID(*people, in.ContactID); ok && in.ContactID != uuid.Nil {
		v.About, v.Back = c.Name+", "+c.Organisation, link.Contact(c.ContactID)
	}
	v.Options = []ui.Option{{Label: i18n.T(r.Context(), "dircorrect.choose")}}
	for _, o := range *orgs {
		if o.ID == in.OrganisationID && v.About == "" {
			v.About, v.Back = o.Name, link.Organisation(o.ID)
		}
		if o.Active {
			v.Options = append(v.Options, ui.Option{Value: o.ID.String(), Label: o.Name})
		}
	}
	status := http.StatusOK
	if len(bad) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, correctPage(v))
}

func (h Handler) correct(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := partner.CorrectionInput{OrganisationID: f.ID("organisation"), ContactID: f.ID("person"), Proposal: f.Text("proposal")}
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) error { return partner.Propose(r.Context(), tx, in) })
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.correctForm(w, r, in, bad)
	case err != nil:
		return err
	}
	page.Say(w, page.Flash{Key: "flash.correction"})
	switch {
	case in.ContactID != uuid.Nil:
		return page.Redirect(w, r, link.Contact(in.ContactID))
	default:
		return page.Redirect(w, r, link.Organisation(in.OrganisationID))
	}
}

// queueView is the admin's queue of corrections.
type queueView struct {
	Page    ui.Page
	Now     time.Time
	Open    []partner.Correction
	Handled []partner.Correction
	Bad     fault.Invalid
	BadID   uuid.UUID // the correction whose answer was refused
	Outcome string
	Answer  string
	Stale   bool // somebody else had answered it
}

func (h Handler) corrections(w http.ResponseWriter, r *http.Request) error {
	return h.queue(w, r, http.StatusOK, queueView{})
}

func (h Handler) queue(w http.ResponseWriter, r *http.Request, status int, v queueView) error {
	var f *frame.Frame
	var open, handled *[]partner.Correction
	now, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) {
		f, open, handled = frame.Ask(b), partner.OpenCorrections(b), partner.HandledCorrections(b, 20)
	})
	if err != nil {
		return err
	}
	v.Page, v.Now, v.Open, v.Handled = f.Page(w, r, title(r, "dirqueue.title"), "admin"), now, *open, *handled
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, queuePage(v))
}

func (h Handler) handleCorrection(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "id")
	outcome, text := f.Text("outcome"), f.Text("answer")
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) error { return partner.HandleCorrection(r.Context(), tx, id, outcome, text) })
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.queue(w, r, http.StatusUnprocessableEntity, queueView{Bad: bad, BadID: id, Outcome: outcome, Answer: text})
	case errors.Is(err, fault.Stale):
		return h.queue(w, r, http.StatusConflict, queueView{Stale: true, Answer: text})
	case err != nil:
		return err
	}
	page.Say(w, page.Flash{Key: "flash.correction." + outcome})
	return page.Redirect(w, r, link.Corrections)
}
