// Package guestpages are the two sides of a link to a partner without an account: the caseworker who sends it and reads the code
// out, and the partner who opens it.
package guestpages

import (
	"context"
	"embed"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/guest"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages.
type Handler struct {
	DB   *db.DB
	Keys keys.Keys
}

// CaseRoutes are the pages below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/netvaerk/{part}/link", page.Handle(h.links))
	r.Post("/netvaerk/{part}/link", page.Handle(h.send))
	r.Post("/netvaerk/{part}/link/{link}/kode", page.Handle(h.code))
	r.Post("/netvaerk/{part}/link/{link}/igen", page.Handle(h.again))
	r.Post("/netvaerk/{part}/link/{link}/traek", page.Handle(h.revoke))
	r.Post("/netvaerk/{part}/link/fil/{gfile}", page.Handle(h.file))
}

// linksView is what has been sent to a partner and what they said, and the form for another link.
type linksView struct {
	caseframe.View
	Part    involvement.Involvement
	Reach   db.Found[guest.Reach]
	Links   []guest.Link
	Answers []guest.Answer
	Files   []guest.File
	Steps   []guest.Step // the open ones of the partner
	Code    string       // that has just been given, for the link CodeOf
	CodeOf  uuid.UUID

	Key, Request, Text, LegalBasis, Purpose, Consent string
	Chosen                                           map[uuid.UUID]string // the steps that go along, as they are to be called
	Check                                            bool                 // it is shown as it will be seen
	Found                                            []sharing.Finding
	Bad                                              fault.Invalid
}

func (h Handler) read(w http.ResponseWriter, r *http.Request, v *linksView) error {
	id := page.ID(r, "part")
	var part *involvement.Involvement
	var reach *db.Found[guest.Reach]
	var links *[]guest.Link
	var answers *[]guest.Answer
	var steps *[]guest.Step
	var sealed *[]guest.SealedFile
	var caseID uuid.UUID
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		caseID = b.CaseID
		part, reach, links, answers, steps, sealed = involvement.Get(b, id), guest.ReachOf(b, id), guest.Links(b, id), guest.Answers(b, id), guest.Steps(b, id), guest.Files(b, id)
	})
	if err != nil {
		return err
	}
	v.View, v.Part, v.Reach, v.Links, v.Answers, v.Steps = frame, *part, *reach, *links, *answers, *steps
	if v.Key == "" {
		v.Key, v.LegalBasis = uuid.NewString(), part.LegalBasis
	}
	v.Files, err = guest.Names(h.Keys, caseID, *sealed)
	return err
}

// MaySend reports whether the reader may send a link: they write in the case, and read what must not leave it.
func (v linksView) MaySend() bool {
	return v.May(actor.Write|actor.Addresses) && !v.Case.Closed() && v.Part.Live() && v.Part.ContactID != nil
}

// writes reports whether the reader may give codes and revoke.
func (v linksView) writes() bool { return v.May(actor.Write) && !v.Case.Closed() }

func (h Handler) links(w http.ResponseWriter, r *http.Request) error {
	var v linksView
	if err := h.read(w, r, &v); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, linksPage(v))
}

func (h Handler) send(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	v := linksView{Key: f.Text("key"), Request: f.Text("request"), Text: f.Text("text"), LegalBasis: f.Text("legal_basis"), Purpose: f.Text("purpose"), Consent: f.Text("consent"), Chosen: map[uuid.UUID]string{}}
	in := guest.Input{Key: f.ID("key"), Part: page.ID(r, "part"), What: i18n.T(r.Context(), "guestlink.what"), Request: v.Request, Text: v.Text, LegalBasis: v.LegalBasis, Purpose: v.Purpose, Consent: v.Consent}
	for _, id := range f.IDs("step") {
		v.Chosen[id] = f.Text("title-" + id.String())
		in.Steps = append(in.Steps, guest.Step{ID: id, Title: v.Chosen[id]})
	}
	confirmed := f.Has("confirmed")
	var out guest.Sent
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if out, err = guest.Send(ctx, tx, h.Keys, in); err == nil && len(out.Found) == 0 && !confirmed {
			return errCheck // nothing of it stands
		}
		return err
	})
	if err == errCheck && !f.Has("change") {
		v.Check = true
		if err := h.read(w, r, &v); err != nil {
			return err
		}
		return page.Render(w, r, http.StatusOK, linksPage(v))
	} else if err == errCheck {
		err = nil
	} else if bad, _, other := page.Refused(err); other != nil {
		return other
	} else if bad == nil && out.ID != uuid.Nil {
		return page.Done(w, r, "flash.guest_sent", link.GuestLinks(caseframe.Ref(r), in.Part))
	} else if v.Found, v.Bad = out.Found, bad; bad == nil {
		v.Bad = fault.Invalid{"text": "sharing.error.hit"}
	}
	if err := h.read(w, r, &v); err != nil {
		return err
	}
	v.Page.Invalid = len(v.Bad) > 0
	status := http.StatusOK
	if len(v.Bad) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, linksPage(v))
}

