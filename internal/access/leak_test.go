package access

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Tables that everybody in the municipality may read: who works here, and whom one may call.
var open = []string{"app.municipality", "app.team", "app.team_member", "auth.user_account", "app.photo", "app.organisation", "app.contact_person",
	"app.contact_hours", "app.directory_change", "app.reference_item", "app.deadline_rule", "app.office_setting", "app.deadline_rule_change", "app.office_setting_change", "app.screening_rule", "app.plan_template_version", "app.plan_template_retired",
	"app.forum", "app.plan_rule"}

func TestEveryTableHasSomethingToLeak(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "responsible", "sealed", func(tx pgx.Tx) error { // a line in the trail, with a reason in its detail
		_, err := tx.Exec(t.Context(), `SELECT app.grant_access($1, $2, 'coworker', NULL, 'because')`, id("sealed"), id("newcomer"))
		return err
	})
	for _, table := range w.tables(t, "c.relkind IN ('r','p')") {
		if w.Count(t, `SELECT count(*) FROM `+table) == 0 {
			t.Errorf("%s is empty in the fixture, so nothing proves that its rows are safe: add a row in town_test.go", table)
		}
	}
	for _, table := range w.tables(t, hasCase+" AND n.nspname = 'app'") {
		if _, ok := content[table]; !ok {
			t.Errorf("%s belongs to a case and has no row in [content]", table)
		}
	}
}

