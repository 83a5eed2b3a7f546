package decision_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/prompt"
	"samspil/internal/risk"
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

func TestAnAnswerIsGivenOnceAndInOnesOwnName(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving(d.Dennis, d.Sara))
	d.must(err)
	saras, dennis := d.askOf(id, d.Sara), d.askOf(id, d.Dennis)
	for name, who := range map[string]actor.Actor{"mette": d.Mette, "dennis": d.Dennis, "jonas": d.Jonas} {
		if err := d.say(who, id, saras, "confirm", ""); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s answers for Sara: %v", name, err)
		}
	}
	for _, who := range []actor.Actor{d.Huseyin, d.Anders, d.Lone, d.Karen} {
		if err := d.say(who, id, saras, "confirm", ""); !errors.Is(err, fault.NotFound) {
			t.Errorf("a stranger answers: %v", err)
		}
	}
	d.must(d.say(d.Sara, id, saras, "insufficient", "Jeg kender ikke skolen."))
	d.must(d.say(d.Sara, id, saras, "insufficient", "Jeg kender ikke skolen.")) // sent twice
	if err := d.say(d.Sara, id, saras, "confirm", ""); !errors.Is(err, fault.Stale) {
		t.Errorf("an answer could be changed: %v", err)
	}
	// Around our own checks the database says the same.
	for name, sql := range map[string]string{
		"in Sara's name":         `INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) VALUES (@case, @dennis, 'confirm', @sara)`,
		"for Dennis":             `INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) VALUES (@case, @dennis, 'confirm', @me)`,
		"rewritten":              `UPDATE app.decision_answer SET outcome = 'confirm'`,
		"another question":       `UPDATE app.decision SET question = 'x'`,
		"gone":                   `DELETE FROM app.decision_answer`,
		"asked in Sara's name":   `INSERT INTO app.decision_ask (case_id, decision_id, user_id, asked_by) VALUES (@case, @id, @jonas, @sara)`,
		"put in Sara's name":     `INSERT INTO app.decision (case_id, kind, question, options, put_by) VALUES (@case, 'beslutning', 'x', 'x', @sara)`,
		"decided in Sara's name": `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'no', @sara)`,
		"asked by nobody":        `UPDATE app.decision_ask SET user_id = @me`,
	} {
		for who, a := range map[string]actor.Actor{"mette": d.Mette, "jonas": d.Jonas} {
			err := d.do(a, func(ctx context.Context, tx *db.Tx) error {
				for name, id := range map[string]uuid.UUID{"@case": d.c.ID, "@id": id, "@dennis": dennis, "@me": a.UserID, "@sara": d.Sara.UserID, "@jonas": d.Jonas.UserID} {
					sql = strings.ReplaceAll(sql, name, "'"+id.String()+"'")
				}
				_, err := db.Exec(ctx, tx, sql, db.Args{})
				return err
			})
			if err == nil {
				t.Errorf("%s, %s: it is taken", who, name)
			}
		}
	}
}

