package sharingpages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/groundview"
	"samspil/web/page"
	"samspil/web/ui"
)

// formView is an entry as it was typed. Nothing of it is kept as a draft: a draft is not sealed.
type formView struct {
	caseframe.View
	Key, Direction, To, What, Text, File, LegalBasis, Purpose, Consent, Reason, HappenedOn string
	PurposeCode, ConsentID, OffCompass                                                     string
	Consents                                                                               []sharing.Consent // those that hold
	Corrects                                                                               uuid.UUID
	All                                                                                    bool // the whole directory, not only the partners of the case
	Asked, AskReason                                                                       string
	Recipients                                                                             []sharing.Recipient
	Colleague                                                                              ui.Option // to whom the entry was that is corrected
	Releasers                                                                              []sharing.Releaser
	Found                                                                                  []sharing.Finding
	Unread                                                                                 bool // the file could not be read to its end
	Bad                                                                                    fault.Invalid
}

// fields are the names of the form in their order.
var fields = []string{"direction", "to", "happened_on", "what", "text", "attachment", "file", "legal_basis", "off_compass", "purpose_code", "purpose", "consent", "consent_id", "reason", "asked", "ask_reason"}

func (h Handler) readForm(w http.ResponseWriter, r *http.Request, v *formView, also func(*db.Batch)) error {
	var recipients *[]sharing.Recipient
	var releasers *[]sharing.Releaser
	var consents *[]sharing.Consent
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		recipients, releasers, consents = sharing.Recipients(b, v.All), sharing.Releasers(b), sharing.ConsentsOf(b)
		also(b)
	})
	if err == nil && !mayShare(frame) {
		err = fault.Forbidden
	}
	if err == nil {
		v.View, v.Recipients, v.Releasers = frame, *recipients, *releasers
		for _, c := range *consents {
			if c.Holds(frame.Now) || c.ID.String() == v.ConsentID {
				v.Consents = append(v.Consents, c)
			}
		}
	}
	return err
}

func (h Handler) newSharing(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := formView{Key: uuid.NewString(), Direction: ways[q.Get("retning")], All: q.Get("alle") != "",
		To: q.Get("til"), LegalBasis: q.Get("grundlag"), PurposeCode: q.Get("formaal"), Consent: q.Get("samtykke"), ConsentID: q.Get("givet")} // as the compass fills it in
	if v.Direction == "" {
		v.Direction = sharing.Out
	}
	v.Corrects, _ = uuid.Parse(q.Get("retter"))
	var old *db.Found[sharing.Sharing]
	var sealed *db.Found[sharing.Sealed]
	var caseID uuid.UUID
	err := h.readForm(w, r, &v, func(b *db.Batch) {
		if caseID = b.CaseID; v.Corrects != uuid.Nil {
			old, sealed = sharing.Maybe(b, v.Corrects), sharing.ReadText(b, v.Corrects)
		}
	})
	if err != nil {
		return err
	}
	v.HappenedOn = i18n.FieldDate(v.Now)
	if old != nil {
		if !old.OK {
			return fault.NotFound
		}
		s := old.Row
		if v.Text, v.File, err = sealed.Row.Open(h.Keys, caseID, s.ID); err != nil {
			return err
		}
		v.Direction, v.What, v.LegalBasis, v.Purpose, v.Consent, v.Reason = s.Direction, s.What, s.LegalBasis, s.Purpose, s.Consent, s.Reason
		v.HappenedOn, v.To = i18n.FieldDate(s.HappenedOn), toOf(s)
		v.PurposeCode, v.OffCompass = s.PurposeCode, s.OffCompass
		if s.ConsentID != nil {
			v.ConsentID = s.ConsentID.String()
		}
		v.keep(s)
	}
	return page.Render(w, r, http.StatusOK, formPage(v))
}

// keep puts the recipient of the entry that is corrected among those to choose from.
func (v *formView) keep(s sharing.Sharing) {
	for _, r := range v.Recipients {
		if to(r.OrganisationID, r.ContactID) == toOf(s) {
			return
		}
	}
	if s.UserID != nil {
		v.Colleague = ui.Option{Value: toOf(s), Label: s.Organisation}
		return
	}
	v.Recipients = append(v.Recipients, sharing.Recipient{OrganisationID: s.OrganisationID, Organisation: s.Organisation, ContactID: s.ContactID, Contact: s.Contact})
}

// to is a recipient as the form names one.
func to(organisation uuid.UUID, contact *uuid.UUID) string {
	if contact == nil {
		return organisation.String()
	}
	return organisation.String() + "." + contact.String()
}

// toColleague stands before a colleague among the recipients: only a correction has one, of what a room of the case told them.
const toColleague = "user:"

// toOf is to whom an entry is, as the form names them.
func toOf(s sharing.Sharing) string {
	if s.UserID != nil {
		return toColleague + s.UserID.String()
	}
	return to(s.OrganisationID, s.ContactID)
}

// parseTo reads a recipient as the form names one.
func parseTo(typed string) (organisation, contact, user uuid.UUID) {
	if id, ok := strings.CutPrefix(typed, toColleague); ok {
		user, _ = uuid.Parse(id)
		return
	}
	first, second, _ := strings.Cut(typed, ".")
	organisation, _ = uuid.Parse(first)
	contact, _ = uuid.Parse(second)
	return
}

