package e2e_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"samspil/internal/browser/browsertest"
	"samspil/internal/jobs"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// TestAPartnerAnswersBesideTheCaseworker is the way of a request in two browsers: the caseworker writes it, a real mail server gets
// the letter, the partner opens its link with the code that is read out, says yes and reports a step done, and the caseworker sees it.
func TestAPartnerAnswersBesideTheCaseworker(t *testing.T) {
	for _, lang := range []string{"da", "en"} {
		t.Run(lang, func(t *testing.T) {
			o := testkit.NewDemo(t)
			o.Exec(t, `UPDATE auth.user_account SET lang = $1`, lang)
			s := webtest.Over(t, o)
			box := testkit.OpenMailbox(t)
			crew, err := jobs.Open(t.Context(), o.LoginURL(t, "samspil_job"), box.Post, nil)
			if err != nil {
				t.Fatal(err)
			}
			working, rest := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() { crew.Run(working); close(done) }()
			t.Cleanup(func() { rest(); <-done })

			links := s.URL + fill(t, o, "/sager/{case}/netvaerk/{linked}/link")
			mette := hands{t, browsertest.New(t)}
			mette.signIn(s.URL, "mette")
			mette.open(links)
			before := len(box.Letters())
			mette.do(chromedp.SetValue("#request", "Kan du mødes med hende på torsdag?"), chromedp.SetValue("#purpose", "Støtte i fritiden"),
				chromedp.Click(`input[name=step]`), chromedp.Click(`input[name=consent][value=yes]`), chromedp.Click(`main form .fend button`), chromedp.WaitVisible(`button[name=confirmed]`))
			mette.sees("Kan du mødes med hende på torsdag?")
			mette.do(chromedp.Click(`button[name=confirmed]`), chromedp.WaitVisible(`form[action$="/kode"]`))

			link := ""
			for wait := time.Now().Add(30 * time.Second); link == "" && time.Now().Before(wait); time.Sleep(200 * time.Millisecond) {
				for _, l := range box.Letters()[before:] {
					if l.Link != "" {
						link = l.Link
					}
				}
			}
			u, err := url.Parse(link)
			if err != nil || link == "" {
				t.Fatalf("no letter: %q, %v", link, err)
			}
			var code string
			mette.do(chromedp.Click(`form[action$="/kode"] button`), chromedp.WaitVisible(`.msg b`), chromedp.Text(`.msg b`, &code))

			abdi := hands{t, browsertest.New(t)}
			abdi.do(chromedp.EmulateViewport(390, 844))
			abdi.open(s.URL + u.Path)
			if lang == "en" {
				abdi.do(chromedp.Click(`button[name=lang]`), chromedp.WaitVisible(`button[name=lang][value=da]`))
			}
			abdi.write("#code", code)
			abdi.do(chromedp.Click(`main form .btn`), chromedp.WaitVisible(`form[action$="/svar"]`))
			abdi.sees("Kan du mødes med hende på torsdag?", "Abdi", "Mette Lindhardt")
			var body string
			abdi.do(chromedp.Text("body", &body))
			for _, not := range []string{"Amira", "2026-0147"} {
				if strings.Contains(body, not) {
					t.Errorf("the partner reads %q", not)
				}
			}
			abdi.do(chromedp.Click(`form[action$="/svar"] input[value=accepted]`), chromedp.Click(`form[action$="/svar"] .btn`), chromedp.WaitReady(`input[type=hidden][value=asked_back]`))
			abdi.do(chromedp.Click(`input[name=kind-1][value=done]`), chromedp.Click(`form[action*="/trin/"] .btn`), chromedp.WaitNotPresent(`form[action*="/trin/"]`))

			mette.open(links)
			mette.sees(map[string]string{"da": "Besvaret", "en": "Answered"}[lang], "Udpeg støtte-kontaktperson")
			mette.open(strings.Split(links, "/netvaerk")[0] + "/journal")
			mette.sees("Udpeg støtte-kontaktperson", "Abdi")
			if n := o.Count(t, `SELECT count(*) FROM audit.verify()`); n != 0 {
				t.Errorf("the trail has %d faults", n)
			}
		})
	}
}
