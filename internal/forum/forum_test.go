package forum_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/internal/sharing"
	"samspil/internal/testkit"
)

// table is an office with a child's case of Mette's, and a standing forum that Sara runs: Mette, Dennis, Hüseyin and a police officer
// have a seat. Dennis works on the case too; Hüseyin and Sara have nothing to do with it.
type table struct {
	*testkit.Office
	t       testing.TB
	c       testkit.CaseFile
	police  testkit.Contact
	meeting uuid.UUID
}

func user(a actor.Actor) forum.Who { id := a.UserID; return forum.Who{UserID: &id} }

func (x table) officer() forum.Who { id := x.police.ID; return forum.Who{ContactID: &id} }

func newTable(t testing.TB) table {
	o := testkit.NewOffice(t)
	x := table{Office: o, t: t, c: o.Case(t, o.Mette, 1), police: o.Partner(t, "police_resource_person", "Fjordegnens Politi", "Rikke Holm")}
	o.Grant(t, x.c, o.Dennis, "coworker")
	x.must(x.in(o.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := sharing.Protect(ctx, tx, o.Keys, casefile.FactInput{PersonID: x.c.CitizenID, Kind: "address", Text: "Skovtroldevej 12"})
		return err
	}))
	x.must(x.at(o.Sara, func(ctx context.Context, tx *db.Tx) (err error) {
		x.meeting, err = forum.Make(ctx, tx, uuid.New(), forum.ForumInput{Name: "Myndighedsforum", Frame: "SSP", Rhythm: "monthly"},
			forum.MeetingInput{StartsAt: tx.Now.AddDate(0, 0, 2), Place: "Rådhuset", Who: []forum.Who{user(o.Mette), user(o.Dennis), user(o.Huseyin), x.officer()}})
		return err
	}))
	for _, who := range []actor.Actor{o.Sara, o.Mette, o.Dennis, o.Huseyin} {
		x.must(x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.seat(who)) }))
	}
	return x
}

func (x table) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x table) in(who actor.Actor, fn func(context.Context, *db.Tx) error) error {
	x.t.Helper()
	return x.DB.InCase(x.t.Context(), who, x.c.At("forum"), func(tx *db.Tx) error { return fn(x.t.Context(), tx) })
}

func (x table) at(who actor.Actor, fn func(context.Context, *db.Tx) error) error {
	x.t.Helper()
	return x.DB.InTx(x.t.Context(), who, func(tx *db.Tx) error { return fn(x.t.Context(), tx) })
}

func (x table) seat(who actor.Actor) (id uuid.UUID) {
	x.t.Helper()
	x.Scan(x.t, []any{&id}, `SELECT id FROM app.forum_seat WHERE meeting_id = $1 AND user_id = $2`, x.meeting, who.UserID)
	return id
}

func (x table) officerSeat() (id uuid.UUID) {
	x.t.Helper()
	x.Scan(x.t, []any{&id}, `SELECT id FROM app.forum_seat WHERE meeting_id = $1 AND contact_id = $2`, x.meeting, x.police.ID)
	return id
}

// item is an anonymous item for some, each with words of their own.
func (x table) item(title string, slices ...forum.SliceInput) forum.ItemInput {
	return forum.ItemInput{Key: uuid.New(), MeetingID: x.meeting, Naming: forum.Anonymous, Title: title, Body: "En ung på 16 er bange for sommerferien.", Slices: slices}
}

func (x table) put(in forum.ItemInput) (id uuid.UUID, found []sharing.Finding, err error) {
	x.t.Helper()
	err = x.in(x.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		id, found, err = forum.Put(ctx, tx, x.Keys, in)
		return err
	})
	return id, found, err
}

func (x table) mustPut(in forum.ItemInput) uuid.UUID {
	x.t.Helper()
	id, found, err := x.put(in)
	if x.must(err); len(found) > 0 {
		x.t.Fatalf("%+v", found)
	}
	return id
}

// sees is what somebody's seat sees of the meeting, as the page asks.
func (x table) sees(who actor.Actor) []forum.Told {
	x.t.Helper()
	var all *[]forum.Told
	_, err := x.DB.Read(x.t.Context(), who, func(b *db.Batch) { forum.Look(b, x.meeting); all = forum.MyItems(b, x.meeting) })
	x.must(err)
	return *all
}

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("got %v (%v), want %s: %s", err, map[string]string(bad), field, key)
	}
}

// raw asks the database as somebody, past the program: everything that their session can read of the forum.
func (x table) raw(who actor.Actor, sql string, args ...any) (n int) {
	x.t.Helper()
	x.must(x.at(who, func(ctx context.Context, tx *db.Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(&n) }))
	return n
}

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

