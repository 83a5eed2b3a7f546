package forum_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/forum"
	"samspil/internal/sharing"
)

// The officer must know the protected address. It leaves through the sharing room: sealed, released by another, and read by that seat alone.
func TestASecondPersonReleasesAProtectedFactToOneSeat(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	const secret = "Hun bor på Skovtroldevej 12."
	id := x.mustPut(x.named())
	ask := func(item uuid.UUID, seat uuid.UUID, change func(*forum.ReleaseInput)) error {
		in := forum.ReleaseInput{Key: item, Item: item, Seat: seat, Text: secret, AskedID: x.Jonas.UserID, AskReason: "De skal kunne køre derhen", Ground: ssp("De skal kunne køre derhen")}
		if change != nil {
			change(&in)
		}
		return x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { return forum.Release(ctx, tx, x.Keys, in) })
	}
	refused(t, ask(id, x.officerSeat(), nil), "rel_seat", "forum.error.release_seat") // has not got its slice
	x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") }))
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.Give(ctx, tx, x.Keys, id); return err }))
	refused(t, ask(id, x.officerSeat(), func(in *forum.ReleaseInput) { in.AskedID = uuid.Nil }), "asked", "sharing.error.asked")
	refused(t, ask(id, x.officerSeat(), func(in *forum.ReleaseInput) { in.AskReason = "Fordi hun bor Skovtroldevej 12" }), "ask_reason", "sharing.error.open")
	refused(t, ask(id, x.seat(x.Mette), nil), "rel_seat", "forum.error.release_seat")
	refused(t, ask(id, x.officerSeat(), func(in *forum.ReleaseInput) { in.Text = "" }), "rel_text", "forum.error.release")
	anonymous := x.mustPut(x.item("Sag B", forum.SliceInput{Who: x.officer()}))
	refused(t, ask(anonymous, x.officerSeat(), nil), "rel_text", "forum.error.release_anonymous")
	for range 2 { // sent twice it is one
		x.must(ask(id, x.officerSeat(), nil))
	}
	var line uuid.UUID
	x.Scan(t, []any{&line}, `SELECT id FROM app.sharing WHERE status = 'held'`)
	x.must(x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.officerSeat()) }))
	g := x.EnterGuest(t, x.GuestLink(t, uuid.Nil, x.police.ID, "seat", x.officerSeat()))
	officer := func() string {
		t.Helper()
		var words *[]forum.Sealed
		_, err := x.DB.ReadGuest(t.Context(), g, func(b *db.Batch) { words = forum.GuestWords(b) })
		x.must(err)
		all, err := forum.OpenWords(x.Keys, *words)
		x.must(err)
		return strings.Join(all[id], "")
	}
	if got := officer(); got != "" {
		t.Errorf("before it is released: %q", got)
	}
	release := func(who actor.Actor) error {
		return x.in(who, func(ctx context.Context, tx *db.Tx) error {
			return sharing.Answer(ctx, tx, x.Keys, line, true, "Det er nødvendigt", 1)
		})
	}
	refused(t, release(x.Mette), "reason", "sharing.error.second")
	x.must(release(x.Jonas))
	if got := officer(); got != secret {
		t.Errorf("after it: %q", got)
	}
	for _, who := range []actor.Actor{x.Huseyin, x.Sara, x.Mette, x.Dennis} {
		var words *[]forum.Sealed
		_, err := x.DB.Read(t.Context(), who, func(b *db.Batch) { words = forum.SeatWords(b, x.meeting) })
		if x.must(err); len(*words) != 0 {
			t.Errorf("%s reads what another seat alone was told", who.Name)
		}
	}
	for _, column := range []string{"app.forum_item", "app.forum_slice"} { // and it stands in no open words
		if n := x.Count(t, `SELECT count(*) FROM `+column+` x WHERE x::text LIKE '%Skovtrold%'`); n != 0 {
			t.Errorf("%s holds it", column)
		}
	}
	if n := x.Count(t, `SELECT count(*) FROM audit.event e JOIN audit.detail d ON d.event_id = e.id WHERE e.action = 'sharing.read' AND e.object = $1 AND d.detail->>'contact' = $2`, line.String(), x.police.ID.String()); n != 1 {
		t.Errorf("%d looks in the trail", n)
	}
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { // a fact that is protected later stands in it
		_, err := sharing.Protect(ctx, tx, x.Keys, casefile.FactInput{PersonID: x.c.CitizenID, Kind: "other", Text: "Hun bor på Skovtroldevej"})
		return err
	}))
	if got := officer(); got != "" {
		t.Errorf("after another fact in it was protected: %q", got)
	}
}

// A colleague's seat reads its own; the database takes no line that is made out to another.
func TestWhatIsReleasedIsForTheSeatItWasMadeOutTo(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.named())
	x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") }))
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.Give(ctx, tx, x.Keys, id); return err }))
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		return forum.Release(ctx, tx, x.Keys, forum.ReleaseInput{Key: uuid.New(), Item: id, Seat: x.seat(x.Huseyin), Text: "Skovtroldevej 12", AskedID: x.Jonas.UserID, AskReason: "x", Ground: ssp("x")})
	}))
	var line uuid.UUID
	x.Scan(t, []any{&line}, `SELECT id FROM app.sharing WHERE status = 'held'`)
	err := x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_released (case_id, item_id, seat_id, sharing_id, put_by) SELECT @case, @item, @seat, s.id, @me FROM app.sharing s WHERE s.case_id = @case AND s.contact_id IS NOT NULL`,
			db.Args{"case": x.c.ID, "item": id, "seat": x.seat(x.Huseyin), "me": x.Mette.UserID})
		return err
	})
	if !db.Violates(err, "stands_in_the_register") {
		t.Errorf("another's line: %v", err)
	}
	reads := func() int {
		t.Helper()
		var words *[]forum.Sealed
		_, err := x.DB.Read(t.Context(), x.Huseyin, func(b *db.Batch) { words = forum.SeatWords(b, x.meeting) })
		x.must(err)
		return len(*words)
	}
	x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return sharing.Answer(ctx, tx, x.Keys, line, true, "x", 1) }))
	if n := reads(); n != 1 {
		t.Errorf("%d", n)
	}
	x.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, x.c.ID, x.Huseyin.UserID, x.Jonas.UserID)
	if n := reads(); n != 0 {
		t.Errorf("kept out: %d", n)
	}
}