// A forgotten WHERE, a forgotten begin, a forgotten open: nothing comes out, of every table there is.
func TestForgottenWhereLeaksNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	tables := w.tables(t, "true")
	w.in(t, "responsible", "restricted", func(pgx.Tx) error { return nil }) // so that the trail has lines
	all := map[string]int{}
	for _, table := range tables {
		all[table] = w.Count(t, `SELECT count(*) FROM `+table)
	}
	see := func(who string, allowed ...string) {
		w.as(t, who, func(tx pgx.Tx) error {
			for _, table := range tables {
				if n := count(t, tx, `SELECT count(*) FROM `+table); n > 0 && !slices.Contains(allowed, table) {
					t.Errorf("%s sees %d of %d rows of %s", who, n, all[table], table)
				}
			}
			return nil
		})
	}
	see("nobody")
	see("inactive")
	see("locked")
	see("no_session")
	for _, who := range []string{"stranger", "specialist", "foreign", "foreign_lead", "foreign_granted", "other_team_lead", "excl_responsible", "excl_team_lead",
		"former_mate", "revoked", "consulted_expired", "not_yet"} {
		see(who, open...)
	}
	for _, who := range []string{"admin", "admin_granted"} {
		see(who, append(slices.Clone(open), "app.correction", "app.plan_template_draft", "app.absence", "app.reminder_setting")...)
	}
	see("auditor", append(slices.Clone(open), "audit.event")...)
	see("visiting_lead", append(slices.Clone(open), "app.case_file")...)
	see("team_mate", append(slices.Clone(open), "app.case_file")...)

	// Who works on cases sees, unopened, the lists and nothing of the content.
	lists := slices.Concat(open, listed, []string{"app.case_file", "app.report"})
	see("team_lead", append(slices.Clone(lists), "app.sparring_learning")...)                                                        // what is proposed waits for a lead
	lists = append(lists, "app.sparring", "app.sparring_ask", "app.sparring_message", "app.sparring_named", "app.sparring_learning") // their own questions
	see("responsible", append(lists, "app.case_grant", "app.case_event", "app.notice", "app.correction", "app.search_token", "app.registration", "app.report_draft", "app.mail_wish", "app.mail_digest", "app.calendar_feed")...)

	// One case is open: content of that case only.
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		for _, table := range w.tables(t, hasCase) {
			if slices.Contains(listed, table) || slices.Contains([]string{"app.case_grant", "app.case_event", "app.notice"}, table) {
				continue
			}
			if n := count(t, tx, `SELECT count(DISTINCT case_id) FROM `+table); n > 1 {
				t.Errorf("%s shows %d cases though one is open", table, n)
			}
		}
		return nil
	})
	// Own grants only, where the case is not open.
	w.as(t, "coworker", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.case_grant WHERE user_id <> $1`, id("coworker")); n != 0 {
			t.Errorf("a co-worker sees %d grants of others without opening the case", n)
		}
		return nil
	})
	// The identity does not survive on the pooled connection.
	for range 20 {
		w.as(t, "responsible", func(pgx.Tx) error { return nil })
		var n int
		if err := w.app.QueryRow(t.Context(), `SELECT count(*) FROM app.case_file`).Scan(&n); err != nil || n != 0 {
			t.Fatalf("the identity survived its transaction: %d cases, %v", n, err)
		}
	}
}

// What is hidden and what does not exist are the same to the eye: rows, SQLSTATE, message, detail, constraint.
func TestHiddenEqualsNonExistent(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, who := range []string{"stranger", "specialist", "team_lead", "team_mate", "excl_responsible", "excl_team_lead", "admin", "admin_granted", "auditor", "foreign", "foreign_granted", "nobody"} {
		w.as(t, who, func(tx pgx.Tx) error {
			for _, sql := range probes {
				hidden := map[string]any{"case": id("sealed"), "ref": ref("sealed"), "number": number("sealed"), "word": word("sealed")}
				missing := map[string]any{"case": nowhere, "ref": nowhereRef, "number": "2031-zzzzzz", "word": "xyzzynowhere"}
				for _, row := range []string{"person", "fact", "plan", "phase", "step", "note", "deadline", "decision", "asked"} {
					hidden[row], missing[row] = id("sealed "+row), nowhere
				}
				for _, args := range []map[string]any{hidden, missing} {
					args["me"], args["other"] = id(who), id("newcomer")
				}
				if a, b := w.answer(t, tx, sql, hidden), w.answer(t, tx, sql, missing); a != b {
					t.Errorf("%s can tell a hidden case from none by\n%s\nhidden:  %s\nmissing: %s", who, sql, a, b)
				}
			}
			return errBack
		})
	}
	// In a case of one's own, a foreign key is no way to ask about another case's rows.
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		for _, sql := range []string{
			`INSERT INTO app.protected_fact (case_id, person_id, kind, ciphertext, set_by) VALUES (@mine, @person, 'school', '\x00', @me)`,
			`INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by) VALUES (@mine, @phase, 1, 'x', @me)`,
			`UPDATE app.plan_step SET phase_id = @phase WHERE case_id = @mine`,
			`INSERT INTO app.note (case_id, kind, body, author, corrects, family) VALUES (@mine, 'call', 'x', @me, @note, 'no')`,
			`INSERT INTO app.note_spoken (case_id, note_id, person_id) VALUES (@mine, @mynote, @person)`,
			`INSERT INTO app.note_step (case_id, note_id, step_id, action) VALUES (@mine, @mynote, @step, 'done')`,
			`INSERT INTO app.plan_phase (case_id, plan_id, title, position) VALUES (@mine, @plan, 'x', 1)`,
			`INSERT INTO app.deadline_change (case_id, deadline_id, what, changed_by) VALUES (@mine, @deadline, 'resumed', @me)`,
			`INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) VALUES (@mine, @asked, 'confirm', @me)`,
			`INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@mine, @decision, 'beslutning', 'made', 'x', 'x', 'no', @me)`,
			`INSERT INTO app.decision_addition (case_id, decision_id, body, added_by) VALUES (@mine, @decision, 'x', @me)`,
		} {
			args := func(other string) map[string]any {
				a := map[string]any{"mine": id("restricted"), "mynote": id("restricted note"), "me": id("responsible")}
				for _, row := range []string{"person", "plan", "phase", "step", "note", "deadline", "decision", "asked"} {
					a[row] = id(other + " " + row)
				}
				return a
			}
			a, b := w.answer(t, tx, sql, args("closed sealed")), w.answer(t, tx, sql, args("no such case"))
			if a != b || !strings.Contains(a, "23503") {
				t.Errorf("%s\nof another case: %s\nof none:         %s", sql, a, b)
			}
		}
		return errBack
	})
	// Unique columns refuse nothing: without the right to insert, Postgres never comes to look.
	w.as(t, "stranger", func(tx pgx.Tx) error {
		for _, sql := range []string{
			`INSERT INTO app.case_file (ref, number, municipality, team_id, area, responsible_id) SELECT '` + ref("sealed") + `', '1', 999, t.id, 'child', auth.uid() FROM app.team t LIMIT 1`,
			`UPDATE app.case_file SET number = '` + number("sealed") + `'`,
		} {
			if _, _, err := try(t, tx, sql); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %s", sql, says(err))
			}
		}
		return nil
	})
}

// answer is all that a statement tells, with the ids that were asked about taken out.
func (w *town) answer(t *testing.T, tx pgx.Tx, sql string, args map[string]any) string {
	t.Helper()
	used := pgx.NamedArgs{}
	maps.Copy(used, args)
	rows, n, err := try(t, tx, sql, used)
	text := rows + "|" + says(err)
	for name, v := range args {
		if u, ok := v.(uuid.UUID); ok && name != "me" && name != "other" && name != "mine" && name != "mynote" {
			text = strings.ReplaceAll(text, u.String(), "?")
		} else if s, ok := v.(string); ok {
			text = strings.ReplaceAll(text, s, "?")
		}
	}
	return text + "|" + string(rune('0'+n))
}

// probes are what somebody with an injection would ask about a case that they may not know of.
var probes = []string{
	`SELECT * FROM app.case_file WHERE id = @case`,
	`SELECT * FROM app.case_file WHERE ref = @ref`,
	`SELECT * FROM app.case_file WHERE number = @number`,
	`SELECT * FROM app.case_file WHERE id = @case FOR UPDATE`,
	`SELECT * FROM app.citizen_label WHERE case_id = @case`,
	`SELECT * FROM app.case_grant WHERE case_id = @case`,
	`SELECT * FROM app.case_exclusion WHERE case_id = @case`,
	`SELECT id FROM app.person WHERE id = @person`,
	`SELECT id FROM app.person WHERE name_folded LIKE '%' || @word || '%'`,
	`SELECT id FROM app.note WHERE body LIKE '%' || @word || '%'`,
	`SELECT count(*) FROM audit.event WHERE action = 'nothing' AND case_id = @case`,
	`UPDATE app.case_file SET severity = 'red' WHERE id = @case`,
	`SELECT * FROM app.gate(@case)`,
	`SELECT app.open_gate(@case, 'because of this and of that', now() + interval '1 day')`,
	`INSERT INTO app.plan_step (case_id, phase_id, position, title, requires_gate, created_by) VALUES (@case, @phase, 1, 'x', true, @me)`,
	`INSERT INTO app.note (case_id, kind, body, author) VALUES (@case, 'letter', 'x', @me)`,
	`INSERT INTO app.risk_confirmation (case_id, assessment_id, outcome, confirmed_by) VALUES (@case, @note, 'confirm', @me)`,
	`SELECT * FROM app.decision_ask WHERE case_id = @case OR id = @asked`,
	`INSERT INTO app.decision (case_id, kind, question, options, put_by) VALUES (@case, 'beslutning', 'x', 'x', @me)`,
	`INSERT INTO app.decision_ask (case_id, decision_id, user_id, asked_by) VALUES (@case, @decision, @other, @me)`,
	`INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) VALUES (@case, @asked, 'confirm', @me)`,
	`INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @decision, 'beslutning', 'made', 'x', 'x', 'yes', @me)`,
	`INSERT INTO app.decision_review (case_id, decision_id, went, words, reviewed_by) VALUES (@case, @decision, 'not', 'x', @me)`,
	`UPDATE app.case_file SET confidentiality = 0 WHERE id = @case`,
	`UPDATE app.plan_step SET title = 'x' WHERE id = @step`,
	`UPDATE app.person SET name = 'x' WHERE id = @person`,
	`DELETE FROM app.plan_step WHERE id = @step`,
	`UPDATE app.deadline SET due_at = now() WHERE id = @deadline`,
	`INSERT INTO app.deadline_change (case_id, deadline_id, what, changed_by) VALUES (@case, @deadline, 'resumed', @me)`,
	`DELETE FROM app.draft WHERE case_id = @case`,
	`INSERT INTO app.person (id, case_id, name) VALUES (@person, @case, 'x')`,
	`INSERT INTO app.person (case_id, name) VALUES (@case, 'x') ON CONFLICT DO NOTHING`,
	`INSERT INTO app.note (id, case_id, kind, body, author, family) VALUES (@note, @case, 'call', 'x', @me, 'no')`,
	`INSERT INTO app.note (case_id, kind, body, author, corrects, family) VALUES (@case, 'call', 'x', @me, @note, 'no')`,
	`INSERT INTO app.case_event (case_id, actor, kind) VALUES (@case, @me, 'x')`,
	`INSERT INTO app.plan (case_id, started_by) VALUES (@case, @me)`,
	`INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by) VALUES (@case, @phase, 1, 'x', @me)`,
	`INSERT INTO app.protected_fact (case_id, person_id, kind, ciphertext, set_by) VALUES (@case, @person, 'school', '\x00', @me)`,
	`INSERT INTO app.involvement (case_id, organisation_id, responsible_for, origin, added_by) SELECT @case, o.id, 'x', 'ad_hoc', @me FROM app.organisation o LIMIT 1`,
	`INSERT INTO app.case_profile (case_id) VALUES (@case)`,
	`INSERT INTO app.safe_contact (case_id) VALUES (@case) ON CONFLICT (case_id) DO UPDATE SET never = 'x'`,
	`INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by) VALUES (@case, 'x', 'x', @me)`,
	`INSERT INTO app.draft (case_id, user_id, form, fields) VALUES (@case, @me, 'x', '{}')`,
	`INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES (@case, @me, 'coworker', @me)`,
	`SELECT id FROM app.sign_seen WHERE case_id = @case OR observation LIKE '%' || @word || '%'`,
	`INSERT INTO app.sign_seen (case_id, observation, source, noted_by) VALUES (@case, 'x', 'own', @me)`,
	`INSERT INTO app.sign_seen (report_id, observation, source, noted_by) VALUES (@case, 'x', 'own', @me)`,
	`UPDATE app.sign_seen SET retired_reason = 'x' WHERE case_id = @case`,
	`INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) VALUES (@case, 'threats', 1, ARRAY[@case::uuid], true, 'x', @me)`,
	`INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (@note, @case, 'no_further', 'x', false, 'x', 'concern', @me)`,
	`SELECT app.use_case(@case)`,
	`SELECT auth.perms(@case)`,
	`SELECT * FROM app.open_case(@ref, '', 'x')`,
	`SELECT * FROM app.find_cases(@number, '', NULL)`,
	`SELECT * FROM app.find_cases('', @word, NULL)`,
	`SELECT * FROM app.find_cases('', '', sha256(convert_to(@word, 'UTF8')))`,
	`SELECT app.grant_access(@case, @other, 'consulted', now(), 'x')`,
	`SELECT app.grant_access(@case, @me, 'coworker', NULL, 'x')`,
	`SELECT app.revoke_access(@case, @other, 'x')`,
	`SELECT app.hand_over(@case, @me, 'x')`,
	`SELECT app.exclude_user(@case, @other, 'x')`,
	`SELECT app.exclude_user(@case, @me, 'x')`,
	`SELECT app.lift_exclusion(@case, @me, 'x')`,
	`SELECT app.set_confidentiality(@case, 0::smallint, 'x')`,
	`SELECT app.close_case(@case, 'x', 'x')`,
	`SELECT app.reopen_case(@case, 'x')`,
	`SELECT app.reveal_fact(@case, @fact, 'contact')`,
	`SELECT app.reveal_cpr(@case, @person)`,
	`SELECT audit.record('x', @case, NULL, NULL)`,
	`SELECT 1 / (CASE WHEN ref LIKE '%' THEN 0 ELSE 1 END) FROM app.case_file WHERE id = @case`,
	`SELECT count(*) FROM app.case_file WHERE 1 / (ascii(number) - ascii('2')) > 0 AND id = @case`,
	`SELECT cases, due, recent_refs FROM app.frame()`,
}
