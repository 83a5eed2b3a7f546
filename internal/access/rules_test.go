package access

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The rules are the municipality's; the admin who writes them learns of the cases a rounded number, and nobody else does.
func TestPlanRulesAreTheAdminsOfTheirMunicipality(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, `INSERT INTO app.plan_rule (municipality, code, version, da, en, area, condition, partner_types, length, unit, certainty, active, changed_by)
		SELECT u.municipality, 'theirs', 1, 'x', 'x', 'both', '{"level": "red"}', '{school}', 1, 'hours', 'proposal', true, u.id FROM auth.user_account u WHERE u.email = 'foreign@town.test'`)
	w.Exec(t, `INSERT INTO app.case_file (ref, number, municipality, team_id, area, responsible_id) SELECT 'zzzzzzz' || n, 'Z-' || n, f.municipality, f.team_id, f.area, f.responsible_id
		FROM app.case_file f, generate_series(1, 6) n WHERE f.id = $1`, id("normal"))
	insert := `INSERT INTO app.plan_rule (municipality, code, version, da, en, area, condition, partner_types, length, unit, certainty, active, changed_by)
		SELECT coalesce($2, auth.municipality()), 'new', 1, 'x', 'x', 'both', '{"level": "red"}', '{school}', 1, 'hours', 'proposal', true, $1`
	var theirs int
	w.Scan(t, []any{&theirs}, `SELECT municipality FROM app.plan_rule WHERE code = 'theirs'`)
	for _, who := range []string{"responsible", "team_lead", "admin"} {
		w.as(t, who, func(tx pgx.Tx) error {
			me := id(who)
			if _, n, err := try(t, tx, insert, me, nil); (err == nil && n == 1) != (who == "admin") {
				t.Errorf("%s writes a rule: %s", who, says(err))
			}
			if _, n, err := try(t, tx, insert, me, theirs); err == nil && n == 1 {
				t.Errorf("%s writes another municipality's rule", who)
			}
			if rows, n, _ := try(t, tx, `SELECT code FROM app.plan_rule WHERE code = 'theirs'`); n != 0 || rows != "" {
				t.Errorf("%s reads another municipality's rules", who)
			}
			var few, cases *int
			if err := tx.QueryRow(t.Context(), `SELECT app.plan_rule_cases('both', '{"level": "red", "event": "broken_stay"}'), app.plan_rule_cases('both', '{}')`).Scan(&few, &cases); err != nil {
				t.Fatal(err)
			}
			if few != nil || (cases != nil) != (who == "admin") {
				t.Errorf("%s is told %v and %v", who, few, cases)
			}
			return errBack
		})
	}
}

// Which rules hold says something about the case: its people are told when they open it, the lists know those of one's own and of a
// lead's, and none of a sealed case or of one that a lead is kept out of.
func TestHitsOfACaseAreToldToItsPeople(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, `UPDATE app.case_file SET severity = 'red', severity_set_at = now() - interval '3 days' WHERE id = ANY ($1)`, []uuid.UUID{id("normal"), id("restricted"), id("sealed")})
	count := func(tx pgx.Tx, sql string, args ...any) (n int) {
		if err := tx.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const listed = `SELECT count(*) FROM app.rule_hits_listed($1) h WHERE h.case_id = $2`
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		if count(tx, `SELECT count(*) FROM app.rule_hits($1)`, id("restricted")) == 0 || count(tx, listed, false, id("sealed")) == 0 {
			t.Error("the responsible is told nothing")
		}
		if n := count(tx, `SELECT count(*) FROM app.rule_hits($1)`, id("sealed")); n != 0 {
			t.Error("hits of a case that is not opened")
		}
		return errBack
	})
	w.as(t, "team_lead", func(tx pgx.Tx) error {
		if count(tx, listed, true, id("restricted")) == 0 {
			t.Error("the lead is told nothing")
		}
		if count(tx, listed, true, id("sealed")) != 0 {
			t.Error("the lead is told of a sealed case")
		}
		return errBack
	})
	w.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'relation', $3)`, id("restricted"), id("team_lead"), id("responsible"))
	for _, who := range []string{"team_lead", "team_mate", "admin"} {
		w.as(t, who, func(tx pgx.Tx) error {
			if count(tx, listed, true, id("restricted"))+count(tx, listed, false, id("restricted")) != 0 {
				t.Errorf("%s is told", who)
			}
			return errBack
		})
	}
}

// Who writes in the case gives the parts, in their own name and to people of the case; who leads says themselves that they know.
func TestMandatesAreGivenByWhoWritesAndAcknowledgedByWhoLeads(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c, contact, waits, theirs := id("restricted"), uuid.New(), uuid.New(), uuid.New()
	w.Exec(t, `INSERT INTO app.contact_person (id, organisation_id, name) SELECT $1, o.id, 'Bo' FROM app.organisation o LIMIT 1`, contact)
	w.Exec(t, `INSERT INTO app.mandate (id, case_id, area_id, contact_id, part, given_by) VALUES ($1, $2, $3, $4, 'leads', $5)`, theirs, c, id("restricted area"), contact, id("responsible"))
	w.Exec(t, `INSERT INTO app.mandate (id, case_id, area_id, user_id, part, given_by) VALUES ($1, $2, $3, $4, 'leads', $5)`, waits, c, id("restricted area"), id("consulted"), id("responsible"))
	const give = `INSERT INTO app.mandate (case_id, area_id, user_id, part, given_by) VALUES ($1, $2, $3, 'leads', $4)`
	const ack = `INSERT INTO app.mandate_ack (case_id, mandate_id, on_day, written_by) VALUES ($1, $2, (now() AT TIME ZONE 'Europe/Copenhagen')::date, $3)`
	for who, writes := range map[string]bool{"responsible": true, "coworker": true, "consulted": false, "team_lead": false} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			me, other := id(who), id("lead_named")
			for _, x := range []struct {
				what string
				want bool
				sql  string
				args []any
			}{
				{"gives a part", writes, give, []any{id("restricted area"), id("coworker"), me}},
				{"gives one in another's name", false, give, []any{id("restricted area"), other, other}},
				{"gives one to a stranger to the case", false, give, []any{id("restricted area"), id("team_mate"), me}},
				{"acknowledges as the consulted", who == "consulted", ack, []any{waits, me}},
				{"writes that the partner has", writes, ack, []any{theirs, me}},
				{"writes so in another's name", false, ack, []any{theirs, other}},
			} {
				_, n, err := try(t, tx, x.sql, append([]any{c}, x.args...)...)
				if (err == nil && n == 1) != x.want {
					t.Errorf("%s %s is %t: %s", who, x.what, !x.want, says(err))
				}
			}
			return errBack
		})
	}
}
