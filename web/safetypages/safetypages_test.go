package safetypages_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// site is a running office with a case, and a contact person who is drawn into it.
type site struct {
	*webtest.Site
	c       testkit.CaseFile
	contact testkit.Contact
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Site: webtest.New(t)}
	s.c, s.contact = s.Case(t, s.Mette, 1, s.Dennis), s.Partner(t, "police", "Fjordegnens Politi", "Rikke Holm")
	s.Grant(t, s.c, s.Sara, "consulted")
	s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', 'accepted', $4)`,
		s.c.ID, s.contact.OrganisationID, s.contact.ID, s.Mette.UserID)
	return s
}

func want(t *testing.T, what string, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: status %d, want %d", what, a.Status, status)
	}
	body := html.UnescapeString(a.Body)
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s: %q is not on the page", what, w)
		}
	}
}

// alarm lets the grace of all check-ins run out, and does what the background work does.
func (s *site) alarm(t *testing.T) {
	t.Helper()
	s.Exec(t, `UPDATE app.check_in SET agreed_at = now() - interval '2 h', alarm_at = now() - interval '1 h' WHERE status = 'agreed'`)
	conn, err := pgx.Connect(t.Context(), s.LoginURL(t, "samspil_job"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `SELECT app.job_alarms()`); err != nil {
		t.Fatal(err)
	}
}

// planForm is a plan with every field filled in.
func (s *site) planForm() url.Values {
	return url.Values{"key": {uuid.NewString()}, "version": {"0"}, "if_worse": {"Går til naboen <og> ringer 112"}, "if_not_back": {"Vagten ringer til politiet"}, "agreed_on": {i18n.FieldDate(time.Now())},
		"who-0": {"u:" + s.Mette.UserID.String()}, "how-0": {"Opkald om dagen"}, "hours-0": {"Hverdage 8-16"},
		"who-1": {"c:" + s.contact.ID.String()}, "how-1": {"Opkald, ellers 112"}, "hours-1": {"Altid"},
		"name-2": {"Mosteren"}, "how-2": {"Fra en fremmed telefon"}, "hours-2": {"Om natten"}}
}

func (s *site) checkInForm() url.Values {
	return url.Values{"key": {uuid.NewString()}, "date": {"i morgen"}, "time": {"18.30"}, "grace": {"60"}, "way": {"phone"}, "way_ok": {"1"}, "channel": {"Opkald fra skolen"}, "alarm_user": {s.Jonas.UserID.String()},
		"then_what": {"Ring til vagten"}, "repeat": {"daily"}, "until": {"+7"}}
}

func TestTheThreeQuestionsComeBackAsTheyWereAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := link.EditSafetyPlan(s.c.Ref)
	want(t, "before", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Der er ingen sikkerhedsplan endnu")
	a := s.Post(t, s.Mette, path, s.planForm())
	if a.Status != http.StatusSeeOther || a.Location() != link.SafetyPlan(s.c.Ref) {
		t.Fatalf("saved: %d %s", a.Status, a.Location())
	}
	words := []string{"Går til naboen <og> ringer 112", "Vagten ringer til politiet", "Mette Lindhardt", "Opkald om dagen", "Hverdage 8-16", "Rikke Holm", "Fjordegnens Politi", "Opkald, ellers 112", "Mosteren", "Fra en fremmed telefon", "Om natten"}
	want(t, "the plan", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, append(words, "Version 1")...)
	want(t, "the plan, for who is asked for advice", s.Get(t, s.Sara, link.SafetyPlan(s.c.Ref)), http.StatusOK, words...)
	s.Exec(t, `UPDATE app.contact_person SET phone = '00 12 34 56' WHERE id = $1`, s.contact.ID)
	s.Exec(t, `UPDATE auth.user_account SET phone = '00 65 43 21' WHERE id = $1`, s.Mette.UserID)
	want(t, "the numbers of those who have an entry", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Hvem ringer borgeren til", `href="tel:00123456"`, "00 12 34 56", `href="tel:00654321"`)
	form := s.Get(t, s.Mette, path)
	want(t, "the form", form, http.StatusOK, "Går til naboen <og> ringer 112", `value="Opkald, ellers 112"`, `value="Mosteren"`, `<option value="c:`+s.contact.ID.String()+`" selected`, `name="version" value="1"`)
	if !strings.Contains(form.Body, "who-3") || strings.Contains(form.Body, "who-4") {
		t.Error("the form has not one empty row below the three")
	}
	for name, who := range map[string]actor.Actor{"excluded": s.Dennis, "stranger": s.Huseyin} {
		want(t, name, s.Get(t, who, link.SafetyPlan(s.c.Ref)), http.StatusNotFound)
	}
}

// "Altid" is a word; the tick is what counts. A plan that names nobody for the night is taken all the same.
func TestAPlanWithNobodyForTheNightSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := s.planForm()
	if a := s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), form); a.Status != http.StatusSeeOther {
		t.Fatalf("refused: %d", a.Status)
	}
	want(t, "without", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Ingen i planen kan nås døgnet rundt", "112", "Tilføj en, der kan nås døgnet rundt")
	read := s.Get(t, s.Sara, link.SafetyPlan(s.c.Ref))
	want(t, "without, for who only reads", read, http.StatusOK, "Ingen i planen kan nås døgnet rundt")
	if strings.Contains(read.Body, "Tilføj en, der") {
		t.Error("somebody who only reads is asked to change the plan")
	}
	form.Set("version", "1")
	form.Set("key", uuid.NewString())
	form.Set("any_hour-1", "1")
	form.Set("if_worse", "")
	want(t, "refused", s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), form), http.StatusUnprocessableEntity, `value="1" checked id="any_hour-1"`)
	form.Set("if_worse", "Går til naboen")
	if a := s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), form); a.Status != http.StatusSeeOther {
		t.Fatalf("refused: %d", a.Status)
	}
	a := s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref))
	want(t, "with", a, http.StatusOK, " · døgnet rundt, Altid")
	if strings.Contains(a.Body, "Ingen i planen kan nås") {
		t.Error("it warns although somebody answers at night")
	}
	want(t, "the form", s.Get(t, s.Mette, link.EditSafetyPlan(s.c.Ref)), http.StatusOK, `value="1" checked id="any_hour-1"`)
}

func TestNothingThatWasTypedIntoThePlanIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := s.planForm()
	form.Set("if_worse", "")
	form.Set("how-1", "")
	form.Set("agreed_on", "32/13")
	form.Set("name-0", "også en anden")
	want(t, "refused", s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), form), http.StatusUnprocessableEntity, "Skriv, hvad borgeren gør, hvis det spidser til", "Skriv, hvordan borgeren når kontakten",
		"Vælg fra listen, eller skriv et navn", `value="32/13"`, "Vagten ringer til politiet", `value="Mosteren"`, `value="også en anden"`, `value="Om natten"`)
	long := s.planForm()
	long.Set("if_worse", strings.Repeat("Æ😀م", 20_000))
	want(t, "100 KB of text", s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), long), http.StatusUnprocessableEntity, "Æ😀م")
	want(t, "an empty form", s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), url.Values{"version": {"0"}}), http.StatusUnprocessableEntity, "Skriv mindst én, som borgeren kan ringe til")
	if n := s.Count(t, `SELECT count(*) FROM app.safety_plan`); n != 0 {
		t.Errorf("%d plans", n)
	}
	// two write at once: the second sees both
	if a := s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), s.planForm()); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	second := s.planForm()
	second.Set("if_worse", "Går til stationen")
	want(t, "the second", s.Post(t, s.Mette, link.EditSafetyPlan(s.c.Ref), second), http.StatusConflict, "Går til stationen", "Går til naboen <og> ringer 112", `name="version" value="1"`)
}

func TestACorrectedSlipIsNoNewAgreementWithTheCitizen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := link.EditSafetyPlan(s.c.Ref)
	day := regexp.MustCompile(`(?s)<input[^>]*value="([^"]*)"[^>]*name="agreed_on"`)
	if m := day.FindStringSubmatch(s.Get(t, s.Mette, path).Body); m == nil || m[1] != "" {
		t.Errorf("a new plan: the day is preset: %q", m)
	}
	form, agreed := s.planForm(), i18n.FieldDate(time.Now().AddDate(0, 0, -9))
	form.Set("agreed_on", agreed)
	s.Post(t, s.Mette, path, form)
	if m := day.FindStringSubmatch(s.Get(t, s.Mette, path).Body); m == nil || m[1] != agreed {
		t.Errorf("a change: %q, want %s", m, agreed)
	}
}

