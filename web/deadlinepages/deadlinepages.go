// Package deadlinepages are the pages of deadlines: those of a case, with what they were computed from, and those that a municipality
// decides about itself, with its holidays.
package deadlinepages

import (
	"embed"
	"time"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the addresses of deadlines.
type Handler struct{ DB *db.DB }

// CaseRoutes are the pages below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/frister", page.Handle(h.list))
	r.Get("/frister/ny", page.Handle(h.newDeadline))
	r.Post("/frister/ny", page.Handle(h.start))
	r.Get("/frister/{deadline}", page.Handle(h.show))
	r.Post("/frister/{deadline}/holdt", page.Handle(h.meet))
	r.Post("/frister/{deadline}/aabn", page.Handle(h.reopen))
	r.Post("/frister/{deadline}/pause", page.Handle(h.pause))
	r.Post("/frister/{deadline}/genoptag", page.Handle(h.resume))
	r.Post("/frister/{deadline}/flyt", page.Handle(h.move))
	r.Post("/frister/{deadline}/bortfald", page.Handle(h.cancel))
	r.Get("/frister/{deadline}/start", page.Handle(h.editTrigger))
	r.Post("/frister/{deadline}/start", page.Handle(h.correctTrigger))
}

// Routes are the admin's pages.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Admin))
		r.Get(link.AdminDeadlines, page.Handle(h.admin))
		r.Post(link.OfficeHolidays, page.Handle(h.saveHolidays))
		r.Get(link.NewDeadlineRule, page.Handle(h.newRule))
		r.Post(link.NewDeadlineRule, page.Handle(h.saveRule))
		r.Get(link.AdminDeadlines+"/regel/{code}", page.Handle(h.editRule))
		r.Post(link.AdminDeadlines+"/regel/{code}", page.Handle(h.saveRule))
	})
}

// moment reads a date and, where the form has one, a time of day, as the fields name and name+"_time" hold them. A date alone is its first moment;
// needsTime refuses it.
func moment(f *page.Form, name string, needsTime bool) time.Time {
	day, text := f.Date(name), f.Text(name+"_time")
	if day.IsZero() {
		return day
	}
	if text == "" {
		if needsTime {
			f.Refuse(name+"_time", "error.time")
		}
		return day
	}
	clock, err := i18n.ParseClock(text)
	if err != nil {
		f.Refuse(name+"_time", "error.time")
		return day
	}
	y, m, d := day.In(i18n.Zone).Date()
	return time.Date(y, m, d, int(clock.Hours()), int(clock.Minutes())%60, 0, 0, i18n.Zone)
}
