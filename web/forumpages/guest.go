package forumpages

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/web/guestframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// guestView is the page of a seat whose contact person has no account.
type guestView struct {
	Page    ui.Page
	Now     time.Time
	Token   string
	S       forum.GuestSeat
	Items   []forum.GuestItem
	Actions []forum.GuestAction
	At      uuid.UUID // the item or the action whose form was refused
	Outcome string
	Words   string
	Bad     fault.Invalid
}

func (h Handler) readGuest(w http.ResponseWriter, r *http.Request, g db.Guest) (guestView, error) {
	v := guestView{Token: g.Token}
	var s *forum.GuestSeat
	var items *[]forum.GuestItem
	var actions *[]forum.GuestAction
	var words *[]forum.Sealed
	now, err := h.DB.ReadGuest(r.Context(), g, func(b *db.Batch) {
		s, items, actions = forum.AskGuest(b)
		words = forum.GuestWords(b)
	})
	if err != nil {
		return v, err
	}
	v.Page, v.Now, v.S, v.Items, v.Actions = guestframe.Page(w, r, "forum.meeting"), now, *s, *items, *actions
	released, err := forum.OpenWords(h.Keys, *words)
	for i, t := range v.Items {
		v.Items[i].Released = released[t.ID]
	}
	return v, err
}

// GuestSeat is the page of a seat behind the guest door.
func (h Handler) GuestSeat(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	v, err := h.readGuest(w, r, g)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, guestPage(v))
}

// inGuest does what one of the page's forms asks for.
func (h Handler) inGuest(w http.ResponseWriter, r *http.Request, g db.Guest, f *page.Form, do func(context.Context, *db.Tx) error) error {
	ctx := r.Context()
	err := h.DB.InGuest(ctx, g, func(tx *db.Tx) error { return do(ctx, tx) })
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if err == nil {
		return page.Redirect(w, r, link.Guest(g.Token))
	}
	v, err := h.readGuest(w, r, g)
	if err != nil {
		return err
	}
	v.At, v.Words, v.Bad, v.Page.Invalid = f.ID("at"), f.Text("words"), bad, true
	if v.Outcome = f.Text("outcome"); v.Outcome == "" {
		v.Outcome = f.Text("state")
	}
	return page.Render(w, r, page.FormStatus(stale), guestPage(v))
}

// GuestPromise is the tick of confidentiality.
func (h Handler) GuestPromise(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	return h.inGuest(w, r, g, page.ReadForm(r), forum.GuestPromise)
}

// GuestAnswer is what the seat answers.
func (h Handler) GuestAnswer(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	f := page.ReadForm(r)
	return h.inGuest(w, r, g, f, func(ctx context.Context, tx *db.Tx) error {
		return forum.GuestSay(ctx, tx, f.ID("at"), f.Text("outcome"), f.Text("words"))
	})
}

// GuestReport is how a decision went.
func (h Handler) GuestReport(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	f := page.ReadForm(r)
	return h.inGuest(w, r, g, f, func(ctx context.Context, tx *db.Tx) error {
		return forum.GuestReport(ctx, tx, f.ID("at"), f.Text("state"), f.Text("words"))
	})
}

// part are the decisions of this meeting, or of earlier ones.
func (v guestView) part(earlier bool) []forum.GuestAction {
	var out []forum.GuestAction
	for _, a := range v.Actions {
		if a.Earlier == earlier {
			out = append(out, a)
		}
	}
	return out
}

// toldGuest is an item in the shape that the parts of a page show.
func toldGuest(i forum.GuestItem) forum.Told {
	return forum.Told{Item: forum.Item{ID: i.ID, Naming: i.Naming, Title: i.Title, Body: i.Body, Basis: i.Basis, Purpose: i.Purpose, Consent: i.Consent, PutBy: i.PutBy},
		Slice: forum.Slice{Extra: i.Extra, Question: i.Question, Outcome: i.Outcome, Words: i.Words}, Released: i.Released}
}

func (h Handler) invite(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.do(w, r, f, "flash.forum.invited", here(r)+"#pladser", func(ctx context.Context, tx *db.Tx) error { return forum.Invite(ctx, tx, f.ID("seat")) })
}

// code shows a new code, once: it is read out on the number of the directory.
func (h Handler) code(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := page.ReadForm(r)
	v, err := h.readMeeting(w, r, true)
	if err != nil {
		return err
	}
	err = h.DB.InTx(ctx, v.Page.Actor, func(tx *db.Tx) (err error) { v.Code, err = forum.Code(ctx, tx, f.ID("seat")); return err })
	if _, stale, other := page.Refused(err); other != nil {
		return other
	} else if stale {
		v.Stale = true
		return page.Render(w, r, page.FormStatus(true), meetingPage(v))
	}
	for _, s := range v.Seats {
		if s.ID == f.ID("seat") {
			v.CodeFor = s
		}
	}
	return page.Render(w, r, http.StatusOK, meetingPage(v))
}

// apart are the decisions of a list that were not possible, or the others: the one is not the other.
func apart(list []forum.GuestAction, notPossible bool) []forum.GuestAction {
	var out []forum.GuestAction
	for _, a := range list {
		if (a.State == "not_possible") == notPossible {
			out = append(out, a)
		}
	}
	return out
}
