package screeningpages_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// site is a running office with a case of Mette's, and a report of concern that is hers too.
type site struct {
	*webtest.Site
	c            testkit.CaseFile
	file, report string // their addresses
	reportID     uuid.UUID
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Site: webtest.New(t), report: "/underretninger/urrrrrrr", reportID: uuid.New()}
	s.c = s.Case(t, s.Mette, 1, s.Dennis)
	s.file = link.Case(s.c.Ref)
	s.Grant(t, s.c, s.Sara, "consulted")
	s.Exec(t, `INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, assess_by, registered_by, assigned_to)
		VALUES ($1, 'urrrrrrr', 'U-2026-0001', 999, 'child', 'professional', now(), now() + interval '24 hours', $2, $2)`, s.reportID, s.Mette.UserID)
	s.Exec(t, `INSERT INTO app.report_content (report_id, told) VALUES ($1, 'x')`, s.reportID)
	return s
}

// want demands a status and words of an answer.
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

func hasNot(t *testing.T, what string, a webtest.Answer, words ...string) {
	t.Helper()
	body := html.UnescapeString(a.Body)
	for _, w := range words {
		if strings.Contains(body, w) {
			t.Errorf("%s: says %q", what, w)
		}
	}
}

// hidden are the hidden fields of a page by name, the last of a name.
func hidden(a webtest.Answer) map[string]string {
	fields := map[string]string{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(a.Body, -1) {
		fields[m[1]] = m[2]
	}
	return fields
}

func TestASignIsNotedInPlaceAndTakenBackWithAReason(t *testing.T) {
	s := newSite(t)
	for name, base := range map[string]string{"case": s.file, "report": s.report} {
		page := s.Get(t, s.Mette, base+"/tegn?tegn=S06")
		want(t, name, page, http.StatusOK, "Der er ikke noteret tegn endnu", "Hvad blev set eller sagt?", "Overvågning", "Et tegn alene beviser ingenting")
		hasNot(t, name+", a child's", page, "Opholdsgrundlag bruges som trussel")
		form := url.Values{"id": {hidden(page)["id"]}, "code": {"S06"}, "observation": {"Far læser 📱 hver aften <b>"}, "source": {""}, "seen_on": {"i overmorgen igen"}}
		want(t, name+", refused", s.Post(t, s.Mette, base+"/tegn", form), http.StatusUnprocessableEntity, "Far læser 📱 hver aften <b>", "i overmorgen igen", "Vælg, hvor du ved det fra", "Fejl:")
		form.Set("source", "citizen")
		form.Set("seen_on", "+3")
		want(t, name+", tomorrow", s.Post(t, s.Mette, base+"/tegn", form), http.StatusUnprocessableEntity, "Datoen ligger i fremtiden", "+3")
		form.Set("seen_on", "i går")
		for range 2 {
			want(t, name+", noted", s.Post(t, s.Mette, base+"/tegn", form), http.StatusSeeOther)
		}
		own := url.Values{"id": {uuid.NewString()}, "observation": {"Trækker ærmerne ned"}, "source": {"own"}}
		want(t, name+", own", s.Post(t, s.Mette, base+"/tegn", own), http.StatusSeeOther)
		page = s.Get(t, s.Mette, base+"/tegn")
		want(t, name+", seen", page, http.StatusOK, "Far læser 📱 hver aften <b>", "set 1 gang", "Trækker ærmerne ned", "Barnet eller borgeren selv, set", "2 iagttagelser")
		if strings.Contains(page.Body, "aften <b>") {
			t.Errorf("%s: what was typed became a tag", name)
		}
		sign := form.Get("id")
		want(t, name+", the form", s.Get(t, s.Mette, base+"/tegn?udgaar="+sign), http.StatusOK, "Hvorfor gælder tegnet ikke?")
		want(t, name+", no reason", s.Post(t, s.Mette, base+"/tegn/"+sign+"/udgaar", nil), http.StatusUnprocessableEntity, "Skriv, hvorfor tegnet ikke gælder")
		want(t, name+", taken back", s.Post(t, s.Mette, base+"/tegn/"+sign+"/udgaar", url.Values{"reason": {"Det var lillesøster"}}), http.StatusSeeOther)
		want(t, name+", kept", s.Get(t, s.Mette, base+"/tegn"), http.StatusOK, "Taget tilbage", "Det var lillesøster", "Far læser 📱 hver aften <b>", "1 iagttagelse")
		want(t, name+", of nobody", s.Post(t, s.Mette, base+"/tegn/"+uuid.NewString()+"/udgaar", url.Values{"reason": {"x"}}), http.StatusNotFound)
	}
}

func TestWhoIsAskedForAdviceReadsTheSignsAndWritesNone(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES ($1, 'S31', 'Slået i går', 'citizen', $2)`, s.c.ID, s.Mette.UserID)
	page := s.Get(t, s.Sara, s.file+"/tegn?tegn=S06")
	want(t, "reads", page, http.StatusOK, "Slået i går", "Overvej ÆRK/NSK-spor")
	hasNot(t, "reads", page, "Notér</a>", "Tag tilbage", "<textarea")
	want(t, "writes", s.Post(t, s.Sara, s.file+"/tegn", url.Values{"observation": {"x"}, "source": {"own"}}), http.StatusForbidden)
	want(t, "screens", s.Post(t, s.Sara, s.file+"/screening", url.Values{"version": {"1"}}), http.StatusForbidden)
	hasNot(t, "the screening", s.Get(t, s.Sara, s.file+"/screening"), "<textarea")
	want(t, "a stranger", s.Get(t, s.Huseyin, s.file+"/tegn"), http.StatusNotFound)
	want(t, "the excluded", s.Get(t, s.Dennis, s.file+"/tegn"), http.StatusNotFound)
	want(t, "a stranger at the report", s.Get(t, s.Huseyin, s.report+"/screening"), http.StatusNotFound)
}

// The caseworker says in one form that a suggestion is relevant and that there is nothing in it: the gate would fall with it (R1).
func TestNobodyRulesOutWhatTheyFindRelevant(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES ($1, 'S31', 'Slået i går', 'citizen', $2)`, s.c.ID, s.Mette.UserID)
	h := hidden(s.Get(t, s.Mette, s.file+"/screening"))
	form := url.Values{"id": {h["id"]}, "version": {h["version"]}, "regel": {"threats"}, "til-threats": {h["til-threats"]}, "svar-threats": {"yes"}, "hvorfor-threats": {"x"},
		"honour": {"not"}, "honour_why": {"x"}, "certainty": {"ruled_out"}, "mandatory": {"none"}, "outcome": {"clarification"}, "reason": {"x"}}
	want(t, "relevant, and nothing in it", s.Post(t, s.Mette, s.file+"/screening", form), http.StatusUnprocessableEntity, "Så er mistanken ikke afkræftet", "Så er der mistanke")
	form.Set("svar-threats", "no")
	want(t, "in one letter", s.Post(t, s.Mette, s.file+"/screening", form), http.StatusUnprocessableEntity, "Skriv med mindst 20 tegn")
	form.Set("honour_why", "Skolen har taget fejl af barnet, og barnet siger det selv")
	want(t, "with its reason", s.Post(t, s.Mette, s.file+"/screening", form), http.StatusSeeOther)
	want(t, "the lead is told", s.Get(t, s.Jonas, link.Notices), http.StatusOK, "porten til forældre og netværk er væk")
}

