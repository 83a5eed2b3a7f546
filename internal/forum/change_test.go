package forum_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
)

// leave takes a seat from its holder.
func (x table) leave(who actor.Actor, seat uuid.UUID) error {
	return x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Leave(ctx, tx, seat) })
}

// The wrong person was given a seat. Whoever leads takes it back; from then on nothing is read from it, and what it was told stays in the case.
func TestWhoLosesTheirSeatReadsNothingAtTheTable(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin), Question: "Kender I familien?"}, forum.SliceInput{Who: x.officer()}))
	x.must(x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.officerSeat()) }))
	seat, link := x.seat(x.Huseyin), x.GuestLink(t, uuid.Nil, x.police.ID, "seat", x.officerSeat())
	for _, who := range []actor.Actor{x.Mette, x.Dennis, x.Huseyin, x.Lone} {
		if err := x.leave(who, seat); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s, who does not lead, takes the seat: %v", who.Name, err)
		}
	}
	if err := x.leave(x.Sara, x.seat(x.Sara)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who leads leaves their own table: %v", err)
	}
	x.must(x.leave(x.Sara, seat))
	x.must(x.leave(x.Sara, x.officerSeat()))
	if err := x.leave(x.Sara, seat); !errors.Is(err, fault.Stale) {
		t.Errorf("taken twice: %v", err)
	}
	if got := x.sees(x.Huseyin); len(got) != 0 {
		t.Errorf("Hüseyin sees %+v", got)
	}
	for _, name := range []string{"forum_item", "forum_slice", "forum_answer"} {
		if n := x.raw(x.Huseyin, `SELECT count(*)::int FROM app.`+name); n != 0 {
			t.Errorf("Hüseyin reads %d rows of %s", n, name)
		}
	}
	if err := x.at(x.Huseyin, func(ctx context.Context, tx *db.Tx) error { return forum.Say(ctx, tx, id, seat, forum.Answered, "x") }); err == nil {
		t.Error("an empty seat answers")
	}
	if err := x.at(x.Huseyin, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, seat) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an empty seat promises: %v", err)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.guest_link WHERE id = $1 AND revoked_at IS NULL`, link.ID); n != 0 {
		t.Error("the link of the officer is open")
	}
	if err := x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.Invite(ctx, tx, x.officerSeat()) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an empty seat is invited: %v", err)
	}
	_, _, err := x.put(x.item("Sag B", forum.SliceInput{Who: user(x.Huseyin)}))
	refused(t, err, "slices", "forum.error.empty_seat")
	err = x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := forum.Decide(ctx, tx, x.Keys, forum.DecisionInput{Key: uuid.New(), Item: id, What: "Find en mentor", Seat: seat, DueOn: tx.Now.AddDate(0, 0, 3)})
		return err
	})
	refused(t, err, "seat", "forum.error.empty_seat")
	var seats *[]forum.Seat
	_, err = x.DB.ReadCase(t.Context(), x.Mette, x.c.At("forum"), func(b *db.Batch) { seats = forum.SeatsOf(b, id) })
	empty := 0
	for _, s := range *seats {
		if s.Left {
			empty++
		}
	}
	if x.must(err); len(*seats) != 3 || empty != 2 {
		t.Errorf("the case shows %d seats, %d of them empty", len(*seats), empty)
	}
	x.Exec(t, `UPDATE app.forum_meeting SET forum_id = NULL WHERE id = $1`, x.meeting)
	if h, d := x.raw(x.Huseyin, `SELECT count(*)::int FROM app.forum_meeting`), x.raw(x.Dennis, `SELECT count(*)::int FROM app.forum_meeting`); h != 0 || d != 1 {
		t.Errorf("of an ad-hoc meeting, who lost their seat knows %d and who has one %d", h, d)
	}
}

func TestASeatIsGivenBackByWhoLeadsAndByNobodyElse(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin)}))
	x.must(x.leave(x.Sara, x.seat(x.Huseyin)))
	sit := func(who actor.Actor) error {
		return x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Sit(ctx, tx, x.meeting, user(x.Huseyin)) })
	}
	_ = sit(x.Huseyin) // a standing forum is open to colleagues, but not to whoever lost their seat
	if got := x.sees(x.Huseyin); len(got) != 0 {
		t.Errorf("Hüseyin takes the seat back: %+v", got)
	}
	x.must(sit(x.Sara))
	if got := x.sees(x.Huseyin); len(got) != 1 {
		t.Errorf("given back: %+v", got)
	}
	x.must(x.leave(x.Sara, x.seat(x.Dennis)))
	refused(t, x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.End(ctx, tx, x.meeting, forum.Held) }), "state", "forum.error.not_yet")
	x.Exec(t, `UPDATE app.forum_meeting SET starts_at = now() + interval '1 minute' WHERE id = $1`, x.meeting)
	x.must(x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.End(ctx, tx, x.meeting, forum.Held) }))
	if n := x.Count(t, `SELECT count(*) FROM app.forum_seat s JOIN app.forum_meeting m ON m.id = s.meeting_id WHERE m.state = 'planned' AND s.user_id = $1`, x.Dennis.UserID); n != 0 {
		t.Error("who lost their seat has one at the next meeting")
	}
	if err := x.leave(x.Sara, x.seat(x.Huseyin)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("after the meeting: %v", err)
	}
}

