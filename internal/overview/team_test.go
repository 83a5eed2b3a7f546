package overview_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/overview"
	"samspil/internal/testkit"
)

// team fills TeamNorth with one case of everything that a lead's page tells apart.
func (d desk) team() map[string]testkit.CaseFile {
	police := d.Partner(d.t, "police_district", "Politi", "Bilal Nasser")
	school := d.Partner(d.t, "school", "Åskolen", "Anders Møller")
	d.Exec(d.t, `UPDATE app.organisation SET kind = 'internal' WHERE id = $1`, school.OrganisationID)
	cases := map[string]testkit.CaseFile{}
	add := func(name string, who actor.Actor, level int, set string) testkit.CaseFile {
		c := d.Case(d.t, who, level)
		d.set(c, set)
		cases[name] = c
		return c
	}
	quiet := add("calm", d.Mette, 1, `severity = 'green', severity_set_at = now()`)
	d.plan(quiet)
	d.ask(quiet, school, "accepted", 1)

	red := add("red, alone, no partner", d.Mette, 1, `severity = 'red', severity_set_at = now() - interval '2 days'`)
	d.step(red, "far off", d.Mette.UserID, 100)

	orange := add("orange, school only", d.Dennis, 0, `severity = 'orange', severity_set_at = now() - interval '40 days'`)
	d.plan(orange)
	d.ask(orange, school, "accepted", 2)

	late := add("late", d.Dennis, 1, `severity = 'yellow', severity_set_at = now()`)
	d.ask(late, police, "accepted", 20)
	d.step(late, "must do", d.Dennis.UserID, -30)
	d.step(late, "may do", d.Dennis.UserID, -20)
	d.Exec(d.t, `UPDATE app.plan_step SET mandatory = true WHERE title = 'must do'`)

	noPlan := add("no plan", d.Mette, 1, `opened_at = now() - interval '9 days'`)
	d.ask(noPlan, police, "requested", 5)

	silent := add("silent", d.Mette, 1, `severity = 'yellow', severity_set_at = now() - interval '10 days'`)
	d.plan(silent)
	d.ask(silent, police, "accepted", 60)
	d.Exec(d.t, `UPDATE app.case_file SET active_at = now() - interval '33 days', opened_at = now() - interval '70 days', first_partner_at = now() - interval '60 days' WHERE id = $1`, silent.ID)

	add("sealed", d.Mette, 2, `severity = 'red', severity_set_at = now()`)
	closed := add("closed", d.Mette, 1, `severity = 'red', severity_set_at = now()`)
	d.step(closed, "left over", d.Mette.UserID, -50)
	d.set(closed, `status = 'closed', closed_at = now()`)
	d.Case(d.t, d.Huseyin, 1) // another team's
	return cases
}

// count is how many cases the list has that a number opens.
func (d desk) list(who actor.Actor, q casefile.ListQuery) int {
	d.t.Helper()
	if q.View == "" {
		q.View = casefile.Team
	}
	return read(d, who, func(b *db.Batch) *int { return casefile.Count(b, q) })
}

func TestNumbersEqualTheListsTheyOpen(t *testing.T) {
	d := newDesk(t)
	d.team()
	loads := read(d, d.Jonas, overview.Caseload)
	sum := func(of func(overview.Load) int) int {
		n := 0
		for _, l := range loads {
			n += of(l)
		}
		return n
	}
	levels := func(severity string) func(overview.Load) int {
		return func(l overview.Load) int {
			if l.Severity != severity {
				return 0
			}
			return l.Cases
		}
	}
	late, outdated := read(d, d.Jonas, overview.TeamLate), read(d, d.Jonas, overview.Outdated)
	for _, c := range []struct {
		name      string
		got, want int
		list      casefile.ListQuery
	}{
		{"active", sum(func(l overview.Load) int { return l.Cases }), 6, casefile.ListQuery{}},
		{"without plan", sum(func(l overview.Load) int { return l.WithoutPlan }), 1, casefile.ListQuery{Plan: "uden"}},
		{"without partner", sum(func(l overview.Load) int { return l.WithoutPartner }), 1, casefile.ListQuery{Partner: "uden"}},
		{"late", late.Cases, 1, casefile.ListQuery{Due: "over"}},
		{"outdated", outdated, 1, casefile.ListQuery{OutdatedLevel: true}},
		{"not assessed", sum(levels("")), 1, casefile.ListQuery{Severities: []string{"none"}}},
		{"red", sum(levels("red")), 1, casefile.ListQuery{Severities: []string{"red"}}},
		{"yellow", sum(levels("yellow")), 2, casefile.ListQuery{Severities: []string{"yellow"}}},
		{"Mette's", sum(func(l overview.Load) int {
			if l.ResponsibleID != d.Mette.UserID {
				return 0
			}
			return l.Cases
		}), 4, casefile.ListQuery{Responsible: d.Mette.UserID}},
	} {
		if listed := d.list(d.Jonas, c.list); c.got != c.want || listed != c.want {
			t.Errorf("%s: the number is %d, the list has %d, want %d", c.name, c.got, listed, c.want)
		}
	}
	if late.Steps != 2 {
		t.Errorf("%d steps are late, want 2", late.Steps)
	}
	mine := read(d, d.Mette, overview.MyCases)
	for _, l := range mine {
		severity := l.Severity
		if severity == "" {
			severity = "none"
		}
		if listed := d.list(d.Mette, casefile.ListQuery{View: casefile.Mine, Severities: []string{severity}}); listed != l.Cases {
			t.Errorf("Mette's %s cases: the number is %d, the list has %d", severity, l.Cases, listed)
		}
	}
}

