package leakguard

import (
	"html"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// letter is a character of a text that was written in code, and where it stands.
type letter struct {
	r        rune
	from, to int // in bytes of the text
}

// codings is how often a text is read anew: a link in a link is encoded twice.
const codings = 3

// decoded is a text with what a link or a page of the web writes in code read as the letters it stands for: "Strandv%C3%A6nget%2014",
// "Strandv&aelig;nget". nil: nothing in it is in code. The text as it stands is read as well, because "%00" may as well be the
// beginning of a number.
func decoded(text string) []letter {
	if !strings.ContainsAny(text, "%&") {
		return nil
	}
	list := make([]letter, 0, len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		list, i = append(list, letter{r, i, i + size}), i+size
	}
	changed := false
	for range codings {
		next, some := unquoted(list)
		if !some {
			break
		}
		list, changed = next, true
	}
	if !changed {
		return nil
	}
	return list
}

// unquoted reads the codes of a text once.
func unquoted(in []letter) (out []letter, some bool) {
	out = make([]letter, 0, len(in))
	for i := 0; i < len(in); {
		n := 0
		switch in[i].r {
		case '%':
			out, n = percent(out, in[i:])
		case '&':
			out, n = entity(out, in[i:])
		}
		if n == 0 {
			out, n = append(out, in[i]), 1
		} else {
			some = true
		}
		i += n
	}
	return out, some
}

// percent reads the bytes "%C3%A6" that in begins with, and returns how many letters they took. A byte that is no UTF-8 is a letter of
// Latin 1, as old pages write them.
func percent(out, in []letter) ([]letter, int) {
	var raw []byte
	for n := 0; n+2 < len(in) && in[n].r == '%'; n += 3 {
		hi, lo := hex(in[n+1].r), hex(in[n+2].r)
		if hi < 0 || lo < 0 {
			break
		}
		raw = append(raw, byte(hi<<4|lo))
	}
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size <= 1 {
			r, size = charmap.Windows1252.DecodeByte(raw[i]), 1
		}
		out = append(out, letter{r, in[3*i].from, in[3*(i+size)-1].to})
		i += size
	}
	return out, 3 * len(raw)
}

func hex(r rune) int { return strings.IndexRune("0123456789abcdef", r|0x20) }

// longestEntity is how many letters the name of a letter has between "&" and ";".
const longestEntity = 12

// entity reads the "&aelig;", "&#230;" or "&#xe6;" that in begins with.
func entity(out, in []letter) ([]letter, int) {
	var name strings.Builder
	for n := 0; n < len(in) && n <= longestEntity; n++ {
		name.WriteRune(in[n].r)
		if in[n].r != ';' {
			continue
		}
		plain := html.UnescapeString(name.String())
		if plain == name.String() {
			return out, 0
		}
		for _, r := range plain {
			out = append(out, letter{r, in[0].from, in[n].to})
		}
		return out, n + 1
	}
	return out, 0
}

// Decode is a text with what is written in code as the letters it stands for.
func Decode(text string) string {
	list := decoded(text)
	if list == nil {
		return text
	}
	var b strings.Builder
	for _, c := range list {
		b.WriteRune(c.r)
	}
	return b.String()
}
