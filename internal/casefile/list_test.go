package casefile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/testkit"
)

func list(t *testing.T, o *testkit.Office, who actor.Actor, q casefile.ListQuery) []casefile.ListRow {
	t.Helper()
	if q.Sort == "" {
		q.Sort = casefile.DefaultSort(q.View, who)
	}
	var rows *[]casefile.ListRow
	var n *int
	if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { rows, n = casefile.List(b, q), casefile.Count(b, q) }); err != nil {
		t.Fatal(err)
	}
	if q.From.ID == uuid.Nil && *n != len(*rows) && len(*rows) <= casefile.PageSize {
		t.Errorf("%s counts %d and lists %d", q.View, *n, len(*rows))
	}
	return *rows
}

func numbers(rows []casefile.ListRow) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.Number)
	}
	slices.Sort(out)
	return out
}

func sorted(cases ...testkit.CaseFile) []string {
	out := []string{}
	for _, c := range cases {
		out = append(out, c.Number)
	}
	slices.Sort(out)
	return out
}

func TestEachRoleSeesItsOwnList(t *testing.T) {
	o := testkit.NewOffice(t)
	normal, restricted, sealed := o.Case(t, o.Mette, 0), o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 2)
	hidden := o.Case(t, o.Mette, 0, o.Dennis, o.Jonas) // the colleague and the lead may not know
	dennis := o.Case(t, o.Dennis, 1)
	adult := o.Case(t, o.Huseyin, 1)
	o.Grant(t, restricted, o.Sara, "consulted")
	o.Grant(t, dennis, o.Mette, "coworker")
	for _, c := range []struct {
		who  actor.Actor
		view casefile.View
		want []string
	}{
		{o.Mette, casefile.Mine, sorted(normal, restricted, sealed, hidden)},
		{o.Mette, casefile.Joined, sorted(dennis)},
		{o.Mette, casefile.Team, sorted(normal, hidden)},
		{o.Dennis, casefile.Mine, sorted(dennis)},
		{o.Dennis, casefile.Team, sorted(normal)},
		{o.Jonas, casefile.Team, sorted(normal, restricted, dennis)},
		{o.Jonas, casefile.Mine, sorted()},
		{o.Huseyin, casefile.Mine, sorted(adult)},
		{o.Huseyin, casefile.Team, sorted()},
		{o.Anders, casefile.Team, sorted(adult)},
		{o.Sara, casefile.Joined, sorted(restricted)},
		{o.Sara, casefile.Team, sorted()},
		{o.Lone, casefile.Team, sorted()},
		{o.Karen, casefile.Mine, sorted()},
	} {
		if got := numbers(list(t, o, c.who, casefile.ListQuery{View: c.view})); !slices.Equal(got, c.want) {
			t.Errorf("%s, view %s: %v, want %v", c.who.Name, c.view, got, c.want)
		}
	}
	if _, err := o.DB.Read(t.Context(), actor.Actor{}, func(b *db.Batch) {
		casefile.List(b, casefile.ListQuery{View: casefile.Mine, Sort: casefile.ByActivity})
	}); err == nil {
		t.Error("somebody who is not signed in got a list")
	}
}

func TestATeamMateSeesTheHeaderAndNotTheName(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 0)
	step(t, o, c, "Ring til skolen", time.Now().Add(-time.Hour))
	r := list(t, o, o.Dennis, casefile.ListQuery{View: casefile.Team})[0]
	if r.Readable || r.CallingName != "" || r.Born != nil || r.StepTitle != "" {
		t.Errorf("a team mate learns too much: %+v", r)
	}
	if r.Number != c.Number || r.Responsible != "Mette Lindhardt" {
		t.Errorf("a team mate cannot see whom to ask: %+v", r)
	}
	r = list(t, o, o.Mette, casefile.ListQuery{View: casefile.Mine})[0]
	if !r.Readable || r.CallingName != "Amira S." || r.Born == nil || r.StepTitle != "Ring til skolen" {
		t.Errorf("the responsible sees too little: %+v", r)
	}
}

// step adds an open step to a case, with a plan around it where there is none.
func step(t *testing.T, o *testkit.Office, c testkit.CaseFile, title string, due time.Time) uuid.UUID {
	t.Helper()
	id, phase := uuid.New(), uuid.New()
	o.Exec(t, `INSERT INTO app.plan (case_id, started_by) SELECT f.id, f.responsible_id FROM app.case_file f WHERE f.id = $1 ON CONFLICT DO NOTHING`, c.ID)
	o.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) SELECT $2, p.case_id, p.id, 'Fase', 1 FROM app.plan p WHERE p.case_id = $1`, c.ID, phase)
	o.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, due_at, created_by) SELECT $2, $1, $3, 1, $4, $5, f.responsible_id FROM app.case_file f WHERE f.id = $1`,
		c.ID, id, phase, title, due)
	return id
}

