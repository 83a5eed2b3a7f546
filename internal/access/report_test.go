package access

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
)

// reports are the town's reports of concern, in the columns of report_matrix.csv.
var reports = []string{"open", "concluded", "old", "long ago", "sealed", "normal", "no case"}

// deskPeople have something to do with reports; the others of the matrix are people of the town.
var deskPeople = []somebody{
	{"desk", actor.Caseworker, "intake", false}, {"desk_lead", actor.TeamLead, "intake", true}, {"desk_lead_demoted", actor.Caseworker, "intake", true},
	{"desk_visiting_lead", actor.TeamLead, "intake", false}, // leads elsewhere
	{"desk_of_adults", actor.Caseworker, "intake_adults", false}, {"desk_former", actor.Caseworker, "intake", false}, {"desk_inactive", actor.Caseworker, "intake", false},
	{"desk_admin", actor.Admin, "intake", true}, {"desk_auditor", actor.Auditor, "intake", false}, {"desk_foreign", actor.Caseworker, "intake", false},
	{"assigned", actor.Caseworker, "adults", false}, {"registrar", actor.Specialist, "", false}, {"reviewer", actor.Caseworker, "intake_adults", false}, {"reviewer_done", actor.Caseworker, "", false},
	// of the desk, and kept from the reports
	{"excl_creation", actor.Caseworker, "intake", false}, {"excl_relation", actor.TeamLead, "intake", true}, {"excl_by_case", actor.Caseworker, "intake", false},
}

// newDesk is a town with an intake desk for children and one for adults, and reports.
func newDesk(t *testing.T) *town {
	t.Helper()
	w := newTown(t)
	var b strings.Builder
	fmt.Fprintf(&b, `DELETE FROM app.reassessment; DELETE FROM app.report_case; DELETE FROM app.report_event; DELETE FROM app.report_person; DELETE FROM app.report_content; DELETE FROM app.report_exclusion; DELETE FROM app.report;
		INSERT INTO app.team (id, municipality, area, name, intake) VALUES ('%s', 999, 'child', 'Modtagelsen', true), ('%s', 999, 'adult', 'Modtagelsen, voksne', true);`, id("intake"), id("intake_adults"))
	for _, p := range deskPeople {
		municipality, until, active := 999, "NULL", true
		switch p.name {
		case "desk_foreign":
			municipality = 101
		case "desk_former":
			until = "now() - interval '1 s'"
		case "desk_inactive":
			active = false
		}
		fmt.Fprintf(&b, `INSERT INTO auth.user_account (id, email, display_name, municipality, role, password_hash, active) VALUES ('%[1]s', '%[2]s@town.test', '%[2]s', %[3]d, '%[4]s', 'x', true);
			INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256('%[5]s'), '%[1]s', now() + interval '9 h');`, id(p.name), p.name, municipality, p.role, token(p.name))
		if p.team != "" && p.team != "adults" {
			fmt.Fprintf(&b, `INSERT INTO app.team_member (team_id, user_id, is_lead, valid_to) VALUES ('%s', '%s', %t, %s);`, id(p.team), id(p.name), p.lead, until)
		}
		if !active {
			fmt.Fprintf(&b, `UPDATE auth.user_account SET active = false WHERE id = '%s';`, id(p.name))
		}
	}
	fmt.Fprintf(&b, `INSERT INTO auth.user_relation (user_id, cpr_bidx) VALUES ('%s', sha256('uncle'));
		INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) SELECT f.id, '%s', 'leader', f.responsible_id FROM app.case_file f WHERE f.id IN ('%s', '%s', '%s');
		ALTER TABLE app.reassessment DISABLE TRIGGER fresh_reviewer;`, id("excl_relation"), id("excl_by_case"), id("restricted"), id("sealed"), id("normal"))
	for _, name := range reports {
		b.WriteString(reportSQL(name))
	}
	b.WriteString(`ALTER TABLE app.reassessment ENABLE TRIGGER fresh_reviewer;`)
	w.Exec(t, b.String())
	return w
}

