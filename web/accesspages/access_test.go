package accesspages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// site is a running site with a case of Mette's that Dennis is excluded from, Sara advises in and Hüseyin works on.
func site(t *testing.T) (*webtest.Site, testkit.CaseFile, string) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1, s.Dennis)
	s.Grant(t, c, s.Sara, "consulted")
	s.Grant(t, c, s.Huseyin, "coworker")
	return s, c, "/sager/" + c.Ref
}

func want(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("status %d, want %d", a.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("%q is not there", w)
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body, w) {
			t.Errorf("%q is there", w)
		}
	}
}

func TestWhoMayAndWhoDid(t *testing.T) {
	s, _, at := site(t)
	s.Get(t, s.Sara, at+"/adgang")
	s.Get(t, s.Dennis, at+"/adgang")
	for _, who := range []actor.Actor{s.Mette, s.Jonas} {
		a := s.Get(t, who, at+"/adgang")
		want(t, a, http.StatusOK, "Mette Lindhardt", "Sara El-Khatib", "Hüseyin Doğan", "Jonas Brandt-Holm", `id="kig"`, `id="udelukket"`, "Dennis Kjær", "/adgang/fjern/", "/adgang/overdrag", "/luk", "forgæves forsøg")
	}
	for _, who := range []actor.Actor{s.Sara, s.Huseyin} { // who works on it sees who may, not who did, nor who is excluded
		a := s.Get(t, who, at+"/adgang")
		want(t, a, http.StatusOK, "Mette Lindhardt", "/adgang/inhabil")
		lacks(t, a, `id="kig"`, `id="udelukket"`, "Dennis Kjær", "/adgang/fjern/", "/adgang/overdrag", "/adgang/niveau")
	}
	for _, who := range []actor.Actor{s.Dennis, s.Anders, s.Lone, s.Karen} {
		want(t, s.Get(t, who, at+"/adgang"), http.StatusNotFound)
	}
	want(t, s.Get(t, s.Mette, at+"/adgang?periode=aar"), http.StatusOK, `aria-current="true"`)
}

// Every action: shown to those who may, refused to the others, and said beside the field what is missing.
func TestActionsAreForThoseWhoManage(t *testing.T) {
	s, _, at := site(t)
	sara := s.Sara.UserID.String()
	for _, path := range []string{"/adgang/fjern/" + sara, "/adgang/overdrag", "/adgang/udeluk", "/adgang/ophaev/" + s.Dennis.UserID.String(), "/adgang/niveau", "/luk"} {
		want(t, s.Get(t, s.Mette, at+path), http.StatusOK, `name="reason"`)
		a := s.Post(t, s.Mette, at+path, url.Values{})
		want(t, a, http.StatusUnprocessableEntity, `id="esum-h"`, "<title>Fejl:")
		for _, who := range []actor.Actor{s.Sara, s.Huseyin} {
			want(t, s.Get(t, who, at+path), http.StatusNotFound)
			want(t, s.Post(t, who, at+path, url.Values{"reason": {"x"}, "person": {sara}, "level": {"0"}, "code": {"other"}, "seen": {"1"}}), http.StatusForbidden)
		}
		for _, who := range []actor.Actor{s.Dennis, s.Anders, s.Lone} {
			want(t, s.Get(t, who, at+path), http.StatusNotFound)
			want(t, s.Post(t, who, at+path, url.Values{"reason": {"x"}}), http.StatusNotFound)
		}
	}
	want(t, s.Get(t, s.Sara, at+"/adgang/giv"), http.StatusNotFound)
	want(t, s.Post(t, s.Sara, at+"/adgang/giv", url.Values{"reason": {"x"}, "person": {sara}}), http.StatusForbidden)
	want(t, s.Get(t, s.Mette, at+"/adgang/fjern/"+s.Mette.UserID.String()), http.StatusNotFound)
	want(t, s.Get(t, s.Mette, at+"/adgang/ophaev/"+sara), http.StatusNotFound)
}

