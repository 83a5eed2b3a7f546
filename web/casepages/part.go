package casepages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// part is one partner's part in the case: to be changed, answered, or ended.
type part struct {
	caseframe.View
	Row      involvement.Involvement
	Contacts []involvement.Contact
	In       involvement.Part
	Version  int
	Refusal  string // why the partner said no, as typed
	Ending   string // why the part is over, as typed
	Bad      fault.Invalid
	Other    *ui.Conflict
}

func (h Handler) readPart(w http.ResponseWriter, r *http.Request) (part, error) {
	var now *involvement.Involvement
	var contacts *[]involvement.Contact
	id := page.ID(r, "part")
	frame, err := h.readForm(w, r, "network", func(b *db.Batch) { now, contacts = involvement.Get(b, id), involvement.Contacts(b, id) })
	if err != nil {
		return part{}, err
	}
	v := part{View: frame, Row: *now, Contacts: *contacts, Version: now.Version, In: involvement.Part{ResponsibleFor: now.ResponsibleFor, LegalBasis: now.LegalBasis}}
	if now.ContactID != nil {
		v.In.ContactID = *now.ContactID
	}
	return v, nil
}

func (h Handler) editPart(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPart(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, partPage(v))
}

func (h Handler) savePart(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := involvement.Part{ContactID: form.ID("contact"), ResponsibleFor: form.Text("responsible_for"), LegalBasis: form.Text("legal_basis")}
	return h.movePart(w, r, form, "flash.part_saved", func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
		return involvement.Change(ctx, tx, id, version, in)
	}, func(v *part) {
		if v.Other != nil {
			v.Other.Differ("involvement.part", v.In.ResponsibleFor, in.ResponsibleFor)
			v.Other.Differ("involvement.basis", basis(r.Context(), v.In.LegalBasis), basis(r.Context(), in.LegalBasis))
			v.Other.Differ("involvement.contact", v.contactName(r.Context(), v.In.ContactID), v.contactName(r.Context(), in.ContactID))
		}
		v.In = in
	})
}

func (h Handler) acceptPart(w http.ResponseWriter, r *http.Request) error {
	return h.movePart(w, r, page.ReadForm(r), "flash.part_accepted", involvement.Accept, func(*part) {})
}

func (h Handler) declinePart(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	reason := form.Text("refusal")
	return h.movePart(w, r, form, "flash.part_declined", leaving(involvement.Decline, reason), func(v *part) { v.Refusal, v.Bad = reason, renamed(v.Bad, "refusal") })
}

func (h Handler) endPart(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	reason := form.Text("ending")
	return h.movePart(w, r, form, "flash.part_ended", leaving(involvement.End, reason), func(v *part) { v.Ending, v.Bad = reason, renamed(v.Bad, "ending") })
}

// leaving notes that a partner says no or is done. Their open steps are nobody's then, and show as such.
func leaving(how func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, reason string) error, reason string) func(context.Context, *db.Tx, uuid.UUID, int) error {
	return func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
		if err := how(ctx, tx, id, version, reason); err != nil {
			return err
		}
		_, err := plan.Release(ctx, tx, id)
		return err
	}
}

// movePart makes one change to a part. Refused, or after somebody else's, the page comes back with what was typed.
func (h Handler) movePart(w http.ResponseWriter, r *http.Request, form *page.Form, flash string,
	do func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error, keep func(*part)) error {
	version := form.Int("version")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return do(ctx, tx, page.ID(r, "part"), version) })
	if err == nil {
		return page.Done(w, r, flash, link.Network(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readPart(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Page.Invalid = bad, true
	if stale {
		v.Other = &ui.Conflict{PII: true, Keep: link.Network(v.Case.Ref)}
	}
	keep(&v)
	return page.Render(w, r, page.FormStatus(stale), partPage(v))
}

// renamed says the refusal of a reason at the field of the form that asked for it.
func renamed(bad fault.Invalid, field string) fault.Invalid {
	if key := bad["reason"]; key != "" {
		return fault.Invalid{field: key}
	}
	return bad
}

// contactName names a contact person of the organisation.
func (v part) contactName(ctx context.Context, id uuid.UUID) string {
	for _, c := range v.Contacts {
		if c.ID == id {
			return c.Name
		}
	}
	return i18n.T(ctx, "involvement.contact.none")
}

func (v part) contactOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "involvement.contact.none")}}
	for _, c := range v.Contacts {
		o := ui.Option{Value: c.ID.String(), Label: c.Name}
		if c.Title != "" {
			o.Label += ", " + c.Title
		}
		all = append(all, o)
	}
	return all
}

// contactValue is the chosen contact person as the form holds it.
func (v part) contactValue() string {
	if v.In.ContactID == uuid.Nil {
		return ""
	}
	return v.In.ContactID.String()
}

func (v part) bases(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "involvement.basis.none")}}
	for _, b := range reference.AllLegalBases() {
		o := basisOption(ctx, b.Code)
		o.Label += " – " + o.Hint
		all = append(all, o)
	}
	return all
}
