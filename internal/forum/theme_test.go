package forum_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
)

func (x table) theme(who actor.Actor, in forum.ItemInput) (id uuid.UUID, err error) {
	x.t.Helper()
	err = x.at(who, func(ctx context.Context, tx *db.Tx) (err error) { id, err = forum.PutTheme(ctx, tx, in); return err })
	return id, err
}

// A theme, or a young person without a case: the seats see their slices, who put it sees the answers, and no case has a line of it.
func TestAnItemWithoutACaseIsAnonymousAndHasItsSlices(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.item("Rejser i ferien", forum.SliceInput{Who: user(x.Huseyin), Extra: "Kun til voksenområdet", Question: "Hvad ser I?"}, forum.SliceInput{Who: x.officer(), Question: "Hvad ser I?"})
	for _, text := range []string{"cpr 140410-1234", "Ring 00 12 34 56", "Hun bor Skovtroldevej 12", "Hun går på Åskolen", "skriv til a@b.dk"} {
		in.Body = text
		_, err := x.theme(x.Mette, in)
		refused(t, err, "body", "forum.error.theme")
	}
	in.Body, in.Naming = "Flere unge er bange for ferien.", forum.Named // the form has no such choice
	id, err := x.theme(x.Mette, in)
	x.must(err)
	if again, err := x.theme(x.Mette, in); err != nil || again != id {
		t.Errorf("sent twice: %v", err)
	}
	for _, w := range []struct {
		who  actor.Actor
		want string
	}{{x.Huseyin, "Kun til voksenområdet"}, {x.Mette, ""}, {x.Dennis, "none"}, {x.Sara, "none"}, {x.Anders, "none"}} {
		got := x.sees(w.who)
		if len(got) == 1 && got[0].Extra != w.want || (len(got) == 0) != (w.want == "none") || len(got) > 1 {
			t.Errorf("%s: %+v", w.who.Name, got)
		}
		want := map[uuid.UUID]int{x.Huseyin.UserID: 1, x.Mette.UserID: 3}[w.who.UserID]
		if n := x.raw(w.who, `SELECT count(*)::int FROM app.forum_slice`); n != want {
			t.Errorf("%s reads %d slices, should %d", w.who.Name, n, want)
		}
	}
	if n := x.raw(x.Sara, `SELECT count(*)::int FROM app.forum_outline($1)`, x.meeting); n != 1 {
		t.Errorf("who leads knows of %d items", n)
	}
	say := func(who actor.Actor, seat uuid.UUID) error {
		return x.at(who, func(ctx context.Context, tx *db.Tx) error {
			return forum.Say(ctx, tx, id, seat, forum.CannotShare, "Ingen hjemmel.")
		})
	}
	x.must(say(x.Huseyin, x.seat(x.Huseyin)))
	x.must(say(x.Huseyin, x.seat(x.Huseyin))) // pressed twice
	x.must(say(x.Mette, x.officerSeat()))
	if err := say(x.Mette, x.seat(x.Huseyin)); !errors.Is(err, fault.Forbidden) && err != nil {
		t.Errorf("answering for a colleague: %v", err)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_answer`); n != 2 {
		t.Errorf("%d answers", n)
	}
	if n := x.raw(x.Mette, `SELECT count(*)::int FROM app.forum_answer`) + 10*x.raw(x.Sara, `SELECT count(*)::int FROM app.forum_answer`); n != 2 {
		t.Errorf("answers read: %d", n)
	}
	decide := func(who actor.Actor, what string) error {
		return x.at(who, func(ctx context.Context, tx *db.Tx) error {
			return forum.DecideTheme(ctx, tx, forum.DecisionInput{Key: x.meeting, Item: id, What: what, Seat: x.seat(x.Huseyin), DueOn: tx.Now.AddDate(0, 0, 3).Truncate(24 * time.Hour)})
		})
	}
	refused(t, decide(x.Mette, "Ring 00 12 34 56"), "what", "forum.error.theme")
	x.must(decide(x.Mette, "Skriv en folder"))
	x.must(decide(x.Mette, "Skriv en folder"))
	if err := decide(x.Sara, "Noget andet"); err == nil {
		t.Error("who leads decides about what they have no slice of")
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_action`) + 10*x.Count(t, `SELECT count(*) FROM app.plan_step WHERE title = 'Skriv en folder'`); n != 1 {
		t.Errorf("%d decisions", n)
	}
	var action uuid.UUID
	x.Scan(t, []any{&action}, `SELECT id FROM app.forum_action`)
	for range 2 {
		x.must(x.at(x.Huseyin, func(ctx context.Context, tx *db.Tx) error {
			return forum.Report(ctx, tx, action, "not_possible", "Ingen penge.")
		}))
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_report`) + 10*x.Count(t, `SELECT count(*) FROM app.case_event WHERE kind LIKE 'forum.%'`) + 10*x.Count(t, `SELECT count(*) FROM app.sharing`); n != 1 {
		t.Errorf("%d rows", n)
	}
	if err := x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { // nobody ties it to a case of theirs, to read it there
		_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_item_case (id, case_id) VALUES (@id, @case)`, db.Args{"id": id, "case": tx.CaseID})
		return err
	}); !db.Violates(err, "item_has_no_case") {
		t.Errorf("tied to a case: %v", err)
	}
	if err := x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.WithdrawTheme(ctx, tx, id) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("another withdraws it: %v", err)
	}
	x.must(x.at(x.Mette, func(ctx context.Context, tx *db.Tx) error { return forum.WithdrawTheme(ctx, tx, id) }))
	if got := x.sees(x.Huseyin); len(got) != 0 {
		t.Errorf("after it was withdrawn: %+v", got)
	}
}

