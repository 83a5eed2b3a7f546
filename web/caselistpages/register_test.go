package caselistpages_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

// begin searches, and returns the address of the registration.
func begin(t *testing.T, s *webtest.Site, who actor.Actor, words url.Values) string {
	t.Helper()
	a := s.Post(t, who, link.NewCase, words)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location(), link.NewCase+"/") {
		t.Fatalf("the search answers %d %s", a.Status, a.Location())
	}
	return a.Location()
}

// steps are the answers of a whole registration.
func answers(s *webtest.Site) map[string]url.Values {
	return map[string]url.Values{
		"/borgeren": {"name": {"Åse Sørensen"}, "calling_name": {"Åse"}, "cpr": {"740410 4234"}, "protected": {"1"}, "until": {"+90"}, "special": {"1"},
			"policy": {"phone_agreed"}, "channel": {"Skolens telefon"}, "hours": {"Hverdage"}, "never": {"Ring aldrig hjem"}, "cover": {"Tandlægen"}},
		"/netvaerket": {"rows": {"4"}, "p1-name": {"Omar S."}, "p1-relation": {"far"}, "p1-role": {"pressures"}, "p1-know": {"no"}, "p1-cpr": {"0101751111"},
			"p3-relation": {"moster"}, "p3-role": {"supports"}, "p3-know": {"yes"}},
		"/sagen":    {"situation": {"Må ikke gå i skole. 😀"}, "origin": {"police"}, "certainty": {"suspicion"}, "severity": {"orange"}, "severity_reason": {"Trusler"}},
		"/adgangen": {"level": {"2"}, "co": {s.Sara.UserID.String()}, "excluding": {"some"}, "exclude": {s.Dennis.UserID.String(), s.Jonas.UserID.String()}},
	}
}

var order = []string{"/borgeren", "/netvaerket", "/sagen", "/adgangen"}

func TestACaseIsRegisteredStepByStep(t *testing.T) {
	s := webtest.New(t)
	at := begin(t, s, s.Mette, url.Values{"name": {"Åse Sørensen"}, "cpr": {"7404104234"}})
	if strings.Contains(at, "se") && strings.Contains(strings.ToLower(at), "rensen") {
		t.Errorf("the address names somebody: %s", at)
	}
	found := s.Get(t, s.Mette, at)
	if !strings.Contains(found.Body, "Registrér ny sag") || !strings.Contains(found.Body, at+"/borgeren") {
		t.Error("there is no way on from the search")
	}
	if first := s.Get(t, s.Mette, at+"/borgeren"); !strings.Contains(first.Body, `value="Åse Sørensen"`) || !strings.Contains(first.Body, `value="7404104234"`) {
		t.Error("what was searched for is asked for twice")
	}
	for i, step := range order {
		next := append(order, "/tjek")[i+1]
		if a := s.Post(t, s.Mette, at+step, answers(s)[step]); a.Status != http.StatusSeeOther || a.Location() != at+next {
			t.Fatalf("%s: %d %s\n%s", step, a.Status, a.Location(), problems(a.Body))
		}
	}
	for i, step := range append(order, "/tjek")[1:] { // "Tilbage" is the step before, at the top and at the end
		if a := s.Get(t, s.Mette, at+step); strings.Count(a.Body, `<a href="`+at+order[i]+`">`)+strings.Count(a.Body, `<a class="sp" href="`+at+order[i]+`">Tilbage`) < 2 {
			t.Errorf("%s does not lead back to %s", step, order[i])
		}
	}
	check := s.Get(t, s.Mette, at+"/tjek").Body
	for _, want := range []string{"Åse Sørensen", "740410 4234", "Omar S., far, Presser, må ikke vide det", "moster", "Må ikke gå i skole. 😀", "Politiet", "Orange: alvorlig", "Sara El-Khatib",
		"Dennis Kjær, Jonas Brandt-Holm", "Kun navngivne", "Særlig adressebeskyttelse"} {
		if !strings.Contains(check, want) {
			t.Errorf("the last look lacks %q", want)
		}
	}
	if strings.Contains(check, "Her mangler") {
		t.Errorf("something is said to be missing: %s", problems(check))
	}
	done := s.Post(t, s.Mette, at+"/tjek", nil)
	ref := strings.TrimPrefix(done.Location(), "/sager/")
	if done.Status != http.StatusSeeOther || !regexp.MustCompile(`^[a-z0-9]{8}$`).MatchString(ref) {
		t.Fatalf("registering answers %d %s\n%s", done.Status, done.Location(), problems(done.Body))
	}
	if again := s.Post(t, s.Mette, at+"/tjek", nil); again.Location() != done.Location() {
		t.Errorf("sent twice, it leads to %s and %s", done.Location(), again.Location())
	}
	for _, old := range []string{"", "/borgeren", "/tjek"} {
		if a := s.Get(t, s.Mette, at+old); a.Location() != done.Location() {
			t.Errorf("going back to %s shows the form again", old)
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_file WHERE confidentiality = 2 AND severity = 'orange' AND origin = 'police'`); n != 1 {
		t.Errorf("%d cases", n)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.person`); n != 3 {
		t.Errorf("%d people", n)
	}
	for who, want := range map[string]int{"mette": 1, "sara": 1, "dennis": 0, "jonas": 0, "huseyin": 0} {
		a := s.Post(t, s.People()[who], link.Search, url.Values{"q": {"Åse Sørensen"}})
		if n := strings.Count(s.Get(t, s.People()[who], a.Location()).Body, done.Location()+`"`); n != want {
			t.Errorf("%s finds the new case %d times, want %d", who, n, want)
		}
	}
}

// problems are the messages beside the fields, for a failing test.
func problems(body string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`class="emsg"[^>]*>(.*?)</span>\s*([^<]*)`).FindAllStringSubmatch(body, -1) {
		out = append(out, m[2])
	}
	return out
}

