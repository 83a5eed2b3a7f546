package concernpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/web/link"
)

func TestTheReceiptPageStopsWhatCouldReachTheFamily(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s, "household", "1")
	a := s.Get(t, s.Dennis, link.Receipt(ref))
	if !strings.Contains(a.Body, "Send ikke kvittering") || strings.Contains(a.Body, "Tak for din henvendelse") {
		t.Error("the text is there to be copied although nobody knows whether it is safe")
	}
	if a := s.Post(t, s.Dennis, link.Receipt(ref), url.Values{"how": {"letter"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("sent all the same: %d", a.Status)
	}
	anonymous := registered(t, s, "source", "anonymous", "reporter_name", "Søren Abild")
	for _, path := range []string{link.Report(anonymous), link.Receipt(anonymous)} {
		if a := s.Get(t, s.Dennis, path); strings.Contains(a.Body, "Abild") {
			t.Errorf("%s names somebody who is anonymous", path)
		}
	}
	safe := registered(t, s, "channel", "safe", "channel_note", "Ring til skolen")
	if a := s.Get(t, s.Dennis, link.Receipt(safe)); !strings.Contains(a.Body, "Tak for din henvendelse") || !strings.Contains(a.Body, "Ring til skolen") {
		t.Error("the text is missing where it is safe")
	}
	if a := s.Post(t, s.Dennis, link.Receipt(safe), url.Values{"how": {"phone"}}); a.Status != http.StatusSeeOther {
		t.Errorf("answers %d", a.Status)
	}
}

func TestThePeopleOfTheCaseTakeTheReportUp(t *testing.T) {
	s := newSite(t)
	c := s.Case(t, s.Mette, 2) // sealed: the desk learns nothing of it
	s.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, s.Keys.BlindCPR("7404104234"))
	s.Exec(t, `INSERT INTO app.plan (case_id, template_code, started_by) VALUES ($1, '', $2)`, c.ID, s.Mette.UserID)
	ref := registered(t, s, "cpr", "740410-4234")
	for _, path := range []string{link.Report(ref), link.ReportCase(ref), link.Reports} {
		if a := s.Get(t, s.Dennis, path); a.Status != http.StatusOK || strings.Contains(a.Body, c.Number) || strings.Contains(a.Body, "Genvurdering") {
			t.Errorf("%s tells the desk of the case (%d)", path, a.Status)
		}
	}
	a := s.Get(t, s.Mette, link.Case(c.Ref))
	for _, want := range []string{"Tag op i sagen", "Genvurdering kræves", link.Report(ref)} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the case does not show %q", want)
		}
	}
	if a := s.Post(t, s.Mette, link.TakeUp(c.Ref, ref), nil); a.Status != http.StatusSeeOther {
		t.Fatalf("answers %d", a.Status)
	}
	if a := s.Get(t, s.Mette, link.Case(c.Ref)); strings.Contains(a.Body, "Tag op i sagen") || !strings.Contains(a.Body, "Underretning taget op") {
		t.Error("it is not taken up")
	}
	if a := s.Get(t, s.Mette, link.Notices); !strings.Contains(a.Body, "Der er kommet en underretning") {
		t.Error("the responsible has no notice")
	}
	// and from a report's address no case opens, nor the other way round
	if a := s.Get(t, s.Mette, link.Report(c.Ref)); a.Status != http.StatusNotFound {
		t.Errorf("a case as a report: %d", a.Status)
	}
	if a := s.Get(t, s.Mette, link.Case(ref)); a.Status != http.StatusNotFound {
		t.Errorf("a report as a case: %d", a.Status)
	}
}

// "Nobody knows" is what the form of a report begins with, and no yes.
func TestTheReceiptPageAsksFirstWhereNobodyKnowsTheWay(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s)
	const tick = "Jeg har sikret mig, at svaret kun når underretteren"
	if a := s.Get(t, s.Dennis, link.Receipt(ref)); !strings.Contains(a.Body, "Ingen ved, om vejen er sikker") || !strings.Contains(a.Body, tick) || !strings.Contains(a.Body, "Er der fundet en sikker vej?") {
		t.Error("the page does not say that nobody knows whether the way is safe")
	}
	a := s.Post(t, s.Dennis, link.Receipt(ref), url.Values{"how": {"letter"}})
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="assured-error"`) || !strings.Contains(a.Body, `value="letter" checked`) {
		t.Errorf("without the tick it answers %d, and how it was given is lost", a.Status)
	}
	if a := s.Post(t, s.Dennis, link.Receipt(ref), url.Values{"assured": {"1"}}); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, `id="assured-error"`) {
		t.Errorf("without how it was given it answers %d, and the tick is lost", a.Status)
	}
	if a := s.Post(t, s.Dennis, link.Receipt(ref), url.Values{"how": {"letter"}, "assured": {"1"}}); a.Status != http.StatusSeeOther {
		t.Errorf("with the tick it answers %d", a.Status)
	}
	if a := s.Get(t, s.Dennis, link.Report(ref)); !strings.Contains(a.Body, "sikrede sig, at svaret kun nåede underretteren") {
		t.Error("the history does not say who made sure of it")
	}
	safe := registered(t, s, "channel", "safe", "channel_note", "Ring til skolen")
	if a := s.Get(t, s.Dennis, link.Receipt(safe)); strings.Contains(a.Body, tick) {
		t.Error("what is known to be safe asks for a tick")
	}
}