func TestAMeetingIsMovedAndTheTableIsTold(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin), Question: "Kender I familien?"})
	in.AnswerBy = time.Now().AddDate(0, 0, 2)
	id := x.mustPut(in)
	var from time.Time
	x.Scan(t, []any{&from}, `SELECT starts_at FROM app.forum_meeting WHERE id = $1`, x.meeting)
	to := from.Add(-24 * time.Hour)
	move := func(who actor.Actor, from, to time.Time) error {
		return x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Move(ctx, tx, x.meeting, from, to) })
	}
	if err := move(x.Mette, from, to); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who does not lead: %v", err)
	}
	refused(t, move(x.Sara, from, time.Now().Add(-time.Hour)), "day", "forum.error.past")
	refused(t, move(x.Sara, from, time.Time{}), "day", "forum.error.when")
	refused(t, move(x.Sara, from, from.AddDate(3, 0, 0)), "day", "forum.error.far")
	if err := move(x.Sara, from.Add(time.Hour), to); !errors.Is(err, fault.Stale) {
		t.Errorf("from a time that has changed: %v", err)
	}
	for range 2 { // sent twice it moves once
		x.must(move(x.Sara, from, to))
	}
	if n := x.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'forum.moved' AND case_id IS NULL AND to_user IN ($1, $2, $3)`, x.Mette.UserID, x.Dennis.UserID, x.Huseyin.UserID); n != 3 {
		t.Errorf("%d are told", n)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_item i JOIN app.forum_meeting m ON m.id = i.meeting_id WHERE i.id = $1 AND i.answer_by = app._day(m.starts_at)`, id); n != 1 {
		t.Error("the seats are to answer after the meeting")
	}
	x.Exec(t, `INSERT INTO app.forum_meeting (municipality, forum_id, frame, starts_at, led_by) SELECT municipality, forum_id, frame, starts_at + interval '7 days', led_by FROM app.forum_meeting WHERE id = $1`, x.meeting)
	refused(t, move(x.Sara, to, to.AddDate(0, 0, 7)), "day", "forum.error.taken")
	x.must(x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.End(ctx, tx, x.meeting, forum.Cancelled) }))
	if err := move(x.Sara, to, to.Add(time.Hour)); !errors.Is(err, fault.Stale) {
		t.Errorf("one that is over: %v", err)
	}
}

