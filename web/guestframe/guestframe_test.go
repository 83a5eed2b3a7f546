package guestframe_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// door is a site with a partner who has a link.
type door struct {
	*webtest.Site
	part    uuid.UUID
	contact testkit.Contact
	link    testkit.GuestLink
	caseID  uuid.UUID
}

func newDoor(t *testing.T) door {
	t.Helper()
	d := door{Site: webtest.New(t), part: uuid.New()}
	c := d.Case(t, d.Mette, 1)
	d.caseID, d.contact = c.ID, d.Partner(t, "police", "Fjordegnens Politi", "Rikke Holm")
	d.Exec(t, `INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, $4, 'x', 'ad_hoc', $5)`,
		d.part, c.ID, d.contact.OrganisationID, d.contact.ID, d.Mette.UserID)
	d.link = d.GuestLink(t, c.ID, d.contact.ID, "involvement", d.part)
	return d
}

// cookie is the cookie of a guest who has just come in.
func cookie(a webtest.Answer) *http.Cookie {
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == "guest" {
			return c
		}
	}
	return nil
}

// A mail scanner opens every link it sees. It meets the question for a code, and nothing has happened.
func TestOpeningALinkDoesNothingButAskForTheCode(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	rows := func() int {
		return d.Count(t, `SELECT (SELECT count(*) FROM audit.event) + (SELECT sum(openings) FROM app.guest_link) + (SELECT count(*) FROM auth.login_failure) + (SELECT count(*) FROM app.case_event)`)
	}
	before := rows()
	a := d.Get(t, actor.Actor{}, link.Guest(d.link.Token))
	if a.Status != http.StatusOK || !strings.Contains(a.Body, `name="code"`) || strings.Contains(a.Body, "Politi") || strings.Contains(a.Body, "Rikke") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("Cache-Control") != "no-store" || len(a.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("%v", a.Header)
	}
	unknown := strings.Repeat("x", 32)
	if b := d.Get(t, actor.Actor{}, link.Guest(unknown)); b.Status != a.Status || strings.ReplaceAll(b.Body, unknown, d.link.Token) != a.Body {
		t.Errorf("an unknown link shows another page: %d", b.Status)
	}
	if n := rows(); n != before {
		t.Errorf("%d rows before, %d after", before, n)
	}
}

// Wrong, used up, over, revoked or unknown: one answer.
func TestTheDoorDoesNotSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	answer := func(token, code string) string {
		a := d.Post(t, actor.Actor{}, link.Guest(token), url.Values{"code": {code}})
		a.Header.Del("Date")
		if a.Status != http.StatusUnprocessableEntity || cookie(a) != nil {
			t.Errorf("%q: %d, %v", code, a.Status, a.Header)
		}
		return strings.ReplaceAll(a.Body, token, "TOKEN")
	}
	want := answer(strings.Repeat("x", 32), "123456")
	for what, got := range map[string]string{"a wrong code": answer(d.link.Token, "nope"), "no code": answer(d.link.Token, ""), "a short link": answer("short-link", d.link.Code)} {
		if got != want {
			t.Errorf("%s has a page of its own", what)
		}
	}
	for _, sql := range []string{`UPDATE app.guest_link SET expires_at = now()`, `UPDATE app.guest_link SET revoked_at = now(), expires_at = now() + interval '1 day'`} {
		d.Exec(t, sql)
		if got := answer(d.link.Token, d.link.Code); got != want {
			t.Errorf("%s: a page of its own", sql)
		}
	}
}

