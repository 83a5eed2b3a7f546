package casepages

import (
	"context"
	"net/http"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// contactForm is how the citizen may be reached, to be changed.
type contactForm struct {
	caseframe.View
	In      casefile.SafeContact
	Version int
	Bad     fault.Invalid
	Other   *ui.Conflict
}

func (h Handler) editSafeContact(w http.ResponseWriter, r *http.Request) error {
	frame, err := h.readForm(w, r, "overview", func(*db.Batch) {})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, contactPage(contactForm{View: frame, In: frame.Case.SafeContact, Version: frame.Case.SafeContactVersion}))
}

func (h Handler) saveSafeContact(w http.ResponseWriter, r *http.Request) error {
	form, ctx := page.ReadForm(r), r.Context()
	in := casefile.SafeContact{Policy: form.Text("policy"), Channel: form.Text("channel"), Hours: form.Text("hours"), Never: form.Text("never"), Cover: form.Text("cover")}
	version := form.Int("version")
	err := form.With(in.Validate())
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return casefile.ChangeSafeContact(ctx, tx, version, in) })
	}
	if err == nil {
		return page.Done(w, r, "flash.safe_contact", link.Case(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	frame, err := h.readForm(w, r, "overview", func(*db.Batch) {})
	if err != nil {
		return err
	}
	v := contactForm{View: frame, In: in, Version: version, Bad: bad}
	v.Page.Invalid = true
	if stale {
		now := frame.Case.SafeContact
		v.Version, v.Other = frame.Case.SafeContactVersion, &ui.Conflict{PII: true, Keep: link.Case(frame.Case.Ref)}
		v.Other.Differ("safecontact.policy", reference.Name(ctx, reference.ContactPolicies, now.Policy), reference.Name(ctx, reference.ContactPolicies, in.Policy))
		v.Other.Differ("safecontact.never", now.Never, in.Never)
		v.Other.Differ("safecontact.channel", now.Channel, in.Channel)
		v.Other.Differ("safecontact.hours", now.Hours, in.Hours)
		v.Other.Differ("safecontact.cover", now.Cover, in.Cover)
	}
	return page.Render(w, r, page.FormStatus(stale), contactPage(v))
}
