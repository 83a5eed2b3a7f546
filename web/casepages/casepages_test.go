package casepages_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/missing"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// secret is a protected fact, and sealed a CPR number: neither may ever stand on a page that does not show it on purpose.
const (
	secret = "Havnegade 14, 2. tv."
	number = "140410-4321"
)

// site is a running office with a case that has a bit of everything in it.
type site struct {
	*webtest.Site
	c            testkit.CaseFile
	partner      testkit.Contact
	person, part uuid.UUID
	fact         uuid.UUID
}

func newSite(t *testing.T) *site {
	t.Helper()
	return over(t, testkit.NewOffice(t))
}

func over(t *testing.T, o *testkit.Office) *site {
	t.Helper()
	s := &site{Site: webtest.Over(t, o)}
	s.c, s.partner = o.Case(t, o.Mette, 1, o.Dennis), o.Partner(t, "security_consultant", "Sikkerhedsrådgivningen", "Nadja Iversen")
	o.Grant(t, s.c, o.Sara, "consulted")
	err := o.DB.InCase(t.Context(), o.Mette, s.c.At("ret"), func(tx *db.Tx) (err error) {
		ctx := t.Context()
		if s.person, err = casefile.AddPerson(ctx, tx, o.Keys, casefile.PersonInput{Name: "Sami Saleh", Relation: "storebror", ConflictRole: "threatens", MayKnow: "no"}); err != nil {
			return err
		}
		if err = casefile.ChangeCitizen(ctx, tx, o.Keys, 1, casefile.CitizenInput{Name: "Amira Saleh", CallingName: "Amira S.", CPR: number}); err != nil {
			return err
		}
		if err = casefile.AddFact(ctx, tx, o.Keys, casefile.FactInput{PersonID: s.c.CitizenID, Kind: "place_of_stay", Text: secret}); err != nil {
			return err
		}
		s.part, err = involvement.Request(ctx, tx, involvement.Input{OrganisationID: s.partner.OrganisationID, ContactID: s.partner.ID, ResponsibleFor: "Sikkerhedsplan",
			Origin: involvement.FromPlan, LegalBasis: "CONSENT"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Scan(t, []any{&s.fact}, `SELECT id FROM app.protected_fact WHERE case_id = $1`, s.c.ID)
	return s
}

func (s *site) path(p string) string { return "/sager/" + s.c.Ref + p }

// pages are all pages that are read.
func (s *site) pages() map[string]string {
	return map[string]string{"overview": "", "profile": "/ret", "citizen": "/borger", "level": "/niveau", "safe contact": "/sikker-kontakt", "new fact": "/fakta/ny",
		"fact": "/fakta/" + s.fact.String(), "network": "/netvaerk", "new person": "/netvaerk/person/ny", "person": "/netvaerk/person/" + s.person.String(),
		"choose partner": "/netvaerk/ny", "ask partner": "/netvaerk/ny?kontakt=" + s.partner.ID.String(),
		"ask organisation": "/netvaerk/ny?organisation=" + s.partner.OrganisationID.String(), "part": "/netvaerk/" + s.part.String()}
}

// readable are the pages of those who read the case but do not write it.
var readable = map[string]bool{"overview": true, "network": true, "level": true}

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

func TestWhoSeesWhichPageOfACase(t *testing.T) {
	s := newSite(t)
	for name, p := range s.pages() {
		want(t, name+" as writer", s.Get(t, s.Mette, s.path(p)), http.StatusOK)
		status := http.StatusNotFound // a form for writers is no page of the others
		if readable[name] {
			status = http.StatusOK
		}
		consulted := status
		if name == "fact" { // who was asked for advice does not know that it is there
			consulted, status = http.StatusNotFound, http.StatusOK
		}
		if name == "safe contact" { // the lead reads why it was set aside
			status = http.StatusOK
		}
		want(t, name+" as consulted", s.Get(t, s.Sara, s.path(p)), consulted)
		want(t, name+" as lead", s.Get(t, s.Jonas, s.path(p)), status)
		for _, who := range []actor.Actor{s.Huseyin, s.Dennis, s.Lone, s.Karen} {
			want(t, name+" as "+who.Name, s.Get(t, who, s.path(p)), http.StatusNotFound)
		}
	}
}

func TestReadersAreOfferedNothingThatWouldBeRefused(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red', severity_set_at = now() WHERE id = $1`, s.c.ID)
	buttons := regexp.MustCompile(`(?s)<main.*?</main>`)
	for _, who := range []actor.Actor{s.Sara, s.Jonas} {
		for _, p := range []string{"", "/netvaerk", "/niveau"} {
			main := buttons.FindString(s.Get(t, who, s.path(p)).Body)
			for _, word := range []string{"/ret", "/sikker-kontakt", "/netvaerk/ny", "/netvaerk/person/", "/ja", "/fakta/ny", `name="reason"`} {
				if strings.Contains(main, word) {
					t.Errorf("%s on %q is offered %s", who.Name, p, word)
				}
			}
		}
	}
	if body := s.Get(t, s.Sara, s.path("/netvaerk")).Body; strings.Contains(body, "Beskyttede oplysninger") || strings.Contains(body, "/cpr") {
		t.Error("who was asked for advice is shown that there are protected facts")
	}
	s.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, s.c.ID)
	for _, p := range []string{"", "/netvaerk"} {
		if main := buttons.FindString(s.Get(t, s.Mette, s.path(p)).Body); strings.Contains(main, "/netvaerk/ny") || strings.Contains(main, s.path("/ret")) {
			t.Errorf("closed, and %q still offers changes", p)
		}
	}
	want(t, "changing a closed case", s.Get(t, s.Mette, s.path("/ret")), http.StatusNotFound)
	want(t, "saving a closed case", s.Post(t, s.Mette, s.path("/ret"), url.Values{"version": {"1"}, "phase": {"P2"}}), http.StatusForbidden)
}

func TestSecretsStandOnNoPageThatDoesNotShowThemOnPurpose(t *testing.T) {
	s := newSite(t)
	var sealed, cpr []byte
	s.Scan(t, []any{&sealed}, `SELECT ciphertext FROM app.protected_fact WHERE id = $1`, s.fact)
	s.Scan(t, []any{&cpr}, `SELECT cpr_enc FROM app.person WHERE id = $1`, s.c.CitizenID)
	for name, p := range s.pages() {
		body := s.Get(t, s.Mette, s.path(p)).Body
		for _, x := range []string{secret, "Havnegade", number, "1404104321", string(sealed[:12]), string(cpr[:12])} {
			if strings.Contains(body, x) {
				t.Errorf("%s holds a secret", name)
			}
		}
		if title := body[strings.Index(body, "<title>"):strings.Index(body, "</title>")]; strings.Contains(title, "Amira") || strings.Contains(title, "Sami") || strings.Contains(title, "Nadja") {
			t.Errorf("the tab of %s names a person: %s", name, title)
		}
	}
}

func TestNumberIsShownForAMomentAndLogged(t *testing.T) {
	s := newSite(t)
	form := url.Values{"person": {s.c.CitizenID.String()}}
	lines := func() int {
		return s.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'cpr.reveal'`, s.c.ID)
	}
	a := s.Post(t, s.Mette, s.path("/cpr"), form)
	want(t, "reveal", a, http.StatusOK, number, "logget")
	if a.Header.Get("Refresh") != "30; url="+s.path("") || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("the page stays: %v", a.Header)
	}
	if lines() != 1 {
		t.Errorf("%d lines in the trail", lines())
	}
	want(t, "as lead", s.Post(t, s.Jonas, s.path("/cpr"), form), http.StatusOK, number)
	for who, status := range map[*actor.Actor]int{&s.Sara: http.StatusForbidden, &s.Huseyin: http.StatusNotFound, &s.Dennis: http.StatusNotFound} {
		a := s.Post(t, *who, s.path("/cpr"), form)
		if a.Status != status || strings.Contains(a.Body, number) {
			t.Errorf("as %s: %d", who.Name, a.Status)
		}
	}
	if lines() != 2 {
		t.Errorf("%d lines in the trail, want 2", lines())
	}
}

func TestProtectedFactIsAddedShownAndRetired(t *testing.T) {
	s := newSite(t)
	show := s.path("/fakta/" + s.fact.String() + "/vis")
	want(t, "without a purpose", s.Post(t, s.Mette, show, nil), http.StatusUnprocessableEntity, "Vælg, hvad du skal bruge oplysningen til")
	a := s.Post(t, s.Mette, show, url.Values{"purpose": {"contact.visit"}, "reason": {"Aftalt med borgeren i telefonen"}})
	want(t, "shown", a, http.StatusOK, secret, "30 sekunder")
	if a.Header.Get("Refresh") == "" {
		t.Error("the fact stays on the screen")
	}
	want(t, "as consulted", s.Post(t, s.Sara, show, url.Values{"purpose": {"contact.visit"}, "reason": {"x"}}), http.StatusNotFound)
	if n := s.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'fact.reveal'`, s.c.ID); n != 1 {
		t.Errorf("%d lines in the trail, want 1", n)
	}
	want(t, "an empty fact", s.Post(t, s.Mette, s.path("/fakta/ny"), url.Values{"person": {s.c.CitizenID.String()}, "kind": {"school"}}), http.StatusUnprocessableEntity, "Skriv den oplysning")
	a = s.Post(t, s.Mette, s.path("/fakta/ny"), url.Values{"person": {s.person.String()}, "kind": {"phone"}, "text": {"00 99 88 77"}})
	want(t, "added", a, http.StatusSeeOther)
	if body := s.Get(t, s.Mette, s.path("/netvaerk")).Body; strings.Contains(body, "00 99 88 77") || !strings.Contains(body, "Telefonnummer") {
		t.Error("the new fact is not listed by its kind alone")
	}
	want(t, "retired by the lead", s.Post(t, s.Jonas, s.path("/fakta/"+s.fact.String()+"/udgaar"), nil), http.StatusForbidden)
	want(t, "retired", s.Post(t, s.Mette, s.path("/fakta/"+s.fact.String()+"/udgaar"), nil), http.StatusSeeOther)
	want(t, "shown after that", s.Post(t, s.Mette, show, url.Values{"purpose": {"contact.visit"}, "reason": {"x"}}), http.StatusNotFound)
}

func TestPartnerIsDrawnInOverThreeSteps(t *testing.T) {
	s := newSite(t)
	p := s.Partner(t, "school", "Åskolen", "Anders Møller")
	want(t, "search", s.Get(t, s.Mette, s.path("/netvaerk/ny?q=aaskolen&type=school&fra=from_plan")), http.StatusOK, "Anders Møller", "kontakt="+p.ID.String(), "fra=from_plan")
	if body := s.Get(t, s.Mette, s.path("/netvaerk/ny?q=politi")).Body; strings.Contains(body, "Anders Møller") {
		t.Error("the filter lets everybody through")
	}
	form := url.Values{"organisation": {p.OrganisationID.String()}, "contact": {p.ID.String()}, "origin": {"from_plan"}, "answer": {"asked"}}
	want(t, "no part", s.Post(t, s.Mette, s.path("/netvaerk/ny"), form), http.StatusUnprocessableEntity, "Skriv, hvilken opgave partneren har ansvar for", "Vælg en hjemmel")
	form.Set("responsible_for", "Udtalelse om fravær")
	form.Set("legal_basis", "SSD_VERIFY")
	want(t, "check", s.Post(t, s.Mette, s.path("/netvaerk/ny"), form), http.StatusOK, "Tjek dine svar", "Udtalelse om fravær", "Hjemlen er ikke endeligt bekræftet")
	if n := s.Count(t, `SELECT count(*) FROM app.involvement WHERE contact_id = $1`, p.ID); n != 0 {
		t.Error("drawn in before it was confirmed")
	}
	form.Set("change", "1")
	want(t, "back", s.Post(t, s.Mette, s.path("/netvaerk/ny"), form), http.StatusOK, "Udtalelse om fravær")
	form.Del("change")
	form.Set("legal_basis", "NONE")
	want(t, "without a basis", s.Post(t, s.Mette, s.path("/netvaerk/ny"), form), http.StatusOK, "Kun uden personoplysninger")
	form.Set("confirmed", "1")
	form.Set("answer", "yes")
	want(t, "done", s.Post(t, s.Mette, s.path("/netvaerk/ny"), form), http.StatusSeeOther)
	if n := s.Count(t, `SELECT count(*) FROM app.involvement WHERE contact_id = $1 AND status = 'accepted' AND legal_basis = '' AND origin = 'from_plan' AND responsible_for = 'Udtalelse om fravær'`, p.ID); n != 1 {
		t.Error("the partner is not in as it was said")
	}
	want(t, "twice", s.Post(t, s.Mette, s.path("/netvaerk/ny"), form), http.StatusUnprocessableEntity, "allerede med i sagen")
	nobody := url.Values{"organisation": {p.OrganisationID.String()}, "origin": {"ad_hoc"}, "answer": {"asked"}, "responsible_for": {"Skolegang"}, "legal_basis": {"OTHER"}, "other_basis": {"VITAL_INTEREST"}, "confirmed": {"1"}}
	want(t, "organisation only", s.Post(t, s.Mette, s.path("/netvaerk/ny"), nobody), http.StatusSeeOther)
	want(t, "the table", s.Get(t, s.Mette, s.path("/netvaerk")), http.StatusOK, "Udtalelse om fravær", "Skolegang", "Fare for liv eller helbred", "Ingen hjemmel noteret", "Med i sagen")
	for who, status := range map[*actor.Actor]int{&s.Sara: http.StatusForbidden, &s.Jonas: http.StatusForbidden, &s.Huseyin: http.StatusNotFound, &s.Dennis: http.StatusNotFound} {
		want(t, "draw in as "+who.Name, s.Post(t, *who, s.path("/netvaerk/ny"), nobody), status)
	}
}

func TestPartnerAnswersAndIsDoneOnThePage(t *testing.T) {
	s := newSite(t)
	at := s.path("/netvaerk/" + s.part.String())
	want(t, "no without a reason", s.Post(t, s.Mette, at+"/nej", url.Values{"version": {"1"}}), http.StatusUnprocessableEntity, "Skriv hvorfor")
	for who, status := range map[*actor.Actor]int{&s.Sara: http.StatusForbidden, &s.Jonas: http.StatusForbidden, &s.Huseyin: http.StatusNotFound, &s.Dennis: http.StatusNotFound} {
		for _, action := range []string{"", "/ja", "/nej", "/slut"} {
			form := url.Values{"version": {"1"}, "refusal": {"x"}, "ending": {"x"}, "responsible_for": {"x"}}
			want(t, action+" as "+who.Name, s.Post(t, *who, at+action, form), status)
		}
	}
	want(t, "yes", s.Post(t, s.Mette, at+"/ja", url.Values{"version": {"1"}}), http.StatusSeeOther)
	a := s.Post(t, s.Mette, at, url.Values{"version": {"1"}, "responsible_for": {"Min udgave"}, "legal_basis": {"CONSENT"}, "contact": {s.partner.ID.String()}})
	want(t, "change after somebody else", a, http.StatusConflict, "En anden gemte først", "Min udgave", "Sikkerhedsplan")
	want(t, "change", s.Post(t, s.Mette, at, url.Values{"version": {"2"}, "responsible_for": {"Kun planen"}, "legal_basis": {"CONSENT"}}), http.StatusSeeOther)
	want(t, "end", s.Post(t, s.Mette, at+"/slut", url.Values{"version": {"3"}, "ending": {"Planen er klar"}}), http.StatusSeeOther)
	want(t, "the table", s.Get(t, s.Mette, s.path("/netvaerk")), http.StatusOK, "1 tidligere", "Planen er klar")
}

func TestTwoWhoChangeTheSameLoseNothing(t *testing.T) {
	s := newSite(t)
	profile := url.Values{"version": {"1"}, "situation": {"Metes udgave"}, "phase": {"P2"}, "control_types": {"surveillance"}}
	want(t, "first", s.Post(t, s.Mette, s.path("/ret"), profile), http.StatusSeeOther)
	profile.Set("situation", "Den anden udgave")
	a := s.Post(t, s.Mette, s.path("/ret"), profile)
	want(t, "second", a, http.StatusConflict, "Metes udgave", "Den anden udgave", `name="version" value="2"`, "Gemt nu", "Din udgave")
	if n := s.Count(t, `SELECT count(*) FROM app.case_profile WHERE case_id = $1 AND situation = 'Metes udgave'`, s.c.ID); n != 1 {
		t.Error("the slower one wrote over the faster")
	}
	profile.Set("version", "2")
	want(t, "second again", s.Post(t, s.Mette, s.path("/ret"), profile), http.StatusSeeOther)

	for name, c := range map[string]struct {
		path string
		form url.Values
		word string
	}{
		"safe contact": {"/sikker-kontakt", url.Values{"version": {"1"}, "policy": {"via_partner"}, "never": {"Skriv aldrig"}}, "Skriv aldrig"},
		"citizen":      {"/borger", url.Values{"version": {"2"}, "calling_name": {"Amy"}, "name": {"Amira Noura"}}, "Amira Noura"},
		"person":       {"/netvaerk/person/" + s.person.String(), url.Values{"version": {"1"}, "relation": {"bror"}, "name": {"Sami S"}, "conflict_role": {"pressures"}, "may_know": {"no"}}, "Sami S"},
		"level":        {"/niveau", url.Values{"version": {"1"}, "level": {"orange"}, "reason": {"Trusler"}}, "Trusler"},
	} {
		want(t, name+", first", s.Post(t, s.Mette, s.path(c.path), c.form), http.StatusSeeOther)
		want(t, name+", second", s.Post(t, s.Mette, s.path(c.path), c.form), http.StatusConflict, "En anden gemte først", c.word)
	}
}

func TestRefusedFormsKeepWhatWasTyped(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		path  string
		form  url.Values
		words []string
	}{
		"profile": {"/ret", url.Values{"version": {"1"}, "situation": {"Hun er bange"}, "name_address_until": {"31.2.2027"}, "phase": {"P2"}}, []string{"Hun er bange", "31.2.2027", "Skriv en dato"}},
		"contact": {"/sikker-kontakt", url.Values{"version": {"1"}, "policy": {"via_partner"}, "hours": {"Hverdage 9–14"}}, []string{"Hverdage 9–14", "Skriv, hvordan borgeren kan nås"}},
		"person":  {"/netvaerk/person/ny", url.Values{"name": {"جميلة"}, "born": {"1.1.2199"}, "conflict_role": {"x"}, "may_know": {"no"}, "cpr": {"12"}}, []string{"جميلة", "1.1.2199", "Skriv CPR-nummeret med 10 cifre", "Vælg en af mulighederne", "hvad personen er for borgeren"}},
		"citizen": {"/borger", url.Values{"version": {"2"}, "name": {"Amira 🌻"}}, []string{"Amira 🌻", "hvad borgeren skal kaldes"}},
		"level":   {"/niveau", url.Values{"version": {"1"}, "level": {"yellow"}}, []string{"Skriv, hvorfor du vælger niveauet"}},
	} {
		a := s.Post(t, s.Mette, s.path(c.path), c.form)
		want(t, name, a, http.StatusUnprocessableEntity, append(c.words, "<title>Fejl: ")...)
	}
}

func TestLevelIsLoweredOnlyOnAPurpose(t *testing.T) {
	s := newSite(t)
	form := url.Values{"version": {"1"}, "level": {"red"}, "reason": {"Afrejse på fredag"}}
	want(t, "red", s.Post(t, s.Mette, s.path("/niveau"), form), http.StatusSeeOther)
	form = url.Values{"version": {"2"}, "level": {"green"}, "reason": {"Rejsen er aflyst"}}
	want(t, "lower", s.Post(t, s.Mette, s.path("/niveau"), form), http.StatusUnprocessableEntity, "Bekræft, at niveauet skal sættes ned", "Rejsen er aflyst")
	form.Set("lower", "1")
	want(t, "lower, said", s.Post(t, s.Mette, s.path("/niveau"), form), http.StatusSeeOther)
	want(t, "history", s.Get(t, s.Sara, s.path("/niveau")), http.StatusOK, "Afrejse på fredag", "Rejsen er aflyst", "fra Rød")
}

func TestEveryRuleHasItsWordsInBothLanguages(t *testing.T) {
	_ = newSite(t) // loads the texts
	for _, lang := range i18n.Languages {
		ctx := i18n.With(context.Background(), lang)
		for _, rule := range missing.Rules() {
			for _, key := range []string{"missing." + rule, "missing." + rule + ".why", "missing." + rule + ".action"} {
				if !i18n.Has(ctx, key) && !i18n.Has(ctx, key+".one") {
					t.Errorf("%s: no text %s", lang, key)
				}
			}
		}
	}
}

func TestPageOfACaseCostsTwoRoundTrips(t *testing.T) {
	var turns testkit.Turns
	s := over(t, testkit.NewOfficeTuned(t, turns.Tune))
	for name, p := range s.pages() {
		for range 2 { // statements are prepared at the first visit
			s.Get(t, s.Mette, s.path(p))
		}
		if got := turns.Of(func() { s.Get(t, s.Mette, s.path(p)) }); got != 2 {
			t.Errorf("%s: %d round trips", name, got)
		}
	}
}
