package remindpages_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/signin"
	"samspil/internal/testkit"
	"samspil/web"
	"samspil/web/link"
	"samspil/web/webtest"
)

var (
	address = regexp.MustCompile(`value="(https?://[^/"]+)(/kalender/[\w-]{43}\.ics)"`)
	version = regexp.MustCompile(`name="version" value="(\d+)"`)
)

// form is the form of the page as it stands: what it carries of the feed there is.
func form(t *testing.T, s *webtest.Site, who actor.Actor) url.Values {
	t.Helper()
	m := version.FindStringSubmatch(s.Get(t, who, link.Calendar).Body)
	if m == nil {
		t.Fatal("the page has no form")
	}
	return url.Values{"version": {m[1]}}
}

// makeFeed makes somebody's feed and returns the path of the address that the page shows.
func makeFeed(t *testing.T, s *webtest.Site, who actor.Actor) string {
	t.Helper()
	a := s.Post(t, who, link.Calendar, form(t, s, who))
	m := address.FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || m == nil {
		t.Fatalf("%d without an address: %s", a.Status, a.Body)
	}
	if m[1] != s.URL || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" || a.Location() != "" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("the address %s is shown with %v", m[1], a.Header)
	}
	return m[2]
}

// due puts open steps of somebody, due at noon in so many days, into the first phase of a plan that begins with them.
func due(t *testing.T, s *webtest.Site, c testkit.CaseFile, who actor.Actor, days ...int) {
	t.Helper()
	p, phase := uuid.New(), uuid.New()
	s.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ($1, $2, $3)`, p, c.ID, who.UserID)
	s.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'Straks', 1)`, phase, c.ID, p)
	for _, n := range days {
		s.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, due_at, responsible_user, created_by)
			VALUES (gen_random_uuid(), $1, $2, 1, 'Ring til Amira på 00 12 34 56, Skovvej 1', ((app._day(now()) + $3::int) + time '12:00') AT TIME ZONE 'Europe/Copenhagen', $4, $4)`, c.ID, phase, n, who.UserID)
	}
}

// whole is every line that a feed may have, in its order: whatever else came into it would be a leak.
func whole(title string) *regexp.Regexp {
	return regexp.MustCompile(`^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:-//Samspil//Samspil//DA\r\nMETHOD:PUBLISH\r\n` +
		`(BEGIN:VEVENT\r\nUID:[0-9a-f]{64}\r\nDTSTAMP:\d{8}T\d{6}Z\r\nDTSTART;VALUE=DATE:\d{8}\r\nDTEND;VALUE=DATE:\d{8}\r\nTRANSP:TRANSPARENT\r\nSUMMARY:` + title + `\r\nEND:VEVENT\r\n)*END:VCALENDAR\r\n$`)
}