func reportID(name string) string { return id("report " + name).String() }

func reportSQL(name string) string {
	of, registered := "restricted", "now()"
	switch name {
	case "sealed":
		of = "sealed"
	case "normal":
		of = "normal"
	case "old":
		registered = "now() - interval '15 days'"
	}
	sql := `
		INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, assess_by, receipt_by, registered_at, registered_by, assigned_to)
		  VALUES (:report, ':ref', 'U-:ref', 999, 'child', 'professional', :when, :when + interval '24 hours', :when + interval '7 days', :when, :registrar, :assigned);
		INSERT INTO app.report_content (report_id, told) VALUES (:report, 'Om :word');
		INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES (:report, :creation, 'creation', :registrar);
		INSERT INTO app.report_person (report_id, name, relation, cpr_bidx) VALUES (:report, 'Onkel', 'onkel', sha256('uncle'));
		INSERT INTO app.report_person (id, report_id, is_child, name, name_folded, cpr_bidx, age, age_on) VALUES (:child, :report, true, 'Amira :word', 'amira :word', sha256('child :word'), 15, '2026-01-01');
		INSERT INTO app.report_event (report_id, actor, kind) VALUES (:report, :registrar, 'report.registered');
		INSERT INTO app.report_case (report_id, case_id, how) VALUES (:report, :case, 'joined');
		DELETE FROM app.reassessment WHERE report_id = :report;
		INSERT INTO app.reassessment (report_id, reviewer, chosen_by, chosen_at) VALUES (:report, :reviewer, :assigned, now());
		INSERT INTO app.reassessment (report_id, of_case, reviewer, chosen_by, chosen_at, outcome, reason, done_at) VALUES (:report, :case, :done, :assigned, now() - interval '20 days', 'unchanged', 'r', now() - interval '15 days');`
	switch name {
	case "concluded":
		sql += `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = :assigned, outcome = 'no_further', concluded_at = now(), concluded_by = :assigned WHERE id = :report;`
	case "long ago", "no case":
		outcome := "no_further"
		if name == "no case" {
			outcome = "assessment"
		}
		sql += `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = :assigned, outcome = '` + outcome + `', concluded_at = now() - interval '31 days', concluded_by = :assigned,
			registered_at = now() - interval '40 days', received_at = now() - interval '40 days', assess_by = now() - interval '39 days' WHERE id = :report;`
	}
	if name == "no case" { // the child's case has not taken it up
		sql = strings.Replace(sql, "'joined'", "'match'", 1)
	}
	quote := func(name string) string { return "'" + id(name).String() + "'" }
	return strings.NewReplacer(":report", quote("report "+name), ":ref", ref("report "+name), ":word", word("report "+name), ":when", registered, ":case", quote(of), ":child", quote("child "+name),
		":registrar", quote("registrar"), ":assigned", quote("assigned"), ":creation", quote("excl_creation"), ":reviewer", quote("reviewer"), ":done", quote("reviewer_done")).Replace(sql)
}

