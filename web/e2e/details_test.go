package e2e_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"samspil/internal/browser/browsertest"
	"samspil/internal/i18n"
	"samspil/internal/mail"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// TestAContactPersonConfirmsTheirDetailsAfterACall is the quarterly question from end to end: the letter that the program sends by
// itself, a page that asks for a code, the call that is asked for, the admin who reads the code out, and the yes.
func TestAContactPersonConfirmsTheirDetailsAfterACall(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	o.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 91 WHERE secure_mail = 'abdi@ellehoej.test'`)
	o.Exec(t, `UPDATE app.contact_person SET verified_on = current_date WHERE secure_mail <> 'abdi@ellehoej.test'`)
	box := postOffice(t, o)
	o.Exec(t, `SELECT app.job_verify()`)
	path := ""
	for wait := time.Now().Add(30 * time.Second); path == "" && time.Now().Before(wait); time.Sleep(200 * time.Millisecond) {
		for _, l := range box.Letters() {
			if l.To == "abdi@ellehoej.test" && l.Link != "" && l.Body == mail.Body(i18n.With(t.Context(), "da"), mail.Verify, l.Link) {
				if u, err := url.Parse(l.Link); err == nil {
					path = u.Path
				}
			}
		}
	}
	if path == "" {
		t.Fatal("no letter came")
	}

	abdi := hands{t, browsertest.New(t)}
	abdi.do(chromedp.EmulateViewport(390, 844))
	abdi.open(s.URL + path)
	var body string
	abdi.do(chromedp.Text("body", &body))
	if strings.Contains(body, "Abdi") || strings.Contains(body, "oplysninger") {
		t.Errorf("the door says whose line it is: %s", body)
	}
	abdi.do(chromedp.Click(`form[action$="/ring"] button`), chromedp.WaitVisible(`main a[href="`+path+`"]`))

	lone := hands{t, browsertest.New(t)}
	lone.signIn(s.URL, "lone")
	lone.open(s.URL + "/admin/partnere?vis=gamle")
	lone.sees("Abdi", "Beder om at blive ringet op")
	lone.do(chromedp.Click(`main td.end a[href^="/partnere/personer/"]`), chromedp.WaitVisible(`form[action$="/kode"]`))
	code := lone.readCode()

	abdi.do(chromedp.Click(`main a[href="`+path+`"]`), chromedp.WaitVisible(`input[name=code]`))
	abdi.write("#code", code)
	abdi.do(chromedp.Click(`main form .btn`), chromedp.WaitVisible(`button[name=right]`))
	abdi.sees("Abdi", "Passer dine oplysninger stadig?")
	abdi.do(chromedp.Click(`button[name=right]`), chromedp.WaitNotPresent(`button[name=right]`))
	abdi.sees("Tak. Du har svaret.")
	if n := o.Count(t, `SELECT count(*) FROM app.contact_person WHERE secure_mail = 'abdi@ellehoej.test' AND verified_on = app._day(now()) AND verified_by IS NULL`); n != 1 {
		t.Error("nothing is confirmed")
	}
}
