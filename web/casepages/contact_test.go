package casepages_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/web/webtest"
)

// number adds the number of somebody, and returns where it is asked about.
func (s *site) number(t *testing.T, person uuid.UUID, kind, text string) string {
	t.Helper()
	id := uuid.New()
	err := s.DB.InCase(t.Context(), s.Mette, s.c.At("fakta"), func(tx *db.Tx) error {
		return casefile.AddFact(t.Context(), tx, s.Keys, casefile.FactInput{ID: id, PersonID: person, Kind: kind, Text: text})
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.path("/fakta/" + id.String())
}

func (s *site) rules(t *testing.T, sql string) {
	t.Helper()
	s.Exec(t, `UPDATE app.safe_contact SET policy = 'normal', `+sql+` WHERE case_id = $1`, s.c.ID)
}

func without(t *testing.T, what string, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(html.UnescapeString(a.Body), w) {
			t.Errorf("%s: %q is on the page", what, w)
		}
	}
}

// inTwoDays is a window that is shut now.
const inTwoDays = `windows = jsonb_build_array(jsonb_build_object('days', to_char((now() + interval '2 days') AT TIME ZONE 'Europe/Copenhagen', 'ID'), 'from', '08:00', 'to', '09:00'))`

func TestAForbiddenHourIsAnInterruptionAndNoLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := s.number(t, s.c.CitizenID, "phone", "00 12 34 56")
	s.rules(t, `may_use = '{phone,third}', must_not = '{sms}', third = 'Anders Møller', channel = 'Skolens vejleder', `+inTwoDays)
	for _, page := range []string{"", "/netvaerk", "/sikker-kontakt"} {
		without(t, page, s.Get(t, s.Mette, s.path(page)), "00 12 34 56", "tel:", "sms:")
	}
	want(t, "the list", s.Get(t, s.Mette, s.path("/netvaerk")), 200, "Ikke nu")
	a := s.Get(t, s.Mette, ask)
	want(t, "the interruption", a, 200, "Vent", "Opkald:", "Ikke nu. Næste gang, det må ske, er", "Den vej må aldrig bruges", "Skolens vejleder", "Hvorfor må det ske alligevel?")
	without(t, "the interruption", a, "00 12 34 56", "tel:")
	key := uuid.NewString()
	a = s.Post(t, s.Mette, ask+"/vis", url.Values{"purpose": {"contact.phone"}, "key": {key}})
	want(t, "without a reason", a, http.StatusUnprocessableEntity, "Skriv, hvorfor det må ske alligevel", key)
	without(t, "without a reason", a, "00 12 34 56", "tel:")
	sent := url.Values{"purpose": {"contact.phone"}, "key": {key}, "reason": {"Hun bad selv om det i morges"}}
	a = s.Post(t, s.Mette, ask+"/vis", sent)
	want(t, "with one", a, 200, "00 12 34 56")
	without(t, "with one", a, "tel:", "Vis igen")
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Refresh") == "" {
		t.Errorf("the number stays: %q", a.Header.Get("Cache-Control"))
	}
	a = s.Post(t, s.Mette, ask+"/vis", sent) // "Back", and sent again
	want(t, "again", a, http.StatusSeeOther)
	without(t, "again", a, "00 12 34 56")
	a = s.Get(t, s.Mette, s.path("/journal"))
	want(t, "the timeline", a, 200, "Sikker kontakt er fraveget", "opkald")
	without(t, "the timeline", a, "00 12 34 56", "bad selv om det")
	want(t, "beside the rules", s.Get(t, s.Mette, s.path("/sikker-kontakt")), 200, "Fraveget", "Hun bad selv om det i morges", "Mette Lindhardt")
}

