// Package webtest runs the whole site for a test: the real router, the real sessions, a real database.
package webtest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/signin"
	"samspil/internal/testkit"
	"samspil/web"
)

// Site is the running site of an office.
type Site struct {
	*testkit.Office
	URL string
	srv *httptest.Server
}

// New starts the site over an office of its own.
func New(t testing.TB) *Site { return Over(t, testkit.NewOffice(t)) }

// Over starts the site over an office.
func Over(t testing.TB, o *testkit.Office) *Site {
	t.Helper()
	desk, err := signin.NewDesk(context.Background(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(web.New(web.Site{DB: o.DB, Desk: desk, Keys: o.Keys}))
	t.Cleanup(func() { srv.Close(); desk.Close() })
	return &Site{o, srv.URL, srv}
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   string
	Header http.Header
}

// Location is where a redirect leads.
func (a Answer) Location() string { return a.Header.Get("Location") }

// Get asks for a page as who; the zero actor is not signed in. Redirects are not followed.
func (s *Site) Get(t testing.TB, who actor.Actor, path string) Answer {
	t.Helper()
	return s.do(t, who, http.MethodGet, path, nil)
}

// Post sends a form as who, the way a browser on the same site does.
func (s *Site) Post(t testing.TB, who actor.Actor, path string, form url.Values) Answer {
	t.Helper()
	return s.do(t, who, http.MethodPost, path, form)
}

// PostWith is [Site.Post] from a browser that has more cookies.
func (s *Site) PostWith(t testing.TB, who actor.Actor, path string, form url.Values, cookies ...*http.Cookie) Answer {
	t.Helper()
	return s.do(t, who, http.MethodPost, path, form, cookies...)
}

func (s *Site) do(t testing.TB, who actor.Actor, method, path string, form url.Values, cookies ...*http.Cookie) Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if who.Token != "" {
		r.AddCookie(&http.Cookie{Name: "sid", Value: who.Token})
	}
	if who.Lang != "" {
		r.AddCookie(&http.Cookie{Name: "lang", Value: who.Lang})
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{resp.StatusCode, string(body), resp.Header}
}
