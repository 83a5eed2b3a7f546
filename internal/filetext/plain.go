package filetext

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isPlain reports whether a file is text as it stands: UTF-8 without characters of control, and no page of another program. A page of the
// web or an RTF is letters too, but what it shows stands between its tags and in its codes ("Strand<b>v&aelig;nget</b>"), where
// nobody has read it.
func isPlain(data []byte) bool {
	return len(data) > 0 && utf8.Valid(data) && bytes.IndexFunc(data, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' && r != '\f' }) < 0 &&
		!isRTF(data) && !markup.Match(data)
}

// isRTF looks at the beginning as the programs do that open one, whatever the file is called.
func isRTF(data []byte) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(strings.TrimPrefix(string(data[:min(len(data), 1<<10)]), "\ufeff"), unicode.IsSpace), `{\rt`)
}

// markup is what only pages of the web, and other files of tags, hold. An address of mail in angle brackets is none.
var markup = regexp.MustCompile(`(?i)<\?xml|<!doctype|<!--|</?(?:html|head|title|meta|body|main|section|article|header|footer|p|br|hr|div|span|b|i|u|s|em|strong|small|sub|sup|mark|font|center|pre|code|h[1-6]|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th|a|img|svg|iframe|form|input|button|label|script|style|link|w:p|w:r|w:t)(?:\s[^<>]*)?/?>`)

// turned reports whether some of the letters stand the other way round on the screen: then they were read as another word.
func turned(words string) bool { return strings.ContainsAny(words, "\u202d\u202e") }