func TestABadAnswerIsSaidBesideItsFieldAndNothingIsLost(t *testing.T) {
	s := webtest.New(t)
	long := strings.Repeat("ø", 50_000) // 100 KB
	for name, c := range map[string]struct {
		step, field, value, text string
	}{
		"impossible number":       {"/borgeren", "cpr", "310210-1234", "Se CPR-nummeret efter."},
		"too few digits":          {"/borgeren", "cpr", "1234", "Skriv CPR-nummeret med 10 cifre"},
		"born in the future":      {"/borgeren", "born", "1.1.2099", "Vælg en dato, der er passeret"},
		"born on a weekday":       {"/borgeren", "born", "fre", "Skriv fødselsdatoen med dag, måned og år"},
		"born in a year like 08":  {"/borgeren", "born", "14.4.08", "Skriv fødselsdatoen med dag, måned og år"},
		"protected in the past":   {"/borgeren", "until", "1.1.2020", "Vælg en dato, der ikke er passeret"},
		"protected until never":   {"/borgeren", "until", "engang", "Skriv en dato, fx"},
		"no name":                 {"/borgeren", "name", "", "Skriv borgerens navn"},
		"a name of 100 KB":        {"/borgeren", "name", long, "Højst 200 tegn; der står 50.000"},
		"a person with a number":  {"/netvaerket", "p4-cpr", "0101751112", "Skriv et navn eller en relation"},
		"a situation of 100 KB":   {"/sagen", "situation", long, "Højst 5.000 tegn; der står 50.000"},
		"no origin":               {"/sagen", "origin", "", "Vælg, hvor sagen kommer fra"},
		"a level without reason":  {"/sagen", "severity_reason", "", "Skriv, hvorfor du har valgt niveauet"},
		"the question unanswered": {"/adgangen", "excluding", "", "Svar på, hvem der ikke må få kendskab til sagen"},
		"nobody and somebody":     {"/adgangen", "excluding", "none", "Du har både svaret ingen og valgt kolleger"},
		"oneself excluded":        {"/adgangen", "exclude", s.Mette.UserID.String(), "Du kan ikke udelukke dig selv"},
		"a co-responsible too":    {"/adgangen", "exclude", s.Sara.UserID.String(), "En medansvarlig kan ikke også holdes ude"},
		"no such confidentiality": {"/adgangen", "level", "7", "Vælg en af mulighederne"},
	} {
		at := begin(t, s, s.Mette, url.Values{"name": {"Åse"}})
		form := url.Values{}
		for k, v := range answers(s)[c.step] {
			form[k] = v
		}
		if c.field == "born" {
			form.Del("cpr")
		}
		form.Set(c.field, c.value)
		a := s.Post(t, s.Mette, at+c.step, form)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, c.text) || !strings.Contains(a.Body, "<title>Fejl: ") || !strings.Contains(a.Body, `class="esum"`) ||
			!strings.Contains(a.Body, `href="#`+c.field) && c.field != "exclude" && c.field != "p4-cpr" {
			t.Errorf("%s: %d %v", name, a.Status, problems(a.Body))
		}
		for k, v := range form {
			if k != "exclude" && v[0] != "" && k != "rows" && !strings.Contains(a.Body, html.EscapeString(v[0])) {
				t.Errorf("%s: %s is lost", name, k)
			}
		}
		if kept := s.Get(t, s.Mette, at+c.step).Body; len(c.value) > 3 && len(c.value) < 20 && !strings.Contains(kept, c.value) {
			t.Errorf("%s: the answer is not in the draft", name)
		}
	}
	for _, bad := range []url.Values{{}, {"name": {"x"}}, {"cpr": {"12"}}, {"number": {"' OR 1=1"}}} {
		if a := s.Post(t, s.Mette, link.NewCase, bad); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("searching for %v: %d", bad, a.Status)
		}
	}
	at := begin(t, s, s.Mette, url.Values{"name": {"Åse"}})
	if a := s.Post(t, s.Mette, at+"/tjek", nil); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Ret det, der mangler") {
		t.Errorf("an unfinished registration: %d", a.Status)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_file`); n != 0 {
		t.Errorf("%d cases were made", n)
	}
}

func TestWorkingWithoutScripts(t *testing.T) {
	s := webtest.New(t)
	at := begin(t, s, s.Mette, url.Values{"name": {"Åse"}})
	// more rows keep what is written
	form := url.Values{"rows": {"4"}, "p1-name": {"Omar"}, "p4-cpr": {"12"}, "go": {"rows"}}
	a := s.Post(t, s.Mette, at+"/netvaerket", form)
	if a.Status != http.StatusSeeOther || a.Location() != at+"/netvaerket#p5-name" {
		t.Errorf("more rows: %d %s", a.Status, a.Location())
	}
	if b := s.Get(t, s.Mette, at+"/netvaerket").Body; !strings.Contains(b, `name="p8-name"`) || strings.Contains(b, `name="p9-name"`) || !strings.Contains(b, `value="Omar"`) || !strings.Contains(b, `value="12"`) {
		t.Error("more rows lose something, or are not there")
	}
	// a colleague of another team is found by name, also with Enter in the field, and stays chosen
	a = s.Post(t, s.Mette, at+"/adgangen", url.Values{"exclude_find": {"HÜSEYIN"}, "exclude_found": {""}, "co_find": {""}, "co_found": {""}, "excluding": {"some"}, "exclude": {s.Dennis.UserID.String()}})
	if a.Status != http.StatusSeeOther || a.Location() != at+"/adgangen#exclude_find" {
		t.Errorf("finding a colleague: %d %s", a.Status, a.Location())
	}
	b := s.Get(t, s.Mette, at+"/adgangen").Body
	if !strings.Contains(b, `value="`+s.Huseyin.UserID.String()+`"`) || !strings.Contains(b, `value="`+s.Dennis.UserID.String()+`" checked`) {
		t.Error("the colleague is not found, or the chosen one is gone")
	}
	// the draft can be left, found again, and thrown away
	a = s.Post(t, s.Mette, at+"/sagen", url.Values{"situation": {"Halv sætning"}, "go": {"later"}})
	if a.Location() != link.NewCase || !strings.Contains(s.Get(t, s.Mette, link.NewCase).Body, at+"/borgeren") || !strings.Contains(s.Get(t, s.Mette, at+"/sagen").Body, "Halv sætning") {
		t.Error("the draft is not kept")
	}
	if a := s.Post(t, s.Mette, at+"/sagen/kladde", url.Values{"situation": {"Hel sætning."}}); a.Status != 200 || !strings.HasPrefix(a.Body, "Kladden er gemt kl. ") ||
		!strings.Contains(s.Get(t, s.Mette, at+"/sagen").Body, "Hel sætning.") {
		t.Errorf("saving while writing: %d %s", a.Status, a.Body)
	}
	if a := s.Post(t, s.Mette, at+"/slet", nil); a.Status != http.StatusSeeOther || s.Get(t, s.Mette, at+"/sagen").Status != http.StatusNotFound {
		t.Error("the draft cannot be thrown away")
	}
	// an anonymous citizen needs no search
	a = s.Post(t, s.Mette, link.NewCase, url.Values{"go": {"anonymous"}})
	if !strings.HasSuffix(a.Location(), "/borgeren") || !strings.Contains(s.Get(t, s.Mette, a.Location()).Body, `value="1" checked`) {
		t.Errorf("an anonymous citizen: %d %s", a.Status, a.Location())
	}
}

func TestARegistrationIsNobodyElses(t *testing.T) {
	s := webtest.New(t)
	at := begin(t, s, s.Mette, url.Values{"name": {"Åse"}})
	for name, who := range s.People() {
		if name == "mette" {
			continue
		}
		want := http.StatusNotFound
		if name == "nobody" {
			want = http.StatusSeeOther
		}
		for _, path := range []string{"", "/borgeren", "/tjek"} {
			if a := s.Get(t, who, at+path); a.Status != want {
				t.Errorf("%s GET %s: %d", name, path, a.Status)
			}
		}
		for _, path := range []string{"", "/borgeren", "/borgeren/kladde", "/tjek", "/slet"} {
			if a := s.Post(t, who, at+path, url.Values{"name": {"Andet"}}); a.Status != want {
				t.Errorf("%s POST %s: %d", name, path, a.Status)
			}
		}
		if who.RegistersCases() {
			continue
		}
		if a := s.Post(t, who, link.NewCase, url.Values{"name": {"Åse"}}); a.Status != want {
			t.Errorf("%s starts one: %d", name, a.Status)
		}
	}
	for _, odd := range []string{"/andet", "/tjek/kladde"} {
		if a := s.Post(t, s.Mette, at+odd, nil); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", odd, a.Status)
		}
	}
	if a := s.Get(t, s.Mette, at+"/borgeren"); !strings.Contains(a.Body, `value="Åse"`) {
		t.Error("somebody changed it")
	}
}

func TestAHiddenCaseNeverShowsWhereOneIsRegistered(t *testing.T) {
	s := webtest.New(t)
	look := func(name, cpr string) string {
		at := begin(t, s, s.Huseyin, url.Values{"name": {name}, "cpr": {cpr}})
		b := s.Get(t, s.Huseyin, at).Body
		for _, own := range []string{at, name, cpr} {
			b = strings.ReplaceAll(b, own, "-")
		}
		return b
	}
	at := begin(t, s, s.Mette, url.Values{"name": {"Åse Sørensen"}, "cpr": {"7404104234"}})
	for _, step := range order {
		s.Post(t, s.Mette, at+step, answers(s)[step])
	}
	if a := s.Post(t, s.Mette, at+"/tjek", nil); !strings.HasPrefix(a.Location(), "/sager/") {
		t.Fatal(problems(a.Body))
	}
	if hidden, none := look("Åse Sørensen", "7404104234"), look("Bo Jensen", "7404104235"); hidden != none {
		t.Error("the page differs when there is a hidden case")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'case.duplicate'`); n != 0 {
		t.Error("searching alone tells the responsible")
	}
}

