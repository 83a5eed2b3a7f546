// Package sparringpages are the pages on which a question is put to colleagues and partners, anonymous by default, and answered
// (R9; domain.md 1.7, 1.27). Below /sparring nobody opens a case: who is asked reads the anonymous text and nothing else.
package sparringpages

import (
	"context"
	"embed"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/sparring"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct {
	DB   *db.DB
	Keys keys.Keys
}

// Routes adds the pages for whoever is asked.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		r.Get(link.SparringInbox, page.Handle(h.inbox))
		r.Get(link.Learnings, page.Handle(h.learnings))
		r.Post(link.Learnings, page.Handle(h.learnings))
		r.Post(link.Learnings+"/{learning}", page.Handle(h.judge))
		r.Get(link.SparringInbox+"/{thread}", page.Handle(h.thread))
		r.Post(link.SparringInbox+"/{thread}", page.Handle(h.say))
	})
}

// CaseRoutes adds the pages of a case's questions.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/sparring", page.Handle(h.list))
	r.Get("/sparring/ny", page.Handle(h.newQuestion))
	r.Post("/sparring/ny", page.Handle(h.put))
	r.Post("/sparring/kladde", page.Handle(h.saveDraft))
	r.Post("/sparring/kladde/slet", page.Handle(h.discardDraft))
	r.Get("/sparring/{thread}", page.Handle(h.show))
	r.Post("/sparring/{thread}/svar", page.Handle(h.reply))
	r.Post("/sparring/{thread}/spoerg", page.Handle(h.ask))
	r.Post("/sparring/{thread}/navn", page.Handle(h.name))
	r.Post("/sparring/{thread}/slut", page.Handle(h.end))
	r.Post("/sparring/{thread}/laering", page.Handle(h.propose))
}

// state says in one word where a question stands, with the tone of the tag.
func state(ctx context.Context, t sparring.Thread) (words, tone string) {
	switch {
	case !t.Open() && t.Helped == "yes":
		return i18n.T(ctx, "sparring.helped.yes"), "green"
	case !t.Open():
		return i18n.T(ctx, "sparring.helped.no"), "ol"
	case t.Waits:
		return i18n.T(ctx, "sparring.state.you"), "amber"
	case t.Answered < t.Asked:
		return i18n.T(ctx, "sparring.state.waits"), "amber"
	}
	return i18n.T(ctx, "sparring.state.answered"), "blue"
}

// counted says how many of those who are asked have answered.
func counted(ctx context.Context, t sparring.Thread) string {
	return i18n.T(ctx, "sparring.counted", t.Answered, t.Asked)
}

// namedTag says whether a question has names.
func namedTag(ctx context.Context, t sparring.Thread) string {
	if t.Named != "" {
		return i18n.T(ctx, "sparring.named")
	}
	return i18n.T(ctx, "sparring.anonymous")
}

func namedTone(t sparring.Thread) string {
	if t.Named != "" {
		return "red"
	}
	return "ol"
}

// putter is who asks, as the parts show people.
func putter(t sparring.Thread) ui.Person {
	return ui.Person{Name: t.PutBy, Title: t.PutTitle, PhotoURL: link.Photo(t.PutPhoto, "s")}
}

// speaker is who said something. A partner whom the reader may not know of has no name.
func speaker(ctx context.Context, m sparring.Message) ui.Person {
	name := m.Who
	if name == "" {
		name = i18n.T(ctx, "sparring.partner")
	}
	return ui.Person{Name: name, Title: m.Title, External: m.External, PhotoURL: link.Photo(m.PhotoID, "s")}
}

// asked is somebody who is asked.
func asked(a sparring.Ask) ui.Person {
	p := ui.Person{Name: a.Name, Title: a.Title, Org: a.Organisation, External: a.External, PhotoURL: link.Photo(a.PhotoID, "s")}
	if a.ContactID != nil {
		p.Href = link.Contact(*a.ContactID)
	}
	return p
}

func askedUnder(a sparring.Ask) string {
	if a.Organisation != "" {
		return a.Organisation
	}
	return a.Title
}

// spoken says what kind of thing was said.
func spoken(ctx context.Context, m sparring.Message) string {
	words := i18n.T(ctx, "sparring.said."+m.Kind)
	if m.Heard {
		words += ", " + i18n.T(ctx, "sparring.heard", m.Author)
	}
	return words
}

// stops puts what was found beside its field.
func stops(found []sparring.Found, bad fault.Invalid) fault.Invalid {
	if len(found) == 0 {
		return bad
	}
	if bad == nil {
		bad = fault.Invalid{}
	}
	for _, f := range found {
		bad.Check(f.Field, false, "sparring.error.found")
	}
	return bad
}

// who reads whom a form asks.
func who(f *page.Form) sparring.Who {
	var w sparring.Who
	for _, key := range f.Texts("who") {
		whose, s, _ := strings.Cut(key, ":")
		id, err := uuid.Parse(s)
		switch {
		case err != nil:
		case whose == "user":
			w.Users = append(w.Users, id)
		case whose == "contact":
			w.Contacts = append(w.Contacts, id)
		}
	}
	return w
}
