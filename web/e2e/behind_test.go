package e2e_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"samspil/internal/browser/browsertest"
	"samspil/internal/db"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// behind are the pages that guests see once the door has let them in: what a link can be about, with the demo's row that it is about.
var behind = []struct{ about, sql string }{
	{"involvement", `SELECT l.case_id, l.contact_id, l.about_id FROM app.guest_link l JOIN app.case_file f ON f.id = l.case_id WHERE f.number = '2026-0147' AND l.about = 'involvement' ORDER BY l.created_at LIMIT 1`},
	{"seat", `SELECT NULL::uuid, s.contact_id, s.id FROM app.forum_seat s JOIN app.forum_meeting m ON m.id = s.meeting_id WHERE s.contact_id IS NOT NULL AND m.starts_at > now() ORDER BY m.starts_at, s.id LIMIT 1`},
	{"verify", `SELECT NULL::uuid, id, id FROM app.contact_person WHERE name LIKE 'Yasmin%'`},
}

// guests lets a guest in through a link about each of them, and tells their paths and cookies.
func guests(t *testing.T, o *testkit.Office) (in []db.Guest) {
	t.Helper()
	for _, b := range behind {
		var in1, contact, about *uuid.UUID
		o.Scan(t, []any{&in1, &contact, &about}, b.sql)
		of := uuid.Nil
		if in1 != nil {
			of = *in1
		}
		var l testkit.GuestLink
		if b.about == "involvement" { // the demo's own letter: what it tells stands in the register
			o.Scan(t, []any{&l.ID}, `SELECT id FROM app.guest_link WHERE about_id = $1 AND revoked_at IS NULL AND expires_at > now()`, *about)
			o.PostGuest(t, &l)
		} else {
			l = o.GuestLink(t, of, *contact, b.about, *about)
		}
		in = append(in, o.EnterGuest(t, l))
	}
	return in
}

// TestWhatIsBehindTheGuestDoorIsAccessible looks at it with axe, at a desk and on a phone, in both languages.
func TestWhatIsBehindTheGuestDoorIsAccessible(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	for i, g := range guests(t, o) {
		for _, lang := range []string{"da", "en"} {
			t.Run(behind[i].about+" "+lang, func(t *testing.T) {
				ctx := browsertest.New(t)
				if err := chromedp.Run(ctx, network.SetCookie("lang", lang).WithURL(s.URL), network.SetCookie("guest", g.Session).WithURL(s.URL)); err != nil {
					t.Fatal(err)
				}
				inspect(t, ctx, s.URL+link.Guest(g.Token), lang, "behind the door: "+behind[i].about)
				var body string
				if err := chromedp.Run(ctx, chromedp.OuterHTML("main", &body)); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(body, `name="code"`) {
					t.Error("the door was shut")
				}
			})
		}
	}
}

func TestWhatIsBehindTheGuestDoorIsLightAndTakesTwoRoundTrips(t *testing.T) {
	var turns testkit.Turns
	o := testkit.NewDemoTuned(t, turns.Tune)
	s := webtest.Over(t, o)
	for i, g := range guests(t, o) {
		get := func() (status int, body string) {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+link.Guest(g.Token), nil)
			r.AddCookie(&http.Cookie{Name: "guest", Value: g.Session})
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var b bytes.Buffer
			_, _ = b.ReadFrom(resp.Body)
			return resp.StatusCode, b.String()
		}
		for range 2 { // statements are prepared at the first visit
			if status, body := get(); status != http.StatusOK || strings.Contains(body, `name="code"`) {
				t.Fatalf("%s: %d, or the door was shut", behind[i].about, status)
			}
		}
		var body string
		if got := turns.Of(func() { _, body = get() }); got < 1 || got > 2 {
			t.Errorf("%s: %d round trips", behind[i].about, got)
		}
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write([]byte(body)); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		if len(body) > 60<<10 || zipped.Len() > 12<<10 || strings.Contains(body, " style=") || strings.Contains(body, "onclick") {
			t.Errorf("%s: %d bytes, %d compressed, or with style or script in it", behind[i].about, len(body), zipped.Len())
		}
	}
}
