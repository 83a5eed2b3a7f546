package access

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Everybody's relation to every case, and their part in its decisions, as the letters of the matrix have it: who writes, or
// manages and notes, puts questions, asks, decides, adds and looks back; who may add a note and is asked answers, for
// themselves; who reads knows whom one can ask.
func TestWhoHasWhatPartInADecision(t *testing.T) {
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
	decisions := 0
	for _, line := range lines[1:] {
		for i, name := range cases {
			who, letters := line[0], line[1+i]
			decides := strings.ContainsRune(letters, 'W') || strings.ContainsRune(letters, 'N') && strings.ContainsRune(letters, 'M')
			w.in(t, who, name, func(tx pgx.Tx) error {
				other := "consulted"
				if who == other {
					other = "lead_named"
				}
				me, decision, decided := id(who), id(name+" decision"), id(name+" decided")
				for _, act := range []struct {
					what string
					want bool
					sql  string
					args []any
				}{
					{"puts", decides, `INSERT INTO app.decision (case_id, kind, question, options, put_by) VALUES ($1, 'beslutning', 'x', 'x', $2)`, []any{me}},
					{"asks", decides, `INSERT INTO app.decision_ask (case_id, decision_id, user_id, asked_by) VALUES ($1, $3, $4, $2)`, []any{me, decision, id(other)}},
					{"decides", decides, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES ($1, $3, 'beslutning', 'made', 'x', 'x', 'no', $2)`, []any{me, decision}},
					{"adds", decides, `INSERT INTO app.decision_addition (case_id, decision_id, body, added_by) VALUES ($1, $3, 'x', $2)`, []any{me, decided}},
					{"looks back", decides, `INSERT INTO app.decision_review (case_id, decision_id, went, words, reviewed_by) VALUES ($1, $3, 'not', 'x', $2)`, []any{me, decided}},
					{"answers", strings.ContainsRune(letters, 'N') && who != "responsible" && who != "coworker",
						`INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) SELECT $1, a.id, 'confirm', $2 FROM app.decision_ask a WHERE a.decision_id = $3 AND a.user_id = $2`, []any{me, decided}},
					{"reads the questions", strings.ContainsRune(letters, 'R'), `SELECT 1 FROM app.decision WHERE case_id = $1 AND id = $2`, []any{decision}},
					{"reads the answers", strings.ContainsRune(letters, 'R'), `SELECT 1 FROM app.decision_answer WHERE case_id = $1 AND ask_id = $2`, []any{id(name + " asked")}},
				} {
					_, n, err := try(t, tx, act.sql, append([]any{id(name)}, act.args...)...)
					if decisions++; (err == nil && n == 1) != act.want {
						t.Errorf("%s (%s), %s case: %s is %t, should be %t: %s", who, letters, name, act.what, !act.want, act.want, says(err))
					}
				}
				return errBack
			})
		}
	}
	t.Logf("%d decisions", decisions)
}

// In a case of one's own nobody writes in a colleague's name, and nothing that was written is changed.
func TestNobodyWritesADecisionInAColleaguesName(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, who := range []string{"responsible", "coworker", "team_lead", "consulted"} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			c, other, decision, decided := id("restricted"), id("lead_named"), id("restricted decision"), id("restricted decided")
			for sql, args := range map[string][]any{
				`INSERT INTO app.decision (case_id, kind, question, options, put_by) VALUES ($1, 'beslutning', 'x', 'x', $2)`:                                                             {c, other},
				`INSERT INTO app.decision_ask (case_id, decision_id, user_id, asked_by) VALUES ($1, $3, $4, $2)`:                                                                          {c, other, decision, id("consulted")},
				`INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES ($1, $3, 'beslutning', 'made', 'x', 'x', 'no', $2)`:           {c, other, decision},
				`INSERT INTO app.decision_addition (case_id, decision_id, body, added_by) VALUES ($1, $3, 'x', $2)`:                                                                       {c, other, decided},
				`INSERT INTO app.decision_review (case_id, decision_id, went, words, reviewed_by) VALUES ($1, $3, 'not', 'x', $2)`:                                                        {c, other, decided},
				`INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) SELECT $1, a.id, 'confirm', $2 FROM app.decision_ask a WHERE a.decision_id = $3 AND user_id = $2`: {c, other, decided},
				`INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) SELECT $1, a.id, 'confirm', $4 FROM app.decision_ask a WHERE a.decision_id = $3 AND user_id = $2`: {c, other, decided, id(who)},
				`UPDATE app.decision SET question = 'x' WHERE case_id = $1`:                                                                                                               {c},
				`UPDATE app.decision_ask SET settled_at = now() WHERE case_id = $1`:                                                                                                       {c},
				`UPDATE app.decision_answer SET outcome = 'confirm' WHERE case_id = $1`:                                                                                                   {c},
				`UPDATE app.decision_made SET choice = 'x' WHERE case_id = $1`:                                                                                                            {c},
				`DELETE FROM app.decision_answer WHERE case_id = $1`:                                                                                                                      {c},
			} {
				if _, n, err := try(t, tx, sql, args...); err == nil || !strings.HasPrefix(says(err), "42501") {
					t.Errorf("%s: %s: %d, %v", who, sql, n, err)
				}
			}
			return errBack
		})
	}
}
