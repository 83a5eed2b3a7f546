package concernpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/webtest"
)

// newSite is a site whose Dennis and Jonas are the intake desk for children.
func newSite(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t)
	team := uuid.New()
	s.Exec(t, `INSERT INTO app.team (id, municipality, area, name, intake) VALUES ($1, 999, 'child', 'Modtagelsen', true)`, team)
	s.Exec(t, `INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES ($1, $2, false), ($1, $3, true)`, team, s.Dennis.UserID, s.Jonas.UserID)
	return s
}

// call is what somebody types during a call, changed by pairs of a field and its value.
func call(pairs ...string) url.Values {
	form := url.Values{"source": {"citizen"}, "area": {"child"}, "told": {"Hun bliver hentet hver dag."}, "measures": {"unknown"}, "channel": {"unknown"}, "excluding": {"none"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func draft() string { return link.ReportDraft(uuid.NewString()) }

// registered is the ref of a report that Dennis takes.
func registered(t *testing.T, s *webtest.Site, pairs ...string) string {
	t.Helper()
	to := s.Post(t, s.Dennis, draft(), call(pairs...)).Location()
	parts := strings.Split(to, "/")
	if len(parts) != 4 || parts[3] != "vurdering" {
		t.Fatalf("registering leads to %q", to)
	}
	return parts[2]
}

func TestWhatIsTypedDuringACallIsNeverLost(t *testing.T) {
	s := newSite(t)
	to := draft()
	bad := call("told", "", "name", "Nour <b>Haddad</b>", "cpr", "123", "where_now", "I skole 😀", "reporter_name", "خديجة")
	a := s.Post(t, s.Dennis, to, bad)
	if a.Status != http.StatusUnprocessableEntity {
		t.Fatalf("answers %d", a.Status)
	}
	for _, want := range []string{"Skriv, hvad der blev fortalt", "Nour &lt;b&gt;Haddad&lt;/b&gt;", `value="123"`, "I skole 😀", "خديجة"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("%q is lost", want)
		}
	}
	if a := s.Get(t, s.Dennis, to); !strings.Contains(a.Body, "I skole 😀") {
		t.Error("the draft is lost")
	}
	if a := s.Post(t, s.Dennis, to+"/kladde", call("told", "Og så sagde hun")); a.Status != http.StatusOK || !strings.Contains(s.Get(t, s.Dennis, to).Body, "Og så sagde hun") {
		t.Error("what the script keeps is lost")
	}
	if a := s.Get(t, s.Mette, to); a.Status != http.StatusNotFound {
		t.Errorf("a colleague reads the draft: %d", a.Status)
	}
	if a := s.Post(t, s.Dennis, to, call("told", strings.Repeat("ø", 50_000))); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("100 KB: %d", a.Status)
	}
}

func TestWhyIsAskedWhereACallIsRegisteredLate(t *testing.T) {
	s := newSite(t)
	yesterday := time.Now().Add(-26 * time.Hour)
	day, clock := i18n.FieldDate(yesterday), i18n.FieldClock("da", yesterday)
	to := draft()
	a := s.Post(t, s.Dennis, to, call("received", day, "clock", clock))
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Skriv, hvorfor den først registreres nu") {
		t.Fatalf("answers %d", a.Status)
	}
	if a := s.Post(t, s.Dennis, to, call("received", day, "clock", clock, "late_reason", "Lå i postkassen")); !strings.HasSuffix(a.Location(), "/vurdering") {
		t.Fatalf("leads to %q", a.Location())
	}
	if a := s.Get(t, s.Dennis, link.Reports); !strings.Contains(a.Body, "Over tid") || !strings.Contains(a.Body, "er over de 24 timer") {
		t.Error("nobody is told that the clock has run out")
	}
}