func TestWhoIsAskedMayOpenTheCase(t *testing.T) {
	d := newDesk(t)
	p := d.Partner(t, "school", "Åskolen", "Anders Møller") // with no part in the case
	for name, in := range map[string]decision.Input{"a stranger": moving(d.Huseyin), "an admin": moving(d.Lone), "oneself": moving(d.Mette)} {
		_, err := d.put(d.Mette, in)
		if refused(t, err, "who", "decision.error.gone"); err == nil {
			t.Errorf("%s is asked", name)
		}
	}
	in := moving()
	in.Contacts = []uuid.UUID{p.ID}
	_, err := d.put(d.Mette, in)
	refused(t, err, "who", "decision.error.gone")
	in = moving(d.Dennis)
	in.AnswerBy = time.Now().AddDate(0, 0, -1)
	_, err = d.put(d.Mette, in)
	refused(t, err, "answer_by", "decision.error.past")
	if n := d.Count(t, `SELECT count(*) FROM app.decision`); n != 0 {
		t.Errorf("%d questions are left of what was refused", n)
	}
	id, err := d.put(d.Mette, moving())
	d.must(err)
	ask := func(who actor.Actor, more decision.AskInput) error {
		return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.AskMore(ctx, tx, id, more) })
	}
	refused(t, ask(d.Mette, decision.AskInput{}), "who", "decision.error.who")
	refused(t, ask(d.Jonas, decision.AskInput{Users: []uuid.UUID{d.Mette.UserID}}), "who", "decision.error.gone") // it is her question
	d.must(ask(d.Dennis, decision.AskInput{Users: []uuid.UUID{d.Jonas.UserID}}))
	d.must(ask(d.Dennis, decision.AskInput{Users: []uuid.UUID{d.Jonas.UserID}}))
	if _, asks := d.get(id); len(asks) != 1 {
		t.Errorf("asked twice: %+v", asks)
	}
	var list *[]decision.Witness
	_, err = d.DB.ReadCase(t.Context(), d.Mette, d.c.At("beslutninger"), func(b *db.Batch) { list = decision.Witnesses(b) })
	d.must(err)
	var names []string
	for _, w := range *list {
		names = append(names, w.Name)
	}
	if fmt.Sprint(names) != "[Dennis Kjær Jonas Brandt-Holm Sara El-Khatib]" {
		t.Errorf("offered are %v", names)
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

// An afgørelse names its rules and says what becomes of the guidance on complaints; a beslutning is not asked.
func TestAnAfgoerelseCarriesWhatTheLawAsksFor(t *testing.T) {
	d := newDesk(t)
	in := moving()
	in.Kind = decision.Appealable
	id, err := d.put(d.Mette, in)
	d.must(err)
	err = d.make(d.Mette, id, atSchool)
	refused(t, err, "law", "decision.error.law")
	refused(t, err, "appeal", "decision.error.appeal")
	made := atSchool
	made.Law, made.Appeal, made.Shielded = "barnets lov § 32", decision.AppealGiven, "Hvor hun bor nu."
	err = d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'no', @me)`,
			db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
		return err
	})
	if err == nil {
		t.Error("an afgørelse is made as if it were a beslutning")
	}
	d.must(d.make(d.Mette, id, made))
	if one, _ := d.get(id); one.Law != made.Law || one.Appeal != made.Appeal || one.Shielded != made.Shielded {
		t.Errorf("made: %+v", one)
	}
}

// R1: what reaches parents or network is not decided while the risk is not assessed.
func TestNothingThatReachesTheFamilyIsDecidedBeforeTheRiskIsAssessed(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving())
	d.must(err)
	reaching := atSchool
	reaching.Family = "yes"
	refused(t, d.make(d.Mette, id, reaching), "family", "decision.error.gate")
	reaching.Family = ""
	refused(t, d.make(d.Mette, id, reaching), "family", "decision.error.family")
	raw := func() error {
		return d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'yes', @me)`,
				db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
			return err
		})
	}
	if err := raw(); !risk.At(risk.Refused(err)) {
		t.Errorf("the database lets it through: %v", err)
	}
	d.Assess(t, d.c, "yellow")
	reaching.Family = "yes"
	d.must(d.make(d.Mette, id, reaching))
}

func TestNobodyPassesOverAdviceAgainst(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving(d.Dennis))
	d.must(err)
	d.must(d.say(d.Dennis, id, d.askOf(id, d.Dennis), "advise_against", "Broren går der."))
	err = d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'no', @me)`,
			db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
		return err
	})
	if !db.Violates(err, "advised_against_says_why") {
		t.Errorf("the database lets it through: %v", err)
	}
}

// An answer that comes while the decision is made is before it or after it, and never lost in between.
func TestAnswerAndDecisionAtOnce(t *testing.T) {
	d := newDesk(t)
	for range 8 {
		id, err := d.put(d.Mette, moving(d.Dennis))
		d.must(err)
		ask := d.askOf(id, d.Dennis)
		var wg sync.WaitGroup
		var made, said error
		wg.Go(func() { made = d.make(d.Mette, id, atSchool) })
		wg.Go(func() { said = d.say(d.Dennis, id, ask, "advise_against", "Nej.") })
		wg.Wait()
		d.must(said)
		one, asks := d.get(id)
		switch {
		case errors.Is(made, fault.Stale) && one.Open():
		case made == nil && !one.Open() && !asks[0].Before(*one.MadeAt):
		default:
			t.Errorf("decided: %v; %+v, %+v", made, one, asks)
		}
	}
}

func TestADecisionIsCorrectedByAddition(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving())
	d.must(err)
	key := uuid.New()
	add := func(who actor.Actor, body string) error {
		return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.Add(ctx, tx, id, key, body) })
	}
	if err := add(d.Mette, "x"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("added to what is not decided: %v", err)
	}
	d.must(d.make(d.Mette, id, atSchool))
	refused(t, add(d.Mette, " "), "body", "decision.error.body")
	d.must(add(d.Mette, "Dagen er den 15., ikke den 14."))
	d.must(add(d.Mette, "Dagen er den 15., ikke den 14."))
	if err := add(d.Sara, "x"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is asked for advice adds: %v", err)
	}
	var list *[]decision.Addition
	_, err = d.DB.ReadCase(t.Context(), d.Mette, d.c.At("beslutninger"), func(b *db.Batch) { list = decision.Additions(b, id) })
	d.must(err)
	if len(*list) != 1 || (*list)[0].By != "Mette Lindhardt" {
		t.Errorf("additions: %+v", *list)
	}
	err = d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE app.decision_made SET choice = 'noget andet' WHERE decision_id = @id`, db.Args{"id": id})
		return err
	})
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("a decision could be rewritten: %v", err)
	}
}

