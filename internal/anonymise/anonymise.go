// Package anonymise writes a text so that nobody is recognised in it by name, number or place (R9): "Amira" becomes "datter A (17)",
// "14. oktober" becomes "for 3 uger siden", "Åskolen" becomes "skolen". It knows no database: the people and places of a case and
// a text go in, the text in parts comes out, so that a page shows what was replaced and by what. The same input gives the same
// output.
//
// [Case.Scan] is the look before an anonymous text leaves. What neither finds, so that nobody relies on it: what only this family
// has done or been through, towns and countries without a postal code, people who do not stand in the case, digits written as words,
// and what package leakguard does not find either. Whoever sends it reads it first.
package anonymise

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"samspil/internal/leakguard"
)

// Person is somebody around the citizen, or the citizen.
type Person struct {
	Name     string
	Also     string // what they are called beside it
	Relation string // to the citizen, "storebror"; of the citizen what the text is to say, "datter"
	Age      int    // in years; 0: not known
}

// Partner is an organisation with a part in the case, and its contact person.
type Partner struct {
	Type         string // code of reference.PartnerTypes
	Organisation string
	Contact      string
}

// Case is who and what a text may be about. The first of People is the citizen.
type Case struct {
	People   []Person
	Facts    []leakguard.Fact // the protected facts
	Partners []Partner
	Today    time.Time // in the office's time zone
}

// The kinds of what is replaced, or found.
const (
	Name       = "name"
	CPR        = "cpr"
	Number     = "number" // of a case
	Phone      = "phone"
	Mail       = "mail"
	Address    = "address"
	School     = "school"
	Fact       = "fact"    // another protected fact
	Place      = "place"   // the name of a partner that tells where somebody is
	Partly     = "partner" // the name of another partner
	Date       = "date"
	labelOther = "person"
)

// Part is a piece of a text: the same before and after, or replaced.
type Part struct {
	Before, After string
	Kind          string // of what is replaced; empty: nothing is
}

// Replaced reports whether the part is another after than before.
func (p Part) Replaced() bool { return p.Kind != "" }

// Text writes a text without names, numbers, places and days.
func (c Case) Text(text string) []Part {
	var parts []Part
	at, met := 0, map[int]bool{}
	for _, s := range c.spans(text) {
		if s.from > at {
			parts = append(parts, Part{Before: text[at:s.from], After: text[at:s.from]})
		}
		after := s.after
		if s.who >= 0 {
			after = c.label(s.who, !s.genitive && !met[s.who])
			if s.genitive {
				after += "s"
			} else {
				met[s.who] = true
			}
		}
		parts = append(parts, Part{Before: text[s.from:s.to], After: capital(text, s.from, after), Kind: s.kind})
		at = s.to
	}
	if at < len(text) {
		parts = append(parts, Part{Before: text[at:], After: text[at:]})
	}
	return parts
}

// After is the whole text as it reads then.
func After(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.After)
	}
	return b.String()
}

// Finding is something that must not stand in an anonymous text: the sentence, cut where it begins and ends.
type Finding struct {
	Kind                  string
	Before, Match, Behind string
}

// Scan finds what must not stand in an anonymous text. A day and the name of an office that serves everybody may.
func (c Case) Scan(text string) []Finding {
	var list []Finding
	for _, s := range c.spans(text) {
		if s.kind == Date || s.kind == Partly {
			continue
		}
		from, to := sentence(text, s.from, s.to)
		list = append(list, Finding{Kind: s.kind, Before: text[from:s.from], Match: text[s.from:s.to], Behind: text[s.to:to]})
	}
	return list
}

// span is a place of a text that is replaced.
type span struct {
	from, to int
	kind     string
	after    string
	who      int // the person, or -1
	genitive bool
}

// spans are the places in their order; of two that overlap the longer stands.
func (c Case) spans(text string) []span {
	all := append(c.names(text), c.known(text)...)
	all = append(all, written(text, c.Today)...)
	slices.SortStableFunc(all, func(a, b span) int { return (b.to - b.from) - (a.to - a.from) })
	var kept []span
	for _, s := range all {
		if !slices.ContainsFunc(kept, func(k span) bool { return s.from < k.to && k.from < s.to }) {
			kept = append(kept, s)
		}
	}
	slices.SortFunc(kept, func(a, b span) int { return a.from - b.from })
	for i := range kept {
		least := 0
		if i > 0 {
			least = kept[i-1].to
		}
		kept[i].from = c.withRelation(text, least, kept[i])
	}
	return kept
}

