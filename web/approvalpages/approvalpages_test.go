package approvalpages_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// desk is the running site with one case of Mette's and its plan.
type desk struct {
	*webtest.Site
	t    testing.TB
	c    testkit.CaseFile
	plan string // address of the plan
}

func newDesk(t testing.TB) desk {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	d := desk{s, t, c, "/sager/" + c.Ref + "/handlingsplan"}
	if a := d.post(s.Mette, "/start", url.Values{"template": {"T3"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("start: %d", a.Status)
	}
	return d
}

func (d desk) get(who actor.Actor, path string) webtest.Answer {
	d.t.Helper()
	return d.Get(d.t, who, d.plan+path)
}

func (d desk) post(who actor.Actor, path string, form url.Values) webtest.Answer {
	d.t.Helper()
	return d.Post(d.t, who, d.plan+path, form)
}

// form is the page of sending, as it stands, with words to the lead.
func (d desk) form(words string) url.Values {
	d.t.Helper()
	body := d.get(d.Mette, "/godkendelse").Body
	value := func(name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
		if m == nil {
			d.t.Fatalf("the form has no %s", name)
		}
		return m[1]
	}
	return url.Values{"seen": {value("seen")}, "mark": {value("mark")}, "words": {words}}
}

func (d desk) has(who actor.Actor, path string, status int, texts ...string) string {
	d.t.Helper()
	a := d.get(who, path)
	if a.Status != status {
		d.t.Errorf("%s answers %d", path, a.Status)
	}
	for _, x := range texts {
		if !strings.Contains(a.Body, x) {
			d.t.Errorf("%s does not say %q", path, x)
		}
	}
	return a.Body
}

func TestAPlanGoesToTheLeadAndComesBack(t *testing.T) {
	d := newDesk(t)
	d.has(d.Mette, "", 200, "Planen er ikke godkendt endnu", "Send til godkendelse")
	sent := d.form("Aftalt med borgeren")
	if a := d.post(d.Mette, "/godkendelse", sent); a.Status != http.StatusSeeOther || a.Location() != d.plan+"/versioner/1" {
		t.Fatalf("%d %s", a.Status, a.Location())
	}
	if a := d.post(d.Mette, "/godkendelse", sent); a.Location() != d.plan+"/versioner/1" { // pressed twice
		t.Errorf("the second press: %d %s", a.Status, a.Location())
	}
	// the lead: on Min dag with a button, without a name of the citizen; and in the notices
	day := d.Get(t, d.Jonas, "/min-dag").Body
	panel := between(day, `id="approve"`, `</section>`)
	if !strings.Contains(panel, d.plan+"/versioner/1") || !strings.Contains(panel, d.c.Number) || strings.Contains(panel, "Amira") {
		t.Errorf("Min dag of the lead: %s", panel)
	}
	if !strings.Contains(d.Get(t, d.Jonas, "/beskeder").Body, "En handlingsplan venter på din godkendelse") {
		t.Error("the lead has no notice")
	}
	for _, who := range []actor.Actor{d.Mette, d.Anders} {
		if strings.Contains(d.Get(t, who, "/min-dag").Body, `id="approve"`) {
			t.Errorf("%s is asked to approve", who.Name)
		}
	}
	if strings.Contains(d.has(d.Mette, "/versioner/1", 200, "Aftalt med borgeren"), "/versioner/1/svar") {
		t.Error("the author may answer")
	}
	d.has(d.Jonas, "", 200, "Se og godkend")
	d.has(d.Jonas, "/versioner/1", 200, "Aftalt med borgeren", "/versioner/1/svar")
	// returned without a word: beside the field, and nothing is lost
	if a := d.post(d.Jonas, "/versioner/1/svar", url.Values{"go": {"return"}}); a.Status != 422 || !strings.Contains(a.Body, "Skriv, hvad der skal rettes") {
		t.Errorf("%d", a.Status)
	}
	if a := d.post(d.Jonas, "/versioner/1/svar", url.Values{"go": {"return"}, "remarks": {"Hvem taler med skolen?"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	d.has(d.Mette, "", 200, "Version 1 er sendt tilbage af Jonas Brandt-Holm", "Hvem taler med skolen?", "Send igen")
	if panel := between(d.Get(t, d.Mette, "/min-dag").Body, `id="returned"`, `</section>`); !strings.Contains(panel, d.c.Number) || strings.Contains(panel, "Amira") {
		t.Errorf("Min dag of the caseworker: %s", panel)
	}
	// the lead's other tab
	if a := d.post(d.Jonas, "/versioner/1/svar", url.Values{"go": {"approve"}, "remarks": {"Alligevel"}}); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Alligevel") {
		t.Errorf("%d", a.Status)
	}
	if a := d.post(d.Mette, "/godkendelse", d.form("Det gør jeg")); a.Location() != d.plan+"/versioner/2" {
		t.Fatalf("%d %s", a.Status, a.Location())
	}
	if strings.Contains(d.Get(t, d.Mette, "/min-dag").Body, `id="returned"`) {
		t.Error("what has been sent again is still returned")
	}
	if a := d.post(d.Jonas, "/versioner/2/svar", url.Values{"go": {"approve"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	d.has(d.Mette, "", 200, "Version 2 er godkendt af Jonas Brandt-Holm", "uændret siden da")
	if strings.Contains(d.Get(t, d.Jonas, "/min-dag").Body, `id="approve"`) {
		t.Error("what is approved still waits")
	}
	d.has(d.Mette, "/versioner", 200, "Version 1", "Version 2", "Sendt tilbage", "Godkendt")
}

func TestWhatIsWrittenToTheLeadAfterBackComesBackToItsWriter(t *testing.T) {
	d := newDesk(t)
	form := d.form("Aftalt med borgeren")
	d.post(d.Mette, "/godkendelse", form)
	form.Set("words", "Borgeren siger nej til skolen")
	a := d.post(d.Mette, "/godkendelse", form)
	if a.Status != http.StatusConflict {
		t.Fatalf("%d %s", a.Status, a.Location())
	}
	for _, x := range []string{"Du har allerede sendt planen", "Aftalt med borgeren</q>", "er ikke sendt", ">Borgeren siger nej til skolen</textarea>", `name="seen" value="1"`} {
		if !strings.Contains(a.Body, x) {
			t.Errorf("the page does not say %q", x)
		}
	}
	if strings.Contains(a.Body, "Planen er ændret") {
		t.Error("nobody has changed the plan")
	}
	if a := d.post(d.Mette, "/godkendelse", d.form("Borgeren siger nej til skolen")); a.Location() != d.plan+"/versioner/2" {
		t.Errorf("%d %s", a.Status, a.Location())
	}
	d.has(d.Jonas, "/versioner/2", 200, "Borgeren siger nej til skolen")
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// What has changed is said in words on each line, not by a colour.
func TestTwoVersionsStandSideBySide(t *testing.T) {
	d := newDesk(t)
	d.post(d.Mette, "/godkendelse", d.form(""))
	d.post(d.Jonas, "/versioner/1/svar", url.Values{"go": {"approve"}})
	d.post(d.Mette, "/maal", url.Values{"version": {"1"}, "goals": {"At sove trygt"}})
	var phase, step string
	d.Scan(t, []any{&phase, &step}, `SELECT phase_id::text, id::text FROM app.plan_step WHERE case_id = $1 AND mandatory ORDER BY position LIMIT 1`, d.c.ID)
	d.post(d.Mette, "/trin/hurtig", url.Values{"title": {"Ring til skolen"}, "phase": {phase}, "n": {"1"}})
	if a := d.post(d.Mette, "/trin/"+step+"/udgaar", url.Values{"version": {"1"}, "reason": {"Er sket"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	d.has(d.Mette, "", 200, "3 ændringer siden version 1, heraf 2, der kræver godkendelse", "Send til godkendelse")
	d.has(d.Mette, "/sammenlign?fra=1", 200, "Tilføjet", "Udgået", "Kræver godkendelse", "At sove trygt", "Ring til skolen", "Er sket", "3 ændringer, 2 kræver godkendelse")
	d.has(d.Mette, "/sammenlign?fra=1&til=1", 200, "Intet er ændret")
	d.has(d.Mette, "/sammenlign?fra=1&til=7", 404)
	d.has(d.Mette, "/versioner/7", 404)
	d.has(d.Mette, "/versioner/x", 404)
	old := d.form("Mine ord til lederen")
	d.post(d.Mette, "/maal", url.Values{"version": {"2"}, "goals": {"At sove trygt hjemme"}})
	a := d.post(d.Mette, "/godkendelse", old)
	if a.Status != http.StatusConflict || !strings.Contains(a.Body, "Planen er ændret, siden du så den") || !strings.Contains(a.Body, "Mine ord til lederen") || !strings.Contains(a.Body, "At sove trygt hjemme") {
		t.Errorf("a plan changed in another tab: %d", a.Status)
	}
	d.post(d.Mette, "/godkendelse", d.form(""))
	d.has(d.Jonas, "/versioner/2", 200, "Ændret siden version 1", "At sove trygt hjemme", "Godkend version 2")
}

// Whoever approves a step approves its repeats and what it waits for too, and so sees them.
func TestTheLeadReadsAllThatANewStepSays(t *testing.T) {
	d := newDesk(t)
	d.post(d.Mette, "/godkendelse", d.form(""))
	d.post(d.Jonas, "/versioner/1/svar", url.Values{"go": {"approve"}})
	d.post(d.Mette, "/trin/hurtig", url.Values{"title": {"Ring til skolen"}, "phase": {d.phase()}, "n": {"1"}})
	d.Exec(t, `UPDATE app.plan_step SET detail = 'Tal kun med rektor', repeat_every = 14, repeat_unit = 'days', waits_for = '{risk_signed}', partner_type = 'school', due_at = NULL WHERE case_id = $1 AND title = 'Ring til skolen'`, d.c.ID)
	d.post(d.Mette, "/godkendelse", d.form(""))
	all := []string{"Tal kun med rektor", "Gentages hver 14. dag", "Venter på ny risikovurdering", "Skole"}
	for name, part := range map[string]string{"what is new": between(d.has(d.Jonas, "/versioner/2", 200), `id="aendringer"`, `</section>`), "the steps": between(d.has(d.Jonas, "/versioner/2", 200), `id="trin"`, `</section>`),
		"side by side": d.has(d.Jonas, "/sammenlign?fra=1&til=2", 200)} {
		for _, x := range all {
			if !strings.Contains(part, x) {
				t.Errorf("%s: no %q", name, x)
			}
		}
	}
}

// phase is the first phase of the plan.
func (d desk) phase() (id string) {
	d.t.Helper()
	d.Scan(d.t, []any{&id}, `SELECT id::text FROM app.plan_phase WHERE case_id = $1 ORDER BY position LIMIT 1`, d.c.ID)
	return id
}

func TestAnAdultsPlanSaysWhereToWriteWhatIsMissing(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/dele", "/tilbud"} {
		d.has(d.Mette, path, 404) // of a child
	}
	d.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, d.c.ID)
	d.has(d.Mette, "", 200, "Handleplanen mangler:", "4 af 4 dele mangler", d.plan+"/dele#situation", "/risiko")
	if strings.Contains(d.has(d.Mette, "/godkendelse", 200, "mangler 4 af de fire lovpligtige dele", d.plan+"/dele#support_other"), `name="mark"`) {
		t.Error("the plan can be sent without its parts")
	}
	write := func(version, situation, support, other string) webtest.Answer {
		return d.post(d.Mette, "/dele", url.Values{"version": {version}, "situation": {situation}, "support": {support}, "support_other": {other}})
	}
	if a := write("1", "Bor hos en veninde", "", ""); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	d.has(d.Mette, "", 200, "3 af 4 dele mangler", "Bor hos en veninde")
	if a := write("1", "Bor i egen lejlighed", "", ""); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Bor hos en veninde") || !strings.Contains(a.Body, "Bor i egen lejlighed") {
		t.Errorf("two at a time: %d", a.Status)
	}
	offer := func(outcome, day, words string) webtest.Answer {
		return d.post(d.Mette, "/tilbud", url.Values{"key": {""}, "outcome": {outcome}, "day": {day}, "words": {words}})
	}
	if a := offer("declined", "i dag", ""); a.Status != 422 || !strings.Contains(a.Body, "Skriv, hvad borgeren sagde") || !strings.Contains(a.Body, `value="i dag"`) {
		t.Errorf("%d", a.Status)
	}
	if a := offer("", "", ""); a.Status != 422 {
		t.Errorf("an empty form: %d", a.Status)
	}
	if a := offer("declined", "i dag", "Ikke nu"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	if strings.Contains(d.has(d.Mette, "", 200, "Borgeren har sagt nej", "Ikke nu"), "Handleplanen mangler:") {
		t.Error("what is declined is asked for")
	}
	if a := d.post(d.Mette, "/godkendelse", d.form("")); a.Status != http.StatusSeeOther {
		t.Errorf("declined, and sent as the office's plan: %d", a.Status)
	}
}
