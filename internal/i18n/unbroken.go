package i18n

import (
	"regexp"
	"strings"
)

var (
	phone   = regexp.MustCompile(`\b(\d\d) (\d\d) (\d\d) (\d\d)\b`)
	section = regexp.MustCompile(`(?:(\pL)[ \x{a0}])?(§+)[ \x{a0}](\d)`)
	reach   = regexp.MustCompile(`(\d)–(\d)`)
)

// Paragraphs keeps a paragraph with its number and its law on one line: "barnets lov § 20". All texts have it so from [Add].
func Paragraphs(s string) string {
	if !strings.Contains(s, "§") {
		return s
	}
	return section.ReplaceAllStringFunc(s, func(at string) string { return strings.ReplaceAll(at, " ", "\u00a0") })
}

// Unbroken keeps together what a line must not end within: a phone number, "§ 20" and "8–16".
func Unbroken(s string) string {
	s = phone.ReplaceAllString(s, "$1\u00a0$2\u00a0$3\u00a0$4")
	s = Paragraphs(s)
	return reach.ReplaceAllString(s, "$1\u2060–\u2060$2")
}