func TestAnAllowedHourIsALink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask, mail := s.number(t, s.c.CitizenID, "phone", "00 12 34 56"), s.number(t, s.c.CitizenID, "email", "amira@example.test")
	s.rules(t, `may_use = '{phone,sms,email}'`)
	without(t, "nothing to wait for", s.Get(t, s.Mette, ask), "Vent", `name="reason"`, "00 12 34 56")
	for purpose, href := range map[string]string{"phone": `href="tel:00123456"`, "sms": `href="sms:00123456"`} {
		want(t, purpose, s.Post(t, s.Mette, ask+"/vis", url.Values{"purpose": {"contact." + purpose}}), 200, href, "00 12 34 56", "Må gerne nu")
	}
	want(t, "a mail", s.Post(t, s.Mette, mail+"/vis", url.Values{"purpose": {"contact.email"}}), 200, `href="mailto:amira@example.test"`)
	a := s.Post(t, s.Mette, ask+"/vis", url.Values{"purpose": {"control"}})
	want(t, "no contact", a, 200, "00 12 34 56")
	without(t, "no contact", a, "tel:")
	if n := s.Count(t, `SELECT count(*) FROM app.contact_override`); n != 0 {
		t.Errorf("%d times set aside", n)
	}
}

func TestWhileTheGateIsShutTheFamilysNumberTakesNoReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := s.number(t, s.person, "phone", "00 65 43 21")
	a := s.Get(t, s.Mette, ask)
	want(t, "the interruption", a, 200, "Ingen kontakt til forældre og netværk, før risikoen er vurderet", "Porten åbner, når", s.path("/risiko"))
	without(t, "the interruption", a, "contact.phone", "00 65 43 21")
	a = s.Post(t, s.Mette, ask+"/vis", url.Values{"purpose": {"contact.phone"}, "reason": {"Det haster meget nu"}, "key": {uuid.NewString()}})
	want(t, "a reason", a, http.StatusUnprocessableEntity, "Her hjælper ingen begrundelse")
	without(t, "a reason", a, "00 65 43 21")
	s.Assess(t, s.c, "yellow")
	want(t, "assessed, but a threat", s.Get(t, s.Mette, ask), 200, "Personen truer borgeren", "contact.phone")
}

func TestTheStripSaysTheRuleOfNow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	strip := func(want string) {
		t.Helper()
		if body := html.UnescapeString(s.Get(t, s.Mette, s.path("/borger")).Body); !strings.Contains(body, want) {
			t.Errorf("the strip does not say %q", want)
		}
	}
	strip("Ikke afklaret: spørg, før du kontakter")
	s.rules(t, `may_use = '{phone,third}', third = 'Anders Møller'`)
	strip("Må kontaktes nu: opkald, gennem Anders Møller.")
	s.rules(t, inTwoDays)
	strip("Ikke nu: først ")
	s.rules(t, `may_use = '{}', must_not = '{phone,sms,email,letter,digital_post,third,visit}'`)
	strip("Ingen vej er tilladt")
}

func TestTheRulesOfContactAreWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	in := url.Values{"version": {"1"}, "policy": {"normal"}, "use_phone": {"yes"}, "use_sms": {"never"}, "use_third": {"yes"}, "w1_is": {"1"}, "w1_days": {"1", "2"}, "w1_from": {"kl. 8"}, "w1_to": {"25"}, "w2_is": {"1"}}
	a := s.Post(t, s.Mette, s.path("/sikker-kontakt"), in)
	want(t, "what is missing", a, http.StatusUnprocessableEntity, "Skriv et klokkeslæt", `href="#w1_to"`, "Skriv, hvem der bringer beskeden", `value="kl. 8"`, `value="25"`)
	in.Set("w1_to", "15.30")
	in.Set("third", "Anders Møller")
	want(t, "saved", s.Post(t, s.Mette, s.path("/sikker-kontakt"), in), http.StatusSeeOther)
	a = s.Get(t, s.Mette, s.path("/sikker-kontakt"))
	want(t, "as it stands", a, 200, `value="8.00"`, `value="15.30"`, "Anders Møller", "Tid 2")
	if n := s.Count(t, `SELECT count(*) FROM app.safe_contact WHERE windows = '[{"days": "12", "from": "08:00", "to": "15:30"}]' AND may_use = '{phone,third}' AND must_not = '{sms}'`); n != 1 {
		t.Error("the row is another")
	}
	in.Set("use_phone", "never")
	want(t, "somebody was first", s.Post(t, s.Mette, s.path("/sikker-kontakt"), in), http.StatusConflict, "Aldrig: opkald, SMS")
	in.Set("version", "2")
	in.Set("policy", "none_written")
	in.Set("use_email", "yes")
	want(t, "against what was promised", s.Post(t, s.Mette, s.path("/sikker-kontakt"), in), http.StatusUnprocessableEntity, "Du har valgt »Ingen skriftlig kontakt«")
}

