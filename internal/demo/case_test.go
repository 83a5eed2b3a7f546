package demo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"samspil/internal/demo"
	"samspil/internal/reference"
	"samspil/internal/screening"
	"samspil/web/eventview"
)

func TestCasesAreOfEveryPhaseAndLevel(t *testing.T) {
	m := load(t)
	phases, levels, severities, numbers := map[string]int{}, map[int]int{}, map[string]int{}, map[string]int{}
	full, plans, late, dueToday, soon := 0, 0, 0, 0, 0
	excluded := []string{}
	for _, c := range m.Cases {
		phases[c.Phase]++
		levels[c.Confidentiality]++
		severities[c.Severity]++
		numbers[c.Number]++
		if len(c.Journal) >= 8 {
			full++
		}
		for _, x := range c.Excluded {
			excluded = append(excluded, x.User+" "+c.Responsible)
		}
		if c.Plan == nil {
			continue
		}
		plans++
		for _, s := range steps(c.Plan) {
			switch {
			case s.Due == nil || s.Status == "done" || s.Status == "skipped":
			case *s.Due < 0:
				late++
			case *s.Due == 0:
				dueToday++
			case *s.Due <= 7:
				soon++
			}
		}
	}
	if len(m.Cases) != 60 || len(numbers) != 60 || len(phases) != 9 || len(levels) != 3 || len(severities) != 5 {
		t.Errorf("%d cases, %d numbers, phases %v, levels %v, severities %v", len(m.Cases), len(numbers), phases, levels, severities)
	}
	if full < 20 || plans < 40 || late < 20 || dueToday < 6 || soon < 30 || levels[1] < 40 || levels[2] < 3 {
		t.Errorf("%d full journals, %d plans, %d steps late, %d today, %d soon, levels %v", full, plans, late, dueToday, soon, levels)
	}
	if len(excluded) != 1 || excluded[0] != "dennis mette" {
		t.Errorf("excluded: %v", excluded)
	}
}

// steps are all the steps that the content names.
func steps(p *demo.Plan) []demo.Step {
	all := slices.Clone(p.Steps)
	for _, phase := range p.Phases {
		all = append(all, phase.Steps...)
	}
	return all
}

func TestEveryCaseNamesOnlyWhatExists(t *testing.T) {
	m := load(t)
	p := directory(t, m)
	for _, c := range m.Cases {
		t.Run(c.Number, func(t *testing.T) {
			t.Parallel()
			for kind, code := range map[reference.Kind]string{reference.Phases: c.Phase, reference.Certainties: c.Certainty, reference.Origins: c.Origin, reference.ContactPolicies: c.Contact.Policy} {
				if !reference.Known(kind, code) {
					t.Errorf("%s %q", kind, code)
				}
			}
			if c.Severity != "" && !reference.Known(reference.Severities, c.Severity) || c.ConflictPhase != "" && !reference.Known(reference.ConflictPhases, c.ConflictPhase) {
				t.Errorf("severity %q, conflict phase %q", c.Severity, c.ConflictPhase)
			}
			for _, code := range c.ControlTypes {
				if !reference.Known(reference.ControlTypes, code) {
					t.Errorf("control type %q", code)
				}
			}
			team := slices.IndexFunc(m.Teams, func(x demo.Team) bool { return x.Key == c.Team })
			if team < 0 || m.Teams[team].Area != c.Area || p.users[c.Responsible].Team != c.Team {
				t.Errorf("area %s, team %s, responsible %s of team %s", c.Area, c.Team, c.Responsible, p.users[c.Responsible].Team)
			}
			if c.Situation == "" || len(c.People) < 1 || c.Contact.Channel == "" {
				t.Error("the case says too little")
			}
			for _, number := range c.Related {
				if !slices.ContainsFunc(m.Cases, func(x demo.Case) bool { return x.Number == number && slices.Contains(x.Related, c.Number) }) {
					t.Errorf("related %s does not answer", number)
				}
			}
			for _, x := range c.People {
				if !slices.Contains(demo.ConflictRoles, x.Role) || !slices.Contains(demo.MayKnow, x.MayKnow) || x.Relation == "" {
					t.Errorf("person %+v", x)
				}
			}
			for _, f := range c.Protected {
				if !slices.Contains([]string{"address", "place_of_stay", "school", "phone"}, f.Kind) || f.Text == "" {
					t.Errorf("fact %+v", f)
				}
			}
			checkPlan(t, p, c)
			checkWork(t, p, c)
		})
	}
}

func checkPlan(t *testing.T, p people, c demo.Case) {
	t.Helper()
	if c.Plan == nil {
		return
	}
	tpl, ok := reference.TemplateByCode(c.Plan.Template)
	if ok != (c.Plan.Template != "") || ok && tpl.Area != c.Area || ok == (len(c.Plan.Phases) > 0) || c.Plan.Started > c.Opened {
		t.Errorf("plan of template %q in area %s, started %d days ago, case %d days old", c.Plan.Template, c.Area, c.Plan.Started, c.Opened)
	}
	seen := map[string]bool{}
	for _, s := range steps(c.Plan) {
		what := s.Step + " " + s.Title
		if seen[what] {
			t.Errorf("step %s twice", what)
		}
		seen[what] = true
		if s.Who != "" && !p.known(s.Who) || s.Calls != "" && !reference.Known(reference.PartnerTypes, s.Calls) || s.Nobody && s.Who != "" {
			t.Errorf("step %s: %q, calls %q", what, s.Who, s.Calls)
		}
		if !slices.Contains([]string{"open", "in_progress", "waiting", "done", "skipped"}, s.Status) || (s.Status == "skipped") != (s.Reason != "") {
			t.Errorf("step %s: %s, reason %q", what, s.Status, s.Reason)
		}
		if over := s.Status == "done" || s.Status == "skipped"; over && (s.Done > c.Plan.Started || s.Due != nil) || !over && s.Done != 0 {
			t.Errorf("step %s: %s, done %d days ago, plan started %d", what, s.Status, s.Done, c.Plan.Started)
		}
		if s.Step == "" {
			continue
		}
		var phase, place int
		if n, _ := fmt.Sscanf(s.Step, "%d.%d", &phase, &place); phase < 1 || phase > len(tpl.Phases) || n == 2 && (place < 1 || place > len(tpl.Phases[phase-1].Steps)) || (n == 1) != (s.Title != "") {
			t.Errorf("step %q does not exist in %s", what, c.Plan.Template)
		}
	}
}

