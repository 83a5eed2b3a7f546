package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// A form that another site makes the browser send does nothing, whoever is signed in.
func TestForeignFormsDoNothing(t *testing.T) {
	h := newHall(t)
	tries := map[string]func(*http.Request){
		"from another site":     func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"from a sister site":    func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"from the address bar":  func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "none") },
		"without a word":        func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") },
		"with a foreign origin": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://example.org") },
	}
	rows := func() int {
		return h.Count(t, `SELECT (SELECT count(*) FROM audit.event) + (SELECT count(*) FROM app.draft) + (SELECT count(*) FROM app.registration) + (SELECT count(*) FROM auth.session WHERE revoked_at IS NULL AND locked_at IS NULL)`)
	}
	before := rows()
	for _, r := range allRoutes(t) {
		if r.method != http.MethodPost {
			continue
		}
		for name, change := range tries {
			for _, role := range []string{"responsible", "admin"} {
				if a := h.ask(t, h.people[role], r.method, h.path(t, r, h.ref), h.forms[r.pattern], change); a.Status != http.StatusForbidden {
					t.Errorf("%s %s as %s: %d", r, name, role, a.Status)
				}
			}
		}
	}
	// a link on another site does not open a case either: the look would be written in its trail
	for _, r := range allRoutes(t) {
		if r.method == http.MethodGet && strings.Contains(r.pattern, "{ref}") {
			for _, site := range []string{"cross-site", "same-site"} {
				a := h.ask(t, h.Mette, r.method, h.path(t, r, h.ref), nil, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", site) })
				if strings.Contains(a.Body, "Amira") {
					t.Errorf("%s from a %s page shows the case", r, site)
				}
			}
		}
	}
	if after := rows(); after != before {
		t.Errorf("%d rows before, %d after", before, after)
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
		if a := h.ask(t, h.Mette, method, "/sager/"+h.ref, nil, nil); a.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, a.Status)
		}
	}
}
