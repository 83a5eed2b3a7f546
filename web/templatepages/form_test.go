package templatepages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func club() url.Values {
	return url.Values{"key": {uuid.NewString()}, "da": {"Fritidsklub"}, "en": {"Youth club"}, "area": {"child"}, "default_level": {"yellow"}}
}

// A template of the municipality's own, from its name to its first step.
func TestLoneMakesATemplateOfTheMunicipalitysOwn(t *testing.T) {
	s := webtest.New(t)
	s.Get(t, s.Lone, link.NewTemplate).Want(t, "the form", http.StatusOK, "Ny skabelon", "Vælg")
	a := s.Post(t, s.Lone, link.NewTemplate, with(club(), "da", "", "area", "moon", "default_level", "pink"))
	for field, message := range map[string]string{"da": "Skriv noget her", "area": "Vælg et område", "default_level": "Vælg et niveau"} {
		a.Refuses(t, "all of it", field, message)
	}
	if a.Value("en") != "Youth club" {
		t.Error("the English name is lost")
	}
	long := strings.Repeat("x", 500)
	a = s.Post(t, s.Lone, link.NewTemplate, with(club(), "en", long))
	a.Refuses(t, "too long", "en", "Højst")
	if a.Value("en") != long {
		t.Error("the long name is lost")
	}
	form := club()
	var at string
	for range 2 { // pressed twice
		a := s.Post(t, s.Lone, link.NewTemplate, form)
		at = a.Location()
		s.Next(t, s.Lone, a).Want(t, "made", http.StatusOK, "Skabelonen er oprettet som kladde. Tilføj trin.", "Fritidsklub", "Du ser en kladde")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.plan_template_draft`); n != 1 {
		t.Errorf("a form sent twice is %d templates", n)
	}
	s.Get(t, s.Lone, at+"/udgiv").Want(t, "no step yet", http.StatusOK, "Kladden kan ikke udgives endnu")
	code := strings.TrimPrefix(at, link.Templates+"/")
	s.Next(t, s.Lone, s.Post(t, s.Lone, link.TemplateStep(code, "ny"), with(stepForm("Ring til klubben"), "phase", code+".p1"))).Want(t, "a step", http.StatusOK, "Trinnet er gemt i kladden.", "Ring til klubben")
}

// Two admins at the name: the second sees both and loses nothing. What is published stays in its area.
func TestTheSecondOfTwoAdminsAtTheNameLosesNothing(t *testing.T) {
	s := webtest.New(t)
	at := link.Template("T3") + "/om"
	mark := s.Get(t, s.Lone, at).Value("mark")
	form := with(club(), "mark", mark)
	for range 2 { // pressed twice
		s.Next(t, s.Lone, s.Post(t, s.Lone, at, form)).Want(t, "the first", http.StatusOK, "Gemt i kladden.", "Fritidsklub")
	}
	if n := s.Count(t, `SELECT version FROM app.plan_template_draft`); n != 1 {
		t.Errorf("a form sent twice is version %d", n)
	}
	a := s.Post(t, s.Lone, at, with(club(), "mark", mark, "da", "Klubben", "default_level", "orange"))
	a.Want(t, "the second", http.StatusConflict, "Lone Friis har gemt ændringer", "Fritidsklub", "Klubben")
	if a.Value("da") != "Klubben" || a.Value("mark") == mark || !strings.Contains(a.Body, `value="orange" selected`) {
		t.Error("what the second typed is lost")
	}
	s.Next(t, s.Lone, s.Post(t, s.Lone, at, with(club(), "mark", a.Value("mark"), "da", "Klubben"))).Want(t, "theirs", http.StatusOK, "Klubben")
	refused := s.Post(t, s.Lone, at, with(club(), "mark", s.Get(t, s.Lone, at).Value("mark"), "da", "Voksenklub", "area", "adult"))
	refused.Want(t, "another area", http.StatusUnprocessableEntity, "En udgivet skabelon beholder sit område", `value="Voksenklub"`)
	s.Post(t, s.Lone, at, with(club(), "da", "")).Refuses(t, "no name", "da", "Skriv noget her")
}

func TestPhasesAreMadeAndNamed(t *testing.T) {
	s := webtest.New(t)
	at := link.TemplatePhase("T3", "ny")
	s.Get(t, s.Lone, at).Want(t, "the form", http.StatusOK, "Ny fase", "Fasens navn på dansk")
	a := s.Post(t, s.Lone, at, url.Values{"key": {uuid.NewString()}, "da": {"Bagefter"}, "en": {""}})
	a.Refuses(t, "no English", "en", "Skriv noget her")
	if a.Value("da") != "Bagefter" {
		t.Error("the Danish name is lost")
	}
	form := url.Values{"key": {uuid.NewString()}, "da": {"Bagefter"}, "en": {"Afterwards"}}
	for range 2 { // pressed twice
		s.Next(t, s.Lone, s.Post(t, s.Lone, at, form)).Want(t, "made", http.StatusOK, "Fasen er gemt i kladden.", "Bagefter", "Ingen trin i fasen endnu.")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.plan_template_draft d, jsonb_array_elements(d.content->'phases') p WHERE p->>'da' = 'Bagefter'`); n != 1 {
		t.Errorf("a form sent twice is %d phases", n)
	}
	first := link.TemplatePhase("T3", "T3.1")
	mark := s.Get(t, s.Lone, first).Value("mark")
	rename := func(da, mark string) webtest.Answer {
		return s.Post(t, s.Lone, first, url.Values{"mark": {mark}, "da": {da}, "en": {"First"}})
	}
	s.Next(t, s.Lone, rename("Først", mark)).Want(t, "renamed", http.StatusOK, "Fasen er gemt i kladden.", "1. Først")
	second := rename("Allerførst", mark)
	second.Want(t, "the second", http.StatusConflict, "Lone Friis har gemt ændringer", "Først")
	if second.Value("da") != "Allerførst" {
		t.Error("what the second typed is lost")
	}
	s.Next(t, s.Lone, rename("Allerførst", second.Value("mark"))).Want(t, "theirs", http.StatusOK, "1. Allerførst")
	s.Post(t, s.Lone, link.TemplatePhase("T3", "T3.99"), form).Want(t, "no phase", http.StatusNotFound)
}

