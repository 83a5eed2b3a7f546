package mandatepages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// desk is a site with a child's case, on which Dennis works too and Sara is asked for advice, and a partner who is in it.
func desk(t *testing.T) (*webtest.Site, testkit.CaseFile, testkit.Contact) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Grant(t, c, s.Dennis, "coworker")
	s.Grant(t, c, s.Sara, "consulted")
	bo := s.Partner(t, "police_district", "Østjyllands Politi", "Bo Holm")
	s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', 'accepted', $4)`, c.ID, bo.OrganisationID, bo.ID, s.Mette.UserID)
	return s, c, bo
}

func user(who actor.Actor) string        { return "part-user:" + who.UserID.String() }
func contact(who testkit.Contact) string { return "part-contact:" + who.ID.String() }

func parts(version string, pairs ...string) url.Values {
	form := url.Values{"version": {version}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// chosen is the select of somebody with the part chosen.
func chosen(a webtest.Answer, who, part string) bool {
	_, rest, _ := strings.Cut(a.Body, `name="`+who+`"`)
	list, _, _ := strings.Cut(rest, "</select>")
	return strings.Contains(list, `value="`+part+`" selected`)
}

// From the empty map to one on which everybody knows what they lead.
func TestWhoLeadsAnAreaIsChosenOnceAndAcknowledged(t *testing.T) {
	s, c, bo := desk(t)
	s.Get(t, s.Mette, link.Mandates(c.Ref)).Want(t, "at first", http.StatusOK, "Ansvarskort", "områder har ingen, der leder dem", "Ingen leder", "forslag, ikke lov")
	at := link.Mandate(c.Ref, "safety")
	s.Get(t, s.Mette, at).Want(t, "the form", http.StatusOK, "Bo Holm", "Østjyllands Politi", "Dennis Kjær", "Ingen del")
	form := parts("0", user(s.Dennis), "leads", contact(bo), "leads", user(s.Mette), "informed")
	for range 2 { // pressed twice
		s.Next(t, s.Mette, s.Post(t, s.Mette, at, form)).Want(t, "saved", http.StatusOK, "Ansvaret er gemt. Den, der leder, bliver bedt om at kvittere.", "2 leder samme område", "1 område har mere end én.", "Har ikke kvitteret endnu")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'mandate.set'`); n != 1 {
		t.Errorf("a form sent twice stands %d times in the journal", n)
	}
	s.Get(t, s.Mette, link.Mandates(c.Ref)).Lacks(t, "not hers to acknowledge", "Jeg har set det")
	var dennis, police string
	s.Scan(t, []any{&dennis}, `SELECT id::text FROM app.mandate WHERE user_id = $1`, s.Dennis.UserID)
	s.Scan(t, []any{&police}, `SELECT id::text FROM app.mandate WHERE contact_id = $1`, bo.ID)
	s.Get(t, s.Dennis, link.Mandates(c.Ref)).Want(t, "his", http.StatusOK, "Jeg har set det")
	for range 2 {
		s.Next(t, s.Dennis, s.Post(t, s.Dennis, link.AcknowledgeMandate(c.Ref, uuid.MustParse(dennis)), nil)).Want(t, "acknowledged", http.StatusOK, "Kvitteringen står på kortet.", "Kvitterede")
		s.Next(t, s.Mette, s.Post(t, s.Mette, link.AcknowledgeMandate(c.Ref, uuid.MustParse(police)), nil)).Want(t, "heard", http.StatusOK, "Kvitteringen står på kortet.", "hørt af Mette Lindhardt")
	}
	if n := s.Count(t, `SELECT count(*) FROM app.mandate_ack`); n != 2 {
		t.Errorf("%d acknowledgements", n)
	}
	// Dennis no longer leads: whoever still has the old page open is told so.
	s.Post(t, s.Mette, at, parts("1", contact(bo), "leads", user(s.Dennis), "informed"))
	var now string
	s.Scan(t, []any{&now}, `SELECT id::text FROM app.mandate WHERE user_id = $1 AND ended_at IS NULL`, s.Dennis.UserID)
	s.Next(t, s.Dennis, s.Post(t, s.Dennis, link.AcknowledgeMandate(c.Ref, uuid.MustParse(now)), nil)).Want(t, "too late", http.StatusOK, "Ansvaret er ændret imens")
	s.Get(t, s.Dennis, link.Journal(c.Ref)).Want(t, "the journal", http.StatusOK, "nsvar")
}

func TestWhatCannotBeIsSaidBesideItsFieldAndNothingTypedIsLost(t *testing.T) {
	s, c, bo := desk(t)
	at := link.Mandate(c.Ref, "safety")
	a := s.Post(t, s.Mette, at, parts("0", user(s.Dennis), "leads", "left_out", "Der er ingen fare."))
	a.Refuses(t, "led, and not relevant", "left_out", "Området har personer")
	a.Want(t, "what was typed", http.StatusUnprocessableEntity, "Der er ingen fare.")
	if !chosen(a, user(s.Dennis), "leads") {
		t.Error("the choice is lost")
	}
	a = s.Post(t, s.Mette, at, parts("0", contact(bo), "leads", user(s.Jonas), "rules"))
	a.Refuses(t, "no such part", "who", "Vælg en af mulighederne")
	for who, part := range map[string]string{user(s.Huseyin): "leads", "part-user:x": "leads", "part-boss:" + s.Mette.UserID.String(): "informed"} {
		a = s.Post(t, s.Mette, at, parts("0", contact(bo), "takes_part", who, part))
		a.Refuses(t, who, "who", "ikke med i sagen længere")
		if !chosen(a, contact(bo), "takes_part") {
			t.Errorf("%s: the other choice is lost", who)
		}
	}
	a = s.Post(t, s.Mette, at, parts("0", "left_out", strings.Repeat("å", 2001)))
	a.Refuses(t, "too long", "left_out", "Højst 2.000 tegn; der står 2.001")
	long := strings.Repeat("x", 121)
	a = s.Post(t, s.Mette, link.Mandates(c.Ref), url.Values{"name": {long}})
	a.Refuses(t, "a long name", "name", "Højst 120 tegn")
	if a.Value("name") != long {
		t.Error("the name is lost")
	}
	s.Post(t, s.Mette, link.Mandates(c.Ref), url.Values{"name": {" "}}).Refuses(t, "no name", "name", "Skriv, hvad området hedder")
	if n := s.Count(t, `SELECT count(*) FROM app.mandate_area`); n != 0 {
		t.Errorf("%d areas were saved", n)
	}
}

// Two colleagues in one area: the second sees both and loses nothing.
func TestTheSecondOfTwoInAnAreaLosesNothing(t *testing.T) {
	s, c, bo := desk(t)
	at := link.Mandate(c.Ref, "safety")
	s.Next(t, s.Mette, s.Post(t, s.Mette, at, parts("0", contact(bo), "leads"))).Want(t, "the first", http.StatusOK, "Ansvaret er gemt.")
	a := s.Post(t, s.Dennis, at, parts("0", user(s.Dennis), "leads"))
	a.Want(t, "the second", http.StatusConflict, "En anden gemte først", "Bo Holm: Leder", "Bo Holm: Ingen del", "Dennis Kjær: Leder", "Dennis Kjær: Ingen del")
	if !chosen(a, user(s.Dennis), "leads") || a.Value("version") != "1" {
		t.Error("the choice is lost")
	}
	s.Next(t, s.Dennis, s.Post(t, s.Dennis, at, parts("1", user(s.Dennis), "leads", contact(bo), "takes_part"))).Want(t, "both", http.StatusOK, "Ansvaret er gemt.")
	s.Post(t, s.Mette, at, parts("1", "left_out", "Ingen fare")).Want(t, "left out meanwhile", http.StatusConflict, "Ingen fare")
	s.Post(t, s.Mette, at, parts("x", user(s.Mette), "leads")).Want(t, "nonsense", http.StatusConflict)
}

func TestTheCaseHasAreasOfItsOwn(t *testing.T) {
	s, c, _ := desk(t)
	var to string
	for range 2 { // pressed twice
		a := s.Post(t, s.Mette, link.Mandates(c.Ref), url.Values{"name": {"Ambassaden"}})
		s.Next(t, s.Mette, a).Want(t, "made", http.StatusOK, "Området er tilføjet. Vælg, hvem der leder det.", "Ambassaden")
		if to != "" && to != a.Location() {
			t.Errorf("a form sent twice is %s and %s", to, a.Location())
		}
		to = a.Location()
	}
	s.Next(t, s.Mette, s.Post(t, s.Mette, to, parts("1", user(s.Mette), "leads"))).Want(t, "led", http.StatusOK, "Ambassaden", "Jeg har set det")
}

func TestTheMapIsOfThePeopleOfTheCase(t *testing.T) {
	s, c, bo := desk(t)
	s.Post(t, s.Mette, link.Mandate(c.Ref, "safety"), parts("0", contact(bo), "leads"))
	var police string
	s.Scan(t, []any{&police}, `SELECT id::text FROM app.mandate`)
	hear := link.AcknowledgeMandate(c.Ref, uuid.MustParse(police))
	for _, who := range []actor.Actor{s.Huseyin, s.Anders, s.Lone, s.Karen} {
		for _, path := range []string{link.Mandates(c.Ref), link.Mandate(c.Ref, "safety")} {
			s.Get(t, who, path).Want(t, who.Name+" "+path, http.StatusNotFound)
		}
		for path, form := range map[string]url.Values{link.Mandates(c.Ref): {"name": {"x"}}, link.Mandate(c.Ref, "safety"): parts("1"), hear: nil} {
			s.Post(t, who, path, form).Want(t, who.Name+" posts "+path, http.StatusNotFound)
		}
	}
	s.Get(t, s.Sara, link.Mandates(c.Ref)).Want(t, "who is asked for advice", http.StatusOK, "Bo Holm")
	s.Get(t, s.Sara, link.Mandates(c.Ref)).Lacks(t, "who is asked for advice", "Gem ansvaret", "Et område mere", "Kvitterede i dag, har jeg hørt")
	for path, form := range map[string]url.Values{link.Mandates(c.Ref): {"name": {"x"}}, link.Mandate(c.Ref, "safety"): parts("1"), hear: nil} {
		s.Post(t, s.Sara, path, form).Want(t, "Sara posts "+path, http.StatusForbidden)
	}
	s.Get(t, s.Sara, link.Mandate(c.Ref, "safety")).Want(t, "Sara's form", http.StatusNotFound)
	for _, path := range []string{link.Mandate(c.Ref, "nothing"), link.Mandate(c.Ref, uuid.NewString())} {
		s.Get(t, s.Mette, path).Want(t, path, http.StatusNotFound)
		for _, version := range []string{"0", "1"} {
			s.Post(t, s.Mette, path, parts(version)).Want(t, "posts "+path, http.StatusNotFound)
		}
	}
	s.Post(t, s.Mette, link.AcknowledgeMandate(c.Ref, uuid.New()), nil).Want(t, "no mandate", http.StatusNotFound)
}

func TestTheMapIsReadInEnglish(t *testing.T) {
	s, c, bo := desk(t)
	s.InEnglish(t, s.Mette)
	at := link.Mandate(c.Ref, "safety")
	s.Next(t, s.Mette, s.Post(t, s.Mette, at, parts("0", contact(bo), "leads"))).Want(t, "saved", http.StatusOK, "The responsibility is saved. Whoever leads is asked to acknowledge.")
	s.Post(t, s.Mette, at, parts("1", contact(bo), "rules")).Refuses(t, "refused", "who", "Choose one of the options")
	for path, words := range map[string]string{link.Mandates(c.Ref): "Nobody leads", at: "counts as a gap"} {
		a := s.Get(t, s.Mette, path)
		a.AllSaid(t, path)
		if path != at {
			a.Want(t, path, http.StatusOK, words)
		}
	}
}