func TestACalendarSaysHowManyAndNothingElse(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	due(t, s, c, s.Mette, 3, 3, 5, 90)
	path := makeFeed(t, s, s.Mette)
	if b := s.Get(t, s.Mette, link.Calendar).Body; strings.Contains(b, path) || address.MatchString(b) || !strings.Contains(b, "Ingen kalender har hentet den") {
		t.Error("the address is shown twice, or a feed that nobody fetched was read")
	}

	a := s.Get(t, actor.Actor{}, path)
	h := a.Header
	if a.Status != http.StatusOK || h.Get("Content-Type") != "text/calendar; charset=utf-8" || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" ||
		!strings.Contains(h.Get("X-Robots-Tag"), "noindex") || h.Get("Set-Cookie") != "" || h.Get("ETag") != "" {
		t.Errorf("%d %v", a.Status, h)
	}
	if !whole(`(1 frist|\d+ frister) i Samspil`).MatchString(a.Body) {
		t.Errorf("the file has more than it may:\n%s", a.Body)
	}
	for _, word := range []string{c.Ref, c.Number, c.ID.String(), s.Mette.UserID.String(), "amira", "saleh", "ring", "skovvej", "mette", "sag", "borger", "straks", "http", "/"} {
		if text := strings.ReplaceAll(a.Body, "-//Samspil//Samspil//DA", ""); word != "" && strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
			t.Errorf("the file has %q", word)
		}
	}
	for _, line := range strings.SplitAfter(a.Body, "\n") {
		if len(line) > 77 || line != "" && !strings.HasSuffix(line, "\r\n") {
			t.Errorf("RFC 5545, 3.1: %q", line)
		}
	}
	parsed, err := ics.ParseCalendar(strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	var today time.Time
	s.Scan(t, []any{&today}, `SELECT app._day(now())`)
	var got []string
	uids := map[string]bool{}
	for _, e := range parsed.Events() {
		from, err := e.GetAllDayStartAt()
		to, err2 := e.GetAllDayEndAt()
		stamp, err3 := e.GetDtStampTime()
		if err != nil || err2 != nil || err3 != nil || to.Sub(from) != 24*time.Hour || time.Since(stamp) > time.Hour || time.Until(stamp) > time.Hour {
			t.Errorf("%v to %v, counted %v: %v %v %v", from, to, stamp, err, err2, err3)
		}
		uids[e.Id()] = true
		got = append(got, fmt.Sprintf("%d: %s", int(from.Sub(today).Hours()/24), e.GetProperty(ics.ComponentPropertySummary).Value))
	}
	if strings.Join(got, ", ") != "3: 2 frister i Samspil, 5: 1 frist i Samspil" || len(uids) != 2 {
		t.Errorf("the calendar shows %q with %d ids", got, len(uids))
	}
	if b := s.Get(t, s.Mette, link.Calendar).Body; !strings.Contains(b, "Sidst hentet") {
		t.Error("the page does not say that it was fetched")
	}

	s.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, s.Mette.UserID)
	again := s.Get(t, actor.Actor{}, path).Body
	if !whole(`(1 deadline|\d+ deadlines) in Samspil`).MatchString(again) {
		t.Errorf("in English:\n%s", again)
	}
	for uid := range uids {
		if !strings.Contains(again, "UID:"+uid+"\r\n") {
			t.Errorf("the event %s has another id the next time", uid)
		}
	}
	s.Exec(t, `UPDATE app.plan_step SET status = 'done', done_at = now(), done_by = $2 WHERE case_id = $1`, c.ID, s.Mette.UserID)
	if b := s.Get(t, actor.Actor{}, path).Body; b != "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Samspil//Samspil//DA\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n" {
		t.Errorf("with nothing due:\n%s", b)
	}
}

// Whatever is wrong with an address, the answer is the same one.
func TestAWrongCalendarAddressTellsNothing(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	replaced := makeFeed(t, s, s.Mette)
	revoked := makeFeed(t, s, s.Mette)
	if a := s.Post(t, s.Mette, link.EndCalendar, nil); a.Status != http.StatusSeeOther || a.Location() != link.Calendar {
		t.Fatalf("closing answers %d %s", a.Status, a.Location())
	}
	left := makeFeed(t, s, s.Dennis)
	s.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, s.Dennis.UserID)
	unknown := link.Feed(strings.Repeat("x", 43))
	want := s.Get(t, actor.Actor{}, unknown)
	for what, path := range map[string]string{"replaced": replaced, "revoked": revoked, "of who has left": left, "no address at all": link.Feed("x")} {
		a := s.Get(t, actor.Actor{}, path)
		for _, x := range []webtest.Answer{a, want} {
			x.Header.Del("Date")
			x.Header.Del("Content-Length") // the page names the address that it was asked for
		}
		if a.Status != http.StatusNotFound || strings.ReplaceAll(a.Body, path, unknown) != want.Body || fmt.Sprint(a.Header) != fmt.Sprint(want.Header) || strings.Contains(a.Body, "VCALENDAR") {
			t.Errorf("an address that is %s answers %d %v; an unknown one %v", what, a.Status, a.Header, want.Header)
		}
	}
}

