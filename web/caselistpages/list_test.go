package caselistpages_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/webtest"
)

func TestTheListIsThereForThoseWhoWorkOnCases(t *testing.T) {
	s := webtest.New(t)
	for who, want := range map[string]int{"mette": 200, "dennis": 200, "jonas": 200, "huseyin": 200, "anders": 200, "sara": 200, "lone": 404, "karen": 404, "nobody": 303} {
		for _, path := range []string{link.Cases, link.Search} {
			if a := s.Get(t, s.People()[who], path); a.Status != want {
				t.Errorf("%s %s: %d, want %d", who, path, a.Status, want)
			}
		}
	}
	for who, want := range map[string]int{"mette": 200, "jonas": 200, "sara": 404, "lone": 404, "karen": 404, "nobody": 303} {
		if a := s.Get(t, s.People()[who], link.NewCase); a.Status != want {
			t.Errorf("%s registers: %d, want %d", who, a.Status, want)
		}
	}
}

func TestAnEmptyListSaysWhatItMeans(t *testing.T) {
	s := webtest.New(t)
	for _, c := range []struct {
		who  actor.Actor
		path string
		text string
	}{
		{s.Mette, link.Cases, "Du er ikke ansvarlig for nogen åbne sager."},
		{s.Mette, link.CaseList("visning", "med"), "Du er ikke medansvarlig eller konsulteret"},
		{s.Mette, link.CaseList("visning", "team"), "som alle i teamet kender"},
		{s.Mette, link.CaseList("visning", "lukkede"), "Ingen af de sager, du har arbejdet på, er lukket."},
		{s.Jonas, link.Cases, "Teamet har ingen åbne sager."},
		{s.Jonas, link.CaseList("visning", "lukkede"), "Teamet har ingen lukkede sager."},
		{s.Sara, link.Cases, "Du er ikke medansvarlig eller konsulteret"},
		{s.Mette, link.CaseList("niveau", "red"), "Ingen sager passer til filtrene."},
	} {
		if a := s.Get(t, c.who, c.path); !strings.Contains(a.Body, c.text) {
			t.Errorf("%s %s does not say %q", c.who.Name, c.path, c.text)
		}
	}
}

func TestTheListShowsNamesToReadersOnly(t *testing.T) {
	s := webtest.New(t)
	normal, restricted := s.Case(t, s.Mette, 0), s.Case(t, s.Mette, 1)
	barred := s.Case(t, s.Mette, 0, s.Dennis)
	own := s.Get(t, s.Mette, link.Cases).Body
	for _, want := range []string{restricted.Number, normal.Number, barred.Number, link.Case(restricted.Ref), "Amira S., 1", `<bdi class="pii">`, "Ingen handlingsplan"} {
		if !strings.Contains(own, want) {
			t.Errorf("the responsible does not see %q", want)
		}
	}
	mate := s.Get(t, s.Dennis, link.CaseList("visning", "team")).Body
	if !strings.Contains(mate, normal.Number) || !strings.Contains(mate, "Mette Lindhardt") || !strings.Contains(mate, "Spørg den ansvarlige") {
		t.Error("a team mate does not see whom to ask")
	}
	for _, secret := range []string{"Amira", restricted.Number, barred.Number, normal.Ref, "Ingen handlingsplan"} {
		if strings.Contains(mate, secret) {
			t.Errorf("a team mate sees %q", secret)
		}
	}
	if title := regexp.MustCompile(`<title>(.*)</title>`).FindStringSubmatch(own); title[1] != "Sager – Samspil" {
		t.Errorf("title %q", title[1])
	}
}

