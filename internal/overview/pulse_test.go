package overview_test

import (
	"slices"
	"testing"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/overview"
)

// A red plan that is to be gone through is the first thing that Min dag says of the plans, however many sleep (R6), and what Min dag
// counts is what the list behind it shows.
func TestARedPlanThatIsToBeGoneThroughStandsBeforeThoseThatSleep(t *testing.T) {
	d := newDesk(t)
	names := map[string]string{}
	add := func(name, level, then string) {
		c := d.Case(t, d.Mette, 0)
		names[c.Number] = name
		d.plan(c)
		d.set(c, `plan_moved_at = now(), open_steps = 3`)
		d.set(c, `severity = '`+level+`'`)
		d.set(c, then)
	}
	for _, name := range []string{"green sleeps", "green sleeps too", "and one more", "and a fourth"} {
		add(name, "green", `plan_revisit_at = NULL, plan_moved_at = now() - interval '60 days'`)
	}
	add("alive", "green", `plan_revisit_at = NULL`)
	add("red dozes", "red", `plan_revisit_at = NULL, plan_moved_at = now() - interval '8 days'`)
	add("yellow rose", "yellow", `open_steps = 3`)
	add("red rose", "red", `open_steps = 3`)
	add("red rose and sleeps", "red", `plan_moved_at = now() - interval '50 days'`)

	var sleepy *[]overview.SleepyPlan
	var list *[]casefile.ListRow
	var team *overview.TeamPulse
	var reasons *[]overview.Reason
	q := casefile.ListQuery{View: casefile.Mine, Pulse: casefile.Unwell, Sort: casefile.BySeverity}
	if _, err := d.DB.Read(t.Context(), d.Mette, func(b *db.Batch) { sleepy, list = overview.SleepyPlans(b, 4), casefile.List(b, q) }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DB.Read(t.Context(), d.Jonas, func(b *db.Batch) { team, reasons = overview.PulseOfTeam(b), overview.Reasons(b) }); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range *sleepy {
		got = append(got, names[p.Number])
	}
	if want := []string{"red rose and sleeps", "red rose", "yellow rose", "red dozes"}; !slices.Equal(got, want) || (*sleepy)[0].RedWaits != 2 {
		t.Errorf("Min dag says %v, want %v; %d red ones to be gone through", got, want, (*sleepy)[0].RedWaits)
	}
	if n := (*sleepy)[0].Total; n != len(*list) || n != 8 {
		t.Errorf("Min dag counts %d, the list has %d", n, len(*list))
	}
	for _, r := range *list {
		if names[r.Number] == "alive" {
			t.Error("a plan that lives is in the list")
		}
	}
	if want := (overview.TeamPulse{Asleep: 5, Drowsy: 3, Revisit: 3}); *team != want {
		t.Errorf("the team: %+v, want %+v", *team, want)
	}
	of := map[string][]string{}
	for _, r := range *reasons {
		of[r.Rule] = append(of[r.Rule], names[r.Number]+" "+r.Detail)
	}
	slices.Sort(of[overview.ToRevisit])
	if got := of[overview.ToRevisit]; !slices.Equal(got, []string{"red rose and sleeps risk", "red rose risk", "yellow rose risk"}) {
		t.Errorf("to be gone through: %v", got)
	}
	if got := of[overview.PlanDrowsy]; !slices.Equal(got, []string{"red dozes still"}) {
		t.Errorf("dozing at orange or red: %v", got)
	}
}
