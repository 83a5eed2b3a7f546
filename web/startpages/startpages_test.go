package startpages_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// step gives a case a plan with one open step that is over its time.
func step(t testing.TB, s *webtest.Site, c testkit.CaseFile, title string, who actor.Actor) uuid.UUID {
	t.Helper()
	id := uuid.New()
	s.Exec(t, `WITH p AS (INSERT INTO app.plan (case_id, started_by) SELECT $1, responsible_id FROM app.case_file WHERE id = $1 RETURNING id),
		ph AS (INSERT INTO app.plan_phase (case_id, plan_id, title, position) SELECT $1, id, 'Sikre', 1 FROM p RETURNING id)
		INSERT INTO app.plan_step (id, case_id, phase_id, position, title, responsible_user, due_at, created_by) SELECT $2, $1, ph.id, 1, $3, $4, now() - interval '2 days', $4 FROM ph`, c.ID, id, title, who.UserID)
	return id
}

func has(t *testing.T, a webtest.Answer, what ...string) {
	t.Helper()
	if a.Status != http.StatusOK {
		t.Fatalf("answers %d", a.Status)
	}
	for _, w := range what {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func TestEveryRoleOpensItsOwnStartPageAndNoOther(t *testing.T) {
	s := webtest.New(t)
	for path, roles := range map[string]string{
		link.Day: "mette dennis huseyin sara jonas anders", link.Overview: "jonas anders", link.Admin: "lone", link.Log: "karen",
		link.Notices: "mette dennis huseyin sara jonas anders lone karen", link.Help: "mette dennis huseyin sara jonas anders lone karen",
		link.Accessibility: "mette dennis huseyin sara jonas anders lone karen nobody",
	} {
		for name, who := range s.People() {
			want := http.StatusNotFound
			switch {
			case strings.Contains(" "+roles+" ", " "+name+" "):
				want = http.StatusOK
			case name == "nobody":
				want = http.StatusSeeOther // to the sign-in
			}
			for _, lang := range []string{"da", "en"} {
				who.Lang = lang
				if got := s.Get(t, who, path); got.Status != want {
					t.Errorf("%s as %s answers %d, want %d", path, name, got.Status, want)
				}
			}
		}
	}
}

func TestAnEmptyDayIsGoodNews(t *testing.T) {
	s := webtest.New(t)
	has(t, s.Get(t, s.Mette, link.Day), "Du har ingen sager endnu. Din leder fordeler nye sager.")
	s.Case(t, s.Mette, 1)
	has(t, s.Get(t, s.Mette, link.Day), "Du er ajour.", "Din 1 sag", `href="/sager?niveau=none&amp;visning=mine"`, "Uden handlingsplan")
	has(t, s.Get(t, s.Jonas, link.Overview), "Ingen sager kræver din opmærksomhed lige nu.")
}

// The intake desk has no cases: its day is its reports, and nobody tells it that nothing is due while the 24 hours run.
func TestTheDayOfTheIntakeDeskBeginsWithItsReports(t *testing.T) {
	s := webtest.New(t)
	s.Exec(t, `WITH t AS (INSERT INTO app.team (municipality, area, name, intake) VALUES (999, 'child', 'Modtagelsen', true) RETURNING id)
		INSERT INTO app.team_member (team_id, user_id) SELECT id, $1 FROM t`, s.Dennis.UserID)
	form := url.Values{"source": {"citizen"}, "area": {"child"}, "told": {"Hun bliver hentet hver dag."}, "measures": {"unknown"}, "channel": {"unknown"}, "excluding": {"none"}}
	if a := s.Post(t, s.Dennis, link.ReportDraft(uuid.NewString()), form); a.Status != http.StatusSeeOther {
		t.Fatalf("registering answers %d", a.Status)
	}
	a := s.Get(t, s.Dennis, link.Day)
	has(t, a, "1 underretning</b> skal vurderes.", "tilbage")
	for _, not := range []string{"Intet er over tid", "Du har ingen sager endnu", "Trin, der venter"} {
		if strings.Contains(a.Body, not) {
			t.Errorf("the page says %q", not)
		}
	}
}

func TestAStepIsTickedOnMinDagAndTheTickTakenBack(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	id := step(t, s, c, "Ring til skolen", s.Mette)
	day := s.Get(t, s.Mette, link.Day+"?hos=mig")
	has(t, day, "Ring til skolen", "2 dage over", c.Number, "<b>1 trin</b> er over tid.")
	form := regexp.MustCompile(`name="v" value="([^"]*)"`).FindStringSubmatch(day.Body)
	if form == nil {
		t.Fatal("the step has no form")
	}
	a := s.Post(t, s.Mette, link.Step(c.Ref, id)+"/udfoert", url.Values{"version": {"1"}, "v": {form[1]}})
	if a.Status != http.StatusSeeOther || a.Location() != link.Day+"?hos=mig" {
		t.Fatalf("ticking answers %d to %s", a.Status, a.Location())
	}
	if strings.Contains(s.Get(t, s.Mette, link.Day).Body, "Ring til skolen") {
		t.Error("a done step still waits")
	}
	a = s.Post(t, s.Mette, link.Step(c.Ref, id)+"/fortryd", url.Values{"version": {"2"}, "v": {form[1]}})
	if a.Location() != link.Day+"?hos=mig" {
		t.Errorf("taking back leads to %s", a.Location())
	}
	has(t, s.Get(t, s.Mette, link.Day), "Ring til skolen")
	a = s.Post(t, s.Mette, link.Step(c.Ref, id)+"/udfoert", url.Values{"version": {"3"}, "v": {"tilbage=https%3A%2F%2Fevil.test"}})
	if !strings.HasPrefix(a.Location(), link.Plan(c.Ref)) {
		t.Errorf("a forged way back leads to %s", a.Location())
	}
}

func TestExcludedCaseworkerReadsNothingOfTheCaseOnAnyStartPage(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 0, s.Dennis)
	step(t, s, c, "Hemmeligt trin", s.Dennis)
	s.Exec(t, `INSERT INTO app.notice (to_user, case_id, kind) VALUES ($1, $2, 'access.granted')`, s.Dennis.UserID, c.ID)
	for _, path := range []string{link.Day, link.Day + "?frist=alle", link.Day + "?hos=partnere", link.Notices} {
		if body := s.Get(t, s.Dennis, path).Body; strings.Contains(body, "Hemmeligt trin") || strings.Contains(body, c.Number) || strings.Contains(body, c.Ref) || strings.Contains(body, "Amira") {
			t.Errorf("%s shows something of the case", path)
		}
	}
}

func TestALeadOfAnotherTeamReadsNoNumberOfThisOne(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red', severity_set_at = now() - interval '3 days' WHERE id = $1`, c.ID)
	has(t, s.Get(t, s.Jonas, link.Overview), c.Number, "Ingen ekstern partner", "1 aktiv sag", "Rådgiveren står alene")
	has(t, s.Get(t, s.Jonas, link.Overview+"?regel=alone"), c.Number)
	has(t, s.Get(t, s.Mette, link.Day), "Du står alene", link.NewSparring(c.Ref))
	if body := s.Get(t, s.Jonas, link.Overview+"?regel=plan").Body; strings.Contains(body, c.Number+"</a>") {
		t.Error("the chip shows a case that does not meet its rule")
	}
	if body := s.Get(t, s.Anders, link.Overview).Body; strings.Contains(body, c.Number) || !strings.Contains(body, "0 aktive sager") {
		t.Error("Anders reads about TeamNorth")
	}
}

func TestNoticesAreReadAllAtOnce(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `INSERT INTO app.notice (to_user, case_id, kind) VALUES ($1, $2, 'case.duplicate'), ($1, NULL, 'something.new')`, s.Mette.UserID, c.ID)
	has(t, s.Get(t, s.Mette, link.Day), "er ved at blive oprettet igen", link.Notices)
	has(t, s.Get(t, s.Mette, link.Notices), "Markér alle som læst", "Der er noget nyt til dig", link.Case(c.Ref))
	if a := s.Post(t, s.Mette, link.Notices, nil); a.Status != http.StatusSeeOther || a.Location() != link.Notices {
		t.Fatalf("answers %d to %s", a.Status, a.Location())
	}
	if body := s.Get(t, s.Mette, link.Notices).Body; strings.Contains(body, "Markér alle som læst") {
		t.Error("notices are still unread")
	}
	if body := s.Get(t, s.Mette, link.Day).Body; strings.Contains(body, "er ved at blive oprettet igen") {
		t.Error("read notices stay on Min dag")
	}
}

