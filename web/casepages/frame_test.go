package casepages_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestWhoeverRingsSeesWhatToSayIfSomebodyElseAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(t, `UPDATE app.safe_contact SET policy = 'via_partner', channel = 'Anders på skolen.', hours = 'Hverdage 9–14', never = 'Ring aldrig hjem.', cover = 'Tandplejen' WHERE case_id = $1`, s.c.ID)
	for name, path := range s.pages() {
		want(t, name, s.Get(t, s.Mette, s.path(path)), http.StatusOK, "Kun via samarbejdspartner. Ring aldrig hjem. Sådan: Anders på skolen. Hverdage 9–14. Hvis en anden svarer: Tandplejen.")
	}
}

func TestAPartnerIsRungFromTheirTask(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(t, `UPDATE app.contact_person SET phone = '00 12 34 56' WHERE id = $1`, s.partner.ID)
	want(t, "the task", s.Get(t, s.Mette, s.path("/netvaerk/"+s.part.String())), http.StatusOK, `href="tel:00123456"`, "Ret partnerens opgave", "Spurgt fordi", "planen kaldte på det")
	want(t, "the network", s.Get(t, s.Mette, s.path("/netvaerk")), http.StatusOK, "1 partner", "Spurgt, fordi planen kaldte på det.")
	want(t, "the overview", s.Get(t, s.Mette, s.path("")), http.StatusOK, "Se partneren")
}

func TestEveryPageOfACaseTellsWhereOneIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	current := regexp.MustCompile(`(?s)<nav class="tabs".*?</nav>`)
	mark := regexp.MustCompile(`(?s)aria-current="page"[^>]*>\s*([^<]*)`)
	for path, tab := range map[string]string{"": "Overblik", "/sikkerhedsplan": "Sikkerhed", "/sikkerhedsplan/ret": "Sikkerhed", "/sikkerhedsplan/kontrol/ny": "Sikkerhed",
		"/frister": "Frister", "/frister/ny": "Frister", "/haendelse": "Overblik", "/netvaerk": "Netværk og partnere"} {
		m := mark.FindAllStringSubmatch(html.UnescapeString(current.FindString(s.Get(t, s.Mette, s.path(path)).Body)), -1)
		if len(m) != 1 || strings.TrimSpace(m[0][1]) != tab {
			t.Errorf("%s: marked %q, want %q", path, m, tab)
		}
	}
}

func TestWhomWeWaitToHearFromTodayStandsFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := func() bool {
		body := s.Get(t, s.Mette, s.path("")).Body
		return strings.Index(body, `id="sikkerhed"`) < strings.Index(body, `id="mangler"`)
	}
	if first() {
		t.Error("nobody is waited for, and it stands first")
	}
	s.Exec(t, `INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES ($1, now() + interval '3 days', 30, 'Opkald', $2, 'Ring', $2)`, s.c.ID, s.Mette.UserID)
	if first() {
		t.Error("in three days, and it stands first already")
	}
	s.Exec(t, `UPDATE app.check_in SET agreed_at = now(), alarm_at = now() + interval '30 min'`)
	if !first() {
		t.Error("tonight's check-in does not stand first")
	}
}
