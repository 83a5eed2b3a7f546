package decision_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// desk is an office with a child's case: Mette has it, Dennis works on it too, Sara is asked for advice, Jonas leads the team.
type desk struct {
	*testkit.Office
	t testing.TB
	c testkit.CaseFile
}

func newDesk(t testing.TB) desk {
	o := testkit.NewOffice(t)
	d := desk{o, t, o.Case(t, o.Mette, 1)}
	o.Grant(t, d.c, o.Dennis, "coworker")
	o.Grant(t, d.c, o.Sara, "consulted")
	return d
}

func (d desk) do(who actor.Actor, fn func(context.Context, *db.Tx) error) error {
	d.t.Helper()
	return d.DB.InCase(d.t.Context(), who, d.c.At("beslutninger"), func(tx *db.Tx) error { return fn(d.t.Context(), tx) })
}

func (d desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// moving is a question about the process, put before some of the office.
func moving(who ...actor.Actor) decision.Input {
	in := decision.Input{Key: uuid.New(), Kind: decision.Process, Question: "Skal samtalen flyttes til skolen?", Options: "Skolen\nKommunen\nIngen samtale endnu", Leaning: "Skolen: der er en voksen, hun stoler på."}
	for _, w := range who {
		in.Users = append(in.Users, w.UserID)
	}
	return in
}

func (d desk) put(who actor.Actor, in decision.Input) (id uuid.UUID, err error) {
	d.t.Helper()
	err = d.do(who, func(ctx context.Context, tx *db.Tx) (err error) { id, err = decision.Put(ctx, tx, in); return err })
	return id, err
}

func (d desk) get(id uuid.UUID) (decision.Decision, []decision.Ask) {
	d.t.Helper()
	var one *decision.Decision
	var asks *[]decision.Ask
	_, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("beslutninger"), func(b *db.Batch) { one, asks = decision.Get(b, id), decision.Asks(b, id) })
	d.must(err)
	return *one, *asks
}

// askOf is the question to somebody.
func (d desk) askOf(id uuid.UUID, who actor.Actor) uuid.UUID {
	d.t.Helper()
	_, asks := d.get(id)
	for _, a := range asks {
		if a.Of(who.UserID) {
			return a.ID
		}
	}
	d.t.Fatalf("%s is not asked", who.UserID)
	return uuid.Nil
}

func (d desk) say(who actor.Actor, id, ask uuid.UUID, outcome, remarks string) error {
	d.t.Helper()
	return d.do(who, func(ctx context.Context, tx *db.Tx) error {
		return decision.Say(ctx, tx, id, ask, decision.AnswerInput{Outcome: outcome, Remarks: remarks})
	})
}

func (d desk) make(who actor.Actor, id uuid.UUID, in decision.MadeInput) error {
	d.t.Helper()
	return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.Make(ctx, tx, id, in) })
}

var atSchool = decision.MadeInput{Choice: "Samtalen er på skolen.", Reason: "Der er en voksen, hun stoler på.", Family: "no"}

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("got %v (%v), want %s: %s", err, map[string]string(bad), field, key)
	}
}