// night does the work of the jobs as of a day.
func (d desk) night(day time.Time) {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.LoginURL(d.t, "samspil_job"))
	d.must(err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(d.t.Context(), `SELECT app.job_look_backs($1::date)`, day.Format(time.DateOnly))
	d.must(err)
}

func TestAfterThreeMonthsTheCaseAsksOnceHowItWent(t *testing.T) {
	d := newDesk(t)
	made, err := d.put(d.Mette, moving())
	d.must(err)
	dropped, err := d.put(d.Mette, moving())
	d.must(err)
	_, err = d.put(d.Mette, moving()) // still open
	d.must(err)
	d.must(d.make(d.Mette, made, atSchool))
	d.must(d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error { return decision.Drop(ctx, tx, dropped, "x") }))
	asked := func() (n int) {
		var list *[]prompt.Prompt
		_, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("test"), func(b *db.Batch) { list = prompt.OpenPrompts(b) })
		d.must(err)
		for _, p := range *list {
			if p.Rule == decision.LookBack {
				n++
			}
		}
		return n
	}
	day := func(n int) time.Time { return time.Now().In(i18n.Zone).AddDate(0, 0, n) }
	review := func(who actor.Actor, went, words string) error {
		return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.Review(ctx, tx, made, went, words) })
	}
	if d.night(day(decision.LookBackDays() - 1)); asked() != 0 {
		t.Error("it is asked too soon")
	}
	refused(t, review(d.Mette, "hoped", "x"), "went", "decision.error.soon")
	d.Exec(t, `UPDATE app.decision_made SET made_at = made_at - interval '90 days'`)
	d.night(day(0))
	d.night(day(1))
	if n := asked(); n != 1 {
		t.Errorf("asked %d times, want 1: not of what was dropped, not of what is open, not twice", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'prompt.raised' AND to_user = $1`, d.Mette.UserID); n != 1 {
		t.Errorf("the responsible is told %d times", n)
	}
	refused(t, review(d.Mette, "well", "x"), "went", "decision.error.went")
	refused(t, review(d.Mette, "hoped", " "), "words", "decision.error.words")
	d.must(review(d.Mette, "not", "Hun sagde ingenting på skolen."))
	d.must(review(d.Mette, "not", "Hun sagde ingenting på skolen."))
	if err := review(d.Dennis, "hoped", "x"); !errors.Is(err, fault.Stale) {
		t.Errorf("looked back twice: %v", err)
	}
	if one, _ := d.get(made); one.Went != "not" || one.WentBy != "Mette Lindhardt" || asked() != 0 {
		t.Errorf("looked back: %+v, and %d prompts", one, asked())
	}
	early, err := d.put(d.Mette, moving())
	d.must(err)
	d.must(d.make(d.Mette, early, atSchool))
	d.Exec(t, `UPDATE app.decision_made SET made_at = made_at - interval '90 days' WHERE decision_id = $1`, early)
	d.must(d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error { return decision.Review(ctx, tx, early, "early", "x") }))
	if d.night(day(200)); asked() != 0 {
		t.Error("it is asked again")
	}
}

func TestWhatHasBeenPutOrDecidedLeavesNoDraft(t *testing.T) {
	d := newDesk(t)
	in := moving()
	save := func(id, key uuid.UUID) {
		d.must(d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			return decision.SaveDraft(ctx, tx, id, key, draft.Fields{"question": {"Halvt"}})
		}))
	}
	left := func() int { return d.Count(t, `SELECT count(*) FROM app.draft`) }
	if save(uuid.Nil, in.Key); left() != 1 {
		t.Error("the draft is lost")
	}
	id, err := d.put(d.Mette, in)
	d.must(err)
	if save(uuid.Nil, in.Key); left() != 0 {
		t.Error("a draft stays of what has been put")
	}
	save(id, uuid.Nil)
	d.must(d.make(d.Mette, id, atSchool))
	if save(id, uuid.Nil); left() != 0 {
		t.Error("a draft stays of what is decided")
	}
}

func TestAnAskedColleagueWhoIsKeptOutHearsNoMoreOfIt(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving(d.Sara, d.Dennis))
	d.must(err)
	ask := d.askOf(id, d.Sara)
	d.Exec(t, `UPDATE app.case_grant SET revoked_at = now() WHERE user_id = $1`, d.Sara.UserID)
	if err := d.say(d.Sara, id, ask, "confirm", ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("she answers: %v", err)
	}
	d.must(d.make(d.Mette, id, atSchool))
	for name, who := range map[string]actor.Actor{"sara": d.Sara, "dennis": d.Dennis} {
		n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'decision.made' AND to_user = $1`, who.UserID)
		if want := map[string]int{"sara": 0, "dennis": 1}[name]; n != want {
			t.Errorf("%s is told %d times, want %d", name, n, want)
		}
	}
}