func TestGivingAccessByForm(t *testing.T) {
	s, c, at := site(t)
	in := url.Values{"person": {s.Anders.UserID.String()}, "kind": {"lead"}, "reason": {"Følger sagen under barsel"}, "until": {""}}
	bad := url.Values{"person": {""}, "kind": {"consulted"}, "until": {"32.13.2026"}, "reason": {"Skrevet i forvejen"}}
	want(t, s.Post(t, s.Mette, at+"/adgang/giv", bad), http.StatusUnprocessableEntity, "Vælg en kollega", "32.13.2026", "Skrevet i forvejen", `href="#until"`)
	a := s.Post(t, s.Mette, at+"/adgang/giv", in)
	if want(t, a, http.StatusSeeOther); a.Location() != at+"/adgang" {
		t.Errorf("to %s", a.Location())
	}
	want(t, s.Get(t, s.Anders, at+"/adgang"), http.StatusOK, "Anders Lund", "Navngiven leder", "Følger sagen under barsel")

	// whoever is excluded is not among those to choose from for those who know, and cannot be chosen by anybody
	form := s.Get(t, s.Mette, at+"/adgang/giv")
	want(t, form, http.StatusOK, "Sara El-Khatib, Ressourceperson (Rådspurgt)")
	lacks(t, form, "Dennis Kjær", "Lone Friis")
	in.Set("person", s.Dennis.UserID.String())
	want(t, s.Post(t, s.Mette, at+"/adgang/giv", in), http.StatusUnprocessableEntity)

	// a co-worker asks for advice, and nothing else, whatever the form says
	advice := s.Get(t, s.Huseyin, at+"/adgang/giv")
	want(t, advice, http.StatusOK, "Spørg en kollega til råds")
	lacks(t, advice, `name="kind"`)
	s.Exec(t, `UPDATE app.case_grant SET revoked_at = now() WHERE user_id = $1`, s.Sara.UserID)
	want(t, s.Post(t, s.Huseyin, at+"/adgang/giv", url.Values{"person": {s.Sara.UserID.String()}, "kind": {"lead"}, "reason": {"Er vi på rette vej?"}}), http.StatusSeeOther)
	if n := s.Count(t, `SELECT count(*) FROM app.case_grant WHERE case_id = $1 AND user_id = $2 AND kind = 'consulted' AND revoked_at IS NULL`, c.ID, s.Sara.UserID); n != 1 {
		t.Error("the advice is not an advice")
	}
	want(t, s.Post(t, s.Mette, at+"/adgang/fjern/"+s.Sara.UserID.String(), url.Values{"reason": {"Svaret er givet"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Sara, at+"/adgang"), http.StatusNotFound)
}

func TestHandingOverByForm(t *testing.T) {
	s, _, at := site(t)
	form := s.Get(t, s.Mette, at+"/adgang/overdrag")
	want(t, form, http.StatusOK, "Hüseyin Doğan", "Anders Lund")
	lacks(t, form, `value="`+s.Sara.UserID.String()+`"`, `value="`+s.Mette.UserID.String()+`"`) // a specialist answers for no case
	in := url.Values{"person": {s.Huseyin.UserID.String()}, "stay": {"1"}, "reason": {"Fylder 18"}}
	a := s.Post(t, s.Mette, at+"/adgang/overdrag", in)
	if want(t, a, http.StatusSeeOther); a.Location() != at+"/adgang" {
		t.Errorf("who stays comes back to %s", a.Location())
	}
	want(t, s.Get(t, s.Mette, at+"/adgang/overdrag"), http.StatusNotFound)
	in = url.Values{"person": {s.Anders.UserID.String()}, "reason": {"Barsel"}}
	if a := s.Post(t, s.Huseyin, at+"/adgang/overdrag", in); a.Status != http.StatusSeeOther || a.Location() != "/sager" {
		t.Errorf("who gives the case away comes to %s, %d", a.Location(), a.Status)
	}
}

func TestExcludingByForm(t *testing.T) {
	s, _, at := site(t)
	want(t, s.Post(t, s.Mette, at+"/adgang/udeluk", url.Values{"person": {s.Huseyin.UserID.String()}, "reason": {"Onkel"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Huseyin, at+"/adgang"), http.StatusNotFound)
	want(t, s.Get(t, s.Mette, at+"/adgang"), http.StatusOK, "Adgangen virker ikke", "Onkel")

	want(t, s.Get(t, s.Sara, at+"/adgang/inhabil"), http.StatusOK)
	want(t, s.Post(t, s.Sara, at+"/adgang/inhabil", url.Values{}), http.StatusUnprocessableEntity)
	if a := s.Post(t, s.Sara, at+"/adgang/inhabil", url.Values{"reason": {"Nabo"}}); a.Status != http.StatusSeeOther || a.Location() != "/sager" {
		t.Errorf("%d to %s", a.Status, a.Location())
	}
	want(t, s.Get(t, s.Sara, at+"/adgang"), http.StatusNotFound)

	// Who manages the case does not lose it by a wrong choice in the list: disqualifying oneself is another form.
	me := s.Mette.UserID.String()
	lacks(t, s.Get(t, s.Mette, at+"/adgang/udeluk"), `value="`+me+`"`)
	want(t, s.Post(t, s.Mette, at+"/adgang/udeluk", url.Values{"person": {me}, "reason": {"Nabo"}}), http.StatusUnprocessableEntity, "Du kan ikke udelukke dig selv her", "Nabo")
	want(t, s.Get(t, s.Mette, at+"/adgang"), http.StatusOK)

	lift := at + "/adgang/ophaev/" + s.Sara.UserID.String()
	want(t, s.Post(t, s.Mette, lift, url.Values{"reason": {"Flyttet"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Sara, at+"/adgang"), http.StatusNotFound)
	want(t, s.Get(t, s.Jonas, lift), http.StatusOK, "Mette Lindhardt har bedt om at ophæve udelukkelsen", "Flyttet")
	want(t, s.Post(t, s.Jonas, lift, url.Values{"reason": {"Enig"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Sara, at+"/adgang"), http.StatusOK)
}

func TestSealingByForm(t *testing.T) {
	s, c, at := site(t)
	want(t, s.Get(t, s.Jonas, at+"/adgang/niveau"), http.StatusOK, "mister du selv adgangen")
	lacks(t, s.Get(t, s.Mette, at+"/adgang/niveau"), "mister du selv adgangen")
	if a := s.Post(t, s.Jonas, at+"/adgang/niveau", url.Values{"level": {"2"}, "reason": {"Trusler"}}); a.Status != http.StatusSeeOther || a.Location() != "/sager" {
		t.Errorf("the unnamed lead: %d to %s", a.Status, a.Location())
	}
	want(t, s.Get(t, s.Jonas, at+"/adgang"), http.StatusNotFound)
	s.Grant(t, c, s.Anders, "lead")
	want(t, s.Post(t, s.Mette, at+"/adgang/niveau", url.Values{"level": {"1"}, "reason": {"Faldet til ro"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Mette, at+"/adgang"), http.StatusOK, "Kun navngivne", "skal sige ja")
	want(t, s.Get(t, s.Anders, at+"/adgang"), http.StatusOK, "Tag stilling", "Faldet til ro")
	want(t, s.Get(t, s.Anders, at+"/adgang/niveau"), http.StatusOK, "Lemp skærmningen")
	want(t, s.Post(t, s.Anders, at+"/adgang/niveau", url.Values{"level": {"1"}, "reason": {"Enig"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Jonas, at+"/adgang"), http.StatusOK)
}

func TestClosingByForm(t *testing.T) {
	s, c, at := site(t)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red' WHERE id = $1`, c.ID)
	a := s.Get(t, s.Mette, at+"/luk")
	want(t, a, http.StatusOK, "Er borgeren i sikkerhed?", `name="seen"`, "Målene er nået")
	want(t, s.Post(t, s.Mette, at+"/luk", url.Values{"code": {"moved"}, "reason": {"Flyttet til Aarhus"}}), http.StatusUnprocessableEntity, "Flyttet til Aarhus", `href="#seen"`)
	want(t, s.Post(t, s.Mette, at+"/luk", url.Values{"code": {"moved"}, "reason": {"Flyttet"}, "seen": {"1"}}), http.StatusSeeOther)
	want(t, s.Post(t, s.Mette, at+"/luk", url.Values{"code": {"moved"}, "reason": {"Flyttet igen"}, "seen": {"1"}}), http.StatusConflict, "Flyttet igen", "Genåbn sagen")
	lacks(t, s.Get(t, s.Mette, at), "..") // a short month ends in a full stop of its own
	want(t, s.Post(t, s.Mette, at+"/luk/genaabn", url.Values{}), http.StatusUnprocessableEntity)
	for _, who := range []actor.Actor{s.Sara, s.Huseyin} {
		want(t, s.Post(t, who, at+"/luk/genaabn", url.Values{"reason": {"x"}}), http.StatusForbidden)
	}
	want(t, s.Post(t, s.Dennis, at+"/luk/genaabn", url.Values{"reason": {"x"}}), http.StatusNotFound)
	want(t, s.Post(t, s.Mette, at+"/luk/genaabn", url.Values{"reason": {"Tilbage"}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Mette, at+"/luk"), http.StatusOK, "Flyttet, overdraget til en anden kommune", "Tilbage", "Luk sagen?")
}

// The pages read their case in the round trips that a page has, also with a long history.
func TestAccessPageIsQuick(t *testing.T) {
	s, c, at := site(t)
	s.Exec(t, `INSERT INTO audit.event (stream, seq, at, actor, action, case_id, object, detail_hash, prev_hash, hash)
		SELECT 'case:' || $1::uuid::text, 1000 + n, now() - n * interval '7 min', $2, 'case.open', $1::uuid, 'task:journal', '\x', '\x', '\x' FROM generate_series(1, 5000) n`, c.ID, s.Huseyin.UserID)
	began := time.Now()
	want(t, s.Get(t, s.Mette, at+"/adgang?periode=aar"), http.StatusOK)
	if d := time.Since(began); d > 2*time.Second {
		t.Errorf("5000 looks take %s", d)
	}
}

// Who closes a case is told what nobody waits for any more, before they do it.
func TestWhoClosesACaseSeesTheCheckInsThatEndWithIt(t *testing.T) {
	s, c, at := site(t)
	closing := url.Values{"code": {"moved"}, "reason": {"Flyttet"}}
	lacks(t, s.Get(t, s.Mette, at+"/luk"), "aflyses, når du lukker", "løber. De", `name="seen"`)
	s.Exec(t, `INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by)
		VALUES ($1, now() + interval '1 day', 30, 'Opkald fra skolen', $2, 'Ring til vagten', $2)`, c.ID, s.Mette.UserID)
	want(t, s.Get(t, s.Mette, at+"/luk"), http.StatusOK, "1 check-in aflyses, når du lukker sagen", " kl. ", "Opkald fra skolen", "Så venter ingen på at høre fra borgeren", `name="seen"`)
	want(t, s.Post(t, s.Mette, at+"/luk", closing), http.StatusUnprocessableEntity, `href="#seen"`, "Opkald fra skolen")
	if n := s.Count(t, `SELECT count(*) FROM app.check_in WHERE status = 'agreed'`); n != 1 {
		t.Fatal("cancelled before anybody has said that they have seen it")
	}
	s.Exec(t, `INSERT INTO app.deadline (case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES ($1, 'BFU_4M', 'decision', now(), now(), 4, 'months', 'x', 'x', 'x', false, 'law', false, false, false, now() + interval '9 days', $2)`, c.ID, s.Mette.UserID)
	want(t, s.Get(t, s.Mette, at+"/luk"), http.StatusOK, "1 frist løber", at+"/frister")
	closing.Set("seen", "1")
	want(t, s.Post(t, s.Mette, at+"/luk", closing), http.StatusSeeOther)
	if n := s.Count(t, `SELECT count(*) FROM app.check_in WHERE status = 'cancelled' AND words = 'case_closed'`); n != 1 {
		t.Error("the check-in waits in a closed case")
	}
}
