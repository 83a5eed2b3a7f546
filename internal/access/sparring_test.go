package access

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/db"
)

// put sends a question about a case as its responsible does, to the newcomer, who has nothing to do with it.
const put = `SELECT app.put_sparring($1, $2, NULL, 'Hvad gør jeg?', $3, NULL, ARRAY[$4]::uuid[], '{}', (SELECT count(*)::int FROM app.protected_fact))`

// Who asks about a case writes in it or leads it, and reads its facts: as the letters of the matrix have it.
func TestWhoAsksForAdvice(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	f, err := os.Open("matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		for i, name := range cases {
			who, letters := line[0], line[1+i]
			has := func(l string) bool { return strings.Contains(letters, l) }
			other := "lead_named"
			if who == other {
				other = "coworker"
			}
			asks := has("A") && (has("W") || has("N") && has("M"))
			w.in(t, who, name, func(tx pgx.Tx) error {
				thread := id(name + " sparring")
				for sql, args := range map[string][]any{
					put: {id(name), uuid.New(), "x", id("stranger")},
					`SELECT app.ask_sparring($1, $2, ARRAY[$3]::uuid[], '{}')`:                                           {id(name), thread, id(other)},
					`SELECT app.reply_sparring($1, $2, NULL, NULL, 'x', (SELECT count(*)::int FROM app.protected_fact))`: {id(name), thread},
					`SELECT app.learn_sparring($1, $2, 'x', 'x', (SELECT count(*)::int FROM app.protected_fact))`:        {id(name), thread},
				} {
					if _, _, err := try(t, tx, sql, args...); (err == nil) != asks {
						t.Errorf("%s (%s), %s case: %s is %t, should be %t: %s", who, letters, name, sql, !asks, asks, says(err))
					}
				}
				if _, _, err := try(t, tx, `SELECT app.end_sparring($1, $2, 'yes', 'x', (SELECT count(*)::int FROM app.protected_fact))`, id(name), thread); (err == nil) != asks {
					t.Errorf("%s (%s), %s case: ends is %t, should be %t: %s", who, letters, name, !asks, asks, says(err))
				}
				return errBack
			})
		}
	}
}

// A colleague who is asked reads the question, and finds nothing that says which case it is; who is kept out of the case, is in
// another municipality or has another office reads nothing though the question is addressed to them.
func TestWhoIsAskedReadsTheQuestionAndNoCase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	thread := id("sealed sparring")
	w.as(t, "newcomer", func(tx pgx.Tx) error {
		for _, table := range []string{"app.sparring WHERE id", "app.sparring_message WHERE sparring_id", "app.sparring_named WHERE sparring_id"} {
			if n := count(t, tx, `SELECT count(*) FROM `+table+` = $1`, thread); n != 1 {
				t.Errorf("who is asked sees %d rows of %s", n, table)
			}
		}
		for _, table := range w.tables(t, hasCase+` AND n.nspname = 'app'`) {
			if n := count(t, tx, `SELECT count(*) FROM `+table); n > 0 && table != "app.notice" {
				t.Errorf("who is asked sees %d rows of %s", n, table)
			}
		}
		if n := count(t, tx, `SELECT count(*) FROM app.case_file`); n > 0 {
			t.Errorf("who is asked sees %d cases", n)
		}
		if n := count(t, tx, `SELECT count(*) FROM app.sparring_ask WHERE contact_id IS NOT NULL`); n > 0 {
			t.Errorf("who is asked sees which %d partners are", n)
		}
		if _, n, err := try(t, tx, `SELECT app.say_sparring($1, NULL, 'answer', 'Godt')`, thread); err != nil || n != 1 {
			t.Errorf("who is asked cannot answer: %v", err)
		}
		for _, sql := range []string{`SELECT app.end_sparring(NULL, $1, 'yes', 'x', 0)`, `SELECT app.sparring_colleagues($1)`, `UPDATE app.sparring SET body = 'x' WHERE id = $1`, `INSERT INTO app.sparring_ask (sparring_id, user_id, asked_by) VALUES ($1, $1, $1)`,
			`INSERT INTO app.sparring_learning (sparring_id, municipality, title, body, proposed_by) VALUES ($1, 999, 'x', 'x', $1)`, `DELETE FROM app.sparring_message WHERE sparring_id = $1`} {
			if _, n, err := try(t, tx, sql, thread); err == nil && n > 0 {
				t.Errorf("who is asked does %s", sql)
			}
		}
		return errBack
	})
	for _, who := range []string{"excl_responsible", "foreign", "admin", "stranger", "team_mate", "nobody"} {
		w.as(t, who, func(tx pgx.Tx) error {
			for _, table := range []string{"app.sparring", "app.sparring_ask", "app.sparring_message", "app.sparring_named", "app.sparring_case", "app.sparring_learning"} {
				if n := count(t, tx, `SELECT count(*) FROM `+table); n > 0 {
					t.Errorf("%s sees %d rows of %s", who, n, table)
				}
			}
			for _, x := range []uuid.UUID{thread, nowhere} { // an id that is right and one that is wrong say the same
				if _, _, err := try(t, tx, `SELECT app.say_sparring($1, NULL, 'answer', 'x')`, x); err == nil || !strings.HasPrefix(says(err), "42501") {
					t.Errorf("%s answers: %s", who, says(err))
				}
			}
			return errBack
		})
	}
}

