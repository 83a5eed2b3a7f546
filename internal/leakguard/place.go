package leakguard

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// street finds the street and the number in a piece of an address: the first number that has letters before it.
var street = regexp.MustCompile(`^\s*(?:c/o[^,]*,)?\s*((?:\d{1,2}\.\s*)?[^\d,;]*?\p{L}{2,}[^\d,;]*?)[\s,]*(?i:nr\.?|nummer|no\.)?\s*(\d{1,4})(?:\D|$)`)

// parted parts the pieces of an address.
var parted = regexp.MustCompile(`[,;\n]`)

// place is an address, or a place with a name and perhaps an address.
func place(f Fact) []pattern {
	var list []pattern
	pieces := parted.Split(f.Value, -1)
	for i, piece := range pieces {
		if m := street.FindStringSubmatch(piece); m != nil && (i == 0 || !postal.MatchString(piece)) {
			list = append(list, streets(m[1], m[2])...)
		} else if i > 0 && onlyNumber.MatchString(piece) { // "Skovvej, 12"
			list = append(list, streets(pieces[i-1], strings.TrimSpace(onlyNumber.FindStringSubmatch(piece)[1]))...)
		}
	}
	named := strings.TrimSpace(pieces[0])
	switch {
	case f.Kind == "other" || f.Kind == "address" && len(list) == 0:
		list = append(list, institution(named)...)
	case f.Kind != "address" && street.FindString(named) == "":
		list = append(list, institution(named)...)
		if own := ownName(named); f.Kind == "place_of_stay" && own != "" {
			list = append(list, phrase(own)...)
		}
	}
	return list
}

var (
	postal     = regexp.MustCompile(`^\s*(?:DK-?)?\d{4}\s+\p{L}`)
	onlyNumber = regexp.MustCompile(`^\s*(\d{1,4})\s*\p{L}?\s*$`)
)

// shorter are the forms of the words of a street; the first of a row is the one that is looked up.
var shorter = [][]string{{"gammel", "gl"}, {"sankt", "sct", "skt"}, {"sonder", "sdr"}, {"norre", "nr"}, {"nordre", "ndr"}, {"store", "st"}, {"lille", "ll"},
	{"vej", "v"}, {"gade", "g"}, {"alle", "al"}, {"plads", "pl"}, {"boulevard", "blvd", "boul"}, {"strade", "str"}}

// forms are a word of a street in all its forms: "vej" and "v", also at the end of "skovvej".
func forms(w string, last bool) []string {
	out := []string{w}
	for _, row := range shorter {
		if slices.Contains(row, w) {
			return append(out, row...)
		}
	}
	for _, row := range shorter[7:] {
		if stem, ok := strings.CutSuffix(w, row[0]); ok && last && len(stem) >= 3 {
			for _, s := range row[1:] {
				out = append(out, stem+s)
			}
		}
	}
	return out
}

// streets is a street with its number.
func streets(name, number string) []pattern {
	all := wordsOf(name)
	if len(all) == 0 {
		return nil
	}
	var parts []part
	for i, w := range all {
		parts = append(parts, either(forms(w, i == len(all)-1)...))
	}
	named := slices.Clone(parts)
	parts = append(parts, perhaps("en", "n", "s", "ens", "ns", "et", "ets"), perhaps("i", "hus", "opgang"), perhaps("nr", "nummer", "no", "husnr", "husnummer"), word(number))
	before := slices.Concat([]part{word(number), perhaps("a", "b", "c", "d", "e", "f"), perhaps("pa", "i", "ved", "af")}, named) // "nr. 12 på Skovvej"
	return []pattern{patternOf(parts...), patternOf(before...)}
}

// sorts are the words that say what sort of place it is, without their ending, with the endings they have.
var sorts = []struct {
	stem string
	ends []string
}{
	{"skole", []string{"", "n"}}, {"center", []string{"", "et"}}, {"cent", []string{"er", "ret", "eret", "rets", "erets"}}, {"gymnasi", []string{"um", "et"}},
	{"kollegi", []string{"um", "et"}}, {"hjem", []string{"", "met"}}, {"hus", []string{"", "et"}}, {"bosted", []string{"", "et"}}, {"botilbud", []string{"", "det"}},
	{"opholdssted", []string{"", "et"}}, {"bornehave", []string{"", "n"}}, {"institution", []string{"", "en"}}, {"herberg", []string{"", "et"}},
	{"hotel", []string{"", "let"}}, {"pension", []string{"", "en"}}, {"gard", []string{"", "en"}}, {"afdeling", []string{"", "en"}},
}

// institution is a named place, its sort of place with or without the article.
func institution(value string) []pattern {
	var parts []part
	for _, w := range wordsOf(value) {
		parts = append(parts, either(bent(w)...))
	}
	if len(parts) == 0 {
		return nil
	}
	return []pattern{patternOf(parts...)}
}

// bent is a word with and without the article of its sort.
func bent(w string) []string {
	out := []string{w}
	for _, s := range sorts {
		for _, e := range s.ends {
			if stem, ok := strings.CutSuffix(w, s.stem+e); ok {
				for _, other := range s.ends {
					if form := stem + s.stem + other; !slices.Contains(out, form) {
						out = append(out, form)
					}
				}
			}
		}
	}
	return out
}

// kinds are whole words that only say what sort of place it is.
var kinds = []string{"krisecenter", "krisecentret", "krisecenteret", "kvindekrisecenter", "bosted", "bostedet", "botilbud", "botilbuddet", "opholdssted", "opholdsstedet",
	"kollegium", "kollegiet", "hotel", "hotellet", "pension", "pensionen", "institution", "institutionen", "dogninstitution", "dogninstitutionen", "bornehjem", "bornehjemmet",
	"plejefamilie", "plejefamilien", "familien", "familie", "hos", "herberg", "herberget", "botilbuddet", "skole", "skolen", "efterskole", "efterskolen", "den", "det", "de", "sikrede", "hemmelig", "hemmelige"}

// ownName is the name of a place without its sort; empty if no word of four letters is left.
func ownName(value string) string {
	var own []string
	for _, w := range strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' }) {
		p := plain(w)
		if p == "i" || p == "ved" || p == "pa" || p == "v" || p == "nar" {
			break
		}
		if !slices.Contains(kinds, p) {
			own = append(own, w)
		}
	}
	name := strings.Join(own, " ")
	if utf8.RuneCountInString(strings.ReplaceAll(plain(name), " ", "")) < 4 {
		return ""
	}
	return name
}
