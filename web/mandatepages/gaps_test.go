package mandatepages_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

// The lead reads off the map what nobody leads and what two lead. A partner's yes is written down with its day, or is their own.
func TestTheLeadSeesGapsAndOverlapsAndThePartnerAcknowledges(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Grant(t, c, s.Dennis, "coworker")
	bo, part := s.Partner(t, "police_district", "Politiet", "Bo Holm"), uuid.New()
	s.Exec(t, `INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, $4, 'x', 'ad_hoc', 'accepted', $5)`, part, c.ID, bo.OrganisationID, bo.ID, s.Mette.UserID)
	row := func(area string) string {
		t.Helper()
		page := s.Get(t, s.Jonas, link.Mandates(c.Ref)).Body
		found := regexp.MustCompile(`(?s)<tr id="omraade-` + area + `">.*?</tr>`).FindString(page)
		if found == "" {
			t.Fatalf("no %s on %s", area, page)
		}
		return found
	}
	set := func(area, version string, who ...string) webtest.Answer {
		t.Helper()
		in := url.Values{"version": {version}}
		for _, w := range who {
			in.Set("part-"+w, "leads")
		}
		return s.Post(t, s.Mette, link.Mandate(c.Ref, area), in)
	}
	police, dennis := "contact:"+bo.ID.String(), "user:"+s.Dennis.UserID.String()
	if r := row("safety"); !strings.Contains(r, "Ingen leder") {
		t.Errorf("an empty cell is no gap: %s", r)
	}
	set("safety", "0", police, dennis)
	if r := row("safety"); strings.Contains(r, "Ingen leder") || !strings.Contains(r, "2 leder samme område") || strings.Count(r, "Har ikke kvitteret endnu") != 2 {
		t.Errorf("two leads are no overlap: %s", r)
	}
	if a := set("safety", "0", dennis); a.Status != http.StatusConflict {
		t.Errorf("the second tab: %d", a.Status)
	}
	set("safety", "1", police)
	if r := row("safety"); strings.Contains(r, "samme område") {
		t.Errorf("one leads: %s", r)
	}
	var m uuid.UUID
	s.Scan(t, []any{&m}, `SELECT id FROM app.mandate WHERE contact_id = $1`, bo.ID)
	s.Exec(t, `UPDATE app.mandate SET given_at = now() - interval '5 days' WHERE id = $1`, m)
	hear := link.AcknowledgeMandate(c.Ref, m)
	if a := s.Get(t, s.Mette, hear); a.Status != http.StatusOK || !strings.Contains(a.Body, `value="i dag"`) {
		t.Errorf("the form: %d", a.Status)
	}
	if a := s.Get(t, s.Jonas, hear); a.Status != http.StatusNotFound && a.Status != http.StatusForbidden {
		t.Errorf("who does not write: %d", a.Status)
	}
	for _, on := range []string{"", "-12", "+3", "hvornår"} {
		a := s.Post(t, s.Mette, hear, url.Values{"heard": {"1"}, "on": {on}})
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="on-error"`) || !strings.Contains(a.Body, `value="`+on+`"`) && on != "" {
			t.Errorf("%q: %d", on, a.Status)
		}
	}
	for range 2 { // sent twice, and Back: once
		if a := s.Post(t, s.Mette, hear, url.Values{"heard": {"1"}, "on": {"i går"}}); a.Status != http.StatusSeeOther {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if a := s.Get(t, s.Mette, hear); a.Status != http.StatusSeeOther {
		t.Errorf("the form of what is written down: %d", a.Status)
	}
	if r := row("safety"); !strings.Contains(r, "hørt af Mette") || s.Count(t, `SELECT count(*) FROM app.mandate_ack WHERE on_day = current_date - 1`) != 1 {
		t.Errorf("%s", r)
	}
	set("risk", "0", police)
	s.Scan(t, []any{&m}, `SELECT m.id FROM app.mandate m JOIN app.mandate_area a ON a.id = m.area_id WHERE a.code = 'risk'`)
	l := s.GuestLink(t, c.ID, bo.ID, "involvement", part)
	in := s.Post(t, actor.Actor{}, link.Guest(l.Token), url.Values{"code": {l.Code}})
	cookies := (&http.Response{Header: in.Header}).Cookies()
	if a := s.PostWith(t, actor.Actor{}, link.Guest(l.Token)+"/ansvar/"+m.String(), url.Values{}, cookies...); a.Status != http.StatusSeeOther {
		t.Errorf("the partner: %d %s", a.Status, a.Body)
	}
	if r := row("risk"); !strings.Contains(r, "på sin egen side") {
		t.Errorf("%s", r)
	}
}
