package partner

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/reference"
)

func somebody(name, partnerType string, hours []Hours, areas ...string) Callable {
	if len(areas) == 0 {
		areas = []string{"child", "adult"}
	}
	return Callable{ContactID: uuid.New(), Name: name, PartnerType: partnerType, Hours: hours, Areas: areas, Active: true}
}

func TestEverySituationIsMadeOfKnownThings(t *testing.T) {
	for _, s := range Situations {
		for _, turn := range s.Turns {
			for _, code := range turn.Types {
				if !reference.Known(reference.PartnerTypes, code) {
					t.Errorf("%s calls for %q, which the reference data do not know", s.Code, code)
				}
			}
		}
	}
	for control, code := range points {
		if _, ok := SituationByCode(code); !ok || !reference.Known(reference.ControlTypes, control) {
			t.Errorf("%s points to %s", control, code)
		}
	}
}

func TestTheRiskIsAssessedBeforeThePoliceIsCalledAndNobodyIsCalledTwice(t *testing.T) {
	now := at("2026-11-19 10:30")
	always, day, evening := week(Regular, 1, 7, 0, 24), week(Regular, 1, 5, 8, 16), week(Regular, 1, 5, 15, 23)
	people := []Callable{
		somebody("Line", "crisis_centre", always), somebody("Rikke", "police_resource_person", evening), somebody("Vagtleder", "police_district", always),
		somebody("Sara", "key_person_team", day), somebody("Yasmin", "security_consultant", day), somebody("Per", "mens_crisis_centre", always, "adult"),
	}
	names := func(calls []Call) (list []string) {
		for _, c := range calls {
			if c.Person == nil {
				list = append(list, "nobody")
			} else {
				list = append(list, c.Person.Name)
			}
		}
		return list
	}
	threats, _ := SituationByCode("threats")
	if got := names(Ring(threats, people, "", nil, now)); !slices.Equal(got, []string{"Yasmin", "Vagtleder", "Line"}) {
		t.Errorf("by day: %v", got)
	}
	// At night the consultant has gone home: she keeps her place, and who answers is named beside her.
	night := at("2026-11-19 20:00")
	calls := Ring(threats, people, "", nil, night)
	if got := names(calls); !slices.Equal(got, []string{"Yasmin", "Rikke", "Line"}) || calls[0].Else != nil {
		t.Errorf("by night: %v, else %v", got, calls[0].Else)
	}
	// Whoever has a part in the case already is called before others.
	known := map[string]bool{people[1].ContactID.String(): true}
	calls = Ring(threats, people, "", known, now)
	if got := names(calls); got[1] != "Rikke" || calls[1].Else == nil || calls[1].Else.Name != "Vagtleder" {
		t.Errorf("known in the case: %v", got)
	}
	// The men's centre takes adults only; a child's night is for the authority to decide.
	away, _ := SituationByCode("away_tonight")
	if got := names(Ring(away, people, "child", nil, now)); !slices.Equal(got, []string{"nobody", "Line", "Vagtleder", "Yasmin"}) {
		t.Errorf("a child: %v", got)
	}
	if got := names(Ring(away, people, "adult", nil, now)); len(got) != 3 {
		t.Errorf("an adult: %v", got)
	}
	if got := names(Ring(away, nil, "", nil, now)); !slices.Equal(got, []string{"nobody", "nobody", "nobody", "nobody"}) {
		t.Errorf("an empty directory: %v", got)
	}
}

func TestSituationsInFreeWords(t *testing.T) {
	for text, want := range map[string]string{
		"trusler fra familien": "threats", "hun skal væk i nat": "away_tonight", "pigen skal på genopdragelsesrejse til sommer": "reeducation_trip", "bryllup i udlandet, tvangsægteskab": "forced_marriage",
		"TOLK på kurdisk": "interpreter", "fylder 18 i maj": "aftercare", "særlig adressebeskyttelse": "address_protection", "må jeg dele det med skolen": "sharing", "violent father": "threats",
		"Yasmin": "", "": "", "passer": "",
	} {
		if s, ok := SituationFor(text); s.Code != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", text, s.Code, want)
		}
	}
}

func TestACasePointsToItsSituations(t *testing.T) {
	codes := func(list []Situation) (all []string) {
		for _, s := range list {
			all = append(all, s.Code)
		}
		return all
	}
	for _, c := range []struct {
		controls       []string
		severity, area string
		want           []string
	}{
		{nil, "green", "child", []string{"doubt"}}, {nil, "red", "child", []string{"threats"}}, {[]string{"isolation"}, "yellow", "adult", []string{"doubt"}},
		{[]string{"forced_marriage", "threats", "digital_control"}, "yellow", "adult", []string{"threats", "forced_marriage", "digital"}},
		{[]string{"fgm"}, "yellow", "child", []string{"abuse"}}, {[]string{"fgm"}, "yellow", "adult", []string{"doubt"}},
	} {
		if got := codes(Suggest(Needs{ControlTypes: c.controls}, c.severity, c.area)); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestFiltersNarrowAndCount(t *testing.T) {
	now := at("2026-11-19 10:30")
	people := []Callable{
		{Name: "Yasmin", OrgKind: "external", Areas: []string{"child"}, Competences: []string{"violence", "minors"}, Hours: week(Regular, 1, 5, 8, 16)},
		{Name: "Rikke", OrgKind: "external", Areas: []string{"child", "adult"}, Competences: []string{"violence"}, Hours: week(OnCall, 1, 5, 15, 23)},
		{Name: "Sara", OrgKind: "internal", Areas: []string{"child"}, Competences: []string{"minors"}, Languages: []string{"arabisk"}, Hours: week(Regular, 1, 5, 8, 16)},
	}
	names := func(Callable) string { return "" }
	for _, c := range []struct {
		f    Filter
		want int
	}{
		{Filter{}, 3}, {Filter{Kinds: []string{"external"}}, 2}, {Filter{Kinds: []string{"external", "internal"}}, 3}, {Filter{Competences: []string{"violence"}, Kinds: []string{"internal"}}, 0},
		{Filter{Areas: []string{"adult"}}, 1}, {Filter{Now: true}, 2}, {Filter{Duty: true}, 1}, {Filter{Words: "SARA arab"}, 1}, {Filter{Words: "sara dansk"}, 0},
	} {
		if got := c.f.Apply(people, now, names); len(got) != c.want {
			t.Errorf("%+v leaves %d, want %d", c.f, len(got), c.want)
		}
	}
	// A count says what one would get by ticking that box as well, given the other groups.
	n := Filter{Kinds: []string{"external"}}.Counts(people, now, names)
	for key, want := range map[string]int{"kind.external": 2, "kind.internal": 1, "competence.violence": 2, "competence.minors": 1, "area.adult": 1, "now": 1, "duty": 1} {
		if n[key] != want {
			t.Errorf("%s counts %d, want %d", key, n[key], want)
		}
	}
}
