package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/i18n"
	"samspil/web/static"
)

func TestBothLanguagesSayEverything(t *testing.T) {
	da, en := i18n.Keys("da"), i18n.Keys("en")
	for key, text := range da {
		if en[key] == "" || text == "" {
			t.Errorf("%s is missing or empty in a language", key)
		}
		if strings.Count(text, "%") != strings.Count(en[key], "%") {
			t.Errorf("%s takes other numbers in English: %q, %q", key, text, en[key])
		}
	}
	if len(da) != len(en) {
		t.Errorf("%d Danish texts, %d English", len(da), len(en))
	}
}

func TestEveryTextIsUsedAndEveryKeyExists(t *testing.T) {
	source := sources(t)
	for key := range i18n.Keys("da") {
		if !strings.HasPrefix(key, "ui.") { // error.* and when.* are for everybody
			continue
		}
		stem := key[:strings.LastIndex(key, ".")+1]
		counted := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		if !strings.Contains(source, `"`+key+`"`) && !strings.Contains(source, `"`+stem+`"`) && !strings.Contains(source, `"`+counted+`"`) {
			t.Errorf("nobody shows %s", key)
		}
	}
	for _, m := range regexp.MustCompile(`T\(ctx, "([a-z_.]+)"`).FindAllStringSubmatch(source, -1) {
		if !i18n.Has(danish, m[1]) && !strings.HasSuffix(m[1], ".") {
			t.Errorf("there is no text %s", m[1])
		}
	}
}

func TestEveryIconIsInTheSprite(t *testing.T) {
	sprite, err := os.ReadFile("../static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	known := func(name string) bool { return strings.Contains(string(sprite), `id="`+name+`"`) }
	for _, m := range regexp.MustCompile(`(?:Icon\(|Icon: +|IconAlone\(|iconURL\()"([a-z-]+)"`).FindAllStringSubmatch(sources(t), -1) {
		if !known(m[1]) {
			t.Errorf("no icon %q", m[1])
		}
	}
	for _, list := range []map[string]string{statusIcons, flagIcons, alertIcons, sortIcons} {
		for _, name := range list {
			if !known(name) {
				t.Errorf("no icon %q", name)
			}
		}
	}
	if !static.Has("licences/Apache-2.0.txt") || !static.Has("licences/IBMPlexSans-OFL.txt") {
		t.Error("icons and fonts without their licences")
	}
}

// sources are the hand-written sources of the package.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	names, err := filepath.Glob("*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(raw)
	}
	return all.String()
}
