package web_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/web/webtest"
)

// A law, its § and its number stay on one line, in every text and every legal basis; and no reader meets a note that was meant for whoever
// keeps the data: what nobody has confirmed says so in its own words.
func TestNoParagraphIsBrokenOverALine(t *testing.T) {
	webtest.New(t) // loads the texts
	broken := regexp.MustCompile(`\pL §|§ \d`)
	seen := 0
	for _, lang := range []string{"da", "en"} {
		for key, text := range i18n.Keys(lang) {
			if broken.MatchString(text) {
				t.Errorf("%s, %s: %q", lang, key, text)
			}
			seen += strings.Count(text, "§")
		}
	}
	if seen < 80 {
		t.Errorf("only %d paragraphs: the texts are not all here", seen)
	}
	for _, b := range reference.AllLegalBases() {
		for _, lang := range []string{"da", "en"} {
			shown := b.Cited(i18n.With(context.Background(), lang)) + " " + b.Law() + " " + b.Constraints()
			if broken.MatchString(shown) || strings.Contains(shown, "verificeres") || strings.Contains(shown, "[K") {
				t.Errorf("%s: %q", b.Code, shown)
			}
		}
		if strings.Contains(b.Reference, "verificeres") && !b.Unsure() {
			t.Errorf("%s is not marked as unsure", b.Code)
		}
	}
}