// Nobody who is kept out of a case is asked about it, or offered; and what names somebody of the case, or was not compared with
// every protected fact, does not leave, whatever the program says.
func TestWhatTheDatabaseKeepsBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		c := id("restricted")
		rows, _, err := try(t, tx, `SELECT id::text FROM app.sparring_colleagues($1)`, c)
		if err != nil || !strings.Contains(rows, id("stranger").String()) {
			t.Fatalf("colleagues: %s %v", rows, err)
		}
		for _, who := range []string{"excl_responsible", "excl_team_lead", "foreign", "admin", "auditor", "inactive", "responsible"} {
			if strings.Contains(rows, id(who).String()) {
				t.Errorf("%s is offered", who)
			}
			if _, _, err := try(t, tx, put, c, uuid.New(), "x", id(who)); !strings.Contains(says(err), "23514") {
				t.Errorf("%s is asked: %s", who, says(err))
			}
		}
		for _, text := range []string{"Amira er bange", "Det er Amiras bror", "CPR 010110-1234"} {
			if _, _, err := try(t, tx, put, c, uuid.New(), text, id("stranger")); !strings.Contains(says(err), "23514") {
				t.Errorf("%q leaves: %s", text, says(err))
			}
		}
		if _, _, err := try(t, tx, `SELECT app.put_sparring($1, $2, NULL, 'x', 'x', NULL, ARRAY[$3]::uuid[], '{}', 0)`, c, uuid.New(), id("stranger")); !strings.Contains(says(err), "23514") {
			t.Errorf("without a look: %s", says(err))
		}
		fresh := uuid.New()
		if _, _, err := try(t, tx, put, c, fresh, "En ung er bange", id("stranger")); err != nil {
			t.Fatal(err)
		}
		const name = `SELECT app.name_sparring($1, $2, 'Amira er bange', $3, 'x', $4, (SELECT count(*)::int FROM app.protected_fact))`
		for _, x := range [][]any{{c, fresh, "ANONYMOUS", "yes"}, {c, fresh, "", "yes"}, {c, fresh, "CONSENT", "no"}, {c, id("restricted sparring"), "CONSENT", "yes"}} { // the last has a partner, of whom the register knows nothing
			if _, _, err := try(t, tx, name, x...); !strings.Contains(says(err), "23514") {
				t.Errorf("named on %v: %s", x[2:], says(err))
			}
		}
		partners := uuid.New()
		if _, _, err := try(t, tx, `SELECT app.put_sparring($1, $2, NULL, 'x', 'x', NULL, '{}', ARRAY(SELECT a.contact_id FROM app.sparring_ask a WHERE a.contact_id IS NOT NULL LIMIT 1), (SELECT count(*)::int FROM app.protected_fact))`, c, partners); err != nil {
			t.Fatal(says(err))
		}
		if _, _, err := try(t, tx, name, c, partners, "CRIME_REPORT", "no"); !strings.Contains(says(err), "named_is_registered") {
			t.Errorf("a partner reads names, and the register knows nothing: %s", says(err))
		}
		if _, _, err := try(t, tx, name, c, fresh, "VITAL_INTEREST", "yes"); !strings.Contains(says(err), "23514") {
			t.Errorf("a colleague without access reads names, and the register knows nothing: %s", says(err))
		}
		if _, _, err := try(t, tx, `INSERT INTO app.sharing (case_id, direction, to_user, what, legal_basis, purpose, purpose_code, compass, compass_fits, happened_on, facts_scanned, written_by) SELECT $1, 'out', $2, 'x', 'VITAL_INTEREST', 'x', 'danger', '2', true, '2026-01-02', count(*), $3 FROM app.protected_fact`,
			c, id("stranger"), id("responsible")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := try(t, tx, name, c, fresh, "VITAL_INTEREST", "yes"); err != nil {
			t.Errorf("named, with a line in the register: %s", says(err))
		}
		const more = `SELECT app.ask_sparring($1, $2, ARRAY[$3]::uuid[], '{}')`
		if _, _, err := try(t, tx, more, c, fresh, id("newcomer")); !strings.Contains(says(err), "23514") {
			t.Errorf("a colleague without access is asked by name, and the register knows nothing: %s", says(err))
		}
		if _, _, err := try(t, tx, more, c, fresh, id("coworker")); err != nil {
			t.Errorf("who may open the case is asked: %s", says(err))
		}
		if _, _, err := try(t, tx, `SELECT app.reply_sparring($1, $2, NULL, $3, 'x', (SELECT count(*)::int FROM app.protected_fact))`, c, fresh, id("restricted sparringask")); err == nil {
			t.Error("an answer is written down in a thread of another ask")
		}
		return errBack
	})
	w.in(t, "responsible", "sealed", func(tx pgx.Tx) error {
		fresh := uuid.New()
		if _, _, err := try(t, tx, put, id("sealed"), fresh, "x", id("stranger")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := try(t, tx, `SELECT app.name_sparring($1, $2, 'x', 'CONSENT', 'x', 'yes', (SELECT count(*)::int FROM app.protected_fact))`, id("sealed"), fresh); !db.Violates(err, "sealed_stays_anonymous") {
			t.Errorf("a stranger reads a sealed case by name: %s", says(err))
		}
		return errBack
	})
}

