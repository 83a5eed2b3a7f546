package planpages_test

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

func newDesk(t testing.TB, template string) desk {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	d := desk{s, t, c, "/sager/" + c.Ref + "/handlingsplan"}
	if a := d.post(s.Mette, "/start", url.Values{"template": {template}}); a.Status != http.StatusSeeOther {
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

// phase is the id of a phase by its number, counting from one.
func (d desk) phase(n int) string {
	d.t.Helper()
	var id string
	d.Scan(d.t, []any{&id}, `SELECT id::text FROM app.plan_phase WHERE case_id = $1 ORDER BY position OFFSET $2 LIMIT 1`, d.c.ID, n-1)
	return id
}

// add adds a step through the quick add and returns its id.
func (d desk) add(title string) string {
	d.t.Helper()
	a := d.post(d.Mette, "/trin/hurtig", url.Values{"title": {title}, "phase": {d.phase(1)}, "n": {"1"}})
	if a.Status != http.StatusSeeOther {
		d.t.Fatalf("add: %d", a.Status)
	}
	var id string
	d.Scan(d.t, []any{&id}, `SELECT id::text FROM app.plan_step WHERE case_id = $1 AND title = $2`, d.c.ID, title)
	return id
}

func (d desk) one(id, column string) string {
	d.t.Helper()
	var s string
	d.Scan(d.t, []any{&s}, `SELECT `+column+`::text FROM app.plan_step WHERE id = $1`, id)
	return s
}

func (d desk) form(title string) url.Values {
	return url.Values{"title": {title}, "responsible": {"u:" + d.Mette.UserID.String()}, "due": {"+7"}, "phase": {d.phase(1)}, "version": {"1"}}
}

func has(t testing.TB, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("status %d, want %d (%s)", a.Status, status, a.Location())
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("%q is not on the page", w)
		}
	}
}

func lacks(t testing.TB, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body, w) {
			t.Errorf("%q is on the page", w)
		}
	}
}

func TestCaseWithoutPlanOffersTheTemplatesOfItsArea(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `UPDATE app.case_file SET severity = 'yellow' WHERE id = $1`, c.ID)
	d := desk{s, t, c, "/sager/" + c.Ref + "/handlingsplan"}
	a := d.get(s.Mette, "")
	has(t, a, 200, "Barn/ung: akut fare", "19 trin i 4 faser", "Første døgn", "Vurdér akut fare", "Tom plan", "Passer til niveauet")
	lacks(t, a, "Voksen:")
	if strings.Index(a.Body, "løbende negativ") > strings.Index(a.Body, "akut fare") {
		t.Error("the template that fits the level is not first")
	}
	s.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, s.Mette.UserID)
	has(t, d.get(s.Mette, ""), 200, "Child: acute danger", "19 steps in 4 phases", "Empty plan")
	s.Grant(t, c, s.Sara, "consulted")
	a = d.get(s.Sara, "")
	has(t, a, 200, "Sagen har ingen handlingsplan endnu")
	lacks(t, a, "/start")
	if a := d.post(s.Sara, "/start", url.Values{"template": {"T1"}}); a.Status != http.StatusForbidden {
		t.Errorf("started by the consulted: %d", a.Status)
	}
	has(t, d.post(s.Mette, "/start", url.Values{"template": {"T99"}}), 422)
	has(t, d.post(s.Mette, "/start", url.Values{"template": {"T3"}}), 303)
	has(t, d.post(s.Mette, "/start", url.Values{"template": {"T1"}}), 303) // pressed twice: the plan is there
	if n := s.Count(t, `SELECT count(*) FROM app.plan_step`); n != 13 {
		t.Errorf("%d steps", n)
	}
}

func TestPlanIsReadByPhase(t *testing.T) {
	d := newDesk(t, "T1")
	a := d.get(d.Mette, "")
	has(t, a, 200, "19 trin", "1. Straks", "0 af 6 udført", "Tilføj trin i Straks", "Låst: risikoen skal vurderes", "Mangler ansvarlig", "Vælg partner", "Lovens frist", "Handlingsplan startet")
	if id := d.add("Ring til skolen"); d.one(id, "responsible_user") != d.Mette.UserID.String() || d.one(id, "status") != "open" {
		t.Error("a quick step is not the writer's")
	}
	for filter, want := range map[string]string{"mine": "Ring til skolen", "partnere": "Ingen trin ligger hos en partner", "over": "Ingen trin er over tid"} {
		has(t, d.get(d.Mette, "?filter="+filter), 200, want)
	}
	has(t, d.get(d.Mette, "?vis=tavle"), 200, `class="kan"`, "Flyt til 2. Første døgn", "Flyt op")
	has(t, d.get(d.Mette, ""), 200, "/journal/ny?tilbage=%2Fsager%2F") // the one write leads back to the plan
	has(t, d.get(d.Mette, "?udskriv=1"), 200, "Fortroligt. Skrevet ud af")
	lacks(t, d.get(d.Mette, "?udskriv=1"), "Tilføj trin i")
	if len(a.Body) > 60<<10 {
		t.Errorf("%d bytes", len(a.Body))
	}
	d.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, d.Mette.UserID)
	b := d.get(d.Mette, "")
	has(t, b, 200, "20 steps", "0 of 7 done", "Locked: the risk must be assessed")
	if m := regexp.MustCompile(`>(plan|ui|event|flash|partner)\.[a-z_.]+<`).FindString(a.Body + b.Body); m != "" {
		t.Errorf("a text is missing: %s", m)
	}
}