func TestTheAuditorSeesARefusalFirstAndNeverACaseNumber(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	if a := s.Get(t, s.Dennis, link.Journal(c.Ref)); a.Status != http.StatusNotFound {
		t.Fatalf("Dennis opens the case: %d", a.Status)
	}
	if n := s.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'case.denied'`); n != 1 {
		t.Errorf("one look left %d lines", n)
	}
	log := s.Get(t, s.Karen, link.Log)
	has(t, log, "1 åbning er afvist de seneste 7 dage", "Det gælder 1 person.", "Afvist åbning", "Dennis Kjær")
	if strings.Contains(log.Body, c.Number) || strings.Contains(log.Body, c.Ref) {
		t.Error("the log tells the case's number")
	}
	has(t, s.Get(t, s.Karen, link.Log+"?slags=denied&hvem="+s.Dennis.UserID.String()), "Afvist åbning", "Journal")
	has(t, s.Get(t, s.Karen, link.Log+"?slags=searches"), "Ingen hændelser passer.")
	has(t, s.Get(t, s.Karen, link.Log+"?slags=nonsense&hvem=nobody&sag=x&efter=1-x&fra=i+g%C3%A5r&til=i+dag"), "Dennis Kjær")
	bad := s.Get(t, s.Karen, link.Log+"?fra=31.2.2026&til=snart&hvem="+s.Dennis.UserID.String())
	if bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, `value="31.2.2026"`) || !strings.Contains(bad.Body, `value="snart"`) || !strings.Contains(bad.Body, "<title>Fejl: ") {
		t.Errorf("dates that are none answer %d", bad.Status)
	}
}

func TestTheAdminsPageHoldsNoCase(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 0)
	p := s.Partner(t, "police_district", "Fjordegnens Politi", "Bilal Nasser")
	s.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 200 WHERE id = $1`, p.ID)
	s.Exec(t, `INSERT INTO app.correction (organisation_id, contact_id, proposal, proposed_by) VALUES ($1, $2, 'Har fået nyt nummer', $3)`, p.OrganisationID, p.ID, s.Mette.UserID)
	a := s.Get(t, s.Lone, link.Admin)
	has(t, a, "Bilal Nasser", link.EditContact(p.ID), "Har fået nyt nummer", "1 kontaktperson, ikke bekræftet")
	if strings.Contains(a.Body, c.Number) || strings.Contains(a.Body, "/sager/") {
		t.Error("the admin's page tells of a case")
	}
}