func TestEveryRuleNamesItsCasesAndNoOthers(t *testing.T) {
	d := newDesk(t)
	cases := d.team()
	names := map[uuid.UUID]string{}
	for name, c := range cases {
		names[c.ID] = name
		if level := cmp.Or(map[string]string{"orange, school only": "orange", "no plan": "none"}[name], "green"); level != "none" {
			d.Assess(t, c, level)
		}
	}
	d.Exec(t, `UPDATE app.case_file SET severity_set_at = now() - interval '3 days' WHERE id = $1`, cases["orange, school only"].ID)
	d.Exec(t, `INSERT INTO app.gate_opening (case_id, reason, opened_by, until) VALUES ($1, 'Forældrene henter barnet i dag', $2, now() + interval '1 day')`, cases["no plan"].ID, d.Jonas.UserID)
	got := map[string][]string{}
	reasons := read(d, d.Jonas, overview.Reasons)
	for _, r := range reasons {
		got[r.Rule] = append(got[r.Rule], names[r.CaseID])
		if r.Responsible == "" || r.Number == "" || r.Since.After(time.Now()) && r.Rule != overview.GateOpen {
			t.Errorf("the reason is not complete: %+v", r)
		}
	}
	for rule, want := range map[string][]string{
		overview.GateOpen:    {"no plan"},
		overview.Unconfirmed: {"orange, school only"},
		overview.NoRisk:      {"no plan"},
		overview.NoExternal:  {"orange, school only", "red, alone, no partner"},
		overview.Alone:       {"red, alone, no partner"}, // the other has a partner who said yes
		overview.MustDoLate:  {"late"},
		overview.NoPlan:      {"no plan"},
		overview.PlanAsleep:  {"late"},
		overview.NoAnswer:    {"no plan"},
		overview.NothingDone: {"silent"},
	} {
		slices.Sort(got[rule])
		if !slices.Equal(got[rule], want) {
			t.Errorf("%s: %v, want %v", rule, got[rule], want)
		}
	}
	concerns := overview.Concerns(reasons)
	order := []string{}
	for _, c := range concerns {
		order = append(order, names[c.CaseID])
	}
	if want := []string{"red, alone, no partner", "orange, school only", "late", "silent", "no plan"}; !slices.Equal(order, want) {
		t.Errorf("the order is %v, want %v", order, want)
	}
	if !concerns[0].Has(overview.Alone) || concerns[0].Has(overview.NoPlan) || concerns[0].Rule != overview.NoExternal {
		t.Errorf("the first is %+v", concerns[0])
	}
}

func TestACaseIsNotAloneOnceSomebodyStandsBeside(t *testing.T) {
	d := newDesk(t)
	alone := func() int {
		n := 0
		for _, r := range read(d, d.Jonas, overview.Reasons) {
			if r.Rule == overview.Alone {
				n++
			}
		}
		return n
	}
	for _, kind := range []string{"coworker", "consulted", "lead"} {
		c := d.Case(t, d.Mette, 1)
		d.set(c, `severity = 'orange'`)
		before := alone()
		d.Grant(t, c, d.Dennis, kind)
		want := before - 1
		if kind == "lead" { // reading over the shoulder is not standing beside
			want = before
		}
		if got := alone(); got != want {
			t.Errorf("after a grant as %s %d cases are alone, want %d", kind, got, want)
		}
		if got := len(read(d, d.Mette, overview.LoneCases)); got != want {
			t.Errorf("after a grant as %s their caseworker reads of %d, want %d", kind, got, want)
		}
	}
}