// What is put onto an agenda leaves the case: an anonymous item holds no name and no number, and no item a protected fact.
func TestNothingAnonymousNamesAnybody(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	for _, text := range []string{"Amira er bange", "Hendes cpr er 140410-1234", "Ring 00 12 34 56", "Sag " + x.c.Number} {
		in := x.item("Sag A", forum.SliceInput{Who: x.officer()})
		in.Body = text
		_, _, err := x.put(in)
		refused(t, err, "body", "forum.error.named")
		in = x.item("Sag A", forum.SliceInput{Who: x.officer(), Question: text})
		_, _, err = x.put(in)
		refused(t, err, "slices", "forum.error.named")
	}
	for _, naming := range forum.Namings {
		in := x.item("Sag A", forum.SliceInput{Who: x.officer(), Extra: "De bor skovtroldevej  12."})
		in.Naming, in.Basis, in.Purpose, in.Consent = naming, "RPL_115_SSP", "Forebygge", sharing.NotAsked
		_, found, err := x.put(in)
		if err != nil || len(found) != 1 || found[0].Match == "" {
			t.Errorf("%s, a protected address: %+v, %v", naming, found, err)
		}
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_item`) + x.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Errorf("%d rows of what was refused", n)
	}
	if n := x.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'sharing.stopped'`, x.c.ID); n != 2 {
		t.Errorf("%d lines about it", n)
	}
}

func (x table) named() forum.ItemInput {
	in := x.item("Rejse i uge 51", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: user(x.Huseyin)})
	in.Naming, in.Body, in.Basis, in.Purpose, in.Consent = forum.Named, "Amira Saleh er bange for at blive sendt ud af landet.", "RPL_115_SSP", "Forebygge en ufrivillig rejse", sharing.NotAsked
	return in
}

// A named item has a basis and a purpose, and nobody at the table sees it before a lead has approved it; never its writer.
func TestANamedItemWaitsForALead(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.named()
	in.Basis, in.Purpose = sharing.Anonymous, ""
	_, _, err := x.put(in)
	refused(t, err, "basis", "forum.error.basis")
	refused(t, err, "purpose", "forum.error.purpose")
	in = x.named()
	id := x.mustPut(in)
	if again := x.mustPut(in); again != id {
		t.Error("sent twice it is two")
	}
	give := func() (err error) {
		return x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.Give(ctx, tx, x.Keys, id); return err })
	}
	approve := func(who actor.Actor) error {
		return x.in(who, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") })
	}
	if err := give(); !errors.Is(err, fault.Stale) {
		t.Errorf("given before it is approved: %v", err)
	}
	for _, who := range []actor.Actor{x.Mette, x.Dennis} {
		if err := approve(who); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s approves: %v", who.Name, err)
		}
	}
	if n := len(x.sees(x.Huseyin)) + len(x.sees(x.Mette)); n != 0 {
		t.Errorf("%d see it", n)
	}
	x.must(approve(x.Jonas))
	if err := approve(x.Jonas); !errors.Is(err, fault.Stale) {
		t.Errorf("twice: %v", err)
	}
	x.must(give())
	if got := x.sees(x.Huseyin); len(got) != 1 || got[0].Purpose != "Forebygge en ufrivillig rejse" {
		t.Errorf("%+v", got)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.sharing WHERE legal_basis = 'RPL_115_SSP' AND (contact_id = $1 OR to_user = $2)`, x.police.ID, x.Huseyin.UserID); n != 2 {
		t.Errorf("%d lines in the register", n)
	}
}

// A lead who writes a named item has another lead approve it.
func TestALeadDoesNotApproveTheirOwn(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.named())
	x.Exec(t, `UPDATE app.forum_item SET put_by = $1 WHERE id = $2`, x.Jonas.UserID, id)
	err := x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") })
	refused(t, err, "words", "forum.error.another")
}

// The database gives nobody a slice that does not stand in the register for that very seat.
func TestNoSliceWithoutItsLineInTheRegister(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: user(x.Huseyin)}))
	x.Exec(t, `DELETE FROM app.forum_given WHERE seat_id <> $1`, x.seat(x.Mette))
	var police uuid.UUID
	x.Scan(t, []any{&police}, `SELECT id FROM app.sharing WHERE contact_id = $1`, x.police.ID)
	for name, c := range map[string]struct {
		seat    uuid.UUID
		sharing *uuid.UUID
	}{"none": {x.officerSeat(), nil}, "none, a colleague": {x.seat(x.Huseyin), nil}, "another's": {x.seat(x.Huseyin), &police}} {
		err := x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_given (case_id, item_id, seat_id, sharing_id, given_by) VALUES (@case, @item, @seat, @sharing, @me)`,
				db.Args{"case": x.c.ID, "item": id, "seat": c.seat, "sharing": c.sharing, "me": x.Mette.UserID})
			return err
		})
		if !db.Violates(err, "stands_in_the_register") {
			t.Errorf("%s: %v", name, err)
		}
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
