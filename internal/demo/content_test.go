package demo_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"samspil/internal/demo"
	"samspil/internal/keys"
	"samspil/internal/partner"
	"samspil/internal/reference"
	"samspil/web/eventview"
)

// the content speaks of today; any day would do
var today = time.Date(2026, 11, 19, 10, 15, 0, 0, time.UTC)

func load(t *testing.T) demo.Municipality {
	t.Helper()
	m, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// people are the keys that a case may name.
type people struct {
	users    map[string]demo.User
	contacts map[string]demo.Contact
	orgs     map[string]demo.Organisation
	orgOf    map[string]string
	lead     map[string]string // by team
}

func directory(t *testing.T, m demo.Municipality) people {
	t.Helper()
	p := people{map[string]demo.User{}, map[string]demo.Contact{}, map[string]demo.Organisation{}, map[string]string{}, map[string]string{}}
	for _, u := range m.Users {
		if _, twice := p.users[u.Key]; twice {
			t.Errorf("user %s twice", u.Key)
		}
		p.users[u.Key] = u
	}
	for _, o := range m.Organisations {
		if _, twice := p.orgs[o.Key]; twice {
			t.Errorf("organisation %s twice", o.Key)
		}
		p.orgs[o.Key] = o
		for _, c := range o.Contacts {
			if _, twice := p.contacts[c.Key]; twice || p.users[c.Key].Key != "" {
				t.Errorf("contact %s: somebody else has the key", c.Key)
			}
			p.contacts[c.Key], p.orgOf[c.Key] = c, o.Key
		}
	}
	for _, team := range m.Teams {
		p.lead[team.Key] = team.Lead
	}
	return p
}

func (p people) known(key string) bool {
	_, user := p.users[key]
	_, contact := p.contacts[key]
	return user || contact
}

func TestOfficeHasItsPeople(t *testing.T) {
	m := load(t)
	roles := map[string]int{}
	for _, u := range m.Users {
		roles[u.Role]++
		if !strings.HasSuffix(u.Email, "@"+m.MailDomain) || !strings.HasPrefix(u.Phone, "00 ") || u.Photo == "" {
			t.Errorf("%s: %s, %s, photo %q", u.Key, u.Email, u.Phone, u.Photo)
		}
		if u.Role == "admin" || u.Role == "auditor" {
			if u.Team != "" {
				t.Errorf("%s reads no case and belongs to no team", u.Key)
			}
		}
	}
	if len(m.Users) != 14 || len(m.Teams) != 3 || roles["admin"] != 1 || roles["auditor"] != 1 || roles["specialist"] != 1 || roles["team_lead"] != 2 {
		t.Errorf("%d users, %d teams, roles %v", len(m.Users), len(m.Teams), roles)
	}
	for _, login := range []string{"mette", "huseyin", "sara", "jonas", "lone", "karen", "dennis"} {
		if !slices.ContainsFunc(m.Users, func(u demo.User) bool { return u.Email == login+"@ellehoej.test" }) {
			t.Errorf("nobody signs in as %s", login)
		}
	}
}

func TestDirectoryIsWholeAndInvented(t *testing.T) {
	m := load(t)
	p := directory(t, m)
	types, stale, faces, external := map[string]bool{}, 0, 0, 0
	for _, o := range m.Organisations {
		types[o.Type] = true
		if o.Kind == "external" {
			external++
		}
		if !reference.Known(reference.PartnerTypes, o.Type) || o.Can == "" || o.Cannot == "" || o.BeforeCall == "" || o.AuthorityGroup == "" || len(o.Areas) == 0 || len(o.Contacts) == 0 {
			t.Errorf("%s is not whole", o.Key)
		}
		if o.AddressSecret != (o.Address == "" && slices.Contains([]string{"crisis_centre", "safehouse", "mens_crisis_centre"}, o.Type)) {
			t.Errorf("%s: secret %v, address %q", o.Key, o.AddressSecret, o.Address)
		}
		for _, c := range o.Contacts {
			if c.Name == "" || c.Title == "" || c.About == "" || len(c.Languages) == 0 || len(c.Hours) == 0 || !strings.HasPrefix(c.Phone, "00 ") || !strings.HasSuffix(c.Mail, ".test") {
				t.Errorf("contact %s is not whole", c.Key)
			}
			for _, code := range c.Competences {
				if !partner.KnownCompetence(code) {
					t.Errorf("contact %s: competence %s", c.Key, code)
				}
			}
			if c.StandIn != "" && (p.orgOf[c.StandIn] != o.Key || c.StandIn == c.Key) {
				t.Errorf("contact %s: stand-in %s", c.Key, c.StandIn)
			}
			if c.FirstNameOnly && strings.Contains(c.Name, " ") {
				t.Errorf("contact %s shows a surname", c.Key)
			}
			if c.Verified > 180 {
				stale++
			}
			if c.Photo != "" {
				faces++
			}
		}
	}
	if len(m.Organisations) < 34 || len(p.contacts) < 48 || stale < 4 || faces < 17 || len(types) < 30 || external < 20 {
		t.Errorf("%d organisations (%d external) of %d types, %d contacts, %d stale, %d faces", len(m.Organisations), external, len(types), len(p.contacts), stale, faces)
	}
	for _, c := range m.Corrections {
		if p.contacts[c.Contact].Key == "" || p.users[c.By].Key == "" || c.Proposal == "" {
			t.Errorf("correction %+v", c)
		}
	}
}

func TestEveryFaceIsThereInBothSizes(t *testing.T) {
	m := load(t)
	names := []string{}
	for _, u := range m.Users {
		names = append(names, u.Photo)
	}
	for _, o := range m.Organisations {
		for _, c := range o.Contacts {
			if c.Photo != "" {
				names = append(names, c.Photo)
			}
		}
	}
	for _, name := range names {
		for _, size := range []int{192, 96} {
			raw, err := demo.FaceJPEG(name, size)
			if err != nil {
				t.Error(err)
				continue
			}
			if c, err := jpeg.DecodeConfig(bytes.NewReader(raw)); err != nil || c.Width != size || c.Height != size {
				t.Errorf("%s: %d x %d, %v", name, c.Width, c.Height, err)
			}
		}
	}
}

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

func TestCitizensCanBeNobody(t *testing.T) {
	numbers := map[string]string{}
	for _, c := range load(t).Cases {
		who := c.Citizen
		if who.Anonymous {
			if who.Full != "" || who.Serial != "" || who.Calling == "" {
				t.Errorf("%s: the anonymous citizen has a name", c.Number)
			}
			continue
		}
		for _, day := range []time.Time{today, today.AddDate(0, 3, 9), today.AddDate(2, 7, 0)} {
			born, err := demo.Born(day, who.Age, who.Birthday)
			if err != nil {
				t.Fatalf("%s: %v", c.Number, err)
			}
			if !born.AddDate(who.Age, 0, 0).Before(day) || born.AddDate(who.Age+1, 0, 0).Before(day.AddDate(0, 0, -1)) {
				t.Errorf("%s: %d years, born %s, on %s", c.Number, who.Age, born.Format(time.DateOnly), day.Format(time.DateOnly))
			}
			cpr, ok := keys.ParseCPR(demo.CPR(born, who.Serial))
			if !ok || cpr.Digits[0] < '6' || cpr.Born.Format(time.DateOnly) != born.Format(time.DateOnly) {
				t.Errorf("%s: CPR %s for somebody born %s", c.Number, demo.CPR(born, who.Serial), born.Format(time.DateOnly))
			}
			if other := numbers[cpr.Digits]; other != "" && other != c.Number {
				t.Errorf("%s and %s have one CPR number", c.Number, other)
			}
			numbers[cpr.Digits] = c.Number
		}
		if who.Age < 8 || who.Age > 45 || (c.Area == "child") != (who.Age < 18) {
			t.Errorf("%s: %d years in area %s", c.Number, who.Age, c.Area)
		}
	}
}

// R14 and the tone: no group is named, nobody is called by what they are suspected of, nothing points to a real number.
func TestContentKeepsTheTone(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)gerningsm|klient|muslim|islam|kristen|katol|jøde|hindu|sikh|etnisk|nationalitet|statsborger|venligst|moské|\bkirke\b`)
	number := regexp.MustCompile(`\b\d{2} \d{2} \d{2} \d{2}\b`)
	err := fs.WalkDir(os.DirFS("data"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		raw, err := os.ReadFile("data/" + path)
		if err != nil {
			return err
		}
		for _, word := range forbidden.FindAllString(string(raw), -1) {
			t.Errorf("%s: %q", path, word)
		}
		for _, n := range number.FindAllString(string(raw), -1) {
			if !strings.HasPrefix(n, "00 ") {
				t.Errorf("%s: the number %s may be somebody's", path, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNotesAreAllDifferent(t *testing.T) {
	seen := map[string]string{}
	for _, c := range load(t).Cases {
		for _, n := range c.Journal {
			if other := seen[n.Body]; other != "" {
				t.Errorf("%s repeats a note of %s", c.Number, other)
			}
			seen[n.Body] = c.Number
		}
	}
}

func TestDaysAreWrittenIntoTexts(t *testing.T) {
	// 19 November 2026 is a Thursday
	for in, want := range map[string]string{
		"Skolen underrettede {-16}.": "Skolen underrettede 3. november.",
		"{-5} til {+2}":              "13. november til 23. november", // a Saturday becomes the Friday before, or the Monday after
		"uden dato":                  "uden dato",
	} {
		if got := demo.Dated(in, today); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