func TestALeadOfAnotherTeamSeesNothing(t *testing.T) {
	d := newDesk(t)
	d.team()
	forged := d.Anders
	forged.Teams = []uuid.UUID{d.TeamNorth} // the scope is what the program says; who may see is what the database says
	if got := read(d, forged, overview.Caseload); len(got) != 0 {
		t.Errorf("the cases: %+v", got)
	}
	if got := read(d, forged, overview.TeamLate); got != (overview.LateSteps{}) {
		t.Errorf("late: %+v", got)
	}
	if got := read(d, forged, overview.Reasons); len(got) != 0 {
		t.Errorf("reasons: %+v", got)
	}
	if got := read(d, forged, overview.Outdated); got != 0 {
		t.Errorf("outdated: %d", got)
	}
	if got := read(d, forged, overview.PartnersUsed); len(got) != 0 {
		t.Errorf("partners: %+v", got)
	}
	for _, p := range read(d, forged, overview.DaysToPartner) {
		if p.Cases != 0 {
			t.Errorf("days: %+v", p)
		}
	}
	for _, who := range []actor.Actor{d.Mette, d.Sara, d.Lone, d.Karen} {
		if got := read(d, who, overview.Caseload); len(got) != 0 {
			t.Errorf("%s: %+v", who.Name, got)
		}
	}
}

func TestALeadWhoIsExcludedDoesNotCountTheCase(t *testing.T) {
	d := newDesk(t)
	d.Case(t, d.Mette, 1)
	hidden := d.Case(t, d.Mette, 1, d.Jonas)
	d.set(hidden, `severity = 'red', severity_set_at = now()`)
	d.step(hidden, "late", d.Mette.UserID, -5)
	loads := read(d, d.Jonas, overview.Caseload)
	if len(loads) != 1 || loads[0].Cases != 1 || loads[0].Severity != "" {
		t.Errorf("Jonas counts %+v", loads)
	}
	if late := read(d, d.Jonas, overview.TeamLate); late.Steps != 0 {
		t.Errorf("late: %+v", late)
	}
	if reasons := read(d, d.Jonas, overview.Reasons); len(reasons) != 0 {
		t.Errorf("reasons: %+v", reasons)
	}
}

func TestDaysToTheFirstPartner(t *testing.T) {
	d := newDesk(t)
	school := d.Partner(t, "school", "Åskolen", "Anders Møller")
	for _, days := range []int{2, 4, 9} {
		c := d.Case(t, d.Mette, 1)
		d.set(c, `opened_at = now() - interval '20 days'`)
		d.ask(c, school, "requested", 20-days)
	}
	for _, p := range read(d, d.Jonas, overview.DaysToPartner) {
		if p.Month == nil && (p.Cases != 3 || math.Round(p.Median) != 4) {
			t.Errorf("ninety days: %+v, want the median 4 of 3", p)
		}
	}
	used := read(d, d.Jonas, overview.PartnersUsed)
	if len(used) != 1 || used[0] != (overview.PartnerUse{PartnerType: "school", Cases: 3, Parts: 3, Planned: 3}) {
		t.Errorf("used: %+v", used)
	}
}

func TestColleaguesStandInTheOrderOfTheTeamsList(t *testing.T) {
	d := newDesk(t)
	var names []string
	for _, c := range read(d, d.Jonas, overview.Colleagues) {
		names = append(names, c.Name)
	}
	equal(t, "the team", names, []string{"Dennis Kjær", "Mette Lindhardt", "Jonas Brandt-Holm"})
}

func TestWhoIsAskedToConfirmAnAssessment(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	waits := func(who actor.Actor, level int, set string) testkit.CaseFile {
		c := d.Case(t, who, level)
		d.set(c, `severity = 'orange', severity_set_at = now(), risk_unconfirmed = true, risk_until = now() + interval '10 days'`)
		if set != "" {
			d.set(c, set)
		}
		return c
	}
	orange, red := waits(d.Mette, 1, ""), waits(d.Mette, 0, `severity = 'red'`)
	waits(d.Mette, 2, "") // only the named: the lead cannot open it
	waits(d.Mette, 1, `risk_unconfirmed = false`)
	waits(d.Mette, 1, `risk_until = now() - interval '1 hour'`)
	waits(d.Mette, 1, `status = 'closed', closed_at = now()`)
	waits(d.Jonas, 1, "") // whoever signed cannot confirm
	for name, who := range d.People() {
		want := []string{}
		if name == "jonas" {
			want = []string{red.Number, orange.Number}
		}
		got := []string{}
		if name != "nobody" {
			for _, u := range read(d, who, overview.ToConfirm) {
				got = append(got, u.Number)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is asked about %v, want %v", name, got, want)
		}
	}
}
