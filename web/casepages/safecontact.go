package casepages

import (
	"context"
	"net/http"

	"samspil/internal/actor"
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
	Rules   rulesTyped
	Aside   []casefile.Override // when the rules were set aside
	Version int
	Bad     fault.Invalid
	Other   *ui.Conflict
}

func (h Handler) editSafeContact(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readContact(w, r)
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return page.Render(w, r, http.StatusOK, asidePage(v))
	}
	v.In, v.Rules, v.Version = v.Case.SafeContact, typedRules(r.Context(), v.Case.ContactRules), v.Case.SafeContactVersion
	return page.Render(w, r, http.StatusOK, contactPage(v))
}

// readContact reads the rules, with when they were set aside. Who manages the case reads that too: a lead who was told of it looks why.
func (h Handler) readContact(w http.ResponseWriter, r *http.Request) (contactForm, error) {
	var aside *[]casefile.Override
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { aside = casefile.Overrides(b) })
	if err != nil {
		return contactForm{}, err
	}
	if !frame.May(actor.Write) && !frame.May(actor.Manage) {
		return contactForm{}, fault.Forbidden
	}
	return contactForm{View: frame, Aside: *aside}, nil
}

func (h Handler) saveSafeContact(w http.ResponseWriter, r *http.Request) error {
	form, ctx := page.ReadForm(r), r.Context()
	in := casefile.SafeContact{Policy: form.Text("policy"), Channel: form.Text("channel"), Hours: form.Text("hours"), Never: form.Text("never"), Cover: form.Text("cover")}
	version := form.Int("version")
	typed, rules, refused := readRules(form)
	for field, key := range refused {
		form.Refuse(field, key)
	}
	err := form.With(contactRefusal(in, rules, refused))
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			return casefile.ChangeSafeContact(ctx, tx, h.Keys, version, in, rules)
		})
	}
	if err == nil {
		return page.Done(w, r, "flash.safe_contact", link.Case(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readContact(w, r)
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	v.In, v.Rules, v.Version, v.Bad, v.Page.Invalid = in, typed, version, bad, true
	if stale {
		now := v.Case.SafeContact
		v.Version, v.Other = v.Case.SafeContactVersion, &ui.Conflict{PII: true, Keep: link.Case(v.Case.Ref)}
		v.Other.Differ("safecontact.rules", summary(ctx, v.Case.ContactRules), summary(ctx, rules))
		v.Other.Differ("safecontact.policy", reference.Name(ctx, reference.ContactPolicies, now.Policy), reference.Name(ctx, reference.ContactPolicies, in.Policy))
		v.Other.Differ("safecontact.never", now.Never, in.Never)
		v.Other.Differ("safecontact.channel", now.Channel, in.Channel)
		v.Other.Differ("safecontact.hours", now.Hours, in.Hours)
		v.Other.Differ("safecontact.cover", now.Cover, in.Cover)
	}
	return page.Render(w, r, page.FormStatus(stale), contactPage(v))
}

// contactRefusal is everything that is wrong with words and rules. What is wrong with a window has been said beside its own fields.
func contactRefusal(in casefile.SafeContact, rules casefile.ContactRules, said fault.Invalid) error {
	bad := fault.Invalid{}
	_, _ = bad.Merge("", in.Validate()), bad.Merge("", rules.Validate(in.Policy)) // an Invalid or nil
	if len(said) > 0 {
		delete(bad, "windows")
	}
	return bad.Err()
}
