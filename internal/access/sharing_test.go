package access

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// trySharing adds to the register of a case, for the matrix: who writes there, and reads the facts that must not leave.
func (w *town) trySharing(t *testing.T, tx pgx.Tx, who, name string, has func(byte, string, bool)) {
	t.Helper()
	_, n, err := try(t, tx, `INSERT INTO app.sharing (case_id, direction, organisation_id, what, reason, happened_on, written_by) SELECT $1, 'refused', o.id, 'x', 'x', '2026-01-01', $2 FROM app.organisation o LIMIT 1`, id(name), id(who))
	has('W', "refusal", err == nil && n == 1)
	_, n, err = try(t, tx, `INSERT INTO app.sharing_hit (case_id, sharing_id, fact_id) SELECT $1, $2, f.id FROM app.protected_fact f WHERE f.case_id = $1 AND f.kind = 'school'`, id(name), id(name+" sharing"))
	has('W', "hit", err == nil && n == 1)
}

// holding is a sharing of the town's case that waits for somebody, and the statement that shares one.
const (
	holding = `INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, what, text_enc, legal_basis, purpose, happened_on, facts_scanned, hits, asked_user, ask_reason, written_by)
		SELECT $2, $1, 'out', 'held', o.id, 'x', '\x05', 'x', 'x', '2026-01-01', 1, 1, $4, 'x', $3 FROM app.organisation o LIMIT 1`
	sharingOut = `INSERT INTO app.sharing (case_id, direction, status, organisation_id, what, legal_basis, purpose, happened_on, facts_scanned, hits, written_by)
		SELECT $1, 'out', 'shared', o.id, 'x', $5, 'x', '2026-01-01', $3, $4, $2 FROM app.organisation o LIMIT 1`
)

