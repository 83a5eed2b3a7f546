package casepages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// personForm is somebody around the citizen, new or to be changed.
type personForm struct {
	caseframe.View
	ID        uuid.UUID // zero for a new one
	In        casefile.PersonInput
	Born      string // as typed
	CPRMasked string
	Version   int
	Bad       fault.Invalid
	Other     *ui.Conflict
}

// path is where the form is posted.
func (v personForm) path() string {
	if v.ID == uuid.Nil {
		return newPersonPath(v.Case.Ref)
	}
	return personPath(v.Case.Ref, v.ID)
}

func (v personForm) title(ctx context.Context) string {
	if v.ID == uuid.Nil {
		return i18n.T(ctx, "person.new")
	}
	return i18n.T(ctx, "person.edit")
}

func (h Handler) newPerson(w http.ResponseWriter, r *http.Request) error {
	frame, err := h.readForm(w, r, "network", func(*db.Batch) {})
	if err != nil {
		return err
	}
	in := casefile.PersonInput{ConflictRole: "unknown", MayKnow: "unknown", MayContact: "ask"}
	return page.Render(w, r, http.StatusOK, personPage(personForm{View: frame, In: in}))
}

func (h Handler) editPerson(w http.ResponseWriter, r *http.Request) error {
	var p *casefile.Person
	frame, err := h.readForm(w, r, "network", func(b *db.Batch) { p = casefile.GetPerson(b, page.ID(r, "person")) })
	if err != nil {
		return err
	}
	in := casefile.PersonInput{Name: p.Name, Relation: p.Relation, ConflictRole: p.ConflictRole, MayKnow: p.MayKnow, MayContact: p.MayContact, Note: p.Note}
	return page.Render(w, r, http.StatusOK, personPage(personForm{View: frame, ID: p.ID, In: in, Born: fieldDate(p.Born), CPRMasked: p.CPRMasked, Version: p.Version}))
}

func readPerson(form *page.Form) casefile.PersonInput {
	return casefile.PersonInput{Name: form.Text("name"), Born: date(form.Date("born")), Relation: form.Text("relation"), ConflictRole: form.Text("conflict_role"),
		MayKnow: form.Text("may_know"), MayContact: form.Text("may_contact"), Note: form.Text("note"), CPR: form.Text("cpr")}
}

func (h Handler) addPerson(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := readPerson(form)
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := form.With(in.Validate(tx.Now)); err != nil {
			return err
		}
		_, err := casefile.AddPerson(ctx, tx, h.Keys, in)
		return err
	})
	if err == nil {
		return page.Done(w, r, "flash.person_added", link.Network(caseframe.Ref(r))+"#familie")
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	frame, err := h.readForm(w, r, "network", func(*db.Batch) {})
	if err != nil {
		return err
	}
	v := personForm{View: frame, In: in, Born: form.Text("born"), Bad: bad}
	v.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, personPage(v))
}

func (h Handler) savePerson(w http.ResponseWriter, r *http.Request) error {
	form, id := page.ReadForm(r), page.ID(r, "person")
	in, version := readPerson(form), form.Int("version")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := form.With(in.Validate(tx.Now)); err != nil {
			return err
		}
		return casefile.ChangePerson(ctx, tx, h.Keys, id, version, in)
	})
	if err == nil {
		return page.Done(w, r, "flash.person_saved", link.Network(caseframe.Ref(r))+"#familie")
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	var now *casefile.Person
	frame, err := h.readForm(w, r, "network", func(b *db.Batch) { now = casefile.GetPerson(b, id) })
	if err != nil {
		return err
	}
	v := personForm{View: frame, ID: id, In: in, Born: form.Text("born"), CPRMasked: now.CPRMasked, Version: version, Bad: bad}
	v.Page.Invalid = true
	if stale {
		v.Version, v.Other = now.Version, personConflict(r.Context(), *now, in, frame)
	}
	return page.Render(w, r, page.FormStatus(stale), personPage(v))
}

func personConflict(ctx context.Context, now casefile.Person, in casefile.PersonInput, v caseframe.View) *ui.Conflict {
	c := &ui.Conflict{PII: true, Keep: link.Network(v.Case.Ref) + "#familie"}
	c.Differ("person.name", now.Name, in.Name)
	c.Differ("person.relation", now.Relation, in.Relation)
	c.Differ("person.born", fieldDate(now.Born), fieldDate(in.Born))
	c.Differ("person.role", i18n.T(ctx, "role."+now.ConflictRole), i18n.T(ctx, "role."+in.ConflictRole))
	c.Differ("person.may_know", i18n.T(ctx, "may_know."+now.MayKnow), i18n.T(ctx, "may_know."+in.MayKnow))
	c.Differ("person.may_contact", i18n.T(ctx, "may_contact."+now.MayContact), i18n.T(ctx, "may_contact."+in.MayContact))
	c.Differ("person.note", now.Note, in.Note)
	return c
}