func TestADecisionStandsBesideWhatItsWitnessesSaid(t *testing.T) {
	d := newDesk(t)
	p := d.Partner(t, "school", "Åskolen", "Anders Møller")
	d.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', $4)`, d.c.ID, p.OrganisationID, p.ID, d.Mette.UserID)
	in := moving(d.Dennis, d.Sara, d.Jonas)
	in.Contacts, in.AnswerBy = []uuid.UUID{p.ID}, time.Now().AddDate(0, 0, 2)
	id, err := d.put(d.Mette, in)
	d.must(err)
	if again, err := d.put(d.Mette, in); err != nil || again != id {
		t.Errorf("sent twice it is %v, %v, want %v", again, err, id)
	}
	one, asks := d.get(id)
	if !one.Open() || one.Asked != 4 || one.Answered != 0 || one.Question != in.Question || one.PutBy != "Mette Lindhardt" || len(asks) != 4 || asks[0].AnswerBy == nil {
		t.Fatalf("as it was put: %+v\n%+v", one, asks)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'decision.asked' AND case_id = $1`, d.c.ID); n != 3 {
		t.Errorf("%d are told that they are asked, want 3", n)
	}

	for outcome, remarks := range map[string]string{"confirm_remarks": " ", "advise_against": "", "insufficient": "\n"} {
		refused(t, d.say(d.Dennis, id, d.askOf(id, d.Dennis), outcome, remarks), "remarks", "decision.error.remarks")
	}
	refused(t, d.say(d.Dennis, id, d.askOf(id, d.Dennis), "maybe", "x"), "outcome", "decision.error.outcome")
	d.must(d.say(d.Dennis, id, d.askOf(id, d.Dennis), "confirm", ""))
	d.must(d.say(d.Sara, id, d.askOf(id, d.Sara), "advise_against", "Hendes bror går på skolen."))
	for _, a := range asks {
		if a.ContactID != nil {
			err := d.do(d.Sara, func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) VALUES (@case, @ask, 'confirm', @me)`, db.Args{"case": d.c.ID, "ask": a.ID, "me": d.Sara.UserID})
				return err
			})
			if !errors.Is(err, fault.Forbidden) {
				t.Errorf("the database lets who is asked for advice answer for a partner: %v", err)
			}
			if err := d.say(d.Sara, id, a.ID, "confirm", ""); !errors.Is(err, fault.Forbidden) {
				t.Errorf("who is asked for advice answers for a partner: %v", err)
			}
			d.must(d.say(d.Dennis, id, a.ID, "confirm_remarks", "Vi kan stille et lokale til rådighed."))
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'decision.answered' AND to_user = $1`, d.Mette.UserID); n != 3 {
		t.Errorf("who asked is told of %d answers, want 3", n)
	}

	against := atSchool
	against.Seen = 3
	refused(t, d.make(d.Mette, id, against), "despite", "decision.error.despite")
	against.Despite = "Broren er på en anden afdeling den dag."
	against.Seen = 2
	if err := d.make(d.Mette, id, against); !errors.Is(err, fault.Stale) {
		t.Errorf("decided without having read an answer: %v", err)
	}
	against.Seen = 3
	d.must(d.make(d.Mette, id, against))
	d.must(d.make(d.Mette, id, against)) // the form, sent twice
	other := against
	other.Choice = "Ingen samtale."
	if err := d.make(d.Dennis, id, other); !errors.Is(err, fault.Stale) {
		t.Errorf("decided a second time: %v", err)
	}

	one, asks = d.get(id)
	if one.Ending != decision.Made || one.Choice != against.Choice || one.Despite != against.Despite || one.Family != "no" || one.MadeBy != "Mette Lindhardt" || one.Against != 1 || one.Answered != 3 {
		t.Errorf("as it was made: %+v", one)
	}
	if len(asks) != 4 || asks[0].Outcome != decision.AdvisesAgainst || asks[0].Name != "Sara El-Khatib" || asks[3].Name != "Jonas Brandt-Holm" || asks[3].Answered() {
		t.Errorf("who advises against does not come first, who has not answered not last: %+v", asks)
	}
	for _, a := range asks {
		if a.ContactID != nil && (a.WrittenBy != "Dennis Kjær" || a.Organisation != "Åskolen" || !a.External || !a.Before(*one.MadeAt)) {
			t.Errorf("the partner's answer does not say who wrote it down: %+v", a)
		}
	}
	d.must(d.say(d.Jonas, id, d.askOf(id, d.Jonas), "confirm", "")) // late, and it says so
	if _, asks = d.get(id); asks[3].Name != "Jonas Brandt-Holm" || asks[3].Before(*one.MadeAt) {
		t.Errorf("an answer that came after the decision looks as if it came before: %+v", asks)
	}
}

func TestWhoMakesDecisions(t *testing.T) {
	d := newDesk(t)
	for name, who := range d.People() {
		id, err := d.put(who, moving())
		want, ok := map[string]error{"mette": nil, "dennis": nil, "jonas": nil, "sara": fault.Forbidden, "nobody": fault.SignedOut}[name]
		if !ok {
			want = fault.NotFound
		}
		if !errors.Is(err, want) {
			t.Errorf("%s puts a question: %v, want %v", name, err, want)
		}
		if want == nil {
			d.must(d.make(who, id, atSchool))
		}
	}
	id, err := d.put(d.Mette, moving(d.Sara))
	d.must(err)
	if err := d.make(d.Sara, id, atSchool); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is asked for advice decides: %v", err)
	}
	drop := func(who actor.Actor, why string) error {
		return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.Drop(ctx, tx, id, why) })
	}
	refused(t, drop(d.Mette, " "), "drop_reason", "decision.error.drop")
	d.must(drop(d.Mette, "Skolen har selv aflyst."))
	if err := d.make(d.Mette, id, atSchool); !errors.Is(err, fault.Stale) {
		t.Errorf("a dropped question is decided: %v", err)
	}
	if err := d.say(d.Sara, id, d.askOf(id, d.Sara), "confirm", ""); !errors.Is(err, fault.Stale) {
		t.Errorf("a dropped question is answered: %v", err)
	}
	if one, _ := d.get(id); one.Ending != decision.Dropped || one.Reason != "Skolen har selv aflyst." {
		t.Errorf("dropped: %+v", one)
	}
}
