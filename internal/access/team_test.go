package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// keeping is every way to change a team, and who is in it; :team is a team of the municipality, :me the person who tries.
var keeping = []string{
	`SELECT app.add_team(gen_random_uuid(), 'Vores eget', 'child', true)`,
	`SELECT app.change_team(:team, 1, 'Vores eget', 'child', true)`,
	`SELECT app.join_team(:team, :me)`, `SELECT app.join_team(:team, :newcomer)`,
	`SELECT app.leave_team(:team, :mate)`,
	`SELECT app.lead_team(:team, :me, true)`, `SELECT app.lead_team(:team, :mate, true)`,
	`SELECT app._join(:team, :me, true)`, `SELECT app._set_intake(:team, true)`, `SELECT app._team_said(:team, 'team.joined', :me, NULL)`, `SELECT app._team_used(:team)`, `SELECT app._leaves_reports(:team, NULL)`,
	`INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES (:team, :me, true)`,
	`UPDATE app.team_member SET is_lead = true`, `UPDATE app.team_member SET valid_to = NULL`, `UPDATE app.team_member SET team_id = :team`, `DELETE FROM app.team_member`,
	`INSERT INTO app.team (municipality, area, name, intake) VALUES (999, 'child', 'Vores eget', true)`, `UPDATE app.team SET intake = true`, `UPDATE app.team SET name = 'x'`, `DELETE FROM app.team`,
}

func inTeam(sql, who, team string) string {
	quote := func(name string) string { return "'" + id(name).String() + "'" }
	return strings.NewReplacer(":team", "'"+team+"'", ":me", quote(who), ":newcomer", quote("newcomer"), ":mate", quote("team_mate")).Replace(sql)
}

// teams is everything about teams in one text: what a refused try leaves as it was.
func (w *town) teams(t *testing.T) (text string) {
	t.Helper()
	w.Scan(t, []any{&text}, `SELECT (SELECT string_agg(x::text, ' ' ORDER BY x.id) FROM app.team x) || (SELECT string_agg(m::text, ' ' ORDER BY m.team_id, m.user_id) FROM app.team_member m)
		|| (SELECT count(*) FROM audit.event WHERE action LIKE 'team.%') || (SELECT count(*) FROM app.notice)`)
	return text
}

// No caseworker, no lead, not the auditor: by no function and no statement of the application's own login.
func TestNobodyButAnAdminPutsPeopleIntoTeams(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for i := range 5 {
		w.carries(t, i)
	}
	before := w.teams(t)
	for _, who := range []string{"team_mate", "stranger", "specialist", "team_lead", "other_team_lead", "visiting_lead", "auditor", "foreign_lead", "inactive", "nobody"} {
		for _, sql := range keeping {
			w.as(t, who, func(tx pgx.Tx) error {
				if _, _, err := try(t, tx, inTeam(sql, who, w.TeamNorth.String())); !strings.HasPrefix(says(err), "42501") {
					t.Errorf("%s: %s: %q", who, sql, says(err))
				}
				return nil
			})
		}
		w.as(t, who, func(tx pgx.Tx) error {
			if n := count(t, tx, `SELECT count(*) FROM app.team_load($1)`, w.TeamNorth); n > 0 {
				t.Errorf("%s is told of %d loads", who, n)
			}
			if n := count(t, tx, `SELECT app.team_fixed($1)::int`, w.TeamNorth); n > 0 {
				t.Errorf("%s is told whether the team has cases", who)
			}
			return nil
		})
	}
	if now := w.teams(t); now != before {
		t.Errorf("before: %s\nafter: %s", before, now)
	}
}

