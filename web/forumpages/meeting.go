package forumpages

import (
	"context"
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

// meetingView is a meeting as the reader's seat sees it.
type meetingView struct {
	Page       ui.Page
	Now        time.Time
	M          forum.Meeting
	Seats      []forum.Seat
	Items      []forum.Told
	Outlines   []forum.Outline
	Cases      []forum.CaseOf
	Last       []forum.Action
	Actions    []forum.Action
	Candidates []forum.Who
	Bad        fault.Invalid
	Stale      bool
	Invited    []uuid.UUID // seats of contact persons with an open link, for who leads
	Code       string      // to be read out, once
	CodeFor    forum.Seat  // whom to call
	At         uuid.UUID   // the action whose report was refused
	State      string
	Words      string
	Day, Clock string // in the form that moves it
}

func (h Handler) readMeeting(w http.ResponseWriter, r *http.Request, candidates bool, also ...func(*db.Batch)) (meetingView, error) {
	ctx := r.Context()
	id := page.ID(r, "meeting")
	v := meetingView{}
	var f *frame.Frame
	var m *forum.Meeting
	var seats *[]forum.Seat
	var items *[]forum.Told
	var outlines *[]forum.Outline
	var cases *[]forum.CaseOf
	var last, actions *[]forum.Action
	var invited *[]uuid.UUID
	all, words := &[]forum.Who{}, &[]forum.Sealed{}
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, m, seats = frame.Ask(b), forum.One(b, id), forum.Seats(b, id)
		forum.Look(b, id)
		words = forum.SeatWords(b, id)
		items, outlines, cases = forum.MyItems(b, id), forum.Outlines(b, id), forum.CasesOf(b, id)
		last, actions, invited = forum.LastTime(b, id), forum.Actions(b, id), forum.Invited(b, id)
		if candidates {
			all = forum.Candidates(b)
		}
		for _, fn := range also {
			fn(b)
		}
	})
	if err != nil {
		return v, err
	}
	v.Page, v.Now, v.M, v.Seats, v.Items, v.Outlines, v.Cases, v.Last, v.Actions = f.Page(w, r, i18n.T(ctx, "forum.meeting"), "forum"), now, *m, *seats, *items, *outlines, *cases, *last, *actions
	v.Invited, v.Day, v.Clock = *invited, i18n.FieldDate(m.StartsAt), m.StartsAt.In(i18n.Zone).Format("15.04")
	released, err := forum.OpenWords(h.Keys, *words)
	for i, t := range v.Items {
		v.Items[i].Released = released[t.ID]
	}
	if v.leads() {
		v.Candidates = slices.DeleteFunc(*all, func(w forum.Who) bool {
			return slices.ContainsFunc(v.Seats, func(s forum.Seat) bool { return s.Key() == w.Key() })
		})
	}
	return v, err
}

func (h Handler) meeting(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readMeeting(w, r, true)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, meetingPage(v))
}

// leads reports whether the reader leads the meeting.
func (v meetingView) leads() bool { return v.M.LedByID == v.Page.Actor.UserID }

// mine is the reader's seat.
func (v meetingView) mine() *forum.Seat {
	for i, s := range v.Seats {
		if v.M.MySeat != nil && s.ID == *v.M.MySeat {
			return &v.Seats[i]
		}
	}
	return nil
}

// promised reports whether the reader's seat has promised confidentiality, before which it sees no item.
func (v meetingView) promised() bool { m := v.mine(); return m != nil && m.PromisedAt != nil }

// agenda are the lines of the agenda: the reader's own items, and for who leads, a line without words for each of the others.
func (v meetingView) agenda() []line {
	var out []line
	seen := map[uuid.UUID]bool{}
	if v.leads() {
		for _, o := range v.Outlines {
			l := line{N: len(out) + 1, Seats: o.Seats}
			for i, t := range v.Items {
				if t.ID == o.ItemID {
					l.Told = &v.Items[i]
				}
			}
			seen[o.ItemID] = true
			out = append(out, l)
		}
	}
	for i, t := range v.Items {
		if !seen[t.ID] {
			out = append(out, line{N: len(out) + 1, Told: &v.Items[i]})
		}
	}
	return out
}

// line is one of the agenda.
type line struct {
	N     int
	Told  *forum.Told // nil: not the reader's
	Seats []uuid.UUID // who is in it, for who leads
}

// faces are the people of some seats.
func (v meetingView) faces(ids []uuid.UUID) []ui.Person {
	var all []ui.Person
	for _, s := range v.Seats {
		if slices.Contains(ids, s.ID) {
			all = append(all, seatPerson(s))
		}
	}
	return all
}

