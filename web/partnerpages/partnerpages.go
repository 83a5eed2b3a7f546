// Package partnerpages are the pages of the partner directory: whom to call and in which order, the
// organisations and their people, proposals to correct them, and the forms with which the admin keeps it.
package partnerpages

import (
	"context"
	"embed"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct{ DB *db.DB }

// Routes adds the pages of the office.
func (h Handler) Routes(r chi.Router) {
	r.Get(link.Partners, page.Handle(h.directory))
	r.Get(link.Partners+"/organisationer/{id}", page.Handle(h.organisation))
	r.Get(link.Partners+"/personer/{id}", page.Handle(h.person))
	r.Get(link.Correct, page.Handle(h.showCorrect))
	r.Post(link.Correct, page.Handle(h.correct))
	r.Get("/billeder/{file}", page.Handle(h.photo))

	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.AdminPartners, page.Handle(h.admin))
		r.Get(link.NewPartner, page.Handle(h.newOrganisation))
		r.Post(link.NewPartner, page.Handle(h.addOrganisation))
		r.Get(link.AdminPartners+"/organisationer/{id}", page.Handle(h.editOrganisation))
		r.Post(link.AdminPartners+"/organisationer/{id}", page.Handle(h.changeOrganisation))
		r.Post(link.AdminPartners+"/organisationer/{id}/udgaar", page.Handle(h.retireOrganisation))
		r.Post(link.AdminPartners+"/organisationer/{id}/genoptag", page.Handle(h.restoreOrganisation))
		r.Get(link.AdminPartners+"/organisationer/{id}/personer/ny", page.Handle(h.newContact))
		r.Post(link.AdminPartners+"/organisationer/{id}/personer/ny", page.Handle(h.addContact))
		r.Get(link.AdminPartners+"/personer/{id}", page.Handle(h.editContact))
		r.Post(link.AdminPartners+"/personer/{id}", page.Handle(h.changeContact))
		r.Post(link.AdminPartners+"/personer/{id}/bekraeft", page.Handle(h.verifyContact))
		r.Post(link.AdminPartners+"/personer/{id}/kode", page.Handle(h.questionCode))
		r.Post(link.AdminPartners+"/personer/{id}/udgaar", page.Handle(h.retireContact))
		r.Post(link.AdminPartners+"/personer/{id}/genoptag", page.Handle(h.restoreContact))
		r.Get(link.AdminPartners+"/personer/{id}/billede", page.Handle(h.showPhotoForm))
		r.Post(link.AdminPartners+"/personer/{id}/billede", page.Handle(h.savePhoto))
		r.Post(link.AdminPartners+"/personer/{id}/billede/fjern", page.Handle(h.removePhoto))
		r.Get(link.Corrections, page.Handle(h.corrections))
		r.Post(link.Corrections+"/{id}", page.Handle(h.handleCorrection))
	})
}

// CaseRoutes adds the finder of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/hvem", page.Handle(h.caseCalls))
}

// me is who asks.
func me(r *http.Request) actor.Actor { return actor.From(r.Context()) }

// names are the codes of a person in the reader's words, for searching among them.
func names(ctx context.Context) func(partner.Callable) string {
	return func(c partner.Callable) string {
		words := []string{partnerview.TypeName(ctx, c.PartnerType)}
		for _, k := range c.Competences {
			words = append(words, partnerview.Competence(ctx, k))
		}
		return strings.Join(words, " ")
	}
}

// menu is where the admin's pages stand in the menu.
func menu(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, link.Admin) {
		return "admin"
	}
	return "partners"
}

// title names a page in the tab: never a person, "Kontaktperson".
func title(r *http.Request, key string) string { return i18n.T(r.Context(), key) }

// dutyText says when somebody is on call: what is written about it, else the hours.
func dutyText(ctx context.Context, c partner.Callable) string {
	if c.OnCallText != "" {
		return c.OnCallText
	}
	return partnerview.Week(ctx, c.Hours, partner.OnCall)
}

// join lists words with commas.
func join(words []string) string { return strings.Join(words, ", ") }
