package sparringpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// desk is a site with an orange child's case, in which Sami is the brother; Hüseyin has nothing to do with it.
func desk(t *testing.T) (*webtest.Site, testkit.CaseFile) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1, s.Dennis)
	s.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() WHERE id = $1`, c.ID)
	s.Exec(t, `UPDATE app.person SET name = 'Amira Saleh', born = (now() - interval '17 years 1 month')::date WHERE id = $1`, c.CitizenID)
	s.Exec(t, `INSERT INTO app.person (case_id, name, relation) VALUES ($1, 'Sami Saleh', 'Bror')`, c.ID)
	return s, c
}

func want(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("answers %d, want %d", a.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body, w) {
			t.Errorf("the page says %q", w)
		}
	}
}

// From the case's own words to the learning that everybody reads, as the four of them see it.
func TestAQuestionLeavesWithoutNamesAndIsAnswered(t *testing.T) {
	s, c := desk(t)
	want(t, s.Get(t, s.Mette, link.Case(c.Ref)), http.StatusOK, "Kun én rådgiver er på sagen", link.NewSparring(c.Ref))
	want(t, s.Get(t, s.Jonas, link.Overview+"?regel=alone"), http.StatusOK, c.Number)
	form := url.Values{"key": {uuid.NewString()}, "question": {"Skal Sami med?"}, "original": {"Amiras bror Sami truer hende."}, "citizen": {"datter"}, "go": {"show"}}
	want(t, s.Post(t, s.Mette, link.NewSparring(c.Ref), form), http.StatusOK, "<del>", "<ins>", "[Datter As]", "[bror B]", "Skal bror B med?", "Hüseyin")
	lacks(t, s.Post(t, s.Mette, link.NewSparring(c.Ref), form), s.Dennis.UserID.String(), "Væk til")
	s.Exec(t, `INSERT INTO app.absence (id, user_id, stand_in, from_day, to_day, stated_by) VALUES (gen_random_uuid(), $1, $2, now()::date - 1, now()::date + 3, $1)`, s.Huseyin.UserID, s.Sara.UserID)
	want(t, s.Post(t, s.Mette, link.NewSparring(c.Ref), form), http.StatusOK, "Væk til og med")

	send := url.Values{"key": form["key"], "question": {"Skal bror B med?"}, "original": form["original"], "body": {"Datteren er bange. amira bor Skovvej 12."}, "go": {"send"}}
	want(t, s.Post(t, s.Mette, link.NewSparring(c.Ref), send), http.StatusUnprocessableEntity, "<mark>amira</mark>", "<mark>Skovvej 12</mark>", "Vælg, hvem du spørger", "Amiras bror Sami truer hende.")
	send.Set("body", "Datteren er bange for sin bror.")
	send["who"] = []string{"user:" + s.Dennis.UserID.String()} // kept out of the case
	want(t, s.Post(t, s.Mette, link.NewSparring(c.Ref), send), http.StatusUnprocessableEntity, "En af dem kan ikke spørges")
	send["who"] = []string{"user:" + s.Huseyin.UserID.String()}
	to := s.Post(t, s.Mette, link.NewSparring(c.Ref), send).Location()
	if again := s.Post(t, s.Mette, link.NewSparring(c.Ref), send).Location(); again != to || !strings.HasPrefix(to, link.CaseSparring(c.Ref)+"/") {
		t.Fatalf("sent to %q, and again to %q", to, again)
	}
	lacks(t, s.Get(t, s.Mette, link.Case(c.Ref)), "Kun én rådgiver er på sagen")
	lacks(t, s.Get(t, s.Jonas, link.Overview+"?regel=alone"), c.Number)

	// Whoever is asked reads the text and nothing of the case.
	out := link.SparringInbox + strings.TrimPrefix(to, link.CaseSparring(c.Ref))
	for _, at := range []string{link.Day, link.SparringInbox, out, link.Notices} {
		a := s.Get(t, s.Huseyin, at)
		want(t, a, http.StatusOK, map[bool]string{true: "En kollega beder dig om sparring", false: "Mette Lindhardt"}[at == link.Notices])
		lacks(t, a, c.Ref, c.Number, c.ID.String(), "Amira", "Sami", "Team")
	}
	want(t, s.Get(t, s.Huseyin, to), http.StatusNotFound)
	want(t, s.Get(t, s.Dennis, out), http.StatusNotFound)
	want(t, s.Get(t, s.Sara, out), http.StatusNotFound)
	want(t, s.Post(t, s.Huseyin, out, url.Values{"kind": {"answer"}, "reply": {"Ring til 12 34 56 78."}}), http.StatusUnprocessableEntity, "<mark>12 34 56 78</mark>")
	want(t, s.Post(t, s.Huseyin, out, url.Values{"kind": {"question"}, "reply": {"Hvor gammel er broren?"}}), http.StatusSeeOther)
	want(t, s.Post(t, s.Mette, to+"/svar", url.Values{"key": {uuid.NewString()}, "reply": {"Sami er voksen."}}), http.StatusUnprocessableEntity, "<mark>Sami</mark>")
	want(t, s.Post(t, s.Mette, to+"/svar", url.Values{"key": {uuid.NewString()}, "reply": {"Han er voksen."}}), http.StatusSeeOther)
	want(t, s.Post(t, s.Huseyin, out, url.Values{"kind": {"answer"}, "reply": {"Tal med hende alene."}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "Hvor gammel er broren?", "Han er voksen.", "Tal med hende alene.", "1 af 1 har svaret")
	want(t, s.Get(t, s.Mette, link.Journal(c.Ref)), http.StatusOK, "Svar på en sparring")

	// It gets names, on consent, in the same thread; a partner is asked by the register alone.
	name := url.Values{"named": {"Amira er bange for Sami."}, "purpose_code": {"danger"}, "legal_basis": {"CONSENT"}, "consent": {"no"}, "purpose": {"Råd"}}
	want(t, s.Post(t, s.Mette, to+"/navn", name), http.StatusUnprocessableEntity, "Denne hjemmel kræver, at borgeren har sagt ja", "Amira er bange for Sami.")
	name.Set("consent", "yes")
	want(t, s.Post(t, s.Mette, to+"/navn", name), http.StatusUnprocessableEntity, "Kompasset har ikke den vej", "Amira er bange for Sami.")
	name.Set("legal_basis", "VITAL_INTEREST")
	want(t, s.Post(t, s.Mette, to+"/navn", name), http.StatusSeeOther)
	want(t, s.Get(t, s.Mette, link.Sharing(c.Ref)), http.StatusOK, "Spørgsmål om sagen (sparring)", "Hüseyin")
	named := s.Get(t, s.Huseyin, out)
	want(t, named, http.StatusOK, "Amira er bange for Sami.", "Datteren er bange for sin bror.")
	lacks(t, named, c.Ref, c.Number)

	want(t, s.Post(t, s.Mette, to+"/slut", url.Values{"helped": {"yes"}, "helped_words": {""}}), http.StatusUnprocessableEntity, "Skriv et par ord om hvorfor")
	want(t, s.Post(t, s.Mette, to+"/slut", url.Values{"helped": {"yes"}, "helped_words": {"Vi talte med hende alene."}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Huseyin, out), http.StatusOK, "Det hjalp")
	want(t, s.Post(t, s.Huseyin, out, url.Values{"kind": {"answer"}, "reply": {"Mere."}}), http.StatusConflict)
	learn := url.Values{"title": {"Tal alene med den unge"}, "learning": {"Amira ville tale alene."}}
	want(t, s.Post(t, s.Mette, to+"/laering", learn), http.StatusUnprocessableEntity, "<mark>Amira</mark>")
	learn.Set("learning", "Det virkede at tale alene, på skolen.")
	want(t, s.Post(t, s.Mette, to+"/laering", learn), http.StatusSeeOther)
	lacks(t, s.Get(t, s.Huseyin, link.Learnings), "Det virkede at tale alene")
	var id string
	s.Scan(t, []any{&id}, `SELECT id::text FROM app.sparring_learning`)
	judge := link.Learnings + "/" + id
	want(t, s.Post(t, s.Mette, judge, url.Values{"go": {"publish"}}), http.StatusForbidden)
	want(t, s.Post(t, s.Jonas, judge, url.Values{"go": {"return"}}), http.StatusUnprocessableEntity, "Skriv, hvorfor den sendes tilbage")
	want(t, s.Post(t, s.Jonas, judge, url.Values{"go": {"publish"}}), http.StatusSeeOther)
	found := s.Post(t, s.Huseyin, link.Learnings, url.Values{"words": {"ALENE skolen"}})
	want(t, found, http.StatusOK, "Det virkede at tale alene")
	lacks(t, found, "Mette", c.Number)
	lacks(t, s.Post(t, s.Huseyin, link.Learnings, url.Values{"words": {"udlandet"}}), "Det virkede at tale alene")
}

// A partner's answer is written down; with names, they are told by way of the register.
func TestAPartnerIsAskedWithoutNamesAndToldByTheRegister(t *testing.T) {
	s, c := desk(t)
	p := s.Partner(t, "police_district", "Politiet", "Rikke Holm")
	form := url.Values{"key": {uuid.NewString()}, "question": {"Hvornår anmelder vi?"}, "original": {"x"}, "body": {"En ung er truet."}, "go": {"send"}, "who": {"contact:" + p.ID.String()}}
	to := s.Post(t, s.Mette, link.NewSparring(c.Ref), form).Location()
	var ask string
	s.Scan(t, []any{&ask}, `SELECT id::text FROM app.sparring_ask`)
	want(t, s.Post(t, s.Mette, to+"/svar", url.Values{"key": {uuid.NewString()}, "from": {ask}, "reply": {"Nu, hvis der er en dato."}}), http.StatusSeeOther)
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "Rikke Holm", "skrevet ned af Mette Lindhardt", "1 af 1 har svaret")
	want(t, s.Get(t, s.Jonas, link.Overview+"?regel=alone"), http.StatusOK, c.Number) // a partner who is asked is no colleague
	name := url.Values{"named": {"Amira er truet."}, "purpose_code": {"risk"}, "legal_basis": {"CONSENT"}, "consent": {"yes"}, "purpose": {"Råd"}}
	want(t, s.Post(t, s.Mette, to+"/navn", name), http.StatusUnprocessableEntity, "Amira er truet.") // nobody has written down that consent
	s.Exec(t, `INSERT INTO app.consent (case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) SELECT $1, organisation_id, 'x', 'x', 'orally', current_date - 1, current_date + 30, $2 FROM app.contact_person WHERE id = $3`,
		c.ID, s.Mette.UserID, p.ID)
	want(t, s.Get(t, s.Mette, to), http.StatusOK, `name="consent_id"`, `value="CONSENT"`, "Ikke verificeret") // none is chosen beforehand
	want(t, s.Post(t, s.Mette, to+"/navn", name), http.StatusUnprocessableEntity, "Vælg et samtykke")
	var consent string
	s.Scan(t, []any{&consent}, `SELECT id::text FROM app.consent`)
	name.Set("consent_id", consent)
	want(t, s.Post(t, s.Mette, to+"/navn", name), http.StatusSeeOther)
	if n := s.Count(t, `SELECT count(*) FROM app.sharing WHERE purpose_code = 'risk' AND legal_basis = 'CONSENT' AND consent_id::text = $1 AND compass = '2' AND compass_fits`, consent); n != 1 {
		t.Error("the answer does not stand in the register")
	}
	want(t, s.Get(t, s.Mette, link.Sharing(c.Ref)), http.StatusOK, "Rikke Holm", "Spørgsmål om sagen (sparring)")
}

// Who is asked is reminded once, before the day; who asked hears once that it has gone.
func TestAReminderComesOnce(t *testing.T) {
	s, c := desk(t)
	form := url.Values{"key": {uuid.NewString()}, "question": {"Hvad nu?"}, "original": {"x"}, "body": {"En ung er truet."}, "go": {"send"}, "who": {"user:" + s.Huseyin.UserID.String()}, "due_on": {"i morgen"}}
	to := s.Post(t, s.Mette, link.NewSparring(c.Ref), form).Location()
	notices := func() int {
		return s.Count(t, `SELECT count(*) FROM app.notice WHERE kind IN ('sparring.due','sparring.late')`)
	}
	for i, want := range []int{1, 1, 2, 2} {
		s.Exec(t, `SELECT app.job_sparring((now() AT TIME ZONE 'Europe/Copenhagen')::date + $1::int)`, []int{0, 0, 2, 2}[i])
		if got := notices(); got != want {
			t.Errorf("after %d rounds there are %d notices, want %d", i+1, got, want)
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND case_id IS NOT NULL`, s.Huseyin.UserID); n != 0 {
		t.Error("a notice to a colleague names the case")
	}
	want(t, s.Get(t, s.Mette, to), http.StatusOK, "Hvad nu?")
}

func TestADraftIsDiscarded(t *testing.T) {
	t.Parallel()
	s, c := desk(t)
	ask, list := link.NewSparring(c.Ref), link.CaseSparring(c.Ref)
	lacks(t, s.Get(t, s.Mette, ask), "Kassér kladden")
	typed := url.Values{"question": {"Hvad nu?"}, "original": {"Amira tør ikke gå hjem."}}
	want(t, s.Post(t, s.Mette, list+"/kladde", typed), http.StatusOK)
	want(t, s.Get(t, s.Mette, ask), http.StatusOK, "Amira tør ikke gå hjem.", "Kassér kladden", list+"/kladde/slet")
	want(t, s.Post(t, s.Mette, list+"/kladde/slet", typed), http.StatusSeeOther)
	lacks(t, s.Get(t, s.Mette, ask), "Amira tør ikke gå hjem.", "Kassér kladden")
}
