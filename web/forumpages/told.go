package forumpages

import (
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/web/link"
	"samspil/web/page"
)

// toldView is one item as the reader's seat sees it.
type toldView struct {
	meetingView
	T       forum.Told
	Outcome string
	Answer  string
	Theme   themeView // for who put an item about no case
}

func (h Handler) readTold(w http.ResponseWriter, r *http.Request) (toldView, error) {
	id := page.ID(r, "item")
	var seats *[]forum.Seat
	var all *[]forum.Slice
	v, err := h.readMeeting(w, r, false, func(b *db.Batch) { seats, all = forum.ThemeSlices(b, id) })
	if err != nil {
		return toldView{}, err
	}
	theme := themeView{Seats: *seats, Slices: map[uuid.UUID]forum.Slice{}, Key: uuid.NewString()}
	for _, s := range *all {
		theme.Slices[s.SeatID] = s
	}
	for _, t := range v.Items {
		if t.ID == id {
			return toldView{meetingView: v, T: t, Outcome: t.Outcome, Answer: t.Words, Theme: theme}, nil
		}
	}
	return toldView{}, fault.NotFound
}

func (h Handler) told(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readTold(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, toldPage(v))
}

func (h Handler) answer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := page.ReadForm(r)
	v, err := h.readTold(w, r)
	if err != nil {
		return err
	}
	err = h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error {
		return forum.Say(ctx, tx, v.T.ID, v.T.SeatID, f.Text("outcome"), f.Text("words"))
	})
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case err == nil:
		return page.Done(w, r, "flash.forum.answered", link.ToldItem(v.M.ID, v.T.ID))
	}
	v.Outcome, v.Answer, v.Bad, v.Page.Invalid = f.Text("outcome"), f.Text("words"), bad, true
	return page.Render(w, r, page.FormStatus(stale), toldPage(v))
}
