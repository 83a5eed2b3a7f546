package concernpages_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/web/link"
)

func TestTheHistoryNamesWhatWasDoneAboutTheSigns(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s)
	s.Exec(t, `INSERT INTO app.report_event (report_id, actor, kind, data) SELECT r.id, r.registered_by, e.kind, e.data::jsonb FROM app.report r,
		(VALUES ('sign.seen', '{"group":"travel"}'), ('sign.retired', '{"group":"travel"}'), ('suggestion.answered', '{"answer":"yes"}'), ('suggestion.answered', '{"answer":"no"}'),
			('screening.made', '{"outcome":"clarification","honour":"not"}')) AS e (kind, data) WHERE r.ref = $1`, ref)
	a := s.Get(t, s.Dennis, link.Report(ref))
	for _, want := range []string{"Et tegn er noteret", "Et tegn er taget tilbage", "besvaret: relevant", "besvaret: ikke relevant", "Screenet og afsluttet: afdækning efter\u00a0§\u00a019"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the history does not say %q", want)
		}
	}
	if strings.Contains(a.Body, "Underretningen er ændret") {
		t.Error("the history does not say what was changed")
	}
}

// The form of the case is open in two tabs: the second is told that nothing of it was kept, and why.
func TestASecondTabIsToldThatTheCaseIsThere(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s)
	c := s.Case(t, s.Dennis, 1)
	s.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how, at, by) SELECT id, $2, 'made', now(), $3 FROM app.report WHERE ref = $1`, ref, c.ID, s.Dennis.UserID)
	a := s.Post(t, s.Dennis, link.ReportCase(ref), url.Values{"never": {"Ring aldrig hjem"}})
	if a.Status != http.StatusSeeOther || a.Location() != link.Plan(c.Ref) {
		t.Fatalf("answers %d to %s", a.Status, a.Location())
	}
	said, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Set-Cookie"), "flash="), ".")
	if text, err := base64.RawURLEncoding.DecodeString(said); err != nil || !strings.Contains(string(text), "flash.concern.exists") {
		t.Errorf("says %q, %v", text, err)
	}
}
