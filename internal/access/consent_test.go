package access

import (
	"strings"
	"testing"

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
	w.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, organisation_id, what, legal_basis, purpose, happened_on, facts_scanned, written_by, consent_id)
		SELECT $1, $2, 'out', organisation_id, 'x', 'CONSENT', 'x', '2026-01-02', 1, $3, $4 FROM app.consent WHERE id = $4`, id("rested"), c, me, gone)
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
