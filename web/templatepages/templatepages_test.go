package templatepages_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/link"
	"samspil/web/webtest"
)

func want(t *testing.T, what string, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: answers %d, want %d", what, a.Status, status)
	}
	body := html.UnescapeString(a.Body)
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s: says nothing of %q", what, w)
		}
	}
}

func stepForm(title string) url.Values {
	return url.Values{"key": {uuid.NewString()}, "title_da": {title}, "title_en": {"In English"}, "phase": {"T3.1"}, "role": {"caseworker_child"}, "partner_types": {"school"}, "offset": {"5"}, "unit": {"days"}, "mandatory": {"1"}, "certainty": {"local"}}
}

// From Lone's first change to the step in Mette's plan.
func TestLoneChangesATemplateAndMetteTakesTheStepUp(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	want(t, "start", s.Post(t, s.Mette, link.Plan(c.Ref)+"/start", url.Values{"template": {"T3"}}), http.StatusSeeOther)
	want(t, "list", s.Get(t, s.Lone, link.Templates), http.StatusOK, "Barn/ung: akut fare", "Samspils forslag 0.1", "Forslag, ikke lov")
	want(t, "T3", s.Get(t, s.Lone, link.Template("T3")), http.StatusOK, "1. Afklaring", "Venter på risikovurdering", "barnets lov § 20, stk. 3", "I brug")
	at := link.TemplateStep("T3", "ny")
	bad := stepForm("")
	bad.Set("offset", "snart")
	bad.Set("role", "boss")
	want(t, "an empty step", s.Post(t, s.Lone, at, bad), http.StatusUnprocessableEntity, `value="snart"`)
	bad.Set("offset", "2000")
	want(t, "a wrong step", s.Post(t, s.Lone, at, bad), http.StatusUnprocessableEntity, "Skriv noget her", "helt tal fra 0 til 1000", "title_da-error", "offset-error", "role-error")
	family := stepForm("Møde med forældrene")
	want(t, "family", s.Post(t, s.Lone, at, family), http.StatusUnprocessableEntity, "Titlen lyder som kontakt med familien", "Trinnet når ikke ud til familien")
	form := stepForm("Ring til klubben")
	for range 2 { // pressed twice
		if a := s.Post(t, s.Lone, at, form); a.Location() != link.Template("T3") {
			t.Fatalf("saving: %d", a.Status)
		}
	}
	want(t, "draft", s.Get(t, s.Lone, link.Template("T3")), http.StatusOK, "Du ser en kladde", "Ring til klubben", "5 dage", "Kommunens egen frist")
	preview := s.Get(t, s.Lone, link.Template("T3")+"/udgiv")
	want(t, "preview", preview, http.StatusOK, "1 ændring", "Ring til klubben", "Nyt")
	publish := url.Values{"version": {"1"}}
	want(t, "no word", s.Post(t, s.Lone, link.Template("T3")+"/udgiv", publish), http.StatusUnprocessableEntity, "Skriv, hvad der er ændret")
	publish.Set("words", "Klubberne ser dem mest")
	for range 2 {
		if a := s.Post(t, s.Lone, link.Template("T3")+"/udgiv", publish); a.Location() != link.Template("T3") {
			t.Fatalf("publishing: %d", a.Status)
		}
	}
	want(t, "published", s.Get(t, s.Lone, link.Template("T3")), http.StatusOK, "Version 1", "Klubberne ser dem mest", "Lone Friis")
	want(t, "compared", s.Get(t, s.Lone, link.CompareTemplate("T3", "0.1", "1")), http.StatusOK, "Ring til klubben")
	want(t, "the log", s.Get(t, s.Karen, link.Log), http.StatusOK, "Udgav en skabelon")

	want(t, "the plan", s.Get(t, s.Mette, link.Plan(c.Ref)), http.StatusOK, "Skabelonen er ændret, siden planen begyndte")
	news := link.PlanTemplate(c.Ref)
	page := s.Get(t, s.Mette, news)
	want(t, "what changed", page, http.StatusOK, "Ring til klubben", "Klubberne ser dem mest", "Tag de valgte trin med")
	code := "T3.s" + strings.ReplaceAll(form.Get("key"), "-", "")[:8]
	want(t, "nothing chosen", s.Post(t, s.Mette, news, url.Values{"version": {"1"}}), http.StatusUnprocessableEntity, "Vælg mindst ét trin")
	want(t, "an old version", s.Post(t, s.Mette, news, url.Values{"version": {"0"}, "step": {code + "@0"}}), http.StatusConflict, "er ændret imens", "checked")
	for range 2 {
		if a := s.Post(t, s.Mette, news, url.Values{"version": {"1"}, "step": {code + "@0"}}); a.Location() != link.Plan(c.Ref) {
			t.Fatalf("taking it up: %d", a.Status)
		}
	}
	after := s.Get(t, s.Mette, link.Plan(c.Ref))
	want(t, "the plan afterwards", after, http.StatusOK, "Ring til klubben", "Ændret skabelon taget med")
	if strings.Contains(after.Body, "Skabelonen er ændret, siden") {
		t.Error("it is offered again")
	}
	if s.Count(t, `SELECT count(*) FROM app.plan_step WHERE template_step = $1`, code) != 1 {
		t.Error("the step does not stand there once")
	}
}

