package forumpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/web/link"
	"samspil/web/page"
)

// readTheme is the form of an item about no case: that of an item, without the case around it.
func (h Handler) readTheme(w http.ResponseWriter, r *http.Request) (putView, error) {
	m, err := h.readMeeting(w, r, false)
	if err != nil {
		return putView{}, err
	}
	if m.mine() == nil { // who does not sit at the table puts nothing on it
		return putView{}, fault.NotFound
	}
	v := putView{M: &m.M, Key: uuid.NewString()}
	v.Page, v.Now = m.Page, m.Now
	v.Seats = slices.DeleteFunc(m.Seats, func(s forum.Seat) bool { return s.ID == *m.M.MySeat })
	return v, nil
}

func (h Handler) newTheme(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readTheme(w, r)
	if err != nil {
		return err
	}
	if !v.M.ToCome() {
		return page.Redirect(w, r, link.Meeting(v.M.ID))
	}
	return page.Render(w, r, http.StatusOK, themePage(v))
}

func (h Handler) putTheme(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := page.ReadForm(r)
	v, err := h.readTheme(w, r)
	if err != nil {
		return err
	}
	in := v.typed(f)
	in.MeetingID = v.M.ID
	v.apart(r, f)
	var id uuid.UUID
	err = h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		id, err = forum.PutTheme(ctx, tx, in)
		return f.With(err)
	})
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case err == nil:
		return page.Done(w, r, "flash.forum.put", link.ToldItem(v.M.ID, id))
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, page.FormStatus(stale), themePage(v))
}

// themeView is what who put an item about no case sees of it beside their own slice.
type themeView struct {
	Seats           []forum.Seat
	Slices          map[uuid.UUID]forum.Slice
	Key             string
	What, Seat, Due string
	At              uuid.UUID // the seat whose answer was refused
	Outcome, Words  string
}

// mine reports whether the reader put the item, and it is about no case.
func (v toldView) own() bool { return v.T.Theme && v.T.PutByID == v.Page.Actor.UserID }

// ofTheme does what one of the forms of who put a theme asks for.
func (h Handler) ofTheme(w http.ResponseWriter, r *http.Request, f *page.Form, flash, to string, fn func(context.Context, *db.Tx) error) error {
	ctx := r.Context()
	v, err := h.readTold(w, r)
	if err == nil && !v.own() {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	err = h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return f.With(fn(ctx, tx)) })
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case err == nil:
		return page.Done(w, r, flash, to)
	}
	v.Theme.What, v.Theme.Seat, v.Theme.Due, v.Theme.At, v.Theme.Outcome, v.Theme.Words = f.Text("what"), f.Text("seat"), f.Text("due"), f.ID("at"), f.Text("outcome"), f.Text("words")
	if key := f.Text("key"); key != "" {
		v.Theme.Key = key
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, page.FormStatus(stale), toldPage(v))
}

func itemHere(r *http.Request) string {
	return link.ToldItem(page.ID(r, "meeting"), page.ID(r, "item"))
}

func (h Handler) themeAnswer(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.ofTheme(w, r, f, "flash.forum.answered", itemHere(r), func(ctx context.Context, tx *db.Tx) error {
		return forum.Say(ctx, tx, page.ID(r, "item"), f.ID("at"), f.Text("outcome"), f.Text("words"))
	})
}

func (h Handler) decideTheme(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := forum.DecisionInput{Key: f.ID("key"), Item: page.ID(r, "item"), What: f.Text("what"), Seat: f.ID("seat"), DueOn: f.Date("due")}
	return h.ofTheme(w, r, f, "flash.forum.decided_theme", itemHere(r), func(ctx context.Context, tx *db.Tx) error { return forum.DecideTheme(ctx, tx, in) })
}

func (h Handler) withdrawTheme(w http.ResponseWriter, r *http.Request) error {
	return h.ofTheme(w, r, page.ReadForm(r), "flash.forum.withdrawn", here(r), func(ctx context.Context, tx *db.Tx) error {
		return forum.WithdrawTheme(ctx, tx, page.ID(r, "item"))
	})
}
