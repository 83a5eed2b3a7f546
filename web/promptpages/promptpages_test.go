package promptpages_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/internal/prompt"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

type site struct {
	*webtest.Site
	c testkit.CaseFile
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Site: webtest.New(t)}
	s.c = s.Case(t, s.Mette, 1, s.Dennis)
	s.Grant(t, s.c, s.Sara, "consulted")
	return s
}

func want(t *testing.T, what string, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: status %d, want %d", what, a.Status, status)
	}
	body := html.UnescapeString(a.Body)
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s: %q is not on the page", what, w)
		}
	}
}

// plan gives the case a plan with one phase.
func (s *site) plan(t *testing.T) {
	s.Exec(t, `WITH p AS (INSERT INTO app.plan (case_id, started_by) VALUES ($1, $2) RETURNING id) INSERT INTO app.plan_phase (case_id, plan_id, title, position) SELECT $1, id, 'Straks', 0 FROM p`, s.c.ID, s.Mette.UserID)
}

func (s *site) tell(t *testing.T, rule string) string {
	t.Helper()
	a := s.Post(t, s.Mette, link.NewEvent(s.c.Ref), url.Values{"key": {uuid.NewString()}, "rule": {rule}, "happened_on": {i18n.FieldDate(time.Now())}, "note": {"Krisecentret <ringede>"}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("told: %d\n%s", a.Status, a.Body)
	}
	return a.Location()
}

func TestABrokenStayOfAChildSaysWhatTheLawDemands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	want(t, "the form", s.Get(t, s.Mette, link.NewEvent(s.c.Ref)), http.StatusOK, "barnets lov\u00a0§\u00a020, stk. 1, nr. 3", "Forslag, ikke et lovkrav")
	path := s.tell(t, prompt.BrokenStay)
	want(t, "the event", s.Get(t, s.Mette, path), http.StatusOK, "Krisecenterophold afbrydes", "skal I træffe afgørelse", "Barnets lov § 20, stk. 1, nr. 3.", "Krisecentret <ringede>", "Mette Lindhardt")
	if strings.Contains(s.Get(t, s.Mette, path).Body, "Forslag, ikke et lovkrav") {
		t.Error("what the law demands is called a proposal")
	}
	want(t, "Min dag", s.Get(t, s.Mette, link.Day), http.StatusOK, "Krisecenterophold afbrydes", path)
	want(t, "the case", s.Get(t, s.Mette, link.Case(s.c.Ref)), http.StatusOK, "1 kræver handling", path, "Hændelse:")
	for name, who := range map[string]actor.Actor{"excluded": s.Dennis, "stranger": s.Huseyin} {
		want(t, name, s.Get(t, who, path), http.StatusNotFound)
		if strings.Contains(s.Get(t, who, link.Day).Body, "afbrydes") {
			t.Errorf("%s sees it on Min dag", name)
		}
	}
}

func TestAnEventIsAnsweredAndStaysInTheJournal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.tell(t, prompt.AccessRequest)
	want(t, "nothing chosen", s.Post(t, s.Mette, path, url.Values{"version": {"1"}, "reason": {"halvt skrevet"}}), http.StatusUnprocessableEntity, "Vælg, hvad I gør ved hændelsen", "halvt skrevet")
	want(t, "not relevant without why", s.Post(t, s.Mette, path, url.Values{"version": {"1"}, "answer": {"not_relevant"}}), http.StatusUnprocessableEntity, "Skriv, hvorfor den ikke er relevant")
	want(t, "by who is asked for advice", s.Post(t, s.Sara, path, url.Values{"version": {"1"}, "answer": {"done"}}), http.StatusForbidden)
	if a := s.Post(t, s.Mette, path, url.Values{"version": {"1"}, "answer": {"not_relevant"}, "reason": {"Trukket tilbage"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("answered: %d", a.Status)
	}
	want(t, "a second answer", s.Post(t, s.Mette, path, url.Values{"version": {"1"}, "answer": {"done"}, "reason": {"mit svar"}}), http.StatusConflict, "En anden har svaret imens", "mit svar", "Trukket tilbage")
	want(t, "the journal", s.Get(t, s.Mette, link.Journal(s.c.Ref)), http.StatusOK, "Hændelse besvaret:", "ikke relevant")
	if body := s.Get(t, s.Mette, link.Day).Body; strings.Contains(body, path) {
		t.Error("an answered event still stands on Min dag")
	}
}

func TestAnEventBecomesAStepOfThePlan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.tell(t, prompt.LocationLeak)
	step := url.Values{"version": {"1"}, "answer": {"step"}, "title": {"Ring til borgeren"}, "due": {"i morgen"}, "reason": {"Politiet er orienteret"}}
	want(t, "without a plan", s.Get(t, s.Mette, path), http.StatusOK, "Sagen har ingen handlingsplan endnu")
	want(t, "a step without a plan", s.Post(t, s.Mette, path, step), http.StatusUnprocessableEntity, "Sagen har ingen handlingsplan endnu", "Politiet er orienteret")
	s.plan(t)
	want(t, "with a plan", s.Get(t, s.Mette, path), http.StatusOK, `value="Advar borgeren straks ad den sikre vej, ring til politiet (112 ved fare), og meld databruddet"`)
	step.Set("title", "Ring til Amira")
	want(t, "a name in the title", s.Post(t, s.Mette, path, step), http.StatusUnprocessableEntity, `value="Ring til Amira"`, `name="names_ok"`)
	step.Set("title", "Ring til borgeren")
	if a := s.Post(t, s.Mette, path, step); a.Status != http.StatusSeeOther {
		t.Fatalf("answered: %d\n%s", a.Status, a.Body)
	}
	want(t, "the event", s.Get(t, s.Mette, path), http.StatusOK, "Se trinnet i planen")
	want(t, "the plan", s.Get(t, s.Mette, link.Plan(s.c.Ref)), http.StatusOK, "Ring til borgeren")
}

func TestNothingThatWasTypedAboutAnEventIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, c := range map[string]struct {
		field, value, message string
	}{
		"nothing chosen": {"rule", "", "Vælg, hvad der er sket"},
		"another's rule": {"rule", "new_report", "Vælg, hvad der er sket"},
		"tomorrow":       {"happened_on", "i morgen", "Dagen kan ikke ligge i fremtiden"},
		"no day":         {"happened_on", "", "Skriv, hvilken dag det skete"},
		"long ago":       {"happened_on", "1.1.2001", "de sidste to år"},
		"100 KB":         {"note", strings.Repeat("م😀", 20_000), "م😀"},
	} {
		form := url.Values{"key": {uuid.NewString()}, "rule": {prompt.LocationLeak}, "happened_on": {i18n.FieldDate(time.Now())}, "note": {"det hele"}}
		form.Set(c.field, c.value)
		want(t, name, s.Post(t, s.Mette, link.NewEvent(s.c.Ref), form), http.StatusUnprocessableEntity, c.message, form.Get("note")[:8])
	}
	if n := s.Count(t, `SELECT count(*) FROM app.prompt`); n != 0 {
		t.Errorf("%d events", n)
	}
	want(t, "the form, for who is asked for advice", s.Get(t, s.Sara, link.NewEvent(s.c.Ref)), http.StatusNotFound)
}

// The plan that a rise to red asks for is started: the event says so, and stays until somebody says that the rest is done.
func TestTheEventOfRedSaysThatThePlanIsStarted(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red' WHERE id = $1`, s.c.ID)
	red := uuid.New()
	s.Exec(t, `UPDATE app.prompt SET id = $1 WHERE rule = 'level_red'`, red)
	said := "Handlingsplanen er startet"
	for _, path := range []string{link.Case(s.c.Ref), link.Prompt(s.c.Ref, red)} {
		if a := s.Get(t, s.Mette, path); strings.Contains(a.Body, said) {
			t.Errorf("%s speaks of a plan that nobody has started", path)
		}
	}
	s.plan(t)
	for _, path := range []string{link.Case(s.c.Ref), link.Prompt(s.c.Ref, red)} {
		want(t, path, s.Get(t, s.Mette, path), http.StatusOK, "Åbn akutskabelonen, og tilkald lederen", said)
	}
	// a plan from before the rise is not the answer to it
	s.Exec(t, `UPDATE app.plan SET started_at = now() - interval '1 year'`)
	if a := s.Get(t, s.Mette, link.Case(s.c.Ref)); strings.Contains(a.Body, said) {
		t.Error("an old plan answers for a new rise")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.prompt WHERE rule = 'level_red' AND answer IS NULL`); n != 1 {
		t.Errorf("%d open", n)
	}
}

// A lead may say that something has happened, and writes nothing in the case: the page tells them who answers.
func TestALeadIsToldWhoAnswersTheEventTheyRaised(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := url.Values{"key": {uuid.NewString()}, "rule": {prompt.LocationLeak}, "happened_on": {i18n.FieldDate(time.Now())}}
	a := s.Post(t, s.Jonas, link.NewEvent(s.c.Ref), form)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("told: %d", a.Status)
	}
	path := a.Location()
	want(t, "the lead", s.Get(t, s.Jonas, path), http.StatusOK, "Den, der har sagen, svarer: Mette Lindhardt.", "giv sagen til en anden")
	want(t, "the lead, on the case", s.Get(t, s.Jonas, link.Case(s.c.Ref)), http.StatusOK, "Se, hvem der svarer", path)
	advice := s.Get(t, s.Sara, path)
	want(t, "who is asked for advice", advice, http.StatusOK, "Den, der har sagen, svarer: Mette Lindhardt.")
	if strings.Contains(advice.Body, "giv sagen til en anden") {
		t.Error("somebody who manages nothing is sent to give the case away")
	}
	want(t, "the lead's answer", s.Post(t, s.Jonas, path, url.Values{"version": {"1"}, "answer": {"done"}}), http.StatusForbidden)
	if a := s.Get(t, s.Mette, path); strings.Contains(a.Body, "svarer: Mette") {
		t.Error("whoever answers is told that they answer")
	}
}

func TestWhatIsNotOnTheListIsToldInWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := url.Values{"key": {uuid.NewString()}, "rule": {prompt.Other}, "happened_on": {i18n.FieldDate(time.Now())}}
	want(t, "without a word", s.Post(t, s.Mette, link.NewEvent(s.c.Ref), form), http.StatusUnprocessableEntity, "Skriv, hvad der er sket")
	form.Set("note", "En fætter er set ved skolen")
	a := s.Post(t, s.Mette, link.NewEvent(s.c.Ref), form)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("told: %d", a.Status)
	}
	want(t, "the event", s.Get(t, s.Mette, a.Location()), http.StatusOK, "Anden hændelse", "Aftal, hvad der skal ske", "En fætter er set ved skolen")
	want(t, "the case", s.Get(t, s.Mette, link.Case(s.c.Ref)), http.StatusOK, "Anden hændelse", "En fætter er set ved skolen")
	if strings.Contains(s.Get(t, s.Mette, link.Day).Body, "fætter") {
		t.Error("the words of a case stand on Min dag")
	}
}