func TestQuickAddAndItsRefusals(t *testing.T) {
	d := newDesk(t, "")
	form := url.Values{"title": {"Møde på skolen"}, "phase": {d.phase(3)}, "n": {"3"}, "key": {"7d8f3f8e-7f0c-4a3f-9a55-0d4f0ab0a001"}, "v": {"filter=&forslag=alle"}}
	a := d.post(d.Mette, "/trin/hurtig", form)
	has(t, a, 303)
	if !strings.HasSuffix(a.Location(), "/handlingsplan?forslag=alle#ny-3") {
		t.Errorf("the focus is lost: %s", a.Location())
	}
	has(t, d.post(d.Mette, "/trin/hurtig", form), 303) // pressed twice
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step, LATERAL (SELECT (due_at AT TIME ZONE 'Europe/Copenhagen')::date AS due, (now() AT TIME ZONE 'Europe/Copenhagen')::date AS today) x
		WHERE due BETWEEN today + 7 AND today + 9 AND extract(isodow FROM due) < 6`); n != 1 {
		t.Errorf("%d steps in a week, on a day of work", n)
	}
	form.Del("key")
	form.Set("title", " ")
	has(t, d.post(d.Mette, "/trin/hurtig", form), 422, "Skriv, hvad der skal ske", "Fejl: ", `href="#ny-3"`)
	form.Set("title", strings.Repeat("ø", 201))
	has(t, d.post(d.Mette, "/trin/hurtig", form), 422, "Højst 200 tegn; der står 201", strings.Repeat("ø", 201))
	form.Set("title", "Hent Amira <i>nu</i>")
	a = d.post(d.Mette, "/trin/hurtig", form)
	has(t, a, 422, "Titlen nævner en person fra sagen", "Gem alligevel", "Hent Amira &lt;i&gt;nu&lt;/i&gt;")
	form.Set("names_ok", "1")
	has(t, d.post(d.Mette, "/trin/hurtig", form), 303)
	for _, title := range []string{"🧭 Find vej", "التحدث مع المدرسة", strings.Repeat("å", 200)} {
		d.add(title)
		has(t, d.get(d.Mette, ""), 200, title)
	}
}

func TestCitizensGoalsAndFollowUp(t *testing.T) {
	d := newDesk(t, "")
	d.Grant(t, d.c, d.Dennis, "coworker")
	has(t, d.post(d.Mette, "/maal", url.Values{"version": {"1"}, "goals": {"Jeg vil gå i skole.\nOg se mine venner."}, "follow_up": {"24.12.2027"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "Jeg vil gå i skole.", "Næste opfølgning fredag 24. december 2027")
	has(t, d.get(d.Mette, "/maal"), 200, `value="24.12.2027"`)
	has(t, d.post(d.Mette, "/maal", url.Values{"version": {"2"}, "goals": {"Andet"}, "follow_up": {"aldrig"}}), 422, "Andet", `value="aldrig"`)
	has(t, d.post(d.Dennis, "/maal", url.Values{"version": {"1"}, "goals": {"Jeg vil bo hos min moster."}}), 409, "Jeg vil gå i skole.", "Jeg vil bo hos min moster.", "Behold din", `name="version" value="2"`)
}

func TestSuggestionIsFollowedOrRefusedWithAReason(t *testing.T) {
	d := newDesk(t, "")
	yasmin := d.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	d.Exec(t, `UPDATE app.organisation SET before_call = 'Anonym sparring er fri.'`)
	d.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() - interval '3 days' WHERE id = $1`, d.c.ID)
	a := d.get(d.Mette, "")
	has(t, a, 200, "Planen kalder på: Sikkerhedskonsulent", "Orange eller rød: sikkerhedskonsulent inden 24 timer. Det gælder siden", "Det skulle være sket senest", "Reglen er kommunens egen, ikke lov.", "Yasmin Haddad", "Døgnet rundt", `href="tel:00123456"`, "Tilføj i planen", "1 forslag mere", "Anonym sparring er fri.")
	lacks(t, a, "Politiets ressourceperson for æresrelaterede sager –")
	has(t, d.get(d.Mette, "?forslag=alle"), 200, "Politiets ressourceperson", "Partnerregistret har ingen kontaktperson")
	has(t, d.post(d.Mette, "/forslag/security_consultant/tilfoej", url.Values{"contact": {yasmin.ID.String()}}), 303)
	has(t, d.post(d.Mette, "/forslag/security_consultant/tilfoej", url.Values{"contact": {yasmin.ID.String()}}), 404)
	has(t, d.get(d.Mette, ""), 200, "Inddrag: Sikkerhedskonsulent", "1 partner har ikke svaret", "Spurgt i dag, ikke svaret", "Planen kalder på: Politiets ressourceperson")
	has(t, d.get(d.Mette, "/forslag/police_resource_person/afvis"), 200, "Hvorfor er det ikke relevant?")
	has(t, d.post(d.Mette, "/forslag/police_resource_person/afvis", url.Values{"reason": {" "}}), 422, "Skriv en begrundelse", "Vælg en af mulighederne")
	has(t, d.post(d.Mette, "/forslag/police_resource_person/afvis", url.Values{"reason_code": {"elsewhere"}, "reason": {"Politiet er med fra en anden sag"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "1 fravalgt forslag", "Politiet er med fra en anden sag") // the reason can be read again
	lacks(t, d.get(d.Mette, ""), "Planen kalder på")
	has(t, d.get(d.Mette, "/forslag/police_resource_person/afvis"), 303) // answered
	has(t, d.get(d.Mette, "/forslag/ghost/afvis"), 404)
	if d.Count(t, `SELECT count(*) FROM app.suggestion_dismissal WHERE reason = 'Politiet er med fra en anden sag'`) != 1 {
		t.Error("the reason is not kept")
	}
}

func TestConsultedReadsExcludedFindsNothing(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1, s.Dennis)
	d := desk{s, t, c, "/sager/" + c.Ref + "/handlingsplan"}
	has(t, d.post(s.Mette, "/start", url.Values{"template": {"T3"}}), 303)
	s.Grant(t, c, s.Sara, "consulted")
	s.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() WHERE id = $1`, c.ID)
	s.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	var id string
	s.Scan(t, []any{&id}, `SELECT id::text FROM app.plan_step WHERE case_id = $1 LIMIT 1`, c.ID)
	for _, path := range []string{"", "?vis=tavle", "/trin/" + id} {
		a := d.get(s.Sara, path)
		has(t, a, 200)
		lacks(t, a, "/udfoert", "/trin/hurtig", "/trin/ny", "/maal", "/afvis", "/tilfoej", "/fortryd", "Gem</button>")
	}
	gets := []string{"/maal", "/trin/ny", "/trin/" + id + "/udskyd", "/trin/" + id + "/udgaar", "/trin/" + id + "/flyt", "/forslag/security_consultant/afvis"}
	posts := []string{"/start", "/maal", "/trin/ny", "/trin/hurtig", "/trin/" + id, "/trin/" + id + "/udfoert", "/trin/" + id + "/fortryd", "/trin/" + id + "/til", "/trin/" + id + "/flyt",
		"/trin/" + id + "/udskyd", "/trin/" + id + "/udgaar", "/forslag/security_consultant/tilfoej", "/forslag/security_consultant/afvis"}
	form := d.form("Andet")
	form["to"], form["reason"], form["template"] = []string{"igang"}, []string{"Nej"}, []string{"T1"}
	for who, p := range map[string]actor.Actor{"consulted": s.Sara, "excluded": s.Dennis, "stranger": s.Huseyin, "admin": s.Lone, "auditor": s.Karen} {
		want := http.StatusNotFound
		if who == "consulted" {
			want = http.StatusForbidden
		}
		for _, path := range gets { // a form that one may not send does not exist
			if a := d.get(p, path); a.Status != http.StatusNotFound {
				t.Errorf("GET %s by the %s: %d", path, who, a.Status)
			}
		}
		for _, path := range posts {
			if a := d.post(p, path, form); a.Status != want {
				t.Errorf("POST %s by the %s: %d", path, who, a.Status)
			}
		}
		if who != "consulted" {
			has(t, d.get(p, ""), 404)
		}
	}
	if d.one(id, "version") != "1" || s.Count(t, `SELECT count(*) FROM app.plan_step`) != 13 {
		t.Error("changed after all")
	}
	// A closed case is only read, also by its responsible.
	s.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, c.ID)
	lacks(t, d.get(s.Mette, ""), "/udfoert", "/trin/hurtig")
	has(t, d.post(s.Mette, "/trin/"+id+"/udfoert", url.Values{"version": {"1"}}), 403)
}