// The seats that were asked are reminded once, the workday before; who put the item hears once when the day has passed.
func TestASeatIsRemindedOfWhatItWasAsked(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.Exec(t, `UPDATE app.forum_meeting SET starts_at = '2027-03-19 13:00+01' WHERE id = $1`, x.meeting) // a Friday
	in := x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin), Question: "Kender I familien?"}, forum.SliceInput{Who: user(x.Dennis), Question: "Og du?"}, forum.SliceInput{Who: user(x.Sara)})
	in.AnswerBy = time.Date(2027, 3, 15, 12, 0, 0, 0, time.UTC) // a Monday
	id := x.mustPut(in)
	x.must(x.at(x.Dennis, func(ctx context.Context, tx *db.Tx) error {
		return forum.Say(ctx, tx, id, x.seat(x.Dennis), forum.Answered, "Nej.")
	}))
	x.Exec(t, `DELETE FROM app.notice`)
	told := func(who actor.Actor, kind string) int {
		return x.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = $2`, who.UserID, kind)
	}
	run := func(day string) {
		for range 2 {
			x.Exec(t, `SELECT app.job_forum($1::text::timestamptz)`, day+" 09:00+01")
		}
	}
	run("2027-03-11")
	if n := x.Count(t, `SELECT count(*) FROM app.notice`); n != 0 {
		t.Errorf("%d notices two workdays before", n)
	}
	run("2027-03-12") // the Friday before
	run("2027-03-15")
	if h, d, s := told(x.Huseyin, "forum.answer_soon"), told(x.Dennis, "forum.answer_soon"), told(x.Sara, "forum.answer_soon"); h != 1 || d != 0 || s != 0 {
		t.Errorf("reminded: Hüseyin %d, Dennis who answered %d, Sara who was asked nothing %d", h, d, s)
	}
	if n := told(x.Mette, "forum.unanswered"); n != 0 {
		t.Errorf("Mette is told on the day: %d", n)
	}
	run("2027-03-16")
	if n := x.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'forum.unanswered' AND case_id = $2`, x.Mette.UserID, x.c.ID); n != 1 {
		t.Errorf("Mette is told %d times", n)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'forum.answer_soon' AND case_id IS NOT NULL`); n != 0 {
		t.Error("the reminder leads to the case")
	}
}

func TestWhoIsKeptOutOrHasNoSeatIsNotReminded(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.Exec(t, `UPDATE app.forum_meeting SET starts_at = '2027-03-19 13:00+01' WHERE id = $1`, x.meeting)
	x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin), Question: "?"}, forum.SliceInput{Who: user(x.Dennis), Question: "?"}, forum.SliceInput{Who: user(x.Sara), Question: "?"}))
	x.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, x.c.ID, x.Huseyin.UserID, x.Jonas.UserID)
	x.must(x.leave(x.Sara, x.seat(x.Dennis)))
	x.Exec(t, `SELECT app.job_forum('2027-03-18 09:00+01')`)                                      // no day was named, so it is the meeting's
	x.Exec(t, `UPDATE app.forum_item SET answer_by = '2027-03-12', put_by = $1`, x.Anders.UserID) // whose access to the case has ended since
	x.Exec(t, `SELECT app.job_forum('2027-03-18 09:00+01')`)
	if n := x.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'forum.unanswered'`, x.Anders.UserID); n != 0 {
		t.Error("somebody is told about a case that they may not open")
	}
	for who, want := range map[uuid.UUID]int{x.Huseyin.UserID: 0, x.Dennis.UserID: 0, x.Sara.UserID: 1} {
		if n := x.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'forum.answer_soon'`, who); n != want {
			t.Errorf("told %d, want %d", n, want)
		}
	}
}

// A named item waited for the lead while the officer lost the seat: the others get it. Nothing is made for an empty seat past the program either.
func TestAnEmptySeatGetsNothingWhenTheItemIsApproved(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	give := func(id uuid.UUID) {
		x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") }))
		x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.Give(ctx, tx, x.Keys, id); return err }))
	}
	before, id, seat := x.mustPut(x.named()), x.mustPut(x.named()), x.officerSeat()
	give(before)
	x.must(x.leave(x.Sara, seat))
	give(id)
	if n := x.Count(t, `SELECT count(*) FROM app.forum_given WHERE item_id = $1 AND seat_id = $2`, id, x.seat(x.Huseyin)); n != 1 {
		t.Error("Hüseyin has not got it")
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_given WHERE seat_id = $1`, seat) + x.Count(t, `SELECT count(*) FROM app.sharing WHERE contact_id = $1`, x.police.ID); n != 2 {
		t.Errorf("%d rows for the officer, who had a seat for the first item alone", n)
	}
	for name, past := range map[string]struct {
		sql  string
		item uuid.UUID
	}{
		"a slice": {`INSERT INTO app.forum_given (case_id, item_id, seat_id, sharing_id, given_by) SELECT @case, @item, @seat, id, @me FROM app.sharing WHERE contact_id = @officer`, id},
		"a fact":  {`INSERT INTO app.forum_released (case_id, item_id, seat_id, sharing_id, put_by) SELECT @case, @item, @seat, id, @me FROM app.sharing WHERE contact_id = @officer`, before},
	} {
		err := x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, past.sql, db.Args{"case": x.c.ID, "item": past.item, "seat": seat, "officer": x.police.ID, "me": x.Mette.UserID})
			return err
		})
		if !db.Violates(err, "seat_is_taken") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What every colleague reads under "Faste fora" tells of nobody: no number, and no citizen whose case the caller knows.