// withRelation is where a place begins whose person is called by their relation already: "moster Åse" becomes "moster D", and not
// "moster moster D".
func (c Case) withRelation(text string, least int, s span) int {
	if s.who < 0 {
		return s.from
	}
	before, ok := strings.CutSuffix(text[least:s.from], " ")
	from := least + strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) }) + 1
	word := relation(c.People[s.who].Relation)
	ending, same := strings.CutPrefix(strings.ToLower(text[from:max(from, least+len(before))]), word)
	if !ok || word == "" || !same || !slices.Contains([]string{"", "en", "n", "ren", "eren"}, ending) {
		return s.from
	}
	return from
}

// known are the protected facts, the partners, and the people as the leak guard finds them: however they are written.
func (c Case) known(text string) []span {
	facts := slices.Clone(c.Facts)
	type meaning struct {
		kind, after string
		who         int
	}
	var means []meaning
	for _, f := range facts {
		means = append(means, meaning{kindOf(f.Kind), factWords[f.Kind], -1})
	}
	for _, p := range c.Partners {
		word, tells := partnerWord(p.Type)
		kind := Partly
		if tells {
			kind = Place
		}
		if p.Type == "school" || p.Type == "youth_education" {
			kind = School
		}
		if p.Organisation != "" {
			facts, means = append(facts, leakguard.Fact{Kind: "school", Value: p.Organisation}), append(means, meaning{kind, word, -1})
		}
		if p.Contact != "" {
			facts, means = append(facts, leakguard.Fact{Kind: "name", Value: p.Contact}), append(means, meaning{Name, "kontaktpersonen", -1})
		}
	}
	for i, p := range c.People {
		for _, n := range []string{p.Name, p.Also} {
			if len([]rune(n)) > 2 {
				facts, means = append(facts, leakguard.Fact{Kind: "name", Value: n}), append(means, meaning{Name, "", i})
			}
		}
	}
	var list []span
	for _, h := range leakguard.New(facts).Scan(text) {
		m := means[h.Fact]
		if m.after == "" && m.who < 0 {
			m.after = "[fjernet]"
		}
		if m.who >= 0 && slices.Contains(common, text[h.Start:h.End]) { // the word, and not the name
			continue
		}
		if m.who >= 0 && c.shared(text[h.Start:h.End]) { // the family's name is nobody's alone
			m.who, m.after = -1, "familien"
		}
		list = append(list, span{from: h.Start, to: h.End, kind: m.kind, after: m.after, who: m.who})
	}
	return list
}

// label is what a person is called: their relation and a letter, with their age where they are met first.
func (c Case) label(i int, first bool) string {
	p := c.People[i]
	word := relation(p.Relation)
	if word == "" && i == 0 {
		switch {
		case p.Age > 0 && p.Age < 13:
			word = "barn"
		case p.Age > 0 && p.Age < 18:
			word = "ung"
		default:
			word = "borger"
		}
	}
	if word == "" {
		word = labelOther
	}
	letter := string(rune('A' + i%26))
	if i >= 26 {
		letter += fmt.Sprint(i / 26)
	}
	if first && p.Age > 0 {
		return fmt.Sprintf("%s %s (%d)", word, letter, p.Age)
	}
	return word + " " + letter
}

// relation is the first word of a relation: the rest ("fra klassen", "anden kommune") may tell too much.
func relation(text string) string {
	word := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(word) == 0 {
		return ""
	}
	return word[0]
}

// capital writes the first letter large where a sentence begins.
func capital(text string, at int, after string) string {
	before := strings.TrimRight(text[:at], " \t\"”»(")
	if before != "" && !strings.ContainsAny(before[len(before)-1:], ".!?\n") || abbreviated(before) {
		return after
	}
	r, size := utf8.DecodeRuneInString(after)
	return string(unicode.ToUpper(r)) + after[size:]
}

// abbreviated reports whether the text ends with an abbreviation and not with a sentence.
func abbreviated(before string) bool {
	for _, short := range []string{"(f.", " f.", " kl.", " ca.", " fx.", " bl.a.", " d.", " nr.", " tlf."} {
		if strings.HasSuffix(before, short) {
			return true
		}
	}
	return false
}

// sentence is where the sentence around a place begins and ends.
func sentence(text string, start, end int) (from, to int) {
	from, to = 0, len(text)
	for i, r := range text[:start] {
		if r == '\n' || strings.ContainsRune(".!?", r) && strings.HasPrefix(text[i+1:], " ") {
			from = i + 1
		}
	}
	for i, r := range text[end:] {
		if r == '\n' || strings.ContainsRune(".!?", r) && (end+i+1 == len(text) || text[end+i+1] == ' ' || text[end+i+1] == '\n') {
			to = end + i + 1
			break
		}
	}
	for from < start && (text[from] == ' ' || text[from] == '\n') {
		from++
	}
	return from, to
}
