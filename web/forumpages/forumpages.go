// Package forumpages are the pages of the forum with the police and others: the meetings, a seat's own page and minutes, and the
// items of a case. What a seat sees is decided by the database; the pages ask for no more.
package forumpages

import (
	"context"
	"embed"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/forum"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/web/guestframe"
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

// Routes are the pages of whoever sits at a table.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		r.Get(link.Forum, page.Handle(h.list))
		r.Get(link.NewForum, page.Handle(h.newForum))
		r.Post(link.NewForum, page.Handle(h.makeForum))
		r.Get(link.Forum+"/{meeting}", page.Handle(h.meeting))
		r.Post(link.Forum+"/{meeting}/tavshed", page.Handle(h.promise))
		r.Post(link.Forum+"/{meeting}/fremmoede", page.Handle(h.attend))
		r.Post(link.Forum+"/{meeting}/link", page.Handle(h.invite))
		r.Post(link.Forum+"/{meeting}/kode", page.Handle(h.code))
		r.Post(link.Forum+"/{meeting}/plads", page.Handle(h.sit))
		r.Post(link.Forum+"/{meeting}/forlad", page.Handle(h.leave))
		r.Post(link.Forum+"/{meeting}/flyt", page.Handle(h.move))
		r.Post(link.Forum+"/{meeting}/slut", page.Handle(h.end))
		r.Post(link.Forum+"/{meeting}/opfoelgning", page.Handle(h.report))
		r.Get(link.Forum+"/{meeting}/punkter/ny", page.Handle(h.newTheme))
		r.Post(link.Forum+"/{meeting}/punkter/ny", page.Handle(h.putTheme))
		r.Get(link.Forum+"/{meeting}/punkter/{item}", page.Handle(h.told))
		r.Post(link.Forum+"/{meeting}/punkter/{item}", page.Handle(h.answer))
		r.Post(link.Forum+"/{meeting}/punkter/{item}/svar", page.Handle(h.themeAnswer))
		r.Post(link.Forum+"/{meeting}/punkter/{item}/beslut", page.Handle(h.decideTheme))
		r.Post(link.Forum+"/{meeting}/punkter/{item}/traek", page.Handle(h.withdrawTheme))
		r.Get(link.Forum+"/{meeting}/referat", page.Handle(h.minutes))
	})
}

// CaseRoutes are the items of a case, below its address.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/moede/ny", page.Handle(h.newMeeting))
	r.Post("/moede/ny", page.Handle(h.callMeeting))
	r.Get("/forum", page.Handle(h.caseItems))
	r.Get("/forum/ny/{meeting}", page.Handle(h.newItem))
	r.Post("/forum/ny/{meeting}", page.Handle(h.putItem))
	r.Get("/forum/{item}", page.Handle(h.item))
	r.Post("/forum/{item}/godkend", page.Handle(h.approve))
	r.Post("/forum/{item}/giv", page.Handle(h.give))
	r.Post("/forum/{item}/traek", page.Handle(h.withdraw))
	r.Post("/forum/{item}/svar", page.Handle(h.caseAnswer))
	r.Post("/forum/{item}/beslut", page.Handle(h.decide))
	r.Post("/forum/{item}/frigiv", page.Handle(h.release))
	r.Post("/forum/{item}/opfoelgning", page.Handle(h.caseReport))
}

// GuestRoutes are the forms of a seat behind the guest door, below the address of its link.
func (h Handler) GuestRoutes(r chi.Router, door guestframe.Door) {
	r.Post("/plads/tavshed", door.In(h.GuestPromise))
	r.Post("/plads/svar", door.In(h.GuestAnswer))
	r.Post("/plads/opfoelgning", door.In(h.GuestReport))
}

// meetingName is what a meeting is called: never after what it is about.
func meetingName(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "forum.adhoc")
	}
	return name
}

func when(ctx context.Context, at, now time.Time) string { return i18n.DateTime(ctx, at, now) }

// under115 reports whether retsplejeloven § 115 is the frame of a meeting.
func under115(frame string) bool { return frame != forum.Other }

// on115 reports whether it is the basis of an item.
func on115(basis string) bool { return strings.HasPrefix(basis, "RPL_115") }

// basisWords is a legal basis with its law.
func basisWords(ctx context.Context, code string) string {
	if b, ok := basisOf(code); ok {
		return b.Cited(ctx)
	}
	return code
}

func basisOf(code string) (reference.LegalBasis, bool) {
	for _, b := range reference.AllLegalBases() {
		if b.Code == code {
			return b, true
		}
	}
	return reference.LegalBasis{}, false
}

// unsure reports whether the reference data is not certain of a basis: a lawyer should look.
func unsure(code string) bool {
	b, _ := basisOf(code)
	return b.Unsure()
}

func personOf(name, title, organisation string, external bool, photo *uuid.UUID) ui.Person {
	return ui.Person{Name: name, Title: title, Org: organisation, External: external, PhotoURL: link.Photo(photo, "s")}
}

func seatPerson(s forum.Seat) ui.Person {
	return personOf(s.Name, s.Title, s.Organisation, s.External, s.PhotoID)
}

func seatUnder(s forum.Seat) string {
	if s.Organisation != "" {
		return s.Organisation
	}
	return s.Title
}

// people are those who may get a seat, as choices.
func people(list []forum.Who) []ui.Option {
	var all []ui.Option
	for _, w := range list {
		p := personOf(w.Name, w.Title, w.Organisation, w.External, w.PhotoID)
		o := ui.Option{Value: w.Key(), Label: w.Name, Hint: w.Title, Person: &p}
		if w.Organisation != "" {
			o.Hint = w.Organisation
		}
		all = append(all, o)
	}
	return all
}

// inFull says in one line of a list who somebody is: a first name alone is anybody.
func inFull(all []ui.Option) []ui.Option {
	for i, o := range all {
		if o.Hint != "" {
			all[i].Label += ", " + o.Hint
		}
	}
	return all
}

// tables are those who may get a seat in a standing forum, the likely ones first: police and SSP, colleagues, everybody else.
func tables(list []forum.Who) (police, colleagues, others []forum.Who) {
	for _, w := range list {
		switch {
		case w.UserID != nil:
			colleagues = append(colleagues, w)
		case slices.Contains(forum.AtEveryTable, w.PartnerType):
			police = append(police, w)
		default:
			others = append(others, w)
		}
	}
	return police, colleagues, others
}

// who reads somebody as a form posts them.
func who(key string) (forum.Who, bool) {
	kind, s, _ := strings.Cut(key, ":")
	id, err := uuid.Parse(s)
	switch {
	case err != nil:
	case kind == "user":
		return forum.Who{UserID: &id}, true
	case kind == "contact":
		return forum.Who{ContactID: &id}, true
	}
	return forum.Who{}, false
}

// moment puts the day and the clock of a form together; without a clock it is nine.
func moment(f *page.Form, day, clock string) time.Time {
	d := f.Date(day)
	if d.IsZero() {
		return time.Time{}
	}
	at, err := i18n.ParseClock(f.Text(clock))
	if err != nil {
		f.Refuse(clock, "error.time")
		return d
	}
	return time.Date(d.Year(), d.Month(), d.Day(), int(at.Hours()), int(at.Minutes())%60, 0, 0, i18n.Today(d).Location())
}

// stateTones are the colours of how a decision stands; the words say the same.
var stateTones = map[string]string{forum.Open: "ol", "done": "green", "not_possible": "amber", "not_done": "red"}

// reportable reports whether a decision is still to be followed up.
func reportable(a forum.Action) bool { return a.State != "done" }
