package startpages_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/web/link"
	"samspil/web/webtest"
)

// A case that has become red stands in the first sentence of Min dag and above what waits for others, until its plan is gone through.
func TestARedPlanThatIsToBeGoneThroughStandsHighOnMinDag(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ($1, $2, $3)`, uuid.New(), c.ID, s.Mette.UserID)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red' WHERE id = $1`, c.ID)
	s.Exec(t, `UPDATE app.case_file SET plan_revisit_at = now(), plan_revisit_why = 'risk' WHERE id = $1`, c.ID)
	after := s.Get(t, s.Mette, link.Day).Body
	if !strings.Contains(after, "har en plan, der skal ses igennem") {
		t.Error("the sentence does not say it")
	}
	if strings.Count(after, `id="puls"`) != 1 || strings.Index(after, `id="puls"`) > strings.Index(after, `id="waiting"`) {
		t.Error("the plan does not stand above what waits, once")
	}
	s.Exec(t, `UPDATE app.case_file SET plan_revisit_at = NULL, plan_revisit_why = '' WHERE id = $1`, c.ID)
	if body := s.Get(t, s.Mette, link.Day).Body; strings.Contains(body, "skal ses igennem") {
		t.Error("it still says so when somebody has gone through it")
	}
}
