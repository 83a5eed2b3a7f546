package e2e_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"samspil/internal/testkit"
	"samspil/web"
	"samspil/web/webtest"
)

// visit is a page as one person reads it. {case} is Amira's case, {report} a report of concern, {known} one about Amira with the reassessments {open} and {review}, {step}, {note}, {org} and {contact} things of the demo.
type visit struct{ who, path string }

// pages is every page that people read, with the people who read it.
var pages = slices.Concat(
	officePages,
	compassPages,
	sparringPages,
	templatesPages,
	forumPages,
	guestPages,
	rulesPages,
	contactPages,
	reminderPages,
)

// officePages are those of the office and the case; what a room has beside them stands in a file of its own.
var officePages = []visit{
	{"mette", "/min-dag"}, {"mette", "/sager"}, {"mette", "/sager?visning=med"}, {"mette", "/sager/ny"}, {"mette", "/soeg"}, {"mette", "/beskeder"},
	{"mette", "/partnere"}, {"mette", "/partnere/organisationer/{org}"}, {"mette", "/partnere/personer/{contact}"}, {"mette", "/profil"}, {"mette", "/hjaelp"}, {"mette", "/tilgaengelighed"},
	{"mette", "/sager/{case}"}, {"mette", "/sager/{case}/handlingsplan"}, {"mette", "/sager/{case}/handlingsplan?vis=tavle"}, {"mette", "/sager/{case}/handlingsplan/trin/{step}"},
	{"mette", "/sager/{case}/netvaerk"}, {"mette", "/sager/{case}/netvaerk/ny"}, {"mette", "/sager/{case}/netvaerk/person/ny"}, {"mette", "/sager/{case}/journal"}, {"mette", "/sager/{case}/journal/ny"},
	{"mette", "/sager/{case}/journal/{note}"}, {"mette", "/sager/{case}/adgang"}, {"mette", "/sager/{case}/luk"}, {"mette", "/sager/{case}/hvem"}, {"mette", "/sager/{case}/ret"},
	{"mette", "/sager/{case}/niveau"}, {"mette", "/sager/{case}/sikker-kontakt"},
	{"mette", "/sager/{case}/borger"}, {"mette", "/sager/{case}/fakta/ny"}, {"mette", "/sager/{case}/fakta/{fact}"}, {"mette", "/sager/{case}/netvaerk/person/{person}"},
	{"mette", "/sager/{case}/netvaerk/{part}"}, {"mette", "/sager/{case}/journal/{note}/ret"}, {"mette", "/sager/{case}/handlingsplan/maal"}, {"mette", "/sager/{case}/handlingsplan/trin/ny"},
	{"mette", "/sager/{case}/handlingsplan/trin/{step}/flyt"}, {"mette", "/sager/{case}/handlingsplan/trin/{step}/udgaar"}, {"mette", "/sager/{case}/handlingsplan/trin/{step}/udskyd"},
	{"mette", "/sager/{case}/handlingsplan/forslag/security_consultant/afvis"},
	{"mette", "/sager/{case}/handlingsplan/godkendelse"}, {"mette", "/sager/{case}/handlingsplan/versioner"}, {"mette", "/sager/{case}/handlingsplan/versioner/{no}"}, {"mette", "/sager/{case}/handlingsplan/sammenlign?fra=1"},
	{"jonas", "/sager/{sent}/handlingsplan/versioner/{no}"}, {"jonas", "/sager/{sent}/handlingsplan"}, {"mette", "/sager/{back}/handlingsplan"}, {"mette", "/sager/{back}/handlingsplan/godkendelse"},
	{"huseyin", "/sager/{adult}/handlingsplan"}, {"huseyin", "/sager/{adult}/handlingsplan/dele"}, {"huseyin", "/sager/{adult}/handlingsplan/tilbud"}, {"huseyin", "/sager/{adult}/handlingsplan/godkendelse"},
	{"mette", "/sager/{case}/adgang/giv"}, {"mette", "/sager/{case}/adgang/fjern/{sara}"}, {"mette", "/sager/{case}/adgang/inhabil"}, {"mette", "/sager/{case}/adgang/niveau"},
	{"mette", "/sager/{case}/adgang/overdrag"}, {"mette", "/sager/{case}/adgang/udeluk"}, {"mette", "/partnere/rettelse?person={contact}"},
	{"mette", "/sager/{case}/risiko"}, {"mette", "/sager/{case}/risiko/ny/{section}"}, {"mette", "/sager/{case}/risiko/ny/niveau"}, {"mette", "/sager/{case}/risiko/{assessment}"}, {"mette", "/sager/{case}/risiko/ekstern"},
	{"jonas", "/sager/{shut}/risiko/port"}, {"jonas", "/sager/{shut}/journal/ny"}, {"jonas", "/sager/{shut}/risiko"}, {"jonas", "/sager/{case}/risiko/{assessment}"},
	{"mette", "/sager/{case}/frister"}, {"mette", "/sager/{case}/frister/ny"}, {"mette", "/sager/{case}/frister/{deadline}"}, {"mette", "/sager/{case}/frister/{deadline}/start"},
	{"lone", "/admin/frister"}, {"lone", "/admin/frister/ny"}, {"lone", "/admin/frister/regel/{code}"},
	{"mette", "/sager/{case}/sikkerhedsplan"}, {"mette", "/sager/{case}/sikkerhedsplan/ret"}, {"mette", "/sager/{case}/sikkerhedsplan/kontrol/ny"},
	{"mette", "/sager/{case}/sikkerhedsplan/kontrol/{checkin}"}, {"mette", "/sager/{case}/haendelse"}, {"mette", "/sager/{case}/haendelse/{prompt}"},
	{"mette", "/sager/{case}/delinger"}, {"mette", "/sager/{case}/delinger/ny"}, {"mette", "/sager/{case}/delinger/ny?retning=afvist&alle=1"}, {"mette", "/sager/{case}/delinger/{sharing}"}, {"jonas", "/sager/{case}/delinger/{sharing}"},
	{"mette", "/sager/{case}/beslutninger"}, {"mette", "/sager/{case}/beslutninger/ny"}, {"mette", "/sager/{case}/beslutninger/{decision}"}, {"mette", "/sager/{case}/beslutninger/{decision}/traef"},
	{"mette", "/sager/{case}/beslutninger/{decision}/svar/{ask}"}, {"mette", "/sager/{case}/beslutninger/{made}"}, {"jonas", "/sager/{case}/beslutninger/{decision}"},
	{"lone", "/admin/partnere/organisationer/ny"}, {"lone", "/admin/partnere/organisationer/{org}"}, {"lone", "/admin/partnere/organisationer/{org}/personer/ny"},
	{"lone", "/admin/partnere/personer/{contact}"}, {"lone", "/admin/partnere/personer/{contact}/billede"},
	{"jonas", "/overblik"}, {"jonas", "/overblik/frister?vis=brudt"}, {"jonas", "/overblik/frister?vis=loeber"}, {"jonas", "/min-dag"}, {"jonas", "/sager"}, {"jonas", "/sager/{case}"},
	{"mette", "/sager/{case}/tegn"}, {"mette", "/sager/{case}/tegn?tegn=S17"}, {"mette", "/sager/{case}/screening"},
	{"ida", "/underretninger/{report}/tegn"}, {"ida", "/underretninger/{report}/screening"},
	{"lone", "/admin/opsporing"}, {"lone", "/admin/opsporing/ny"}, {"lone", "/admin/opsporing/{rule}"},
	{"lone", "/admin/hold"}, {"lone", "/admin/hold/ny"}, {"lone", "/admin/hold/{team}"}, {"lone", "/admin/hold/{team}/medlem/{member}"},
	{"lone", "/admin"}, {"lone", "/admin/partnere"}, {"lone", "/admin/rettelser"}, {"lone", "/partnere"},
	{"karen", "/log"}, {"karen", "/partnere"},
	{"ida", "/underretninger"}, {"ida", "/underretninger?visning=afsluttede"}, {"ida", "/underretninger/ny"}, {"ida", "/underretninger/{report}"}, {"ida", "/underretninger/{report}/vurdering"}, {"ida", "/underretninger/{report}/barnet"},
	{"ida", "/underretninger/{report}/modtaget"}, {"ida", "/underretninger/{report}/kvittering"}, {"ida", "/underretninger/{report}/sag"}, {"ida", "/underretninger/{known}/genvurdering/{open}"},
	{"mette", "/underretninger/{known}"}, {"mette", "/sager/{case}/genvurdering/{review}"}, {"ida", "/min-dag"},
	{"", "/log-ind"},
}

