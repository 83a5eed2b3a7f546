package concernpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"samspil/internal/i18n"
	"samspil/web/link"
)

// A screening concludes the report, and it may come before anybody has made the case that its outcome asks for.
func TestAChildIsNotLeftWithoutACaseBecauseTheScreeningCameFirst(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s, "cpr", "740410-4234")
	if a := s.Post(t, s.Dennis, link.Assessment(ref), url.Values{"version": {"1"}, "acute": {"no"}, "reason": {"I skole og i sikkerhed"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("assessing answers %d", a.Status)
	}
	a := s.Get(t, s.Dennis, link.Report(ref))
	if !strings.Contains(a.Body, "Gå til tegn og screening") {
		t.Error("what is not acute does not go on to its screening")
	}
	conclude := func(outcome string) {
		s.Exec(t, `UPDATE app.report SET outcome = $2, concluded_at = now(), concluded_by = assessed_by WHERE ref = $1`, ref, outcome)
	}
	conclude("no_further")
	if a := s.Get(t, s.Dennis, link.ReportCase(ref)); a.Status != http.StatusNotFound {
		t.Errorf("a case is offered for a report that leads to nothing: %d", a.Status)
	}
	conclude("assessment")
	if a := s.Get(t, s.Dennis, link.Report(ref)); !strings.Contains(a.Body, "Opret sagen nu") || !strings.Contains(a.Body, "De fire måneder") {
		t.Error("nobody is told that the case is missing, and until when")
	}
	// it stands in the queue and on Min dag with the way to the case, and with both of its deadlines
	for _, path := range []string{link.Reports, link.Reports + "?visning=mine", link.Day} {
		for _, want := range []string{"Sag mangler", "Undersøgelse (§\u00a020) senest", "Kvittering senest", `href="` + link.ReportCase(ref) + `"`} {
			if a := s.Get(t, s.Dennis, path); !strings.Contains(a.Body, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
	if a := s.Get(t, s.Dennis, link.Day); !strings.Contains(a.Body, "1 underretning</b> mangler sin sag") {
		t.Error("the day begins without it")
	}
	a = s.Get(t, s.Dennis, link.ReportCase(ref))
	if a.Status != http.StatusOK || !strings.Contains(a.Body, `name="cpr"`) {
		t.Fatalf("the case cannot be made: %d", a.Status)
	}
	to := s.Post(t, s.Dennis, link.ReportCase(ref), url.Values{"name": {"Nour Haddad"}, "cpr": {"740410-4234"}, "policy": {"none_written"}, "never": {"Ring aldrig hjem"}, "situation": {"Skal rejse"},
		"certainty": {"suspicion"}, "severity": {""}, "template": {"T2"}, "level": {"1"}, "responsible": {chosen(t, a.Body, "responsible", "Dennis")}})
	if to.Status != http.StatusSeeOther || !strings.HasSuffix(to.Location(), "/handlingsplan") {
		t.Fatalf("making the case answers %d %s", to.Status, to.Body)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.report_case c JOIN app.report r ON r.id = c.report_id WHERE r.ref = $1 AND c.how = 'made'`, ref); n != 1 {
		t.Errorf("%d cases made of the report", n)
	}
	for _, path := range []string{link.Reports, link.Day} {
		a := s.Get(t, s.Dennis, path)
		if strings.Contains(a.Body, "Sag mangler") || !strings.Contains(a.Body, "Kvittering senest") {
			t.Errorf("%s misses the case that is made, or forgets the receipt", path)
		}
	}
	if a := s.Post(t, s.Dennis, link.Receipt(ref), url.Values{"how": {"phone"}, "assured": {"1"}}); a.Status != http.StatusSeeOther {
		t.Errorf("the receipt of a concluded report answers %d", a.Status)
	}
	if a := s.Get(t, s.Dennis, link.Reports); strings.Contains(a.Body, link.Report(ref)+`"`) {
		t.Error("nothing is owed any more, and it waits")
	}
	if a := s.Get(t, s.Dennis, link.Report(ref)); strings.Contains(a.Body, "Opret sagen nu") {
		t.Error("a second case is asked for")
	}
}

// The desk that takes the call seldom carries the case: whoever makes it says who does.
func TestNobodyBecomesResponsibleWithoutBeingChosen(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s, "name", "Nour Haddad")
	if a := s.Post(t, s.Dennis, link.Assessment(ref), url.Values{"version": {"1"}, "acute": {"yes"}, "reason": {"Rejser i morgen"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("assessing answers %d", a.Status)
	}
	a := s.Get(t, s.Dennis, link.ReportCase(ref))
	_, list, _ := strings.Cut(a.Body, `name="responsible"`)
	list, _, _ = strings.Cut(list, "</select>")
	if !strings.Contains(list, "Dennis") || strings.Index(list, " selected") > strings.Index(list, "Vælg") {
		t.Errorf("somebody is chosen before anybody chose: %s", list)
	}
	a = s.Post(t, s.Dennis, link.ReportCase(ref), url.Values{"name": {"Nour Haddad"}, "policy": {"none_written"}, "channel": {"Skolen"}, "never": {"Ring aldrig hjem"}, "situation": {"Skal rejse"},
		"certainty": {"concern"}, "severity": {"red"}, "severity_reason": {"Rejser i morgen"}, "template": {"T1"}, "level": {"1"}, "responsible": {""}})
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="responsible-error"`) || !strings.Contains(a.Body, "Ring aldrig hjem") {
		t.Errorf("without a responsible it answers %d", a.Status)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_file`); n != 0 {
		t.Errorf("%d cases", n)
	}
}

// On the telephone somebody says "hun er vist 15": no birthday is made of it, and it is not lost.
func TestAnAgeThatSomebodyGuessesIsKeptAsAGuess(t *testing.T) {
	s := newSite(t)
	to := draft()
	for _, wrong := range []string{"121", "-1", "femten"} {
		if a := s.Post(t, s.Dennis, to, call("name", "Nour Haddad", "age", wrong)); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="age-error"`) || !strings.Contains(a.Body, `value="`+wrong+`"`) {
			t.Errorf("%q answers %d", wrong, a.Status)
		}
	}
	s.Post(t, s.Dennis, to+"/kladde", call("name", "Nour Haddad", "age", "15"))
	if a := s.Get(t, s.Dennis, to); !strings.Contains(a.Body, `value="15"`) {
		t.Error("the draft loses it")
	}
	ref := registered(t, s, "name", "Nour Haddad", "age", "15")
	about := "ca. 15 år (oplyst " + i18n.Date(i18n.With(t.Context(), "da"), time.Now(), time.Now()) + ")"
	if a := s.Get(t, s.Dennis, link.Report(ref)); strings.Count(a.Body, about) != 2 { // the head and the people
		t.Errorf("the report does not say %q", about)
	}
	search := draft()
	s.Post(t, s.Dennis, search, call("name", "Nour Haddad", "go", "search"))
	if a := s.Get(t, s.Dennis, search); !strings.Contains(a.Body, about) {
		t.Errorf("the search does not say %q", about)
	}
	// told in spring, and the age alone is not touched: the day stays; another age is told today
	s.Exec(t, `UPDATE app.report_person SET age_on = '2020-03-01' WHERE is_child`)
	child := url.Values{"version": {"1"}, "name": {"Nour H."}, "age": {"15"}}
	if a := s.Post(t, s.Dennis, link.ReportChild(ref), child); a.Status != http.StatusSeeOther || s.Count(t, `SELECT count(*) FROM app.report_person WHERE age = 15 AND age_on = '2020-03-01'`) != 1 {
		t.Errorf("correcting the name answers %d, and the day on which the age was told is another", a.Status)
	}
	child = url.Values{"version": {"2"}, "name": {"Nour H."}, "age": {"16"}}
	if s.Post(t, s.Dennis, link.ReportChild(ref), child); s.Count(t, `SELECT count(*) FROM app.report_person WHERE age = 16 AND age_on > '2020-03-01'`) != 1 {
		t.Error("another age is not dated today")
	}
	// a birthday wins
	child = url.Values{"version": {"3"}, "name": {"Nour H."}, "age": {"16"}, "born": {"14.4.2010"}}
	if s.Post(t, s.Dennis, link.ReportChild(ref), child); s.Count(t, `SELECT count(*) FROM app.report_person WHERE is_child AND age IS NULL AND born = '2010-04-14'`) != 1 {
		t.Error("the guess stands beside the birthday")
	}
	if a := s.Get(t, s.Dennis, link.Report(ref)); strings.Contains(a.Body, "oplyst") {
		t.Error("the guess is shown beside the birthday")
	}
	registered(t, s, "name", "Amal Test", "age", "15", "born", "14.4.2010")
	if n := s.Count(t, `SELECT count(*) FROM app.report_person WHERE name = 'Amal Test' AND born IS NOT NULL AND age IS NULL AND age_on IS NULL`); n != 1 {
		t.Error("the guess is kept beside the birthday")
	}
	none := registered(t, s, "name", "Sahra Test")
	if a := s.Get(t, s.Dennis, link.Report(none)); strings.Contains(a.Body, "oplyst") || strings.Contains(a.Body, "ca. 0") {
		t.Error("nobody said an age, and one is shown")
	}
}

// chosen is the value of the option of a list that has these words.
func chosen(t *testing.T, body, name, words string) string {
	t.Helper()
	_, list, _ := strings.Cut(body, `name="`+name+`"`)
	list, _, _ = strings.Cut(list, "</select>")
	for _, option := range strings.Split(list, "<option")[1:] {
		if strings.Contains(option, words) {
			_, value, _ := strings.Cut(option, `value="`)
			value, _, _ = strings.Cut(value, `"`)
			return value
		}
	}
	t.Fatalf("no %q among %s", words, list)
	return ""
}
