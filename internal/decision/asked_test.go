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

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/fault"
)

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
