package forumpages

import (
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView are the meetings that the reader has to do with.
type listView struct {
	Page     ui.Page
	Now      time.Time
	Forums   []forum.Forum
	Meetings []forum.Meeting
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var forums *[]forum.Forum
	var meetings *[]forum.Meeting
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, forums, meetings = frame.Ask(b), forum.Forums(b), forum.Meetings(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listPage(listView{f.Page(w, r, i18n.T(ctx, "forum.title"), "forum"), now, *forums, *meetings}))
}

// part are the meetings to come, or those that are over.
func (v listView) part(toCome bool) []forum.Meeting {
	return slices.DeleteFunc(slices.Clone(v.Meetings), func(m forum.Meeting) bool { return m.ToCome() != toCome })
}

// forumView is the form of a standing forum.
type forumView struct {
	Page                                              ui.Page
	Key, Name, Frame, Rhythm, Day, Clock, Place, Note string
	Who                                               []string
	Candidates                                        []forum.Who
	Bad                                               fault.Invalid
}

func (h Handler) readForum(w http.ResponseWriter, r *http.Request) (forumView, error) {
	ctx := r.Context()
	var f *frame.Frame
	var all *[]forum.Who
	_, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, all = frame.Ask(b), forum.Candidates(b) })
	if err != nil {
		return forumView{}, err
	}
	return forumView{Page: f.Page(w, r, i18n.T(ctx, "forum.new"), "forum"), Key: uuid.NewString(), Clock: "13.00", Candidates: *all}, nil
}

func (h Handler) newForum(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readForum(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, forumPage(v))
}

func (h Handler) makeForum(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := page.ReadForm(r)
	in := forum.ForumInput{Name: f.Text("name"), Frame: f.Text("frame"), Rhythm: f.Text("rhythm")}
	first := forum.MeetingInput{StartsAt: moment(f, "day", "clock"), Place: f.Text("place")}
	for _, k := range f.Texts("who") {
		if w, ok := who(k); ok {
			first.Who = append(first.Who, w)
		}
	}
	var id uuid.UUID
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		id, err = forum.Make(ctx, tx, f.ID("key"), in, first)
		return f.With(err)
	})
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case err == nil:
		return page.Done(w, r, "flash.forum.made", link.Meeting(id))
	}
	v, err := h.readForum(w, r)
	if err != nil {
		return err
	}
	v.Key, v.Name, v.Frame, v.Rhythm, v.Day, v.Clock, v.Place, v.Who = f.Text("key"), in.Name, in.Frame, in.Rhythm, f.Text("day"), f.Text("clock"), f.Text("place"), f.Texts("who")
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, page.FormStatus(stale), forumPage(v))
}
