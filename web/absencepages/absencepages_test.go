package absencepages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// away is the form of an absence of three days from today.
func away(standIn actor.Actor) url.Values {
	return url.Values{"key": {uuid.NewString()}, "from": {"i dag"}, "to": {"+2"}, "stand_in": {standIn.UserID.String()}}
}

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// stated is where Mette's absence stands, with Dennis asked.
func stated(t *testing.T, s *webtest.Site) string {
	t.Helper()
	at := s.Post(t, s.Mette, link.NewAbsence, away(s.Dennis)).Location()
	if !strings.HasPrefix(at, link.Absences+"/") {
		t.Fatalf("stated at %q", at)
	}
	return at
}

// Mette is away and Dennis stands in: she asks, he says yes and has her cases, she is back and reads what has happened.
func TestMetteIsAwayAndDennisStandsIn(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	sealed := s.Case(t, s.Mette, 2)
	s.Grant(t, sealed, s.Jonas, "lead")
	number := func(c testkit.CaseFile) (n string) {
		s.Scan(t, []any{&n}, `SELECT number FROM app.case_file WHERE id = $1`, c.ID)
		return n
	}
	s.Get(t, s.Mette, link.Absences).Want(t, "nobody is away", http.StatusOK, "Der er ikke meldt fravær.")
	s.Get(t, s.Mette, link.NewAbsence).Lacks(t, "the form", "Hvem er fraværende?")
	form := away(s.Dennis)
	var at string
	for range 2 { // pressed twice
		a := s.Post(t, s.Mette, link.NewAbsence, form)
		s.Next(t, s.Mette, a).Want(t, "stated", http.StatusOK, "Fraværet er meldt. Stedfortræderen er spurgt.", "Stedfortræder: Dennis Kjær", "Venter på svar")
		at = a.Location()
	}
	if n := s.Count(t, `SELECT count(*) FROM app.absence`); n != 1 {
		t.Errorf("a form sent twice is %d absences", n)
	}
	s.Get(t, s.Dennis, link.Notices).Want(t, "Dennis's notices", http.StatusOK, "En kollega beder dig om at dække under fravær")
	s.Get(t, s.Dennis, at).Want(t, "Dennis is asked", http.StatusOK, "Vil du dække for Mette Lindhardt?", "Modtaget: jeg dækker")
	s.Get(t, s.Dennis, at).Lacks(t, "before his yes", number(c), "Afslut fraværet")
	for range 2 { // pressed twice
		s.Next(t, s.Dennis, s.Post(t, s.Dennis, at+"/svar", url.Values{"svar": {"ja"}})).Want(t, "yes", http.StatusOK, "Modtaget. Du dækker.", "Sager, du dækker", number(c))
	}
	s.Get(t, s.Dennis, at).Lacks(t, "the sealed one", number(sealed))
	s.Get(t, s.Dennis, link.Case(c.Ref)).Want(t, "the case", http.StatusOK, "Fraværende til")
	s.Get(t, s.Jonas, at).Want(t, "the lead", http.StatusOK, "Sager, som ingen dækker", number(sealed), "Afslut fraværet")
	s.Get(t, s.Jonas, at).Lacks(t, "the lead", "Amira", "Modtaget: jeg dækker")
	s.Post(t, s.Dennis, link.Journal(c.Ref), nil)
	s.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind) VALUES ($1, $2, 'phase.changed')`, c.ID, s.Dennis.UserID)
	s.Post(t, s.Dennis, at+"/slut", nil).Want(t, "the stand-in ends it", http.StatusNotFound)
	for range 2 { // pressed twice
		a := s.Next(t, s.Mette, s.Post(t, s.Mette, at+"/slut", nil))
		a.Want(t, "ended", http.StatusOK, "Fraværet er afsluttet.", "Afsluttet", "Mens du var væk", number(c), "1 ting er sket", "(1 af stedfortræderen)")
		a.Lacks(t, "ended", "Afslut fraværet")
	}
	s.Get(t, s.Dennis, link.Notices).Want(t, "Dennis is free", http.StatusOK, "Du dækker ikke længere for en kollega")
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'absence.ended'`); n != 1 {
		t.Errorf("he is told %d times", n)
	}
	s.Get(t, s.Dennis, link.Case(c.Ref)).Want(t, "afterwards", http.StatusNotFound)
}

