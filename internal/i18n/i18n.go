// Package i18n turns text keys into the reader's language, and writes dates and
// numbers the way that language does. Danish is the language of the house, and
// the fallback; English stands complete beside it.
package i18n

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// texts maps a language to its texts by key. It is filled at start-up and then only read.
var texts = map[string]map[string]string{}

// Languages are the languages on screen, the default first.
var Languages = []string{"da", "en"}

// MustLoad adds the texts of one package, from files named text.<language>.json.
// It panics when a key is already taken, so that no package silently rewords another.
func MustLoad(files fs.FS) {
	names, err := fs.Glob(files, "text.*.json")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("i18n: no text files: %v", err))
	}
	for _, name := range names {
		lang := strings.TrimPrefix(strings.TrimSuffix(path.Base(name), ".json"), "text.")
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		var add map[string]string
		if err := json.Unmarshal(raw, &add); err != nil {
			panic(fmt.Sprintf("i18n: %s: %v", name, err))
		}
		Add(lang, add)
	}
}

// Add adds texts of one language. It is for start-up only, and panics when a
// key is taken with another wording.
func Add(lang string, add map[string]string) {
	if texts[lang] == nil {
		texts[lang] = map[string]string{}
	}
	for k, v := range add {
		v = Paragraphs(v)
		if old, taken := texts[lang][k]; taken && old != v {
			panic(fmt.Sprintf("i18n: %s text %q is both %q and %q", lang, k, old, v))
		}
		texts[lang][k] = v
	}
}

type key struct{}

// With returns a context whose reader speaks lang; an unknown language becomes Danish.
func With(ctx context.Context, lang string) context.Context {
	if lang != "en" {
		lang = "da"
	}
	return context.WithValue(ctx, key{}, lang)
}

// Lang returns the language of the reader of ctx.
func Lang(ctx context.Context) string {
	if lang, ok := ctx.Value(key{}).(string); ok {
		return lang
	}
	return "da"
}

// T returns the text for key with args filled in, or the key itself where the text is missing. Where args are whole numbers
// that come with the reason of a refusal, they stand behind the key: "error.at_most:2000:2143".
func T(ctx context.Context, k string, args ...any) string {
	text, ok := texts[Lang(ctx)][k]
	if !ok {
		name, numbers, has := strings.Cut(k, ":")
		if text, ok = texts[Lang(ctx)][name]; !ok || !has || len(args) > 0 {
			return k
		}
		for number := range strings.SplitSeq(numbers, ":") {
			n, err := strconv.Atoi(number)
			if err != nil {
				return k
			}
			args = append(args, Number(ctx, n))
		}
	}
	if len(args) == 0 || !strings.Contains(text, "%") { // "see all" of one thing names no number
		return text
	}
	return oneStop(fmt.Sprintf(text, args...))
}

// oneStop leaves a sentence that ends with a shortened month its one full stop: "Senest 30. nov."
func oneStop(text string) string {
	if !strings.Contains(text, "..") {
		return text
	}
	for _, month := range monthsShortDA {
		if strings.HasSuffix(month, ".") {
			text = strings.ReplaceAll(text, " "+month+".", " "+month)
		}
	}
	return text
}

// Has reports whether there is a text for key in the reader's language.
func Has(ctx context.Context, k string) bool {
	_, ok := texts[Lang(ctx)][k]
	return ok
}

// N returns the text for a number of things: key.one for exactly one, else key.other.
// The number fills the first %d.
func N(ctx context.Context, k string, n int, args ...any) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return T(ctx, k+form, append([]any{n}, args...)...)
}

// Keys returns every key of a language with its text, for the tests that compare them.
func Keys(lang string) map[string]string { return texts[lang] }