// An admin keeps the teams and is never in one; nor does raw SQL in their name get around the functions.
func TestAnAdminPutsNeitherThemselvesNorAnotherAdminIntoATeam(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	said := func(sql string) (answer string) {
		w.as(t, "admin", func(tx pgx.Tx) error {
			rows, _, err := try(t, tx, inTeam(sql, "admin", w.TeamNorth.String()))
			answer, _, _ = strings.Cut(strings.TrimPrefix(rows, "["), "]")
			if err != nil {
				answer = says(err)[:5]
			}
			return nil
		})
		return answer
	}
	for _, sql := range keeping {
		if strings.Contains(sql, ":me") || !strings.HasPrefix(sql, "SELECT") || strings.Contains(sql, "app._") {
			if got, want := said(sql), map[bool]string{true: "none", false: "42501"}[strings.Contains(sql, "app.lead_team")]; got != want {
				t.Errorf("%s: %q, want %q", sql, got, want)
			}
		}
	}
	for _, who := range []string{"admin_granted", "auditor", "inactive", "foreign", "foreign_lead"} {
		w.Exec(t, `DELETE FROM app.team_member WHERE team_id = $1 AND user_id = $2`, w.TeamNorth, id(who)) // the town has put some strays there
		if got := said(fmt.Sprintf(`SELECT app.join_team(:team, '%s')`, id(who))); got != "unfit" {
			t.Errorf("%s: %q", who, got)
		}
		if n := w.Count(t, `SELECT count(*) FROM app.team_member WHERE team_id = $1 AND user_id = $2`, w.TeamNorth, id(who)); n != 0 {
			t.Errorf("%s is in the team", who)
		}
	}
	if got := said(`SELECT app.lead_team(:team, :mate, true)`); got != "unfit" {
		t.Errorf("a caseworker leads: %q", got)
	}
	if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE action LIKE 'team.%'`); n != 0 {
		t.Errorf("%d lines about what did not happen", n)
	}
}

// An admin of another municipality finds no team of ours.
func TestTeamsAreKeptByTheirOwnMunicipality(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for i := range 5 {
		w.carries(t, i)
	}
	w.Exec(t, `UPDATE auth.user_account SET role = 'admin' WHERE id = $1`, id("foreign"))
	before := w.teams(t)
	w.as(t, "foreign", func(tx pgx.Tx) error {
		for _, sql := range []string{`SELECT app.change_team(:team, 1, 'Vores', 'child', true)`, `SELECT app.join_team(:team, :newcomer)`, `SELECT app.leave_team(:team, :mate)`, `SELECT app.lead_team(:team, '` + id("team_lead").String() + `', false)`} {
			if rows, _, err := try(t, tx, inTeam(sql, "foreign", w.TeamNorth.String())); err != nil || !strings.Contains(rows, "none") {
				t.Errorf("%s: %q %q", sql, rows, says(err))
			}
		}
		if n := count(t, tx, `SELECT count(*) FROM app.team_load($1)`, w.TeamNorth); n != 0 {
			t.Error("is told of our loads")
		}
		if n := count(t, tx, `SELECT app.team_fixed($1)::int`, w.TeamNorth); n != 0 {
			t.Error("is told whether our team has cases")
		}
		return nil
	})
	if now := w.teams(t); now != before {
		t.Errorf("before: %s\nafter: %s", before, now)
	}
}

// Membership is access: it begins and ends with the admin's change, and the admin sees nothing of it.
func TestALeadReadsTheCasesOfTheTeamFromTheMomentTheyJoin(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	rights := func(who, name string) (n int) {
		w.as(t, who, func(tx pgx.Tx) error { n = count(t, tx, `SELECT auth.perms($1)`, id(name)); return nil })
		return n
	}
	keep := func(sql string) {
		w.as(t, "admin", func(tx pgx.Tx) error {
			if rows, _, err := try(t, tx, sql, w.TeamNorth, id("other_team_lead")); err != nil || !strings.Contains(rows, "done") {
				t.Errorf("%s: %q %q", sql, rows, says(err))
			}
			return nil
		})
	}
	for _, step := range []struct {
		sql                        string
		normal, restricted, sealed int
	}{
		{`SELECT app.join_team($1, $2)`, 1, 0, 0},
		{`SELECT app.lead_team($1, $2, true)`, 119, 119, 0},
		{`SELECT app.lead_team($1, $2, false)`, 1, 0, 0},
		{`SELECT app.lead_team($1, $2, true)`, 119, 119, 0},
		{`SELECT app.leave_team($1, $2)`, 0, 0, 0},
		{`SELECT app.join_team($1, $2)`, 1, 0, 0}, // as a lead no more
	} {
		keep(step.sql)
		if n, r, s := rights("other_team_lead", "normal"), rights("other_team_lead", "restricted"), rights("other_team_lead", "sealed"); n != step.normal || r != step.restricted || s != step.sealed {
			t.Errorf("after %s: %d, %d and %d", step.sql, n, r, s)
		}
		if rights("admin", "normal") != 0 {
			t.Error("the admin has rights")
		}
	}
	w.as(t, "admin", func(tx pgx.Tx) error { // what is a person's own stays
		_, _, err := try(t, tx, `SELECT app.leave_team($1, $2)`, w.TeamNorth, id("responsible"))
		return err
	})
	if n := rights("responsible", "sealed"); n != 127 {
		t.Errorf("the responsible who has left has %d in their own case", n)
	}
}

// Who put whom into which team, and out of it: in the team's own chain, told to its leads and to whom it is about, and to nobody else.
func TestEveryChangeOfATeamLeavesALineAndIsTold(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, `DELETE FROM app.notice`)
	w.Exec(t, `DELETE FROM app.team_member WHERE user_id IN ($1, $2, $3, $4)`, id("admin_granted"), id("foreign_lead"), id("foreign_granted"), id("demoted_lead"))
	team, jonas := w.TeamNorth.String(), w.Jonas.UserID
	for _, c := range []struct {
		sql, action string
		about       any
	}{
		{`SELECT app.join_team(:team, :newcomer)`, "team.joined", id("newcomer").String()},
		{`SELECT app.lead_team(:team, '` + id("visiting_lead").String() + `', true)`, "team.lead", id("visiting_lead").String()},
		{`SELECT app.lead_team(:team, '` + id("visiting_lead").String() + `', false)`, "team.lead_ended", id("visiting_lead").String()},
		{`SELECT app.leave_team(:team, :newcomer)`, "team.left", id("newcomer").String()},
		{`SELECT app.change_team(:team, 1, 'Nord', 'child', false)`, "team.renamed", nil},
		{`SELECT app.change_team(:team, 2, 'Nord', 'child', true)`, "team.intake_on", nil},
	} {
		for range 2 { // pressed twice: done once
			w.as(t, "admin", func(tx pgx.Tx) error {
				if rows, _, err := try(t, tx, inTeam(c.sql, "admin", team)); err != nil || !strings.Contains(rows, "done") {
					t.Errorf("%s: %q %q", c.sql, rows, says(err))
				}
				return nil
			})
		}
		if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE action = $1 AND actor = $2 AND stream = 'team:' || $3 AND object IS NOT DISTINCT FROM $4`, c.action, id("admin"), team, c.about); n != 1 {
			t.Errorf("%s leaves %d lines", c.sql, n)
		}
		if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE kind = $1 AND to_user = $2`, c.action, jonas); n != 1 {
			t.Errorf("%s: the lead is told %d times", c.action, n)
		}
		if n := w.Count(t, `SELECT count(*) FROM app.notice n WHERE kind = $1 AND NOT EXISTS (SELECT FROM app.team_member m WHERE m.team_id = $2 AND m.user_id = n.to_user AND m.is_lead)`, c.action, team); n != 0 {
			t.Errorf("%s: %d others are told", c.action, n)
		}
		if c.about != nil {
			if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE kind = $1 || '.you' AND to_user::text = $2`, c.action, c.about); n != 1 {
				t.Errorf("%s: whom it is about is told %d times", c.action, n)
			}
		}
	}
	auditor := login(t, w.Office, "samspil_audit")
	var bad int
	if err := auditor.QueryRow(t.Context(), `SELECT count(*) FROM audit.verify() WHERE stream LIKE 'team:%'`).Scan(&bad); err != nil || bad != 0 {
		t.Errorf("%d faults of the chain: %v", bad, err)
	}
	w.as(t, "team_mate", func(tx pgx.Tx) error { // and nobody invents such a line
		if _, _, err := try(t, tx, `SELECT audit.record('team.joined', NULL, $1, NULL)`, id("stranger").String()); err == nil {
			t.Error("a caseworker writes that somebody has joined a team")
		}
		return nil
	})
}

