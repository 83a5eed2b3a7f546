package arch

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samspil/internal/i18n"
)

// texts are the words of the whole site: by language, then by key.
func texts(t *testing.T) map[string]map[string]string {
	t.Helper()
	all, from := map[string]map[string]string{}, map[string]string{}
	names, err := fs.Glob(root, "web/*/text.*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "web/text.da.json", "web/text.en.json", "internal/mail/text.da.json", "internal/mail/text.en.json") {
		raw, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]string
		if err := json.Unmarshal(raw, &keys); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := keysInOrder(raw); !slices.IsSorted(got) {
			t.Errorf("%s is not sorted", name)
		} else if len(got) != len(keys) {
			t.Errorf("%s says a key twice", name)
		}
		lang := strings.Split(path.Base(name), ".")[1]
		if all[lang] == nil {
			all[lang] = map[string]string{}
		}
		for k, v := range keys {
			if other := from[lang+k]; other != "" {
				t.Errorf("%s stands in %s and in %s", k, other, name)
			}
			all[lang][k], from[lang+k] = v, name
		}
	}
	return all
}

var keyLine = regexp.MustCompile(`(?m)^\s*"([^"]+)":`)

func keysInOrder(raw []byte) []string {
	var keys []string
	for _, m := range keyLine.FindAllSubmatch(raw, -1) {
		keys = append(keys, string(m[1]))
	}
	return keys
}

var verb = regexp.MustCompile(`%(?:\[\d\])?([a-z%])`)

// verbs are the words that a text takes, in no order: a language may put them where its sentence wants them ("%[2]s").
func verbs(text string) []string {
	var found []string
	for _, m := range verb.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	return found
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	all := texts(t)
	first := all[i18n.Languages[0]]
	if len(first) < 300 {
		t.Fatalf("only %d texts", len(first))
	}
	for _, lang := range i18n.Languages[1:] {
		for key, text := range first {
			other, ok := all[lang][key]
			switch {
			case !ok:
				t.Errorf("%s: %s is missing", lang, key)
			case strings.TrimSpace(other) == "" || strings.TrimSpace(text) == "":
				t.Errorf("%s is empty", key)
			case !slices.Equal(verbs(text), verbs(other)):
				t.Errorf("%s takes other words in %s: %q, %q", key, lang, text, other)
			}
		}
		for key := range all[lang] {
			if _, ok := first[key]; !ok {
				t.Errorf("%s: %s is only there", lang, key)
			}
		}
	}
	for key := range first { // forms of a number come in pairs
		stem, ok := strings.CutSuffix(key, ".one")
		if ok && first[stem+".other"] == "" {
			t.Errorf("%s has no other form", stem)
		}
	}
}

// What the sources say about texts, as far as it can be read off: the string literals, and how keys are put together.
type spoken struct {
	literals         map[string]bool
	prefixes         []string    // "log.page." in "log.page."+code
	around           [][2]string // {"plan.", ".title"} in "plan."+action+".title"
	suffixes         []string    // ".title" in key+".title"
	keys, countedKey map[string]string
}

var (
	literal    = regexp.MustCompile(`"((?:[^"\\\n]|\\.)*)"`)
	aroundExpr = regexp.MustCompile(`"([a-z0-9_.]+\.)" ?\+ ?[^"+\n]+? ?\+ ?"(\.[a-z0-9_.]+)"`)
	prefixExpr = regexp.MustCompile(`"([a-z0-9_.]*\.)" ?\+`)
	suffixExpr = regexp.MustCompile(`\+ ?"(\.[a-z0-9_.]+)"`)
	passed     = regexp.MustCompile(`"([a-z0-9_.]+\.)(?:%[ds])?"[,)]`) // a prefix given to a function, or a number put behind it
	keyExpr    = regexp.MustCompile(`(?:\bT\([a-zA-Z.()]+, |\bLabel: +|\bHint: +|\bHas\([a-zA-Z.()]+, |Key: +)"([a-z][a-z0-9_]*\.[a-z0-9_.]+[a-z0-9])"[,)}]`)
	countExpr  = regexp.MustCompile(`\bN\([a-zA-Z.()]+, "([a-z][a-z0-9_.]+)",`)
	faultExpr  = regexp.MustCompile(`(?:Check\([^\n]*|Refuse\([^\n]*|Invalid\{"[a-z_]*": ?)"([a-z]+\.[a-z0-9_.]+)"[)}]`)
)

func listen() spoken {
	s := spoken{literals: map[string]bool{}, keys: map[string]string{}, countedKey: map[string]string{}}
	for _, f := range sources() {
		if f.test() {
			continue
		}
		for _, m := range literal.FindAllStringSubmatch(f.text, -1) {
			s.literals[m[1]] = true
		}
		rest := f.text
		for _, m := range aroundExpr.FindAllStringSubmatch(f.text, -1) {
			s.around = append(s.around, [2]string{m[1], m[2]})
			rest = strings.ReplaceAll(rest, m[0], "")
		}
		for _, m := range prefixExpr.FindAllStringSubmatch(rest, -1) {
			s.prefixes = append(s.prefixes, m[1])
		}
		for _, m := range passed.FindAllStringSubmatch(rest, -1) {
			s.prefixes = append(s.prefixes, m[1])
		}
		for _, m := range suffixExpr.FindAllStringSubmatch(rest, -1) {
			s.suffixes = append(s.suffixes, m[1])
		}
		for _, m := range append(keyExpr.FindAllStringSubmatch(f.text, -1), faultExpr.FindAllStringSubmatch(f.text, -1)...) {
			s.keys[m[1]] = f.path
		}
		for _, m := range countExpr.FindAllStringSubmatch(f.text, -1) {
			s.countedKey[m[1]] = f.path
		}
	}
	return s
}

// says reports whether the sources say key, in one piece or put together.
func (s spoken) says(key string) bool {
	for _, form := range []string{".one", ".other"} {
		if stem, ok := strings.CutSuffix(key, form); ok && s.says(stem) {
			return true
		}
	}
	if s.literals[key] {
		return true
	}
	for _, p := range s.prefixes {
		if p != "." && len(key) > len(p) && strings.HasPrefix(key, p) {
			return true
		}
	}
	for _, a := range s.around {
		if len(key) > len(a[0])+len(a[1]) && strings.HasPrefix(key, a[0]) && strings.HasSuffix(key, a[1]) {
			return true
		}
	}
	for _, suffix := range s.suffixes {
		if stem, ok := strings.CutSuffix(key, suffix); ok && s.literals[stem] {
			return true
		}
	}
	return false
}

func TestNoTextIsUnused(t *testing.T) {
	said := listen()
	for _, key := range slices.Sorted(maps.Keys(texts(t)["da"])) {
		if !said.says(key) {
			t.Errorf("nobody shows %s", key)
		}
	}
}

func TestEveryTextThatIsShownExists(t *testing.T) {
	da := texts(t)["da"]
	said := listen()
	if len(said.keys) < 200 {
		t.Fatalf("only %d keys found in the sources", len(said.keys))
	}
	for key, file := range said.keys {
		if da[key] == "" && (da[key+".one"] == "" || da[key+".other"] == "") {
			t.Errorf("%s: there is no text %s", file, key)
		}
	}
	for key, file := range said.countedKey {
		if da[key+".one"] == "" || da[key+".other"] == "" {
			t.Errorf("%s: there are no texts %s.one and %s.other", file, key, key)
		}
	}
}
