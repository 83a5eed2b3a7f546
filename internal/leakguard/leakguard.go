// Package leakguard finds protected facts in a text that is about to leave (R12; security.md 2.12). It knows no database:
// facts and a text go in, the places where the one stands in the other come out.
//
// What it finds, in any capitals, with or without accents:
//   - the letters æ, ø and å also as ae, oe and aa, and as a, o and a
//   - letters and words that are drawn apart or pulled together: "S k o v v e j 1 2", "Skov-vej 12", "Skovvej12"
//   - digits with spaces, dots, dashes, slashes and brackets between them, and with +45 or 0045 before a number
//   - a Danish genitive -s, and the article at the end of a name: "Lindelyskolens"
//   - of an address the street with its house number, also as "Skovv. 12", "Skovvej nr. 12", "Skovvejen 12 B", "Gl. Skovvej 12", "Skovvej, hus 12",
//     "nr. 12 på Skovvej"
//   - of a person the whole name in either order, without the names in the middle, the first name's letter with the last name, and
//     either of the two alone where it is written with a capital
//   - of a place where somebody stays its name without the sort of place: "Lindely" for "Krisecenter Lindely"
//   - of an address of mail also "(at)" and "punktum"
//   - all of it written in code as in a link or a page of the web: "Strandv%C3%A6nget+14", "Strandv&aelig;nget&nbsp;14", also twice over
//   - with marks of direction between the letters
//
// What it does not find, so that nobody relies on it: digits written as words ("tolv"), a street without its number or with numbers from and to ("10-14"), a part of a
// telephone number, letters of another alphabet that look the same, misspellings, paraphrase ("huset ved stationen"), other
// languages' names for a place, words in pictures, words between the tags of a page of the web ("Strand<b>vænget</b>"), other codes than the
// two above (as base64), and letters that a mark of direction turns around on the screen: forms take such marks away, and a file
// with one counts as not read (filetext).
package leakguard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fact is something that must not leave. The kinds are those of the protected facts of a case, and "name".
type Fact struct {
	Kind  string // address, place_of_stay, school, workplace, phone, email, code_word, name, other
	Value string
}

// Hit is a place of a text where a fact stands.
type Hit struct {
	Fact       int    // which of the guard's facts
	Start, End int    // the place, in bytes
	Sentence   string // the sentence it stands in, shortened where it is very long
}

// Guard looks for some facts. It may be used by several goroutines at once.
type Guard struct {
	patterns []pattern
	blind    []int
	first    map[rune][]int // the patterns that can begin with a letter
}

// New makes a guard for facts.
func New(facts []Fact) *Guard {
	g := &Guard{first: map[rune][]int{}}
	for i, f := range facts {
		made := patternsOf(f)
		if len(made) == 0 {
			g.blind = append(g.blind, i)
		}
		for _, p := range made {
			p.fact = i
			g.patterns = append(g.patterns, p)
			for _, r := range firsts(p.parts) {
				g.first[r] = append(g.first[r], len(g.patterns)-1)
			}
		}
	}
	return g
}

// Blind are the facts that cannot be looked for, because they hold no more than one letter or digit.
func (g *Guard) Blind() []int { return slices.Clone(g.blind) }

// Scan finds every fact in text, in the order of the places. Places of one fact that touch each other are one hit.
func (g *Guard) Scan(text string) []Hit {
	if len(g.patterns) == 0 {
		return nil
	}
	hits := joined(append(g.found(read(text)), g.found(readDecoded(text))...))
	for i := range hits {
		hits[i].Sentence = sentence(text, hits[i].Start, hits[i].End)
	}
	return hits
}

// found are the places of a text where a fact stands.
func (g *Guard) found(s line) []Hit {
	var hits []Hit
	for at := range s {
		if !s.begins(at) {
			continue
		}
		for _, n := range g.first[s[at].r] {
			p := &g.patterns[n]
			if end, ok := p.match(s, at); ok {
				hits = append(hits, Hit{Fact: p.fact, Start: s[at].from, End: s[end-1].to})
			}
		}
	}
	return hits
}

// joined makes one hit of the places of a fact that overlap: the name in the name.
func joined(hits []Hit) []Hit {
	slices.SortStableFunc(hits, func(a, b Hit) int {
		if a.Fact != b.Fact {
			return a.Fact - b.Fact
		}
		return a.Start - b.Start
	})
	var out []Hit
	for _, h := range hits {
		if n := len(out) - 1; n >= 0 && out[n].Fact == h.Fact && h.Start <= out[n].End {
			out[n].End = max(out[n].End, h.End)
			continue
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Hit) int { return a.Start - b.Start })
	return out
}

// reach is how much of a sentence is shown on either side of a hit, in bytes.
const reach = 200

// sentence cuts the sentence around a place out of a text. A full stop ends one only where a capital follows: "Skovv. 12" is none.
func sentence(text string, start, end int) string {
	from, to := max(0, start-reach), min(len(text), end+reach)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	before, after := text[from:start], text[end:to]
	for i, r := range before {
		if r == '\n' || ends(before[i:], text[start:]) {
			from = start - len(before) + i + utf8.RuneLen(r)
		}
	}
	for i, r := range after {
		if r == '\n' {
			to = end + i
			break
		}
		if ends(after[i:], "") {
			to = end + i + utf8.RuneLen(r)
			break
		}
	}
	return strings.TrimSpace(text[from:to])
}

// ends reports whether rest begins with the end of a sentence. then is what follows behind rest.
func ends(rest, then string) bool {
	if !strings.ContainsAny(rest[:1], ".!?") {
		return false
	}
	next := rest[1:] + then[:min(len(then), 8)]
	trimmed := strings.TrimLeft(next, " \t\"”»)")
	r, _ := utf8.DecodeRuneInString(trimmed)
	return len(trimmed) < len(next) && unicode.IsUpper(r)
}
