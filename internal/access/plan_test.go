package access

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Everybody's relation to every case, and its plan: who writes submits it, and a team lead who manages the case and may note answers; nobody
// else, and never who is its author.
func TestWhoSubmitsAPlanAndWhoApprovesIt(t *testing.T) {
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
	leads := map[string]bool{}
	for _, p := range people {
		leads[p.name] = p.role == "team_lead"
	}
	w.Exec(t, `UPDATE app.plan_version SET submitted_by = $1, authors = ARRAY[$1::uuid]`, id("newcomer")) // nobody's own
	decisions := 0
	for _, line := range lines[1:] {
		for i, name := range cases {
			who, letters := line[0], line[1+i]
			may := func(letters string, all string) bool {
				for _, l := range all {
					if !strings.ContainsRune(letters, l) {
						return false
					}
				}
				return true
			}
			w.in(t, who, name, func(tx pgx.Tx) error {
				for _, act := range []struct {
					what string
					want bool
					sql  string
				}{
					{"reads the plan in one piece", may(letters, "R"), `SELECT count(app.plan_now($1))`},
					{"submits", may(letters, "W"), `SELECT CASE WHEN app.submit_plan($1, 1, '') = 2 THEN 1 END`},
					{"approves", leads[who] && may(letters, "NM"), `SELECT CASE WHEN app.answer_plan($1, 1, 'approved', '') THEN 1 END`},
					{"returns", leads[who] && may(letters, "NM"), `SELECT CASE WHEN app.answer_plan($1, 1, 'returned', 'x') THEN 1 END`},
				} {
					inner, err := tx.Begin(t.Context())
					if err != nil {
						return err
					}
					got := count(t, inner, act.sql, id(name)) == 1
					_ = inner.Rollback(t.Context())
					if decisions++; got != act.want {
						t.Errorf("%s (%s), %s case: %s is %t, should be %t", who, letters, name, act.what, got, act.want)
					}
				}
				return errBack
			})
		}
	}
	t.Logf("%d decisions", decisions)
}

// A lead who has written in the plan since it was approved last does not approve it, whoever submitted it; who has only ticked a step,
// postponed one or given it to a colleague has not written it. The database sees to it, not the program.
func TestALeadDoesNotApproveWhatTheyWrote(t *testing.T) {
	t.Parallel()
	writes := map[string]bool{
		`UPDATE app.plan SET citizen_goals = 'x' WHERE case_id = $1`: true, `UPDATE app.plan SET situation = 'x' WHERE case_id = $1`: true,
		`UPDATE app.plan SET support = 'x' WHERE case_id = $1`: true, `UPDATE app.plan SET support_other = 'x' WHERE case_id = $1`: true,
		`UPDATE app.plan_phase SET aim = 'x' WHERE case_id = $1`: true, `UPDATE app.plan_phase SET title = 'x' WHERE case_id = $1`: true,
		`UPDATE app.plan_step SET title = 'x' WHERE case_id = $1`: true, `UPDATE app.plan_step SET detail = 'x' WHERE case_id = $1`: true,
		`UPDATE app.plan_step SET partner_type = 'school' WHERE case_id = $1`:                                                                                 true,
		`UPDATE app.plan_step SET status = 'skipped', skip_reason = 'x' WHERE case_id = $1`:                                                                   true,
		`INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by) SELECT $1, id, 9, 'x', auth.uid() FROM app.plan_phase WHERE case_id = $1`: true,
		`INSERT INTO app.plan_phase (case_id, plan_id, title, position) SELECT $1, id, 'x', 9 FROM app.plan WHERE case_id = $1`:                               true,
		`UPDATE app.plan_step SET due_at = now() WHERE case_id = $1`:                                                                                          false,
		`UPDATE app.plan_step SET responsible_user = auth.uid() WHERE case_id = $1`:                                                                           false,
		`UPDATE app.plan_step SET status = 'done', done_at = now(), done_by = auth.uid() WHERE case_id = $1`:                                                  false,
		`UPDATE app.plan SET next_follow_up = current_date WHERE case_id = $1`:                                                                                false,
		`UPDATE app.plan_step SET title = title, detail = detail WHERE case_id = $1`:                                                                          false,
	}
	w := newTown(t)
	c := id("restricted")
	w.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES ($1, $2, 'coworker', $2)`, c, id("team_lead"))
	for _, sql := range sorted(writes) {
		w.Exec(t, `DELETE FROM app.plan_content WHERE case_id = $1`, c)
		w.Exec(t, `DELETE FROM app.plan_version WHERE case_id = $1`, c)
		w.Exec(t, `DELETE FROM app.plan_hand WHERE case_id = $1`, c)
		w.Exec(t, `UPDATE app.plan_step SET status = 'open', skip_reason = '', done_at = NULL, done_by = NULL, title = 's', detail = '', partner_type = '' WHERE case_id = $1`, c)
		w.Exec(t, `UPDATE app.plan_phase SET title = 'p', aim = '' WHERE case_id = $1`, c)
		w.Exec(t, `UPDATE app.plan SET citizen_goals = '', situation = '', support = '', support_other = '' WHERE case_id = $1`, c)
		do := func(who, sql string, args ...any) (n int) {
			w.in(t, who, "restricted", func(tx pgx.Tx) error {
				n = count(t, tx, sql, args...)
				return nil
			})
			return n
		}
		w.in(t, "team_lead", "restricted", func(tx pgx.Tx) error {
			if _, n, err := try(t, tx, sql, c); err != nil || n == 0 {
				t.Errorf("%s: %d, %v", sql, n, err)
			}
			return nil
		})
		if n := do("responsible", `SELECT app.submit_plan($1, 0, '')`, c); n != 1 {
			t.Fatalf("submitted as %d", n)
		}
		w.in(t, "team_lead", "restricted", func(tx pgx.Tx) error {
			_, _, err := try(t, tx, `SELECT app.answer_plan($1, 1, 'approved', '')`, c)
			if refused := strings.Contains(says(err), "answered_by_another"); refused != writes[sql] || !refused && err != nil {
				t.Errorf("after %s: %v", sql, err)
			}
			return nil
		})
	}
	// The version approved, what was written before it is nobody's any more: the lead approves the next one, which another wrote.
	var approved int
	w.Scan(t, []any{&approved}, `SELECT count(*) FROM app.plan_version WHERE case_id = $1 AND state = 'approved'`, c)
	if approved != 1 { // the last of the list is no writing
		t.Fatalf("%d approved", approved)
	}
	w.Exec(t, `INSERT INTO app.plan_hand AS h (case_id, user_id, at) VALUES ($1, $2, now() - interval '1 day') ON CONFLICT (case_id, user_id) DO UPDATE SET at = EXCLUDED.at`, c, id("team_lead"))
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `UPDATE app.plan SET citizen_goals = 'y' WHERE case_id = $1 RETURNING 1`, c); n != 1 {
			t.Errorf("the co-worker writes %d", n)
		}
		if n := count(t, tx, `SELECT app.submit_plan($1, 1, '')`, c); n != 2 {
			t.Errorf("submitted as %d", n)
		}
		return nil
	})
	w.in(t, "team_lead", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT CASE WHEN app.answer_plan($1, 2, 'approved', '') THEN 1 END`, c); n != 1 {
			t.Errorf("the next version: %d", n)
		}
		return nil
	})
}

