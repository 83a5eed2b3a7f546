package riskpages_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/reference"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// desk is a running site with a child's case of Mette's.
type desk struct {
	*webtest.Site
	t testing.TB
	c testkit.CaseFile
}

func newDesk(t testing.TB) desk {
	s := webtest.New(t)
	return desk{s, t, s.Case(t, s.Mette, 1)}
}

func (d desk) path(rest string) string { return link.Risk(d.c.Ref) + rest }

func (d desk) get(who actor.Actor, rest string, status int, texts ...string) string {
	d.t.Helper()
	a := d.Get(d.t, who, d.path(rest))
	d.check(a, status, texts...)
	return a.Body
}

func (d desk) post(who actor.Actor, rest string, form url.Values, status int, texts ...string) string {
	d.t.Helper()
	a := d.Post(d.t, who, d.path(rest), form)
	d.check(a, status, texts...)
	if status == http.StatusSeeOther {
		return a.Location()
	}
	return a.Body
}

func (d desk) check(a webtest.Answer, status int, texts ...string) {
	d.t.Helper()
	if a.Status != status {
		d.t.Fatalf("answers %d, want %d", a.Status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			d.t.Errorf("%q is not on the page", text)
		}
	}
}

// hidden is the value of a hidden field.
func hidden(body, name string) string {
	_, rest, _ := strings.Cut(body, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// answerAll posts every section with one answer that is there and the rest unknown, as a person goes through the form.
func (d desk) answerAll(who actor.Actor) (key, base string) {
	d.t.Helper()
	body := d.get(who, "/ny/A", http.StatusOK)
	key, base = hidden(body, "key"), hidden(body, "base")
	sections := reference.Items(reference.RiskSections)
	for i, s := range sections {
		form := url.Values{"key": {key}, "base": {base}, "part": {s.Code}}
		for j, f := range reference.RiskFactors(s.Code) {
			form.Set(f.Code, map[bool]string{true: "present_now", false: "unknown"}[j == 0])
			form.Set("e."+f.Code, map[bool]string{true: "Set på skolen", false: ""}[j == 0])
		}
		next := "niveau"
		if i+1 < len(sections) {
			next = sections[i+1].Code
		}
		if to := d.post(who, "/ny/"+s.Code, form, http.StatusSeeOther); to != d.path("/ny/"+next) {
			d.t.Errorf("after %s comes %s", s.Code, to)
		}
	}
	return key, base
}

func conclusion(key, base, level string) url.Values {
	return url.Values{"key": {key}, "base": {base}, "part": {"niveau"}, "go": {"sign"}, "level": {level}, "reason": {"Trusler fra storebror"}, "scenario": {"Rejse i ferien"}}
}

func TestAnAssessmentIsWrittenInPartsAndSignedAtTheEnd(t *testing.T) {
	d := newDesk(t)
	d.get(d.Mette, "", http.StatusOK, "Risikoen er ikke vurderet endnu", "Lukket")
	key, base := d.answerAll(d.Mette)
	d.get(d.Mette, "/ny/niveau", http.StatusOK, "Alt er besvaret", "5 forhold er uoplyst")
	if to := d.post(d.Mette, "/ny/niveau", conclusion(key, base, "orange"), http.StatusSeeOther); to != d.path("") {
		t.Errorf("after the signature comes %s", to)
	}
	d.get(d.Mette, "", http.StatusOK, "Åben: risikoen er vurderet", "Trusler fra storebror", "Ingen har bekræftet")
	if n := d.Count(t, `SELECT count(*) FROM app.draft WHERE form = 'risk'`); n != 0 {
		t.Error("the draft outlived the signature")
	}
	// sent again, it is the same assessment
	d.post(d.Mette, "/ny/niveau", conclusion(key, base, "orange"), http.StatusSeeOther)
	if n := d.Count(t, `SELECT count(*) FROM app.risk_assessment`); n != 1 {
		t.Errorf("%d assessments", n)
	}
}

func TestNothingTypedIsLostWhenTheSignatureIsRefused(t *testing.T) {
	d := newDesk(t)
	body := d.get(d.Mette, "/ny/A", http.StatusOK)
	key, base := hidden(body, "key"), hidden(body, "base")
	form := conclusion(key, base, "")
	body = d.post(d.Mette, "/ny/niveau", form, http.StatusUnprocessableEntity, "Vælg et niveau", "Rejse i ferien", "Trusler fra storebror", "6 svar mangler", "Nogle svar mangler")
	if !strings.Contains(body, d.path("/ny/A?tjek=1#RA1")) {
		t.Error("no way to the missing answer")
	}
	d.get(d.Mette, "/ny/A?tjek=1", http.StatusOK, "Vælg et svar", `id="RA1-error"`)
	d.get(d.Mette, "/ny/niveau", http.StatusOK, "Rejse i ferien") // also for who goes away and comes back
	form.Set("d.RA1", "i forgårs måske")
	d.post(d.Mette, "/ny/A", url.Values{"key": {key}, "RA1": {"earlier"}, "e.RA1": {"Et skub"}, "d.RA1": {"engang i marts"}}, http.StatusUnprocessableEntity, "engang i marts", "Et skub", `id="d.RA1-error"`)
	d.get(d.Mette, "/ny/A", http.StatusOK, "engang i marts", "Et skub")
	for what, c := range map[string]struct{ name, value, says string }{
		"a day that is to come":    {"d.RA1", "01.01.2999", `id="d.RA1-error"`},
		"there, and nothing shows": {"e.RA1", "", "Skriv, hvad der viser det"},
		"a novel":                  {"e.RA1", strings.Repeat("æ", 20_001), "Højst"},
	} {
		answers := url.Values{"key": {key}, "RA1": {"present_now"}, "e.RA1": {"Et skub"}}
		answers.Set(c.name, c.value)
		if body := d.post(d.Mette, "/ny/A", answers, http.StatusUnprocessableEntity, c.says); !strings.Contains(body, `aria-describedby="`+c.name+`-error"`) {
			t.Errorf("%s: the field does not know its message", what)
		}
		answers.Set("go", "keep")
		d.post(d.Mette, "/ny/A", answers, http.StatusSeeOther) // a draft may be anything
	}
}

func TestAnswersAreCopiedForwardOneByOne(t *testing.T) {
	d := newDesk(t)
	key, base := d.answerAll(d.Mette)
	d.post(d.Mette, "/ny/niveau", conclusion(key, base, "yellow"), http.StatusSeeOther)
	body := d.get(d.Mette, "/ny/A", http.StatusOK, "Sidst, ", "Set på skolen")
	if hidden(body, "base") == "" || hidden(body, "key") == key {
		t.Error("the new form does not stand on the last assessment")
	}
	form := url.Values{"key": {hidden(body, "key")}, "base": {hidden(body, "base")}, "RA2": {"present_now"}, "e.RA2": {"Et slag"}, "copy": {"RA1"}}
	if to := d.post(d.Mette, "/ny/A", form, http.StatusSeeOther); to != d.path("/ny/A#RA1") {
		t.Errorf("leads to %s", to)
	}
	body = d.get(d.Mette, "/ny/A", http.StatusOK, "Et slag", "Ændret siden sidst")
	if strings.Count(body, "Set på skolen") != 2 { // as it was, and copied
		t.Error("the answer was not copied")
	}
	form.Del("copy")
	form.Set("go", "rest")
	if to := d.post(d.Mette, "/ny/A", form, http.StatusSeeOther); to != d.path("/ny/B") {
		t.Errorf("\"the rest is unknown\" leads to %s, where one presses again", to)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.draft WHERE form = 'risk' AND fields->'RA6' = '["unknown"]' AND fields->'RA2' = '["present_now"]'`); n != 1 {
		t.Error("the rest is not unknown")
	}
}

func TestWhoSignsSecondSeesTheFirst(t *testing.T) {
	d := newDesk(t)
	d.Grant(t, d.c, d.Dennis, "coworker")
	mine, base := d.answerAll(d.Mette)
	his, _ := d.answerAll(d.Dennis)
	d.post(d.Dennis, "/ny/niveau", conclusion(his, "", "red"), http.StatusSeeOther)
	form := conclusion(mine, base, "red")
	body := d.post(d.Mette, "/ny/niveau", form, http.StatusConflict, "En anden har skrevet en vurdering under imens", "Rejse i ferien")
	form.Set("base", hidden(body, "base"))
	d.post(d.Mette, "/ny/niveau", form, http.StatusSeeOther)
}

func TestASecondPersonAnswersOnThePage(t *testing.T) {
	d := newDesk(t)
	id := d.Assess(t, d.c, "red")
	d.get(d.Mette, "/"+id.String(), http.StatusOK, "Du har selv skrevet under")
	d.get(d.Jonas, "/"+id.String(), http.StatusOK, "Gem mit svar")
	d.post(d.Jonas, "/"+id.String()+"/bekraeft", url.Values{"outcome": {"advise_against"}}, http.StatusUnprocessableEntity, "Skriv dine bemærkninger")
	d.post(d.Jonas, "/"+id.String()+"/bekraeft", url.Values{"outcome": {"confirm"}}, http.StatusSeeOther)
	d.get(d.Mette, "/"+id.String(), http.StatusOK, "Bekræfter", "Jonas Brandt-Holm")
	d.post(d.Mette, "/"+uuid.NewString()+"/bekraeft", url.Values{"outcome": {"confirm"}}, http.StatusNotFound)
}

func TestTheLeadOpensTheGateWithAReason(t *testing.T) {
	d := newDesk(t)
	d.get(d.Jonas, "", http.StatusOK, "Åbn porten med en grund")
	if body := d.get(d.Mette, "", http.StatusOK); strings.Contains(body, "/risiko/port\"") {
		t.Error("the caseworker is offered the gate")
	}
	d.get(d.Mette, "/port", http.StatusNotFound)
	d.post(d.Jonas, "/port", url.Values{"reason": {"haster"}, "days": {"1"}}, http.StatusUnprocessableEntity, "Skriv grunden med mindst 20 tegn", "haster")
	d.post(d.Jonas, "/port", url.Values{"reason": {"Forældrene henter hende i dag; vagten er med."}, "days": {"1"}}, http.StatusSeeOther)
	d.get(d.Mette, "", http.StatusOK, "Åbnet af en teamleder", "Forældrene henter hende i dag", "åbnet porten til forældre og netværk")
	d.post(d.Mette, "/port/luk", nil, http.StatusSeeOther)
	d.get(d.Mette, "", http.StatusOK, "Lukket igen")
}

// The gate through the web: a step cannot be ticked by a form that somebody kept open, nor a visit noted; the page says why and
// what opens it, and nothing that was typed is lost.
func TestNothingReachesTheFamilyThroughThePages(t *testing.T) {
	d := newDesk(t)
	d.check(d.Post(t, d.Mette, link.Plan(d.c.Ref)+"/start", url.Values{"template": {"T3"}}), http.StatusSeeOther)
	var step, phase string
	d.Scan(t, []any{&step, &phase}, `SELECT id::text, phase_id::text FROM app.plan_step WHERE case_id = $1 AND requires_gate ORDER BY position LIMIT 1`, d.c.ID)
	d.check(d.Get(t, d.Mette, link.Plan(d.c.Ref)), http.StatusOK, "Låst: risikoen skal vurderes", link.Risk(d.c.Ref))
	for _, action := range []string{"udfoert", "til"} {
		a := d.Post(t, d.Mette, link.Plan(d.c.Ref)+"/trin/"+step+"/"+action, url.Values{"version": {"1"}, "to": {"igang"}})
		d.check(a, http.StatusUnprocessableEntity, "risikoen er ikke vurderet", link.Risk(d.c.Ref))
	}
	d.check(d.Post(t, d.Mette, link.Plan(d.c.Ref)+"/trin/"+step+"/udskyd", url.Values{"version": {"1"}, "due": {"+7"}, "reason": {"Ferie"}}), http.StatusUnprocessableEntity, "Vurdér risikoen først", "Ferie")
	d.check(d.Post(t, d.Mette, link.Plan(d.c.Ref)+"/trin/hurtig", url.Values{"title": {"Ring til mor"}, "phase": {phase}}), http.StatusUnprocessableEntity, "Ring til mor", "Trinnet når hverken forældre")
	note := url.Values{"kind": {"home_visit"}, "family": {"no"}, "body": {"Vi var hjemme hos dem"}, "key": {uuid.NewString()}}
	for _, kind := range []string{"home_visit", "letter", "hearing"} {
		note.Set("kind", kind)
		d.check(d.Post(t, d.Mette, link.NewNote(d.c.Ref), note), http.StatusUnprocessableEntity, "før risikoen er vurderet", "Vi var hjemme hos dem")
	}
	call := url.Values{"kind": {"phone"}, "family": {"ours"}, "body": {"Ringede til far"}, "key": {uuid.NewString()}}
	d.check(d.Post(t, d.Mette, link.NewNote(d.c.Ref), call), http.StatusUnprocessableEntity, "bed en teamleder", "Ringede til far")
	call.Set("family", "no")
	d.check(d.Post(t, d.Mette, link.NewNote(d.c.Ref), call), http.StatusSeeOther)
	var told uuid.UUID
	d.Scan(t, []any{&told}, `SELECT id FROM app.note WHERE case_id = $1`, d.c.ID)
	correction := link.Note(d.c.Ref, told) + "/ret"
	d.check(d.Post(t, d.Mette, correction, url.Values{"body": {"Vi aftalte et møde med far"}}), http.StatusUnprocessableEntity, "Svar, om der var kontakt", "Vi aftalte et møde med far")
	d.check(d.Post(t, d.Mette, correction, url.Values{"body": {"Vi aftalte et møde med far"}, "family": {"ours"}}), http.StatusUnprocessableEntity, "bed en teamleder")
	d.Assess(t, d.c, "yellow")
	d.check(d.Post(t, d.Mette, link.Plan(d.c.Ref)+"/trin/"+step+"/udfoert", url.Values{"version": {"2"}}), http.StatusSeeOther)
	d.check(d.Post(t, d.Mette, link.NewNote(d.c.Ref), note), http.StatusSeeOther)
}

func TestDraftsAreSavedWhileSomebodyWrites(t *testing.T) {
	d := newDesk(t)
	body := d.get(d.Mette, "/ny/C", http.StatusOK)
	d.post(d.Mette, "/kladde", url.Values{"key": {hidden(body, "key")}, "part": {"C"}, "RC1": {"earlier"}, "e.RC1": {"Et rygte"}}, http.StatusOK, "Kladde gemt")
	d.get(d.Mette, "", http.StatusOK, "Fortsæt din kladde", "Kassér kladden")
	d.get(d.Mette, "/ny/C", http.StatusOK, "Et rygte")
	if body := d.get(d.Jonas, "", http.StatusOK); strings.Contains(body, "Fortsæt din kladde") {
		t.Error("somebody else's draft")
	}
	d.post(d.Mette, "/kladde", url.Values{"part": {"Z"}}, http.StatusNotFound)
	d.post(d.Mette, "/kladde/slet", nil, http.StatusSeeOther)
	if body := d.get(d.Mette, "/ny/C", http.StatusOK); strings.Contains(body, "Et rygte") {
		t.Error("the draft is still there")
	}
	if !slices.Contains(reference.Items(reference.RiskSections), reference.Item{Code: "C", DA: "Familie og netværk", EN: "Family and network"}) {
		t.Error("section C is another one now")
	}
}

func TestAnAssessmentFromOutsideIsNotedOnThePage(t *testing.T) {
	d := newDesk(t)
	d.post(d.Mette, "/ekstern", url.Values{"made_by": {"Sikkerhedskonsulent"}, "made_on": {"+2"}, "level": {"orange"}}, http.StatusUnprocessableEntity, "Skriv konklusionen", "Sikkerhedskonsulent", "passeret")
	d.post(d.Mette, "/ekstern", url.Values{"key": {uuid.NewString()}, "made_by": {"Sikkerhedskonsulent"}, "made_on": {"i dag"}, "level": {"orange"}, "reason": {"Alvorlig"}}, http.StatusSeeOther)
	d.get(d.Mette, "", http.StatusOK, "Udefra: Sikkerhedskonsulent", "Åben: risikoen er vurderet")
}

// Signed, then "Back" and changed: what was signed stands, nobody is told that the change is signed, and it is not lost.
func TestWhatIsChangedAfterTheSignatureIsANewAssessmentToSign(t *testing.T) {
	d := newDesk(t)
	key, base := d.answerAll(d.Mette)
	form := conclusion(key, base, "yellow")
	d.post(d.Mette, "/ny/niveau", form, http.StatusSeeOther)
	d.post(d.Mette, "/ny/niveau", form, http.StatusSeeOther) // sent twice
	if n := d.Count(t, `SELECT count(*) FROM app.draft`); n != 0 {
		t.Errorf("%d drafts of a form that was sent twice", n)
	}
	form.Set("level", "red")
	form.Set("reason", "Billetten er købt")
	body := d.post(d.Mette, "/ny/niveau", form, http.StatusConflict, "Du har allerede skrevet under", "Billetten er købt", "Alt er besvaret")
	form.Set("key", hidden(body, "key"))
	form.Set("base", hidden(body, "base"))
	d.post(d.Mette, "/ny/niveau", form, http.StatusSeeOther)
	d.get(d.Mette, "", http.StatusOK, "Billetten er købt")
	if n := d.Count(t, `SELECT count(*) FROM app.risk_answer WHERE evidence = 'Set på skolen'`); n == 0 || n%2 != 0 {
		t.Errorf("%d answers in two assessments", n)
	}
	// a part that is changed after the signature is kept, or the page says that it is not
	part := url.Values{"key": {form.Get("key")}, "part": {"A"}, "RA1": {"earlier"}, "e.RA1": {"Et skub i foråret"}}
	d.post(d.Mette, "/kladde", part, http.StatusConflict)
	d.post(d.Mette, "/ny/A", part, http.StatusSeeOther)
	d.get(d.Mette, "/ny/A", http.StatusOK, "Et skub i foråret")
	d.get(d.Mette, "/ny/niveau", http.StatusOK, "Billetten er købt")
}

func TestAnAssessmentFromOutsideThatIsChangedAfterBackIsNotDropped(t *testing.T) {
	d := newDesk(t)
	form := url.Values{"key": {uuid.NewString()}, "made_by": {"Sikkerhedskonsulent"}, "made_on": {"i dag"}, "level": {"orange"}, "reason": {"Alvorlig"}}
	d.post(d.Mette, "/ekstern", form, http.StatusSeeOther)
	d.post(d.Mette, "/ekstern", form, http.StatusSeeOther) // sent twice
	form.Set("reason", "Alvorlig, og billetten er købt")
	body := d.post(d.Mette, "/ekstern", form, http.StatusConflict, "Du har allerede gemt denne vurdering", "billetten er købt")
	form.Set("key", hidden(body, "key"))
	d.post(d.Mette, "/ekstern", form, http.StatusSeeOther)
	if n := d.Count(t, `SELECT count(*) FROM app.risk_assessment`); n != 2 {
		t.Errorf("%d assessments", n)
	}
}
