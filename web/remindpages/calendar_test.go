package remindpages_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// makeFeed makes somebody's feed and returns the path that the page shows.
func makeFeed(t *testing.T, s *webtest.Site, who actor.Actor) string {
	t.Helper()
	a := s.Post(t, who, link.Calendar, nil)
	path := regexp.MustCompile(`/kalender/[\w-]{43}\.ics`).FindString(a.Body)
	if a.Status != 200 || path == "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v without an address", a.Status, a.Header)
	}
	return path
}

// due puts an open step of somebody, due at noon in so many days, into the first phase of a plan that begins with it.
func due(t *testing.T, s *webtest.Site, c testkit.CaseFile, who actor.Actor, days ...int) {
	t.Helper()
	p, phase := uuid.New(), uuid.New()
	s.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ($1, $2, $3)`, p, c.ID, who.UserID)
	s.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'Straks', 1)`, phase, c.ID, p)
	for _, n := range days {
		s.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, due_at, responsible_user, created_by)
			VALUES (gen_random_uuid(), $1, $2, 1, 'Ring til Amira', ((app._day(now()) + $3::int) + time '12:00') AT TIME ZONE 'Europe/Copenhagen', $4, $4)`, c.ID, phase, n, who.UserID)
	}
}

func TestACalendarFeedSaysHowManyAndNothingElse(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	due(t, s, s.Case(t, s.Mette, 0), s.Mette, 3, 3, 5, 90)
	other := s.Case(t, s.Dennis, 0)
	due(t, s, other, s.Dennis, 3, 7)
	s.Exec(t, `UPDATE app.deadline SET due_at = now() + interval '4 days' WHERE case_id = $1`, other.ID)
	s.Exec(t, `DELETE FROM app.deadline WHERE case_id <> $1`, other.ID)
	path := makeFeed(t, s, s.Mette)

	if b := s.Get(t, s.Mette, link.Calendar).Body; strings.Contains(b, path) || !strings.Contains(b, "Ingen kalender") {
		t.Error("the address is shown twice, or a feed nobody fetched was read")
	}
	a := s.Get(t, actor.Actor{}, path)
	if a.Status != 200 || a.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Header.Get("X-Robots-Tag"), "noindex") || a.Header.Get("Set-Cookie") != "" {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	c, err := ics.ParseCalendar(strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	var today time.Time
	s.Scan(t, []any{&today}, `SELECT app._day(now())`)
	got := map[string]string{}
	for _, e := range c.Events() {
		title := e.GetProperty(ics.ComponentPropertySummary).Value
		if !regexp.MustCompile(`^Samspil: \d+ trin med frist$`).MatchString(title) {
			t.Errorf("title %q", title)
		}
		for _, p := range e.Properties {
			if !regexp.MustCompile(`^(UID|DTSTAMP|DTSTART|DTEND|TRANSP|SUMMARY)$`).MatchString(p.IANAToken) {
				t.Errorf("an event has %s", p.IANAToken)
			}
		}
		got[e.GetProperty(ics.ComponentPropertyDtStart).Value] = title
	}
	day := func(n int) string { return today.AddDate(0, 0, n).Format("20060102") }
	if len(got) != 2 || got[day(3)] != "Samspil: 2 trin med frist" || got[day(5)] != "Samspil: 1 trin med frist" {
		t.Errorf("the calendar shows %v", got)
	}
	if !strings.Contains(s.Get(t, s.Mette, link.Calendar).Body, "Sidst hentet") {
		t.Error("the page does not say that it was fetched")
	}

	next := makeFeed(t, s, s.Mette)
	if s.Get(t, actor.Actor{}, next).Body != a.Body {
		t.Error("another address gives other events")
	}
	gone := func(what, path string) {
		t.Helper()
		if x := s.Get(t, actor.Actor{}, path); x.Status != 404 || strings.Contains(x.Body, "VCALENDAR") {
			t.Errorf("%s answers %d", what, x.Status)
		}
	}
	gone("a replaced address", path)
	s.Post(t, s.Mette, link.EndCalendar, nil)
	gone("a revoked address", next)
	last := makeFeed(t, s, s.Mette)
	s.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, s.Mette.UserID)
	gone("the address of somebody who has left", last)
	s.Exec(t, `UPDATE auth.user_account SET active = true WHERE id = $1`, s.Mette.UserID)
	for range 40 {
		gone("a guess", link.Feed("guess"))
	}
	gone("a network that guesses", last)
}
