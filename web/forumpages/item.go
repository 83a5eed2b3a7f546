package forumpages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/groundview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// itemView is an item as the people of its case see it: every slice of it.
type itemView struct {
	caseframe.View
	I       forum.CaseItem
	Seats   []forum.Seat
	Slices  map[uuid.UUID]forum.Slice
	Actions []forum.Action
	Key     string

	What, Seat, Due string
	Reaches         bool
	Words, State    string
	Outcome         string // of an answer that was written down
	Rel             releaseView
	At              uuid.UUID // the seat or the action of a small form that was refused
	Found           []sharing.Finding
	Bad             fault.Invalid
	Stale           bool
}

func (h Handler) readItem(w http.ResponseWriter, r *http.Request) (itemView, error) {
	v := itemView{Key: uuid.NewString(), Slices: map[uuid.UUID]forum.Slice{}}
	id := page.ID(r, "item")
	var i *forum.CaseItem
	var seats *[]forum.Seat
	var slices *[]forum.Slice
	var actions *[]forum.Action
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		v.Rel.ask(b, id)
		i, seats, slices, actions = forum.GetItem(b, id), forum.SeatsOf(b, id), forum.Slices(b, id), forum.ActionsOf(b, id)
	})
	if err != nil {
		return v, err
	}
	v.View, v.I, v.Seats, v.Actions = frame, *i, *seats, *actions
	v.Rel.done()
	for _, s := range *slices {
		v.Slices[s.SeatID] = s
	}
	v.ground(sharing.Ground{})
	return v, nil
}

func (h Handler) item(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readItem(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, itemPage(v))
}

// mayApprove reports whether the item waits for the reader.
func (v itemView) mayApprove() bool {
	return v.I.Waits() && plan.MayApprove(v.Page.Actor, v.Rights) && v.I.PutByID != v.Page.Actor.UserID
}

// mayGive reports whether the item is approved and somebody has not got their slice.
func (v itemView) mayGive() bool {
	return mayPut(v.View) && !v.I.Withdrawn && (v.I.Naming == forum.Anonymous || v.I.Outcome == "approved") && v.I.Given < len(v.Seats)
}

// given are those who may answer for a decision.
func (v itemView) given(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "forum.choose")}}
	for _, s := range v.Seats {
		if v.Slices[s.ID].GivenAt != nil && !s.Left {
			all = append(all, ui.Option{Value: s.ID.String(), Label: s.Name})
		}
	}
	return all
}

// state is where an item stands: its word and its colour.
func state(i forum.CaseItem) (key, tone string) {
	switch {
	case i.Withdrawn:
		return "forum.item.withdrawn", "ol"
	case i.Outcome == "returned":
		return "forum.item.returned", "red"
	case i.Waits():
		return "forum.item.waits", "amber"
	case i.Given == 0:
		return "forum.item.ready", "amber"
	case i.State == forum.Held:
		return "forum.item.held", "green"
	}
	return "forum.item.given", "blue"
}

// small does what one of the small forms asks for, and shows the item again where it is refused.
func (h Handler) small(w http.ResponseWriter, r *http.Request, f *page.Form, flash string, do func(context.Context, *db.Tx) ([]sharing.Finding, error)) error {
	var found []sharing.Finding
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := f.Err(); err != nil {
			return err
		}
		found, err = do(ctx, tx)
		return err
	})
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if err == nil && len(found) == 0 {
		return page.Done(w, r, flash, link.ForumItem(caseframe.Ref(r), page.ID(r, "item")))
	}
	v, err := h.readItem(w, r)
	if err != nil {
		return err
	}
	v.What, v.Seat, v.Due, v.Words, v.State, v.At = f.Text("what"), f.Text("seat"), f.Text("due"), f.Text("words"), f.Text("state"), f.ID("at")
	v.Reaches = f.Has("reaches")
	v.Outcome = f.Text("outcome")
	v.Rel.typed(f)
	if key := f.Text("key"); key != "" {
		v.Key = key
	}
	v.Found, v.Bad, v.Stale = found, bad, stale
	if v.Bad == nil {
		v.Bad = fault.Invalid{}
	}
	for _, hit := range found {
		v.Bad[hit.Part] = "forum.error.protected"
	}
	v.ground(groundview.Read(f))
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, page.FormStatus(stale), itemPage(v))
}

func (h Handler) approve(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	yes, flash := f.Text("outcome") == "approved", "flash.forum.approved"
	if !yes {
		flash = "flash.forum.returned"
	}
	return h.small(w, r, f, flash, func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return nil, forum.Approve(ctx, tx, page.ID(r, "item"), yes, f.Text("words"))
	})
}

func (h Handler) give(w http.ResponseWriter, r *http.Request) error {
	return h.small(w, r, page.ReadForm(r), "flash.forum.given", func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return forum.Give(ctx, tx, h.Keys, page.ID(r, "item"))
	})
}

func (h Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	return h.small(w, r, page.ReadForm(r), "flash.forum.withdrawn", func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return nil, forum.Withdraw(ctx, tx, page.ID(r, "item"))
	})
}

func (h Handler) caseAnswer(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.forum.answered", func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return nil, forum.Say(ctx, tx, page.ID(r, "item"), f.ID("at"), f.Text("outcome"), f.Text("words"))
	})
}

func (h Handler) decide(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := forum.DecisionInput{Key: f.ID("key"), Item: page.ID(r, "item"), What: f.Text("what"), Seat: f.ID("seat"), DueOn: f.Date("due"), Reaches: f.Has("reaches"), Harmless: f.Has("harmless")}
	return h.small(w, r, f, "flash.forum.decided", func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return forum.Decide(ctx, tx, h.Keys, in)
	})
}

func (h Handler) caseReport(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.forum.reported", func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return nil, forum.Report(ctx, tx, f.ID("at"), f.Text("state"), f.Text("words"))
	})
}

// asksReach reports whether the form of a decision asks if it reaches parents or network, as the form of a step does: wherever there is a
// gate (R1).
func (v itemView) asksReach() bool { return v.Case.Gate != casefile.GateNone }