// Who has no seat at an ad-hoc meeting puts nothing on it; what is named has a case.
func TestNoItemWithoutACaseAtATableOfOthers(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	var adHoc uuid.UUID
	x.Scan(t, []any{&adHoc}, `INSERT INTO app.forum_meeting (municipality, frame, starts_at, led_by) SELECT 999, 'other', now() + interval '1 day', $1 RETURNING id`, x.Sara.UserID)
	x.Exec(t, `INSERT INTO app.forum_seat (meeting_id, user_id, added_by) VALUES ($1, $2, $2)`, adHoc, x.Sara.UserID)
	in := x.item("Tema", forum.SliceInput{Who: user(x.Sara)})
	in.MeetingID = adHoc
	if _, err := x.theme(x.Mette, in); err == nil {
		t.Error("put by somebody without a seat")
	}
	if err := x.at(x.Mette, func(ctx context.Context, tx *db.Tx) error { // and not past the program either
		_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, without_case, put_by) VALUES (gen_random_uuid(), @m, 'anonymous', 'x', 'x', 'ANONYMOUS', true, @me)`,
			db.Args{"m": adHoc, "me": x.Mette.UserID})
		return err
	}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("put onto a table of others: %v", err)
	}
	if err := x.at(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, purpose, without_case, put_by) VALUES (gen_random_uuid(), @m, 'named', 'x', 'x', 'RPL_115_SSP', 'x', true, @me)`,
			db.Args{"m": x.meeting, "me": x.Mette.UserID})
		return err
	}); !db.Violates(err, "without_a_case_nobody_is_named") {
		t.Errorf("a named item without a case: %v", err)
	}
}

// What a seat looks into beforehand has a day, and that is not after the meeting.
func TestASeatAnswersBeforeTheMeeting(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.item("Sag A", forum.SliceInput{Who: x.officer(), Question: "Har I noget?"})
	in.AnswerBy = time.Now().AddDate(0, 0, 9)
	_, _, err := x.put(in)
	refused(t, err, "answer_by", "forum.error.answer_by")
	in.AnswerBy = time.Now().AddDate(0, 0, -1)
	_, _, err = x.put(in)
	refused(t, err, "answer_by", "forum.error.past")
	in.AnswerBy = time.Now().AddDate(0, 0, 1)
	x.mustPut(in)
	if got := x.sees(x.Mette); len(got) != 1 || got[0].AnswerBy == nil || got[0].AnswerBy.Format(time.DateOnly) != in.AnswerBy.Format(time.DateOnly) {
		t.Errorf("%+v", got)
	}
}
