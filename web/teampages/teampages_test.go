package teampages_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

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

func formID(t *testing.T, a webtest.Answer) string {
	t.Helper()
	m := regexp.MustCompile(`name="id" value="([0-9a-f-]{36})"`).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatal("the form has no id")
	}
	return m[1]
}

func TestLoneMakesATeamAndPutsItsPeopleIntoIt(t *testing.T) {
	s := webtest.New(t)
	want(t, "list", s.Get(t, s.Lone, link.Teams), http.StatusOK, "Børn og Unge Nord", "Voksne", "Jonas Brandt-Holm", "3 medlemmer", "Ingen Modtagelse for børn og unge", "Ingen Modtagelse for voksne")
	form := url.Values{"id": {formID(t, s.Get(t, s.Lone, link.NewTeam))}, "name": {""}}
	refused := s.Post(t, s.Lone, link.NewTeam, form)
	want(t, "no name", refused, http.StatusUnprocessableEntity, "Skriv, hvad teamet hedder", "Vælg et område")
	form.Set("name", "børn og unge nord")
	form.Set("area", "child")
	form.Set("intake", "1")
	want(t, "a name that is taken", s.Post(t, s.Lone, link.NewTeam, form), http.StatusUnprocessableEntity, "allerede et team", `value="børn og unge nord"`, "checked")
	form.Set("name", "Modtagelsen")
	var at string
	for range 2 { // pressed twice
		a := s.Post(t, s.Lone, link.NewTeam, form)
		if at = a.Location(); a.Status != http.StatusSeeOther || s.Count(t, `SELECT count(*) FROM app.team WHERE name = 'Modtagelsen' AND intake`) != 1 {
			t.Fatalf("making it answers %d to %q", a.Status, at)
		}
	}
	want(t, "new team", s.Get(t, s.Lone, at), http.StatusOK, "Der er ingen i teamet endnu, så ingen ser de underretninger", "Dennis Kjær, Børne- og ungerådgiver (Børn og Unge Nord)", "Kollegaen ser alle områdets underretninger")
	hasNot(t, "the list of colleagues", s.Get(t, s.Lone, at), "Karen Toft")
	want(t, "nobody chosen", s.Post(t, s.Lone, at+"/medlemmer", nil), http.StatusUnprocessableEntity, "Vælg en kollega")
	want(t, "the auditor", s.Post(t, s.Lone, at+"/medlemmer", url.Values{"user": {s.Karen.UserID.String()}}), http.StatusUnprocessableEntity, "Den konto kan ikke det")
	if a := s.Post(t, s.Lone, at+"/medlemmer", url.Values{"user": {s.Lone.UserID.String()}}); a.Status != http.StatusForbidden {
		t.Errorf("Lone puts herself into the team: %d", a.Status)
	}
	for _, who := range []actor.Actor{s.Dennis, s.Jonas, s.Jonas} {
		if a := s.Post(t, s.Lone, at+"/medlemmer", url.Values{"user": {who.UserID.String()}}); a.Location() != at {
			t.Errorf("%s: %d", who.Name, a.Status)
		}
	}
	want(t, "without a lead", s.Get(t, s.Lone, at), http.StatusOK, "Teamet har ingen leder", "Dennis Kjær")
	member := at + "/medlem/" + s.Jonas.UserID.String()
	want(t, "Jonas", s.Get(t, s.Lone, member), http.StatusOK, "Som leder kan Jonas Brandt-Holm læse alle teamets sager", "Gør til leder", "Teamet er Modtagelse", "måske ingen")
	want(t, "Dennis", s.Get(t, s.Lone, at+"/medlem/"+s.Dennis.UserID.String()), http.StatusOK, "Kun en konto med rollen teamleder")
	want(t, "Dennis as lead", s.Post(t, s.Lone, at+"/medlem/"+s.Dennis.UserID.String()+"/leder", url.Values{"on": {"1"}}), http.StatusUnprocessableEntity, "kun en teamleder kan lede")
	if a := s.Post(t, s.Lone, member+"/leder", url.Values{"on": {"1"}}); a.Location() != at {
		t.Errorf("making Jonas lead: %d", a.Status)
	}
	want(t, "Jonas leads", s.Get(t, s.Lone, member), http.StatusOK, "Fjern som leder", "er den eneste leder", "Teamet står så uden leder")
	want(t, "his notices", s.Get(t, s.Jonas, link.Notices), http.StatusOK, "Du er kommet med i et team", "Du er blevet leder af et team")
	want(t, "the log", s.Get(t, s.Karen, link.Log+"?slags=access"), http.StatusOK, "Gjorde til leder af et team", "Jonas Brandt-Holm, Modtagelsen", "Lone Friis")
	want(t, "list", s.Get(t, s.Lone, link.Teams), http.StatusOK, "2 medlemmer")
	hasNot(t, "list", s.Get(t, s.Lone, link.Teams), "Ingen Modtagelse for børn og unge")
}