// "Only in person" with calls allowed is refused beside the way, and nothing that was typed is lost.
func TestAPolicyThatTheWaysContradictIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.number(t, s.c.CitizenID, "phone", "00 12 34 56")
	for policy, says := range map[string]string{"in_person": "Så må kun besøg bruges", "via_partner": "kun nås gennem en navngiven person", "phone_agreed": "Skriv tiden nedenfor"} {
		in := url.Values{"version": {"1"}, "policy": {policy}, "use_phone": {"yes"}, "never": {"Ring aldrig til hjemmet"}, "cover": {"Tandplejen"}}
		want(t, policy, s.Post(t, s.Mette, s.path("/sikker-kontakt"), in), http.StatusUnprocessableEntity, says, `href="#use_phone"`, `value="`+policy+`" checked`, "Ring aldrig til hjemmet", "Tandplejen")
	}
	in := url.Values{"version": {"1"}, "policy": {"normal"}, "never": {"Ring aldrig"}, "channel": {"Ring på 0012 3456, men ikke efter kl. 16"}}
	want(t, "a number in the words", s.Post(t, s.Mette, s.path("/sikker-kontakt"), in), http.StatusUnprocessableEntity, "Her står en beskyttet oplysning", `href="#channel"`, "men ikke efter kl. 16", "Ring aldrig")
	without(t, "the strip", s.Get(t, s.Mette, s.path("")), "3456")
}

// What stood in the case before the form asked is judged as strictly: no link, at whatever hour.
func TestAnOldPolicyIsKeptToo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := s.number(t, s.c.CitizenID, "phone", "00 12 34 56")
	s.Exec(t, `ALTER TABLE app.safe_contact DROP CONSTRAINT policy_is_kept`)
	for policy, why := range map[string]string{"in_person": "kun kontaktes personligt", "via_partner": "aldrig direkte", "phone_agreed": "ikke aftalt nogen telefontid"} {
		s.Exec(t, `UPDATE app.safe_contact SET policy = $2, may_use = '{phone}' WHERE case_id = $1`, s.c.ID, policy)
		without(t, policy, s.Get(t, s.Mette, s.path("")), "Må kontaktes nu", "tel:")
		want(t, policy, s.Get(t, s.Mette, ask), 200, "Vent", why)
		a := s.Post(t, s.Mette, ask+"/vis", url.Values{"purpose": {"contact.phone"}, "key": {uuid.NewString()}, "reason": {"Hun bad selv om det i morges"}})
		want(t, policy, a, 200, "00 12 34 56")
		without(t, policy, a, "tel:")
	}
}

// Who was told that safe contact was set aside finds the reason, and no form.
func TestTheLeadReadsWhySafeContactWasSetAside(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := s.number(t, s.c.CitizenID, "phone", "00 12 34 56")
	s.rules(t, `must_not = '{phone}'`)
	want(t, "before", s.Get(t, s.Jonas, s.path("/sikker-kontakt")), 200, "Reglerne er ikke fraveget")
	want(t, "set aside", s.Post(t, s.Mette, ask+"/vis", url.Values{"purpose": {"contact.phone"}, "key": {uuid.NewString()}, "reason": {"Hun bad selv om det i morges"}}), 200)
	want(t, "the notice", s.Get(t, s.Jonas, "/beskeder"), 200, "Sikker kontakt er fraveget mod et forbud", s.path("/sikker-kontakt"))
	a := s.Get(t, s.Jonas, s.path("/sikker-kontakt"))
	want(t, "the reason", a, 200, "Fraveget", "Hun bad selv om det i morges", "Mette Lindhardt")
	without(t, "the reason", a, `name="policy"`, "00 12 34 56")
	want(t, "who was asked for advice", s.Get(t, s.Sara, s.path("/sikker-kontakt")), http.StatusNotFound)
}