func TestNamesAreMarkedForHiding(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	step(t, s, c, "Ring til skolen", s.Mette)
	a := s.Get(t, s.Mette, link.Day)
	has(t, a, `<span class="pii">Amira S., `)
	if strings.Count(a.Body, "Amira") != 1 || strings.Contains(a.Body, "Amira Saleh") {
		t.Error("Min dag names the citizen outside of what can be hidden")
	}
}

func TestEveryRuleOfTheLeadHasItsWords(t *testing.T) {
	webtest.New(t) // loads the texts
	for _, lang := range []string{"da", "en"} {
		ctx := i18n.With(t.Context(), lang)
		for _, rule := range overview.Rules {
			for _, key := range []string{"lead.rule.", "lead.why.", "lead.mend."} {
				if !i18n.Has(ctx, key+rule) {
					t.Errorf("%s%s is not said in %s", key, rule, lang)
				}
			}
		}
		for _, key := range []string{"revisit.risk", "revisit.report", "revisit.both", "drowsy.still", "drowsy.late", "drowsy.empty", "drowsy.unsure", "drowsy.follow_up"} {
			if !i18n.Has(ctx, "lead.why."+key) {
				t.Errorf("why, %s, is not said in %s", key, lang)
			}
		}
	}
}

// An auditor reads words: every part of a case or a report that can be opened has one, and no code shows.
func TestTheTrailNamesEveryPageThatCanBeOpened(t *testing.T) {
	s := webtest.New(t)
	routes, err := os.ReadFile("../testdata/routes.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`/(?:sager|underretninger)/\{ref\}/([a-z-]+)`).FindAllStringSubmatch(string(routes), -1) {
		for _, lang := range i18n.Languages {
			if i18n.Keys(lang)["log.page."+m[1]] == "" {
				t.Errorf("%s has no word in %s", m[1], lang)
			}
		}
	}
	c := s.Case(t, s.Mette, 1)
	s.Get(t, s.Mette, link.Risk(c.Ref))
	s.Exec(t, `WITH t AS (INSERT INTO app.team (municipality, area, name, intake) VALUES (999, 'child', 'Modtagelsen', true) RETURNING id)
		INSERT INTO app.team_member (team_id, user_id) SELECT id, $1 FROM t`, s.Dennis.UserID)
	form := url.Values{"source": {"citizen"}, "area": {"child"}, "told": {"Hun bliver hentet hver dag."}, "measures": {"unknown"}, "channel": {"unknown"}, "excluding": {"none"}}
	s.Post(t, s.Dennis, link.ReportDraft(uuid.NewString()), form)
	var ref string
	s.Scan(t, []any{&ref}, `SELECT ref FROM app.report`)
	s.Get(t, s.Dennis, link.Report(ref))
	log := s.Get(t, s.Karen, link.Log)
	has(t, log, "Åbnede en sag", "Arbejde i sagen · Risiko", "Åbnede en underretning", "Modtagelse af underretninger · Underretning", ">underretning ")
}
