package forum_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
)

// Three seats at one table, each with another slice: what the page shows, and what the database gives when it is asked past it.
func TestEachSeatSeesItsSliceAndNoOther(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	first := x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin), Extra: "Kun til voksenområdet"}, forum.SliceInput{Who: x.officer(), Extra: "Kun til politiet", Question: "Kender I adressen?"}))
	second := x.mustPut(x.item("Sag B", forum.SliceInput{Who: user(x.Huseyin)}, forum.SliceInput{Who: user(x.Sara), Extra: "Kun til mødelederen"}))
	x.mustPut(x.item("Sag C", forum.SliceInput{Who: user(x.Dennis)}))
	for _, w := range []struct {
		who   actor.Actor
		want  string
		extra string
	}{
		{x.Huseyin, "Sag A, Sag B", "Kun til voksenområdet"},
		{x.Sara, "Sag B", "Kun til mødelederen"},
		{x.Dennis, "Sag C", ""},
		{x.Mette, "Sag A, Sag B, Sag C", ""}, // who brought them sits in each
		{x.Anders, "", ""}, {x.Jonas, "", ""}, {x.Lone, "", ""}, {x.Karen, "", ""},
	} {
		var titles, extras []string
		for _, i := range x.sees(w.who) {
			titles = append(titles, i.Title)
			if i.Extra != "" {
				extras = append(extras, i.Extra)
			}
		}
		slices.Sort(titles)
		if got := strings.Join(titles, ", "); got != w.want || strings.Join(extras, ", ") != w.extra {
			t.Errorf("%s sees %q and %q, should %q and %q", w.who.Name, got, extras, w.want, w.extra)
		}
		want := 0
		if w.want != "" {
			want = strings.Count(w.want, ",") + 1
		}
		for table, sql := range map[string]string{"items": `SELECT count(*)::int FROM app.forum_item`, "slices": `SELECT count(*)::int FROM app.forum_slice`} {
			if n := x.raw(w.who, sql); n != want {
				t.Errorf("%s reads %d %s of the database, should %d", w.who.Name, n, table, want)
			}
		}
		for _, table := range []string{"forum_item_case", "forum_given", "forum_approval", "forum_action_step", "sharing"} { // what leads to the case
			if n := x.raw(w.who, `SELECT count(*)::int FROM app.`+table); n != 0 {
				t.Errorf("%s reads %d rows of %s without opening the case", w.who.Name, n, table)
			}
		}
		if n := x.raw(w.who, `SELECT count(*)::int FROM app.forum_cases($1)`, x.meeting); (n > 0) != (w.who.UserID == x.Mette.UserID || w.who.UserID == x.Dennis.UserID) {
			t.Errorf("%s is led to %d cases", w.who.Name, n)
		}
	}
	// the leader knows how many there are and who is in each, and of no other item what it says
	if n := x.raw(x.Sara, `SELECT count(*)::int FROM app.forum_outline($1)`, x.meeting); n != 3 {
		t.Errorf("the leader knows of %d items", n)
	}
	if n := x.raw(x.Huseyin, `SELECT count(*)::int FROM app.forum_outline($1)`, x.meeting); n != 0 {
		t.Errorf("another seat knows of %d items", n)
	}
	// what left the case stands in its register: two to Hüseyin, one to the police, one to Sara; none to Dennis, who works on it
	if n := x.Count(t, `SELECT count(*) FROM app.sharing WHERE case_id = $1 AND direction = 'out' AND legal_basis = 'ANONYMOUS'`, x.c.ID); n != 4 {
		t.Errorf("%d lines in the register", n)
	}
	if n := x.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'forum.read' AND object = $2`, x.c.ID, first.String()); n != 2 {
		t.Errorf("%d looks at the first item in the trail", n)
	}
	_ = second
}

func TestNoItemOpensBeforeThePromise(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.Exec(t, `UPDATE app.forum_seat SET promised_at = NULL WHERE user_id = $1`, x.Huseyin.UserID)
	x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin)}))
	if got := x.sees(x.Huseyin); len(got) != 0 {
		t.Errorf("before the promise: %+v", got)
	}
	if err := x.at(x.Dennis, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.seat(x.Huseyin)) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a colleague promises for another: %v", err)
	}
	if err := x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.seat(x.Huseyin)) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the leader promises for a colleague: %v", err)
	}
	x.must(x.at(x.Sara, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.officerSeat()) }))
	x.must(x.at(x.Huseyin, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.seat(x.Huseyin)) }))
	if got := x.sees(x.Huseyin); len(got) != 1 {
		t.Errorf("after it: %+v", got)
	}
}

// Who is kept out of a case finds nothing of it at the table, whenever that happens, and is given nothing.
func TestWhoIsKeptOutFindsNothingAtTheTable(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin)}, forum.SliceInput{Who: user(x.Sara)}))
	for _, who := range []actor.Actor{x.Huseyin, x.Sara} {
		x.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, x.c.ID, who.UserID, x.Jonas.UserID)
		if got := x.sees(who); len(got) != 0 || x.raw(who, `SELECT count(*)::int FROM app.forum_item`) != 0 || x.raw(who, `SELECT count(*)::int FROM app.forum_slice`) != 0 {
			t.Errorf("%s: %+v", who.Name, got)
		}
	}
	if n := x.raw(x.Sara, `SELECT count(*)::int FROM app.forum_outline($1)`, x.meeting); n != 0 {
		t.Errorf("a leader who is kept out knows of %d items", n)
	}
	_, _, err := x.put(x.item("Sag B", forum.SliceInput{Who: user(x.Huseyin)}))
	refused(t, err, "slices", "forum.error.seat")
	var list *[]forum.Who
	_, err = x.DB.ReadCase(t.Context(), x.Mette, x.c.At("forum"), func(b *db.Batch) { list = forum.CaseCandidates(b) })
	var names []string
	for _, w := range *list {
		names = append(names, w.Name)
	}
	if x.must(err); slices.Contains(names, "Hüseyin Doğan") || !slices.Contains(names, "Dennis Kjær") || !slices.Contains(names, "Rikke Holm") {
		t.Errorf("offered: %v", names)
	}
}

// "Kan ikke dele" is an answer, with its reason. A seat answers in its own name, and reads no other's answer.
func TestASeatAnswersWhatItWasAsked(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: user(x.Huseyin), Question: "Kender I familien?"}, forum.SliceInput{Who: x.officer(), Question: "Har I noget?"}, forum.SliceInput{Who: user(x.Sara)}))
	say := func(who actor.Actor, seat uuid.UUID, outcome, words string) error {
		return x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Say(ctx, tx, id, seat, outcome, words) })
	}
	refused(t, say(x.Huseyin, x.seat(x.Huseyin), forum.CannotShare, ""), "words", "forum.error.answer")
	x.must(say(x.Huseyin, x.seat(x.Huseyin), forum.CannotShare, "Vi har intet grundlag."))
	if err := say(x.Sara, x.seat(x.Huseyin), forum.Answered, "x"); err == nil {
		t.Error("one answers for another")
	}
	if err := x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		return forum.Say(ctx, tx, id, x.seat(x.Huseyin), forum.Answered, "x")
	}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the case answers for a colleague: %v", err)
	}
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		return forum.Say(ctx, tx, id, x.officerSeat(), forum.Answered, "En henvendelse.")
	}))
	if n := x.raw(x.Sara, `SELECT count(*)::int FROM app.forum_answer`) + 10*x.raw(x.Huseyin, `SELECT count(*)::int FROM app.forum_answer`); n != 10 {
		t.Errorf("answers read: %d", n)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'forum.answered'`, x.c.ID); n != 2 {
		t.Errorf("%d events", n)
	}
}
