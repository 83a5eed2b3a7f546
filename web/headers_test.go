package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/signin"
	"samspil/internal/testkit"
	"samspil/web"
	"samspil/web/link"
	"samspil/web/static"
	"samspil/web/webtest"
)

// Every answer that is not a file of the program itself stays out of caches, errors and redirects too, and says what
// browsers must not do with it.
func TestNothingOfACaseIsKeptByABrowser(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	for path, who := range map[string]actor.Actor{"/": {}, "/log-ind": {}, "/laast": {}, "/hjaelp": {}, "/nowhere": s.Mette, "/min-dag": s.Mette, "/sager": s.Mette, "/sager/" + c.Ref: s.Mette,
		"/sager/zzzzzzzz": s.Mette, "/sager/" + c.Ref + "/nowhere": s.Mette, "/sager/" + c.Ref + "/": s.Dennis, "/sager/%00": s.Mette, "/billeder/x": s.Mette, "/billeder/" + c.CitizenID.String() + "-s": s.Mette,
		"/log": s.Karen, "/admin": s.Lone, "/profil": s.Mette, "/soeg": s.Mette, "/healthz": {}, "/sager/" + c.Ref + "/adgang": s.Mette} {
		a := s.Get(t, who, path)
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(a.Header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s (%d): %v", path, a.Status, a.Header)
		}
	}
	if a := s.Post(t, s.Mette, "/sager/"+c.Ref+"/netvaerk/person/ny", url.Values{}); a.Status != http.StatusUnprocessableEntity || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a refused form (%d) may be kept: %q", a.Status, a.Header.Get("Cache-Control"))
	}
}