func TestAnAbsenceThatCannotBeIsSaidBesideItsFieldAndNothingTypedIsLost(t *testing.T) {
	s := webtest.New(t)
	a := s.Post(t, s.Mette, link.NewAbsence, with(away(s.Dennis), "from", "", "to", "i overmorgen engang", "stand_in", ""))
	for field, message := range map[string]string{"from": "Skriv den første dag.", "to": "Skriv en dato", "stand_in": "Vælg en stedfortræder."} {
		a.Refuses(t, "all of it", field, message)
	}
	if a.Value("to") != "i overmorgen engang" {
		t.Error("the last day is lost")
	}
	for _, x := range []struct {
		what, field, message string
		form                 url.Values
	}{
		{"the last before the first", "to", "Den er ikke før den første", with(away(s.Dennis), "from", "+3", "to", "+1")},
		{"a month ago", "from", "højst være 14 dage siden", with(away(s.Dennis), "from", time.Now().AddDate(0, 0, -30).Format("2.1.2006"))},
		{"who may not", "stand_in", "kan ikke være stedfortræder her", away(s.Lone)},
		{"herself", "stand_in", "kan ikke være stedfortræder her", away(s.Mette)},
	} {
		form := x.form
		a := s.Post(t, s.Mette, link.NewAbsence, form)
		a.Refuses(t, x.what, x.field, x.message)
		if a.Value("from") != form.Get("from") || a.Value("to") != form.Get("to") || a.Value("key") != form.Get("key") {
			t.Errorf("%s: something is lost", x.what)
		}
	}
	stated(t, s)
	a = s.Post(t, s.Mette, link.NewAbsence, away(s.Dennis))
	a.Refuses(t, "twice in those days", "from", "allerede meldt fravær i de dage")
	a.Want(t, "whom she chose", http.StatusUnprocessableEntity, s.Dennis.UserID.String()+`" selected`)
	s.Post(t, s.Dennis, link.NewAbsence, away(s.Mette)).Refuses(t, "a stand-in who is away", "stand_in", "selv meldt fraværende")
	s.Post(t, s.Lone, link.NewAbsence, away(s.Dennis)).Refuses(t, "an admin's own", "user", "Vælg, hvem der er fraværende.")
	if n := s.Count(t, `SELECT count(*) FROM app.absence`); n != 1 {
		t.Errorf("%d absences", n)
	}
}

func TestANoSaysWhyAndSomebodyElseIsAsked(t *testing.T) {
	s := webtest.New(t)
	at := stated(t, s)
	s.Post(t, s.Dennis, at+"/svar", url.Values{"svar": {"nej"}}).Refuses(t, "no word", "words", "Skriv kort, hvorfor du siger nej.")
	long := strings.Repeat("x", 401)
	a := s.Post(t, s.Dennis, at+"/svar", url.Values{"svar": {"nej"}, "words": {long}})
	a.Refuses(t, "too many words", "words", "Højst 400 tegn")
	if a.Value("words") != long {
		t.Error("the words are lost")
	}
	for range 2 { // pressed twice
		s.Next(t, s.Dennis, s.Post(t, s.Dennis, at+"/svar", url.Values{"svar": {"nej"}, "words": {"Jeg er på kursus."}})).Want(t, "no", http.StatusOK, "Dit nej er givet videre.", "Jeg er på kursus.")
	}
	s.Next(t, s.Dennis, s.Post(t, s.Dennis, at+"/svar", url.Values{"svar": {"ja"}})).Want(t, "another answer", http.StatusOK, "Der er allerede svaret, eller fraværet er forbi.", "Afslået")
	s.Get(t, s.Mette, at).Want(t, "Mette", http.StatusOK, "Dennis Kjær kan ikke dække", "Jeg er på kursus.", "Meld fravær igen")
	s.Get(t, s.Mette, link.Notices).Want(t, "Mette's notices", http.StatusOK, "En stedfortræder har sagt nej")
	if again := s.Post(t, s.Mette, link.NewAbsence, away(s.Jonas)); again.Status != http.StatusSeeOther || again.Location() == at {
		t.Errorf("again: %d to %s", again.Status, again.Location())
	}
}

