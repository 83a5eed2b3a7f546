package guestpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/web/link"
)

// Somebody writes while their link is revoked, or their session ends: the page is the one that everybody gets, with their own words.
func TestWordsThatAreNotTakenComeBackToBeCopied(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	neutral := d.says(t, "/luk", nil)
	if neutral.Status != http.StatusOK { // the session is over
		t.Fatal(neutral.Status)
	}
	const mine = "Vi kan mødes på torsdag.\n<b>Ring</b> først."
	for path, form := range map[string]url.Values{
		"/svar":                        {"kind": {"asked_back"}, "words": {mine}},
		"/trin/" + d.step.String():     {"n": {"1"}, "kind-1": {"not_possible"}, "words-1": {mine}},
		"/oplysninger":                 {"wrong": {mine}},
		"/plads/svar":                  {"outcome": {"share"}, "words": {mine}},
		"/plads/opfoelgning?at=nobody": {"state": {"done"}, "words": {mine}},
	} {
		for what, cookies := range map[string][]*http.Cookie{"a session that is over": {d.in}, "no session": nil} {
			a := d.PostWith(t, actor.Actor{}, link.Guest(d.link.Token)+path, form, cookies...)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "readonly") || !strings.Contains(a.Body, "Vi kan mødes på torsdag.\n&lt;b&gt;Ring&lt;/b&gt; først.") || strings.Contains(a.Body, "truslen") {
				t.Errorf("%s, %s: %d %s", path, what, a.Status, a.Body)
			}
			nobody := strings.Repeat("x", len(d.link.Token))
			b := d.PostWith(t, actor.Actor{}, link.Guest(nobody)+path, form, cookies...)
			if strings.ReplaceAll(b.Body, nobody, d.link.Token) != a.Body {
				t.Errorf("%s: a link that there is not shows another page", path)
			}
		}
	}
	// with nothing written there is nothing but the door
	if a := d.says(t, "/svar", url.Values{"kind": {"accepted"}, "key": {"x"}}); strings.Contains(a.Body, "readonly") || strings.Contains(a.Body, "accepted") {
		t.Errorf("nothing was written: %s", a.Body)
	}
	if a := d.says(t, "/svar", url.Values{"words": {strings.Repeat("æ", 100000)}}); a.Status != http.StatusUnprocessableEntity || len(a.Body) > 60<<10 {
		t.Errorf("too much of it: %d, %d bytes", a.Status, len(a.Body))
	}
	if a := d.upload(t, "x.pdf", "%PDF-1.7 x"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Filen er ikke gemt") {
		t.Errorf("a file: %d %s", a.Status, a.Body)
	}
}
