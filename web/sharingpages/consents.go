package sharingpages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/missing"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

func consentsPath(ref string) string               { return link.Consents(ref) }
func consentPath(ref string, id uuid.UUID) string  { return link.Consents(ref) + "/" + id.String() }
func withdrawPath(ref string, id uuid.UUID) string { return consentPath(ref, id) + "/traek" }

// consentsView are the consents of a case.
type consentsView struct {
	caseframe.View
	All []sharing.Consent
}

func (h Handler) consents(w http.ResponseWriter, r *http.Request) error {
	var all *[]sharing.Consent
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) { all = sharing.ConsentsOf(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, consentsPage(consentsView{View: frame, All: *all}))
}

// mayConsent reports whether the reader writes down consents in the case.
func mayConsent(v caseframe.View) bool { return v.May(actor.Write) && !v.Case.Closed() }

// consentForm is a consent as it was typed.
type consentForm struct {
	caseframe.View
	Key, From, To, What, Purpose, How, GivenOn, ExpiresOn string
	Recipients                                            []sharing.Recipient
	Family                                                []sharing.Custodian
	Bad                                                   fault.Invalid
}

// citizen is who says yes where it is not somebody around the citizen.
const citizen = "citizen"

func (h Handler) readConsentForm(w http.ResponseWriter, r *http.Request, v *consentForm) error {
	var recipients *[]sharing.Recipient
	var family *[]sharing.Custodian
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) { recipients, family = sharing.Recipients(b, true), sharing.Custodians(b) })
	if err == nil && !mayConsent(frame) {
		err = fault.Forbidden
	}
	if err != nil {
		return err
	}
	v.View, v.Family = frame, *family
	for _, x := range *recipients {
		if x.ContactID == nil {
			v.Recipients = append(v.Recipients, x)
		}
	}
	return nil
}

func (h Handler) newConsent(w http.ResponseWriter, r *http.Request) error {
	v := consentForm{Key: uuid.NewString(), To: r.URL.Query().Get("til")}
	if err := h.readConsentForm(w, r, &v); err != nil {
		return err
	}
	v.GivenOn = i18n.FieldDate(v.Now)
	return page.Render(w, r, http.StatusOK, consentFormPage(v))
}

func (h Handler) recordConsent(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	v := consentForm{Key: f.Text("key"), From: f.Text("from"), To: f.Text("to"), What: f.Text("what"), Purpose: f.Text("purpose"), How: f.Text("how"), GivenOn: f.Text("given_on"), ExpiresOn: f.Text("expires_on")}
	in := sharing.ConsentInput{Key: f.ID("key"), FromCitizen: v.From == citizen, PersonID: f.ID("from"), OrganisationID: f.ID("to"), What: v.What, Purpose: v.Purpose, How: v.How,
		GivenOn: f.Date("given_on"), ExpiresOn: f.Date("expires_on")}
	var id uuid.UUID
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if f.Err() != nil {
			return f.With(in.Validate(tx.Now))
		}
		id, err = in.Record(ctx, tx, h.Keys)
		return err
	})
	bad, _, err := page.Refused(err)
	switch {
	case err != nil:
		return err
	case bad == nil:
		return page.Done(w, r, "flash.consent.given", consentPath(caseframe.Ref(r), id))
	}
	if err := h.readConsentForm(w, r, &v); err != nil {
		return err
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, http.StatusUnprocessableEntity, consentFormPage(v))
}

// consentView is a consent, what rests on it, and the form that withdraws it.
type consentView struct {
	caseframe.View
	C         sharing.Consent
	Rest      []sharing.Sharing
	Waits     []sharing.Waiting
	On, Words string
	Stale     bool
	Bad       fault.Invalid
}

func (h Handler) readConsent(w http.ResponseWriter, r *http.Request) (consentView, error) {
	var c *sharing.Consent
	var rest *[]sharing.Sharing
	var waits *[]sharing.Waiting
	id := page.ID(r, "consent")
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		c, rest, waits = sharing.ConsentByID(b, id), sharing.RestOn(b, id), sharing.WaitsOn(b, id)
	})
	if err != nil {
		return consentView{}, err
	}
	return consentView{View: frame, C: *c, Rest: *rest, Waits: *waits, On: i18n.FieldDate(frame.Now)}, nil
}

func (h Handler) consent(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readConsent(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, consentPage(v))
}

func (h Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "consent")
	on, words := f.Date("on"), f.Text("words")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return err
		}
		return sharing.Withdraw(ctx, tx, id, on, words)
	})
	bad, stale, err := page.Refused(err)
	switch {
	case err != nil:
		return err
	case bad == nil && !stale:
		return page.Done(w, r, "flash.consent.withdrawn", consentPath(caseframe.Ref(r), id))
	}
	v, err := h.readConsent(w, r)
	if err != nil {
		return err
	}
	v.On, v.Words, v.Bad, v.Stale, v.Page.Invalid = f.Text("on"), words, bad, stale, bad != nil
	return page.Render(w, r, page.FormStatus(stale), consentPage(v))
}

// givers are who may say yes: the citizen, or a parent with custody.
func (v consentForm) givers(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: citizen, Label: i18n.T(ctx, "consent.citizen")}}
	for _, p := range v.Family {
		label := p.Name
		if label == "" {
			label = p.Relation
		}
		o := ui.Option{Value: p.ID.String(), Label: label}
		if p.Name != "" {
			o.Hint = p.Relation
		}
		all = append(all, o)
	}
	return all
}

func (v consentForm) gateShut() bool { return v.Case.Gate == casefile.GateShut }

func (v consentForm) organisations(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "sharing.choose")}}
	for _, r := range v.Recipients {
		all = append(all, ui.Option{Value: r.OrganisationID.String(), Label: r.Organisation})
	}
	return all
}

// consentState is the tag of a consent: its word, its colour, its symbol.
func consentState(ctx context.Context, v caseframe.View, c sharing.Consent) (text, tone, icon string) {
	switch {
	case c.WithdrawnOn != nil:
		return i18n.T(ctx, "consent.state.withdrawn"), "red", "block"
	case c.Over(v.Now):
		return i18n.T(ctx, "consent.state.over"), "", "block"
	case i18n.Days(c.ExpiresOn, v.Now) <= missing.ConsentDays:
		return i18n.T(ctx, "consent.state.soon"), "amber", "warning"
	}
	return i18n.T(ctx, "consent.state.holds"), "green", "success"
}
