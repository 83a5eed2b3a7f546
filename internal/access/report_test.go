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
	"samspil/internal/testkit"
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

// The desk does not learn that the child has a case which it may not read, and nobody is told of the report who must not know.
func TestAMatchTellsOnlyThePeopleOfTheCase(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	apart := func() {
		t.Helper()
		w.Exec(t, `DELETE FROM app.notice`)
		w.Exec(t, `DELETE FROM app.report_case WHERE report_id = $1`, reportID("open"))
		w.Exec(t, `DELETE FROM app.reassessment WHERE report_id = $1`, reportID("open"))
	}
	w.Exec(t, `UPDATE app.person SET cpr_bidx = sha256('known') WHERE case_id = $1`, id("restricted"))
	apart()
	w.Exec(t, `UPDATE app.report_person SET cpr_bidx = sha256('known') WHERE report_id = $1 AND is_child`, reportID("open"))
	if n := w.Count(t, `SELECT count(*) FROM app.report_case WHERE report_id = $1 AND case_id = $2 AND how = 'match'`, reportID("open"), id("restricted")); n != 1 {
		t.Fatalf("%d matches", n)
	}
	w.inReport(t, "desk", "open", func(tx pgx.Tx) error {
		for _, sql := range []string{`SELECT count(*) FROM app.report_case`, `SELECT count(*) FROM app.cases_of_report($1)`, `SELECT count(*) FROM app.reassessment`, `SELECT count(*) FROM app.open_reassessments() WHERE report_ref = $2`} {
			args := []any{}
			if strings.Contains(sql, "$1") {
				args = append(args, reportID("open"))
			} else if strings.Contains(sql, "$2") {
				sql, args = strings.Replace(sql, "$2", "$1", 1), append(args, ref("report open"))
			}
			if n := count(t, tx, sql, args...); n != 0 {
				t.Errorf("the desk learns of the case by %s: %d", sql, n)
			}
		}
		return nil
	})
	told := func(user string) int {
		return w.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind IN ('report.on_case', 'reassessment.demanded')`, id(user))
	}
	if told("responsible") != 2 || w.Count(t, `SELECT count(*) FROM app.notice`) != 2 {
		t.Errorf("the responsible got %d notices, everybody %d", told("responsible"), w.Count(t, `SELECT count(*) FROM app.notice`))
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.report_case c JOIN app.report r ON r.id = c.report_id WHERE c.case_id = $1 AND r.id = $2`, id("restricted"), reportID("open")); n != 1 {
			t.Error("the responsible does not find the report on the case")
		}
		return nil
	})
	// an uncle of the child is responsible: the report comes, and they hear nothing
	apart()
	w.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'creation', $2)`, reportID("open"), id("responsible"))
	w.Exec(t, `UPDATE app.report_person SET cpr_bidx = sha256('known') WHERE report_id = $1 AND is_child`, reportID("open"))
	if n := w.Count(t, `SELECT count(*) FROM app.notice`); n != 0 {
		t.Errorf("%d notices to somebody who must not know", n)
	}
}

// Whoever has had a hand in the case is nobody's fresh eyes, also where somebody writes the row past the program.
func TestNobodyInvolvedReassesses(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	w.Exec(t, `DELETE FROM app.reassessment WHERE report_id = $1`, reportID("open"))
	w.Exec(t, `INSERT INTO app.reassessment (id, report_id, of_case) VALUES ($1, $2, $3)`, id("fresh"), reportID("open"), id("restricted"))
	w.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind) VALUES ($1, $2, 'x')`, id("restricted"), id("team_mate"))
	w.Exec(t, `INSERT INTO app.note (case_id, kind, body, author) VALUES ($1, 'call', 'x', $2)`, id("restricted"), id("visiting_lead"))
	w.Exec(t, `INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by, responsible_user, status, done_at, done_by) VALUES
		($1, $2, 10, 's', $4, NULL, 'open', NULL, NULL), ($1, $2, 11, 's', $3, $5, 'open', NULL, NULL), ($1, $2, 12, 's', $3, NULL, 'done', now(), $6)`,
		id("restricted"), id("restricted phase"), id("responsible"), id("demoted_lead"), id("desk_lead_demoted"), id("desk_visiting_lead"))
	w.Exec(t, `UPDATE app.involvement SET added_by = $2 WHERE case_id = $1`, id("restricted"), id("desk"))
	w.Exec(t, `INSERT INTO app.team_member (team_id, user_id) VALUES ($1, $2), ($1, $3), ($1, $4)`, w.TeamNorth, id("newcomer"), id("excl_by_case"), id("assigned"))
	w.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind) VALUES ($1, $2, 'x')`, id("sealed"), id("newcomer")) // of another case: no matter
	for who, why := range map[string]string{"responsible": "has a grant", "coworker": "has a grant", "team_mate": "has an event",
		"visiting_lead": "has written a note", "demoted_lead": "has planned a step", "desk_lead_demoted": "has a step to do", "desk_visiting_lead": "has done a step", "desk": "has drawn a partner in",
		"excl_by_case": "is excluded", "excl_creation": "is kept from the report", "desk_former": "has left",
		"desk_inactive": "does not work here any more", "stranger": "works in the other area", "specialist": "is in no team", "registrar": "took the report", "assigned": "works with the report", "desk_admin": "is admin", "foreign": "works elsewhere"} {
		if _, err := w.exec(t, `UPDATE app.reassessment SET reviewer = $2, chosen_by = $3, chosen_at = now() WHERE id = $1`, id("fresh"), id(who), id("desk_lead")); err == nil {
			t.Errorf("%s %s, and reassesses", who, why)
		}
		w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
			if n := count(t, tx, `SELECT count(*) FROM app.fresh_eyes($1) f WHERE f = $2`, id("fresh"), id(who)); n != 0 {
				t.Errorf("%s %s, and is suggested", who, why)
			}
			if who == "responsible" {
				return nil
			}
			var ok *bool
			if err := tx.QueryRow(t.Context(), `SELECT app.choose_reviewer($1, $2, NULL)`, id("fresh"), id(who)).Scan(&ok); err != nil || ok == nil || *ok {
				t.Errorf("%s %s, and is chosen: %v %v", who, why, ok, err)
			}
			return errBack
		})
	}
	w.in(t, "consulted", "restricted", func(tx pgx.Tx) error { // who is asked for advice chooses nobody
		if _, _, err := try(t, tx, `SELECT app.choose_reviewer($1, $2, NULL)`, id("fresh"), id("newcomer")); err == nil {
			t.Error("somebody consulted chooses the reviewer")
		}
		return nil
	})
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT app.choose_reviewer($1, $2, NULL)::int`, id("fresh"), id("newcomer")); n != 1 {
			t.Error("a colleague of the area who has never touched the case cannot be chosen")
		}
		if _, _, err := try(t, tx, `SELECT app.record_reassessment($1, 'unchanged', 'x')`, id("fresh")); err == nil {
			t.Error("the responsible reassesses their own case")
		}
		return nil
	})
	w.inReport(t, "responsible", "open", func(tx pgx.Tx) error {
		if _, _, err := try(t, tx, `SELECT app.record_reassessment($1, 'unchanged', 'x')`, id("fresh")); err == nil {
			t.Error("the responsible reassesses with the report open")
		}
		return nil
	})
	w.in(t, "newcomer", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.person WHERE case_id = $1`, id("restricted")); n == 0 {
			t.Error("the reviewer cannot read the case")
		}
		return nil
	})
	w.inReport(t, "newcomer", "open", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT app.record_reassessment($1, 'changed', 'Vurderingen er ændret')::int`, id("fresh")); n != 1 {
			t.Error("the reviewer cannot record what they found")
		}
		return nil
	})
	if n := w.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'report.reassessed' AND actor = $2`, id("restricted"), id("newcomer")); n != 1 {
		t.Error("the case does not show it")
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

// A name is found however the caller spells it, and one spelt alike only by chance is not.
func TestNamesSoundAlike(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	sound := func(folded string) string {
		var s string
		o.Scan(t, []any{&s}, `SELECT app._sound(app._fold($1))`, folded)
		return s
	}
	for _, alike := range [][]string{{"Mohammed", "Muhamad", "Mehmet", "Muhammad", "Mohamed", "Mohamud"}, {"Yusuf", "Jusuf", "Youssef", "Josef"}, {"Khadija", "Hadidja", "Khadidscha", "Hadija"},
		{"Aisha", "Aicha", "Ayşe", "Aischa", "Ajsa"}, {"Zeynep", "Zainab", "Zeinab"}, {"Fatima", "Fatimah", "Fatma"}, {"Ødegård", "Oedegaard", "Odegard"}, {"El-Khatib", "Al Hatib", "Khatib"},
		{"Christian", "Kristian"}, {"Ahmed", "Achmed", "Ahmet", "Ahmad"}, {"Yasmin", "Jasmin", "Yasmine"}} {
		for _, name := range alike[1:] {
			if a, b := sound(alike[0]), sound(name); a != b || a == "" {
				t.Errorf("%s sounds %q, %s %q", alike[0], a, name, b)
			}
		}
	}
	for a, b := range map[string]string{"Amina": "Mona", "Khadija": "Samira", "Yusuf": "Yasin", "Ali": "Omar", "Sara": "Sami"} {
		if sound(a) == sound(b) {
			t.Errorf("%s and %s both sound %q", a, b, sound(a))
		}
	}
}