func TestTheScreeningWaitsForTheAnswerAndLosesNothing(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES ($1, 'S31', 'Slået i går', 'citizen', $2)`, s.c.ID, s.Mette.UserID)
	page := s.Get(t, s.Mette, s.file+"/screening")
	want(t, "the form", page, http.StatusOK, "Overvej ÆRK/NSK-spor: Vold eller trusler fortalt", "Fortæller om slag", "Afdækning", "§\u00a020, stk. 1")
	hasNot(t, "a child", page, "Tilbud om handleplan")
	h := hidden(page)
	form := url.Values{"id": {h["id"]}, "version": {h["version"]}, "regel": {"threats"}, "til-threats": {h["til-threats"]}, "honour": {"suspected"}, "honour_why": {"Trusler fra far"},
		"certainty": {"suspicion"}, "mandatory": {"abuse"}, "outcome": {"clarification"}, "reason": {"Skolen og Amira siger det samme"}}
	typed := []string{"Trusler fra far", "Skolen og Amira siger det samme"}
	a := s.Post(t, s.Mette, s.file+"/screening", form)
	want(t, "unanswered", a, http.StatusUnprocessableEntity, append(typed, "Vælg, om sporet er relevant", "Skriv hvorfor. Det gælder både ja og nej", "Skriv, hvorfor mindre er nok")...)
	form.Set("svar-threats", "yes")
	form.Set("hvorfor-threats", "Det er sagt to gange")
	form.Set("lighter_why", "Undersøgelsen fra maj gælder stadig")
	s.Exec(t, `UPDATE app.case_file SET version = version + 1 WHERE id = $1`, s.c.ID) // a colleague
	a = s.Post(t, s.Mette, s.file+"/screening", form)
	want(t, "a colleague was first", a, http.StatusConflict, append(typed, "Undersøgelsen fra maj gælder stadig", "Det er sagt to gange")...)
	form.Set("version", hidden(a)["version"])
	want(t, "saved", s.Post(t, s.Mette, s.file+"/screening", form), http.StatusSeeOther)
	want(t, "sent twice", s.Post(t, s.Mette, s.file+"/screening", form), http.StatusSeeOther)
	if n := s.Count(t, `SELECT count(*) FROM app.screening`) + s.Count(t, `SELECT count(*) FROM app.suggestion_answer`); n != 2 {
		t.Errorf("%d rows", n)
	}
	want(t, "the history", s.Get(t, s.Mette, s.file+"/screening"), http.StatusOK, append(typed, "Mistanke om ÆRK/NSK: risikoen skal vurderes først", "Ingen nye tegn siden sidste screening", "Det er sagt to gange")...)
	s.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES ($1, 'S32', 'Truet', 'citizen', $2)`, s.c.ID, s.Mette.UserID)
	a = s.Get(t, s.Mette, s.file+"/screening")
	want(t, "news", a, http.StatusOK, "Nyt siden sidst", "Trussel om at blive sendt væk", "til-threats")
	hasNot(t, "news", a, "Ingen nye tegn siden")
	want(t, "the overview", s.Get(t, s.Mette, s.file), http.StatusOK, "2 iagttagelser", "Vold og trusler")
	hasNot(t, "the overview", s.Get(t, s.Mette, s.file), "Barnet er ikke screenet")
}

