package planpages_test

import (
	"net/http"
	"net/url"
	"testing"

	"samspil/web/link"
)

// The plan says how it lives wherever somebody meets it, and why; a rise in risk asks that it be gone through (R6).
func TestThePulseStandsOnThePlanTheListMinDagAndOverblik(t *testing.T) {
	d := newDesk(t, "")
	d.add("Ring til skolen")
	has(t, d.get(d.Mette, ""), http.StatusOK, "Levende", "skete der noget i planen")
	d.Exec(t, `UPDATE app.case_file SET plan_moved_at = now() - interval '40 days' WHERE id = $1`, d.c.ID)
	sleeps := []string{"Sovende", "har ingen rørt planen"}
	has(t, d.get(d.Mette, ""), http.StatusOK, sleeps...)
	has(t, d.Get(t, d.Mette, link.Cases), http.StatusOK, sleeps...)
	has(t, d.Get(t, d.Mette, link.Day), http.StatusOK, append(sleeps, "Planer, der ikke lever")...)
	has(t, d.Get(t, d.Jonas, link.Overview), http.StatusOK, "Planen sover", "Sovende plan")
	has(t, d.Get(t, d.Mette, link.CaseList("puls", "sovende")), http.StatusOK, d.c.Number, "Sovende plan")
	lacks(t, d.Get(t, d.Mette, link.CaseList("puls", "levende")), "Ring til skolen")

	d.Exec(t, `UPDATE app.case_file SET plan_moved_at = now(), severity = 'yellow' WHERE id = $1`, d.c.ID)
	has(t, d.get(d.Mette, ""), http.StatusOK, "Planen skal ses igennem", "Planen gælder stadig")
	has(t, d.Get(t, d.Mette, link.CaseList("puls", "genbesoeg")), http.StatusOK, d.c.Number)
	lead := d.get(d.Jonas, "")
	has(t, lead, http.StatusOK, "Planen skal ses igennem")
	lacks(t, lead, "Planen gælder stadig") // a lead writes nothing in the case
	if a := d.post(d.Jonas, "/set-igennem", url.Values{}); a.Status != http.StatusForbidden {
		t.Errorf("the lead says that it holds: %d", a.Status)
	}
	if a := d.post(d.Mette, "/set-igennem", url.Values{}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	lacks(t, d.get(d.Mette, ""), "Planen skal ses igennem")
	has(t, d.Get(t, d.Mette, link.Journal(d.c.Ref)), http.StatusOK, "Handlingsplan set igennem")
}
