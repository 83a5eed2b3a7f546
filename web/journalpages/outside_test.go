package journalpages_test

import (
	"net/http"
	"testing"

	"samspil/web/link"
	"samspil/web/webtest"
)

func TestTheFormWarnsOfAContactOutsideTheRulesAndKeepsWhatIsTyped(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `UPDATE app.safe_contact SET must_not = '{phone}' WHERE case_id = $1`, c.ID)
	lacks(t, s.Get(t, s.Mette, link.NewNote(c.Ref)), "outside_ok")
	form := note("Jeg ringede, før jeg så reglen.")
	form.Set("kind", "phone")
	form.Set("family", "no")
	form.Add("person", c.CitizenID.String())
	a := s.Post(t, s.Mette, link.NewNote(c.Ref), form)
	if a.Status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.Status)
	}
	contains(t, a, "Kontakten var uden for sikker kontakt", "Den vej må aldrig bruges", `name="outside_ok"`, "Jeg ringede, før jeg så reglen.</textarea>")
	form.Set("outside_ok", "1")
	if a = s.Post(t, s.Mette, link.NewNote(c.Ref), form); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	contains(t, s.Get(t, s.Mette, link.Journal(c.Ref)), "Uden for sikker kontakt", "Jeg ringede, før jeg så reglen.")
}