// An open report has somebody at its desk: the last one cannot be taken away (R2).
func TestTheLastDeskOfOpenReportsStays(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	w.Exec(t, `DELETE FROM app.team_member WHERE team_id = $1 AND user_id <> $2`, id("intake"), id("desk"))
	keep := func(sql, want string) {
		t.Helper()
		w.as(t, "admin", func(tx pgx.Tx) error {
			if rows, _, err := try(t, tx, inTeam(sql, "admin", id("intake").String())); err != nil || !strings.Contains(rows, want) {
				t.Errorf("%s: %q %q, want %s", sql, rows, says(err), want)
			}
			return nil
		})
	}
	var off, elsewhere, leave = `SELECT app.change_team(:team, 1, 'Modtagelsen', 'child', false)`, `SELECT app.change_team(:team, 1, 'Modtagelsen', 'adult', true)`, `SELECT app.leave_team(:team, '` + id("desk").String() + `')`
	keep(off, "reports")
	keep(elsewhere, "reports")
	keep(leave, "reports")
	w.Exec(t, `INSERT INTO app.team_member (team_id, user_id) VALUES ($1, $2), ($1, $3)`, id("intake"), id("desk_admin"), id("desk_inactive"))
	keep(leave, "reports") // neither an admin nor a closed account sees the reports
	keep(`SELECT app.leave_team(:team, '`+id("desk_inactive").String()+`')`, "done")
	w.Exec(t, `UPDATE app.team SET intake = true WHERE id = $1`, w.TeamAdults)
	keep(leave, "reports") // the desk of the other area
	w.Exec(t, `UPDATE app.team SET intake = true WHERE id = $1`, w.TeamNorth)
	keep(elsewhere, "done")
	w.Exec(t, `UPDATE app.team SET area = 'child', version = 1 WHERE id = $1`, id("intake"))
	keep(leave, "done")
	keep(off, "done")
	w.Exec(t, `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = registered_by, outcome = 'no_further', concluded_at = now(), concluded_by = registered_by WHERE concluded_at IS NULL`)
	last := `SELECT app.change_team(id, version, name, area, false) FROM app.team WHERE id = '` + w.TeamNorth.String() + `'`
	keep(last, "reports") // none is open, and one child is without a case
	w.Exec(t, `UPDATE app.report_case SET how = 'joined'`)
	keep(last, "done")
}

