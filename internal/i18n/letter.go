package i18n

import (
	"unicode"
	"unicode/utf8"
)

// Capital makes the first letter large, for the beginning of a sentence or a label.
func Capital(s string) string { return first(s, unicode.ToUpper) }

// Small makes the first letter small, for a text inside another sentence.
func Small(s string) string { return first(s, unicode.ToLower) }

func first(s string, change func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(change(r)) + s[n:]
}