func TestTheHeaderKnowsTheNextStepAndThePartners(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	row := func() casefile.ListRow { return list(t, o, o.Mette, casefile.ListQuery{View: casefile.Mine})[0] }
	if r := row(); r.NextDueAt != nil || r.Partners != 0 || r.HasPlan {
		t.Errorf("a new case: %+v", r)
	}
	soon, late := time.Now().Add(48*time.Hour).Truncate(time.Second), time.Now().Add(-48*time.Hour).Truncate(time.Second)
	first := step(t, o, c, "Sent", late)
	step(t, o, c, "Snart", soon)
	if r := row(); r.NextDueAt == nil || !r.NextDueAt.Equal(late) || !r.HasPlan {
		t.Errorf("with two steps: %+v", r)
	}
	o.Exec(t, `UPDATE app.plan_step SET status = 'done', done_at = now() WHERE id = $1`, first)
	if r := row(); r.NextDueAt == nil || !r.NextDueAt.Equal(soon) || r.StepTitle != "Snart" {
		t.Errorf("after the first is done: %+v", r)
	}
	p := o.Partner(t, "police", "Politiet", "Rikke Holm")
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, 'Ansvar', 'ad_hoc', $4)`, c.ID, p.OrganisationID, p.ID, o.Mette.UserID)
	if r := row(); r.Partners != 1 {
		t.Errorf("with a partner: %+v", r)
	}
	o.Exec(t, `UPDATE app.involvement SET status = 'ended', ended_at = now()`)
	if r := row(); r.Partners != 0 {
		t.Errorf("after the partner's part has ended: %+v", r)
	}
}

func TestEveryFilterFindsItsCases(t *testing.T) {
	o := testkit.NewOffice(t)
	late, soon, quiet, red, sealed := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 0), o.Case(t, o.Mette, 2)
	step(t, o, late, "Sent", time.Now().Add(-time.Hour))
	step(t, o, soon, "Snart", time.Now().Add(72*time.Hour))
	o.Exec(t, `UPDATE app.case_file SET active_at = now() - interval '40 days', severity = 'green', severity_set_at = now() - interval '91 days', phase = 'P5' WHERE id = $1`, quiet.ID)
	o.Exec(t, `UPDATE app.case_file SET severity = 'red', severity_set_at = now() - interval '6 days' WHERE id = $1`, red.ID)
	o.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() - interval '31 days' WHERE id = $1`, sealed.ID)
	p := o.Partner(t, "police", "Politiet", "Rikke Holm")
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, 'Ansvar', 'ad_hoc', $4)`, red.ID, p.OrganisationID, p.ID, o.Mette.UserID)
	o.Exec(t, `UPDATE app.case_file SET plan_revisit_at = now() WHERE id = $1`, soon.ID)
	normal := casefile.Normal
	for name, c := range map[string]struct {
		q    casefile.ListQuery
		want []string
	}{
		"without a plan":       {casefile.ListQuery{Plan: "uden"}, sorted(quiet, red, sealed)},
		"with a plan":          {casefile.ListQuery{Plan: "med"}, sorted(late, soon)},
		"a plan that sleeps":   {casefile.ListQuery{Pulse: casefile.PlanAsleep}, sorted(late)},
		"a plan that dozes":    {casefile.ListQuery{Pulse: casefile.PlanDrowsy}, sorted(soon)},
		"a plan that lives":    {casefile.ListQuery{Pulse: casefile.PlanAlive}, sorted()},
		"a plan to go through": {casefile.ListQuery{Pulse: casefile.Revisit}, sorted(soon)},
		"over time":            {casefile.ListQuery{Due: "over"}, sorted(late)},
		"within a week":        {casefile.ListQuery{Due: "uge"}, sorted(late, soon)},
		"orange or red":        {casefile.ListQuery{Severities: []string{"orange", "red"}}, sorted(red, sealed)},
		"not assessed":         {casefile.ListQuery{Severities: []string{"none"}}, sorted(late, soon)},
		"without a partner":    {casefile.ListQuery{Partner: "uden", Severities: []string{"red", "orange"}}, sorted(sealed)},
		"with a partner":       {casefile.ListQuery{Partner: "med"}, sorted(red)},
		"level out of date":    {casefile.ListQuery{OutdatedLevel: true}, sorted(quiet, sealed)},
		"in a phase":           {casefile.ListQuery{Phase: "P5"}, sorted(quiet)},
		"in the other area":    {casefile.ListQuery{Area: "adult"}, sorted()},
		"of one responsible":   {casefile.ListQuery{Responsible: o.Dennis.UserID}, sorted()},
		"not restricted":       {casefile.ListQuery{Confidentiality: &normal}, sorted(red)},
		"quiet for 30 days":    {casefile.ListQuery{QuietDays: 30}, sorted(quiet)},
		"a level nobody knows": {casefile.ListQuery{Severities: []string{"purple"}}, sorted()},
	} {
		c.q.View = casefile.Mine
		if got := numbers(list(t, o, o.Mette, c.q)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	var counts *casefile.ViewCounts
	if _, err := o.DB.Read(t.Context(), o.Mette, func(b *db.Batch) { counts = casefile.CountViews(b, casefile.Mine) }); err != nil {
		t.Fatal(err)
	}
	if want := (casefile.ViewCounts{Mine: 5, Team: 1, Late: 1, Planless: 3, Serious: 2}); *counts != want {
		t.Errorf("chips say %+v, want %+v", *counts, want)
	}
}

func TestPagesFollowEachOtherInEveryOrder(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	// 119 more; many share a level, a time and a due date, and some have none
	o.Exec(t, `INSERT INTO app.case_file (ref, number, municipality, team_id, area, responsible_id, severity, active_at, opened_at, next_due_at, status, closed_at)
		SELECT lpad(n::text, 8, '0'), '2020-' || lpad(n::text, 4, '0'), 999, f.team_id, 'child', f.responsible_id, (ARRAY['red','orange','yellow','green',NULL])[1 + n % 5],
		       now() - (n % 7) * interval '1 day', now() - (n % 11) * interval '1 day', CASE WHEN n % 3 = 0 THEN 'infinity' ELSE now() + (n % 4) * interval '1 day' END, 'open', NULL
		  FROM app.case_file f, generate_series(1, 119) n WHERE f.id = $1`, c.ID)
	o.Exec(t, `INSERT INTO app.citizen_label (case_id, team_id, confidentiality, calling_name) SELECT id, team_id, confidentiality, 'N.' FROM app.case_file WHERE id <> $1`, c.ID)
	o.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) SELECT id, responsible_id, 'responsible', responsible_id FROM app.case_file WHERE id <> $1`, c.ID)
	for _, sort := range []casefile.Sort{casefile.ByActivity, casefile.ByNumber, casefile.BySeverity, casefile.ByDue, casefile.ByOpened} {
		for _, ascending := range []bool{false, true} {
			q := casefile.ListQuery{View: casefile.Mine, Sort: sort, Ascending: ascending}
			var seen, starts []string
			for range 5 {
				rows, _, after := casefile.ListPage(q, list(t, o, o.Mette, q))
				starts = append(starts, rows[0].Number)
				for _, r := range rows {
					seen = append(seen, r.Number)
				}
				if after.String() == "" {
					break
				}
				q.From = casefile.ParseCursor(after.String(), q)
			}
			unique := slices.Compact(slices.Sorted(slices.Values(seen)))
			if len(seen) != 120 || len(unique) != 120 || len(starts) != 3 {
				t.Fatalf("%s %v: %d rows, %d different, %d pages", sort, ascending, len(seen), len(unique), len(starts))
			}
			// and back again
			for i := 1; i >= 0; i-- {
				rows, before, _ := casefile.ListPage(q, list(t, o, o.Mette, q))
				if i == 1 && before.First != 50 {
					t.Errorf("%s: the page before the last begins at %d", sort, before.First)
				}
				_ = rows
				q.From = casefile.ParseCursor(before.String(), q)
				rows, before, after := casefile.ListPage(q, list(t, o, o.Mette, q))
				if rows[0].Number != starts[i] || len(rows) != 50 || after.String() == "" || (before.String() == "") != (i == 0) {
					t.Errorf("%s %v: going back to page %d shows %d rows from %s, want %s", sort, ascending, i, len(rows), rows[0].Number, starts[i])
				}
			}
		}
	}
}

func TestAForgedCursorIsTheBeginning(t *testing.T) {
	q := casefile.ListQuery{View: casefile.Mine, Sort: casefile.ByActivity}
	other := casefile.Cursor{Sort: casefile.ByNumber, Keys: []string{"2026-0001"}, ID: uuid.New()}.String()
	for _, s := range []string{"", "x", "%%%", other, casefile.Cursor{Sort: casefile.ByActivity, Keys: []string{"'; DROP"}, ID: uuid.New()}.String(),
		casefile.Cursor{Sort: casefile.ByActivity, ID: uuid.New()}.String()} {
		if c := casefile.ParseCursor(s, q); c.String() != "" {
			t.Errorf("%q is taken as %+v", s, c)
		}
	}
}