func TestAnAnswerToWhatHasChangedIsShownAgain(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO app.sign_seen (report_id, code, observation, source, noted_by) VALUES ($1, 'S31', 'Slået i går', 'citizen', $2)`, s.reportID, s.Mette.UserID)
	key := hidden(s.Get(t, s.Mette, s.report+"/tegn"))["til-threats"]
	answer := func(key, relevant string) webtest.Answer {
		return s.Post(t, s.Mette, s.report+"/tegn/forslag/threats", url.Values{"til-threats": {key}, "svar-threats": {relevant}, "hvorfor-threats": {"Det passer ikke med resten"}})
	}
	want(t, "half an answer", answer(key, ""), http.StatusUnprocessableEntity, "Det passer ikke med resten", "Vælg, om sporet er relevant")
	s.Exec(t, `INSERT INTO app.sign_seen (report_id, code, observation, source, noted_by) VALUES ($1, 'S32', 'Truet', 'citizen', $2)`, s.reportID, s.Mette.UserID)
	a := answer(key, "no")
	want(t, "there is more to it", a, http.StatusConflict, "Svaret er ikke gemt", "Det passer ikke med resten", "Truet")
	want(t, "answered", answer(hidden(a)["til-threats"], "no"), http.StatusSeeOther)
	want(t, "kept", s.Get(t, s.Mette, s.report+"/tegn"), http.StatusOK, "Besvarede forslag", "Ikke relevant", "Det passer ikke med resten")
}

func TestAReportIsConcludedByItsScreening(t *testing.T) {
	s := newSite(t)
	page := s.Get(t, s.Mette, s.report+"/screening")
	want(t, "the form", page, http.StatusOK, "Underretning U-2026-0001", "afslut U-2026-0001")
	hasNot(t, "the form", page, "Hvor sikkert er det")
	h := hidden(page)
	form := url.Values{"id": {h["id"]}, "version": {h["version"]}, "honour": {"not"}, "honour_why": {"Intet peger på det"}, "mandatory": {"none"}, "outcome": {"no_further"}, "reason": {"Misforståelse"}}
	want(t, "not assessed", s.Post(t, s.Mette, s.report+"/screening", form), http.StatusUnprocessableEntity, "Underretningen er ikke vurderet endnu", "Misforståelse")
	s.Exec(t, `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = $2 WHERE id = $1`, s.reportID, s.Mette.UserID)
	want(t, "saved", s.Post(t, s.Mette, s.report+"/screening", form), http.StatusSeeOther)
	want(t, "sent twice", s.Post(t, s.Mette, s.report+"/screening", form), http.StatusSeeOther)
	a := s.Get(t, s.Mette, s.report+"/screening")
	want(t, "concluded", a, http.StatusOK, "Underretningen er afsluttet", "Misforståelse", "Ikke yderligere")
	hasNot(t, "concluded", a, "<textarea")
	form.Set("id", uuid.NewString()) // a colleague's form, which came second
	form.Set("reason", "Skrevet samtidig <i>")
	want(t, "again", s.Post(t, s.Mette, s.report+"/screening", form), http.StatusConflict, "en kollega nåede at afslutte", "Skrevet samtidig <i>", "Misforståelse")
	if n := s.Count(t, `SELECT count(*) FROM app.screening`); n != 1 {
		t.Errorf("%d screenings of one report", n)
	}
}

func TestAScreeningThatAsksForMoreLeadsOnToTheCase(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = $2 WHERE id = $1`, s.reportID, s.Mette.UserID)
	h := hidden(s.Get(t, s.Mette, s.report+"/screening"))
	a := s.Post(t, s.Mette, s.report+"/screening", url.Values{"id": {h["id"]}, "version": {h["version"]}, "honour": {"suspected"}, "honour_why": {"Trusler"}, "mandatory": {"none"}, "outcome": {"assessment"}, "reason": {"Hun er truet"}})
	if a.Status != http.StatusSeeOther || a.Location() != s.report {
		t.Fatalf("%d to %s", a.Status, a.Location())
	}
	want(t, "the report", s.Get(t, s.Mette, s.report), http.StatusOK, s.report+"/sag")
	want(t, "the case", s.Get(t, s.Mette, s.report+"/sag"), http.StatusOK)
}

