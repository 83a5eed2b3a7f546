package planpages_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/actor"
	"samspil/internal/browser/browsertest"
)

// signedIn is a tab in which somebody is signed in.
func (d desk) signedIn(who actor.Actor) context.Context {
	d.t.Helper()
	tab := browsertest.New(d.t)
	err := chromedp.Run(tab, chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie("sid", who.Token).WithURL(d.URL).Do(ctx)
	}))
	if err != nil {
		d.t.Fatal(err)
	}
	return tab
}

func (d desk) run(tab context.Context, actions ...chromedp.Action) {
	d.t.Helper()
	if err := chromedp.Run(tab, actions...); err != nil {
		d.t.Fatal(err)
	}
}

// busy makes the plan one in which everything is to be seen: late, waiting, without responsible, done, left out.
func (d desk) busy() {
	school := d.Partner(d.t, "school", "Åskolen", "Anders Møller")
	d.Partner(d.t, "security_consultant", "Team Øst", "Yasmin Haddad")
	d.Exec(d.t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() - interval '9 days' WHERE id = $1`, d.c.ID)
	for sql, step := range map[string]string{
		`status = 'done', done_at = now()`: "T3.1.1", `status = 'skipped', skip_reason = 'Gjort før'`: "T3.1.2", `due_at = now() - interval '2 days'`: "T3.1.3",
		`responsible_user = NULL, responsible_contact = '` + school.ID.String() + `', status = 'waiting'`: "T3.1.4", `responsible_user = NULL`: "T3.2.2",
		`postponed_times = 2, postpone_reason = 'Skolen har lukket'`: "T3.2.1",
	} {
		d.Exec(d.t, `UPDATE app.plan_step SET `+sql+` WHERE template_step = '`+step+`'`)
	}
	d.Exec(d.t, `UPDATE app.plan SET citizen_goals = '“Jeg vil kunne gå i skole.”'`)
}

func TestPlanPagesAreAccessible(t *testing.T) {
	d := newDesk(t, "T3")
	d.busy()
	var id string
	d.Scan(t, []any{&id}, `SELECT id::text FROM app.plan_step WHERE template_step = 'T3.2.2'`)
	tab := d.signedIn(d.Mette)
	for _, width := range []int64{1440, 390} {
		if err := browsertest.Viewport(tab, width, 900, width < 500); err != nil {
			t.Fatal(err)
		}
		for name, path := range map[string]string{"liste": "?forslag=alle&udfoerte=1", "tavle": "?vis=tavle", "over": "?filter=over", "trin": "/trin/" + id, "nyt": "/trin/ny", "udskyd": "/trin/" + id + "/udskyd",
			"udgaar": "/trin/" + id + "/udgaar", "flyt": "/trin/" + id + "/flyt", "maal": "/maal", "afvis": "/forslag/security_consultant/afvis", "papir": "?udskriv=1"} {
			t.Run(name, func(t *testing.T) {
				d.run(tab, chromedp.Navigate(d.URL+d.plan+path))
				browsertest.CheckAxe(t, tab)
				var scrolls bool
				d.run(tab, chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &scrolls))
				if scrolls {
					t.Errorf("%s scrolls sideways at %d", name, width)
				}
				if dir := os.Getenv("SCREENSHOTS"); dir != "" {
					if err := browsertest.Screenshot(tab, filepath.Join(dir, "plan-"+name+"-"+map[bool]string{true: "390", false: "1440"}[width < 500]+".png")); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

func TestQuickAddsFollowEachOtherFromTheKeyboard(t *testing.T) {
	d := newDesk(t, "")
	tab := d.signedIn(d.Mette)
	var focused string
	d.run(tab, chromedp.Navigate(d.URL+d.plan), chromedp.Focus("#ny-2"), chromedp.KeyEvent("Møde på skolen"+kb.Enter),
		chromedp.WaitVisible(`//a[text()="Møde på skolen"]`), chromedp.Sleep(200*time.Millisecond), chromedp.Evaluate(`document.activeElement.id`, &focused))
	if focused != "ny-2" {
		t.Fatalf("the focus is on %q", focused)
	}
	d.run(tab, chromedp.KeyEvent("Ring til klubben"+kb.Enter), chromedp.WaitVisible(`//a[text()="Ring til klubben"]`))
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE phase_id = $1`, d.phase(2)); n != 2 {
		t.Errorf("%d steps", n)
	}
}

func TestTickInPlaceKeepsThePageAndTheFocus(t *testing.T) {
	d := newDesk(t, "")
	d.add("Aftal møde")
	d.add("Ring til skolen")
	tab := d.signedIn(d.Mette)
	var marked bool
	var focused, said string
	d.run(tab, chromedp.Navigate(d.URL+d.plan), chromedp.Evaluate(`window.here = true`, nil),
		chromedp.Click(`//tr[.//a[text()="Aftal møde"]]//button[@data-key="u"]`), chromedp.WaitVisible(`tr.done`),
		chromedp.Evaluate(`window.here === true`, &marked), chromedp.Evaluate(`document.activeElement.textContent`, &focused), chromedp.Text(`#live`, &said))
	if !marked || !strings.HasPrefix(focused, "Fortryd") || !strings.Contains(said, "Udført") {
		t.Errorf("in place %v, focus on %q, said %q", marked, focused, said)
	}
	d.run(tab, chromedp.Click(`tr.done button`), chromedp.WaitNotPresent(`tr.done`), chromedp.Evaluate(`window.here === true`, &marked))
	if !marked || d.Count(t, `SELECT count(*) FROM app.plan_step WHERE status = 'open'`) != 2 {
		t.Error("not undone in place")
	}
}

func TestConflictPageIsAccessible(t *testing.T) {
	d := newDesk(t, "")
	d.Grant(t, d.c, d.Dennis, "coworker")
	id := d.add("Møde")
	tab := d.signedIn(d.Mette)
	d.run(tab, chromedp.Navigate(d.URL+d.plan+"/trin/"+id))
	has(t, d.post(d.Dennis, "/trin/"+id, d.form("Møde på skolen")), 303)
	var title string
	d.run(tab, chromedp.SetValue("#title", "Møde i klubben"), chromedp.Submit("#title"), chromedp.WaitVisible(`.versions`), chromedp.Text("main", &title))
	if !strings.Contains(title, "Møde i klubben") || !strings.Contains(title, "Møde på skolen") {
		t.Error("both versions are not shown")
	}
	browsertest.CheckAxe(t, tab)
	d.run(tab, chromedp.Click(`//button[contains(., "Behold din")]`), chromedp.WaitVisible(`//a[text()="Møde i klubben"]`))
}
