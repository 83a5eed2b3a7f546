package access

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/testkit"
)

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