// What a version froze is what the plan said, and stays so: no login changes, adds or deletes one past the functions, and the answer is given once.
func TestAVersionOfAPlanIsNeverChanged(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("restricted")
	for _, who := range []string{"responsible", "team_lead", "coworker"} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			for _, sql := range []string{
				`UPDATE app.plan_version SET state = 'approved', answered_by = auth.uid(), answered_at = now() WHERE case_id = $1`, `UPDATE app.plan_version SET authors = '{}' WHERE case_id = $1`,
				`DELETE FROM app.plan_version WHERE case_id = $1`, `DELETE FROM app.plan_content WHERE case_id = $1`, `UPDATE app.plan_content SET content = '{}' WHERE case_id = $1`,
				`UPDATE app.plan_content SET remarks = 'x' WHERE case_id = $1`, `DELETE FROM app.plan_hand WHERE case_id = $1`, `UPDATE app.plan_hand SET at = '-infinity' WHERE case_id = $1`,
				`INSERT INTO app.plan_version (case_id, no, submitted_by, submitted_at, authors) VALUES ($1, 9, auth.uid(), now(), '{}')`,
				`INSERT INTO app.plan_content (case_id, version_id, content) SELECT $1, id, '{}' FROM app.plan_version WHERE case_id = $1`,
				`UPDATE app.plan_offer SET outcome = 'accepted' WHERE case_id = $1`, `DELETE FROM app.plan_offer WHERE case_id = $1`,
			} {
				if _, _, err := try(t, tx, sql, c); !strings.Contains(says(err), "42501") {
					t.Errorf("%s may %s: %v", who, sql, err)
				}
			}
			return errBack
		})
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		for what, sql := range map[string]string{
			"in another's name":      `INSERT INTO app.plan_offer (case_id, outcome, on_day, recorded_by) VALUES ($1, 'offered', current_date, '` + id("coworker").String() + `')`,
			"declined without words": `INSERT INTO app.plan_offer (case_id, outcome, on_day, recorded_by) VALUES ($1, 'declined', current_date, auth.uid())`,
			"offered next week":      `INSERT INTO app.plan_offer (case_id, outcome, on_day, recorded_by) VALUES ($1, 'offered', current_date + 7, auth.uid())`,
		} {
			if _, _, err := try(t, tx, sql, c); err == nil {
				t.Errorf("an offer %s", what)
			}
		}
		return errBack
	})
	// the guard's functions: answered once, and returned in words
	w.in(t, "team_lead", "restricted", func(tx pgx.Tx) error {
		if _, _, err := try(t, tx, `SELECT app.answer_plan($1, 1, 'returned', ' ')`, c); !strings.Contains(says(err), "returned_in_words") {
			t.Errorf("returned without a word: %v", err)
		}
		return nil
	})
	answer := func(who, what string) (n int) {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			n = count(t, tx, `SELECT app.answer_plan($1, 1, $2, 'x')::int`, c, what)
			return nil
		})
		return n
	}
	if n := answer("team_lead", "returned"); n != 1 {
		t.Fatalf("returned: %d", n)
	}
	if again, other, otherLead := answer("team_lead", "returned"), answer("team_lead", "approved"), answer("lead_named", "approved"); again != 1 || other != 0 || otherLead != 0 {
		t.Errorf("again %d, changed one's mind %d, another lead after that %d", again, other, otherLead)
	}
	if n := w.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'plan.returned'`, c); n != 1 {
		t.Errorf("%d events of one answer", n)
	}
	for kind, who := range map[string]string{"plan.returned": "responsible"} {
		if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE case_id = $1 AND kind = $2 AND to_user = $3`, c, kind, id(who)); n != 1 {
			t.Errorf("%s: %d notices to %s", kind, n, who)
		}
	}
}

