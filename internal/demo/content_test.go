package demo_test

import (
	"bytes"
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
		if !strings.HasSuffix(u.Email, "@"+m.MailDomain) || !strings.HasPrefix(u.Phone, "00 ") || u.Photo == "" && u.Key != "ida" {
			t.Errorf("%s: %s, %s, photo %q", u.Key, u.Email, u.Phone, u.Photo)
		}
		if u.Role == "admin" || u.Role == "auditor" {
			if u.Team != "" {
				t.Errorf("%s reads no case and belongs to no team", u.Key)
			}
		}
	}
	if len(m.Users) != 15 || len(m.Teams) != 4 || roles["admin"] != 1 || roles["auditor"] != 1 || roles["specialist"] != 1 || roles["team_lead"] != 2 {
		t.Errorf("%d users, %d teams, roles %v", len(m.Users), len(m.Teams), roles)
	}
	for _, login := range []string{"mette", "huseyin", "sara", "jonas", "lone", "karen", "dennis", "ida"} {
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
		if u.Photo != "" {
			names = append(names, u.Photo)
		}
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