// carries gives the newcomer one open case more in the team.
func (w *town) carries(t *testing.T, i int) {
	t.Helper()
	w.Exec(t, `INSERT INTO app.case_file (ref, number, municipality, team_id, area, responsible_id, opened_at) VALUES ('load000' || $1, 'L-' || $1, 999, $2, 'child', $3, now() - interval '2 days')`,
		fmt.Sprint(i), w.TeamNorth, id("newcomer"))
}

// What an admin is told of a person's cases tells of no case: nothing under five, and only fives.
func TestTheLoadOfATeamTellsOfNoCase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	load := func() (n int) {
		w.as(t, "admin", func(tx pgx.Tx) error {
			n = count(t, tx, `SELECT coalesce(max(l.cases), 0) FROM app.team_load($1) l WHERE l.user_id = $2`, w.TeamNorth, id("newcomer"))
			return nil
		})
		return n
	}
	for i, want := range []int{0, 0, 0, 0, 5, 5, 5, 10} {
		w.carries(t, i)
		if n := load(); n != want {
			t.Errorf("%d cases are told as %d, want %d", i+1, n, want)
		}
	}
	w.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE ref IN ('load0000', 'load0001')`)
	if n := load(); n != 5 {
		t.Errorf("six open cases are told as %d", n)
	}
	w.Exec(t, `UPDATE app.case_file SET opened_at = now() WHERE ref LIKE 'load%' AND status = 'open'`)
	if n := load(); n != 0 {
		t.Errorf("the cases of today are told as %d", n)
	}
}

// A team that has cases, or the deadlines of reports, keeps its area; two teams of an area have two names; and of two admins
// the second is told.
func TestATeamWithCasesKeepsItsAreaAndItsName(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	change := func(team, what, want string) {
		t.Helper()
		w.as(t, "admin", func(tx pgx.Tx) error {
			if rows, _, err := try(t, tx, `SELECT app.change_team($1, `+what+`, false)`, team); err != nil || !strings.Contains(rows, want) {
				t.Errorf("%s: %q %q, want %s", what, rows, says(err), want)
			}
			return nil
		})
	}
	change(w.TeamNorth.String(), `1, 'Nord', 'adult'`, "used")
	change(w.TeamNorth.String(), `2, 'Nord', 'child'`, "stale")
	change(w.TeamNorth.String(), `1, ' modtagelsen ', 'child'`, "taken")
	change(w.TeamNorth.String(), `1, 'Voksne', 'child'`, "done") // the other area has one of that name
	change(w.TeamNorth.String(), `1, 'Voksne', 'child'`, "done") // sent twice
	desk := id("intake_adults").String()
	w.Exec(t, `INSERT INTO app.team_member (team_id, user_id) VALUES ($1, $2)`, w.TeamAdults, id("desk"))
	w.Exec(t, `UPDATE app.team SET intake = true WHERE id = $1`, w.TeamAdults)
	w.Exec(t, `SET session_replication_role = replica`)
	w.Exec(t, `INSERT INTO app.deadline (report_id, team_id, confidentiality, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		SELECT r.id, $1, 0, 'UND_RECEIPT', 'x', now(), now(), 6, 'days', 'x', 'v', 'sourced', true, 'deadline', false, false, false, now(), $2 FROM app.report r LIMIT 1`, desk, id("desk"))
	w.Exec(t, `SET session_replication_role = origin`)
	change(desk, `1, 'Modtagelse', 'child'`, "used")
	w.Exec(t, `SET session_replication_role = replica`)
	w.Exec(t, `DELETE FROM app.deadline WHERE team_id = $1`, desk)
	w.Exec(t, `SET session_replication_role = origin`)
	change(desk, `1, 'Modtagelse', 'child'`, "done")
	if err := w.asOwner(t, `INSERT INTO app.team (municipality, area, name) VALUES (999, 'child', ' MODTAGELSEN ')`); err == nil {
		t.Error("by SQL there are two teams of one name")
	}
}
