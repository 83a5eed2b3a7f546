package partnerpages_test

import (
	"regexp"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

// "Passer dit nummer stadig?": who got the letter asks to be called, the admin sees it, calls, and reads the code out.
func TestTheAdminCallsWhoAsksForACodeAndReadsItOut(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	p, other := s.Partner(t, "school", "Lundeskolen", "Rasmus Bøgh"), s.Partner(t, "ssp", "SSP", "Pia Friis")
	l := s.GuestLink(t, uuid.Nil, p.ID, "verify", p.ID)
	mine, code := link.Contact(p.ID), link.EditContact(p.ID)+"/kode"
	lacks(t, must(t, s.Get(t, s.Lone, link.StalePartners), 200), "Rasmus Bøgh") // asked, and not old enough for the list
	must(t, s.Get(t, s.Lone, mine), 200, "Passer oplysningerne stadig?", code)
	s.Post(t, actor.Actor{}, link.Guest(l.Token)+"/ring", nil)
	for _, page := range []string{link.StalePartners, link.Admin, mine} {
		must(t, s.Get(t, s.Lone, page), 200, "Rasmus Bøgh", "Beder om at blive ringet op")
	}
	must(t, s.Get(t, s.Lone, link.Notices), 200, "beder om at blive ringet op", link.StalePartners)
	lacks(t, must(t, s.Get(t, s.Mette, mine), 200), "Beder om at blive ringet op", "/kode")

	a := must(t, s.Post(t, s.Lone, code, nil), 200, "Koden til linket", "tel:00123456")
	given := regexp.MustCompile(`<b class="med">(\d{3} \d{3})</b>`).FindStringSubmatch(a.Body)
	if given == nil {
		t.Fatal(a.Body)
	}
	lacks(t, a, "Beder om at blive ringet op")
	lacks(t, must(t, s.Get(t, s.Lone, mine), 200), given[1]) // it is shown once
	l.Code = given[1][:3] + given[1][4:]
	s.EnterGuest(t, l)
	must(t, s.Post(t, s.Lone, link.EditContact(other.ID)+"/kode", nil), 404)
	must(t, s.Post(t, s.Mette, code, nil), 404)
	s.Exec(t, `UPDATE app.contact_person SET phone = '' WHERE id = $1`, p.ID)
	lacks(t, must(t, s.Get(t, s.Lone, mine), 200, "Der er intet nummer"), code)
	must(t, s.Post(t, s.Lone, code, nil), 404)
	s.Exec(t, `UPDATE app.contact_person SET phone = '00 12 34 56', verified_on = current_date WHERE id = $1`, p.ID)
	lacks(t, must(t, s.Get(t, s.Lone, mine), 200), "Passer oplysningerne stadig?")
}
