package arch

import (
	"slices"
	"strings"
	"testing"
)

// layers are the module from below: a package imports only packages of layers below its own. What a thing is, what is
// allowed and how it is stored stands in internal/<feature>; how it looks and where it is, in web/<feature>pages.
var layers = [][]string{
	// leaves
	{"internal/actor", "internal/fault", "internal/filetext", "internal/i18n", "internal/keys", "internal/leakguard", "internal/maildrop", "internal/pglocal", "internal/browser", "migrations"},
	{"internal/filetext/filemake"},
	{"internal/reference", "internal/calendar", "internal/db", "internal/account", "internal/mail", "internal/browser/browsertest", "internal/anonymise"},
	{"internal/absence", "internal/draft", "internal/jobs", "internal/schema", "internal/signin", "internal/remind", "internal/team", "internal/template", "internal/timeline"},
	{"internal/config", "internal/casefile", "internal/deadline"},
	{"internal/partner", "internal/risk", "internal/safety", "internal/screening", "internal/sharing"},
	{"internal/planrule", "internal/mandate"},
	{"internal/decision", "internal/guest", "internal/involvement", "internal/sparring"},
	{"internal/plan"},
	{"internal/journal", "internal/missing", "internal/prompt", "internal/concern"},
	{"internal/forum"},
	{"internal/overview", "internal/demo"},
	{"internal/testkit"},
	// nothing above here is known below: internal never imports web
	{"web/link", "web/guard"},
	{"web/static"},
	{"web/ui", "web/page"},
	{"web/frame", "web/contactview"},
	{"web/caseframe", "web/partnerview", "web/eventview", "web/deadlineview", "web/pulseview", "web/groundview", "web/guestframe", "web/reportframe", "web/stepview"},
	// pages never import pages
	{
		"web/absencepages",
		"web/accesspages",
		"web/approvalpages",
		"web/caselistpages",
		"web/casepages",
		"web/concernpages",
		"web/deadlinepages",
		"web/decisionpages",
		"web/forumpages",
		"web/guestpages",
		"web/journalpages",
		"web/mandatepages",
		"web/partnerpages",
		"web/planpages",
		"web/planrulepages",
		"web/promptpages",
		"web/remindpages",
		"web/riskpages",
		"web/safetypages",
		"web/screeningpages",
		"web/sharingpages",
		"web/signinpages",
		"web/sparringpages",
		"web/startpages",
		"web/teampages",
		"web/templatepages",
	},
	{"web"},
	{"web/webtest"},
	// programs, and packages of tests alone
	{"cmd/samspil", "internal/access", "internal/arch", "internal/bench", "internal/leakguard/corpus", "internal/mutate", "internal/screens", "internal/testrun", "web/e2e"},
}

// layer is the place of a package in [layers], or -1.
func layer(pkg string) int {
	return slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, pkg) })
}

func TestEveryPackageHasItsLayer(t *testing.T) {
	known := slices.Concat(layers...)
	for _, pkg := range packages() {
		if !slices.Contains(known, pkg) {
			t.Errorf("%s is in no layer: put it in layers_test.go, as low as it can be", pkg)
		}
	}
	for i, pkg := range known {
		if !slices.Contains(packages(), pkg) {
			t.Errorf("%s is in a layer and does not exist", pkg)
		}
		if slices.Contains(known[:i], pkg) {
			t.Errorf("%s is in two layers", pkg)
		}
	}
}

func TestImportsGoDownwards(t *testing.T) {
	for _, s := range sources() {
		if s.test() || layer(s.pkg) < 0 {
			continue
		}
		for _, im := range s.imports {
			if layer(im) >= layer(s.pkg) {
				t.Errorf("%s imports %s, which is not below it", s.path, im)
			}
		}
	}
}

// Tests may know more than what they test (testkit, webtest), but not turn the house upside down.
func TestPagesAndFeaturesKeepApart(t *testing.T) {
	pages := func(pkg string) bool { return strings.HasPrefix(pkg, "web/") && strings.HasSuffix(pkg, "pages") }
	for _, s := range sources() {
		for _, im := range s.imports {
			switch {
			case pages(s.pkg) && pages(im) && im != s.pkg:
				t.Errorf("%s: pages import pages (%s)", s.path, im)
			case s.path == "internal/demo/case_test.go": // tries the demo's events on the sentences of the pages
			case strings.HasPrefix(s.pkg, "internal/") && strings.HasPrefix(im+"/", "web/") && !s.program():
				t.Errorf("%s: internal imports web (%s)", s.path, im)
			case im == "internal/testkit" && !s.test() && s.pkg != "web/webtest":
				t.Errorf("%s: the program imports the tests' kit", s.path)
			}
		}
	}
}

// Only package db, the sign-in and what administers a database speak to Postgres by themselves; everything else
// goes through a transaction that knows who acts.
func TestOnlyTheDoorOpensConnections(t *testing.T) {
	allowed := []string{"internal/db", "internal/signin", "internal/schema", "internal/reference", "internal/account", "internal/demo", "internal/jobs", "internal/testkit", "internal/pglocal",
		"internal/bench", "internal/screens", "internal/mutate", "cmd/samspil"}
	for _, s := range sources() {
		if s.test() || slices.Contains(allowed, s.pkg) {
			continue
		}
		for _, way := range []string{"pgxpool.", "pgx.Connect(", "sql.Open("} {
			if strings.Contains(s.text, way) {
				t.Errorf("%s uses %s", s.path, way)
			}
		}
	}
}

// The only clock of a rule is its transaction's: rules and rows agree on it.
func TestFeaturesAskTheTransactionForTheTime(t *testing.T) {
	features := slices.Concat(layers[layer("internal/casefile"):layer("internal/overview")]...)
	for _, s := range sources() {
		if !s.test() && slices.Contains(features, s.pkg) && s.pkg != "internal/config" && strings.Contains(s.text, "time.Now()") {
			t.Errorf("%s asks the machine for the time", s.path)
		}
	}
}

// The content security policy allows neither, so that no text that somebody typed can ever run.
func TestPagesCarryNoInlineStyleOrScript(t *testing.T) {
	for _, s := range sources() {
		if !strings.HasSuffix(s.path, ".templ") {
			continue
		}
		for _, bad := range []string{" style=", "<style", " onclick=", " onsubmit=", " onchange=", " onload=", "javascript:", "templ.Raw(", "@templ.JSFuncCall"} {
			if strings.Contains(s.text, bad) {
				t.Errorf("%s contains %s", s.path, strings.TrimSpace(bad))
			}
		}
		for _, tag := range strings.Split(s.text, "<script")[1:] {
			if !strings.HasPrefix(tag, " src=") {
				t.Errorf("%s has a script of its own", s.path)
			}
		}
	}
}
