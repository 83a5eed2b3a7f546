package i18n

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Capital makes the first letter large, for the beginning of a sentence or a label.
func Capital(s string) string { return first(s, unicode.ToUpper) }

// Small makes the first letter small, for a text inside another sentence.
func Small(s string) string { return first(s, unicode.ToLower) }

// Isolate keeps a name that is written from right to left from turning around what follows it: without, the age after an
// Arabic name stands before it.
func Isolate(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana) || r == '\u200f'
	}) {
		return "\u2068" + name + "\u2069"
	}
	return name
}

func first(s string, change func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(change(r)) + s[n:]
}