// A submitted plan is told to the leads who may approve it, and to nobody else: not to who wrote it, nor to the excluded, nor, of a sealed
// case, to a lead who is not named.
func TestASubmittedPlanIsToldToWhoMayApproveIt(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for name, want := range map[string]string{"restricted": "Jonas Brandt-Holm,lead_named,team_lead", "sealed": "lead_named"} {
		w.in(t, "coworker", name, func(tx pgx.Tx) error {
			if n := count(t, tx, `SELECT app.submit_plan($1, 1, '')`, id(name)); n != 2 {
				t.Errorf("%s: submitted as %d", name, n)
			}
			return nil
		})
		told := w.names(t, `SELECT u.display_name FROM app.notice n JOIN auth.user_account u ON u.id = n.to_user WHERE n.case_id = $1 AND n.kind = 'plan.submitted' ORDER BY 1`, id(name))
		if got := strings.Join(told, ","); got != want {
			t.Errorf("%s: %s are told, should be %s", name, got, want)
		}
		if n := w.Count(t, `SELECT count(*) FROM app.plan_version WHERE case_id = $1 AND no = 1 AND state = 'superseded'`, id(name)); n != 1 {
			t.Errorf("%s: the version before waits on", name)
		}
	}
}

// An adult's plan is not submitted while one of the four parts of serviceloven § 12 a is missing, unless the citizen has declined it.
func TestAnAdultsPlanIsSubmittedWithItsFourParts(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("restricted")
	w.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, c)
	submit := func(want bool, when string) {
		t.Helper()
		w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
			_, _, err := try(t, tx, `SELECT app.submit_plan($1, 1, '')`, c)
			if got := err == nil; got != want || !got && !strings.Contains(says(err), "four_parts") {
				t.Errorf("%s: %v", when, err)
			}
			return errBack
		})
	}
	submit(false, "nothing is written")
	full := `UPDATE app.plan SET situation = 'a', support = 'b', support_other = 'c' WHERE case_id = $1`
	w.Exec(t, full, c)
	submit(false, "the assessment of the risk is over")
	w.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, valid_until, signed_by) VALUES (gen_random_uuid(), $1, 'own', 'red', 'x', now() + interval '1 day', $2)`, c, id("responsible"))
	submit(true, "all four")
	for _, part := range []string{"situation", "support", "support_other"} {
		w.Exec(t, `UPDATE app.plan SET `+part+` = ' ' WHERE case_id = $1`, c)
		submit(false, "without "+part)
		w.Exec(t, full, c)
	}
	w.Exec(t, `UPDATE app.plan SET situation = '' WHERE case_id = $1`, c)
	w.Exec(t, `INSERT INTO app.plan_offer (case_id, outcome, on_day, words, recorded_by, recorded_at) VALUES ($1, 'declined', current_date - 1, 'Nej tak', $2, now() + interval '1 s')`, c, id("responsible"))
	submit(true, "the citizen has declined")
	w.Exec(t, `INSERT INTO app.plan_offer (case_id, outcome, on_day, words, recorded_by, recorded_at) VALUES ($1, 'accepted', current_date - 1, '', $2, now() + interval '2 s')`, c, id("responsible"))
	submit(false, "the citizen has said yes after all")
}