func TestDecliningHidesTheOfferForThatVersion(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Post(t, s.Mette, link.Plan(c.Ref)+"/start", url.Values{"template": {"T3"}})
	publish := func(words, version string) {
		s.Post(t, s.Lone, link.TemplateStep("T3", "ny"), stepForm(words))
		if a := s.Post(t, s.Lone, link.Template("T3")+"/udgiv", url.Values{"version": {"1"}, "words": {words}}); a.Status != http.StatusSeeOther {
			t.Fatalf("publishing %s: %d", version, a.Status)
		}
	}
	offered := func() bool {
		return strings.Contains(s.Get(t, s.Mette, link.Plan(c.Ref)).Body, "Skabelonen er ændret, siden")
	}
	publish("Et trin", "1")
	if !offered() {
		t.Error("nothing is offered")
	}
	if a := s.Post(t, s.Mette, link.PlanTemplate(c.Ref), url.Values{"version": {"1"}, "go": {"keep"}}); a.Location() != link.Plan(c.Ref) {
		t.Fatalf("declining: %d", a.Status)
	}
	if offered() || s.Count(t, `SELECT count(*) FROM app.plan_step WHERE title = 'Et trin'`) != 0 {
		t.Error("declining did not hold")
	}
	publish("Et trin mere", "2")
	if !offered() {
		t.Error("the next version is not offered")
	}
}

