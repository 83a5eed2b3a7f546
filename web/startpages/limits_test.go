package startpages_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// tooLate is by how much a deadline was met too late; how many days that is in the demo depends on the holidays between.
var tooLate = regexp.MustCompile(`\b1\d dage for sent`)

// A lead opens each of the numbers; what is over its time says so in words. Who leads no team has no such page.
func TestTheTeamsDeadlinesAreListedBehindTheirNumbers(t *testing.T) {
	t.Parallel()
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	jonas := o.As(t, "jonas@ellehoej.test")
	front := s.Get(t, jonas, link.Overview)
	for which, words := range map[string][]string{"over": {"2026-0088", "dage over", "Ikke endnu"}, "brudt": {"2026-0109", "2026-0088"}, "holdt": {"2026-0147", "2026-0092"}, "loeber": {"2026-0117"}} {
		a := s.Get(t, jonas, link.TeamDeadlines(which))
		for _, w := range words {
			if a.Status != http.StatusOK || !strings.Contains(a.Body, w) {
				t.Errorf("%s: %d, lacks %s", which, a.Status, w)
			}
		}
		if which == "brudt" && !tooLate.MatchString(a.Body) {
			t.Error("a deadline met too late does not say by how much")
		}
		if which != "loeber" && !strings.Contains(front.Body, link.TeamDeadlines(which)) {
			t.Errorf("Overblik does not lead to %s", which)
		}
	}
	if !strings.Contains(front.Body, "Frist overskredet") {
		t.Error("a deadline over its time does not call for attention")
	}
	for _, who := range []string{"mette", "lone", "karen"} {
		if a := s.Get(t, o.As(t, who+"@ellehoej.test"), link.OverviewDeadlines); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", who, a.Status)
		}
	}
	day := s.Get(t, o.As(t, "mette@ellehoej.test"), link.Day)
	for _, w := range []string{"Mine frister", "Børnefaglig undersøgelse afsluttet", "Skriftlig tilbagemelding til skolen"} {
		if !strings.Contains(day.Body, w) {
			t.Errorf("Min dag lacks %s", w)
		}
	}
}