func TestAForumIsNotNamedAfterACitizen(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	const citizen = "Amira Saleh"
	call := func(who actor.Actor, name, place string) error {
		return x.at(who, func(ctx context.Context, tx *db.Tx) error {
			_, err := forum.Make(ctx, tx, uuid.New(), forum.ForumInput{Name: name, Frame: "SSP", Rhythm: "none"}, forum.MeetingInput{StartsAt: tx.Now.AddDate(0, 0, 2), Place: place, Who: []forum.Who{x.officer()}})
			return err
		})
	}
	refused(t, call(x.Mette, "CPR 740410-1234", ""), "name", "forum.error.theme")
	refused(t, call(x.Mette, "Ring 00 12 34 56", ""), "name", "forum.error.theme")
	refused(t, call(x.Mette, "Om "+strings.ToLower(citizen), ""), "name", "forum.error.theme_name")
	for _, part := range []string{"Amira", "Om amira", "Forum om Amiras sag", "Om Salehs datter"} {
		refused(t, call(x.Mette, part, ""), "name", "forum.error.theme_name")
	}
	refused(t, call(x.Mette, "Myndighedsforum", "Hos "+citizen+"s mor"), "place", "forum.error.theme_name")
	x.must(call(x.Mette, "Myndighedsforum", "Politigården, Elmegade 4"))
	x.must(call(x.Huseyin, "Om "+citizen, "")) // he does not learn by it that there is a case
	in := forum.ItemInput{Key: uuid.New(), MeetingID: x.meeting, Title: "Tema", Body: "Hvad gør vi for " + citizen + "?", Slices: []forum.SliceInput{{Who: x.officer()}}}
	refused(t, x.at(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.PutTheme(ctx, tx, in); return err }), "body", "forum.error.theme_name")
}

func TestADayThatIsMistypedIsNotDecided(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.Assess(t, x.c, "red")
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: x.officer()}))
	for days, want := range map[int]string{-1: "forum.error.past", 1000: "forum.error.far"} {
		refused(t, x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := forum.Decide(ctx, tx, x.Keys, forum.DecisionInput{Key: uuid.New(), Item: id, What: "Find en mentor", Seat: x.officerSeat(), DueOn: tx.Now.AddDate(0, 0, days)})
			return err
		}), "due", want)
	}
}

func TestOnlyWhoLeadsNotesWhoIsThereAndNobodyUnknownSitsDown(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	for _, seats := range []map[uuid.UUID]string{nil, {x.seat(x.Mette): "present"}} {
		if err := x.at(x.Dennis, func(ctx context.Context, tx *db.Tx) error { return forum.Attend(ctx, tx, x.meeting, seats) }); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%d seats noted by somebody who does not lead: %v", len(seats), err)
		}
	}
	nobody := uuid.New()
	for _, w := range []forum.Who{{UserID: &nobody}, {ContactID: &nobody}} {
		refused(t, x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.Sit(ctx, tx, x.meeting, w) }), "who", "forum.error.who")
	}
}

// A lead sent a named item back. Its writer puts it again in other words, in the same breath as the old one goes; the lead answers anew.
func TestAReturnedItemIsPutAgainInOtherWords(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	old := x.mustPut(x.named())
	x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, old, false, "Skriv hvorfor") }))
	again := x.named()
	again.Key, again.Replaces, again.Body = uuid.New(), old, "Amira Saleh er bange. Hun har selv bedt om det."
	id := x.mustPut(again)
	var items *[]forum.CaseItem
	_, err := x.DB.ReadCase(t.Context(), x.Mette, x.c.At("forum"), func(b *db.Batch) { items = forum.CaseItems(b) })
	x.must(err)
	for _, i := range *items {
		if i.Withdrawn != (i.ID == old) || i.Waits() != (i.ID == id) {
			t.Errorf("%s: %+v", i.Body, i)
		}
	}
	other := x.Case(t, x.Mette, 1)
	stranger := x.named()
	stranger.Key, stranger.Replaces = uuid.New(), id
	if err := x.DB.InCase(t.Context(), x.Mette, other.At("forum"), func(tx *db.Tx) error { _, _, err := forum.Put(t.Context(), tx, x.Keys, stranger); return err }); err == nil {
		t.Error("an item of another case is taken off")
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_item WHERE id = $1 AND withdrawn_at IS NULL`, id); n != 1 {
		t.Error("it is gone")
	}
}

func TestAnAnonymousItemHoldsNoNameInSmallLettersAndNoBirthDate(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	nobody := uuid.New()
	lost := x.item("Sag A", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: forum.Who{ContactID: &nobody}})
	_, _, err := x.put(lost)
	refused(t, err, "slices", "forum.error.empty_seat") // who has no seat is not dropped without a word
	for text, want := range map[string]string{"Det handler om amira.": "forum.error.named", "Født 740410.": "forum.error.theme", "Hun går på Solbakkeskolen.": "forum.error.theme", "Ring til familien på Elmegade 4.": "forum.error.theme"} {
		in := x.item("Sag A", forum.SliceInput{Who: x.officer()})
		in.Key, in.Body = uuid.New(), text
		_, _, err := x.put(in)
		refused(t, err, "body", want)
	}
}
