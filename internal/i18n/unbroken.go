package i18n

import "regexp"

var (
	phone   = regexp.MustCompile(`\b(\d\d) (\d\d) (\d\d) (\d\d)\b`)
	section = regexp.MustCompile(`§ (\d)`)
	reach   = regexp.MustCompile(`(\d)–(\d)`)
)

// Unbroken keeps together what a line must not end within: a phone number, "§ 20" and "8–16".
func Unbroken(s string) string {
	s = phone.ReplaceAllString(s, "$1\u00a0$2\u00a0$3\u00a0$4")
	s = section.ReplaceAllString(s, "§\u00a0$1")
	return reach.ReplaceAllString(s, "$1\u2060–\u2060$2")
}
