package signinpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

func credentials(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

// cookie returns the value that an answer sets for a cookie.
func cookie(a webtest.Answer, name string) string {
	for _, line := range a.Header.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestCaseworkerSignsInAndOpensTheDay(t *testing.T) {
	s := webtest.New(t)
	nobody := actor.Actor{}
	if a := s.Get(t, nobody, "/"); a.Status != http.StatusSeeOther || a.Location() != "/log-ind" {
		t.Fatalf("without a session: %d to %q", a.Status, a.Location())
	}
	a := s.Post(t, nobody, "/log-ind", credentials("Mette@ellehoej.test ", testkit.Password))
	token := cookie(a, "sid")
	if a.Status != http.StatusSeeOther || token == "" {
		t.Fatalf("sign-in: %d, token %q\n%s", a.Status, token, a.Body)
	}
	if a.Location() != "/min-dag" {
		t.Errorf("sign-in leads to %q", a.Location())
	}
	if a := s.Get(t, actor.Actor{Token: token}, "/"); a.Location() != "/min-dag" {
		t.Errorf("after sign-in / leads to %q", a.Location())
	}
	for name, start := range map[string]string{"jonas": "/overblik", "lone": "/admin", "karen": "/log", "sara": "/min-dag"} {
		if a := s.Post(t, nobody, "/log-ind", credentials(name+"@ellehoej.test", testkit.Password)); a.Location() != start {
			t.Errorf("%s opens the day on %q, want %q", name, a.Location(), start)
		}
	}
	if a := s.Post(t, actor.Actor{Token: token}, "/log-ud", nil); a.Status != http.StatusSeeOther || !strings.Contains(a.Header.Get("Clear-Site-Data"), "cache") {
		t.Errorf("sign-out: %d, Clear-Site-Data %q", a.Status, a.Header.Get("Clear-Site-Data"))
	}
	if a := s.Get(t, actor.Actor{Token: token}, "/profil"); a.Status != http.StatusSeeOther {
		t.Errorf("the token still works after sign-out: %d", a.Status)
	}
}

func TestSignInIsRefusedInWordsThatDoNotSayWhichWasWrong(t *testing.T) {
	s := webtest.New(t)
	for name, form := range map[string]url.Values{
		"unknown address": credentials("nobody@ellehoej.test", testkit.Password),
		"wrong password":  credentials("mette@ellehoej.test", "guess"),
	} {
		a := s.Post(t, actor.Actor{}, "/log-ind", form)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "passer ikke sammen") || !strings.Contains(a.Body, form.Get("email")) || cookie(a, "sid") != "" {
			t.Errorf("%s: %d\n%s", name, a.Status, a.Body)
		}
		if strings.Contains(a.Body, "guess") {
			t.Errorf("%s: the page repeats the password", name)
		}
	}
	a := s.Post(t, actor.Actor{}, "/log-ind", credentials("", ""))
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Skriv din e-mail") || !strings.Contains(a.Body, "Skriv din adgangskode") {
		t.Errorf("empty form: %d\n%s", a.Status, a.Body)
	}
}

func TestGuessingIsSlowedDownButTheOwnersOwnMachineIsNot(t *testing.T) {
	s := webtest.New(t)
	first := s.Post(t, actor.Actor{}, "/log-ind", credentials("mette@ellehoej.test", testkit.Password))
	device := cookie(first, "device")
	for range 6 {
		s.Post(t, actor.Actor{}, "/log-ind", credentials("mette@ellehoej.test", "guess"))
	}
	if a := s.Post(t, actor.Actor{}, "/log-ind", credentials("mette@ellehoej.test", testkit.Password)); a.Status != http.StatusTooManyRequests {
		t.Errorf("a seventh guess from elsewhere: %d, want 429", a.Status)
	}
	if a := s.PostWith(t, actor.Actor{}, "/log-ind", credentials("mette@ellehoej.test", testkit.Password), &http.Cookie{Name: "device", Value: device}); a.Status != http.StatusSeeOther {
		t.Errorf("Mette at her own machine: %d, want in", a.Status)
	}
	if a := s.Post(t, actor.Actor{}, "/log-ind", credentials("dennis@ellehoej.test", testkit.Password)); a.Status != http.StatusSeeOther {
		t.Errorf("a colleague in the same town hall: %d, want in", a.Status)
	}
}

