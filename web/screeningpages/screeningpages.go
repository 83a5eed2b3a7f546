// Package screeningpages shows what has been seen and what it came to: the signs, the suggestions with their
// reasons and the screening, of a case and of a report of concern alike; and for admins the rules behind the suggestions.
package screeningpages

import (
	"context"
	"embed"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/screening"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages of signs and screening, and of the rules.
type Handler struct{ DB *db.DB }

// CaseRoutes are the pages below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) { site{h, screening.Case}.routes(r) }

// ReportRoutes are the same pages below the address of a report of concern.
func (h Handler) ReportRoutes(r chi.Router) { site{h, screening.Report}.routes(r) }

// AdminRoutes are the rules: data of the municipality, kept by its admins.
func (h Handler) AdminRoutes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.Rules, page.Handle(h.rules))
		r.Get(link.NewRule, page.Handle(h.newRule))
		r.Post(link.NewRule, page.Handle(h.addRule))
		r.Get(link.Rules+"/{rule}", page.Handle(h.editRule))
		r.Post(link.Rules+"/{rule}", page.Handle(h.saveRule))
	})
}

// site are the pages on one of the two things that are screened.
type site struct {
	Handler
	on screening.On
}

func (s site) routes(r chi.Router) {
	r.Get("/tegn", page.Handle(s.signs))
	r.Post("/tegn", page.Handle(s.noteSign))
	r.Post("/tegn/{sign}/udgaar", page.Handle(s.retireSign))
	r.Post("/tegn/forslag/{rule}", page.Handle(s.answer))
	r.Get("/screening", page.Handle(s.screening))
	r.Post("/screening", page.Handle(s.saveScreening))
}

// place is the page's frame: that of a case, or that of a report.
type place struct {
	Now    time.Time
	Rights actor.Rights
	Base   string // the address of the case or the report
	Number string
	file   *caseframe.View
	report *reportframe.View
}

func (p place) mayWrite() bool { return p.Rights.May(actor.Write) }

// onCase reports whether it is a case that is looked at.
func (p place) onCase() bool { return p.file != nil }

// refused makes the tab say that a form was not taken.
func (p place) refused() {
	if p.file != nil {
		p.file.Page.Invalid = true
	} else {
		p.report.Page.Invalid = true
	}
}

// read asks the questions of a page called title in one batch, and puts the frame around the answers.
func (s site) read(w http.ResponseWriter, r *http.Request, title string, queue func(*db.Batch)) (place, error) {
	title = i18n.T(r.Context(), title)
	if s.on == screening.Report {
		v, err := reportframe.Read(s.DB, w, r, "screening", queue)
		v.Page.Title = title + ", " + v.Page.Title
		return place{Now: v.Now, Rights: v.Rights, Base: link.Report(reportframe.Ref(r)), Number: v.Report.Number, report: &v}, err
	}
	v, err := caseframe.Read(s.DB, w, r, "overview", queue)
	v.Page.Title = title + ", " + v.Page.Title
	return place{Now: v.Now, Rights: v.Rights, Base: link.Case(v.Case.Ref), Number: v.Case.Number, file: &v}, err
}

// base is the address of what the request is about, for the redirects.
func (s site) base(r *http.Request) string {
	if s.on == screening.Report {
		return link.Report(reportframe.Ref(r))
	}
	return link.Case(caseframe.Ref(r))
}

// views are the two pages, to switch between.
func views(ctx context.Context, p place, active string) []ui.Chip {
	return []ui.Chip{{Text: i18n.T(ctx, "signs.title"), Href: link.Signs(p.Base), Current: active == "signs"},
		{Text: i18n.T(ctx, "screening.title"), Href: link.Screening(p.Base), Current: active == "screening"}}
}

// write changes the report or the case of the path, all of it or nothing.
func (s site) write(r *http.Request, fn func(*db.Tx) error) error {
	at := caseframe.At(r)
	if s.on == screening.Report {
		at = reportframe.At(r)
	}
	return s.DB.InCase(r.Context(), actor.From(r.Context()), at, fn)
}
