package forumpages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/groundview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// itemsView are the items of a case, and the meetings that another can be put to.
type itemsView struct {
	caseframe.View
	Items  []forum.CaseItem
	Coming []forum.Meeting
}

func (h Handler) caseItems(w http.ResponseWriter, r *http.Request) error {
	var items *[]forum.CaseItem
	var coming *[]forum.Meeting
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) { items, coming = forum.CaseItems(b), forum.Coming(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, itemsPage(itemsView{frame, *items, *coming}))
}

// mayPut reports whether the reader may tell a table about the case.
func mayPut(v caseframe.View) bool { return v.May(actor.Write | actor.Addresses) }

// putView is the form of an item, with the ad-hoc meeting where it is for one.
type putView struct {
	caseframe.View
	M          *forum.Meeting // nil: a new ad-hoc meeting
	Seats      []forum.Seat
	Candidates []forum.Who

	Key, Frame, Day, Clock, Place string
	Replaces                      string // the item that this one is put instead of
	Naming, Title, Body           string
	Ground                        groundview.View
	asked                         groundview.Asked
	Who                           []string
	AnswerBy                      string
	Question, Only, OnlyText      string // of the ad-hoc form
	Extras, Questions             map[string]string
	Found                         []sharing.Finding
	Bad                           fault.Invalid
}

func (h Handler) readPut(w http.ResponseWriter, r *http.Request, adHoc bool) (putView, error) {
	v := putView{Key: uuid.NewString(), Clock: "9.00", Naming: forum.Anonymous, Extras: map[string]string{}, Questions: map[string]string{}}
	var m *forum.Meeting
	var old *forum.CaseItem
	var told *[]forum.Slice
	seats, all := &[]forum.Seat{}, &[]forum.Who{}
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		v.asked = groundview.Ask(b)
		if adHoc {
			all = forum.CaseCandidates(b)
			return
		}
		m, seats = forum.One(b, page.ID(r, "meeting")), forum.Seats(b, page.ID(r, "meeting"))
		if id, err := uuid.Parse(r.URL.Query().Get("ret")); err == nil && r.Method == http.MethodGet {
			old, told = forum.GetItem(b, id), forum.Slices(b, id)
		}
	})
	if err == nil && !mayPut(frame) {
		err = fault.Forbidden
	}
	if err != nil {
		return v, err
	}
	v.View, v.M, v.Candidates = frame, m, *all
	v.Seats = slices.DeleteFunc(*seats, func(s forum.Seat) bool { return s.UserID != nil && *s.UserID == frame.Page.Actor.UserID })
	if old != nil && old.MayBeCorrected() && old.MeetingID == m.ID {
		v.correct(*old, *told)
	}
	v.ground(v.Ground.Chosen)
	return v, nil
}

// correct fills the form with an item that is put again in other words.
func (v *putView) correct(old forum.CaseItem, told []forum.Slice) {
	v.Replaces, v.Naming, v.Title, v.Body = old.ID.String(), old.Naming, old.Title, old.Body
	v.Ground.Chosen = sharing.Ground{PurposeCode: old.PurposeCode, Purpose: old.Purpose, Consent: old.Consent}
	if old.Naming == forum.Named {
		v.Ground.Chosen.LegalBasis = old.Basis
	}
	if old.AnswerBy != nil {
		v.AnswerBy = i18n.FieldDate(*old.AnswerBy)
	}
	for _, s := range v.Seats {
		for _, l := range told {
			if l.SeatID == s.ID {
				v.Who = append(v.Who, s.Key())
				v.Extras[s.Key()], v.Questions[s.Key()] = l.Extra, l.Question
			}
		}
	}
}

// ground asks the compass about those who are ticked, or, before anybody is, about all who could be.
func (v *putView) ground(chosen sharing.Ground) {
	var all, ticked []sharing.To
	for _, s := range v.Seats {
		w := forum.Who{UserID: s.UserID, OrganisationID: s.OrganisationID, Organisation: s.Organisation, PartnerType: s.PartnerType, Name: s.Name}
		if all = append(all, toldAs(w)); v.ticked(s.Key()) {
			ticked = append(ticked, toldAs(w))
		}
	}
	for _, w := range v.Candidates {
		if all = append(all, toldAs(w)); v.ticked(w.Key()) {
			ticked = append(ticked, toldAs(w))
		}
	}
	if len(ticked) > 0 {
		all = ticked
	}
	v.Ground = v.asked.Of(v.Case, v.Now, all, chosen, v.Bad)
	v.Ground.Named = true
}

// toldAs is somebody at a table as the compass knows them.
func toldAs(w forum.Who) sharing.To {
	if w.UserID != nil {
		return sharing.To{UserID: *w.UserID, PartnerType: reference.Colleague, Name: w.Name}
	}
	return sharing.To{OrganisationID: *w.OrganisationID, PartnerType: w.PartnerType, Name: w.Organisation}
}

func (h Handler) showPut(w http.ResponseWriter, r *http.Request, adHoc bool) error {
	v, err := h.readPut(w, r, adHoc)
	if err != nil {
		return err
	}
	if v.M != nil && !v.M.ToCome() {
		return page.Redirect(w, r, link.CaseForum(v.Case.Ref))
	}
	return page.Render(w, r, http.StatusOK, putPage(v))
}

func (h Handler) newMeeting(w http.ResponseWriter, r *http.Request) error {
	return h.showPut(w, r, true)
}
func (h Handler) newItem(w http.ResponseWriter, r *http.Request) error { return h.showPut(w, r, false) }

