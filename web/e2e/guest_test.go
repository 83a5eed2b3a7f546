package e2e_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"samspil/internal/browser/browsertest"
	"samspil/internal/i18n"
	"samspil/internal/jobs"
	"samspil/internal/mail"
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
			box := postOffice(t, o)

			links := s.URL + fill(t, o, "/sager/{case}/netvaerk/{linked}/link")
			mette := hands{t, browsertest.New(t)}
			mette.signIn(s.URL, "mette")
			mette.open(links)
			before := len(box.Letters())
			mette.sendLink("Kan du mødes med hende på torsdag?", "Støtte i fritiden", "casework", "OWN_AUTHORITY")
			path := letterTo(t, box, "abdi@ellehoej.test", before)
			code := mette.readCode()

			abdi := hands{t, browsertest.New(t)}
			abdi.do(chromedp.EmulateViewport(390, 844))
			abdi.open(s.URL + path)
			if lang == "en" {
				abdi.do(chromedp.Click(`button[name=lang]`), chromedp.WaitVisible(`button[name=lang][value=da]`))
			}
			abdi.enterWith(code)
			abdi.sees("Kan du mødes med hende på torsdag?", "Abdi", "Mette Lindhardt")
			var body string
			abdi.do(chromedp.Text("body", &body))
			for _, not := range []string{"Amira", "2026-0147"} {
				if strings.Contains(body, not) {
					t.Errorf("the partner reads %q", not)
				}
			}
			abdi.accept()
			abdi.reportDone()

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

// postOffice is a real mail server and the crew that carries the letters to it.
func postOffice(t *testing.T, o *testkit.Office) *testkit.Mailbox {
	t.Helper()
	box := testkit.OpenMailbox(t)
	crew, err := jobs.Open(t.Context(), o.LoginURL(t, "samspil_job"), box.Post, nil)
	if err != nil {
		t.Fatal(err)
	}
	working, rest := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { crew.Run(working); close(done) }()
	t.Cleanup(func() { rest(); <-done })
	return box
}

// letterTo waits for a request that comes to an address behind the first letters, and returns the path of its link. Other letters
// have links too: the directory asks people whether their details are still right.
func letterTo(t *testing.T, box *testkit.Mailbox, to string, before int) string {
	t.Helper()
	for wait := time.Now().Add(30 * time.Second); time.Now().Before(wait); time.Sleep(200 * time.Millisecond) {
		for _, l := range box.Letters()[before:] {
			for _, lang := range i18n.Languages {
				if l.To == to && l.Link != "" && l.Body == mail.Body(i18n.With(t.Context(), lang), mail.Link, l.Link) {
					u, err := url.Parse(l.Link)
					if err != nil {
						t.Fatal(err)
					}
					return u.Path
				}
			}
		}
	}
	t.Fatalf("no letter came to %s", to)
	return ""
}

// sendLink writes a request with the first step on the page of a partner's links, reads what they will see and sends it.
func (h hands) sendLink(request, purpose, code, way string) {
	h.t.Helper()
	h.do(chromedp.SetValue("#request", request), chromedp.SetValue("#purpose", purpose), chromedp.SetValue("#purpose_code", code), chromedp.Click(`input[name=legal_basis][value="`+way+`"]`),
		chromedp.Click(`input[name=step]`), chromedp.Click(`input[name=consent][value=yes]`), chromedp.Click(`main form .fend button`), chromedp.WaitVisible(`button[name=confirmed]`))
	h.sees(request)
	h.do(chromedp.Click(`button[name=confirmed]`), chromedp.WaitVisible(`form[action$="/kode"]`))
}

// readCode asks for the code that is read out to the partner.
func (h hands) readCode() string {
	h.t.Helper()
	var code string
	h.do(chromedp.Click(`form[action$="/kode"] button`), chromedp.WaitVisible(`.msg b`), chromedp.Text(`.msg b`, &code))
	return code
}

// enterWith opens the partner's page with the code.
func (h hands) enterWith(code string) {
	h.t.Helper()
	h.write("#code", code)
	h.do(chromedp.Click(`main form .btn`), chromedp.WaitVisible(`form[action$="/svar"]`))
}

// accept says yes to the request.
func (h hands) accept() {
	h.t.Helper()
	h.do(chromedp.Click(`form[action$="/svar"] input[value=accepted]`), chromedp.Click(`form[action$="/svar"] .btn`), chromedp.WaitReady(`input[type=hidden][value=asked_back]`))
}

// reportDone says of the one step that it is done.
func (h hands) reportDone() {
	h.t.Helper()
	h.do(chromedp.Click(`input[name=kind-1][value=done]`), chromedp.Click(`form[action*="/trin/"] .btn`), chromedp.WaitNotPresent(`form[action*="/trin/"]`))
}
