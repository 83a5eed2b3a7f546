package planrulepages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

// yellow is the form of a rule that asks for the school.
func yellow() url.Values {
	return url.Values{"id": {uuid.NewString()}, "version": {"0"}, "da": {"Gul: skolen"}, "en": {"Yellow: the school"}, "area": {"child"}, "active": {"1"}, "level": {"yellow"},
		"partner_type": {"school"}, "length": {"3"}, "unit": {"arbejdsdage"}, "certainty": {"proposal"}}
}

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestLoneMakesARuleThatMettesPlanThenAsksBy(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Partner(t, "school", "Åskolen", "Anders Møller")
	s.Exec(t, `UPDATE app.case_file SET severity = 'yellow', severity_set_at = now() WHERE id = $1`, c.ID)
	s.Post(t, s.Mette, link.Plan(c.Ref)+"/start", url.Values{"template": {"T3"}})
	s.Get(t, s.Lone, link.NewPlanRule).Want(t, "the empty form", http.StatusOK, "Ny planregel", `value="1" checked`)
	form := yellow()
	counted := s.Post(t, s.Lone, link.NewPlanRule, with(yellow(), "count", "1"))
	counted.Want(t, "counted", http.StatusOK, "Færre end fem åbne sager", `value="Gul: skolen"`)
	if s.Count(t, `SELECT count(*) FROM app.plan_rule WHERE da = 'Gul: skolen'`) != 0 {
		t.Error("counting saved the rule")
	}
	for range 2 { // pressed twice
		s.Next(t, s.Lone, s.Post(t, s.Lone, link.NewPlanRule, form)).Want(t, "saved", http.StatusOK, "Reglen er gemt. Den gælder fra nu af.", "Gul: skolen",
			"Når niveauet er mindst gul: ”Skole” inden 3 arbejdsdage. Kun børn og unge.", "Kommunens egen regel, ikke lov", "rettet af Lone Friis")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.plan_rule WHERE da = 'Gul: skolen'`); n != 1 {
		t.Errorf("%d rules", n)
	}
	plan := s.Get(t, s.Mette, link.Plan(c.Ref)+"?forslag=alle")
	plan.Want(t, "the plan", http.StatusOK, "Gul: skolen", "Anders Møller", "Der er 3 arbejdsdage tilbage")
	plan.Lacks(t, "the plan", "..")
}

func TestARuleThatCannotBeIsSaidFieldByFieldAndNothingTypedIsLost(t *testing.T) {
	s := webtest.New(t)
	form := with(yellow(), "da", "", "length", "snart", "level", "orange", "level_to", "green", "age_from", "18", "age_to", "15", "partner_type", "family_dept", "also", "x", "certainty", "sourced", "law", "")
	form["signs"] = []string{"S18"}
	a := s.Post(t, s.Lone, link.NewPlanRule, form)
	for field, message := range map[string]string{"da": "Skriv et navn", "length": "helt tal", "level_to": "lige så højt eller højere", "age_to": "ikke er lavere end fra",
		"partner_type": "Det er sagens egen afdeling", "also": "Vælg en af mulighederne", "law": "Skriv, hvilken paragraf"} {
		a.Refuses(t, "all of it", field, message)
	}
	a.Want(t, "what was typed", http.StatusUnprocessableEntity, `value="Yellow: the school"`, `value="snart"`, `value="18"`, `value="15"`, `value="S18" checked`, `value="family_dept" selected`)
	if a.Value("id") != form.Get("id") {
		t.Error("the form gets another id, and sent again it would be another rule")
	}
	form = yellow()
	form.Del("level")
	s.Post(t, s.Lone, link.NewPlanRule, form).Refuses(t, "a rule that always asks", "level", "Vælg mindst én betingelse")
	form = yellow()
	form["phases"] = []string{"P77"}
	s.Post(t, s.Lone, link.NewPlanRule, form).Refuses(t, "no such phase", "phases", "Vælg en af mulighederne")
	police := link.PlanRule("police_by_level")
	s.Post(t, s.Lone, police, with(yellow(), "version", "1", "en", "")).Refuses(t, "a known rule", "en", "Skriv et navn")
	s.Post(t, s.Lone, police, with(yellow(), "version", "1", "en", "", "count", "1")).Refuses(t, "counted", "en", "Skriv et navn")
	if n := s.Count(t, `SELECT count(*) FROM app.plan_rule WHERE changed_by IS NOT NULL`); n != 0 {
		t.Errorf("%d rules were saved", n)
	}
}

// Two admins in one rule: the second sees both and loses nothing, and may then save theirs.
func TestTheSecondOfTwoAdminsInARuleLosesNothing(t *testing.T) {
	s := webtest.New(t)
	at := link.PlanRule("police_by_level")
	if v := s.Get(t, s.Lone, at).Value("version"); v != "1" {
		t.Fatalf("version %q", v)
	}
	form := with(yellow(), "version", "1")
	for range 2 { // pressed twice
		s.Next(t, s.Lone, s.Post(t, s.Lone, at, form)).Want(t, "the first", http.StatusOK, "Reglen er gemt.")
	}
	if n := s.Count(t, `SELECT max(version) FROM app.plan_rule WHERE code = 'police_by_level'`); n != 2 {
		t.Errorf("a form sent twice made version %d", n)
	}
	second := s.Post(t, s.Lone, at, with(form, "da", "Gul: skolen straks", "length", "1", "certainty", "sourced", "law", "barnets lov § 136"))
	second.Want(t, "the second", http.StatusConflict, "Lone Friis har gemt ændringer", `value="Gul: skolen straks"`, "inden 1 arbejdsdag", "inden 3 arbejdsdage", "Står i barnets lov § 136", "Kommunens egen regel, ikke lov")
	s.Post(t, s.Lone, at, with(form, "da", "")).Refuses(t, "late and empty", "da", "Skriv et navn")
	form.Set("da", "Gul: skolen straks")
	s.Next(t, s.Lone, s.Post(t, s.Lone, at, with(form, "version", second.Value("version")))).Want(t, "theirs", http.StatusOK, "Gul: skolen straks", "Står i barnets lov § 136")
	only := s.Post(t, s.Lone, at, with(form, "version", "1", "law", "barnets lov § 137"))
	only.Want(t, "nothing but the paragraph differs", http.StatusConflict, "Står i barnets lov § 137")
	only.Lacks(t, "nothing but the paragraph differs", "I har skrevet det samme")
	s.Post(t, s.Lone, at, with(form, "version", "x")).Want(t, "nonsense", http.StatusConflict)
}

func TestARuleGoesOutOfUse(t *testing.T) {
	s := webtest.New(t)
	at := link.PlanRule("police_by_level")
	s.Next(t, s.Lone, s.Post(t, s.Lone, at+"/udgaar", url.Values{"version": {"7"}})).Want(t, "unseen", http.StatusOK, "Reglen er ændret imens", "Tag reglen ud af brug")
	for range 2 { // pressed twice
		s.Next(t, s.Lone, s.Post(t, s.Lone, at+"/udgaar", url.Values{"version": {"1"}})).Want(t, "retired", http.StatusOK, "Reglen er taget ud af brug", "Ude af brug")
	}
	a := s.Get(t, s.Lone, at)
	a.Want(t, "its page", http.StatusOK, "Version 2", "Version 1", "Ude af brug")
	a.Lacks(t, "its page", "Tag reglen ud af brug")
}

func TestRulesArePagesOfTheAdminAndOriginsOfTheLead(t *testing.T) {
	s := webtest.New(t)
	for _, who := range []actor.Actor{s.Mette, s.Jonas, s.Sara, s.Karen} {
		for _, path := range []string{link.PlanRules, link.NewPlanRule, link.PlanRule("police_by_level")} {
			s.Get(t, who, path).Want(t, who.Name+" "+path, http.StatusNotFound)
		}
		s.Post(t, who, link.NewPlanRule, yellow()).Want(t, who.Name+" makes one", http.StatusNotFound)
		s.Post(t, who, link.PlanRule("police_by_level")+"/udgaar", url.Values{"version": {"1"}}).Want(t, who.Name+" retires one", http.StatusNotFound)
	}
	for path, form := range map[string]url.Values{link.PlanRule("nobody"): yellow(), link.PlanRule("nobody") + "/udgaar": {"version": {"1"}}} {
		s.Post(t, s.Lone, path, form).Want(t, path, http.StatusNotFound)
	}
	s.Get(t, s.Lone, link.PlanRule("nobody")).Want(t, "no rule", http.StatusNotFound)
	for _, who := range []actor.Actor{s.Mette, s.Lone, s.Karen} {
		s.Get(t, who, link.Origins).Want(t, who.Name+" origins", http.StatusNotFound)
	}
	s.Get(t, s.Jonas, link.Origins).Want(t, "before anybody is asked", http.StatusOK, "Ingen partnere er spurgt")
}

// How partners came in is told in shares, and no case can be seen from it.
func TestTheLeadSeesHowPartnersCameInAndNoCase(t *testing.T) {
	s := webtest.New(t)
	p := s.Partner(t, "school", "Åskolen", "Anders Møller")
	var ways []string // 1 from the plan, 6 from a rule, 7 ad hoc
	for i := range 14 {
		ways = append(ways, map[bool]string{true: "from_trigger", false: "ad_hoc"}[i < 6])
	}
	ways[13] = "from_plan"
	for i, origin := range ways {
		c := s.Case(t, s.Mette, 1)
		s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, added_by, asked_at) VALUES ($1, $2, $3, 'x', $4, 'accepted', $5, now() - make_interval(secs => $6))`, c.ID, p.OrganisationID, p.ID, origin, s.Mette.UserID, i)
	}
	a := s.Get(t, s.Jonas, link.Origins)
	a.Want(t, "origins", http.StatusOK, "Fra planen: </span>–", "Fra en regel eller hændelse: </span>–", "Ad hoc: </span>5", "I alt: </span>15", "tal under 5 vises ikke")
	a.Lacks(t, "origins", "Amira", "/sager/2", "Åskolen")
	s.Get(t, s.Anders, link.Origins).Want(t, "another lead", http.StatusOK, "Ingen partnere er spurgt")
}

func TestRulesAreReadInEnglish(t *testing.T) {
	s := webtest.New(t)
	lone := s.Lone
	s.InEnglish(t, lone, s.Jonas)
	for path, words := range map[string]string{link.PlanRules: "The municipality's own rule, not law", link.NewPlanRule: "New plan rule", link.PlanRule("police_by_level"): "Take the rule out of use"} {
		a := s.Get(t, lone, path)
		a.Want(t, path, http.StatusOK, words)
		a.AllSaid(t, path)
	}
	s.Post(t, lone, link.NewPlanRule, with(yellow(), "da", "", "length", "0")).Refuses(t, "refused", "length", "Write a whole number from 1 to 2000")
	s.Next(t, lone, s.Post(t, lone, link.NewPlanRule, yellow())).Want(t, "saved", http.StatusOK, "The rule is saved. It holds from now on.", "Yellow: the school")
	s.Get(t, s.Jonas, link.Origins).Want(t, "origins", http.StatusOK, "How the partners came in")
}
