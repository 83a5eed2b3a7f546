package sharingpages_test

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

// secret is a protected address as it was written down; disguised is how somebody writes it in a letter.
const (
	secret    = "Skovtroldevej 12 B, 2. tv."
	disguised = "SKOVTROLDEVEJ nr. 12"
)

type site struct {
	*webtest.Site
	c    testkit.CaseFile
	path string
	to   string
}

func newSite(t *testing.T) site {
	t.Helper()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Grant(t, c, s.Dennis, "coworker")
	s.Grant(t, c, s.Sara, "consulted")
	p := s.Partner(t, "police_district", "Politiet", "Rikke Holm")
	x := site{s, c, link.Sharing(c.Ref), p.OrganisationID.String() + "." + p.ID.String()}
	x.protect(t, "address", secret)
	return x
}

func (s site) protect(t *testing.T, kind, text string) webtest.Answer {
	t.Helper()
	a := s.Post(t, s.Mette, link.Case(s.c.Ref)+"/fakta/ny", url.Values{"person": {s.c.CitizenID.String()}, "kind": {kind}, "text": {text}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("protecting answers %d", a.Status)
	}
	return a
}

func (s site) letter(text string, more ...string) url.Values {
	form := url.Values{"key": {uuid.NewString()}, "direction": {"out"}, "to": {s.to}, "what": {"Beskyttelsesbehov"}, "text": {text}, "legal_basis": {"VITAL_INTEREST"},
		"purpose": {"Politiet vurderer truslen"}, "consent": {"not_asked"}, "happened_on": {"i dag"}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("answers %d, not %d", a.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("%q is not on the page", w)
		}
	}
}

func TestALetterWithAProtectedAddressIsStoppedAndReleasedByAnother(t *testing.T) {
	s := newSite(t)
	a := s.Post(t, s.Mette, s.path+"/ny", s.letter("Vi har talt. Hun bor på "+disguised+" nu."))
	has(t, a, http.StatusUnprocessableEntity, "Intet er delt", "Hun bor på <b>"+disguised+"</b> nu.", "Borgerens adresse", "Dennis Kjær", "Jonas Brandt-Holm", `name="ask"`, "Vi har talt. Hun bor på "+disguised)
	if strings.Contains(a.Body, secret) {
		t.Error("the page tells the fact as it is protected")
	}
	for _, nobody := range []string{"Sara El-Khatib", "Mette Lindhardt</"} { // may not read the facts; has written it
		if strings.Contains(a.Body[strings.Index(a.Body, `id="frigiv"`):], nobody) {
			t.Errorf("%s could release it", nobody)
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Fatalf("%d sharings", n)
	}
	has(t, s.Post(t, s.Mette, s.path+"/ny", s.letter(disguised, "ask", "1")), http.StatusUnprocessableEntity, "Vælg, hvem du beder", "Skriv, hvorfor oplysningen skal med")
	a = s.Post(t, s.Mette, s.path+"/ny", s.letter("Hun bor på "+disguised+".", "ask", "1", "asked", s.Dennis.UserID.String(), "ask_reason", "De skal køre derhen"))
	has(t, a, http.StatusSeeOther)
	one := a.Location()
	has(t, s.Get(t, s.Dennis, link.Notices), http.StatusOK, "Du er bedt om at frigive en deling", s.path)
	has(t, s.Get(t, s.Mette, one), http.StatusOK, "Venter på Dennis Kjær", "Hold tilbage")
	if strings.Contains(s.Get(t, s.Mette, one).Body, `value="release"`) {
		t.Error("the writer is offered to release")
	}
	a = s.Get(t, s.Sara, one)
	has(t, a, http.StatusOK, "har du ikke adgang til")
	if strings.Contains(a.Body, disguised) {
		t.Error("who is asked for advice reads the protected address")
	}
	has(t, s.Post(t, s.Mette, one+"/svar", url.Values{"outcome": {"release"}, "reason": {"Det haster"}, "seen": {"1"}}), http.StatusUnprocessableEntity, "En anden skal frigive det")
	has(t, s.Get(t, s.Dennis, one), http.StatusOK, "Hun bor på <b>"+disguised+"</b>.", `value="release"`)
	has(t, s.Post(t, s.Dennis, one+"/svar", url.Values{"outcome": {"release"}, "seen": {"1"}}), http.StatusUnprocessableEntity, "Skriv hvorfor")
	has(t, s.Post(t, s.Dennis, one+"/svar", url.Values{"outcome": {"release"}, "reason": {"Politiet skal kende stedet"}, "seen": {"1"}}), http.StatusSeeOther)
	has(t, s.Post(t, s.Jonas, one+"/svar", url.Values{"outcome": {"keep_back"}, "reason": {"Nej"}, "seen": {"1"}}), http.StatusConflict, "Der er sket noget imens")
	has(t, s.Get(t, s.Mette, one), http.StatusOK, "Frigivet", "Politiet skal kende stedet")
	has(t, s.Get(t, s.Mette, link.Journal(s.c.Ref)), http.StatusOK, "Frigav en deling med")
}

func TestTheRegisterShowsWhatIsSureAndWhatIsNot(t *testing.T) {
	s := newSite(t)
	has(t, s.Get(t, s.Mette, s.path), http.StatusOK, "Intet er noteret endnu")
	a := s.Post(t, s.Mette, s.path+"/ny", s.letter("Kort besked", "legal_basis", "ABUSE_PREVENTION_VERIFY"))
	has(t, a, http.StatusSeeOther)
	has(t, s.Get(t, s.Mette, a.Location()), http.StatusOK, "Kort besked", "Ikke endeligt bekræftet", "Ret ved at tilføje")
	has(t, s.Get(t, s.Mette, s.path), http.StatusOK, "Beskyttelsesbehov", "Ikke endeligt bekræftet", "Til Rikke Holm, Politiet")
	refusal := url.Values{"key": {uuid.NewString()}, "direction": {"refused"}, "to": {s.to}, "what": {"Journalen"}, "happened_on": {"i dag"}}
	has(t, s.Post(t, s.Mette, s.path+"/ny", refusal), http.StatusUnprocessableEntity, "Skriv, hvorfor det blev afslået")
	refusal.Set("reason", "Til efterforskning")
	has(t, s.Post(t, s.Mette, s.path+"/ny", refusal), http.StatusSeeOther)
	has(t, s.Get(t, s.Mette, s.path+"/ny?retning=ud&retter="+a.Location()[len(s.path)+1:]), http.StatusOK, "Kort besked", `name="corrects"`)
	has(t, s.Get(t, s.Mette, s.path+"/ny?retter="+uuid.NewString()), http.StatusNotFound)
	has(t, s.Get(t, s.Sara, s.path), http.StatusOK, "Journalen")
	if strings.Contains(s.Get(t, s.Sara, s.path).Body, "Del oplysninger") {
		t.Error("who is asked for advice is offered to share")
	}
	has(t, s.Get(t, s.Sara, s.path+"/ny"), http.StatusNotFound)
}

func TestAFactThatIsOutAlreadyIsShownAtOnce(t *testing.T) {
	s := newSite(t)
	has(t, s.Post(t, s.Mette, s.path+"/ny", s.letter("Hun går på Prøvebakkens Skole.")), http.StatusSeeOther)
	if to := s.protect(t, "school", "Nissebakkens Skole").Location(); to == s.path {
		t.Error("another school leads to the register")
	}
	if to := s.protect(t, "school", "Prøvebakkens Skole").Location(); to != s.path {
		t.Errorf("leads to %s", to)
	}
	has(t, s.Get(t, s.Mette, s.path), http.StatusOK, "en oplysning, som er blevet beskyttet siden")
	has(t, s.Get(t, s.Mette, link.Case(s.c.Ref)), http.StatusOK, "Beskyttet oplysning er allerede delt")
}