// A slip of the pen makes a child forty. It is asked about, once, and passes when it is meant.
func TestAChildOfFortyIsAskedAbout(t *testing.T) {
	s := newSite(t)
	to := draft()
	if a := s.Get(t, s.Dennis, to); strings.Contains(a.Body, "born_ok") {
		t.Error("asked before anything is typed")
	}
	form := call("age", "40")
	a := s.Post(t, s.Dennis, to, form)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Er fødselsdatoen eller alderen rigtig?") || !strings.Contains(a.Body, `id="born_ok"`) || !strings.Contains(a.Body, "hentet hver dag") {
		t.Fatalf("answers %d", a.Status)
	}
	form.Set("born_ok", "1")
	if a := s.Post(t, s.Dennis, to, form); !strings.HasSuffix(a.Location(), "/vurdering") {
		t.Errorf("leads to %q", a.Location())
	}
}

// Whoever is a relative registers the call, and gets the same quiet thanks however often they look.
func TestARelativeSeesNothingOfTheReportTheyTook(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO auth.user_relation (user_id, cpr_bidx) VALUES ($1, $2)`, s.Dennis.UserID, s.Keys.BlindCPR("7404104234"))
	to := draft()
	form := call("cpr", "740410-4234", "name", "Nour Haddad")
	if got := s.Post(t, s.Dennis, to, form).Location(); got != to {
		t.Fatalf("leads to %q", got)
	}
	for range 2 {
		a := s.Get(t, s.Dennis, to)
		if a.Status != http.StatusOK || !strings.Contains(a.Body, "er registreret") || strings.Contains(a.Body, "Haddad") || strings.Contains(a.Body, "hentet hver dag") {
			t.Errorf("%d\n%s", a.Status, a.Body)
		}
		s.Post(t, s.Dennis, to, form)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.report`); n != 1 {
		t.Errorf("%d reports", n)
	}
	if a := s.Get(t, s.Dennis, link.Reports); strings.Contains(a.Body, "U-20") {
		t.Error("it stands in the queue")
	}
}

