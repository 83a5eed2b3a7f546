package planpages_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/webtest"
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

	d.Exec(t, `UPDATE app.case_file SET severity = 'yellow' WHERE id = $1`, d.c.ID)
	rose := "steg risikoen. Ingen har set planen igennem siden."
	has(t, d.get(d.Mette, ""), http.StatusOK, "steg risikoen. Ret planen", "Sovende", "har ingen rørt planen")
	has(t, d.Get(t, d.Mette, link.Day), http.StatusOK, rose, "Sovende")
	has(t, d.Get(t, d.Mette, link.Cases), http.StatusOK, rose)
	has(t, d.Get(t, d.Mette, link.CaseList("puls", "lever-ikke")), http.StatusOK, d.c.Number, "Plan, der ikke lever")
	has(t, d.Get(t, d.Jonas, link.Overview), http.StatusOK, "Planen skal ses igennem", "Risikoen steg, og ingen har set den igennem siden", "puls=genbesoeg")
	d.Exec(t, `UPDATE app.case_file SET plan_moved_at = now() WHERE id = $1`, d.c.ID)
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

// Whoever edits while the warning stands is told that it has gone, and why.
func TestAnEditSaysThatThePlanNowCountsAsGoneThrough(t *testing.T) {
	d := newDesk(t, "")
	id := d.add("Ring til skolen")
	rose := func() {
		d.Exec(t, `UPDATE app.case_file SET plan_revisit_at = now(), plan_revisit_why = 'both' WHERE id = $1`, d.c.ID)
	}
	rose()
	has(t, d.get(d.Mette, ""), http.StatusOK, "er risikoen steget, og der er kommet en underretning")
	a := d.post(d.Mette, "/trin/"+id+"/udskyd", url.Values{"version": {"1"}, "due": {"+20"}, "reason": {"Skolen er lukket"}})
	if key := said(t, a); key != "flash.plan.postponed" {
		t.Errorf("put off: %q", key)
	}
	has(t, d.get(d.Mette, ""), http.StatusOK, "Planen skal ses igennem")
	form := d.form("Ring til skolens leder")
	form.Set("version", "2")
	if key := said(t, d.post(d.Mette, "/trin/"+id, form)); key != "flash.plan.changed.seen" {
		t.Errorf("changed: %q", key)
	}
	lacks(t, d.get(d.Mette, ""), "Planen skal ses igennem")
	if key := said(t, d.post(d.Mette, "/trin/ny", d.form("Ring til lægen"))); key != "flash.plan.added" {
		t.Errorf("another edit: %q", key)
	}
	for path, form := range map[string]url.Values{
		"/trin/hurtig": {"title": {"Ring igen"}, "phase": {d.phase(1)}, "n": {"1"}},
		"/trin/ny":     d.form("Ring om en uge"),
	} {
		rose()
		if key := said(t, d.post(d.Mette, path, form)); !strings.HasSuffix(key, ".seen") {
			t.Errorf("%s: %q", path, key)
		}
	}
	rose()
	if key := said(t, d.post(d.Mette, "/trin/"+id+"/udgaar", url.Values{"version": {d.one(id, "version")}, "reason": {"Skolen ved det"}})); key != "flash.plan.skipped.seen" {
		t.Errorf("left out: %q", key)
	}
	for _, lang := range []string{"da", "en"} {
		for _, key := range []string{"added", "changed", "moved", "goals", "skipped", "template_adopted"} {
			if !i18n.Has(i18n.With(t.Context(), lang), "flash.plan."+key+".seen") {
				t.Errorf("%s is not said in %s", key, lang)
			}
		}
	}
}

// said is the message that an answer leaves for the next page.
func said(t *testing.T, a webtest.Answer) string {
	t.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if raw, _, ok := strings.Cut(c.Value, "."); ok && c.Name == "flash" {
			var f struct{ Key string }
			text, err := base64.RawURLEncoding.DecodeString(raw)
			if err != nil || json.Unmarshal(text, &f) != nil {
				t.Fatalf("a message that nobody understands: %s", c.Value)
			}
			return f.Key
		}
	}
	t.Errorf("%d, and no message", a.Status)
	return ""
}
