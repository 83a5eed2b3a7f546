package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// A school nurse calls about a girl who is watched; nothing is acute. The desk screens the report and makes the case; the
// caseworker cannot write to the parents until the risk has been assessed (R1), and then can. With the keyboard alone.
func TestFromTheTelephoneToAnAssessedCaseWithAPlan(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := &counting{hands: hands{t, browsertest.New(t)}, began: time.Now()}
	h.signIn(s.URL, "ida")
	h.open(s.URL + "/underretninger")
	h.press(`a.btn[href="/underretninger/ny"]`, kb.Enter)
	h.arrive("/underretninger/ny")
	h.tap("#source", kb.ArrowDown)
	h.write("#name", "Sahra Dagmar Test")
	h.write("#told", "Sahra bliver fulgt til og fra skole af sin fætter, og hendes telefon bliver tjekket hver aften. Hun er bange for sommerferien.")
	h.write("#where_now", "I skole til kl. 14.")
	h.write("#reporter_name", "Inger Holst")
	h.pick("channel", "safe")
	h.write("#channel_note", "Ring kun til skolens kontor.")
	h.pick("excluding", "none")
	h.tap(`main .fend button:not([name])`, kb.Enter)
	h.arrive("/underretninger/u…")
	h.pick("acute", "no")
	h.write("#reason", "Hun er i skole og i sikkerhed i dag.")
	h.tap(`main .fend button`, kb.Enter)
	h.arrive("/underretninger/u…")
	report := strings.Join(strings.Split(h.path(), "/")[:3], "/")
	if h.path() != report {
		h.open(s.URL + report)
	}
	h.tap(`main a.btn[href$="/tegn"], main a[href$="/screening"]`, kb.Enter)
	h.arrive(report + "/…")
	if strings.HasSuffix(h.path(), "/tegn") {
		h.tap(`main a[href$="/screening"]`, kb.Enter)
		h.arrive(report + "/screening")
	}
	h.pick("honour", "suspected")
	h.write("#honour_why", "Overvågning og kontrol af telefonen.")
	h.tap(`input[name=mandatory][value=none]`, " ")
	h.pick("outcome", "assessment")
	h.write("#reason", "Hendes forhold skal undersøges.")
	h.tap(`main form[action$="/screening"] .fend button:not([name])`, kb.Enter)
	h.arrive(report)
	h.tap(`main a.btn[href$="/sag"]`, kb.Enter)
	h.arrive(report + "/sag")
	h.tap("#responsible", "Mette")
	h.tap("#template", kb.ArrowDown)
	h.pick("policy", "none_written")
	h.write("#channel", "Skolens rådgiver, i skoletiden")
	h.write("#never", "Ring aldrig hjem.")
	h.pick("certainty", "suspicion")
	h.tap(`main .fend button`, kb.Enter)
	h.arrive("/sager/…")
	if !strings.HasSuffix(h.path(), "/handlingsplan") {
		t.Fatalf("the case leads to %s\n%s", h.path(), h.page())
	}
	ref := strings.Split(h.path(), "/")[2]

	m := &counting{hands: hands{t, browsertest.New(t)}}
	m.signIn(s.URL, "mette")
	file := s.URL + "/sager/" + ref
	letter := func(shut bool) {
		m.open(file + "/journal/ny")
		m.pages++
		m.pick("kind", "letter")
		if shut {
			m.pick("family", "ours")
		} else { // the draft of what was refused has come back, with its time of before the assessment
			m.write("#time", i18n.FieldClock("da", time.Now()))
		}
		m.write("#body", "Brev til forældrene om en samtale på skolen.")
		m.tap(`main form[action$="/journal/ny"] .fend button:not([name])`, kb.Enter)
		m.pages++
	}
	letter(true)
	m.sees("risiko")
	if n := o.Count(t, `SELECT count(*) FROM app.note n JOIN app.case_file f ON f.id = n.case_id WHERE f.ref = $1`, ref); n != 0 {
		t.Fatal("a letter to the parents stands in the journal before the risk is assessed")
	}
	m.open(file + "/risiko/ny/A")
	for i, part := range reference.Items(reference.RiskSections) {
		m.arrive("/sager/" + ref + "/risiko/ny/" + part.Code)
		if i == 0 {
			first := reference.RiskFactors(part.Code)[0].Code
			m.pick(first, "present_now")
			m.write(fmt.Sprintf(`textarea[name="e.%s"]`, first), "Fætteren følger hende hver dag.")
		}
		m.tap(`button[name=go][value=rest]`, kb.Enter) // and goes on
	}
	m.arrive("/sager/" + ref + "/risiko/ny/niveau")
	m.write("#scenario", "Rejse i sommerferien.")
	m.pick("level", "yellow")
	m.write("#reason", "Kontrollen er fast, og der er ingen trusler.")
	m.tap(`button[name=go][value=sign]`, kb.Enter)
	m.arrive("/sager/" + ref + "/risiko")
	letter(false)
	m.arrive("/sager/" + ref + "/journal")
	m.sees("Brev til forældrene")

	for what, sql := range map[string]string{
		"four months from the report": `SELECT count(*) FROM app.deadline d JOIN app.case_file f ON f.id = d.case_id JOIN app.report_case rc ON rc.case_id = f.id JOIN app.report x ON x.id = rc.report_id
			WHERE f.ref = $1 AND d.code = 'BFU_4M' AND d.triggered_at = x.received_at`,
		"a plan with steps":            `SELECT (count(*) > 3)::int FROM app.plan_step p JOIN app.case_file f ON f.id = p.case_id WHERE f.ref = $1`,
		"an assessment that is signed": `SELECT count(*) FROM app.risk_assessment r JOIN app.case_file f ON f.id = r.case_id WHERE f.ref = $1 AND r.level = 'yellow'`,
		"one letter":                   `SELECT count(*) FROM app.note n JOIN app.case_file f ON f.id = n.case_id WHERE f.ref = $1 AND n.kind = 'letter'`,
		"a report that is concluded":   `SELECT count(*) FROM app.report x JOIN app.report_case rc ON rc.report_id = x.id JOIN app.case_file f ON f.id = rc.case_id WHERE f.ref = $1 AND x.outcome = 'assessment'`,
	} {
		if n := o.Count(t, sql, ref); n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
	t.Logf("from Ny underretning to the plan: %d pages, %d presses besides typing; from there to an assessed case and its first letter, with one refused: %d pages, %d presses",
		h.pages, h.presses, m.pages, m.presses)
}
