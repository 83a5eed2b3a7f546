package leakguard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// sym is a letter or digit of a text in its plain form, and where it stands.
type sym struct {
	r        rune
	from, to int // in bytes of the text
	gap      int // how many characters that are neither letter nor digit stand before it
	big      bool
}

// line is a text as the guard reads it: letters and digits only.
type line []sym

// special are letters that are spelt in several ways, so that they stay apart from their plain letters; and those that do not
// come apart by themselves.
var special = map[rune]string{'å': "å", 'æ': "æ", 'ø': "ø", 'ä': "æ", 'ö': "ø", 'œ': "ø", 'ß': "ss", 'þ': "th", 'ð': "d", 'đ': "d", 'ł': "l", 'ı': "i"}

// far is the gap over which nothing belongs together.
const far = 5

// read writes a text as letters and digits. An accent, a mark of direction, an apostrophe and a soft hyphen count as nothing.
func read(text string) line {
	r := reader{out: make(line, 0, len(text)), gap: far}
	for i, c := range text {
		size := utf8.RuneLen(c)
		if size < 0 || c == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:]) // a byte that is no UTF-8
		}
		r.add(c, i, i+size)
	}
	return r.out
}

// readDecoded writes a text as letters and digits after what is in code in it has been read; nil where nothing is.
func readDecoded(text string) line {
	list := decoded(text)
	if list == nil {
		return nil
	}
	r := reader{out: make(line, 0, len(list)), gap: far}
	for _, c := range list {
		r.add(c.r, c.from, c.to)
	}
	return r.out
}

// reader is a text being read, and how many characters that are neither letter nor digit came last.
type reader struct {
	out line
	gap int
}

// add reads the character that stands in the text between from and to.
func (l *reader) add(r rune, from, to int) {
	if r < utf8.RuneSelf { // quick, for nearly all there is
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			l.out, l.gap = append(l.out, sym{r, from, to, l.gap, false}), 0
		case 'A' <= r && r <= 'Z':
			l.out, l.gap = append(l.out, sym{r + 'a' - 'A', from, to, l.gap, true}), 0
		case r == '\'' || r == '`':
		default:
			l.gap++
		}
		return
	}
	big, low := unicode.IsUpper(r), unicode.ToLower(r)
	if l.gap == 0 && len(l.out) > 0 { // a ring or two dots of their own
		last := &l.out[len(l.out)-1]
		switch {
		case low == '\u030a' && last.r == 'a':
			last.r, last.to = 'å', to
			return
		case low == '\u0308' && (last.r == 'a' || last.r == 'o'):
			last.r, last.to = map[rune]rune{'a': 'æ', 'o': 'ø'}[last.r], to
			return
		}
	}
	plain := special[low]
	if plain == "" {
		plain = norm.NFKD.String(string(low))
	}
	for _, c := range plain {
		c = unicode.ToLower(c)
		switch {
		case unicode.Is(unicode.Mn, c), unicode.Is(unicode.Cf, c), c == '’', c == 'ʼ', c == '´':
		case unicode.Is(unicode.Nd, c):
			l.out, l.gap = append(l.out, sym{digit(c), from, to, l.gap, false}), 0
		case unicode.IsLetter(c):
			l.out, l.gap = append(l.out, sym{c, from, to, l.gap, big}), 0
		default:
			l.gap++
		}
	}
}

// digit writes a digit of another script the way ours are.
func digit(r rune) rune {
	for _, zero := range []rune{'٠', '۰', '०', '০'} {
		if zero <= r && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// begins reports whether a word or a number begins at a place.
func (s line) begins(at int) bool {
	return at == 0 || s[at].gap > 0 || isDigit(s[at].r) != isDigit(s[at-1].r) || s[at].big && !s[at-1].big
}

// stops reports whether a word or a number is over before a place.
func (s line) stops(at int) bool {
	return at >= len(s) || s[at].gap > 0 || isDigit(s[at].r) != isDigit(s[at-1].r)
}

// endings are what Danish puts behind a name.
var endings = []string{"s", "en", "ens", "et", "ets", "n", "ns", "erne", "ernes"}

// overAfter reports whether a word is over at a place, but for an ending. A number has none.
func (s line) overAfter(at int) bool {
	if s.stops(at) {
		return true
	}
	if isDigit(s[at-1].r) {
		return false
	}
	for _, e := range endings {
		if n := len(e); at+n <= len(s) && s.is(at, e) && s.stops(at+n) {
			return true
		}
	}
	return false
}

// is reports whether the letters of word, which are plain ones, stand at a place without a gap in between.
func (s line) is(at int, word string) bool {
	for i, r := range word {
		if at+i >= len(s) || s[at+i].r != r || i > 0 && s[at+i].gap > 0 {
			return false
		}
	}
	return true
}

// plain is a value of a fact as patterns are written: a for å, æ, aa and ae, o for ø and oe, with a space between words.
func plain(value string) string {
	var b strings.Builder
	s := read(value)
	for i := 0; i < len(s); i++ {
		if s[i].gap > 0 && i > 0 || i > 0 && isDigit(s[i].r) != isDigit(s[i-1].r) {
			b.WriteByte(' ')
		}
		next := rune(0)
		if i+1 < len(s) && s[i+1].gap == 0 {
			next = s[i+1].r
		}
		switch r := s[i].r; {
		case r == 'a' && (next == 'a' || next == 'e'), r == 'o' && next == 'e':
			b.WriteRune(r)
			i++
		case r == 'å', r == 'æ':
			b.WriteByte('a')
		case r == 'ø':
			b.WriteByte('o')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
