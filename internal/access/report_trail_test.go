package access

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// What is done with a report is written by the database as it is done, and not by the page that asks for it.
func TestWorkOnAReportLeavesALine(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	w.Exec(t, `UPDATE app.report_person SET cpr_enc = '\x01' WHERE id = $1`, id("child open"))
	w.Exec(t, `DELETE FROM app.report_case WHERE report_id = $1`, reportID("open"))
	w.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES ($1, $2, 'coworker', $2)`, id("normal"), id("desk"))
	w.as(t, "desk", func(tx pgx.Tx) error { return w.open(t, tx, ref("normal")) })
	w.inReport(t, "desk", "open", func(tx pgx.Tx) error {
		for _, sql := range []string{`SELECT app.use_case(@case)`, `SELECT app.reveal_report_cpr(@report, @child)`, `SELECT app.send_receipt(@report, 'phone', true)`,
			`SELECT app.assign_report(@report, @me, @assigned)`, `SELECT app.join_report(@report, @case, false)`} {
			args := pgx.NamedArgs{"report": reportID("open"), "case": id("normal"), "child": id("child open"), "me": id("desk"), "assigned": id("assigned")}
			if rows, _, err := try(t, tx, sql, args); err != nil || strings.HasPrefix(rows, "[<nil>]") || strings.HasPrefix(rows, "[false]") {
				t.Errorf("%s: %q %v", sql, rows, err)
			}
		}
		return nil
	})
	for _, action := range []string{"case.open", "cpr.reveal", "report.receipt", "report.assign", "report.join"} {
		if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE actor = $1 AND case_id = $2 AND action = $3`, id("desk"), reportID("open"), action); n != 1 {
			t.Errorf("%d lines of %s", n, action)
		}
	}
}

// An auditor who is kept from a report, as a relative of the child, does not follow in the trail who works on it.
func TestAnAuditorWhoIsKeptFromAReportReadsNoTrailOfIt(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	w.inReport(t, "desk", "open", func(pgx.Tx) error { return nil })
	sees := func() (n int) {
		w.as(t, "auditor", func(tx pgx.Tx) error {
			n = count(t, tx, `SELECT count(*) FROM audit.event WHERE case_id = $1`, reportID("open"))
			return nil
		})
		return n
	}
	if sees() == 0 {
		t.Error("the auditor does not see who opened the report")
	}
	w.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'creation', $3)`, reportID("open"), id("auditor"), id("registrar"))
	if n := sees(); n != 0 {
		t.Errorf("who is kept from the report reads %d lines of it", n)
	}
}

// Who assesses and concludes a report, and whoever it tells of, is who writes it.
func TestNothingIsSaidOfAReportInAColleaguesName(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	w.inReport(t, "desk", "open", func(tx pgx.Tx) error {
		for _, sql := range []string{
			`INSERT INTO app.report_event (report_id, actor, kind) VALUES (@report, @who, 'x')`,
			`UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = @who WHERE id = @report`,
			`UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = @me, outcome = 'no_further', concluded_at = now(), concluded_by = @who WHERE id = @report`,
		} {
			for _, who := range []string{"desk_lead", "desk"} {
				_, n, err := try(t, tx, sql, pgx.NamedArgs{"report": reportID("open"), "me": id("desk"), "who": id(who)})
				if own := who == "desk"; own && (err != nil || n != 1) || !own && !strings.HasPrefix(says(err), "42501") {
					t.Errorf("%s in the name of %s: %d rows, %q", sql, who, n, says(err))
				}
			}
		}
		return errBack
	})
}

// A report joins a case only for somebody who has both open and writes in one of them, and whoever is kept from it is
// kept from the case from then on.
func TestJoiningAReportAndACaseAsksForBoth(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	const join = `SELECT app.join_report($1, $2, false)`
	refused := func(who string, tx pgx.Tx, report, c string) {
		t.Helper()
		if _, _, err := try(t, tx, join, reportID(report), id(c)); !strings.HasPrefix(says(err), "42501") {
			t.Errorf("%s, the %s report and the %s case: %q", who, report, c, says(err))
		}
	}
	w.inReport(t, "desk", "open", func(tx pgx.Tx) error { refused("the desk", tx, "open", "normal"); return nil })
	w.in(t, "coworker", "normal", func(tx pgx.Tx) error { refused("a co-worker", tx, "open", "normal"); return nil })
	// who is asked for advice reads the report through its case, and joins it with nothing
	w.as(t, "consulted", func(tx pgx.Tx) error { return w.open(t, tx, ref("normal")) })
	w.inReport(t, "consulted", "open", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM (SELECT app.use_case($1)) u, app.report_content WHERE report_id = $2`, id("normal"), reportID("open")); n != 1 {
			t.Errorf("who is asked for advice reads %d reports", n)
		}
		refused("who is asked for advice", tx, "open", "normal")
		return nil
	})
	w.as(t, "coworker", func(tx pgx.Tx) error { return w.open(t, tx, ref("normal")) })
	w.inReport(t, "coworker", "open", func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SELECT app.use_case($1)`, id("normal")); err != nil {
			return err
		}
		if n := count(t, tx, `SELECT app.join_report($1, $2, false)::int`, reportID("open"), id("normal")); n != 1 {
			t.Error("who works on the case cannot take the report up")
		}
		return nil
	})
	if n := w.Count(t, `SELECT count(*) FROM app.case_exclusion WHERE case_id = $1 AND user_id IN ($2, $3) AND lifted_at IS NULL`, id("normal"), id("excl_creation"), id("excl_relation")); n != 2 {
		t.Errorf("%d of the two who are kept from the report are kept from its case", n)
	}
}

// The clock of a child's report is the law's, whoever goes around the program (R2); and nothing is concluded that nobody
// has assessed, nor written down late without saying why.
func TestNobodyMovesTheClockOfAReport(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	w.inReport(t, "desk", "open", func(tx pgx.Tx) error {
		for constraint, sql := range map[string]string{
			"a_child_has_a_clock":            `UPDATE app.report SET assess_by = assess_by + interval '1 day' WHERE id = $1`,
			"concluded_after_the_assessment": `UPDATE app.report SET outcome = 'no_further', concluded_at = now(), concluded_by = auth.uid() WHERE id = $1`,
			"a_late_registration_says_why":   `UPDATE app.report SET received_at = received_at - interval '2 h', assess_by = assess_by - interval '2 h', late_reason = ' ' WHERE id = $1`,
		} {
			if _, n, err := try(t, tx, sql, reportID("open")); !strings.Contains(says(err), constraint) {
				t.Errorf("%s: %d rows, %q", sql, n, says(err))
			}
		}
		return errBack
	})
}