func (h Handler) share(w http.ResponseWriter, r *http.Request) error {
	file, name, lost := upload(r)
	f := page.ReadForm(r)
	v := formView{Key: f.Text("key"), Direction: f.Text("direction"), To: f.Text("to"), What: f.Text("what"), Text: f.Text("text"), File: f.Text("file"), LegalBasis: f.Text("legal_basis"),
		Purpose: f.Text("purpose"), Consent: f.Text("consent"), Reason: f.Text("reason"), HappenedOn: f.Text("happened_on"), Corrects: f.ID("corrects"), All: f.Has("alle"),
		PurposeCode: f.Text("purpose_code"), ConsentID: f.Text("consent_id"), OffCompass: f.Text("off_compass"), Asked: f.Text("asked"), AskReason: f.Text("ask_reason")}
	if !slices.Contains(sharing.Directions, v.Direction) { // a form that did not come whole
		v.Direction = sharing.Out
	}
	in := sharing.Input{Key: f.ID("key"), Direction: v.Direction, What: v.What, Text: v.Text, File: v.File, LegalBasis: v.LegalBasis, Purpose: v.Purpose, Consent: v.Consent, Reason: v.Reason,
		PurposeCode: v.PurposeCode, ConsentID: f.ID("consent_id"), OffCompass: v.OffCompass, HappenedOn: f.Date("happened_on"), Corrects: v.Corrects, Ask: f.Has("ask"), AskedID: f.ID("asked"), AskReason: v.AskReason}
	in.OrganisationID, in.ContactID, in.UserID = parseTo(v.To)
	if in.Attachment = file; file != nil {
		in.File = name
	}
	var out sharing.Outcome
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		var bad fault.Invalid
		if errors.As(lost, &bad) {
			f.Refuse("attachment", bad["attachment"])
		}
		if f.Err() != nil {
			return f.With(in.Validate(tx.Now))
		}
		out, err = sharing.Share(ctx, tx, h.Keys, in)
		return err
	})
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	ref := caseframe.Ref(r)
	switch {
	case bad == nil && out.Held:
		return page.Done(w, r, "flash.sharing.held", onePath(ref, out.ID))
	case bad == nil && out.ID != uuid.Nil:
		return page.Done(w, r, "flash.sharing."+v.Direction, onePath(ref, out.ID))
	}
	var old *db.Found[sharing.Sharing]
	if err := h.readForm(w, r, &v, func(b *db.Batch) { old = sharing.Maybe(b, v.Corrects) }); err != nil {
		return err
	}
	if old.OK {
		v.keep(old.Row)
	}
	v.Found, v.Unread, v.Bad = out.Found, out.Unread, bad
	if v.Bad == nil {
		v.Bad = fault.Invalid{}
		for _, hit := range out.Found {
			v.Bad[hit.Part] = "sharing.error.hit"
		}
		if out.Unread && v.Bad["attachment"] == "" {
			v.Bad["attachment"] = "sharing.error.unread"
		}
	}
	v.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, formPage(v))
}

// asks reports whether the form offers to ask a second person: a fact was found, or it has been asked already.
func (v formView) asks() bool {
	return v.Direction == sharing.Out && !v.bare() && (len(v.Found) > 0 || v.Unread || v.Bad["asked"] != "" || v.Bad["ask_reason"] != "" || v.Asked != "" || v.AskReason != "")
}

// bare reports whether a fact was found in what rests on no basis, which nobody releases.
func (v formView) bare() bool { return len(v.Found) > 0 && v.LegalBasis == sharing.Anonymous }

func (v formView) hidden() map[string]string {
	m := map[string]string{"key": v.Key, "direction": v.Direction}
	if v.Corrects != uuid.Nil {
		m["corrects"] = v.Corrects.String()
	}
	if v.All {
		m["alle"] = "1"
	}
	return m
}

func (v formView) recipients(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "sharing.choose")}}
	for _, r := range v.Recipients {
		all = append(all, ui.Option{Value: to(r.OrganisationID, r.ContactID), Label: recipientWords(r)})
	}
	if v.Colleague.Value != "" {
		all = append(all, v.Colleague)
	}
	return all
}

// recipientWords name a recipient in a list.
func recipientWords(r sharing.Recipient) string {
	label := r.Organisation
	if r.Contact != "" {
		label = r.Organisation + ": " + r.Contact
	}
	if r.Title != "" {
		label += ", " + r.Title
	}
	return label
}

// consents are what it may rest on.
func (v formView) consents(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "sharing.consent_id.none")}}
	for _, c := range v.Consents {
		all = append(all, ui.Option{Value: c.ID.String(), Label: groundview.Words(ctx, c)})
	}
	return all
}

// toCompass asks the compass about what stands in the form.
func (v formView) toCompass() string {
	return compassPath(v.Case.Ref) + "?" + url.Values{"hvem": {v.To}, "formaal": {v.PurposeCode}, "samtykke": {v.Consent}}.Encode()
}

func (v formView) bases(ctx context.Context) []ui.Option {
	none := "sharing.choose"
	if v.Direction == sharing.Refused {
		none = "sharing.basis.none"
	}
	all := []ui.Option{{Label: i18n.T(ctx, none)}}
	for _, b := range sharing.Bases(v.Direction) {
		label := basisWords(ctx, b.Code)
		if unsure(b.Code) {
			label += ". " + i18n.T(ctx, "sharing.basis.unsure")
		}
		all = append(all, ui.Option{Value: b.Code, Label: label})
	}
	return all
}

func (v formView) releasers() []ui.Option {
	var all []ui.Option
	for _, p := range v.Releasers {
		all = append(all, ui.Option{Value: p.ID.String(), Label: p.Name, Hint: p.Title})
	}
	return all
}