// Where people work, the session's cookie is for this host and TLS only, no script reads it, and no other site sends it.
func TestTheSessionsCookie(t *testing.T) {
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(context.Background(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	site := web.New(web.Site{DB: o.DB, Desk: desk, Keys: o.Keys, Secure: true})
	form := url.Values{"email": {"mette@ellehoej.test"}, "password": {testkit.Password}}
	r := httptest.NewRequest(http.MethodPost, "/log-ind", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	fixed := strings.Repeat("x", 43)
	r.AddCookie(&http.Cookie{Name: "__Host-sid", Value: fixed}) // somebody else chose it
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	got := map[string]*http.Cookie{}
	for _, c := range w.Result().Cookies() {
		got[c.Name] = c
	}
	for _, name := range []string{"__Host-sid", "__Host-device"} {
		c := got[name]
		if c == nil || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: %v", name, c)
		}
	}
	if c := got["__Host-sid"]; c != nil && (c.Value == fixed || c.MaxAge != 0 || !c.Expires.IsZero()) {
		t.Errorf("the session: %v", c)
	}
	if n := o.Count(t, `SELECT count(*) FROM auth.session WHERE token_hash = sha256(convert_to($1, 'UTF8'))`, fixed); n != 0 {
		t.Error("a token that somebody else chose was opened")
	}
}

// A session that waits for its password reads nothing and writes nothing.
func TestALockedSessionReachesNothing(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	if a := s.Post(t, s.Mette, "/laas", nil); a.Location() != "/laast" {
		t.Fatalf("lock: %d %q", a.Status, a.Location())
	}
	for _, path := range []string{"/min-dag", "/sager", "/sager/" + c.Ref, "/billeder/" + c.CitizenID.String() + "-s", "/partnere", "/profil", "/session/lever", "/soeg", "/beskeder"} {
		if a := s.Get(t, s.Mette, path); a.Status != http.StatusSeeOther || strings.Contains(a.Body, "Amira") {
			t.Errorf("%s answers %d", path, a.Status)
		}
	}
	for _, path := range []string{"/session/forny", "/profil", "/sager/" + c.Ref + "/luk", "/sager/" + c.Ref + "/cpr", "/soeg", "/log-ud/alle"} {
		if a := s.Post(t, s.Mette, path, url.Values{"q": {"Amira"}}); a.Status != http.StatusSeeOther || a.Location() != "/laast" {
			t.Errorf("posting to %s answers %d, %q", path, a.Status, a.Location())
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM audit.event WHERE action IN ('case.open','search')`); n != 0 {
		t.Errorf("%d openings and searches by a locked session", n)
	}
	for _, password := range []string{"", "guess", testkit.Password + " "} {
		if a := s.Post(t, s.Mette, "/laast", url.Values{"password": {password}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("unlocking with %q: %d", password, a.Status)
		}
	}
	if a := s.Get(t, s.Mette, "/min-dag"); !strings.HasPrefix(a.Location(), "/laast") {
		t.Errorf("a wrong password unlocks: %d %q", a.Status, a.Location())
	}
}

// Every answer, also an error, tells the browser what this site never does.
func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	h := newHall(t)
	never := []string{"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}
	check := func(name string, a webtest.Answer) {
		t.Helper()
		for header, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Cross-Origin-Embedder-Policy": "require-corp", "X-Robots-Tag": "noindex, nofollow",
		} {
			if a.Header.Get(header) != value {
				t.Errorf("%s: %s is %q", name, header, a.Header.Get(header))
			}
		}
		csp := a.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: the policy lacks %s", name, part)
			}
		}
		for _, bad := range never {
			if strings.Contains(csp, bad) {
				t.Errorf("%s: the policy allows %s", name, bad)
			}
		}
		if !strings.Contains(a.Header.Get("Strict-Transport-Security"), "max-age=63072000") || a.Header.Get("Permissions-Policy") == "" {
			t.Errorf("%s: transport or permissions", name)
		}
		if a.Header.Get("Server") != "" || a.Header.Get("X-Powered-By") != "" {
			t.Errorf("%s tells what it runs on", name)
		}
	}
	for _, r := range allRoutes(t) {
		for _, role := range []string{"nobody", "admin", "responsible"} {
			h.restore(t)
			name := r.String() + " as " + role
			a := h.ask(t, h.people[role], r.method, h.path(t, r, h.ref), h.forms[r.pattern], nil)
			check(name, a)
			file := strings.HasPrefix(r.pattern, static.Prefix) || strings.HasPrefix(r.pattern, "/billeder/") && a.Status == http.StatusOK
			if cache := a.Header.Get("Cache-Control"); !file && cache != "no-store" || file && !strings.Contains(cache, "max-age") {
				t.Errorf("%s: Cache-Control %q", name, cache)
			}
			for _, c := range (&http.Response{Header: a.Header}).Cookies() {
				if c.SameSite == http.SameSiteDefaultMode && c.MaxAge >= 0 || c.Name == "sid" && !c.HttpOnly {
					t.Errorf("%s: cookie %s: %+v", name, c.Name, c)
				}
			}
		}
	}
	check("no such page", h.Get(t, h.Mette, "/findes-ikke"))
	check("another method", h.ask(t, h.Mette, http.MethodDelete, link.Cases, nil, nil))
	check("a large form", h.Post(t, h.Mette, link.Search, url.Values{"q": {strings.Repeat("x", 2<<20)}}))
}

// Whoever runs the site is told that nobody waits for its alarms, in a word that says nothing about the inside.
func TestTheSiteIsNotReadyWithoutItsBackgroundWork(t *testing.T) {
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(context.Background(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	for _, works := range []bool{true, false} {
		site := web.New(web.Site{DB: o.DB, Desk: desk, Keys: o.Keys, Working: func(context.Context) bool { return works }})
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		want, words := http.StatusOK, "ok\n"
		if !works {
			want, words = http.StatusServiceUnavailable, "background work does not run\n"
		}
		if w.Code != want || w.Body.String() != words {
			t.Errorf("working %v: %d %q", works, w.Code, w.Body)
		}
	}
}