// typed reads the form; the slices are those of the ticked, each with words of its own.
func (v *putView) typed(f *page.Form) forum.ItemInput {
	v.Key, v.Frame, v.Day, v.Clock, v.Place = f.Text("key"), f.Text("frame"), f.Text("day"), f.Text("clock"), f.Text("place")
	v.Naming, v.Title, v.Body = f.Text("naming"), f.Text("title"), f.Text("body")
	v.Who, v.Question, v.Only, v.OnlyText = f.Texts("who"), f.Text("question"), f.Text("only"), f.Text("only_text")
	v.AnswerBy, v.Replaces = f.Text("answer_by"), f.Text("replaces")
	in := forum.ItemInput{Replaces: f.ID("replaces"), AnswerBy: f.Date("answer_by"), Key: f.ID("key"), Naming: v.Naming, Title: v.Title, Body: v.Body, Ground: groundview.Read(f)}
	for _, k := range v.Who {
		w, ok := who(k)
		if !ok {
			continue
		}
		s := forum.SliceInput{Who: w, Question: v.Question, Extra: f.Text("extra." + k)}
		if q := f.Text("question." + k); q != "" {
			s.Question = q
		}
		if k == v.Only && v.OnlyText != "" {
			s.Extra = v.OnlyText
		}
		in.Slices = append(in.Slices, s)
	}
	return in
}

// lost refuses words for somebody who is not in the item: they would reach nobody, and whoever wrote them thinks that they did.
func (v putView) lost() error {
	bad := fault.Invalid{}
	bad.Check("only", v.OnlyText == "" || slices.Contains(v.Who, v.Only), "forum.error.only")
	for _, words := range []map[string]string{v.Extras, v.Questions} {
		for key, text := range words {
			bad.Check("slices", text == "" || slices.Contains(v.Who, key), "forum.error.not_in")
		}
	}
	return bad.Err()
}

// apart reads what was typed for each seat, also for one that is not ticked.
func (v *putView) apart(r *http.Request, f *page.Form) {
	v.Extras, v.Questions = map[string]string{}, map[string]string{}
	for name := range r.PostForm {
		if k, ok := strings.CutPrefix(name, "extra."); ok {
			v.Extras[k] = f.Text(name)
		}
		if k, ok := strings.CutPrefix(name, "question."); ok {
			v.Questions[k] = f.Text(name)
		}
	}
}

func (h Handler) callMeeting(w http.ResponseWriter, r *http.Request) error {
	return h.savePut(w, r, true)
}
func (h Handler) putItem(w http.ResponseWriter, r *http.Request) error { return h.savePut(w, r, false) }

func (h Handler) savePut(w http.ResponseWriter, r *http.Request, adHoc bool) error {
	f := page.ReadForm(r)
	var typed putView
	in := typed.typed(f)
	typed.apart(r, f)
	var id uuid.UUID
	var found []sharing.Finding
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := typed.lost(); err != nil {
			return f.With(err)
		}
		if !adHoc {
			in.MeetingID = page.ID(r, "meeting")
			id, found, err = forum.Put(ctx, tx, h.Keys, in)
			return f.With(err)
		}
		m := forum.MeetingInput{Frame: typed.Frame, Place: typed.Place, StartsAt: moment(f, "day", "clock")}
		for _, s := range in.Slices {
			m.Who = append(m.Who, s.Who)
		}
		id, found, err = forum.CallAbout(ctx, tx, h.Keys, m, in)
		return f.With(err)
	})
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case err == nil && len(found) == 0 && in.Naming == forum.Named:
		return page.Done(w, r, "flash.forum.waits", link.ForumItem(caseframe.Ref(r), id))
	case err == nil && len(found) == 0:
		return page.Done(w, r, "flash.forum.put", link.ForumItem(caseframe.Ref(r), id))
	}
	v, err := h.readPut(w, r, adHoc)
	if err != nil {
		return err
	}
	typed.View, typed.M, typed.Seats, typed.Candidates, typed.asked = v.View, v.M, v.Seats, v.Candidates, v.asked
	typed.Found, typed.Bad, typed.Page.Invalid = found, bad, true
	if typed.Bad == nil {
		typed.Bad = fault.Invalid{}
	}
	for _, hit := range found {
		typed.Bad[hit.Part] = "forum.error.protected"
	}
	typed.ground(groundview.Read(f))
	return page.Render(w, r, page.FormStatus(stale), putPage(typed))
}

// only are the choices of whom the words are for that one alone hears.
func (v putView) only(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "forum.only.none"), people(v.Candidates))
}

// asksNamed reports whether what only a named item is asked stands open.
func (v putView) asksNamed() bool {
	return v.Naming == forum.Named || slices.ContainsFunc(groundview.Names, func(field string) bool { return v.Bad[field] != "" })
}

// fields are the names of the form in their order.
var fields = slices.Concat([]string{"who", "day", "clock", "place", "frame", "naming", "title", "body"}, groundview.Names, []string{"slices", "question", "answer_by", "only"})

// action is where the form goes.
func (v putView) action() string {
	if v.M == nil {
		return link.CallMeeting(v.Case.Ref)
	}
	return link.PutItem(v.Case.Ref, v.M.ID)
}

// ticked reports whether a seat is in the item.
func (v putView) ticked(key string) bool { return slices.Contains(v.Who, key) }

// of is where somebody at the table comes from.
func of(s forum.Seat) string {
	if u := seatUnder(s); u != "" {
		return ", " + u
	}
	return ""
}

// save says what the button does.
func (v putView) save(ctx context.Context) string {
	if v.M == nil {
		return i18n.T(ctx, "forum.call.save")
	}
	return i18n.T(ctx, "forum.put.save")
}
