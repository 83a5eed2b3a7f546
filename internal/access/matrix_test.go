package access

import (
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Tables that are not "the content": who may see their rows is another letter, or another rule.
var apart = map[string]string{
	"app.case_exclusion": "M", "app.unseal_request": "M", "audit.event": "M",
	"app.protected_fact": "A",
	"app.sharing_hit":    "A",
	"app.notice":         "of the person it is to", "app.draft": "of the person who writes it",
}

// Tables whose rows are listed without opening the case, for exactly those who may open it.
var listed = []string{
	"app.citizen_label",
	"app.plan_step",
	"app.involvement",
	"app.deadline",
	"app.check_in",
	"app.prompt",
	"app.plan_version",
	"app.decision_ask",
	"app.sparring_case",
}

// Every relation to a case, at every level, open and closed, and every right: as matrix.csv says.
func TestPermissionMatrix(t *testing.T) {
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
	contents := w.tables(t, hasCase+` AND n.nspname = 'app'`)
	contents = slices.DeleteFunc(contents, func(table string) bool { return apart[table] != "" })
	if len(contents) < 12 || !slices.Equal(lines[0][1:], cases) {
		t.Fatalf("%d tables, columns %v", len(contents), lines[0])
	}
	decisions := 0
	for _, line := range lines[1:] {
		for i, name := range cases {
			got, want := w.probe(t, line[0], name, contents), strings.Trim(line[1+i], "-")
			if decisions += 8; got != want {
				t.Errorf("%s, %s case: may %q, should %q", line[0], name, got, want)
			}
		}
	}
	for _, p := range people {
		if p.name != "newcomer" && p.name != "excl_auditor" && !slices.ContainsFunc(lines, func(l []string) bool { return l[0] == p.name }) {
			t.Errorf("%s is missing in matrix.csv", p.name)
		}
	}
	t.Logf("%d decisions", decisions)
}

// probe tries every right of who to a case, and returns the letters of those that worked.
func (w *town) probe(t *testing.T, who, name string, contents []string) string {
	t.Helper()
	c, letters := id(name), map[byte]bool{}
	// has tells whether somebody may; every way of asking must give the same answer.
	has := func(letter byte, how string, ok bool) {
		if before, asked := letters[letter]; asked && before != ok {
			t.Errorf("%s, %s case: %c is %t, but %t by way of %s", who, name, letter, before, ok, how)
		}
		letters[letter] = ok
	}
	sees := func(tx pgx.Tx, table string) bool {
		return count(t, tx, `SELECT count(*) FROM `+table+` WHERE case_id = $1`, c) > 0
	}
	before := map[string]bool{}
	w.as(t, who, func(tx pgx.Tx) error {
		has('L', "list", count(t, tx, `SELECT count(*) FROM app.case_file WHERE id = $1`, c) == 1)
		for _, table := range slices.Concat(contents, sorted(apart)) {
			before[table] = sees(tx, table)
		}
		return nil
	})
	w.in(t, who, name, func(tx pgx.Tx) error {
		for _, table := range contents {
			has('R', table, sees(tx, table))
		}
		for _, table := range listed {
			has('R', table+" unopened", before[table])
		}
		has('A', "facts", sees(tx, "app.protected_fact"))
		has('A', "where facts stand", sees(tx, "app.sharing_hit"))
		_, n, err := try(t, tx, `SELECT app.reveal_fact($1, $2, 'contact')`, c, id(name+" fact"))
		has('A', "reveal_fact", err == nil && n == 1)
		_, n, err = try(t, tx, `SELECT app.reveal_cpr($1, $2)`, c, id(name+" person"))
		has('A', "reveal_cpr", err == nil && n == 1)
		w.tryWriting(t, tx, who, name, has)
		for _, table := range []string{"app.case_exclusion", "app.unseal_request", "audit.event"} {
			if who != "auditor" {
				has('M', table, sees(tx, table))
			}
		}
		_, _, err = try(t, tx, `SELECT app.grant_access($1, $2, 'coworker', NULL, 'test')`, c, id("newcomer"))
		has('M', "grant_access", err == nil)
		rights := count(t, tx, `SELECT auth.perms($1)`, c)
		for i, letter := range []byte("LRAWNMX") {
			has(letter, "perms", rights > 0 && rights&(1<<i) != 0)
		}
		return errBack
	})
	w.as(t, who, func(tx pgx.Tx) error {
		found := func(number, text string, cpr any) bool {
			return count(t, tx, `SELECT count(*) FROM app.find_cases($1, $2, $3) WHERE case_id = $4`, number, text, cpr, c) > 0
		}
		has('S', "name", found("", word(name), nil))
		has('S', "number", found(number(name), "", nil))
		var cpr []byte
		w.Scan(t, []any{&cpr}, `SELECT sha256($1::text::bytea)`, word(name))
		has('S', "cpr", found("", "", cpr))
		has('S', "candidate by name", count(t, tx, `SELECT count(*) FROM app.find_candidates($1, NULL, NULL) WHERE id = $2`, word(name), c) > 0)
		has('S', "candidate by cpr", count(t, tx, `SELECT count(*) FROM app.find_candidates('', $1, NULL) WHERE id = $2`, cpr, c) > 0)
		return errBack
	})
	for table, seen := range before {
		if seen && !slices.Contains(listed, table) && table != "app.case_grant" && table != "app.case_event" && apart[table] != "of the person it is to" &&
			(table != "audit.event" || who != "auditor") {
			t.Errorf("%s reads %s of the %s case without opening it", who, table, name)
		}
	}
	var b strings.Builder
	for _, letter := range []byte("LRAWNMXS") {
		if letters[letter] {
			b.WriteByte(letter)
		}
	}
	return b.String()
}

// tryWriting changes and adds a row of every kind.
func (w *town) tryWriting(t *testing.T, tx pgx.Tx, who, name string, has func(byte, string, bool)) {
	t.Helper()
	me := id(who)
	writes := map[string][]any{
		`UPDATE app.case_file SET severity = 'red' WHERE id = $1`:                                                 nil,
		`UPDATE app.citizen_label SET calling_name = 'x' WHERE case_id = $1`:                                      nil,
		`UPDATE app.person SET note = 'x' WHERE case_id = $1`:                                                     nil,
		`UPDATE app.case_profile SET situation = 'x' WHERE case_id = $1`:                                          nil,
		`UPDATE app.safe_contact SET never = 'x' WHERE case_id = $1`:                                              nil,
		`UPDATE app.protected_fact SET retired_at = now() WHERE case_id = $1`:                                     nil,
		`UPDATE app.involvement SET answer = 'x' WHERE case_id = $1`:                                              nil,
		`UPDATE app.plan SET citizen_goals = 'x' WHERE case_id = $1`:                                              nil,
		`UPDATE app.plan_phase SET aim = 'x' WHERE case_id = $1`:                                                  nil,
		`UPDATE app.plan_step SET detail = 'x' WHERE case_id = $1`:                                                nil,
		`INSERT INTO app.severity_choice (case_id, level, reason, set_by) VALUES ($1, 'red', 'x', $2)`:            {me},
		`UPDATE app.deadline SET due_at = due_at + interval '1 s' WHERE case_id = $1`:                             nil,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, changed_by) VALUES ($1, $2, 'resumed', $3)`: {id(name + " deadline"), me},
		`INSERT INTO app.deadline (case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		 VALUES ($1, 'X', 'x', now(), now(), 1, 'days', '', '', '', false, 'local', false, false, false, now(), $2)`: {me},
		`INSERT INTO app.person (case_id, name) VALUES ($1, 'x')`:                                                                                                                               nil,
		`INSERT INTO app.plan_phase (case_id, plan_id, title, position) VALUES ($1, $2, 'x', 2)`:                                                                                                {id(name + " plan")},
		`INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by) VALUES ($1, 'y', 'x', $2)`:                                                                                  {me},
		`INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by) VALUES ($1, $2, 2, 'x', $3)`:                                                                                {id(name + " phase"), me},
		`INSERT INTO app.protected_fact (case_id, person_id, kind, ciphertext, set_by) VALUES ($1, $2, 'school', '\x00', $3)`:                                                                   {id(name + " person"), me},
		`UPDATE app.prompt SET reason = 'x' WHERE case_id = $1`:                                                                                                                                 nil,
		`INSERT INTO app.safety_plan (case_id, version, if_worse, if_not_back, agreed_on, written_by) VALUES ($1, 2, 'x', 'x', current_date, $2)`:                                               {me},
		`UPDATE app.plan SET situation = 'x', support = 'x', support_other = 'x' WHERE case_id = $1`:                                                                                            nil,
		`INSERT INTO app.plan_offer (case_id, outcome, on_day, recorded_by) VALUES ($1, 'offered', current_date, $2)`:                                                                           {me},
		`INSERT INTO app.safety_contact (case_id, plan_id, position, who, how) VALUES ($1, $2, 2, 'x', 'x')`:                                                                                    {id(name + " safety")},
		`INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES ($1, now(), 30, 'x', $2, 'x', $2)`:                                     {me},
		`INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, valid_until, signed_by) VALUES (gen_random_uuid(), $1, 'own', 'red', 'x', now() + interval '1 day', $2)`:            {me},
		`INSERT INTO app.sign_seen (case_id, observation, source, noted_by) VALUES ($1, 'x', 'own', $2)`:                                                                                        {me},
		`INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) VALUES ($1, 'threats', 1, ARRAY[$2::uuid], true, 'x', $2)`:               {me},
		`INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), $1, 'clarification', 'x', true, 'x', 'suspicion', $2)`: {me},
	}
	for _, sql := range sorted(writes) {
		_, n, err := try(t, tx, sql, append([]any{id(name)}, writes[sql]...)...)
		has('W', sql, err == nil && n > 0)
	}
	w.trySharing(t, tx, who, name, has)
	_, n, err := try(t, tx, `INSERT INTO app.note (case_id, kind, body, author, family) VALUES ($1, 'call', 'x', $2, 'no')`, id(name), me)
	has('N', "note", err == nil && n == 1)
	_, n, err = try(t, tx, `INSERT INTO app.draft (case_id, user_id, form, fields) VALUES ($1, $2, 'x', '{}')`, id(name), me)
	has('N', "draft", err == nil && n == 1)
	if who != "responsible" && who != "coworker" { // who has signed it, and who has confirmed it already
		_, n, err = try(t, tx, `INSERT INTO app.risk_confirmation (id, case_id, assessment_id, outcome, confirmed_by) VALUES (gen_random_uuid(), $1, $2, 'confirm', $3)`, id(name), id(name+" risk"), me)
		has('N', "confirmation", err == nil && n == 1)
	}
	// only to one's own note: the one that has just been written
	own := ` FROM app.note n WHERE n.case_id = $1 AND n.author = $2 LIMIT 1`
	_, n, err = try(t, tx, `INSERT INTO app.note_spoken (case_id, note_id, person_id) SELECT $1, n.id, $3`+own, id(name), me, id(name+" person"))
	has('N', "spoken", err == nil && n == 1)
	_, n, err = try(t, tx, `INSERT INTO app.note_step (case_id, note_id, step_id, action) SELECT $1, n.id, $3, 'added'`+own, id(name), me, id(name+" step"))
	has('W', "note_step", err == nil && n == 1)
}