// A learning is published by a lead who has not written it; who is kept out of its case does not see the proposal.
func TestAnotherPublishesALearning(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var learning uuid.UUID
	w.Scan(t, []any{&learning}, `SELECT id FROM app.sparring_learning WHERE sparring_id = $1`, id("restricted sparring"))
	const judge = `SELECT app.judge_learning($1, true, '')`
	for _, who := range []string{"responsible", "coworker", "stranger", "excl_team_lead", "other_team_lead", "foreign_lead", "demoted_lead", "admin", "specialist"} {
		w.as(t, who, func(tx pgx.Tx) error {
			if rows, _, err := try(t, tx, judge, learning); err == nil && strings.Contains(rows, "true") {
				t.Errorf("%s publishes", who)
			}
			return errBack
		})
	}
	w.Exec(t, `UPDATE app.sparring_learning SET proposed_by = $1 WHERE id = $2`, id("team_lead"), learning)
	w.as(t, "team_lead", func(tx pgx.Tx) error {
		if rows, _, _ := try(t, tx, judge, learning); strings.Contains(rows, "true") {
			t.Error("the writer publishes")
		}
		return errBack
	})
	w.as(t, "other_team_lead", func(tx pgx.Tx) error {
		if rows, _, err := try(t, tx, judge, learning); err != nil || !strings.Contains(rows, "true") {
			t.Errorf("another lead cannot publish what the lead has written: %s %v", rows, err)
		}
		return nil
	})
	for who, sees := range map[string]bool{"stranger": true, "specialist": true, "excl_responsible": true, "foreign": false, "admin": false, "auditor": false} {
		w.as(t, who, func(tx pgx.Tx) error {
			if n := count(t, tx, `SELECT count(*) FROM app.sparring_learning WHERE id = $1`, learning); (n == 1) != sees {
				t.Errorf("%s sees the published learning: %t", who, !sees)
			}
			return nil
		})
	}
}
