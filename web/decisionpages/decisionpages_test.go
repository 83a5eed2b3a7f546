package decisionpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// desk is a site with a child's case, on which Dennis works too and Sara is asked for advice.
func desk(t *testing.T) (*webtest.Site, testkit.CaseFile) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Grant(t, c, s.Dennis, "coworker")
	s.Grant(t, c, s.Sara, "consulted")
	return s, c
}

func want(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("answers %d, want %d", a.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func question(who ...string) url.Values {
	return url.Values{"key": {uuid.NewString()}, "kind": {"beslutning"}, "question": {"Skal samtalen være på skolen?"}, "options": {"Skolen. Kommunen."}, "leaning": {"Skolen."}, "who": who}
}

// From the question to the look-back, as the three of them see it.
func TestAQuestionIsPutAnsweredDecidedAndLookedBackAt(t *testing.T) {
	s, c := desk(t)
	form := question("user:"+s.Sara.UserID.String(), "user:"+s.Dennis.UserID.String())
	form.Set("answer_by", "i morgen")
	to := s.Post(t, s.Mette, link.NewDecision(c.Ref), form).Location()
	if again := s.Post(t, s.Mette, link.NewDecision(c.Ref), form).Location(); again != to || !strings.HasPrefix(to, link.Decisions(c.Ref)+"/") {
		t.Fatalf("put at %q, and again at %q", to, again)
	}
	// Whoever is asked finds it on Min dag, with the way to answer, and no word of what it is about.
	day := s.Get(t, s.Sara, link.Day)
	want(t, day, http.StatusOK, "Kolleger spørger dig", "Mette Lindhardt spørger om dit syn", "venter på dit syn")
	if strings.Contains(day.Body, "skolen?") {
		t.Error("Min dag tells what is asked")
	}
	want(t, s.Get(t, s.Jonas, link.Day), http.StatusOK)
	var ask string
	s.Scan(t, []any{&ask}, `SELECT id::text FROM app.decision_ask WHERE user_id = $1`, s.Sara.UserID)
	answer := to + "/svar/" + ask
	want(t, s.Get(t, s.Sara, answer), http.StatusOK, "Skal samtalen være på skolen?", "Gem mit svar")
	if a := s.Get(t, s.Mette, answer); a.Status != http.StatusSeeOther {
		t.Errorf("who is not asked gets the form of the answer: %d", a.Status)
	}
	want(t, s.Post(t, s.Sara, answer, url.Values{"outcome": {"advise_against"}, "remarks": {""}}), http.StatusUnprocessableEntity, "Skriv dine bemærkninger")
	want(t, s.Post(t, s.Mette, answer, url.Values{"outcome": {"confirm"}}), http.StatusForbidden)
	want(t, s.Post(t, s.Sara, answer, url.Values{"outcome": {"advise_against"}, "remarks": {"Broren går der."}}), http.StatusSeeOther)
	if day := s.Get(t, s.Sara, link.Day); strings.Contains(day.Body, "Kolleger spørger dig") {
		t.Error("it is still asked on Min dag")
	}

	// The decider has not read it yet; then says why they go on; and what was typed is never lost.
	made := url.Values{"choice": {"På skolen, i et andet hus."}, "reason": {"Der er en voksen, hun stoler på."}, "family": {"no"}, "seen": {"0"}}
	want(t, s.Post(t, s.Mette, to+"/traef", made), http.StatusConflict, "Der er kommet svar, mens du skrev", "På skolen, i et andet hus.", "Broren går der.")
	made.Set("seen", "1")
	want(t, s.Post(t, s.Mette, to+"/traef", made), http.StatusUnprocessableEntity, "Skriv, hvorfor du gør det, selv om det er frarådet", "På skolen, i et andet hus.")
	made.Set("despite", "Broren er i et andet hus.")
	made.Set("family", "yes")
	want(t, s.Post(t, s.Mette, to+"/traef", made), http.StatusUnprocessableEntity, "Risikoen er ikke vurderet. Vent med det", "Broren er i et andet hus.")
	made.Set("family", "no")
	want(t, s.Post(t, s.Mette, to+"/traef", made), http.StatusSeeOther)
	want(t, s.Get(t, s.Sara, to), http.StatusOK, "På skolen, i et andet hus.", "Broren er i et andet hus.", "Fraråder", "Broren går der.", "Havde ikke svaret", "Dennis Kjær", "Sagen spørger")
	if a := s.Get(t, s.Mette, to+"/traef"); a.Status != http.StatusSeeOther {
		t.Errorf("it can be decided again: %d", a.Status)
	}
	want(t, s.Post(t, s.Mette, to+"/tilfoej", url.Values{"key": {uuid.NewString()}, "body": {"Hus B."}}), http.StatusSeeOther)
	want(t, s.Post(t, s.Mette, to+"/tilbageblik", url.Values{"went": {"hoped"}, "words": {"Godt."}}), http.StatusUnprocessableEntity, "Det er for tidligt")

	s.Exec(t, `UPDATE app.decision_made SET made_at = made_at - interval '91 days'`)
	var prompt string
	s.Scan(t, []any{&prompt}, `SELECT app._raise_prompt($1, 'decision_look_back', $2, NULL, NULL, '')::text`, c.ID, strings.TrimPrefix(to, link.Decisions(c.Ref)+"/"))
	if a := s.Get(t, s.Mette, link.NewEvent(c.Ref)+"/"+prompt); !strings.HasPrefix(a.Location(), to) {
		t.Errorf("the event leads to %q", a.Location())
	}
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "Hvordan gik det?")
	want(t, s.Post(t, s.Mette, to+"/tilbageblik", url.Values{"went": {"not"}, "words": {"Hun sagde ingenting."}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Dennis, to), http.StatusOK, "Ikke som håbet", "Hun sagde ingenting.", "Hus B.")
	want(t, s.Get(t, s.Dennis, link.Decisions(c.Ref)), http.StatusOK, "Ikke som håbet", "Frarådet af 1", "Truffet")
	want(t, s.Get(t, s.Dennis, link.Journal(c.Ref)), http.StatusOK, "Beslutning truffet:", "Svar på et spørgsmål:", link.Decisions(c.Ref))
	want(t, s.Get(t, s.Dennis, link.Case(c.Ref)), http.StatusOK, "1 beslutning i sagen")
}

func TestNothingTypedIsLost(t *testing.T) {
	s, c := desk(t)
	form := question("user:"+s.Sara.UserID.String(), "user:"+s.Huseyin.UserID.String())
	form.Set("answer_by", "31/2")
	want(t, s.Post(t, s.Mette, link.NewDecision(c.Ref), form), http.StatusUnprocessableEntity, "Skal samtalen være på skolen?", `value="31/2"`, s.Sara.UserID.String()+`" checked`)
	form.Set("answer_by", "")
	want(t, s.Post(t, s.Mette, link.NewDecision(c.Ref), form), http.StatusUnprocessableEntity, "En af dem kan ikke spørges", "Skolen. Kommunen.")
	want(t, s.Post(t, s.Mette, link.Decisions(c.Ref)+"/kladde", form), http.StatusOK, "Kladde gemt")
	want(t, s.Get(t, s.Mette, link.NewDecision(c.Ref)), http.StatusOK, "Skal samtalen være på skolen?", "Her er din kladde")
	want(t, s.Get(t, s.Mette, link.Decisions(c.Ref)), http.StatusOK, "Skriv videre på kladden")
	if a := s.Get(t, s.Dennis, link.NewDecision(c.Ref)); strings.Contains(a.Body, "Skal samtalen") {
		t.Error("a colleague reads the draft")
	}
	to := s.Post(t, s.Mette, link.NewDecision(c.Ref), question()).Location()
	if !strings.HasSuffix(to, "/traef") {
		t.Errorf("nobody is asked, and it leads to %q", to)
	}
	id := strings.Split(to, "/")[4]
	want(t, s.Post(t, s.Mette, link.Decisions(c.Ref)+"/kladde", url.Values{"decision": {id}, "choice": {"På skolen."}}), http.StatusOK)
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "På skolen.", "Ingen er spurgt")
	want(t, s.Post(t, s.Mette, link.Decisions(c.Ref)+"/kladde/slet", url.Values{"decision": {id}}), http.StatusSeeOther)
	if a := s.Get(t, s.Mette, to); strings.Contains(a.Body, "På skolen.") {
		t.Error("the draft is still there")
	}
	want(t, s.Post(t, s.Mette, strings.TrimSuffix(to, "/traef")+"/traek", url.Values{"drop_reason": {""}}), http.StatusUnprocessableEntity, "Skriv, hvorfor det ikke skal besluttes")
	want(t, s.Post(t, s.Mette, strings.TrimSuffix(to, "/traef")+"/spoerg", url.Values{"who": {"user:" + s.Sara.UserID.String()}}), http.StatusSeeOther)
	want(t, s.Post(t, s.Mette, strings.TrimSuffix(to, "/traef")+"/traek", url.Values{"drop_reason": {"Aflyst."}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Sara, strings.TrimSuffix(to, "/traef")), http.StatusOK, "Aflyst.", "Trukket tilbage")
}

// A partner answers by telephone: who wrote it down stands there.
func TestAPartnersAnswerSaysWhoWroteItDown(t *testing.T) {
	s, c := desk(t)
	p := s.Partner(t, "school", "Åskolen", "Anders Møller")
	s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', $4)`, c.ID, p.OrganisationID, p.ID, s.Mette.UserID)
	want(t, s.Get(t, s.Mette, link.NewDecision(c.Ref)), http.StatusOK, "Anders Møller", "fortæl intet personligt")
	form := question("contact:" + p.ID.String())
	form.Set("kind", "afgoerelse")
	to := s.Post(t, s.Mette, link.NewDecision(c.Ref), form).Location()
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "Skriv svaret ned", "0 af 1 har svaret")
	var ask string
	s.Scan(t, []any{&ask}, `SELECT id::text FROM app.decision_ask`)
	want(t, s.Get(t, s.Dennis, to+"/svar/"+ask), http.StatusOK, "Svar fra Anders Møller")
	want(t, s.Post(t, s.Sara, to+"/svar/"+ask, url.Values{"outcome": {"confirm"}}), http.StatusForbidden)
	want(t, s.Post(t, s.Dennis, to+"/svar/"+ask, url.Values{"outcome": {"confirm"}}), http.StatusSeeOther)
	want(t, s.Post(t, s.Mette, to+"/svar/"+ask, url.Values{"outcome": {"insufficient"}, "remarks": {"Ved ikke."}}), http.StatusConflict, "Ved ikke.")
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "skrevet ned af Dennis Kjær", "Bekræfter")
	want(t, s.Post(t, s.Mette, to+"/traef", url.Values{"choice": {"x"}, "reason": {"y"}, "family": {"no"}, "seen": {"1"}}), http.StatusUnprocessableEntity,
		"Skriv, hvilke regler den bygger på", "Vælg, hvad der sker med klagevejledningen", "ikke tjekket i lovteksten")
}