func TestWhoeverLeavesKeepsTheirCasesAndLoneIsToldSo(t *testing.T) {
	s := webtest.New(t)
	at := link.TeamMember(s.TeamNorth, s.Mette.UserID)
	for range 6 {
		s.Case(t, s.Mette, 1)
	}
	want(t, "new cases", s.Get(t, s.Lone, at), http.StatusOK, "Mette Lindhardt er ansvarlig for færre end fem åbne sager")
	s.Exec(t, `UPDATE app.case_file SET opened_at = now() - interval '2 days'`)
	a := s.Get(t, s.Lone, at)
	want(t, "six cases", a, http.StatusOK, "Mette Lindhardt er ansvarlig for omkring 5 åbne sager", "Bed en leder overdrage dem først", "Adgang, der er givet ved navn, bliver")
	hasNot(t, "the page", a, "Amira", "2026-", "/sager/")
	want(t, "the team", s.Get(t, s.Lone, link.Team(s.TeamNorth)), http.StatusOK, "omkring 5 sager", "Området ligger fast")
	for range 2 {
		if a := s.Post(t, s.Lone, at+"/fjern", nil); a.Location() != link.Team(s.TeamNorth) {
			t.Errorf("taking Mette out: %d", a.Status)
		}
	}
	if a := s.Get(t, s.Lone, at); a.Status != http.StatusNotFound {
		t.Errorf("who has left: %d", a.Status)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_file WHERE responsible_id = $1`, s.Mette.UserID); n != 6 {
		t.Errorf("Mette answers for %d cases", n)
	}
	want(t, "Mette's notices", s.Get(t, s.Mette, link.Notices), http.StatusOK, "Du er taget ud af et team")
	want(t, "Jonas's notices", s.Get(t, s.Jonas, link.Notices), http.StatusOK, "Et medlem er taget ud af dit team")
	want(t, "her cases", s.Get(t, s.Mette, link.Cases), http.StatusOK, "Amira")
}

// Two admins in the same form: the second sees both versions and loses nothing.
func TestTheSecondOfTwoAdminsLosesNothing(t *testing.T) {
	s := webtest.New(t)
	at := link.Team(s.TeamNorth)
	form := url.Values{"version": {"1"}, "name": {"Nord"}, "area": {"child"}}
	for range 2 {
		if a := s.Post(t, s.Lone, at, form); a.Location() != at {
			t.Errorf("saving: %d", a.Status)
		}
	}
	form.Set("name", "Nordøst")
	form.Set("intake", "1")
	a := s.Post(t, s.Lone, at, form)
	want(t, "the second", a, http.StatusConflict, `value="Nordøst"`, "Nord", `name="version" value="2"`)
	form.Set("version", "2")
	if a := s.Post(t, s.Lone, at, form); a.Location() != at {
		t.Errorf("saving the newer one: %d", a.Status)
	}
	form.Set("version", "x")
	form.Set("name", "Vest")
	want(t, "nonsense", s.Post(t, s.Lone, at, form), http.StatusConflict)
}

func TestTheLastDeskOfAnOpenReportStays(t *testing.T) {
	s := webtest.New(t)
	s.Exec(t, `UPDATE app.team SET intake = true WHERE id = $1`, s.TeamNorth)
	s.Exec(t, `INSERT INTO app.report (ref, number, municipality, area, source, received_at, assess_by, registered_by) VALUES ('uaaaaaaa', 'U-1', 999, 'child', 'police', now(), now() + interval '24 hours', $1)`, s.Mette.UserID)
	form := url.Values{"version": {"1"}, "name": {"Børn og Unge Nord"}, "area": {"child"}}
	want(t, "no desk", s.Post(t, s.Lone, link.Team(s.TeamNorth), form), http.StatusUnprocessableEntity, "Der er åbne underretninger i området")
	for _, who := range []actor.Actor{s.Dennis, s.Jonas} {
		s.Post(t, s.Lone, link.TeamMember(s.TeamNorth, who.UserID)+"/fjern", nil)
	}
	want(t, "nobody at the desk", s.Post(t, s.Lone, link.TeamMember(s.TeamNorth, s.Mette.UserID)+"/fjern", nil), http.StatusUnprocessableEntity, "Sæt en kollega i teamet først", "Mette Lindhardt")
}

func TestAMunicipalityWithoutTeamsIsToldWhatToDo(t *testing.T) {
	s := webtest.New(t)
	s.Exec(t, `DELETE FROM app.team_member`)
	s.Exec(t, `DELETE FROM app.team`)
	want(t, "list", s.Get(t, s.Lone, link.Teams), http.StatusOK, "Der er ingen team endnu", "Nyt team")
	if a := s.Get(t, s.Lone, link.Team(s.TeamNorth)); a.Status != http.StatusNotFound {
		t.Errorf("no team: %d", a.Status)
	}
}
