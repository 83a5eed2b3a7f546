package forumpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/forum"
	"samspil/internal/sharing"
	"samspil/web/groundview"
	"samspil/web/page"
	"samspil/web/ui"
)

// releaseView is the form by which a protected fact is asked to be released to one seat, and what became of those before.
type releaseView struct {
	Before                 []forum.Released
	Releasers              []sharing.Releaser
	Key                    string
	Seat, Text, Asked, Why string
	before                 *[]forum.Released
	who                    *[]sharing.Releaser
	Ground                 groundview.View
	asked                  groundview.Asked
}

func (v *releaseView) ask(b *db.Batch, item uuid.UUID) {
	v.Key = uuid.NewString()
	v.asked = groundview.Ask(b)
	v.before, v.who = forum.ReleasedOf(b, item), sharing.Releasers(b)
}

// done takes what the database answered.
func (v *releaseView) done() { v.Before, v.Releasers = *v.before, *v.who }

func (v *releaseView) typed(f *page.Form) {
	v.Seat, v.Text, v.Asked, v.Why = f.Text("rel_seat"), f.Text("rel_text"), f.Text("asked"), f.Text("ask_reason")
	if key := f.Text("rel_key"); key != "" {
		v.Key = key
	}
}

func (h Handler) release(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := forum.ReleaseInput{Key: f.ID("rel_key"), Item: page.ID(r, "item"), Seat: f.ID("rel_seat"), Text: f.Text("rel_text"), AskedID: f.ID("asked"), AskReason: f.Text("ask_reason"), Ground: groundview.Read(f)}
	return h.small(w, r, f, "flash.forum.release", func(ctx context.Context, tx *db.Tx) ([]sharing.Finding, error) {
		return nil, forum.Release(ctx, tx, h.Keys, in)
	})
}

// mayRelease reports whether the reader may ask for a release: of a named item that seats have got.
func (v itemView) mayRelease() bool {
	return mayPut(v.View) && !v.I.Withdrawn && v.I.Naming == forum.Named && v.I.Given > 0
}

// tried reports whether the form has come back.
func (v itemView) tried() bool {
	return slices.ContainsFunc(slices.Concat([]string{"rel_seat", "rel_text", "asked", "ask_reason"}, groundview.Names), func(field string) bool { return v.Bad[field] != "" })
}

// itemFields are the names of the forms of an item in their order.
var itemFields = slices.Concat([]string{"what", "seat", "due", "words", "outcome", "state", "slices", "rel_seat", "rel_text"}, groundview.Names, []string{"asked", "ask_reason"})

// ground asks the compass about the chosen seat, or, before one is, about all that have got their slice.
func (v *itemView) ground(chosen sharing.Ground) {
	var all []sharing.To
	for _, s := range v.Seats {
		mine := s.UserID != nil && *s.UserID == v.Page.Actor.UserID
		if v.Slices[s.ID].GivenAt != nil && !mine && (v.Rel.Seat == "" || v.Rel.Seat == s.ID.String()) {
			all = append(all, toldAs(forum.Who{UserID: s.UserID, OrganisationID: s.OrganisationID, Organisation: s.Organisation, PartnerType: s.PartnerType, Name: s.Name}))
		}
	}
	v.Rel.Ground = v.Rel.asked.Of(v.Case, v.Now, all, chosen, v.Bad)
	v.Rel.Ground.To, v.Rel.Ground.Named = all, true // it is told to a colleague of the case as well
}

// ofSeat are the lines that are made out to a seat.
func (v releaseView) ofSeat(seat uuid.UUID) []forum.Released {
	var out []forum.Released
	for _, x := range v.Before {
		if x.SeatID == seat {
			out = append(out, x)
		}
	}
	return out
}

func releasers(list []sharing.Releaser) []ui.Option {
	var out []ui.Option
	for _, p := range list {
		out = append(out, ui.Option{Value: p.ID.String(), Label: p.Name, Hint: p.Title})
	}
	return out
}

// others are the seats that have got their slice, but for the reader's own.
func (v itemView) others(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, o := range v.given(ctx) {
		mine := false
		for _, s := range v.Seats {
			mine = mine || s.ID.String() == o.Value && s.UserID != nil && *s.UserID == v.Page.Actor.UserID
		}
		if !mine {
			out = append(out, o)
		}
	}
	return out
}
