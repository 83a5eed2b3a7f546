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
