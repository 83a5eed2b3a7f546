package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/demo"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// words are what the journey reads on the screen, by language.
var words = map[string]map[string]string{
	"da": {"plan": "Handlingsplan", "asked": "Sikkerhedskonsulenterne, Team Øst", "done": "udført", "calls": "Planen kalder på"},
	"en": {"plan": "Action plan", "asked": "Sikkerhedskonsulenterne, Team Øst", "done": "done", "calls": "The plan calls for"},
}

// TestFromSignInToALivingCase is the main job, with the keyboard alone: sign in, register a case, start its plan from a
// template, draw a partner in, write a note that ticks a step and adds one, and find it all on
// Min dag and on the lead's page.
func TestFromSignInToALivingCase(t *testing.T) {
	for _, lang := range []string{"da", "en"} {
		t.Run(lang, func(t *testing.T) {
			o := testkit.NewDemo(t)
			o.Exec(t, `UPDATE auth.user_account SET lang = $1`, lang)
			s := webtest.Over(t, o)
			lead := hands{t, browsertest.New(t)}
			lead.signIn(s.URL, "jonas")
			lead.on("/overblik")
			before := lead.activeCases()

			h := hands{t, browsertest.New(t)}
			h.signIn(s.URL, "mette")
			h.on("/min-dag")
			ref := h.register(s.URL)
			h.startPlan(s.URL+"/sager/"+ref, lang)
			h.drawIn(s.URL+"/sager/"+ref, lang)
			h.writeNote(s.URL+"/sager/"+ref, lang)

			h.open(s.URL + "/min-dag")
			h.sees("Ring til skolen på mandag", "Nadia T.")

			lead.open(s.URL + "/overblik")
			if after := lead.activeCases(); after != before+1 {
				t.Errorf("the lead's page counts %d active cases, and counted %d before the new one", after, before)
			}
			lead.open(s.URL + "/sager")
			lead.sees("Nadia T.")
			if n := o.Count(t, `SELECT count(*) FROM audit.verify()`); n != 0 {
				t.Errorf("the trail has %d faults", n)
			}
		})
	}
}

func (h hands) signIn(site, name string) {
	h.t.Helper()
	h.open(site + "/log-ind")
	h.write("#email", name+"@ellehoej.test")
	h.write("#password", demo.Password)
	h.press(`main form[action="/log-ind"] button.btn`, kb.Enter)
}

// activeCases is the first of the six numbers on the lead's page.
func (h hands) activeCases() int {
	h.t.Helper()
	var n int
	h.do(chromedp.Evaluate(`parseInt(document.querySelector(".kpis .kpi .big").innerText, 10)`, &n))
	return n
}

// register makes a case in the steps of the form, and returns its reference.
func (h hands) register(site string) string {
	h.t.Helper()
	h.press(`a[href="/sager/ny"]`, kb.Enter) // in the top bar
	h.write("#name", "Nadia Test Toft")
	h.press(`main button[type=submit]:not([name]), main .fend button:not([name])`, kb.Enter)
	h.press(`a.btn[href*="/borgeren"]`, kb.Enter)

	h.write("#cpr", "740409-4321")
	h.choose("policy", "via_partner")
	h.write("#never", "Ring aldrig hjem.")
	h.next()
	h.write("#p1_name, input[name*=name]", "Karim Toft")
	h.next()
	h.write("#situation", "Nadia fortæller, at hun bliver fulgt til og fra skole.")
	h.press("#origin", kb.ArrowDown)
	h.choose("severity", "yellow")
	h.write("#severity_reason", "Kontrol hver dag, ingen kendte trusler.")
	h.next()
	h.choose("excluding", "none")
	h.next()
	h.press(`main form[action$="/tjek"] .fend button`, kb.Enter)
	path := h.path()
	ref := strings.TrimPrefix(path, "/sager/")
	if len(ref) != 8 {
		h.t.Fatalf("after registering the browser is on %s\n%s", path, h.page())
	}
	h.sees("Nadia Test Toft", "Ring aldrig hjem")
	return ref
}

// next presses the button that goes on to the next step.
func (h hands) next() {
	h.t.Helper()
	h.press(`main .fend button:not([name])`, kb.Enter)
}

func (h hands) startPlan(caseURL, lang string) {
	h.t.Helper()
	h.open(caseURL + "/handlingsplan")
	h.press(`section#skabelon-T3 button, [aria-labelledby*="skabelon-T3"] button`, kb.Enter)
	h.sees(words[lang]["plan"], "Screening med tegn", words[lang]["calls"])
}

func (h hands) drawIn(caseURL, lang string) {
	h.t.Helper()
	h.open(caseURL + "/netvaerk/ny?type=security_consultant")
	h.press(`main a.btn[href*="kontakt="], main a.btn[href*="contact="]`, kb.Enter)
	h.write("#responsible_for", "Gennemgår vurderingen med os")
	h.choose("legal_basis", "ANONYMOUS")
	h.choose("origin", "from_plan")
	h.press(`main .fend button`, kb.Enter)
	h.press(`main .fend button[name=confirmed]`, kb.Enter)
	h.sees(words[lang]["asked"], "Gennemgår vurderingen med os")
}

func (h hands) writeNote(caseURL, lang string) {
	h.t.Helper()
	h.open(caseURL + "/journal/ny")
	h.choose("kind", "phone")
	h.choose("family", "came")
	h.write("#body", "Talte med moster, som ringede. Hun henter Nadia efter skole i denne uge.")
	h.press(`input[name=done]`, " ")
	h.press(`main details:has(#step_title) > summary`, kb.Enter)
	h.write("#step_title", "Ring til skolen på mandag")
	h.write("#step_due", "i morgen")
	h.press(`main form[action$="/journal/ny"] .fend button:not([name])`, kb.Enter)
	h.sees("Talte med moster, som ringede", words[lang]["done"])
}
