package caselistpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

func TestASearchedWordNeverReachesAnAddress(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	p := s.Partner(t, "police", "Østjyllands Politi", "Amira Politi")
	a := s.Post(t, s.Mette, link.Search, url.Values{"q": {"Amira"}})
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location(), link.Search+"/") || strings.Contains(strings.ToLower(a.Location()), "amira") {
		t.Fatalf("%d %s", a.Status, a.Location())
	}
	found := s.Get(t, s.Mette, a.Location())
	for _, want := range []string{link.Case(c.Ref), "Amira Saleh", "Fundet på navn", "Amira Politi", link.Contact(p.ID), `value="Amira"`} {
		if !strings.Contains(found.Body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(found.Body[:strings.Index(found.Body, "</title>")], "Amira") {
		t.Error("the title names somebody")
	}
	for name, who := range s.People() {
		if who.UserID == s.Mette.UserID {
			continue
		}
		if other := s.Get(t, who, a.Location()); strings.Contains(other.Body, "Amira") {
			t.Errorf("%s sees Mette's search", name)
		}
	}
	s.Exec(t, `UPDATE app.search_token SET at = now() - interval '11 minutes'`)
	if old := s.Get(t, s.Mette, a.Location()); strings.Contains(old.Body, "Amira") || !strings.Contains(old.Body, "er slettet") {
		t.Error("a search of eleven minutes ago is still there")
	}
}

func TestTheNumberOfACaseLeadsStraightToIt(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1, s.Dennis)
	if a := s.Post(t, s.Mette, link.Search, url.Values{"q": {" " + c.Number}}); a.Location() != link.Case(c.Ref) {
		t.Errorf("the responsible comes to %s", a.Location())
	}
	for _, who := range []actor.Actor{s.Dennis, s.Huseyin, s.Sara} {
		known, unknown := s.Post(t, who, link.Search, url.Values{"q": {c.Number}}), s.Post(t, who, link.Search, url.Values{"q": {"2019-0001"}})
		if known.Status != http.StatusSeeOther || !strings.HasPrefix(known.Location(), link.Search+"/") {
			t.Errorf("%s: %d %s", who.Name, known.Status, known.Location())
		}
		a, b := s.Get(t, who, known.Location()).Body, s.Get(t, who, unknown.Location()).Body
		if strings.ReplaceAll(strings.ReplaceAll(a, c.Number, "2019-0001"), known.Location(), unknown.Location()) != b {
			t.Errorf("%s can tell a hidden case from none", who.Name)
		}
	}
}

func TestASearchForNothingIsRefusedAndKept(t *testing.T) {
	s := webtest.New(t)
	for word, text := range map[string]string{"": "Skriv et sagsnummer, et navn eller et CPR-nummer", "x": "Skriv mindst 2 bogstaver", strings.Repeat("å", 500): "Højst 200 tegn; der står 500"} {
		a := s.Post(t, s.Mette, link.Search, url.Values{"q": {word}})
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, text) || !strings.Contains(a.Body, `value="`+word+`"`) || !strings.Contains(a.Body, "<title>Fejl: ") {
			t.Errorf("%.5q: %d", word, a.Status)
		}
	}
	for _, who := range []actor.Actor{s.Lone, s.Karen} {
		if a := s.Post(t, who, link.Search, url.Values{"q": {"Amira"}}); a.Status != http.StatusNotFound {
			t.Errorf("%s searches cases: %d", who.Name, a.Status)
		}
	}
}
