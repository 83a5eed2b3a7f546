// Package absencepages are the pages of who is away and who stands in. They show cases by their number alone.
package absencepages

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/absence"
	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the addresses of absences.
type Handler struct{ DB *db.DB }

// Routes are the pages of the office.
func (h Handler) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead, actor.Admin))
		r.Get(link.Absences, page.Handle(h.list))
		r.Get(link.NewAbsence, page.Handle(h.newForm))
		r.Post(link.NewAbsence, page.Handle(h.state))
		r.Get(link.Absences+"/{absence}", page.Handle(h.show))
		r.Post(link.Absences+"/{absence}/svar", page.Handle(h.answer))
		r.Post(link.Absences+"/{absence}/slut", page.Handle(h.end))
	})
}

// listView are the absences that concern the reader.
type listView struct {
	Page ui.Page
	All  []absence.Absence
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var all *[]absence.Absence
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, all = frame.Ask(b), absence.All(b) }); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listPage(listView{f.Page(w, r, i18n.T(ctx, "absence.title"), "profile"), *all}))
}

// formView is an absence as it is typed.
type formView struct {
	Page                    ui.Page
	Key                     uuid.UUID
	User, StandIn, From, To string
	Me                      actor.Actor
	People, Deputies        []absence.Person
	Bad                     fault.Invalid
}

// chooses reports whether the reader may state an absence for somebody else.
func (v formView) chooses() bool { return len(v.People) > 0 }

func (v formView) users(ctx context.Context) []ui.Option {
	var o []ui.Option
	if v.Me.Role != actor.Admin {
		o = append(o, ui.Option{Value: v.Me.UserID.String(), Label: i18n.T(ctx, "absence.me")})
	} else {
		o = append(o, ui.Option{Label: i18n.T(ctx, "absence.choose")})
	}
	return append(o, options(v.People)...)
}

func (v formView) deputies(ctx context.Context) []ui.Option {
	list := slices.Clone(v.Deputies)
	if !v.chooses() { // nobody stands in for themself
		list = slices.DeleteFunc(list, func(p absence.Person) bool { return p.ID == v.Me.UserID })
	}
	return append([]ui.Option{{Label: i18n.T(ctx, "absence.choose")}}, options(list)...)
}

func options(people []absence.Person) []ui.Option {
	var o []ui.Option
	for _, p := range people {
		label := p.Name
		if p.Title != "" {
			label += ", " + p.Title
		}
		o = append(o, ui.Option{Value: p.ID.String(), Label: label})
	}
	return o
}

func (h Handler) form(w http.ResponseWriter, r *http.Request, status int, v formView) error {
	ctx := r.Context()
	var f *frame.Frame
	var people, deputies *[]absence.Person
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, people, deputies = frame.Ask(b), absence.People(b), absence.Deputies(b)
	}); err != nil {
		return err
	}
	v.Page, v.Me, v.People, v.Deputies = f.Page(w, r, i18n.T(ctx, "absence.new"), "profile"), actor.From(ctx), *people, *deputies
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, formPage(v))
}

func (h Handler) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.form(w, r, http.StatusOK, formView{Key: uuid.New()})
}

func (h Handler) state(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), page.ReadForm(r)
	v := formView{Key: f.ID("key"), User: f.Text("user"), StandIn: f.Text("stand_in"), From: f.Text("from"), To: f.Text("to")}
	if v.Key == uuid.Nil {
		v.Key = uuid.New()
	}
	in := absence.Input{User: f.ID("user"), StandIn: f.ID("stand_in"), From: f.Date("from"), To: f.Date("to")}
	if who := actor.From(ctx); v.User == "" && who.Role != actor.Admin {
		in.User = who.UserID
	}
	var made uuid.UUID
	bad, _, err := page.Refused(f.With(h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		made, err = absence.State(ctx, tx, v.Key, in)
		return err
	})))
	if err != nil {
		return err
	}
	if bad == nil {
		return page.Done(w, r, "flash.absence.stated", link.Absence(made))
	}
	v.Bad = bad
	return h.form(w, r, http.StatusUnprocessableEntity, v)
}

// view is one absence, with what of it is the reader's.
type view struct {
	Page       ui.Page
	A          absence.Absence
	Me         uuid.UUID
	Words      string
	Covered    []absence.Case
	NotCovered []absence.Case
	Happened   []absence.Happened
	Bad        fault.Invalid
}

// answers reports whether the reader is asked to stand in.
func (v view) answers() bool { return v.A.State == absence.Asked && v.A.StandIn == v.Me }

// ends reports whether the reader may end it: everybody who sees it, but the stand-in.
func (v view) ends() bool { return v.A.Runs() && (v.A.StandIn != v.Me || v.A.UserID == v.Me) }

// begun reports whether there is a time away to tell about.
func (v view) begun() bool { return i18n.Days(v.A.FromDay, time.Now()) <= 0 }

func (h Handler) read(w http.ResponseWriter, r *http.Request) (view, error) {
	ctx, id := r.Context(), page.ID(r, "absence")
	var f *frame.Frame
	var one *db.Found[absence.Absence]
	var covered, not *[]absence.Case
	var happened *[]absence.Happened
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, one, covered, not, happened = frame.Ask(b), absence.One(b, id), absence.Covered(b, id), absence.NotCovered(b, id), absence.WhileAway(b, id)
	}); err != nil {
		return view{}, err
	}
	if !one.OK {
		return view{}, fault.NotFound
	}
	return view{Page: f.Page(w, r, i18n.T(ctx, "absence.of", one.Row.Person), "profile"), A: one.Row, Me: actor.From(ctx).UserID, Covered: *covered, NotCovered: *not, Happened: *happened}, nil
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

func (h Handler) answer(w http.ResponseWriter, r *http.Request) error {
	ctx, f, id := r.Context(), page.ReadForm(r), page.ID(r, "absence")
	yes := f.Text("svar") == "ja"
	bad, stale, err := page.Refused(h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return absence.Answer(ctx, tx, id, yes, f.Text("words")) }))
	switch {
	case err != nil:
		return err
	case stale:
		page.Say(w, page.Flash{Key: "flash.absence.over", Warn: true})
		return page.Redirect(w, r, link.Absence(id))
	case bad == nil && yes:
		return page.Done(w, r, "flash.absence.accepted", link.Absence(id))
	case bad == nil:
		return page.Done(w, r, "flash.absence.declined", link.Absence(id))
	}
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Words, v.Page.Invalid = bad, f.Text("words"), true
	return page.Render(w, r, http.StatusUnprocessableEntity, onePage(v))
}

func (h Handler) end(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), page.ID(r, "absence")
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return absence.End(ctx, tx, id) }); err != nil {
		return err
	}
	return page.Done(w, r, "flash.absence.ended", link.Absence(id))
}

func days(ctx context.Context, a absence.Absence) string {
	return i18n.T(ctx, "absence.days", i18n.LongDate(ctx, a.FromDay), i18n.LongDate(ctx, a.ToDay))
}

func tone(state string) string {
	switch state {
	case absence.Accepted:
		return "green"
	case absence.Ended:
		return ""
	}
	return "amber"
}