// A form that is sent twice makes one address, and never shows one that is dead already.
func TestTwoPressesMakeOneCalendarAddress(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	pressed := form(t, s, s.Mette)
	m := address.FindStringSubmatch(s.Post(t, s.Mette, link.Calendar, pressed).Body)
	a := s.Post(t, s.Mette, link.Calendar, pressed)
	if a.Status != http.StatusConflict || address.MatchString(a.Body) || !strings.Contains(a.Body, "Der blev ikke lavet en adresse") {
		t.Errorf("the second press answers %d", a.Status)
	}
	if m == nil || s.Get(t, actor.Actor{}, m[2]).Status != http.StatusOK {
		t.Errorf("the second press killed the address of the first")
	}
	for _, bad := range []url.Values{nil, {"version": {"x"}}} {
		if a := s.Post(t, s.Mette, link.Calendar, bad); a.Status != http.StatusNotFound {
			t.Errorf("%v answers %d", bad, a.Status)
		}
	}
}

// A calendar is for who has cases; a feed of one's own is reached by nobody else's session.
func TestWhoHasNoCasesHasNoCalendar(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for _, who := range []actor.Actor{s.Lone, s.Karen} {
		if a, b, c := s.Get(t, who, link.Calendar), s.Post(t, who, link.Calendar, url.Values{"version": {"0"}}), s.Post(t, who, link.EndCalendar, nil); a.Status != 404 || b.Status < 400 || c.Status < 400 {
			t.Errorf("%s: %d, %d, %d", who.Role, a.Status, b.Status, c.Status)
		}
		if strings.Contains(s.Get(t, who, link.Profile).Body, link.Calendar) {
			t.Errorf("the profile of %s leads to it", who.Role)
		}
	}
	path := makeFeed(t, s, s.Mette)
	if b := s.Get(t, s.Dennis, link.Calendar).Body; !strings.Contains(b, "Du har ingen kalenderadresse") {
		t.Error("a colleague's page knows of it")
	}
	s.Post(t, s.Dennis, link.EndCalendar, nil)
	if a := s.Get(t, actor.Actor{}, path); a.Status != http.StatusOK {
		t.Errorf("a colleague closes it: %d", a.Status)
	}
}

// The address is the one that people know the site by: behind a proxy, what this server is called is nobody's address.
func TestTheCalendarAddressIsThatOfTheSite(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(context.Background(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	for want, site := range map[string]web.Site{
		"https://samspil.example.dk": {Public: "https://samspil.example.dk"},
		"https://inside":             {Secure: true},
		"http://inside":              {},
	} {
		site.DB, site.Desk, site.Keys = o.DB, desk, o.Keys
		o.Exec(t, `DELETE FROM app.calendar_feed`)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://inside"+link.Calendar, strings.NewReader("version=0"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "sid", Value: o.Mette.Token})
		r.AddCookie(&http.Cookie{Name: "__Host-sid", Value: o.Mette.Token})
		w := httptest.NewRecorder()
		web.New(site).ServeHTTP(w, r)
		if m := address.FindStringSubmatch(w.Body.String()); m == nil || m[1] != want {
			t.Errorf("%d %v, want %s", w.Code, m, want)
		}
	}
}

// Not even when something breaks does the log hold an address.
func TestTheLogHoldsNoCalendarAddress(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(old) })
	s := webtest.New(t)
	path := makeFeed(t, s, s.Mette)
	token := strings.TrimSuffix(strings.TrimPrefix(path, "/kalender/"), ".ics")
	s.Get(t, actor.Actor{}, path)
	s.Post(t, s.Mette, link.EndCalendar, nil)
	s.Get(t, actor.Actor{}, path)
	s.Exec(t, `ALTER FUNCTION auth.calendar_feed(bytea, text) RENAME TO broken`)
	a := s.Get(t, actor.Actor{}, path)
	if a.Status < 500 || !strings.Contains(log.String(), "/kalender/…") || strings.Contains(log.String(), token) {
		t.Errorf("%d: %s", a.Status, log.String())
	}
}
