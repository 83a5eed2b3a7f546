package access

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// ownTemplate is a template of 999 with one step that reaches the family, and a draft of it.
const ownTemplate = `
	INSERT INTO app.plan_template_version (municipality, code, no, label, content, words, published_by)
	SELECT 999, 'K1', 1, '1', '{"code": "K1", "phases": [{"steps": [{"code": "K1.s1", "requires_gate": "GATE_RISK"}]}]}', 'x', u.id FROM auth.user_account u WHERE u.email = 'admin@town.test';
	INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) SELECT 999, 'K1', '{"code": "K1", "phases": []}', u.id FROM auth.user_account u WHERE u.email = 'admin@town.test';
	INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) SELECT 999, x.code, replace(replace(v.content::text, '"GATE_RISK"', '""'), '"requires_gate": "GATE_RISK"', '"requires_gate": ""')::jsonb, u.id
	  FROM auth.user_account u, (VALUES ('T1')) x(code), app.plan_template_version v WHERE u.email = 'admin@town.test' AND v.code = x.code AND v.municipality IS NULL`

// Templates of plans: an admin of the municipality writes them in their own name; everybody of the municipality reads what is published, and nobody of another.
func TestTemplatesAreKeptByTheMunicipalitysAdmins(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, ownTemplate)
	for _, p := range people {
		if p.name == "inactive" || p.name == "locked" || p.name == "no_session" {
			continue
		}
		far, admin := p.team == "far", p.role == "admin"
		w.as(t, p.name, func(tx pgx.Tx) error {
			me := id(p.name)
			for _, act := range []struct {
				what string
				want bool
				sql  string
				args []any
			}{
				{"reads what is published", !far, `SELECT 1 FROM app.plan_template_version WHERE code = 'K1'`, nil},
				{"reads a draft", admin, `SELECT 1 FROM app.plan_template_draft WHERE code = 'K1'`, nil},
				{"drafts", admin, `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) VALUES (999, 'K2', '{"code": "K2"}', $1)`, []any{me}},
				{"drafts in another's name", false, `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) VALUES (999, 'K3', '{"code": "K3"}', $1)`, []any{id("newcomer")}},
				{"drafts for another municipality", false, `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) VALUES (101, 'K4', '{"code": "K4"}', $1)`, []any{me}},
				{"retires", admin, `INSERT INTO app.plan_template_retired (municipality, code, retired_by) VALUES (999, 'K1', $1)`, []any{me}},
				{"retires in another's name", false, `INSERT INTO app.plan_template_retired (municipality, code, retired_by) VALUES (999, 'K2', $1)`, []any{id("newcomer")}},
				{"publishes", admin, `SELECT app.publish_template('K1', 1, 'Fordi')`, nil},
				{"publishes without a word", false, `SELECT app.publish_template('K2', 1, ' ')`, nil},
				{"takes the gate off", false, `SELECT app.publish_template('T1', 1, 'Fordi')`, nil},
				{"writes a version", false, `INSERT INTO app.plan_template_version (municipality, code, no, label, content, words, published_by) VALUES (999, 'K9', 1, '1', '{"code": "K9"}', 'x', $1)`, []any{me}},
				{"changes a version", false, `UPDATE app.plan_template_version SET words = 'x' WHERE code = 'K1'`, nil},
				{"throws a version away", false, `DELETE FROM app.plan_template_version WHERE code = 'K1'`, nil},
			} {
				if _, n, err := try(t, tx, act.sql, act.args...); (err == nil && n == 1) != act.want {
					t.Errorf("%s %s: %d, %v", p.name, act.what, n, err)
				}
			}
			return errBack
		})
	}
}

// Nobody changes a published version, the owner of the table neither, while its trigger stands.
func TestTemplatesThatArePublishedStayAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, ownTemplate)
	for _, sql := range []string{`UPDATE app.plan_template_version SET words = 'y' WHERE code = 'K1'`, `DELETE FROM app.plan_template_version WHERE code = 'K1'`} {
		if _, err := w.exec(t, sql); err == nil {
			t.Errorf("done: %s", sql)
		}
	}
}

// What was chosen of a newer template is written by who writes in the case, in their own name; a step that any version of the template keeps behind the
// risk assessment waits there, whoever writes the row (R1).
func TestTemplatesInACase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, ownTemplate)
	w.Exec(t, `UPDATE app.plan SET template_code = 'K1', template_version = '1'`)
	for who, writes := range map[string]bool{"responsible": true, "coworker": true, "team_lead": false, "consulted": false} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			me, c := id(who), id("restricted")
			insert := `INSERT INTO app.plan_template_choice (case_id, label, chosen_by) VALUES ($1, $2, $3)`
			if _, n, err := try(t, tx, insert, c, "own", me); (err == nil && n == 1) != writes {
				t.Errorf("%s chooses: %d, %v", who, n, err)
			}
			if _, _, err := try(t, tx, insert, c, "another", id("lead_named")); err == nil {
				t.Errorf("%s chooses in another's name", who)
			}
			if !writes {
				return errBack
			}
			if _, n, err := try(t, tx, `INSERT INTO app.plan_step (case_id, phase_id, position, title, template_step, origin, created_by) SELECT case_id, id, 9, 'x', 'K1.s1', 'from_plan', $2 FROM app.plan_phase WHERE case_id = $1`, c, me); err != nil || n != 1 {
				t.Errorf("%s adds the step: %d, %v", who, n, err)
			}
			if _, n, err := try(t, tx, `SELECT 1 FROM app.plan_step WHERE case_id = $1 AND template_step = 'K1.s1' AND requires_gate`, c); err != nil || n != 1 {
				t.Errorf("the step of %s does not wait: %d, %v", who, n, err)
			}
			return errBack
		})
	}
}
