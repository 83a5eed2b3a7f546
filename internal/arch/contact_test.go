package arch

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dials are the ways to make a link that rings or writes to somebody.
var dials = regexp.MustCompile(`link\.Tel\(|"(tel|sms|mailto):|\bhref=["']?(tel|sms|mailto):`)

// atWork are the files that dial otherwise. A number or an address of the citizen, or of somebody around them, becomes a link in
// web/contactview alone, which asks the rules of safe contact first. These files show people at work, in the directory or as
// colleagues, whom nobody protects from a call: a new one is thought about before it stands here.
var atWork = []string{
	"web/casepages/part.templ", "web/guestpages/case.templ", "web/guestpages/guest.templ", "web/planpages/frame.templ", "web/safetypages/show.templ", "web/startpages/day.templ",
	"web/partnerpages/directory.templ", "web/partnerpages/finder.templ", "web/partnerpages/person.templ", "web/partnerpages/question.templ",
}

func TestOnlyOnePartDialsThePeopleOfACase(t *testing.T) {
	used := []string{}
	for _, s := range sources() {
		if s.test() || s.pkg == "web/contactview" || s.pkg == "web/link" || !strings.HasPrefix(s.pkg, "web/") || !dials.MatchString(s.text) {
			continue
		}
		if used = append(used, s.path); !slices.Contains(atWork, s.path) {
			t.Errorf("%s dials: a number of somebody in a case goes through contactview.Value", s.path)
		}
	}
	for _, path := range atWork {
		if !slices.Contains(used, path) {
			t.Errorf("%s dials nobody: take it off the list", path)
		}
	}
}
