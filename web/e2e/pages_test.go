package e2e_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// visit is a page as one person reads it. {case} is Amira's case, {step}, {note}, {org} and {contact} things of the demo.
type visit struct{ who, path string }

// pages is every page that people read, with the people who read it.
var pages = []visit{
	{"mette", "/min-dag"}, {"mette", "/sager"}, {"mette", "/sager?visning=med"}, {"mette", "/sager/ny"}, {"mette", "/soeg"}, {"mette", "/beskeder"},
	{"mette", "/partnere"}, {"mette", "/partnere/organisationer/{org}"}, {"mette", "/partnere/personer/{contact}"}, {"mette", "/profil"}, {"mette", "/hjaelp"}, {"mette", "/tilgaengelighed"},
	{"mette", "/sager/{case}"}, {"mette", "/sager/{case}/handlingsplan"}, {"mette", "/sager/{case}/handlingsplan?vis=tavle"}, {"mette", "/sager/{case}/handlingsplan/trin/{step}"},
	{"mette", "/sager/{case}/netvaerk"}, {"mette", "/sager/{case}/netvaerk/ny"}, {"mette", "/sager/{case}/netvaerk/person/ny"}, {"mette", "/sager/{case}/journal"}, {"mette", "/sager/{case}/journal/ny"},
	{"mette", "/sager/{case}/journal/{note}"}, {"mette", "/sager/{case}/adgang"}, {"mette", "/sager/{case}/luk"}, {"mette", "/sager/{case}/hvem"}, {"mette", "/sager/{case}/ret"},
	{"mette", "/sager/{case}/niveau"}, {"mette", "/sager/{case}/sikker-kontakt"},
	{"jonas", "/overblik"}, {"jonas", "/min-dag"}, {"jonas", "/sager"}, {"jonas", "/sager/{case}"},
	{"lone", "/admin"}, {"lone", "/admin/partnere"}, {"lone", "/admin/rettelser"}, {"lone", "/partnere"},
	{"karen", "/log"}, {"karen", "/partnere"},
	{"", "/log-ind"},
}

// fill puts the demo's ids into a path.
func fill(t testing.TB, o *testkit.Office, path string) string {
	t.Helper()
	var ref, step, note, org, contact string
	o.Scan(t, []any{&ref, &step, &note}, `
		SELECT f.ref, (SELECT id::text FROM app.plan_step s WHERE s.case_id = f.id AND s.status = 'open' ORDER BY due_at LIMIT 1), (SELECT id::text FROM app.note n WHERE n.case_id = f.id ORDER BY happened_at DESC LIMIT 1)
		FROM app.case_file f WHERE f.number = '2026-0147'`)
	o.Scan(t, []any{&org, &contact}, `SELECT organisation_id::text, id::text FROM app.contact_person WHERE name LIKE 'Yasmin%'`)
	return strings.NewReplacer("{case}", ref, "{step}", step, "{note}", note, "{org}", org, "{contact}", contact).Replace(path)
}

func TestEveryPageStaysLight(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	for _, v := range pages {
		t.Run(v.who+v.path, func(t *testing.T) {
			a := s.Get(t, person(t, o, v.who), fill(t, o, v.path))
			if a.Status != http.StatusOK {
				t.Fatalf("answers %d", a.Status)
			}
			var zipped bytes.Buffer
			z := gzip.NewWriter(&zipped)
			if _, err := z.Write([]byte(a.Body)); err != nil || z.Close() != nil {
				t.Fatal(err)
			}
			// the directory is one page of everybody one may call; the rest keep to the budget of the design
			raw, gz := 60<<10, 12<<10
			if v.path == "/partnere" || strings.HasPrefix(v.path, "/admin/partnere") || strings.HasSuffix(v.path, "/netvaerk/ny") {
				raw, gz = 160<<10, 20<<10
			}
			if len(a.Body) > raw || zipped.Len() > gz {
				t.Errorf("%d bytes, %d compressed; at most %d and %d", len(a.Body), zipped.Len(), raw, gz)
			}
			if nodes := strings.Count(a.Body, "<") - strings.Count(a.Body, "</"); nodes > 1200 && raw == 60<<10 {
				t.Errorf("%d elements; at most 1200", nodes)
			}
			if strings.Contains(a.Body, " style=") || strings.Contains(a.Body, "<style") || strings.Contains(a.Body, "onclick") {
				t.Error("inline style or script, which the policy forbids")
			}
		})
	}
}

func TestReadPageCostsTwoRoundTripsAtMost(t *testing.T) {
	var turns testkit.Turns
	o := testkit.NewDemoTuned(t, turns.Tune)
	s := webtest.Over(t, o)
	for _, v := range pages {
		if v.who == "" {
			continue
		}
		who, path := person(t, o, v.who), fill(t, o, v.path)
		for range 2 { // statements are prepared at the first visit
			if a := s.Get(t, who, path); a.Status != http.StatusOK {
				t.Fatalf("%s answers %d", v.path, a.Status)
			}
		}
		if got := turns.Of(func() { s.Get(t, who, path) }); got < 1 || got > 2 { // none would mean that nothing was counted
			t.Errorf("%s as %s: %d round trips", v.path, v.who, got)
		}
	}
}
