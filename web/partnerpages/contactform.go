package partnerpages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// contactForm is the form of a contact person, new or known.
type contactForm struct {
	Page     ui.Page
	Now      time.Time
	OrgID    uuid.UUID
	OrgName  string
	Saved    partner.Callable // zero: new
	Version  int
	In       partner.ContactInput
	Bad      fault.Invalid
	Conflict *ui.Conflict
	StandIns []ui.Option
	Skills   []ui.Option
}

func (v contactForm) isNew() bool { return v.Saved.ContactID == uuid.Nil }

func (v contactForm) action() string {
	if v.isNew() {
		return link.NewContact(v.OrgID)
	}
	return link.EditContact(v.Saved.ContactID)
}

func (v contactForm) back() string {
	if v.isNew() {
		return link.Organisation(v.OrgID)
	}
	return link.Contact(v.Saved.ContactID)
}

func readContact(f *page.Form) partner.ContactInput {
	in := partner.ContactInput{
		Name: f.Text("name"), FirstNameOnly: f.Has("first_name_only"), Title: f.Text("title"), Note: f.Text("note"),
		Phone: f.Text("phone"), Mobile: f.Text("mobile"), SecureMail: f.Text("secure_mail"), Lang: f.Text("lang"), Languages: words(f.Text("languages")), Competences: f.Texts("competences"),
		OnCallText: f.Text("on_call_text"), StandInID: f.ID("stand_in"), Verified: f.Has("verified"),
	}
	for i := range 7 {
		in.Regular[i], in.OnCall[i] = f.Text(fmt.Sprintf("regular_%d", i+1)), f.Text(fmt.Sprintf("on_call_%d", i+1))
	}
	return in
}

// langs are the languages in which the program writes.
func langs(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, l := range i18n.Languages {
		list = append(list, ui.Option{Value: l, Label: i18n.T(ctx, "partner.lang."+l)})
	}
	return list
}

// langOr is the language, or for somebody new the first.
func langOr(lang string) string {
	if lang == "" {
		return i18n.Languages[0]
	}
	return lang
}

// words splits a list that was typed: "dansk, arabisk og farsi".
func words(text string) []string {
	list := []string{}
	for _, w := range strings.Split(strings.ReplaceAll(text, " og ", ","), ",") {
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" {
			list = append(list, w)
		}
	}
	return list
}

func (h Handler) newContact(w http.ResponseWriter, r *http.Request) error {
	return h.contactForm(w, r, http.StatusOK, contactForm{OrgID: page.ID(r, "id")}, uuid.Nil)
}

func (h Handler) addContact(w http.ResponseWriter, r *http.Request) error {
	org, in := page.ID(r, "id"), readContact(page.ReadForm(r))
	var id uuid.UUID
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) (err error) {
		id, err = partner.AddContact(r.Context(), tx, org, in)
		return err
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.contactForm(w, r, http.StatusUnprocessableEntity, contactForm{OrgID: org, In: in, Bad: bad}, uuid.Nil)
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.contact.added", link.Contact(id))
}

func (h Handler) editContact(w http.ResponseWriter, r *http.Request) error {
	return h.contactForm(w, r, http.StatusOK, contactForm{}, page.ID(r, "id"))
}

func (h Handler) changeContact(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "id")
	in, version := readContact(f), versioned(f)
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) error { return partner.ChangeContact(r.Context(), tx, id, version, in) })
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.contactForm(w, r, http.StatusUnprocessableEntity, contactForm{In: in, Version: version, Bad: bad}, id)
	case errors.Is(err, fault.Stale):
		_ = in.Validate() // valid, or it would have been refused: brings numbers and hours into one form to compare them
		return h.contactForm(w, r, http.StatusConflict, contactForm{In: in, Conflict: &ui.Conflict{}}, id)
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.directory.saved", link.Contact(id))
}

// contactForm shows the form: with what is saved, or with what was typed where it was refused.
func (h Handler) contactForm(w http.ResponseWriter, r *http.Request, status int, v contactForm, id uuid.UUID) error {
	ctx := r.Context()
	var f *frame.Frame
	var people *[]partner.Callable
	var orgs *[]partner.Organisation
	now, err := h.DB.Read(ctx, me(r), func(b *db.Batch) {
		f, people, orgs = frame.Ask(b), partner.Callables(b, partner.Query{Retired: true}), partner.Organisations(b)
	})
	if err != nil {
		return err
	}
	v.Now = now
	if id != uuid.Nil {
		saved, ok := byID(*people, id)
		if !ok {
			return fault.NotFound
		}
		v.Saved, v.OrgID = saved, saved.OrganisationID
	}
	for _, o := range *orgs {
		if o.ID == v.OrgID {
			v.OrgName = o.Name
		}
	}
	if v.OrgName == "" {
		return fault.NotFound
	}
	v.Page = f.Page(w, r, title(r, "contactform.title"), menu(r))
	v.Page.Invalid = len(v.Bad) > 0
	switch {
	case v.Conflict != nil:
		v.Conflict, v.Version = conflicts(ctx, v.In.Facts(), v.Saved.Input().Facts(), *people, v.back()), v.Saved.Version
	case status == http.StatusOK && !v.isNew():
		v.In, v.Version = v.Saved.Input(), v.Saved.Version
	}
	v.StandIns = standIns(ctx, *people, v.OrgID, id)
	for _, k := range partner.Competences {
		v.Skills = append(v.Skills, ui.Option{Value: k, Label: partnerview.Competence(ctx, k)})
	}
	return page.Render(w, r, status, contactFormPage(v))
}

// standIns are those who may answer instead: colleagues first, then everybody else.
func standIns(ctx context.Context, people []partner.Callable, org, self uuid.UUID) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "contactform.nobody")}}
	for _, same := range []bool{true, false} {
		for _, c := range people {
			if c.Active && c.ContactID != self && (c.OrganisationID == org) == same {
				options = append(options, ui.Option{Value: c.ContactID.String(), Label: c.Name + ", " + c.Organisation})
			}
		}
	}
	return options
}

func (h Handler) verifyContact(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "flash.contact.verified", link.Contact(page.ID(r, "id")), partner.Verify)
}

func (h Handler) retireContact(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "flash.contact.retired", link.Contact(page.ID(r, "id")), func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
		return partner.RetireContact(ctx, tx, id, version, true)
	})
}

func (h Handler) restoreContact(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "flash.contact.restored", link.Contact(page.ID(r, "id")), func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
		return partner.RetireContact(ctx, tx, id, version, false)
	})
}