// Everybody's relation to every case, and what they may do with what waits for a release: as the letters of the matrix have it.
func TestWhoReleasesWhatWaits(t *testing.T) {
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
	for _, name := range cases {
		w.Exec(t, strings.NewReplacer("$1", "'"+id(name).String()+"'", "$2", "'"+id(name+" held").String()+"'", "$3", "'"+id("newcomer").String()+"'", "$4", "'"+id("coworker").String()+"'").Replace(holding))
	}
	decisions := 0
	for _, line := range lines[1:] {
		for i, name := range cases {
			who, letters := line[0], line[1+i]
			may := func(all string) bool {
				for _, letter := range all {
					if !strings.ContainsRune(letters, letter) {
						return false
					}
				}
				return true
			}
			c, held := id(name), id(name+" held")
			w.in(t, who, name, func(tx pgx.Tx) error {
				for _, act := range []struct {
					what string
					want bool
					sql  string
					args []any
				}{
					{"releases", may("RAN"), `SELECT CASE WHEN app.answer_sharing($1, $2, true, 'x', 1, 1) THEN 1 END`, []any{c, held}},
					{"keeps back", may("RAN") || may("AW"), `SELECT CASE WHEN app.answer_sharing($1, $2, false, 'x', 1, 1) THEN 1 END`, []any{c, held}},
					{"compares", may("RAN") || may("AW"), `SELECT count(*) FROM app.guard_facts($1)`, []any{c}},
					{"compares what waits", may("RAN"), `SELECT count(*) FROM app.held_facts($1, $2)`, []any{c, held}},
					{"compares what has left", false, `SELECT count(*) FROM app.held_facts($1, $2)`, []any{c, id(name + " sharing")}},
					{"looks at what was sent", may("AW"), `SELECT 1 + count(*) * 0 FROM app.sent_texts($1)`, []any{c}},
					{"reads what waits", may("RA"), `SELECT count(*) FROM app.read_sharing($1, $2) WHERE text_enc IS NOT NULL`, []any{c, held}},
					{"knows that it is there", may("R"), `SELECT count(*) FROM app.read_sharing($1, $2)`, []any{c, held}},
					{"knows whom to ask", may("AW"), `SELECT least(count(*), 1) FROM app.may_release($1)`, []any{c}},
				} {
					inner, err := tx.Begin(t.Context())
					if err != nil {
						return err
					}
					got := count(t, inner, act.sql, act.args...) == 1
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

// What the database refuses, whatever the program says.
func TestTheDatabaseSharesNothingWithAHit(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const name = "restricted"
	c, me := id(name), id("responsible")
	w.in(t, "responsible", name, func(tx pgx.Tx) error {
		for what, tr := range map[string]struct {
			want string // in what Postgres says; empty: it is taken
			sql  string
			args []any
		}{
			"compared with every fact, nothing found": {"", sharingOut, []any{c, me, 1, 0, "x"}},
			"not compared":                    {"scan_is_whole", sharingOut, []any{c, me, 0, 0, "x"}},
			"shared with a hit":               {"nothing_leaves_with_a_hit", sharingOut, []any{c, me, 1, 1, "x"}},
			"shared without a basis":          {"basis_and_purpose", sharingOut, []any{c, me, 1, 0, " "}},
			"shared in a colleague's name":    {"42501", sharingOut, []any{c, id("coworker"), 1, 0, "x"}},
			"waits for a colleague":           {"", holding, []any{c, id("w1"), me, id("coworker")}},
			"waits for oneself":               {"what_waits_says_why", holding, []any{c, id("w2"), me, me}},
			"waits for who may not release":   {"42501", holding, []any{c, id("w3"), me, id("consulted")}},
			"waits for a stranger":            {"42501", holding, []any{c, id("w4"), me, id("stranger")}},
			"is changed afterwards":           {"42501", `UPDATE app.sharing SET status = 'shared' WHERE case_id = $1`, []any{c}},
			"is deleted":                      {"42501", `DELETE FROM app.sharing WHERE case_id = $1`, []any{c}},
			"what is sealed is read":          {"42501", `SELECT text_enc FROM app.sharing WHERE case_id = $1`, []any{c}},
			"released without having waited":  {"42501", `INSERT INTO app.sharing (case_id, direction, organisation_id, what, happened_on, written_by, answered_by) SELECT $1, 'out', o.id, 'x', '2026-01-01', $2, $3 FROM app.organisation o LIMIT 1`, []any{c, me, id("coworker")}},
			"refused without saying why":      {"a_refusal_says_why", `INSERT INTO app.sharing (case_id, direction, organisation_id, what, happened_on, written_by) SELECT $1, 'refused', o.id, 'x', '2026-01-01', $2 FROM app.organisation o LIMIT 1`, []any{c, me}},
			"shared on a day that is to come": {"not_to_come", `INSERT INTO app.sharing (case_id, direction, organisation_id, what, reason, happened_on, written_by) SELECT $1, 'refused', o.id, 'x', 'x', current_date + 2, $2 FROM app.organisation o LIMIT 1`, []any{c, me}},
		} {
			_, _, err := try(t, tx, tr.sql, tr.args...)
			if got := says(err); (got == "") != (tr.want == "") || !strings.Contains(got, tr.want) {
				t.Errorf("%s: %q, should say %q", what, got, tr.want)
			}
		}
		return errBack
	})
}

// Who wrote it does not release it, nobody does so without saying why or without having compared, and it happens once.
func TestAnotherPersonReleases(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const name = "restricted"
	c, held := id(name), id("waiting")
	w.in(t, "responsible", name, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), holding, c, held, id("responsible"), id("coworker"))
		return err
	})
	if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'sharing.held'`, id("coworker")); n != 1 {
		t.Errorf("who is asked has %d notices", n)
	}
	release := `SELECT app.answer_sharing($1, $2, true, $3, $4, 1)`
	answer := func(who, want, reason string, scanned int) {
		w.in(t, who, name, func(tx pgx.Tx) error {
			rows, _, err := try(t, tx, release, c, held, reason, scanned)
			if got := strings.TrimSpace(rows) + says(err); !strings.Contains(got, want) {
				t.Errorf("%s releases: %q, should be %q", who, got, want)
			}
			return nil
		})
	}
	answer("responsible", "42501", "x", 1)
	answer("coworker", "nothing_leaves_with_a_hit", " ", 1)
	answer("coworker", "scan_is_whole", "x", 0)
	if w.Count(t, `SELECT count(*) FROM app.sharing WHERE id = $1 AND status = 'held'`, held) != 1 {
		t.Fatal("it does not wait any more")
	}
	answer("coworker", "true", "because the police know it", 1)
	answer("team_lead", "false", "x", 1)
	if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'sharing.released' AND actor = $2`, c, id("coworker")); n != 1 {
		t.Errorf("%d lines in the trail", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'sharing.released'`, id("responsible")); n != 1 {
		t.Errorf("the writer has %d notices", n)
	}
	w.in(t, "coworker", name, func(tx pgx.Tx) error {
		_, _, err := try(t, tx, `SELECT * FROM app.read_sharing($1, $2)`, c, held)
		return err
	})
	if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'sharing.read' AND object = $2`, c, held.String()); n != 1 {
		t.Errorf("reading it left %d lines", n)
	}
}