func TestTheLeadChoosesTheResponsible(t *testing.T) {
	s := webtest.New(t)
	at := begin(t, s, s.Jonas, url.Values{"name": {"Åse"}})
	for _, step := range order[:3] {
		s.Post(t, s.Jonas, at+step, answers(s)[step])
	}
	page := s.Get(t, s.Jonas, at+"/adgangen").Body
	if !strings.Contains(page, "Mig, Jonas Brandt-Holm") || !strings.Contains(page, `name="responsible" value="`+s.Dennis.UserID.String()) || strings.Contains(page, `name="responsible" value="`+s.Huseyin.UserID.String()) {
		t.Error("the lead cannot choose among the team, or sees others")
	}
	form := url.Values{"level": {"1"}, "excluding": {"none"}, "responsible": {s.Huseyin.UserID.String()}}
	if a := s.Post(t, s.Jonas, at+"/adgangen", form); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a caseworker of another team: %d", a.Status)
	}
	form.Set("responsible", s.Dennis.UserID.String())
	s.Post(t, s.Jonas, at+"/adgangen", form)
	if a := s.Post(t, s.Jonas, at+"/tjek", nil); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %v", a.Status, problems(a.Body))
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_file WHERE responsible_id = $1`, s.Dennis.UserID); n != 1 {
		t.Errorf("Dennis is responsible for %d cases", n)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'case.assigned'`, s.Dennis.UserID); n != 1 {
		t.Errorf("Dennis got %d notices", n)
	}
	// a caseworker who names somebody else stays responsible
	at = begin(t, s, s.Mette, url.Values{"name": {"Bo"}})
	for _, step := range order {
		form := answers(s)[step]
		form.Set("responsible", s.Dennis.UserID.String())
		s.Post(t, s.Mette, at+step, form)
	}
	s.Post(t, s.Mette, at+"/tjek", nil)
	if n := s.Count(t, `SELECT count(*) FROM app.case_file WHERE responsible_id = $1`, s.Mette.UserID); n != 1 {
		t.Errorf("Mette is responsible for %d cases", n)
	}
}

func TestARelativeCannotRegisterTheCase(t *testing.T) {
	s := webtest.New(t)
	s.Exec(t, `UPDATE auth.user_account SET own_cpr_bidx = $2 WHERE id = $1`, s.Mette.UserID, s.Keys.BlindCPR("0101751111"))
	at := begin(t, s, s.Mette, url.Values{"name": {"Åse"}})
	for _, step := range order {
		s.Post(t, s.Mette, at+step, answers(s)[step])
	}
	a := s.Post(t, s.Mette, at+"/tjek", nil)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Bed din leder om at registrere den") {
		t.Errorf("%d %v", a.Status, problems(a.Body))
	}
	if s.Count(t, `SELECT count(*) FROM app.case_file`) != 0 || s.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'case.register_refused' AND actor = $1`, s.Mette.UserID) != 1 {
		t.Error("a case is left behind, or no trace of the trial")
	}
}
