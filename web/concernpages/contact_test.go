package concernpages_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/web/link"
	"samspil/web/webtest"
)

func TestTheReportersNumberIsKeptBackUntilTheWayIsSafe(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s, "reporter_contact", "00 77 66 55", "channel", "unsafe")
	holds := func(what string, a webtest.Answer, status int, has bool, words ...string) {
		t.Helper()
		body := html.UnescapeString(a.Body)
		if a.Status != status || strings.Contains(body, "00 77 66 55") != has {
			t.Errorf("%s: status %d, or the number", what, a.Status)
		}
		for _, w := range words {
			if !strings.Contains(body, w) {
				t.Errorf("%s: %q is not on the page", what, w)
			}
		}
	}
	holds("the report", s.Get(t, s.Dennis, link.Report(ref)), 200, false, "Kontaktoplysningen er skjult")
	holds("the interruption", s.Get(t, s.Dennis, link.ReportContact(ref)), 200, false, "Vent", "Svar ikke: vejen er ikke sikker.")
	holds("no reason", s.Post(t, s.Dennis, link.ReportContact(ref), url.Values{"reason": {" "}}), http.StatusUnprocessableEntity, false, "Skriv, hvorfor det må ske alligevel")
	holds("a reason", s.Post(t, s.Dennis, link.ReportContact(ref), url.Values{"reason": {"Barnet er i fare i aften"}}), 200, true)
	holds("the course of it", s.Get(t, s.Dennis, link.Report(ref)), 200, false, "Kontaktoplysning til underretteren vist, selv om vejen ikke er sikker: Barnet er i fare i aften")
	s.Exec(t, `UPDATE app.report_content SET channel = 'unknown'`)
	holds("nobody knows", s.Get(t, s.Dennis, link.Report(ref)), 200, false)
	s.Exec(t, `UPDATE app.report_content SET channel = 'safe', channel_note = 'Ring til skolen'`)
	holds("a safe way", s.Get(t, s.Dennis, link.Report(ref)), 200, true)
	holds("nothing is kept back", s.Get(t, s.Dennis, link.ReportContact(ref)), http.StatusNotFound, false)
}