func TestTheCodeLetsOneBrowserInOnce(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	here := link.Guest(d.link.Token)
	a := d.Post(t, actor.Actor{}, here, url.Values{"code": {d.link.Code[:3] + " " + d.link.Code[3:]}})
	c := cookie(a)
	if a.Location() != here || c == nil || c.Path != here || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 0 || strings.Contains(c.Value, d.link.Token) {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'guest.opened' AND contact_id = $2 AND actor IS NULL`, d.caseID, d.contact.ID); n != 1 {
		t.Errorf("%d openings on the timeline", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'guest.opened' AND object = $2`, d.caseID, d.link.ID.String()); n != 1 {
		t.Errorf("%d openings in the trail", n)
	}
	if a := d.Post(t, actor.Actor{}, here, url.Values{"code": {d.link.Code}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the code works twice: %d", a.Status)
	}
	if a := d.PostWith(t, actor.Actor{}, here+"/luk", nil, c); a.Status != http.StatusOK || cookie(a) == nil || cookie(a).MaxAge >= 0 {
		t.Errorf("closing: %d %v", a.Status, a.Header)
	}
	if n := d.Count(t, `SELECT count(*) FROM auth.guest_key WHERE session_hash IS NOT NULL`); n != 0 {
		t.Error("the session goes on after the page was closed")
	}
	d.PostGuest(t, &d.link)
	in := cookie(d.Post(t, actor.Actor{}, here, url.Values{"code": {d.link.Code}}))
	d.Exec(t, `UPDATE app.guest_link SET revoked_at = now()`)
	if a := d.PostWith(t, actor.Actor{}, here+"/luk", nil, in); a.Status != http.StatusOK {
		t.Errorf("closing what is over: %d", a.Status)
	}
}

// A link comes out of a mail that another site shows; a form of another site still does nothing.
func TestALinkMayBeOpenedFromAMail(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for method, want := range map[string]int{http.MethodGet: http.StatusOK, http.MethodPost: http.StatusForbidden} {
		r, _ := http.NewRequestWithContext(t.Context(), method, d.URL+link.Guest(d.link.Token), strings.NewReader("code="+d.link.Code))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != want || (want == http.StatusOK) != strings.Contains(body.String(), `name="code"`) {
			t.Errorf("%s: %d", method, resp.StatusCode)
		}
	}
}

func TestTheLogHoldsNoLink(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(old) })
	d := newDoor(t)
	d.Exec(t, `ALTER FUNCTION auth.guest_enter(text, text, text, text) RENAME TO broken; ALTER FUNCTION auth.guest_begin(text, text) RENAME TO broken`)
	d.Post(t, actor.Actor{}, link.Guest(d.link.Token), url.Values{"code": {d.link.Code}})
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+link.Guest(d.link.Token), nil)
	r.AddCookie(&http.Cookie{Name: "guest", Value: "x"})
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if log.Len() == 0 || resp.StatusCode < 500 || strings.Contains(log.String(), d.link.Token) || strings.Contains(log.String(), d.link.Code) {
		t.Errorf("%d: %s", resp.StatusCode, log.String())
	}
}

// The letter says in which language the page opens; what the guest chooses counts for more.
func TestThePageOpensInTheLanguageOfTheLetter(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	a := d.Get(t, actor.Actor{}, link.Guest(d.link.Token)+"?lang=en")
	kept := ""
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == "lang" {
			kept = c.Value
		}
	}
	if !strings.Contains(a.Body, `lang="en"`) || kept != "en" {
		t.Errorf("kept %q, %s", kept, a.Body)
	}
	for path, given := range map[string]*http.Cookie{link.Guest(d.link.Token) + "?lang=en": {Name: "lang", Value: "da"}, "/log-ind?lang=en": nil, link.Guest(d.link.Token) + "?lang=xx": nil} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+path, nil)
		if given != nil {
			r.AddCookie(given)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		_, _ = b.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		if !strings.Contains(b.String(), `<html lang="da"`) {
			t.Errorf("%s is not in Danish", path)
		}
	}
}

// Who has no code asks to be called. The answer is one page, whatever the link is, and nobody's line of the directory stands on it.
func TestAskingForACallSaysNothingAboutTheLink(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	ask := func(token string) string {
		a := d.Post(t, actor.Actor{}, link.Guest(token)+"/ring", nil)
		if a.Status != http.StatusOK || cookie(a) != nil || strings.Contains(a.Body, "Rikke") || strings.Contains(a.Body, "00 12") {
			t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
		}
		return strings.ReplaceAll(a.Body, token, "TOKEN")
	}
	want := ask(strings.Repeat("x", 32))
	for range 15 {
		if ask(d.link.Token) != want {
			t.Fatal("a link has a page of its own")
		}
	}
	d.Exec(t, `UPDATE app.guest_link SET revoked_at = now()`)
	if ask(d.link.Token) != want {
		t.Error("a link that is over has a page of its own")
	}
	if a := d.Get(t, actor.Actor{}, link.Guest(d.link.Token)); strings.Count(a.Body, "/ring") != 1 || strings.Count(a.Body, `name="code"`) != 1 {
		t.Errorf("the door offers something else: %s", a.Body)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'guest.call_asked' AND to_user = $1`, d.Mette.UserID); n != 1 {
		t.Errorf("%d notices", n)
	}
}