// The lead states it for who is ill, and so does an admin, who chooses within the team; for the others it is not there.
func TestWhoMayStateAnAbsenceAndReadIt(t *testing.T) {
	s := webtest.New(t)
	s.Get(t, s.Jonas, link.NewAbsence).Want(t, "the lead's form", http.StatusOK, "Hvem er fraværende?", "Mig selv", "Mette Lindhardt")
	form := with(away(s.Dennis), "user", s.Mette.UserID.String())
	a := s.Post(t, s.Jonas, link.NewAbsence, form)
	at := a.Location()
	s.Next(t, s.Jonas, a).Want(t, "by the lead", http.StatusOK, "Fravær: Mette Lindhardt")
	s.Get(t, s.Mette, link.Notices).Want(t, "Mette's notices", http.StatusOK, "Der er meldt fravær for dig")
	s.Get(t, s.Lone, at).Want(t, "the admin", http.StatusOK, "Fravær: Mette Lindhardt")
	for _, who := range []actor.Actor{s.Huseyin, s.Anders, s.Sara, s.Karen} {
		s.Get(t, who, at).Want(t, who.Name, http.StatusNotFound)
		for _, path := range []string{at + "/svar", at + "/slut"} {
			s.Post(t, who, path, url.Values{"svar": {"ja"}}).Want(t, who.Name+" "+path, http.StatusNotFound)
		}
		s.Post(t, who, link.NewAbsence, with(away(s.Dennis), "user", s.Mette.UserID.String())).Want(t, who.Name+" states it", http.StatusNotFound)
	}
	for _, who := range []actor.Actor{s.Mette, s.Jonas, s.Lone} {
		s.Post(t, who, at+"/svar", url.Values{"svar": {"ja"}}).Want(t, who.Name+" answers for Dennis", http.StatusNotFound)
	}
	s.Get(t, s.Huseyin, link.Absences).Lacks(t, "another team's list", "Mette Lindhardt")
	s.Get(t, s.Karen, link.Absences).Want(t, "the auditor", http.StatusNotFound)
	s.Get(t, s.Mette, link.Absence(uuid.New())).Want(t, "none", http.StatusNotFound)
	s.Get(t, s.Karen, link.Log).Want(t, "the log", http.StatusOK, "Meldte fravær")
}

func TestAnAbsenceIsReadInEnglish(t *testing.T) {
	s := webtest.New(t)
	s.InEnglish(t, s.Mette, s.Dennis)
	a := s.Post(t, s.Mette, link.NewAbsence, away(s.Dennis))
	s.Next(t, s.Mette, a).Want(t, "stated", http.StatusOK, "The absence is", "Stand-in: Dennis Kjær")
	s.Post(t, s.Mette, link.NewAbsence, with(away(s.Dennis), "stand_in", "")).Refuses(t, "refused", "stand_in", "stand-in")
	for _, path := range []string{link.Absences, link.NewAbsence, a.Location()} {
		for _, who := range []actor.Actor{s.Mette, s.Dennis} {
			page := s.Get(t, who, path)
			page.Want(t, path, http.StatusOK)
			page.AllSaid(t, path)
		}
	}
}
