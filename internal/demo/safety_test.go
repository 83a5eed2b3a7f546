package demo_test

import (
	"testing"

	"samspil/internal/testkit"
)

func TestTheDemoHasACheckInTodayASafetyPlanAndTwoEvents(t *testing.T) {
	t.Parallel()
	o := testkit.NewDemo(t)
	for what, sql := range map[string]string{
		"a check-in later today, with its job": `SELECT count(*) FROM app.check_in k JOIN river.river_job j ON j.args->>'id' = k.id::text AND j.scheduled_at = k.alarm_at AND j.state = 'scheduled'
			WHERE k.status = 'agreed' AND (k.agreed_at AT TIME ZONE 'Europe/Copenhagen')::date = (now() AT TIME ZONE 'Europe/Copenhagen')::date`,
		"a plan that names three to contact":  `SELECT count(*) FROM app.safety_plan p WHERE (SELECT count(*) FROM app.safety_contact c WHERE c.plan_id = p.id) = 3`,
		"an event that somebody has heard of": `SELECT count(*) FROM app.prompt WHERE raised_by IS NOT NULL AND note <> ''`,
		"an event of the report that came":    `SELECT count(*) FROM app.prompt WHERE raised_by IS NULL AND rule = 'new_report'`,
		"an event that the program has seen":  `SELECT count(*) FROM app.prompt WHERE raised_by IS NULL AND rule <> 'new_report'`,
	} {
		if n := o.Count(t, sql); n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
}