func TestTwoColleaguesCannotTakeOneReport(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s)
	take := url.Values{"go": {"take"}}
	if a := s.Post(t, s.Dennis, link.Report(ref)+"/overdrag", take); a.Status != http.StatusSeeOther {
		t.Fatalf("answers %d", a.Status)
	}
	if a := s.Post(t, s.Jonas, link.Report(ref)+"/overdrag", take); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Dennis") {
		t.Errorf("the second answers %d", a.Status)
	}
	// two who assess: the second one's words stand in the form
	first := url.Values{"acute": {"no"}, "reason": {"Rolig nu"}, "version": {"2"}}
	if a := s.Post(t, s.Dennis, link.Assessment(ref), first); a.Status != http.StatusSeeOther {
		t.Fatalf("answers %d", a.Status)
	}
	second := url.Values{"acute": {"yes"}, "reason": {"Rejser i morgen"}, "version": {"2"}}
	if a := s.Post(t, s.Jonas, link.Assessment(ref), second); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Rejser i morgen") {
		t.Errorf("the second answers %d", a.Status)
	}
}

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
		for _, want := range []string{"Sag mangler", "Undersøgelse (§ 20) senest", "Kvittering senest", `href="` + link.ReportCase(ref) + `"`} {
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

// The call goes on after the report was registered: "Back", and the rest is typed into the old form.
func TestWhatIsTypedAfterTheReportWasRegisteredIsKept(t *testing.T) {
	s := newSite(t)
	to := draft()
	form := call("name", "Nour Haddad", "p1-name", "Bilal Haddad", "p1-relation", "farbror")
	first := s.Post(t, s.Dennis, to, form)
	report := strings.TrimSuffix(first.Location(), "/vurdering")
	if again := s.Post(t, s.Dennis, to, form); again.Location() != report || s.Count(t, `SELECT count(*) FROM app.report_draft`) != 1 {
		t.Errorf("sent twice, it leads to %s", again.Location())
	}
	form.Set("told", "Hun bliver hentet hver dag. Billetten er købt.")
	var kept string
	for range 2 {
		kept = s.Post(t, s.Dennis, to, form).Location()
	}
	if kept == to || kept == report || !strings.Contains(s.Get(t, s.Dennis, kept).Body, "Billetten er købt.") {
		t.Errorf("what was typed after the report is not on %s", kept)
	}
	if n, drafts := s.Count(t, `SELECT count(*) FROM app.report`), s.Count(t, `SELECT count(*) FROM app.report_draft WHERE report_ref IS NULL`); n != 1 || drafts != 1 {
		t.Errorf("%d reports, %d drafts", n, drafts)
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

// As with the deadlines of a case: nobody moves the 24 hours without having seen where they land.
func TestACorrectedHourShowsBothClocksBeforeItIsSaved(t *testing.T) {
	s := newSite(t)
	ref := registered(t, s)
	to, da := link.ReportReceived(ref), i18n.With(t.Context(), "da")
	var received, assess, receipt time.Time
	read := func() {
		s.Scan(t, []any{&received, &assess, &receipt}, `SELECT received_at, assess_by, receipt_by FROM app.report WHERE ref = $1`, ref)
	}
	read()
	was, wasBy := received, assess
	earlier := received.Add(-50 * time.Hour).Truncate(time.Minute)
	form := url.Values{"version": {"1"}, "received": {i18n.FieldDate(earlier)}, "clock": {i18n.FieldClock("da", earlier)}, "reason": {"Mailen lå i spam"}}
	if a := s.Get(t, s.Dennis, to); strings.Contains(a.Body, `name="seen"`) || !strings.Contains(a.Body, "Vis, hvad der ændres") {
		t.Error("the form saves at the first press")
	}
	a := s.Post(t, s.Dennis, to, form)
	if read(); a.Status != http.StatusOK || !received.Equal(was) {
		t.Fatalf("the preview answers %d, and the report came at %v", a.Status, received)
	}
	for _, want := range []string{i18n.DateTime(da, wasBy, time.Now()), i18n.DateTime(da, earlier.Add(24*time.Hour), time.Now()), "Over tid", "Kvittering", "Intet er gemt endnu", "Mailen lå i spam", `value="` + form.Get("clock") + `"`} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	_, seen, _ := strings.Cut(a.Body, `name="seen" value="`)
	seen, _, _ = strings.Cut(seen, `"`)
	form.Set("seen", seen)
	// another hour after the preview is looked at anew, and an impossible one refused with what was typed
	other := url.Values{"version": {"1"}, "received": form["received"], "clock": {"00.01"}, "reason": {"Mailen lå i spam"}, "seen": {seen}}
	if a := s.Post(t, s.Dennis, to, other); a.Status != http.StatusOK || !strings.Contains(a.Body, `name="seen"`) {
		t.Errorf("what nobody has seen answers %d", a.Status)
	}
	other.Set("clock", "kvart over")
	if a := s.Post(t, s.Dennis, to, other); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="kvart over"`) || !strings.Contains(a.Body, "Mailen lå i spam") {
		t.Errorf("an impossible hour answers %d", a.Status)
	}
	if read(); !received.Equal(was) {
		t.Fatal("something is saved that nobody has seen")
	}
	stale := url.Values{"version": {"9"}, "received": form["received"], "clock": form["clock"], "reason": form["reason"], "seen": {seen}}
	if a := s.Post(t, s.Dennis, to, stale); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Mailen lå i spam") {
		t.Errorf("a report that has changed meanwhile answers %d", a.Status)
	}
	if a := s.Post(t, s.Dennis, to, form); a.Status != http.StatusSeeOther {
		t.Fatalf("the second press answers %d", a.Status)
	}
	if read(); !received.Equal(earlier) || !assess.Equal(earlier.Add(24*time.Hour)) {
		t.Errorf("it came at %v", received)
	}
}