// elsewhere are the routes that are no page, or a page that only stands within a longer way, with the test that goes it.
var elsewhere = map[string]string{
	"/": "leads on", "/billeder/{file}": "a picture", "/healthz": "for machines", "/readyz": "for machines", "/session/lever": "for the script", "/static/*": "files",
	"/laast":                               "TestShiftThreeTimesHidesTheScreenUntilThePassword",
	"/sager/ny/{draft}":                    "TestFromSignInToALivingCase",
	"/sager/ny/{draft}/{step}":             "TestFromSignInToALivingCase",
	"/underretninger/ny/{draft}":           "TestFromTheTelephoneToAnAcutePlan",
	"/soeg/{token}":                        "caselistpages",
	"/sager/{ref}/delinger/{sharing}/fil":  "a file",
	"/sager/{ref}/journal/kladde/slet":     "journalpages",
	"/sager/{ref}/adgang/ophaev/{user}":    "accesspages",
	"/admin/skabeloner/{template}/eksport": "templatepages", // a document
	"/kalender/{token}.ics":                "remindpages",   // for calendars
}

// TestNoPageIsForgotten demands that a new page is visited by the tests below.
func TestNoPageIsForgotten(t *testing.T) {
	var visited []string
	for _, v := range pages {
		path, _, _ := strings.Cut(v.path, "?")
		visited = append(visited, regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "{}"))
	}
	err := chi.Walk(web.New(web.Site{}), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		path := strings.TrimSuffix(route, "/")
		if method != http.MethodGet || elsewhere[route] != "" || path == "" {
			return nil
		}
		shape := strings.ReplaceAll(regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "{}"), "/forslag/{}/", "/forslag/security_consultant/")
		if !slices.Contains(visited, shape) {
			t.Errorf("nobody visits %s", route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
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
			const raw, gz = 60 << 10, 12 << 10 // the budget of the design
			if len(a.Body) > raw || zipped.Len() > gz {
				t.Errorf("%d bytes, %d compressed; at most %d and %d", len(a.Body), zipped.Len(), raw, gz)
			}
			if nodes := strings.Count(a.Body, "<") - strings.Count(a.Body, "</"); nodes > 1200 {
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