// inReport opens a report in one transaction and uses it in a second, as a request does.
func (w *town) inReport(t *testing.T, who, name string, fn func(pgx.Tx) error) {
	t.Helper()
	w.as(t, who, func(tx pgx.Tx) error { return w.open(t, tx, ref("report "+name)) })
	w.as(t, who, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SELECT app.use_case($1)`, reportID(name)); err != nil {
			return err
		}
		return fn(tx)
	})
}

// Every relation to a report, open and concluded, young and old, and every right: as report_matrix.csv says.
func TestPermissionMatrixOfReports(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	f, err := os.Open("report_matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil || !slices.Equal(lines[0][1:], reports) {
		t.Fatalf("%v, columns %v", err, lines[0])
	}
	for _, line := range lines[1:] {
		for i, name := range reports {
			if got, want := w.probeReport(t, line[0], name), strings.Trim(line[1+i], "-"); got != want {
				t.Errorf("%s, %s report: may %q, should %q", line[0], name, got, want)
			}
		}
	}
	for _, p := range deskPeople {
		if !slices.ContainsFunc(lines, func(l []string) bool { return l[0] == p.name }) {
			t.Errorf("%s is missing in report_matrix.csv", p.name)
		}
	}
}

// probeReport tries every right of who to a report, and returns the letters of those that worked.
func (w *town) probeReport(t *testing.T, who, name string) string {
	t.Helper()
	c, letters := reportID(name), map[byte]bool{}
	has := func(letter byte, how string, ok bool) {
		if before, asked := letters[letter]; asked && before != ok {
			t.Errorf("%s, %s report: %c is %t, but %t by way of %s", who, name, letter, before, ok, how)
		}
		letters[letter] = ok
	}
	contents := []string{"app.report_content", "app.report_person", "app.report_event"}
	w.as(t, who, func(tx pgx.Tx) error {
		has('L', "list", count(t, tx, `SELECT count(*) FROM app.report WHERE id = $1`, c) == 1)
		has('L', "my_reports", count(t, tx, `SELECT count(*) FROM unnest(auth.my_reports()) r WHERE r = $1`, c) == 1)
		for _, table := range append(contents, "app.report_exclusion") {
			if count(t, tx, `SELECT count(*) FROM `+table+` WHERE report_id = $1`, c) > 0 {
				t.Errorf("%s reads %s of the %s report without opening it", who, table, name)
			}
		}
		return nil
	})
	w.inReport(t, who, name, func(tx pgx.Tx) error {
		for _, table := range contents {
			has('R', table, count(t, tx, `SELECT count(*) FROM `+table+` WHERE report_id = $1`, c) > 0)
		}
		has('L', "opened", count(t, tx, `SELECT count(*) FROM app.report WHERE id = $1`, c) == 1)
		has('M', "exclusions", count(t, tx, `SELECT count(*) FROM app.report_exclusion WHERE report_id = $1`, c) > 0)
		rights := count(t, tx, `SELECT auth.perms($1)`, c)
		for i, letter := range []byte("LR WNM") {
			if letter != ' ' {
				has(letter, "perms", rights > 0 && rights&(1<<i) != 0)
			}
		}
		if rights > 0 && rights&(4|64) != 0 {
			t.Errorf("%s: %d for a report", who, rights)
		}
		for _, sql := range []string{`UPDATE app.report SET version = version + 1 WHERE id = $1`, `UPDATE app.report_content SET told = 'x' WHERE report_id = $1`,
			`UPDATE app.report_person SET relation = 'x' WHERE report_id = $1`, `INSERT INTO app.report_person (report_id, name) VALUES ($1, 'x')`} {
			_, n, err := try(t, tx, sql, c)
			has('W', sql, err == nil && n > 0)
		}
		_, _, err := try(t, tx, `SELECT app.desk_of($1)`, c)
		has('W', "desk_of", err == nil)
		_, _, err = try(t, tx, `SELECT app.assign_report($1, $2, $3)`, c, id("desk"), id("assigned"))
		has('W', "assign", err == nil)
		_, _, err = try(t, tx, `SELECT app.reveal_report_cpr($1, $2)`, c, id("child "+name))
		if name == "no case" {
			has('C', "reveal", err == nil)
		} else {
			has('W', "reveal", err == nil)
		}
		_, n, err := try(t, tx, `INSERT INTO app.report_event (report_id, actor, kind) VALUES ($1, auth.uid(), 'x')`, c)
		has('N', "event", err == nil && n == 1)
		_, _, err = try(t, tx, `SELECT app.send_receipt($1, 'phone', true)`, c)
		has('N', "receipt", err == nil)
		return errBack
	})
	w.as(t, who, func(tx pgx.Tx) error {
		cpr := "child " + word("report "+name)
		has('S', "name", count(t, tx, `SELECT count(*) FROM app.find_candidates($1, NULL, NULL) WHERE id = $2`, word("report "+name), c) > 0)
		has('S', "told age", count(t, tx, `SELECT count(*) FROM app.told_ages(ARRAY[$1]::uuid[])`, c) > 0)
		has('S', "cpr", count(t, tx, `SELECT count(*) FROM app.find_candidates('', sha256($1::text::bytea), NULL) WHERE id = $2`, cpr, c) > 0)
		return errBack
	})
	var b strings.Builder
	for _, letter := range []byte("LRWCNMS") {
		if letters[letter] {
			b.WriteByte(letter)
		}
	}
	return b.String()
}

// A report that is hidden and one that does not exist look alike, to the desk of the other area and to the excluded of the desk.
func TestHiddenReportEqualsNone(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	for _, who := range []string{"desk_of_adults", "desk_former", "excl_creation", "excl_relation", "excl_by_case", "team_mate", "desk_admin", "desk_auditor", "desk_foreign", "nobody"} {
		w.as(t, who, func(tx pgx.Tx) error {
			for _, sql := range []string{
				`SELECT * FROM app.report WHERE id = @case`, `SELECT * FROM app.report WHERE ref = @ref`, `SELECT * FROM app.report WHERE number = 'U-' || @ref`,
				`SELECT * FROM app.report_content WHERE report_id = @case`, `SELECT * FROM app.report_exclusion WHERE report_id = @case`, `SELECT * FROM app.reassessment WHERE report_id = @case`,
				`SELECT * FROM app.report_case WHERE report_id = @case`, `SELECT id FROM app.report_person WHERE name_folded LIKE '%' || @word || '%'`,
				`UPDATE app.report SET acute = true WHERE id = @case`, `INSERT INTO app.report_event (report_id, actor, kind) VALUES (@case, auth.uid(), 'x')`,
				`INSERT INTO app.report_person (report_id, name) VALUES (@case, 'x')`, `SELECT * FROM app.open_case(@ref, '', 'test')`, `SELECT app.use_case(@case)`, `SELECT auth.perms(@case)`,
				`SELECT app.assign_report(@case, @other, NULL)`, `SELECT app.desk_of(@case)`, `SELECT app.send_receipt(@case, 'phone', true)`, `SELECT app.reveal_report_cpr(@case, @child)`,
				`SELECT * FROM app.cases_of_report(@case)`, `SELECT app.join_report(@case, @case, false)`, `SELECT * FROM app.find_candidates(@word, NULL, NULL)`, `SELECT * FROM app.told_ages(ARRAY[@case]::uuid[])`,
				`SELECT audit.record('x', @case, NULL, NULL)`, `SELECT unassessed, soon, past, next_ref FROM app.report_frame()`,
			} {
				hidden := map[string]any{"case": id("report open"), "ref": ref("report open"), "word": word("report open"), "child": id("child open"), "other": id("desk")}
				missing := map[string]any{"case": nowhere, "ref": nowhereRef, "word": "qqqqnowhere", "child": nowhere, "other": id("desk")}
				if a, b := w.answer(t, tx, sql, hidden), w.answer(t, tx, sql, missing); a != b {
					t.Errorf("%s can tell a hidden report from none by\n%s\nhidden:  %s\nmissing: %s", who, sql, a, b)
				}
			}
			return errBack
		})
	}
}

// exec runs a statement as administrator and says what became of it.
func (w *town) exec(t *testing.T, sql string, args ...any) (int64, error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	tag, err := conn.Exec(t.Context(), sql, args...)
	return tag.RowsAffected(), err
}

// Whoever became an admin or an auditor since reads no report, though it is theirs.
func TestAnAdminReadsNoReportThatWasTheirs(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	for _, who := range []string{"desk_admin", "desk_auditor"} {
		w.Exec(t, `UPDATE app.report SET assigned_to = $1, registered_by = $1 WHERE id = $2`, id(who), id("report open"))
		w.as(t, who, func(tx pgx.Tx) error {
			if n := count(t, tx, `SELECT auth.perms($1)`, id("report open")); n != 0 {
				t.Errorf("%s has the rights %d", who, n)
			}
			return errBack
		})
	}
}
