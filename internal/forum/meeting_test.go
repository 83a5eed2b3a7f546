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
	"samspil/internal/sharing"
)

// One line at the table is a step of the plan, and what was not done comes first next time, what was not possible apart.
func TestADecisionBecomesAStepAndComesBackNextTime(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.Assess(t, x.c, "red")
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: user(x.Huseyin)}))
	decide := func(what string, seat uuid.UUID) (found []sharing.Finding, err error) {
		err = x.in(x.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
			found, err = forum.Decide(ctx, tx, x.Keys, forum.DecisionInput{Key: uuid.New(), Item: id, What: what, Seat: seat, DueOn: tx.Now.AddDate(0, 0, 3)})
			return err
		})
		return found, err
	}
	for what, seat := range map[string]uuid.UUID{"Politiet kontakter udrejsekontrollen": x.officerSeat(), "Voksenområdet finder en mentor": x.seat(x.Huseyin), "Sikkerhedskonsulenten inviteres": x.seat(x.Mette)} {
		if found, err := decide(what, seat); err != nil || len(found) > 0 {
			t.Fatalf("%s: %v %v", what, found, err)
		}
	}
	if found, err := decide("Kør forbi Skovtroldevej 12", x.officerSeat()); err != nil || len(found) != 1 {
		t.Errorf("a protected address in a decision: %+v, %v", found, err)
	}
	_, err := decide("Hent Amira", x.officerSeat())
	refused(t, err, "what", "forum.error.named")
	if n := x.Count(t, `SELECT count(*) FROM app.plan_step p JOIN app.forum_action_step s ON s.step_id = p.id WHERE p.case_id = $1 AND (p.responsible_contact = $2 OR p.responsible_user = $3)`, x.c.ID, x.police.ID, x.Mette.UserID); n != 3 {
		t.Errorf("%d steps", n)
	}
	report := func(who actor.Actor, what, state, words string) error {
		var a uuid.UUID
		x.Scan(t, []any{&a}, `SELECT id FROM app.forum_action WHERE what = $1`, what)
		return x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Report(ctx, tx, a, state, words) })
	}
	refused(t, report(x.Huseyin, "Voksenområdet finder en mentor", "not_possible", ""), "words", "forum.error.why")
	x.must(report(x.Huseyin, "Voksenområdet finder en mentor", "not_possible", "Der er ingen mentor."))
	if err := report(x.Huseyin, "Sikkerhedskonsulenten inviteres", "done", ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("a seat reports another's: %v", err)
	}
	x.Exec(t, `UPDATE app.forum_meeting SET starts_at = now() - interval '1 h' WHERE id = $1`, x.meeting)
	x.must(x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.End(ctx, tx, x.meeting, forum.Held) }))
	if err := x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.End(ctx, tx, x.meeting, forum.Held) }); !errors.Is(err, fault.Stale) {
		t.Errorf("ended twice: %v", err)
	}
	var next uuid.UUID
	x.Scan(t, []any{&next}, `SELECT id FROM app.forum_meeting WHERE state = 'planned'`)
	if n := x.Count(t, `SELECT count(*) FROM app.forum_seat WHERE meeting_id = $1`, next); n != 5 {
		t.Errorf("%d seats next time", n)
	}
	last := func(who actor.Actor) string {
		var all *[]forum.Action
		_, err := x.DB.Read(t.Context(), who, func(b *db.Batch) { all = forum.LastTime(b, next) })
		x.must(err)
		var out []string
		for _, a := range *all {
			out = append(out, a.State+" "+a.Who)
		}
		return strings.Join(out, ", ")
	}
	if got := last(x.Mette); !strings.HasSuffix(got, "not_possible Hüseyin Doğan") || strings.Count(got, "open ") != 2 {
		t.Errorf("Mette: %s", got)
	}
	if got := last(x.Huseyin); got != "not_possible Hüseyin Doğan" {
		t.Errorf("Hüseyin: %s", got)
	}
	if got := last(x.Sara); got != "" { // has no slice of it
		t.Errorf("Sara: %s", got)
	}
	x.Exec(t, `UPDATE app.plan_step SET status = 'done', done_at = now() WHERE title = 'Politiet kontakter udrejsekontrollen'`)
	if got := last(x.Mette); strings.Count(got, "open ") != 1 {
		t.Errorf("a ticked step: %s", got)
	}
}

func TestAMeetingAboutACaseInOneForm(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	m := forum.MeetingInput{Frame: forum.Other, StartsAt: time.Now().AddDate(0, 0, 1), Place: "Skovtroldevej 12", Who: []forum.Who{x.officer(), user(x.Sara)}}
	in := x.item("Sag A", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: user(x.Sara), Extra: "Kun til Sara"})
	call := func(who actor.Actor) (id uuid.UUID, found []sharing.Finding, err error) {
		err = x.in(who, func(ctx context.Context, tx *db.Tx) (err error) {
			id, found, err = forum.CallAbout(ctx, tx, x.Keys, m, in)
			return err
		})
		return id, found, err
	}
	if _, found, err := call(x.Mette); err != nil || len(found) != 1 {
		t.Errorf("a protected address as the place: %+v, %v", found, err)
	}
	m.Place = "Rådhuset"
	id, _, err := call(x.Mette)
	x.must(err)
	if again, _, err := call(x.Mette); err != nil || again != id {
		t.Errorf("sent twice: %v", err)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_meeting WHERE forum_id IS NULL`); n != 1 {
		t.Errorf("%d meetings", n)
	}
	if n := x.raw(x.Huseyin, `SELECT count(*)::int FROM app.forum_meeting WHERE forum_id IS NULL`); n != 0 {
		t.Error("somebody without a seat knows of an ad-hoc meeting")
	}
	if _, _, err := call(x.Jonas); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the lead, who does not write in the case: %v", err)
	}
	if _, _, err := call(x.Huseyin); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
	x.must(x.in(x.Dennis, func(ctx context.Context, tx *db.Tx) error { return forum.Withdraw(ctx, tx, id) }))
}

func TestAForumMeetsAgainAtItsHour(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ rhythm, at, want string }{
		{"weekly", "2026-03-26 13:00", "2026-04-02 13:00"}, // over the change to summer time
		{"fortnightly", "2026-11-19 13:00", "2026-12-03 13:00"},
		{"monthly", "2026-11-19 13:00", "2026-12-17 13:00"}, // the third Thursday
		{"monthly", "2026-10-29 13:00", "2026-11-26 13:00"}, // the fifth Thursday, where there is none
	} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		if got := forum.Next(c.rhythm, at, at).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s after %s is %s, want %s", c.rhythm, c.at, got, c.want)
		}
	}
	if !forum.Next("none", time.Now(), time.Now()).IsZero() {
		t.Error("a forum without a rhythm meets again")
	}
}
