package forum_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
)

// Behind the guest door a seat sees its slice and no other, after the promise, and reads no table; what it says stands as the
// contact person's.
func TestAGuestSeatSeesItsSliceAlone(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	other := x.Partner(t, "crisis_centre", "Birkely", "Line Overgaard")
	x.Exec(t, `INSERT INTO app.forum_seat (meeting_id, contact_id, added_by) VALUES ($1, $2, $3)`, x.meeting, other.ID, x.Sara.UserID)
	line := forum.Who{ContactID: &other.ID}
	mine := x.mustPut(x.item("Sag A", forum.SliceInput{Who: x.officer(), Question: "Har I noget?"}, forum.SliceInput{Who: line, Extra: "Kun til Line"}))
	theirs := x.mustPut(x.item("Sag B", forum.SliceInput{Who: line}))
	g := x.EnterGuest(t, x.GuestLink(t, uuid.Nil, x.police.ID, "seat", x.officerSeat()))
	sees := func() (out string) {
		var items *[]forum.GuestItem
		_, err := x.DB.ReadGuest(t.Context(), g, func(b *db.Batch) { _, items, _ = forum.AskGuest(b) })
		x.must(err)
		for _, i := range *items {
			out += i.Title + i.Extra + i.Outcome + " "
		}
		return out
	}
	in := func(fn func(context.Context, *db.Tx) error) error {
		return x.DB.InGuest(t.Context(), g, func(tx *db.Tx) error { return fn(t.Context(), tx) })
	}
	say := func(item uuid.UUID) error {
		return in(func(ctx context.Context, tx *db.Tx) error {
			return forum.GuestSay(ctx, tx, item, forum.CannotShare, "Ingen hjemmel.")
		})
	}
	if got := sees(); got != "" {
		t.Errorf("before the promise: %s", got)
	}
	if err := say(mine); !errors.Is(err, fault.NotFound) {
		t.Errorf("an answer before the promise: %v", err)
	}
	x.must(in(forum.GuestPromise))
	if got := sees(); got != "Sag A " {
		t.Errorf("after it: %q", got)
	}
	x.must(say(mine))
	if err := say(theirs); !errors.Is(err, fault.NotFound) {
		t.Errorf("an answer about another's item: %v", err)
	}
	if got := sees(); got != "Sag Acannot_share " {
		t.Errorf("after the answer: %q", got)
	}
	x.must(in(func(ctx context.Context, tx *db.Tx) error {
		for _, table := range []string{"forum_item", "forum_slice", "forum_seat", "forum_meeting", "forum_answer"} {
			if n, err := db.One[int](ctx, tx, `SELECT count(*)::int FROM app.`+table, db.Args{}); err != nil || n != 0 {
				t.Errorf("a guest reads %d rows of %s: %v", n, table, err)
			}
		}
		return nil
	}))
	if n := x.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND contact_id = $2 AND kind = 'forum.answered'`, x.c.ID, x.police.ID); n != 1 {
		t.Errorf("%d events of the contact person's", n)
	}
	if err := x.at(x.Mette, func(ctx context.Context, tx *db.Tx) error { return forum.Invite(ctx, tx, x.officerSeat()) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("somebody who does not lead invites: %v", err)
	}
	x.Exec(t, `UPDATE app.forum_meeting SET state = 'cancelled', ended_at = now() WHERE id = $1`, x.meeting)
	if err := in(forum.GuestPromise); !errors.Is(err, fault.SignedOut) {
		t.Errorf("the link of a cancelled meeting: %v", err)
	}
}