func TestTheListIsSortedAndPagedByTheServer(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `INSERT INTO app.case_file (ref, number, municipality, team_id, area, responsible_id, active_at) SELECT lpad(n::text, 8, '0'), '2020-' || lpad(n::text, 4, '0'), 999, f.team_id, 'child',
		f.responsible_id, now() - n * interval '1 hour' FROM app.case_file f, generate_series(1, 60) n WHERE f.id = $1`, c.ID)
	s.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) SELECT id, responsible_id, 'responsible', responsible_id FROM app.case_file WHERE id <> $1`, c.ID)
	s.Exec(t, `INSERT INTO app.citizen_label (case_id, team_id, confidentiality, calling_name) SELECT id, team_id, confidentiality, 'N.' FROM app.case_file WHERE id <> $1`, c.ID)
	rowNumbers := regexp.MustCompile(`>(20\d\d-\d{4})</a>`)
	first := s.Get(t, s.Mette, link.CaseList("sorter", "nummer", "retning", "op"))
	got := rowNumbers.FindAllStringSubmatch(main(first.Body), -1)
	if len(got) != 50 || got[0][1] != "2020-0001" || !strings.Contains(first.Body, `aria-sort="ascending"`) || !strings.Contains(first.Body, "Viser 1–50 af 61") {
		t.Fatalf("the first page holds %d rows from %v", len(got), got[0])
	}
	next := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(first.Body)
	second := s.Get(t, s.Mette, strings.ReplaceAll(next[1], "&amp;", "&"))
	got = rowNumbers.FindAllStringSubmatch(main(second.Body), -1)
	if len(got) != 11 || got[0][1] != "2020-0051" || !strings.Contains(second.Body, "Viser 51–61 af 61") {
		t.Fatalf("the second page holds %d rows from %v", len(got), got[0])
	}
	back := regexp.MustCompile(`href="([^"]*)" rel="prev"`).FindStringSubmatch(second.Body)
	if again := s.Get(t, s.Mette, strings.ReplaceAll(back[1], "&amp;", "&")); !strings.Contains(again.Body, "Viser 1–50 af 61") || !strings.Contains(again.Body, "2020-0001") {
		t.Error("the way back leads elsewhere")
	}
	for _, odd := range []string{"?visning=alle&niveau=purple&sorter=navn&retning=skråt&fra=xyz&ansvarlig=1&stille=-4&fase=P99", "?niveau=red&niveau=red", "?fra=e30"} {
		if a := s.Get(t, s.Mette, link.Cases+odd); a.Status != http.StatusOK {
			t.Errorf("%s: %d", odd, a.Status)
		}
	}
	if len(first.Body) > 60<<10 {
		t.Errorf("a full page of the list weighs %d KB", len(first.Body)>>10)
	}
}

func TestALeadsListBeginsWithTheGravestLevel(t *testing.T) {
	s := webtest.New(t)
	red, green := s.Case(t, s.Mette, 1), s.Case(t, s.Mette, 1)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red', active_at = now() - interval '3 days' WHERE id = $1`, red.ID)
	s.Exec(t, `UPDATE app.case_file SET severity = 'green', active_at = now() WHERE id = $1`, green.ID)
	first := func(who actor.Actor, numbers ...string) {
		t.Helper()
		body := main(s.Get(t, who, link.Cases).Body)
		if a, b := strings.Index(body, numbers[0]), strings.Index(body, numbers[1]); a < 0 || b < 0 || a > b {
			t.Errorf("%s stands at %d, %s at %d", numbers[0], a, numbers[1], b)
		}
	}
	first(s.Jonas, red.Number, green.Number)
	first(s.Mette, green.Number, red.Number) // her own: what she touched last
	if body := s.Get(t, s.Jonas, link.Cases).Body; !strings.Contains(body, "Skærmet: kun de navngivne") || strings.Contains(body, "Kun navngivne: heller ikke") {
		t.Error("the signs of the list are not explained, or one that is not there is")
	}
}

func TestAFilterStaysWhileTheListIsSorted(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red', active_at = now() - interval '31 days' WHERE id = $1`, c.ID)
	a := s.Get(t, s.Jonas, link.CaseList("niveau", "orange", "niveau", "red", "stille", "30", "partner", "uden"))
	for _, want := range []string{"niveau=orange&amp;niveau=red&amp;partner=uden&amp;sorter=frist&amp;stille=30", "Stille i 30 dage", "Ingen partner", `aria-current="true"`} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	// the number of a chip leads to exactly the list it counts: the chip of a view drops the filters
	if !strings.Contains(a.Body, `href="/sager?visning=mine"`) {
		t.Error("the chip of a view keeps the filters")
	}
}

// main is the page without its frame.
func main(body string) string { return body[strings.Index(body, "<main"):] }

func TestListCallsAPhaseWhatTheCaseCallsIt(t *testing.T) {
	for _, lang := range i18n.Languages {
		words := i18n.Keys(lang)
		for i := range 9 {
			p := fmt.Sprintf(".phase.P%d", i)
			if list, head := words["caselist"+p], words["caseframe"+p]; list == "" || !strings.HasPrefix(head, list) {
				t.Errorf("%s: %q in the list, %q on the case", lang, list, head)
			}
		}
	}
}