// caseOf leads to the case of an item, for whoever may open it.
func (v meetingView) caseOf(item uuid.UUID) string {
	for _, c := range v.Cases {
		if c.ItemID == item {
			return link.ForumItem(c.Ref, item)
		}
	}
	return ""
}

// asked reports whether a question waits for the reader's answer.
func asked(t forum.Told) bool { return t.Question != "" && t.Outcome == "" }

// notPossible are those of a list that could not be done; they stand apart from what was not done.
func notPossible(list []forum.Action, apart bool) []forum.Action {
	return slices.DeleteFunc(slices.Clone(list), func(a forum.Action) bool { return (a.State == "not_possible") != apart })
}

// do runs one act at the table and shows the meeting again where it is refused.
func (h Handler) do(w http.ResponseWriter, r *http.Request, f *page.Form, flash, to string, fn func(context.Context, *db.Tx) error) error {
	ctx := r.Context()
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return fn(ctx, tx) })
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if err == nil {
		return page.Done(w, r, flash, to)
	}
	v, err := h.readMeeting(w, r, true)
	if err != nil {
		return err
	}
	v.Bad, v.Stale, v.Page.Invalid, v.At, v.State, v.Words = bad, stale, len(bad) > 0, f.ID("action"), f.Text("state"), f.Text("words")
	if f.Text("from") != "" { // the form that moves it
		v.Day, v.Clock = f.Text("day"), f.Text("clock")
	}
	return page.Render(w, r, page.FormStatus(stale), meetingPage(v))
}

func here(r *http.Request) string { return link.Meeting(page.ID(r, "meeting")) }

func (h Handler) promise(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.do(w, r, f, "flash.forum.promised", here(r), func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, f.ID("seat")) })
}

func (h Handler) attend(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.do(w, r, f, "flash.forum.attended", here(r)+"#pladser", func(ctx context.Context, tx *db.Tx) error {
		seats := map[uuid.UUID]string{}
		for name := range r.PostForm {
			if id, err := uuid.Parse(name); err == nil {
				seats[id] = f.Text(name)
			}
		}
		return forum.Attend(ctx, tx, page.ID(r, "meeting"), seats)
	})
}

func (h Handler) sit(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.do(w, r, f, "flash.forum.sits", here(r)+"#pladser", func(ctx context.Context, tx *db.Tx) error {
		one, ok := who(f.Text("who"))
		if !ok {
			return fault.Invalid{"who": "forum.error.who"}
		}
		return forum.Sit(ctx, tx, page.ID(r, "meeting"), one)
	})
}

func (h Handler) leave(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.do(w, r, f, "flash.forum.left", here(r)+"#pladser", func(ctx context.Context, tx *db.Tx) error { return forum.Leave(ctx, tx, f.ID("seat")) })
}

func (h Handler) move(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	from, _ := time.Parse(time.RFC3339Nano, f.Text("from")) // a time that is none is not the one that stands
	to := moment(f, "day", "clock")
	return h.do(w, r, f, "flash.forum.moved", here(r), func(ctx context.Context, tx *db.Tx) error {
		return f.With(forum.Move(ctx, tx, page.ID(r, "meeting"), from, to))
	})
}

func (h Handler) end(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	flash, to := "flash.forum.held", link.Minutes(page.ID(r, "meeting"))
	if f.Text("state") == forum.Cancelled {
		flash, to = "flash.forum.cancelled", here(r)
	}
	return h.do(w, r, f, flash, to, func(ctx context.Context, tx *db.Tx) error {
		return forum.End(ctx, tx, page.ID(r, "meeting"), f.Text("state"))
	})
}

func (h Handler) report(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.do(w, r, f, "flash.forum.reported", here(r)+"#sidst", func(ctx context.Context, tx *db.Tx) error {
		return forum.Report(ctx, tx, f.ID("action"), f.Text("state"), f.Text("words"))
	})
}

func (h Handler) minutes(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readMeeting(w, r, false)
	if err != nil {
		return err
	}
	if v.mine() == nil {
		return fault.NotFound
	}
	for i := range v.Items { // what was released to the seat stands on its page, and in no minutes
		v.Items[i].Released = nil
	}
	return page.Render(w, r, http.StatusOK, minutesPage(v))
}

// absent reports whether the reader was not there: then the minutes hold only what waits for them.
func (v meetingView) absent() bool { m := v.mine(); return m != nil && m.Attendance == "absent" }

// actionsOf are the decisions of an item that the reader sees.
func (v meetingView) actionsOf(item uuid.UUID) []forum.Action {
	return slices.DeleteFunc(slices.Clone(v.Actions), func(a forum.Action) bool { return a.ItemID != item })
}
