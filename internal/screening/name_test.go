package screening_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/screening"
	"samspil/internal/testkit"
)

// Who screened, answered and saw is who writes it, and whoever leads the team reads it and writes none of it.
func TestNobodyScreensInAnothersName(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	sign := note(t, o, o.Mette, c.At("tegn"), screening.Case, "S06")
	raw := func(who actor.Actor, sql string, name actor.Actor) error {
		return in(t, o, who, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Tx.Exec(ctx, sql, pgx.NamedArgs{"case": c.ID, "name": name.UserID, "sign": sign})
			return err
		})
	}
	for what, sql := range map[string]string{
		"screens": `INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), @case, 'clarification', 'x', true, 'x', 'suspicion', @name)`,
		"answers": `INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) VALUES (@case, 'threats', 1, ARRAY[@sign::uuid], true, 'x', @name)`,
		"saw":     `INSERT INTO app.sign_seen (case_id, observation, source, noted_by) VALUES (@case, 'x', 'own', @name)`,
	} {
		if err := raw(o.Mette, sql, o.Dennis); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s in a colleague's name: %v", what, err)
		}
		if err := raw(o.Jonas, sql, o.Jonas); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the lead %s: %v", what, err)
		}
		if err := raw(o.Mette, sql, o.Mette); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	err := raw(o.Mette, `UPDATE app.sign_seen SET retired_at = now(), retired_by = @name WHERE id = @sign`, o.Mette)
	if !db.Violates(err, "a_sign_is_retired_with_a_reason") {
		t.Errorf("taken back without a reason: %v", err)
	}
}

// What comes with a report into a case is kept from whoever is kept from the report, and the rest of the case is not.
func TestWhoIsKeptFromAReportReadsNothingOfItInTheCase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	id, rep := report(t, o, o.Mette, true)
	c := o.Case(t, o.Dennis, 1)
	o.Grant(t, c, o.Huseyin, "coworker")
	o.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how) VALUES ($1, $2, 'joined')`, id, c.ID)
	note(t, o, o.Mette, rep, screening.Report, "S17")
	for _, of := range []any{id, nil} {
		o.Exec(t, `INSERT INTO app.screening (id, report_id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), $1, $2, 'clarification', 'x', true, 'x', 'suspicion', $3)`, of, c.ID, o.Mette.UserID)
		o.Exec(t, `INSERT INTO app.suggestion_answer (report_id, case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) VALUES ($1, $2, 'threats', 1, ARRAY[gen_random_uuid()], true, 'x', $3)`, of, c.ID, o.Mette.UserID)
	}
	note(t, o, o.Dennis, c.At("tegn"), screening.Case, "S06")
	reads := func(table string) (n int) {
		t.Helper()
		if err := in(t, o, o.Huseyin, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			return tx.Tx.QueryRow(ctx, `SELECT count(*) FROM `+table).Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	tables := []string{"app.sign_seen", "app.screening", "app.suggestion_answer"}
	for _, table := range tables {
		if n := reads(table); n != 2 {
			t.Fatalf("the co-worker reads %d rows of %s", n, table)
		}
	}
	o.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, id, o.Huseyin.UserID, o.Jonas.UserID)
	for _, table := range tables {
		if n := reads(table); n != 1 {
			t.Errorf("who is kept from the report reads %d rows of %s, want the case's own", n, table)
		}
	}
}
