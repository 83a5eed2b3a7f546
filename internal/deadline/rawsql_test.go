package deadline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"samspil/internal/db"
)

// What a deadline was computed from is written once, and what happened to it is only added to: whoever goes around the program finds no way either.
func TestNobodyRewritesADeadlineByRawSQL(t *testing.T) {
	d := newDesk(t)
	x, clock := d.start("BFU_4M", 10*day), d.start("BREACH_72H", time.Hour)
	args := func(sql string, all db.Args) (string, db.Args) {
		used := db.Args{}
		for name, v := range all {
			if strings.Contains(sql, "@"+name) {
				used[name] = v
			}
		}
		return sql, used
	}
	for _, sql := range []string{
		`UPDATE app.deadline SET length = 12 WHERE id = @x`, `UPDATE app.deadline SET basis = 'x' WHERE id = @x`, `UPDATE app.deadline SET law_version = 'x' WHERE id = @x`,
		`UPDATE app.deadline SET statutory = false WHERE id = @x`, `UPDATE app.deadline SET code = 'X' WHERE id = @x`, `UPDATE app.deadline SET case_id = NULL, report_id = @x WHERE id = @x`,
		`UPDATE app.deadline SET christmas_eve = true WHERE id = @x`, `UPDATE app.deadline SET created_by = @other WHERE id = @x`, `UPDATE app.deadline SET team_id = NULL WHERE id = @x`,
		`DELETE FROM app.deadline WHERE id = @x`, `DELETE FROM app.deadline_change WHERE deadline_id = @x`, `UPDATE app.deadline_change SET reason = 'x' WHERE deadline_id = @x`,
		`UPDATE app.deadline SET status = 'met', met_at = now(), met_by = @other WHERE id = @x`,
		`UPDATE app.deadline SET status = 'met' WHERE id = @x`, `UPDATE app.deadline SET status = 'paused' WHERE id = @x`,
		`UPDATE app.deadline SET due_at = due_at + interval '1 h' WHERE id = @clock`, `UPDATE app.deadline SET status = 'paused', paused_at = now() WHERE id = @clock`,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, changed_by) VALUES (@case, @x, 'moved', @me)`,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, reason, changed_by) VALUES (@case, @x, 'paused', ' ', @me)`,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, reason, changed_by) VALUES (@case, @x, 'moved', 'r', @other)`,
		`INSERT INTO app.deadline (case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		 VALUES (@case, 'LOCAL_X', 'x', now(), now(), 1, 'days', '', '', '', false, 'local', false, false, false, now(), @other)`,
	} {
		err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			sql, used := args(sql, db.Args{"x": x.ID, "clock": clock.ID, "case": tx.CaseID, "me": d.Mette.UserID, "other": d.Dennis.UserID})
			n, err := db.Exec(ctx, tx, sql, used)
			if err == nil && n > 0 {
				t.Errorf("%s: %d rows", sql, n)
			}
			return errors.Join(err, errBack)
		})
		if err == nil {
			t.Errorf("%s: committed", sql)
		}
	}
	if got := d.get(x.ID); got != x {
		t.Errorf("changed: %+v", got)
	}
}

var errBack = errors.New("roll back")