func TestScreenIsLockedAndOpenedByItsOwner(t *testing.T) {
	s := webtest.New(t)
	if a := s.Post(t, s.Mette, "/laas", nil); a.Location() != "/laast" {
		t.Fatalf("lock: %d to %q", a.Status, a.Location())
	}
	if a := s.Get(t, s.Mette, "/profil"); a.Location() != "/laast?efter=%2Fprofil" {
		t.Errorf("a locked session shows a page: %d to %q", a.Status, a.Location())
	}
	if a := s.Get(t, s.Mette, "/laast"); !strings.Contains(a.Body, "Mette Lindhardt") {
		t.Errorf("lock screen does not say whose it is:\n%s", a.Body)
	}
	if a := s.Post(t, s.Mette, "/laast", url.Values{"password": {"guess"}}); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, "E-mail og") {
		t.Errorf("wrong password: %d\n%s", a.Status, a.Body)
	}
	if a := s.Post(t, s.Mette, "/laast", url.Values{"password": {testkit.Password}}); a.Location() != "/min-dag" {
		t.Errorf("unlock: %d to %q", a.Status, a.Location())
	}
	if a := s.Get(t, s.Mette, "/profil"); a.Status != http.StatusOK {
		t.Errorf("after unlocking: %d", a.Status)
	}
}

func TestWorkGoesOnWhereTheScreenWasLocked(t *testing.T) {
	s := webtest.New(t)
	for at, want := range map[string]string{
		"/sager/ny": "/laast?efter=%2Fsager%2Fny",
		"/sager/abc23456/netvaerk/" + s.Mette.UserID.String() + "/nej": "/laast", // only takes forms
		"//evil.example": "/laast",
	} {
		if a := s.Post(t, s.Mette, "/laas", url.Values{"return": {at}}); a.Location() != want {
			t.Errorf("locked at %s: to %q", at, a.Location())
		}
		if a := s.Get(t, s.Mette, "/laast?efter=/sager/ny"); !strings.Contains(a.Body, `name="efter" value="/sager/ny"`) {
			t.Errorf("the lock forgets the way:\n%s", a.Body)
		}
		if a := s.Post(t, s.Mette, "/laast", url.Values{"password": {"guess"}, "efter": {"/sager/ny"}}); !strings.Contains(a.Body, `name="efter" value="/sager/ny"`) {
			t.Errorf("a wrong password forgets the way:\n%s", a.Body)
		}
		if a := s.Post(t, s.Mette, "/laast", url.Values{"password": {testkit.Password}, "efter": {"/sager/ny"}}); a.Location() != "/sager/ny" {
			t.Errorf("unlocked to %q", a.Location())
		}
	}
	s.Post(t, s.Mette, "/laas", nil)
	if a := s.Post(t, s.Mette, "/laast", url.Values{"password": {testkit.Password}, "efter": {"//evil.example"}}); a.Location() != "/min-dag" {
		t.Errorf("unlocked to %q", a.Location())
	}
}

func TestNobodyIsSentToAnotherSiteAfterSignIn(t *testing.T) {
	s := webtest.New(t)
	for _, evil := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		form := credentials("mette@ellehoej.test", testkit.Password)
		form.Set("efter", evil)
		if a := s.Post(t, actor.Actor{}, "/log-ind", form); a.Location() != "/min-dag" {
			t.Errorf("efter=%q leads to %q", evil, a.Location())
		}
	}
}

func TestScreenIsSetUpOnceAndStays(t *testing.T) {
	s := webtest.New(t)
	form := url.Values{"lang": {"en"}, "theme": {"dark"}, "density": {"airy"}, "shortcuts": {"on"}}
	if a := s.Post(t, s.Mette, "/profil", form); a.Status != http.StatusSeeOther {
		t.Fatalf("save: %d\n%s", a.Status, a.Body)
	}
	a := s.Get(t, s.Mette, "/profil")
	for _, want := range []string{`lang="en"`, `data-theme="dark"`, `data-density="airy"`, `data-shortcuts`, "Your profile"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if a := s.Post(t, s.Mette, "/log-ud/alle", nil); a.Status != http.StatusSeeOther {
		t.Errorf("sign out everywhere: %d", a.Status)
	}
	if a := s.Get(t, s.Mette, "/profil"); a.Status != http.StatusSeeOther {
		t.Errorf("a session outlives sign-out everywhere: %d", a.Status)
	}
}
