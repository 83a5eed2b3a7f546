package concernpages_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/web/link"
)

// "Hun bad læreren om ikke at ringe hjem": the number that a teacher gave stands on no page, and whoever has to call says why.
func TestTheNumberOfAChildInAReportTakesAReason(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s)
	s.Exec(t, `UPDATE app.report_person SET phone = '00 61 22 10' WHERE is_child`)
	var child uuid.UUID
	s.Scan(t, []any{&child}, `SELECT id FROM app.report_person WHERE is_child`)
	at := link.ReportPhone(ref, child)
	for _, page := range []string{link.Report(ref), at} {
		if a := s.Get(t, s.Dennis, page); a.Status != http.StatusOK || strings.Contains(a.Body, "00 61 22 10") {
			t.Errorf("%s: %d, or the number", page, a.Status)
		}
	}
	if a := s.Post(t, s.Dennis, at, url.Values{"reason": {"x"}}); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, "00 61 22 10") {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := s.Post(t, s.Dennis, at, url.Values{"reason": {"Barnet er alene i aften"}}); a.Status != http.StatusOK || !strings.Contains(a.Body, "00 61 22 10") {
		t.Errorf("with one: %d", a.Status)
	}
	if a := s.Get(t, s.Dennis, link.Report(ref)); !strings.Contains(html.UnescapeString(a.Body), "om det er sikkert: Barnet er alene i aften") {
		t.Error("the reason does not stand in the course of the report")
	}
	if a := s.Get(t, s.Dennis, link.ReportPhone(ref, uuid.New())); a.Status != http.StatusNotFound {
		t.Errorf("nobody's number: %d", a.Status)
	}
	s.Exec(t, `UPDATE app.report_person SET phone = ''`)
	if a := s.Post(t, s.Dennis, at, url.Values{"reason": {"Barnet er alene i aften"}}); a.Status != http.StatusNotFound {
		t.Errorf("no number: %d", a.Status)
	}
}
