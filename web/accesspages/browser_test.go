package accesspages_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
)

func do(t *testing.T, tab context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(tab, actions...); err != nil {
		t.Fatal(err)
	}
}

// look checks the page in the tab on a desk and on a phone, light and dark.
func look(t *testing.T, tab context.Context, name string) {
	t.Helper()
	for width, scheme := range map[int64]string{1440: "light", 390: "dark"} {
		if err := browsertest.Viewport(tab, width, 900, width < 500); err != nil {
			t.Fatal(err)
		}
		do(t, tab, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}),
			chromedp.Sleep(200*time.Millisecond)) // colours change over a moment
		found, err := browsertest.Axe(tab)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s, %d %s: %s", name, width, scheme, f)
		}
		var wide bool
		if do(t, tab, chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide)); wide {
			t.Errorf("%s scrolls sideways at %d", name, width)
		}
	}
}

func TestPagesAboutAccessAreAccessible(t *testing.T) {
	s, c, at := site(t)
	s.Get(t, s.Sara, at+"/adgang")
	s.Get(t, s.Dennis, at+"/adgang")
	s.Exec(t, `UPDATE app.case_file SET severity = 'orange', confidentiality = 2 WHERE id = $1`, c.ID)
	s.Exec(t, `UPDATE app.case_exclusion SET lift_requested_by = $1, lift_reason = 'flyttet'`, s.Jonas.UserID)
	s.Exec(t, `INSERT INTO app.unseal_request (case_id, to_level, reason, requested_by) VALUES ($1, 1, 'ro på', $2)`, c.ID, s.Jonas.UserID)
	s.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, revoked_at, granted_by) VALUES ($1, $2, 'lead', now(), $2)`, c.ID, s.Anders.UserID)
	tab := browsertest.New(t)
	do(t, tab, chromedp.ActionFunc(func(ctx context.Context) error { return network.SetCookie("sid", s.Mette.Token).WithURL(s.URL).Do(ctx) }))
	for name, path := range map[string]string{
		"access": "/adgang", "give": "/adgang/giv", "take": "/adgang/fjern/" + s.Sara.UserID.String(), "hand over": "/adgang/overdrag", "exclude": "/adgang/udeluk",
		"exclude me": "/adgang/inhabil", "lift": "/adgang/ophaev/" + s.Dennis.UserID.String(), "level": "/adgang/niveau", "close": "/luk",
	} {
		do(t, tab, chromedp.Navigate(s.URL+at+path), chromedp.WaitReady("main"))
		look(t, tab, name)
	}
	submit := chromedp.Evaluate(`document.querySelector("main form.panel").requestSubmit(), 1`, nil)
	do(t, tab, chromedp.Navigate(s.URL+at+"/luk"), chromedp.WaitReady("main"), submit, chromedp.WaitReady(".esum"))
	look(t, tab, "close refused")
	s.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, c.ID)
	do(t, tab, chromedp.Navigate(s.URL+at+"/luk"), chromedp.WaitReady("main"))
	look(t, tab, "reopen")
}

// A case is closed without a mouse.
func TestClosingByKeyboard(t *testing.T) {
	s, c, at := site(t)
	tab := browsertest.New(t)
	do(t, tab, chromedp.ActionFunc(func(ctx context.Context) error { return network.SetCookie("sid", s.Mette.Token).WithURL(s.URL).Do(ctx) }),
		chromedp.Navigate(s.URL+at+"/luk"), chromedp.WaitReady("main"), chromedp.Focus("#code"),
		chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("Målene er nået, og skolen følger op."), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter),
		chromedp.WaitReady(`p.closed a[href$="/luk"]`)) // the strip of the gate looks the same
	if n := s.Count(t, `SELECT count(*) FROM app.case_file f JOIN app.case_closing k ON k.case_id = f.id WHERE f.id = $1 AND f.status = 'closed' AND k.reason LIKE '%følger op.' AND k.reason_code = 'goals_reached'`, c.ID); n != 1 {
		t.Error("the case is not closed")
	}
}
