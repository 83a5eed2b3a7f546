package leakguard

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// part is a piece of a pattern: one of several words, or none where it is optional. Words are written as [plain] writes them.
type part struct {
	words    []string
	optional bool
}

// pattern is one way in which a fact may stand in a text.
type pattern struct {
	fact    int
	parts   []part
	letters int  // how long its shortest form is
	capital bool // only with a capital
	whole   bool // no ending behind it
}

func word(w string) part              { return part{words: []string{w}} }
func either(words ...string) part     { return part{words: words} }
func perhaps(words ...string) part    { return part{words: words, optional: true} }
func wordsOf(s string) []string       { return strings.Fields(plain(s)) }
func patternOf(parts ...part) pattern { return pattern{parts: parts, letters: shortest(parts)} }

func shortest(parts []part) int {
	n := 0
	for _, p := range parts {
		if p.optional {
			continue
		}
		least := utf8.RuneCountInString(p.words[0])
		for _, w := range p.words[1:] {
			least = min(least, utf8.RuneCountInString(w))
		}
		n += least
	}
	return n
}

// sounds are the letters of a text that a letter of a pattern stands for.
var sounds = map[rune][]rune{'a': {'a', 'å', 'æ'}, 'o': {'o', 'ø'}}

func firsts(parts []part) []rune {
	var all []rune
	for _, w := range parts[0].words {
		r, _ := utf8.DecodeRuneInString(w)
		for _, s := range append([]rune{r}, sounds[r]...) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// roomy is how long a value has to be before a word of it may be parted anywhere: "is" is not in "i sne".
const roomy = 6

// match reports whether the pattern stands at a place, and where it is over.
func (p *pattern) match(s line, at int) (int, bool) {
	if p.capital && !s[at].big {
		return 0, false
	}
	return (&walk{p: p, s: s, from: at}).rest(at, 0, 0)
}

// walk tries a pattern at one place of a text.
type walk struct {
	p      *pattern
	s      line
	from   int
	steps  int
	failed map[state]bool // what need not be tried twice; kept only when it takes long, as with "aaaa…"
}

// state is how far a walk has come: the rest of a word, the part it is of, the place, the words so far.
type state struct {
	w             string
	n, at, before int
}

// long is after how many steps a walk remembers what failed.
const long = 200

// rest matches the parts from n on at a place; before counts the words so far.
func (k *walk) rest(at, n, before int) (int, bool) {
	if n == len(k.p.parts) {
		if k.p.whole && !k.s.stops(at) || !k.s.overAfter(at) || !k.p.together(k.s, k.from, at, before) {
			return 0, false
		}
		return at, true
	}
	next := k.p.parts[n]
	for _, w := range next.words {
		if end, ok := k.spell(at, w, n, before); ok {
			return end, true
		}
	}
	if next.optional {
		return k.rest(at, n+1, before)
	}
	return 0, false
}

// spell matches the rest of a word, then the parts behind it. An å of the text may be two letters, so that it tries both.
func (k *walk) spell(at int, w string, n, before int) (int, bool) {
	if w == "" {
		return k.rest(at, n+1, before+1)
	}
	if at >= len(k.s) || at > k.from && k.s[at].gap >= far {
		return 0, false
	}
	here := state{w, n, at, before}
	if k.steps++; k.failed[here] {
		return 0, false
	}
	r, size := utf8.DecodeRuneInString(w)
	c, tail := k.s[at].r, w[size:]
	if (r == 'a' || r == 'o') && c == r && at+1 < len(k.s) && k.s[at+1].gap < far {
		if d := k.s[at+1].r; d == 'e' || r == 'a' && d == 'a' {
			if end, ok := k.spell(at+2, tail, n, before); ok {
				return end, true
			}
		}
	}
	if c == r || slices.Contains(sounds[r], c) {
		if end, ok := k.spell(at+1, tail, n, before); ok {
			return end, true
		}
	}
	if k.steps > long {
		if k.failed == nil {
			k.failed = map[state]bool{}
		}
		k.failed[here] = true
	}
	return 0, false
}

// together reports whether what was found belongs together: a short value is not put together from pieces of words, unless
// all its letters are drawn apart.
func (p *pattern) together(s line, from, end, words int) bool {
	if p.letters >= roomy {
		return true
	}
	gaps := 0
	for _, c := range s[from+1 : end] {
		if c.gap > 0 {
			gaps++
		}
	}
	return gaps <= words-1 || gaps == end-from-1
}

// patternsOf are the ways in which a fact may stand in a text.
func patternsOf(f Fact) []pattern {
	var list []pattern
	switch f.Kind {
	case "phone":
	case "email":
		list = mail(f.Value)
	case "name":
		list = name(f.Value)
	case "code_word":
		list = phrase(f.Value)
	default:
		list = place(f)
	}
	for _, digits := range numbers(f.Value) {
		for _, form := range digits {
			p := patternOf(word(form))
			p.whole = true
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		list = phrase(f.Value)
	}
	return slices.DeleteFunc(list, func(p pattern) bool { return p.letters < 2 })
}

// phrase is a value as it stands.
func phrase(value string) []pattern {
	var parts []part
	for _, w := range wordsOf(value) {
		parts = append(parts, word(w))
	}
	if len(parts) == 0 {
		return nil
	}
	return []pattern{patternOf(parts...)}
}

var telephone = regexp.MustCompile(`\+?\(?\d[\d .\-/()\x{a0}]{4,}\d`)

// numbers are the telephone numbers of a value, each in the forms that it is written in.
func numbers(value string) [][]string {
	var all [][]string
	for _, found := range telephone.FindAllString(value, -1) {
		digits := strings.Map(func(r rune) rune {
			if isDigit(r) {
				return r
			}
			return -1
		}, found)
		abroad := strings.HasPrefix(found, "+")
		if rest, ok := strings.CutPrefix(digits, "00"); ok && len(digits) > 10 {
			digits, abroad = rest, true
		}
		if rest, ok := strings.CutPrefix(digits, "45"); ok && len(rest) == 8 {
			digits, abroad = rest, false
		}
		switch {
		case len(digits) < 8 || len(digits) > 15:
		case abroad:
			all = append(all, []string{digits, "00" + digits, "0" + digits[2:]})
		default:
			all = append(all, []string{digits, "45" + digits, "0045" + digits})
		}
	}
	return all
}

// mail is an address of mail.
func mail(value string) []pattern {
	user, host, ok := strings.Cut(value, "@")
	if !ok {
		return phrase(value)
	}
	dots := perhaps("punktum", "prik", "dot")
	var parts []part
	for i, w := range wordsOf(user) {
		if i > 0 {
			parts = append(parts, dots)
		}
		parts = append(parts, word(w))
	}
	parts = append(parts, perhaps("at", "snabela", "krollealfa"))
	for i, w := range wordsOf(host) {
		if i > 0 {
			parts = append(parts, dots)
		}
		parts = append(parts, word(w))
	}
	if parts[0].optional {
		return phrase(value)
	}
	return []pattern{patternOf(parts...)}
}

// name is a person's name.
func name(value string) []pattern {
	all := wordsOf(value)
	list := phrase(value)
	if len(all) < 2 {
		return list
	}
	first, last := all[0], all[len(all)-1]
	letter, _ := utf8.DecodeRuneInString(first)
	between := []part{}
	for _, w := range all[1 : len(all)-1] {
		short, _ := utf8.DecodeRuneInString(w)
		between = append(between, perhaps(w, string(short)))
	}
	forward := func(begin string) pattern {
		return patternOf(slices.Concat([]part{word(begin)}, between, []part{word(last)})...)
	}
	initial := forward(string(letter))
	initial.capital = true
	list = append(list, forward(first), patternOf(slices.Concat([]part{word(last)}, []part{word(first)}, between)...), initial)
	for i := 1; i < len(all)-1; i++ { // "El-Hassan, Amira" begins with a word in the middle
		list = append(list, patternOf(slices.Concat(words(all[i:]), []part{word(first)})...))
	}
	for _, w := range []string{first, last} {
		if utf8.RuneCountInString(w) >= 3 {
			alone := patternOf(word(w))
			alone.capital = true
			list = append(list, alone)
		}
	}
	return list
}

func words(all []string) []part {
	var parts []part
	for _, w := range all {
		parts = append(parts, word(w))
	}
	return parts
}
