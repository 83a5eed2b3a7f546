package casepages_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
)

// tab is a tab of a real browser in which Mette is signed in.
func (s *site) tab(t *testing.T) context.Context {
	t.Helper()
	tab := browsertest.New(t)
	do(t, tab, chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie("sid", s.Mette.Token).WithURL(s.URL).Do(ctx)
	}))
	return tab
}

func do(t *testing.T, tab context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(tab, actions...); err != nil {
		t.Fatal(err)
	}
}

// look checks the page in the tab as both sizes and both themes show it. With SCREENS=folder it keeps pictures.
func look(t *testing.T, tab context.Context, name string) {
	t.Helper()
	for _, v := range []struct {
		width  int64
		scheme string
	}{{1440, "light"}, {390, "dark"}} {
		if err := browsertest.Viewport(tab, v.width, 900, v.width < 500); err != nil {
			t.Fatal(err)
		}
		do(t, tab, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
		do(t, tab, chromedp.Sleep(200*time.Millisecond)) // colours change over a moment
		found, err := browsertest.Axe(tab)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s, %d %s: %s", name, v.width, v.scheme, f)
		}
		var wide bool
		do(t, tab, chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
		if wide {
			t.Errorf("%s scrolls sideways at %d", name, v.width)
		}
		if dir := os.Getenv("SCREENS"); dir != "" {
			file := filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", strings.ReplaceAll(name, " ", "-"), v.width, v.scheme))
			if err := browsertest.Screenshot(tab, file); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestPagesOfACaseAreAccessible(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() - interval '40 days' WHERE id = $1`, s.c.ID)
	for i, level := range []string{"yellow", "orange"} {
		s.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind, at, data) VALUES ($1, $2, 'severity.changed', now() - make_interval(days => $3), jsonb_build_object('from', '', 'to', $4::text))`,
			s.c.ID, s.Mette.UserID, 50-10*i, level)
	}
	tab := s.tab(t)
	for name, p := range s.pages() {
		do(t, tab, chromedp.Navigate(s.URL+s.path(p)), chromedp.WaitReady("main"))
		look(t, tab, name)
	}
	press := func(button string) chromedp.Action {
		return chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).closest("form").requestSubmit(document.querySelector(%q)), 1`, button, button), nil)
	}

	// what only a form leads to: refused, in conflict, shown, to be checked
	do(t, tab, chromedp.Navigate(s.URL+s.path("/niveau")), chromedp.SetAttributeValue("#level", "checked", ""), chromedp.Click("#level"), press("main form .btn"), chromedp.WaitReady(".esum"))
	look(t, tab, "level refused")
	do(t, tab, chromedp.Navigate(s.URL+s.path("/ret")), chromedp.SetValue("#situation", "Min udgave af sagen"))
	s.Exec(t, `UPDATE app.case_profile SET version = version + 1, situation = 'Saras udgave', changed_by = $2, changed_at = now() WHERE case_id = $1`, s.c.ID, s.Sara.UserID)
	do(t, tab, press("main form .btn"), chromedp.WaitReady("#konflikt"))
	look(t, tab, "conflict")
	do(t, tab, chromedp.Navigate(s.URL+s.path("/fakta/"+s.fact.String())), chromedp.Click("#purpose"), chromedp.SetValue("#reason", "Aftalt med borgeren"), press("main form .btn"), chromedp.WaitReady(".noprint .big"))
	look(t, tab, "fact shown")
}

func TestPartnerIsDrawnInByKeyboard(t *testing.T) {
	s := newSite(t)
	p := s.Partner(t, "school", "Åskolen", "Anders Møller")
	tab := s.tab(t)
	do(t, tab,
		chromedp.Navigate(s.URL+s.path("/netvaerk/ny")), chromedp.Focus("#q"), chromedp.KeyEvent("Møller"), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`#q[value="Møller"]`),
		chromedp.WaitReady(`a[href*="kontakt=`+p.ID.String()+`"]`), chromedp.Focus(`a[href*="kontakt=`+p.ID.String()+`"]`), chromedp.KeyEvent(kb.Enter),
		chromedp.WaitReady("#responsible_for"), chromedp.Focus("#responsible_for"), chromedp.KeyEvent("Udtalelse om fravær"),
		chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(" "), // the first legal basis
		chromedp.Focus("main .fend .btn"), chromedp.KeyEvent(kb.Enter),
		chromedp.WaitReady(`button[name=confirmed]`))
	look(t, tab, "check partner")
	do(t, tab, chromedp.Focus("button[name=confirmed]"), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady("#ansvar"))
	if n := s.Count(t, `SELECT count(*) FROM app.involvement WHERE contact_id = $1 AND responsible_for = 'Udtalelse om fravær' AND legal_basis <> ''`, p.ID); n != 1 {
		t.Error("the partner is not in the case")
	}
}