func TestWhoAgreesACheckInWritesTheWayAndIsNotGivenAName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(t, `UPDATE app.safe_contact SET channel = 'Kun via Rikke Holm' WHERE case_id = $1`, s.c.ID)
	a := s.Get(t, s.Mette, link.NewCheckIn(s.c.Ref))
	want(t, "the form", a, http.StatusOK, "Kun via Rikke Holm", `value="i dag"`) // in the strip above
	if regexp.MustCompile(`<input[^>]*value="Kun via[^>]*>`).MatchString(a.Body) {
		t.Error("the field is filled in with the words of safe contact, and shows on Min dag")
	}
}

func TestACheckInFromAgreementToTheClosedAlarm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.Post(t, s.Mette, link.NewCheckIn(s.c.Ref), s.checkInForm())
	if a.Status != http.StatusSeeOther {
		t.Fatalf("agreed: %d\n%s", a.Status, a.Body)
	}
	var id uuid.UUID
	var at, until time.Time
	var grace int
	var repeat string
	s.Scan(t, []any{&id, &at, &grace, &repeat, &until}, `SELECT id, agreed_at, grace_minutes, repeat, repeat_until FROM app.check_in`)
	tomorrow := time.Now().In(i18n.Zone).AddDate(0, 0, 1)
	if at = at.In(i18n.Zone); i18n.FieldDate(at) != i18n.FieldDate(tomorrow) || at.Hour() != 18 || at.Minute() != 30 || grace != 60 || repeat != "daily" || i18n.FieldDate(until) != i18n.FieldDate(tomorrow.AddDate(0, 0, 6)) {
		t.Errorf("agreed for %s, grace %d, %s until %s", at, grace, repeat, until)
	}
	check := link.CheckIn(s.c.Ref, id)
	want(t, "waiting", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Opkald fra skolen", "Jonas Brandt-Holm", "Venter", "Hver dag til og med")
	want(t, "Min dag of today", s.Get(t, s.Mette, link.Day), http.StatusOK, "Trin, der venter") // it is not today's
	if strings.Contains(s.Get(t, s.Mette, link.Day).Body, id.String()) {
		t.Error("tomorrow's check-in stands on today's Min dag")
	}
	s.alarm(t)
	want(t, "Min dag of the responsible", s.Get(t, s.Mette, link.Day), http.StatusOK, "Udeblevet", check, "1 udeblevet")
	want(t, "the notice of the responsible", s.Get(t, s.Mette, link.Notices), http.StatusOK, "Et check-in er udeblevet")
	want(t, "Overblik of the lead", s.Get(t, s.Jonas, link.Overview), http.StatusOK, "Udeblevet", check)
	want(t, "Min dag of the lead", s.Get(t, s.Jonas, link.Day), http.StatusOK, check)
	want(t, "the case", s.Get(t, s.Mette, link.Case(s.c.Ref)), http.StatusOK, "Check-in udeblevet", "luk alarmen, når I ved", "Alarm, check-in udeblevet", "Samspil")
	want(t, "the check-in, for its alarmed", s.Get(t, s.Jonas, check), http.StatusOK, "Ring til vagten", "Hvad er der gjort?")
	if strings.Contains(s.Get(t, s.Huseyin, link.Day).Body, id.String()) || strings.Contains(s.Get(t, s.Anders, link.Overview).Body, id.String()) {
		t.Error("the alarm stands on a stranger's page")
	}
	want(t, "closed without a word", s.Post(t, s.Jonas, check+"/luk", url.Values{"version": {"2"}}), http.StatusUnprocessableEntity, "Skriv, hvad der er gjort")
	want(t, "ticked away", s.Post(t, s.Jonas, check+"/hoert", url.Values{"version": {"1"}, "how": {"Hun ringede lige"}}), http.StatusConflict, "Der er sket noget imens", "Hun ringede lige")
	if a := s.Post(t, s.Jonas, check+"/luk", url.Values{"version": {"2"}, "done": {"Borgeren er hos mosteren"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("closed: %d", a.Status)
	}
	want(t, "after it", s.Get(t, s.Mette, check), http.StatusOK, "Alarm lukket", "Borgeren er hos mosteren", "Jonas Brandt-Holm")
	if strings.Contains(s.Get(t, s.Jonas, link.Overview).Body, id.String()) {
		t.Error("a closed alarm still stands on Overblik")
	}
	want(t, "closed twice", s.Post(t, s.Mette, check+"/luk", url.Values{"version": {"2"}, "done": {"x"}}), http.StatusConflict)
	if n := s.Count(t, `SELECT count(*) FROM app.check_in WHERE status = 'agreed'`); n != 1 {
		t.Errorf("%d next check-ins of a daily one", n)
	}
}

func TestACheckInIsTickedWithOneClick(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Post(t, s.Mette, link.NewCheckIn(s.c.Ref), s.checkInForm())
	body := s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)).Body
	m := regexp.MustCompile(`action="([^"]*/hoert)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("there is no button")
	}
	for i, status := range []int{http.StatusSeeOther, http.StatusConflict} { // clicked twice
		if a := s.Post(t, s.Mette, m[1], url.Values{"version": {"1"}, "how": {"Opkald fra skolen"}}); a.Status != status {
			t.Errorf("click %d: %d", i+1, a.Status)
		}
	}
	want(t, "after it", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Hørt", "Opkald fra skolen")
}

func TestNothingThatWasTypedAboutACheckInIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, c := range map[string]struct {
		field, value, message string
	}{
		"yesterday":    {"date", "22.11.2020", "Tidspunktet er passeret"},
		"no day":       {"date", "", "Skriv, hvilken dag I skal høre fra borgeren"},
		"no hour":      {"time", "", "klokkeslæt"},
		"odd hour":     {"time", "25.99", "klokkeslæt"},
		"nobody":       {"alarm_user", "", "Vælg, hvem der handler"},
		"excluded":     {"alarm_user", s.Dennis.UserID.String(), "Den kollega kan ikke åbne sagen"},
		"repeats ever": {"until", "", "Skriv, hvilken dag gentagelsen slutter"},
		"says nothing": {"then_what", "", "Skriv, hvad der skal ske"},
	} {
		form := s.checkInForm()
		form.Set(c.field, c.value)
		words := []string{c.message}
		for field, v := range form {
			if v[0] != "" && field != "key" && field != "repeat" && field != "grace" && field != "alarm_user" {
				words = append(words, v[0])
			}
		}
		want(t, name, s.Post(t, s.Mette, link.NewCheckIn(s.c.Ref), form), http.StatusUnprocessableEntity, words...)
	}
	form := s.checkInForm()
	for range 2 { // sent twice
		s.Post(t, s.Mette, link.NewCheckIn(s.c.Ref), form)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.check_in`); n != 1 {
		t.Errorf("%d check-ins", n)
	}
}

func TestACancelledCheckInNeedsItsReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Post(t, s.Mette, link.NewCheckIn(s.c.Ref), s.checkInForm())
	var id uuid.UUID
	s.Scan(t, []any{&id}, `SELECT id FROM app.check_in`)
	path := link.CheckIn(s.c.Ref, id) + "/aflys"
	want(t, "without", s.Post(t, s.Mette, path, url.Values{"version": {"1"}}), http.StatusUnprocessableEntity, "Skriv, hvorfor check-in aflyses")
	want(t, "by who is asked for advice", s.Post(t, s.Sara, path, url.Values{"version": {"1"}, "reason": {"x"}}), http.StatusForbidden)
	if a := s.Post(t, s.Mette, path, url.Values{"version": {"1"}, "reason": {"Borgeren er flyttet"}}); a.Status != http.StatusSeeOther {
		t.Errorf("with: %d", a.Status)
	}
	want(t, "after it", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Aflyst", "Borgeren er flyttet")
}

func TestNoAddressAndNoTitleNamesTheCitizen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Post(t, s.Mette, link.NewCheckIn(s.c.Ref), s.checkInForm())
	for _, path := range []string{link.SafetyPlan(s.c.Ref), link.EditSafetyPlan(s.c.Ref), link.NewCheckIn(s.c.Ref)} {
		title := regexp.MustCompile(`<title>([^<]*)`).FindStringSubmatch(s.Get(t, s.Mette, path).Body)
		if title == nil || strings.Contains(title[1], "Amira") || !strings.Contains(title[1], s.c.Number) {
			t.Errorf("%s: %v", path, title)
		}
	}
}
