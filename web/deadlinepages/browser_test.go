package deadlinepages_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/actor"
	"samspil/internal/browser/browsertest"
	"samspil/web/link"
)

// tab is a browser in which somebody is signed in.
func (d desk) tab(who actor.Actor) context.Context {
	d.t.Helper()
	tab := browsertest.New(d.t)
	d.run(tab, chromedp.ActionFunc(func(ctx context.Context) error { return network.SetCookie("sid", who.Token).WithURL(d.URL).Do(ctx) }))
	return tab
}

func (d desk) run(tab context.Context, actions ...chromedp.Action) {
	d.t.Helper()
	if err := chromedp.Run(tab, actions...); err != nil {
		d.t.Fatal(err)
	}
}

// look tries the page at both widths: nothing scrolls sideways, nothing is out of anybody's reach.
func (d desk) look(tab context.Context, what string) {
	d.t.Helper()
	for _, width := range []int64{390, 1440} {
		if err := browsertest.Viewport(tab, width, 900, width < 500); err != nil {
			d.t.Fatal(err)
		}
		var over bool
		d.run(tab, chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &over))
		if over {
			d.t.Errorf("%s scrolls sideways at %d px", what, width)
		}
		browsertest.CheckAxe(d.t, tab)
		if d.t.Failed() {
			d.t.Fatal(what)
		}
	}
}

// The hands never leave the keyboard: a deadline is set, its beginning is corrected after a look at what that changes, and it is met.
func TestADeadlineIsSetCorrectedAndMetByKeyboard(t *testing.T) {
	d := newDesk(t)
	tab := d.tab(d.Mette)
	enter := chromedp.KeyEvent(kb.Enter)
	base := d.URL + link.Deadlines(d.c.Ref)
	d.run(tab, chromedp.Navigate(base+"/ny?frist=BFU_4M"), chromedp.SetValue("#at", "i morgen"), chromedp.Focus("main .fend .btn"), enter, chromedp.WaitReady(".esum"))
	d.look(tab, "refused")
	d.run(tab, chromedp.SetValue("#at", date(10*day)), chromedp.Focus("main .fend .btn"), enter, chromedp.WaitReady("#loeber table"))
	d.look(tab, "list")
	d.run(tab, chromedp.Focus("#loeber a.tt"), enter, chromedp.WaitReady("#beregnet"))
	d.look(tab, "one")
	d.run(tab, chromedp.Focus("#beregnet header a"), enter, chromedp.WaitReady("#reason"), chromedp.SetValue("#at", date(20*day)), chromedp.Focus("#reason"),
		chromedp.KeyEvent("Skolen ringede"), chromedp.Focus("main .fend .btn"), enter, chromedp.WaitReady("#aendring"))
	d.look(tab, "preview")
	d.run(tab, chromedp.Focus("main .fend .btn"), enter, chromedp.WaitReady("#loeber table"), chromedp.Focus("#loeber form button"), enter, chromedp.WaitReady("#slut"))
	d.look(tab, "met")
	if n := d.Count(t, `SELECT count(*) FROM app.deadline d WHERE status = 'met' AND EXISTS (SELECT FROM app.deadline_change c WHERE c.deadline_id = d.id AND what = 'recomputed' AND reason = 'Skolen ringede')`); n != 1 {
		t.Errorf("%d", n)
	}
}

func TestEveryStateOfADeadlineCanBeRead(t *testing.T) {
	d := newDesk(t)
	paused, clock, over := d.start("PLAN_3M", 10*day), d.start("BREACH_72H", 70*time.Hour), d.start("PROV_7D", 20*day)
	cancelled, running := d.start("FOLLOW_3M", 10*day), d.start("BFU_4M", 10*day)
	has(t, d.post(d.Mette, "/"+paused.String()+"/pause", url.Values{"version": {"1"}, "pause_reason": {"Familien er udrejst"}}), 303)
	has(t, d.post(d.Mette, "/"+cancelled.String()+"/bortfald", url.Values{"version": {"1"}, "cancel_reason": {"Gælder ikke"}}), 303)
	d.Exec(t, `UPDATE app.person SET born = (now() AT TIME ZONE 'Europe/Copenhagen')::date - interval '18 years' + interval '30 days' WHERE id = $1`, d.c.CitizenID)
	d.Exec(t, `UPDATE app.citizen_label SET born = (now() AT TIME ZONE 'Europe/Copenhagen')::date - interval '18 years' + interval '30 days' WHERE case_id = $1`, d.c.ID)
	tab := d.tab(d.Mette)
	for what, path := range map[string]string{"list": "", "paused": "/" + paused.String(), "clock": "/" + clock.String(), "over": "/" + over.String(), "cancelled": "/" + cancelled.String()} {
		d.run(tab, chromedp.Navigate(d.URL+link.Deadlines(d.c.Ref)+path), chromedp.WaitReady("main"))
		d.look(tab, what)
	}
	d.run(tab, chromedp.Navigate(d.URL+link.Deadlines(d.c.Ref)+"/"+running.String()), chromedp.SetValue("#move_reason", "Udvalget mødes først tirsdag"), chromedp.SetValue("#due", "+7"))
	d.Exec(t, `UPDATE app.deadline SET version = version + 1 WHERE id = $1`, running)
	d.run(tab, chromedp.Evaluate(`document.querySelector("#move_reason").form.requestSubmit()`, nil), chromedp.WaitReady("#konflikt"))
	d.look(tab, "conflict")
	var kept string
	d.run(tab, chromedp.Value("#move_reason", &kept))
	if kept != "Udvalget mødes først tirsdag" {
		t.Errorf("what was typed is %q", kept)
	}
}
