package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// counting counts what somebody does on the way: pages that come, and presses of a button, a link or a choice.
type counting struct {
	hands
	pages, presses int
	began          time.Time
}

// arrive demands that the next page is the one at path; with a "…" at its end, one whose path begins so.
func (c *counting) arrive(path string) {
	c.t.Helper()
	c.pages++
	if !c.soon(func() bool {
		got, _, _ := strings.Cut(c.path(), "?")
		got, _, _ = strings.Cut(got, "#")
		begin, open := strings.CutSuffix(path, "…")
		return got == path || open && strings.HasPrefix(got, begin)
	}) {
		c.t.Fatalf("page %d is %s, should be %s\n%s", c.pages, c.path(), path, c.page())
	}
}

func (c *counting) tap(selector, key string) {
	c.t.Helper()
	c.presses++
	c.press(selector, key)
}

func (c *counting) pick(name, value string) {
	c.t.Helper()
	c.presses++
	c.choose(name, value)
}

// A teacher calls about a girl who is to travel tomorrow: from "Ny underretning" to the acute plan with named people in five
// pages at most, with the keyboard alone, the search included.
func TestFromTheTelephoneToAnAcutePlan(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := &counting{hands: hands{t, browsertest.New(t)}, began: time.Now()}
	h.signIn(s.URL, "ida")
	h.open(s.URL + "/underretninger")
	h.sees("tilbage", "Over tid")

	h.press(`a.btn[href="/underretninger/ny"]`, kb.Enter)
	h.arrive("/underretninger/ny") // 1
	h.tap("#source", kb.ArrowDown) // a professional
	h.write("#name", "Hadidja Noor")
	h.write("#phone", "00 61 55 01")
	h.write("#told", "Hun har ringet grædende til sin klasselærer. Familien rejser i morgen tidlig, og hun tror ikke, at hun kommer hjem igen.")
	h.write("#where_now", "I skole til kl. 14. Hentes af sin fætter.")
	h.write("#reporter_name", "Lærke Winther")
	h.pick("channel", "safe")
	h.write("#channel_note", "Ring kun til skolens kontor.")
	h.pick("excluding", "none")
	h.tap(`main .fend button:not([name])`, kb.Enter) // looks for her by itself, and finds nobody
	h.arrive("/underretninger/u…")                   // 2: the assessment
	if !h.soon(func() bool { return strings.HasSuffix(h.path(), "/vurdering") }) {
		t.Fatalf("registering leads to %s", h.path())
	}
	h.sees("rejser i morgen tidlig", "tilbage")
	h.pick("acute", "yes")
	h.write("#reason", "Afrejse i morgen tidlig mod hendes vilje.")
	h.tap(`main .fend button`, kb.Enter)
	h.arrive("/underretninger/u…") // 3: the case
	if !h.soon(func() bool { return strings.HasSuffix(h.path(), "/sag") }) {
		t.Fatalf("an acute assessment leads to %s", h.path())
	}
	h.sees("Inddrag nu")
	var calls int
	h.do(chromedp.Evaluate(`document.querySelectorAll("input[name=call]").length`, &calls))
	if calls != 2 {
		t.Fatalf("%d people are suggested for the first steps, should be a security consultant and the police", calls)
	}
	h.tap(`input[name=call]`, " ")
	h.tap(`label:has(input[name=call]) ~ label input[name=call]`, " ")
	h.tap("#responsible", "Mette") // the desk gives the case to who carries it
	h.write("#channel", "Skolens rådgiver, i skoletiden")
	h.write("#never", "Ring aldrig hjem, og skriv ikke til hende.")
	h.tap(`main .fend button`, kb.Enter)
	h.arrive("/sager/…") // 4: the plan
	if !h.soon(func() bool { return strings.HasSuffix(h.path(), "/handlingsplan") }) {
		t.Fatalf("the case leads to %s\n%s", h.path(), h.page())
	}
	h.sees("Hadidja Noor", "Ring aldrig hjem")
	ref := strings.Split(h.path(), "/")[2]
	for what, sql := range map[string]string{
		"red, with the reason of the assessment": `SELECT count(*) FROM app.case_file f JOIN app.severity_choice c ON c.case_id = f.id WHERE f.ref = $1 AND f.severity = 'red' AND c.reason LIKE 'Afrejse%'`,
		"the acute template":                     `SELECT count(*) FROM app.plan p JOIN app.case_file f ON f.id = p.case_id WHERE f.ref = $1 AND p.template_code = 'T1'`,
		"two people drawn in by name":            `SELECT (count(*) = 2)::int FROM app.involvement i JOIN app.case_file f ON f.id = i.case_id WHERE f.ref = $1 AND i.contact_id IS NOT NULL`,
		"a named colleague for the first step":   `SELECT (count(*) > 0)::int FROM app.plan_step s JOIN app.case_file f ON f.id = s.case_id WHERE f.ref = $1 AND s.responsible_user IS NOT NULL`,
		"it has the one who was chosen":          `SELECT count(*) FROM app.case_file f JOIN auth.user_account u ON u.id = f.responsible_id WHERE f.ref = $1 AND u.email LIKE 'mette@%'`,
		"the report made the case":               `SELECT count(*) FROM app.report_case c JOIN app.case_file f ON f.id = c.case_id WHERE f.ref = $1 AND c.how = 'made'`,
	} {
		if n := o.Count(t, sql, ref); n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
	if h.pages > 5 {
		t.Errorf("%d pages from the telephone to the plan, at most 5", h.pages)
	}
	if h.presses > 10 { // the tenth names who is responsible
		t.Errorf("%d presses from the telephone to the plan, at most 10", h.presses)
	}
	t.Logf("from Ny underretning to the acute plan: %d pages, %d presses besides typing, %s in the test's hands", h.pages, h.presses, time.Since(h.began).Round(100*time.Millisecond))
	if n := o.Count(t, `SELECT count(*) FROM audit.verify()`); n != 0 {
		t.Errorf("the trail has %d faults", n)
	}
}

// The name on the telephone sounds like one that the desk has heard before: the desk looks before it registers, and
// registers all the same.
func TestTheDeskLooksBeforeItRegisters(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	h.signIn(s.URL, "ida")
	h.open(s.URL + "/underretninger/ny")
	h.write("#name", "Noor Hadad") // in a report of yesterday: Nour Haddad
	h.write("#told", "Nogen ringer igen om den samme pige.")
	h.press("#source", kb.ArrowDown)
	h.choose("excluding", "none")
	h.press(`main .fend button:not([name])`, kb.Enter)
	h.on("/underretninger/ny/…") // not registered without a look
	h.sees("Nour Haddad", "0412", "navnet lyder ens")
	before := o.Count(t, `SELECT count(*) FROM app.report`)
	h.press(`main .fend button:not([name])`, kb.Enter)
	if !h.soon(func() bool { return strings.HasSuffix(h.path(), "/vurdering") }) || o.Count(t, `SELECT count(*) FROM app.report`) != before+1 {
		t.Errorf("the second press leads to %s\n%s", h.path(), h.page())
	}
}
