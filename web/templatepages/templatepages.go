// Package templatepages are the pages on which an admin keeps the plan templates of the municipality, and the page of a case on which
// somebody chooses what to take up of a template that has changed since.
package templatepages

import (
	"embed"
	"net/http"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the addresses of templates.
type Handler struct{ DB *db.DB }

// AdminRoutes are the admin's pages.
func (h Handler) AdminRoutes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.Templates, page.Handle(h.list))
		r.Get(link.NewTemplate, page.Handle(h.newTemplate))
		r.Post(link.NewTemplate, page.Handle(h.add))
		r.Get(link.ImportTemplate, page.Handle(h.importForm))
		r.Post(link.ImportTemplate, page.Handle(h.takeIn))
		at := link.Templates + "/{template}"
		r.Get(at, page.Handle(h.show))
		r.Post(at, page.Handle(h.arrange))
		r.Get(at+"/om", page.Handle(h.about))
		r.Post(at+"/om", page.Handle(h.saveAbout))
		r.Get(at+"/fase/{piece}", page.Handle(h.phase))
		r.Post(at+"/fase/{piece}", page.Handle(h.savePhase))
		r.Get(at+"/trin/{piece}", page.Handle(h.step))
		r.Post(at+"/trin/{piece}", page.Handle(h.saveStep))
		r.Get(at+"/udgiv", page.Handle(h.preview))
		r.Post(at+"/udgiv", page.Handle(h.publish))
		r.Post(at+"/kasser", page.Handle(h.discard))
		r.Post(at+"/brug", page.Handle(h.retire))
		r.Get(at+"/sammenlign", page.Handle(h.compare))
		r.Get(at+"/eksport", page.Handle(h.export))
	})
}

// CaseRoutes are the pages below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/handlingsplan/skabelon", page.Handle(h.news))
	r.Post("/handlingsplan/skabelon", page.Handle(h.adopt))
}

// inDraft is how an address names the draft among the versions.
const inDraft = "kladde"

// newPart is how an address names a step or a phase that is not there yet.
const newPart = "ny"

// view is one template with everything that its pages show.
type view struct {
	Page     ui.Page
	Code     string
	Versions []template.Version // the newest first
	Draft    *template.Draft
	Retired  bool
	Bad      fault.Invalid
	Conflict *ui.Conflict
}

// Now is the template as an admin writes it: the draft, else its newest version.
func (v view) Now() reference.Template {
	if v.Draft != nil {
		return v.Draft.Content
	}
	return v.Versions[0].Content
}

// DraftVersion is what a form says of the draft that its reader saw; 0 for none.
func (v view) DraftVersion() int {
	if v.Draft == nil {
		return 0
	}
	return v.Draft.Version
}

// published is the version that plans begin from now; ok is false of a template that is only a draft.
func (v view) published() (template.Version, bool) {
	if len(v.Versions) == 0 {
		return template.Version{}, false
	}
	return v.Versions[0], true
}

// read asks for the template of the path.
func (h Handler) read(w http.ResponseWriter, r *http.Request) (view, error) {
	ctx, code := r.Context(), page.Param(r, "template")
	var f *frame.Frame
	var versions *[]template.Version
	var draft *db.Found[template.Draft]
	var retired *bool
	_, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, versions, draft, retired = frame.Ask(b), template.Versions(b, code), template.GetDraft(b, code), template.Retired(b, code)
	})
	if err != nil {
		return view{}, err
	}
	v := view{Code: code, Versions: *versions, Retired: *retired}
	if draft.OK {
		v.Draft = &draft.Row
	}
	if v.Draft == nil && len(v.Versions) == 0 {
		return view{}, fault.NotFound
	}
	v.Page = f.Page(w, r, v.Now().Name(ctx), "admin")
	return v, nil
}

// write runs one change in the admin's name. Refused fields, and that somebody was faster, are for the page.
func (h Handler) write(r *http.Request, fn func(tx *db.Tx) error) (bad fault.Invalid, stale bool, err error) {
	return page.Refused(h.DB.InTx(r.Context(), actor.From(r.Context()), fn))
}