func checkWork(t *testing.T, p people, c demo.Case) {
	t.Helper()
	// who may write in the case: its people, and the lead of its team unless it is sealed
	writers := append([]string{c.Responsible}, c.CoResponsible...)
	for _, u := range c.Consulted {
		writers = append(writers, u.User)
	}
	if c.Confidentiality < 2 {
		writers = append(writers, p.lead[c.Team])
	}
	for _, u := range writers {
		if !slices.Contains([]string{"caseworker", "specialist", "team_lead"}, p.users[u].Role) || slices.ContainsFunc(c.Excluded, func(x demo.Excluded) bool { return x.User == u }) {
			t.Errorf("%q cannot work on the case", u)
		}
	}
	may := func(what, user string) {
		if !slices.Contains(writers, user) {
			t.Errorf("%s by %q, who is not on the case", what, user)
		}
	}
	if c.Plan != nil {
		for _, s := range steps(c.Plan) {
			if p.users[s.Who].Key != "" {
				may("step "+s.Step+" "+s.Title, s.Who)
			}
		}
	}
	for _, v := range c.Involvements {
		if _, ok := p.orgs[v.Organisation]; !ok || v.Contact != "" && p.orgOf[v.Contact] != v.Organisation {
			t.Errorf("involvement of %s, %s", v.Organisation, v.Contact)
		}
		if !reference.Known(reference.InvolvementOrigins, v.Origin) || !reference.Known(reference.LegalBases, v.Basis) || v.For == "" || v.Asked == nil || *v.Asked > c.Opened+1 {
			t.Errorf("involvement of %s is not whole", v.Organisation)
		}
		if open := v.Status == "requested" || v.Status == "no_answer"; open == (v.Answered != nil) || v.Answered != nil && *v.Answered > *v.Asked || (v.Status == "declined" || v.Status == "ended") != (v.Reason != "") {
			t.Errorf("involvement of %s: %s", v.Organisation, v.Status)
		}
	}
	last := c.Opened + 1
	for i, n := range c.Journal {
		may("note", n.By)
		if n.Days > last || n.Days < 0 || len(n.At) != 5 || strings.Count(n.Body, " ") < 8 || n.Corrects > i {
			t.Errorf("note %d: %d days ago at %s: %.40s", i+1, n.Days, n.At, n.Body)
		}
		last = n.Days
		if !slices.Contains(demo.NoteKinds, n.Kind) || eventview.NoteIcon(n.Kind) == "" || n.Contact != "" && !p.known(n.Contact) {
			t.Errorf("note %d: kind %s with %s", i+1, n.Kind, n.Contact)
		}
	}
	for _, e := range c.Events {
		may(e.Kind, e.By)
		if !slices.Contains(demo.EventKinds, e.Kind) || e.Days > c.Opened || e.Kind == "reopened" && e.Reason == "" {
			t.Errorf("event %+v", e)
		}
		if e.Kind == "severity" && !reference.Known(reference.Severities, e.To) {
			t.Errorf("event %+v", e)
		}
	}
	checkScreening(t, c, may)
	if len(c.Events) == 0 || c.Events[0].Kind != "registered" && !slices.ContainsFunc(c.Events, func(e demo.Event) bool { return e.Kind == "registered" }) {
		t.Error("nobody has registered the case")
	}
	if (c.Phase == "P8") != (c.Closed != nil) {
		t.Errorf("phase %s, closed %v", c.Phase, c.Closed)
	}
	if c.Severity != "" && c.SeveritySet > c.Opened {
		t.Error("the level is older than the case")
	}
}

func checkScreening(t *testing.T, c demo.Case, may func(what, user string)) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range c.SignsSeen {
		may("sign", s.By)
		sign, known := reference.SignByCode(s.Code)
		if s.Code != "" && (!known || !sign.In(c.Area)) || !slices.Contains(screening.Sources, s.Source) || s.Text == "" || s.Noted > c.Opened || s.Seen != nil && *s.Seen < s.Noted {
			t.Errorf("sign %+v", s)
		}
		seen[s.Code] = true
	}
	for _, code := range c.Signs {
		if sign, known := reference.SignByCode(code); !known || !sign.In(c.Area) {
			t.Errorf("sign %s in a case of the area %s", code, c.Area)
		}
	}
	for _, a := range c.Answers {
		may("answer", a.By)
		if a.Reason == "" || slices.ContainsFunc(a.Signs, func(code string) bool { return !seen[code] }) {
			t.Errorf("answer %+v", a)
		}
	}
	for _, s := range c.Screenings {
		may("screening", s.By)
		if !slices.Contains(screening.Outcomes(c.Area), s.Outcome) || s.Reason == "" || s.Why == "" || !reference.Known(reference.Certainties, s.Certainty) {
			t.Errorf("screening %+v", s)
		}
	}
}
