package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// A number at a forbidden hour is an interruption: it stands nowhere in the page's source until somebody has written why, and then
// once, without a link. With the keyboard alone.
func TestAForbiddenHourStopsTheCallUntilThereIsAReason(t *testing.T) {
	o := testkit.NewDemo(t)
	const shut = `policy = 'normal', may_use = '{phone}', must_not = '{sms}', windows = jsonb_build_array(jsonb_build_object('days', to_char((now() + interval '2 days') AT TIME ZONE 'Europe/Copenhagen', 'ID'), 'from', '08:00', 'to', '09:00'))`
	o.Exec(t, `UPDATE app.safe_contact SET `+shut+` WHERE case_id = (SELECT id FROM app.case_file WHERE number = '2026-0147')`)
	var ref, fact string
	o.Scan(t, []any{&ref, &fact}, `SELECT f.ref, x.id::text FROM app.case_file f JOIN app.protected_fact x ON x.case_id = f.id JOIN app.person p ON p.id = x.person_id WHERE f.number = '2026-0147' AND x.kind = 'phone' AND p.is_citizen`)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	source := func() (all string) {
		t.Helper()
		h.do(chromedp.OuterHTML("html", &all))
		return all
	}
	hidden := func(where string) {
		t.Helper()
		if all := source(); strings.Contains(all, "31 47 16") || strings.Contains(all, "tel:0031") || strings.Contains(all, "sms:") {
			t.Errorf("the number is in the source of %s", where)
		}
	}
	h.signIn(s.URL, "mette")
	h.do(chromedp.EmulateViewport(390, 844))
	ask := "/sager/" + ref + "/fakta/" + fact
	h.open(s.URL + "/sager/" + ref + "/netvaerk")
	hidden("the network")
	h.press(`#fakta a.btn[href="`+ask+`"]`, kb.Enter)
	h.sees("Vent", "Næste gang, det må ske, er", "Den vej må aldrig bruges", "Anders Møller på Åskolen")
	hidden("the interruption")
	h.choose("purpose", "contact.phone")
	h.press("main form .fend button", kb.Enter)
	h.sees("Skriv, hvorfor det må ske alligevel")
	hidden("the refusal")
	h.write("#reason", "Borgeren har selv bedt om det.")
	h.press("main form .fend button", kb.Enter)
	h.sees("00 31 47 16", "Visningen er logget")
	if strings.Contains(source(), "tel:0031") {
		t.Error("a call against the rules is a link")
	}
	h.open(s.URL + "/sager/" + ref + "/journal")
	h.sees("Sikker kontakt er fraveget", "uden for de aftalte tider", "Mette Lindhardt")
	hidden("the journal")
	h.open(s.URL + "/sager/" + ref + "/sikker-kontakt")
	h.sees("Fraveget", "Borgeren har selv bedt om det.")

	// the same number at an hour that is allowed
	o.Exec(t, `UPDATE app.safe_contact SET windows = '[]' WHERE case_id = (SELECT id FROM app.case_file WHERE number = '2026-0147')`)
	h.open(s.URL + ask)
	h.choose("purpose", "contact.phone")
	h.press("main form .fend button", kb.Enter)
	h.sees("00 31 47 16", "Må gerne nu")
	if !strings.Contains(source(), `href="tel:0031`) {
		t.Error("an allowed call is no link")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.contact_override`); n != 1 {
		t.Errorf("%d times set aside, want 1", n)
	}
}