// What is wrong with a step is said at once, and not field after field.
func TestAStepThatCannotBeSaysAllThatIsWrong(t *testing.T) {
	s := webtest.New(t)
	form := with(stepForm(""), "offset", "snart", "role", "boss", "phase", "T3.99", "repeat_days", "ofte", "unit", "years", "purpose_da", "Så hun ikke står alene")
	a := s.Post(t, s.Lone, link.TemplateStep("T3", "ny"), form)
	for field, message := range map[string]string{"title_da": "Skriv noget her", "offset": "Skriv et helt tal", "role": "Vælg en af mulighederne", "phase": "Vælg en af mulighederne", "repeat_days": "Skriv et helt tal"} {
		a.Refuses(t, "all of it", field, message)
	}
	a.Want(t, "what was typed", http.StatusUnprocessableEntity, `value="snart"`, `value="ofte"`, `value="In English"`, "Så hun ikke står alene", `value="school" checked`)
	if a.Value("key") != form.Get("key") {
		t.Error("the form gets another key, and sent again it would be another step")
	}
}

// Nobody but an admin writes templates: for the others the addresses do not exist.
func TestNobodyElseWritesTemplates(t *testing.T) {
	s := webtest.New(t)
	for _, who := range []actor.Actor{s.Mette, s.Jonas, s.Karen} {
		for _, path := range []string{link.NewTemplate, link.Template("T3") + "/om", link.TemplatePhase("T3", "ny"), link.TemplateStep("T3", "ny"), link.Template("T3") + "/kasser", link.Template("T3") + "/brug"} {
			s.Post(t, who, path, club()).Want(t, who.Name+" "+path, http.StatusNotFound)
		}
	}
	for _, path := range []string{link.Template("T99") + "/om", link.TemplatePhase("T99", "ny"), link.TemplateStep("T99", "ny"), link.TemplateStep("T3", "T3.9.9")} {
		s.Post(t, s.Lone, path, club()).Want(t, path, http.StatusNotFound)
	}
}

func TestTemplatesAreReadInEnglish(t *testing.T) {
	s := webtest.New(t)
	s.InEnglish(t, s.Lone)
	s.Next(t, s.Lone, s.Post(t, s.Lone, link.TemplateStep("T3", "ny"), stepForm("Ring til klubben"))).Want(t, "a step", http.StatusOK, "In English")
	for _, path := range []string{link.Templates, link.NewTemplate, link.Template("T3"), link.Template("T3") + "/om", link.Template("T3") + "/udgiv", link.TemplatePhase("T3", "ny"), link.TemplateStep("T3", "ny"), link.ImportTemplate} {
		a := s.Get(t, s.Lone, path)
		a.Want(t, path, http.StatusOK)
		a.AllSaid(t, path)
	}
	s.Post(t, s.Lone, link.NewTemplate, with(club(), "da", "")).Refuses(t, "refused", "da", "Write")
}