// A second admin in the same step sees both and loses nothing; in another step of the draft nobody disturbs anybody.
func TestTheSecondOfTwoAdminsInAStepLosesNothing(t *testing.T) {
	s := webtest.New(t)
	at := link.TemplateStep("T3", "T3.1.1")
	first := s.Get(t, s.Lone, at)
	mark := between(first.Body, `name="mark" value="`, `"`)
	form := stepForm("Screening")
	form.Set("mark", mark)
	if a := s.Post(t, s.Lone, at, form); a.Status != http.StatusSeeOther {
		t.Fatalf("saving: %d", a.Status)
	}
	form.Set("title_da", "Screening i dag")
	want(t, "the second", s.Post(t, s.Lone, at, form), http.StatusConflict, `value="Screening i dag"`, "Screening", "Titel på dansk")
	other := stepForm("Et andet trin")
	other.Set("mark", between(s.Get(t, s.Lone, link.TemplateStep("T3", "T3.1.2")).Body, `name="mark" value="`, `"`))
	if a := s.Post(t, s.Lone, link.TemplateStep("T3", "T3.1.2"), other); a.Status != http.StatusSeeOther {
		t.Errorf("another step: %d", a.Status)
	}
	want(t, "moved unseen", s.Post(t, s.Lone, link.Template("T3"), url.Values{"version": {"0"}, "down": {"T3.1.1"}}), http.StatusSeeOther)
	if s.Count(t, `SELECT count(*) FROM app.plan_template_draft WHERE content #>> '{phases,0,steps,0,code}' = 'T3.1.1'`) != 1 {
		t.Error("a step was moved in a draft that nobody saw")
	}
	s.Post(t, s.Lone, link.Template("T3"), url.Values{"version": {"2"}, "down": {"T3.1.1"}})
	if s.Count(t, `SELECT count(*) FROM app.plan_template_draft WHERE content #>> '{phases,0,steps,1,code}' = 'T3.1.1'`) != 1 {
		t.Error("the step did not move")
	}
	want(t, "discarded", s.Post(t, s.Lone, link.Template("T3")+"/kasser", url.Values{"version": {"3"}}), http.StatusSeeOther)
	if s.Count(t, `SELECT count(*) FROM app.plan_template_draft`) != 0 {
		t.Error("the draft is still there")
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	word, _, _ := strings.Cut(rest, to)
	return word
}

func TestADocumentGoesOutAndComesIn(t *testing.T) {
	s := webtest.New(t)
	out := s.Get(t, s.Lone, link.ExportTemplate("T1", "0.1"))
	if out.Status != http.StatusOK || !strings.HasPrefix(out.Header.Get("Content-Type"), "application/json") || out.Header.Get("Content-Disposition") != `attachment; filename="skabelon-T1-0.1.json"` {
		t.Fatalf("%d %v", out.Status, out.Header)
	}
	x, _ := reference.TemplateByCode("T1")
	if out.Body != string(template.Export(x)) {
		t.Error("the document is another")
	}
	broken := strings.NewReplacer(`"role": "intake"`, `"role": "boss"`, `"default_level": "red"`, `"default_level": "pink"`).Replace(out.Body)
	want(t, "two faults", s.Post(t, s.Lone, link.ImportTemplate, url.Values{"json": {broken}}), http.StatusUnprocessableEntity,
		"template.phases[0].steps[0].role", "Samspil kender ikke koden boss", "template.default_level", "json-error", `"role": "boss"`)
	want(t, "no JSON", s.Post(t, s.Lone, link.ImportTemplate, url.Values{"json": {"{\n  x"}}), http.StatusUnprocessableEntity, "linje 2, tegn 3")
	want(t, "nothing", s.Post(t, s.Lone, link.ImportTemplate, nil), http.StatusUnprocessableEntity, "Vælg en fil")
	want(t, "too much", s.Post(t, s.Lone, link.ImportTemplate, url.Values{"json": {out.Body + strings.Repeat(" ", template.MaxDocument)}}), http.StatusUnprocessableEntity, "for stort")
	if s.Count(t, `SELECT count(*) FROM app.plan_template_draft`) != 0 {
		t.Error("something was taken in")
	}
	changed := strings.Replace(out.Body, `"offset": 1,`, `"offset": 2,`, 1)
	if a := s.Post(t, s.Lone, link.ImportTemplate, url.Values{"json": {changed}}); a.Location() != link.Template("T1")+"/udgiv" {
		t.Fatalf("taking it in: %d", a.Status)
	}
	if again := s.Get(t, s.Lone, link.ExportTemplate("T1", "kladde")); again.Body != changed {
		t.Error("the draft is another document")
	}
}

func TestARetiredTemplateIsNotOffered(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Post(t, s.Lone, link.Template("T3")+"/brug", url.Values{"on": {"nej"}})
	want(t, "T3", s.Get(t, s.Lone, link.Template("T3")), http.StatusOK, "Ude af brug", "Tag i brug igen")
	if a := s.Get(t, s.Mette, link.Plan(c.Ref)); strings.Contains(a.Body, "løbende negativ social kontrol") || !strings.Contains(a.Body, "Barn/ung: akut fare") {
		t.Error("the start page offers it")
	}
	want(t, "begun all the same", s.Post(t, s.Mette, link.Plan(c.Ref)+"/start", url.Values{"template": {"T3"}}), http.StatusUnprocessableEntity)
}

// Only admins keep templates; for the others the pages do not exist.
func TestTheTemplatesArePagesOfTheAdminAlone(t *testing.T) {
	s := webtest.New(t)
	for _, who := range []actor.Actor{s.Mette, s.Jonas, s.Karen} {
		for _, path := range []string{link.Templates, link.Template("T1"), link.Template("T1") + "/udgiv", link.ExportTemplate("T1", "0.1"), link.ImportTemplate} {
			want(t, who.Name+" "+path, s.Get(t, who, path), http.StatusNotFound)
		}
	}
	for _, path := range []string{link.Template("T99"), link.TemplateStep("T1", "T1.9.9"), link.TemplatePhase("T1", "T1.9"), link.ExportTemplate("T1", "77"), link.CompareTemplate("T1", "0.1", "kladde")} {
		want(t, path, s.Get(t, s.Lone, path), http.StatusNotFound)
	}
}

// A file that says what is published already becomes no draft, and nobody is sent to publish one.
func TestAnUnchangedTemplateIsNoDraft(t *testing.T) {
	s := webtest.New(t)
	doc := string(template.Export(reference.Templates("child")[0]))
	a := s.Post(t, s.Lone, link.ImportTemplate, url.Values{"json": {doc}})
	if code := reference.Templates("child")[0].Code; a.Status != http.StatusSeeOther || a.Location() != link.Template(code) {
		t.Errorf("%d to %s", a.Status, a.Location())
	}
	want(t, "the template", s.Get(t, s.Lone, a.Location()), http.StatusOK, "I brug")
	if n := s.Count(t, `SELECT count(*) FROM app.plan_template_draft`); n != 0 {
		t.Errorf("%d drafts", n)
	}
}