// errCheck takes a transaction back in which everything was tried that sending does.
var errCheck = fmt.Errorf("to be checked first")

// code shows a new code, this once. Asked for again, it is another one.
func (h Handler) code(w http.ResponseWriter, r *http.Request) error {
	v := linksView{CodeOf: page.ID(r, "link")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		v.Code, err = guest.Code(ctx, tx, v.CodeOf)
		return err
	})
	if err != nil {
		return err
	}
	if v.Code == "" {
		return fault.NotFound
	}
	if err := h.read(w, r, &v); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, linksPage(v))
}

func (h Handler) again(w http.ResponseWriter, r *http.Request) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		_, err := guest.Again(ctx, tx, page.ID(r, "part"), page.ID(r, "link"))
		return err
	})
	if db.Violates(err, "guest_has_mail") {
		page.Say(w, page.Flash{Key: "flash.guest_mail", Warn: true})
		return page.Redirect(w, r, link.GuestLinks(caseframe.Ref(r), page.ID(r, "part")))
	} else if err != nil {
		return err
	}
	return page.Done(w, r, "flash.guest_sent", link.GuestLinks(caseframe.Ref(r), page.ID(r, "part")))
}

func (h Handler) revoke(w http.ResponseWriter, r *http.Request) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return guest.Revoke(ctx, tx, page.ID(r, "link")) })
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.guest_revoked", link.GuestLinks(caseframe.Ref(r), page.ID(r, "part")))
}

// types are what browsers are told of a file.
var types = map[string]string{"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "txt": "text/plain; charset=utf-8", "jpg": "image/jpeg", "png": "image/png"}

// file hands a file out, to be kept and not to be shown. It is asked for by a form, so no link on another site does it.
func (h Handler) file(w http.ResponseWriter, r *http.Request) error {
	var name, content string
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		name, content, err = guest.ReadFile(ctx, tx, h.Keys, page.ID(r, "gfile"))
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Type", types[name[strings.LastIndex(name, ".")+1:]])
	_, _ = w.Write([]byte(content)) // the reader may be gone
	return nil
}

// hidden carries what was typed along to the check.
func (v linksView) hidden() map[string]string {
	m := map[string]string{"key": v.Key, "request": v.Request, "text": v.Text, "legal_basis": v.LegalBasis, "purpose": v.Purpose, "consent": v.Consent}
	for id, title := range v.Chosen {
		m["title-"+id.String()] = title
	}
	return m
}

// titles are the steps that go along, in the order of the plan.
func (v linksView) titles() []string {
	var list []string
	for _, s := range v.Steps {
		if title, ok := v.Chosen[s.ID]; ok {
			list = append(list, title)
		}
	}
	return list
}

// title is what a step is to be called.
func (v linksView) title(s guest.Step) string {
	if t, ok := v.Chosen[s.ID]; ok {
		return t
	}
	return s.Title
}

// body is the request and what is told, as they will be seen.
func (v linksView) body() string {
	body, _ := guest.Parse(guest.Compose(v.Request, v.Text, nil))
	return body
}

func bases(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "sharing.choose")}}
	for _, b := range sharing.Bases(sharing.Out) {
		o := ui.Option{Value: b.Code, Label: b.Cited(ctx)}
		if b.Unsure() {
			o.Label += ". " + i18n.T(ctx, "sharing.basis.unsure")
		}
		all = append(all, o)
	}
	return all
}

// tones are the colours of a link's state.
var tones = map[string]string{"answered": "g", "opened": "b", "sent": "v", "waits": "", "revoked": "", "expired": "", "over": ""}

// fields are the names of the form in their order.
var fields = []string{"to", "request", "text", "steps", "legal_basis", "purpose", "consent", "what"}

// basisName is a legal basis in words.
func basisName(ctx context.Context, code string) string {
	return reference.Name(ctx, reference.LegalBases, code)
}

// chosen reports whether a step goes along.
func (v linksView) chosen(s guest.Step) bool { _, ok := v.Chosen[s.ID]; return ok }

// name is the contact person of the part, or the organisation.
func name(v linksView) string {
	if v.Part.Contact != "" {
		return v.Part.Contact
	}
	return v.Part.Organisation
}

// size is how large a file is, as people say it.
func size(ctx context.Context, bytes int) string {
	return i18n.Number(ctx, max(1, (bytes+1023)/1024)) + " KB"
}
