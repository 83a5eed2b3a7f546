package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	consentGiven = `INSERT INTO app.consent (id, case_id, person_id, organisation_id, what, purpose, how, given_on, expires_on, written_by)
		SELECT gen_random_uuid(), $1, $2, o.id, 'x', 'x', 'orally', current_date + $3::int, current_date + $4::int, $5 FROM app.organisation o LIMIT 1`
	onConsent = `INSERT INTO app.sharing (case_id, direction, organisation_id, what, legal_basis, purpose, happened_on, facts_scanned, written_by, consent_id, corrects)
		SELECT $1, 'out', o.id, 'x', 'CONSENT', 'x', '2026-01-02', 1, $2, $3, $4 FROM app.organisation o `
	compassSaid = `INSERT INTO app.sharing (case_id, direction, organisation_id, what, legal_basis, purpose, happened_on, facts_scanned, written_by, compass_fits, compass, off_compass)
		SELECT $1, 'out', o.id, 'x', 'x', 'x', '2026-01-02', 1, $2, $3, $4, $5 FROM app.organisation o LIMIT 1`
)

// What the database keeps of consents and the compass, whatever the program says.
func TestConsentsOfTheTown(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const name = "restricted"
	c, me, brother := id(name), id("responsible"), id("brother")
	w.Exec(t, `INSERT INTO app.person (id, case_id, name, relation) VALUES ($1, $2, 'x', 'mor')`, brother, c)
	w.Exec(t, `UPDATE app.risk_assessment SET valid_until = now() - interval '1 day' WHERE case_id = $1`, c)
	w.Exec(t, `INSERT INTO app.organisation (id, name, kind, partner_type) VALUES ($1, 'Et andet sted', 'external', 'school')`, id("elsewhere"))
	first := ` WHERE o.id = (SELECT x.organisation_id FROM app.consent x WHERE x.id = '` + id(name+" consent").String() + `')`
	other := ` WHERE o.id = '` + id("elsewhere").String() + `'`
	for _, more := range []string{"kept", "ended"} {
		w.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by)
			SELECT $1, case_id, organisation_id, 'x', 'x', 'orally', '2026-01-01', '2099-01-01', written_by FROM app.consent WHERE id = $2`, id(more), id(name+" consent"))
	}
	for more, days := range map[string][2]string{"later": {"2026-01-05", "2099-01-01"}, "early": {"2025-12-01", "2026-01-01"}} {
		w.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by)
			SELECT $1, case_id, organisation_id, 'x', 'x', 'orally', $3::text::date, $4::text::date, written_by FROM app.consent WHERE id = $2`, id(more), id(name+" consent"), days[0], days[1])
	}
	gone := id("gone consent")
	w.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by, withdrawn_on, withdrawn_words, withdrawn_by, withdrawn_at)
		SELECT $1, case_id, organisation_id, 'x', 'x', 'orally', '2026-01-01', '2099-01-01', written_by, '2026-01-09', 'x', written_by, now() FROM app.consent WHERE id = $2`, gone, id(name+" consent"))
	for row, consent := range map[uuid.UUID]uuid.UUID{id("rested"): gone, id("rests"): id(name + " consent")} {
		w.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, organisation_id, what, legal_basis, purpose, happened_on, facts_scanned, written_by, consent_id)
			SELECT $1, $2, 'out', organisation_id, 'x', 'CONSENT', 'x', '2026-01-02', 1, $3, $4 FROM app.consent WHERE id = $4`, row, c, me, consent)
	}
	w.in(t, "responsible", name, func(tx pgx.Tx) error {
		for what, tr := range map[string]struct {
			want string
			sql  string
			args []any
		}{
			"the citizen says yes":                        {"", consentGiven, []any{c, nil, 0, 30, me}},
			"a parent says yes while the gate is shut":    {"risk_before_family", consentGiven, []any{c, brother, 0, 30, me}},
			"over before it begins":                       {"consent_has_a_time", consentGiven, []any{c, nil, 0, -1, me}},
			"given tomorrow":                              {"consent_has_a_time", consentGiven, []any{c, nil, 2, 30, me}},
			"in a colleague's name":                       {"42501", consentGiven, []any{c, nil, 0, 30, id("coworker")}},
			"shared on it":                                {"", onConsent + first, []any{c, me, id(name + " consent"), nil}},
			"shared on none":                              {"consent_is_named", onConsent + first, []any{c, me, nil, nil}},
			"shared with somebody else":                   {"consent_holds", onConsent + other, []any{c, me, id("kept"), nil}},
			"shared before it was given":                  {"consent_holds", onConsent + first, []any{c, me, id("later"), nil}},
			"shared after it ran out":                     {"consent_holds", onConsent + first, []any{c, me, id("early"), nil}},
			"shared on one that is gone":                  {"consent_holds", onConsent + first, []any{c, me, gone, nil}},
			"a correction of what rested on it":           {"", onConsent + first, []any{c, me, gone, id("rested")}},
			"a correction towards somebody else":          {"consent_holds", onConsent + other, []any{c, me, gone, id("rested")}},
			"a correction of what rested on nothing":      {"consent_holds", onConsent + first, []any{c, me, gone, id(name + " sharing")}},
			"a correction of what rested on another":      {"consent_holds", onConsent + first, []any{c, me, gone, id("rests")}},
			"on a consent of another case":                {"consent_id_fkey", onConsent + first, []any{c, me, id("normal consent"), nil}},
			"changed afterwards":                          {"42501", `UPDATE app.consent SET expires_on = '2100-01-01' WHERE case_id = $1`, []any{c}},
			"withdrawn past the function":                 {"42501", `UPDATE app.consent SET withdrawn_on = NULL WHERE case_id = $1`, []any{c}},
			"deleted":                                     {"42501", `DELETE FROM app.consent WHERE case_id = $1`, []any{c}},
			"withdrawn without words":                     {"withdrawn_whole", `SELECT app.withdraw_consent($1, $2, current_date, ' ')`, []any{c, id("kept")}},
			"withdrawn before it was given":               {"withdrawn_whole", `SELECT app.withdraw_consent($1, $2, '2025-01-01', 'x')`, []any{c, id("kept")}},
			"withdrawn":                                   {"", `SELECT app.withdraw_consent($1, $2, current_date, 'x')`, []any{c, id("ended")}},
			"the compass knows it":                        {"", compassSaid, []any{c, me, true, "1", ""}},
			"the compass does not know it, without a why": {"off_the_compass_says_why", compassSaid, []any{c, me, false, "1", " "}},
			"the compass does not know it, with one":      {"", compassSaid, []any{c, me, false, "1", "x"}},
			"decided by no version":                       {"decided_by_a_version", compassSaid, []any{c, me, true, "", ""}},
		} {
			_, _, err := try(t, tx, tr.sql, tr.args...)
			if got := says(err); (got == "") != (tr.want == "") || !strings.Contains(got, tr.want) {
				t.Errorf("%s: %q, should say %q", what, got, tr.want)
			}
		}
		return errBack
	})
	for _, who := range []string{"consulted", "team_lead", "stranger", "excl_responsible"} {
		w.in(t, who, name, func(tx pgx.Tx) error {
			for _, sql := range []string{`SELECT app.withdraw_consent($1, $2, current_date, $3)`} {
				if _, _, err := try(t, tx, sql, c, id(name+" consent"), "x"); says(err) == "" {
					t.Errorf("%s withdraws", who)
				}
			}
			if _, _, err := try(t, tx, consentGiven, c, nil, 0, 30, id(who)); says(err) == "" {
				t.Errorf("%s records one", who)
			}
			return errBack
		})
	}
	// a parent is asked on a day, and the gate is that day's
	w.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES (gen_random_uuid(), $1, 'own', 'red', 'x', now() - interval '2 days', now() + interval '5 days', $2)`, c, me)
	w.in(t, "responsible", name, func(tx pgx.Tx) error {
		if _, _, err := try(t, tx, consentGiven, c, brother, 0, 30, me); err != nil {
			t.Errorf("asked after the assessment: %v", err)
		}
		if _, _, err := try(t, tx, consentGiven, c, brother, -30, 30, me); !strings.Contains(says(err), "risk_before_family") {
			t.Errorf("asked before the assessment: %q", says(err))
		}
		return errBack
	})
	// what waits leaves on the day on which it is released
	old, held := id("old consent"), id("waits")
	w.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) SELECT $1, case_id, organisation_id, 'x', 'x', 'orally', '2026-01-01', '2026-01-05', written_by FROM app.consent WHERE id = $2`, old, id(name+" consent"))
	w.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, what, text_enc, legal_basis, purpose, happened_on, facts_scanned, hits, asked_user, ask_reason, written_by, consent_id)
		SELECT $1, $2, 'out', 'held', organisation_id, 'x', '\x05', 'CONSENT', 'x', '2026-01-02', 1, 1, $3, 'x', $4, $5 FROM app.consent WHERE id = $5`, held, c, id("coworker"), me, old)
	w.in(t, "coworker", name, func(tx pgx.Tx) error {
		_, _, err := try(t, tx, `SELECT app.answer_sharing($1, $2, true, 'x', 1, 1)`, c, held)
		if !strings.Contains(says(err), "consent_holds") {
			t.Errorf("released after the consent ran out: %q", says(err))
		}
		if _, _, err := try(t, tx, `SELECT app.answer_sharing($1, $2, false, 'x', 1, 1)`, c, held); err != nil {
			t.Errorf("kept back after the consent ran out: %v", err)
		}
		return errBack
	})
}

// A file goes with what is being shared, and one that nobody has read does not go by itself.
func TestFilesOfTheTown(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const name = "restricted"
	c, me := id(name), id("responsible")
	const (
		sharing = `INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, what, legal_basis, purpose, happened_on, facts_scanned, hits, unread, written_by)
			SELECT $2, $1, 'out', 'shared', o.id, 'x', 'x', 'x', '2026-01-01', 1, $4, $5, $3 FROM app.organisation o LIMIT 1`
		file = `INSERT INTO app.sharing_file (case_id, sharing_id, unread, kind, size, content_enc, words_enc) VALUES ($1, $2, $3, 'pdf', 1, '\x06', '\x07')`
	)
	w.Exec(t, `UPDATE app.sharing SET file_enc = '\x04' WHERE case_id = $1`, c)
	w.in(t, "responsible", name, func(tx pgx.Tx) error {
		for _, tr := range []struct {
			what, want, sql string
			args            []any
		}{
			{"shared, to have a file", "", sharing, []any{c, id("f1"), me, 0, false}},
			{"a file that was not read, of what was", "sharing_file_case_id_sharing_id_unread_fkey", file, []any{c, id("f1"), true}},
			{"a file of it", "", file, []any{c, id("f1"), false}},
			{"another file of it", "sharing_file_pkey", file, []any{c, id("f1"), false}},
			{"a file of what was shared before", "file_comes_along", file, []any{c, id(name + " sharing"), false}},
			{"unread, and it counts for nothing", "what_nobody_read_counts", sharing, []any{c, id("f2"), me, 0, true}},
			{"unread, and nobody releases it", "nothing_leaves_with_a_hit", sharing, []any{c, id("f2"), me, 1, true}},
			{"the file is read past the function", "42501", `SELECT content_enc FROM app.sharing_file WHERE case_id = $1`, []any{c}},
			{"the file is changed", "42501", `UPDATE app.sharing_file SET size = 2 WHERE case_id = $1`, []any{c}},
			{"the file is taken away", "42501", `DELETE FROM app.sharing_file WHERE case_id = $1`, []any{c}},
		} {
			_, _, err := try(t, tx, tr.sql, tr.args...)
			if got := says(err); (got == "") != (tr.want == "") || !strings.Contains(got, tr.want) {
				t.Errorf("%s: %q, should say %q", tr.what, got, tr.want)
			}
		}
		return errBack
	})
	one := id(name + " sharing")
	read := func(who string, sql string, want int) {
		t.Helper()
		w.in(t, who, name, func(tx pgx.Tx) error {
			_, n, err := try(t, tx, sql, c, one)
			if (err == nil && n > 0) != (want > 0) {
				t.Errorf("%s: %s gives %d rows, %v", who, sql, n, err)
			}
			return nil
		})
	}
	const byHand, sent, held = `SELECT * FROM app.read_sharing_file($1, $2)`, `SELECT * FROM app.sent_words($1) WHERE id = $2`, `SELECT * FROM app.sharing_words($1, $2)`
	read("coworker", byHand, 1)
	if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'sharing.file' AND actor = $2`, c, id("coworker")); n != 1 {
		t.Errorf("fetching it left %d lines", n)
	}
	read("consulted", byHand, 0) // a protected fact stands in it
	read("stranger", byHand, 0)
	read("coworker", sent, 1)
	read("consulted", sent, 0)
	read("coworker", held, 0) // it does not wait any more
	w.Exec(t, `UPDATE app.sharing SET status = 'held', hits = 1, asked_user = $2, ask_reason = 'x' WHERE id = $1`, one, id("coworker"))
	read("coworker", held, 1)
	read("consulted", held, 0)
	read("coworker", sent, 0)
}