func TestAdminsKeepTheRulesInWordsAndSeeNoCase(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES ($1, 'S31', 'Slået i går', 'citizen', $2)`, s.c.ID, s.Mette.UserID)
	s.Exec(t, `INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by, answered_at)
		SELECT $1, 'threats', 1, ARRAY[gen_random_uuid()], g < 11, 'Hemmelig grund', $2, now() - interval '4 months' FROM generate_series(1, 15) g`, s.c.ID, s.Mette.UserID)
	list := s.Get(t, s.Lone, link.Rules)
	want(t, "the list", list, http.StatusOK, "Vold eller trusler fortalt", "husets forslag, ikke lov", "Relevant i 70 % af ca. 15 svar", "Og en skoleferie begynder inden for 60 dage")
	hasNot(t, "the list", list, "Slået i går", "Hemmelig grund", s.c.Number)
	page := s.Get(t, s.Lone, link.Rule("threats"))
	want(t, "the rule", page, http.StatusOK, "Så ofte var den relevant", ">70<", "Version 1")
	hasNot(t, "the rule", page, "Slået i går", "Hemmelig grund", "Mette")
	form := url.Values{"version": {"1"}, "da": {"Trusler"}, "en": {"Threats"}, "area": {"both"}, "form": {"spread"}, "groups": {"violence"}, "n": {"to"}, "age_from": {"17"}, "age_to": {"15"}, "active": {"1"}}
	want(t, "nonsense", s.Post(t, s.Lone, link.Rule("threats"), form), http.StatusUnprocessableEntity, "Vælg mindst to grupper", "Skriv både fra og til", `value="to"`, `value="Trusler"`)
	form["groups"] = []string{"violence", "family"}
	form.Set("n", "2")
	form.Del("age_from")
	form.Del("age_to")
	want(t, "saved", s.Post(t, s.Lone, link.Rule("threats"), form), http.StatusSeeOther)
	form.Set("da", "Trusler, rettet af en anden")
	a := s.Post(t, s.Lone, link.Rule("threats"), form)
	want(t, "the second", a, http.StatusConflict, "Trusler, rettet af en anden", "Lone Friis")
	form.Set("version", hidden(a)["version"])
	form.Del("active")
	want(t, "the second, having read", s.Post(t, s.Lone, link.Rule("threats"), form), http.StatusSeeOther)
	want(t, "the history", s.Get(t, s.Lone, link.Rule("threats")), http.StatusOK, "Version 3", "Version 2", "Version 1", "Slået fra", "Tegn i mindst 2 af grupperne: Vold og trusler, Familie")
	hasNot(t, "a rule turned off", s.Get(t, s.Mette, s.file+"/tegn"), "Overvej ÆRK/NSK-spor")
	want(t, "no such rule", s.Get(t, s.Lone, link.Rule("nothing")), http.StatusNotFound)
	id := uuid.NewString()
	add := url.Values{"id": {id}, "da": {"Slået"}, "en": {"Beaten"}, "area": {"child"}, "form": {"any"}, "signs": {"S31", "S30"}, "active": {"1"}}
	for range 2 {
		want(t, "a new rule", s.Post(t, s.Lone, link.NewRule, add), http.StatusSeeOther)
	}
	want(t, "the new rule asks", s.Get(t, s.Mette, s.file+"/tegn"), http.StatusOK, "Overvej ÆRK/NSK-spor: Slået")
	if n := s.Count(t, `SELECT count(*) FROM app.screening_rule WHERE da = 'Slået'`); n != 1 {
		t.Errorf("%d new rules", n)
	}
}

// Whoever tries the demo meets a question that waits, and one that is answered.
func TestTheDemoHasAQuestionThatWaits(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	var ref string
	o.Scan(t, []any{&ref}, `SELECT ref FROM app.case_file WHERE number = '2026-0147'`)
	page := s.Get(t, o.As(t, "mette@ellehoej.test"), link.Case(ref)+"/screening")
	want(t, "Amira", page, http.StatusOK, `name="til-travel_forced"`, "Truslen er konkret", "Nyt siden sidst", "Børnefaglig undersøgelse", "Amira er bange for en rejse")
	hasNot(t, "Amira", page, `name="til-threats"`, `name="til-control"`)
}

func TestEverySourceAndOutcomeHasItsWords(t *testing.T) {
	_ = newSite(t) // loads the texts
	for _, lang := range i18n.Languages {
		ctx := i18n.With(context.Background(), lang)
		for _, key := range slices.Concat([]string{"school_holiday.summer", "school_holiday.autumn", "school_holiday.christmas", "school_holiday.winter"},
			prefixed("signs.source.", "own", "citizen", "school", "professional", "network", "reporter", "document", "other"),
			prefixed("screening.outcome.", "no_further", "clarification", "assessment", "adult_advice", "adult_plan"),
			prefixed("screening.mandatory.", "serious", "abuse", "returned", "none"), prefixed("rule.form.", "any", "count", "spread"), prefixed("rule.area.", "child", "adult", "both")) {
			if !i18n.Has(ctx, key) {
				t.Errorf("%s: no text %s", lang, key)
			}
		}
	}
}

func prefixed(prefix string, codes ...string) []string {
	for i := range codes {
		codes[i] = prefix + codes[i]
	}
	return codes
}
