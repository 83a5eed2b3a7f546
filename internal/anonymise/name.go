package anonymise

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word of a text: letters, with an apostrophe inside or behind.
type token struct {
	from, to int
	forms    []form // the words that it may be: as it stands, and without its ending
	big      bool
}

// form is a word as [fold] writes it. Owner says that the text has it in the genitive.
type form struct {
	word  string
	owner bool
}

// common are names that are words too: without a capital they mean the word.
// Written as [fold] writes them.
var common = []string{"liv", "sol", "dag", "ask", "storm", "maj", "rose", "gry", "lykke", "sten", "kaj", "pil", "bjoern", "laerke", "lilje", "viola", "lund", "bro", "sand", "hale", "vest"}

// names are the places where somebody of the case is named: the whole name, its beginning or its end, in capitals or not, with a
// genitive or not.
func (c Case) names(text string) []span {
	var list []span
	words := tokens(text)
	for i := 0; i < len(words); {
		n, s := c.at(text, words[i:])
		if n == 0 {
			i++
			continue
		}
		list = append(list, s)
		i += n
	}
	return list
}

// at finds the longest name that begins with the first of the words, and how many words it has.
func (c Case) at(text string, words []token) (int, span) {
	best, found := 0, span{}
	for who, p := range c.People {
		own := nameWords(p)
		n, strong, alone, owner := 0, false, false, false
		for n < len(words) && !owner && (n == 0 || near(text[words[n-1].to:words[n].from])) {
			f, ok := own.has(words[n])
			if !ok {
				break
			}
			strong = strong || len([]rune(f.word)) >= 3 || own.ends(f.word) && words[n].big
			alone = alone || !c.shared(f.word)
			owner = f.owner
			n++
		}
		if n == 0 || !strong || n < best || n == best && found.who >= 0 {
			continue
		}
		s := span{from: words[0].from, to: words[n-1].to, kind: Name, who: who, genitive: owner}
		if !alone {
			s.who, s.after = -1, "familien"
			if s.genitive {
				s.after = "familiens"
			}
		}
		if rest := initial(text[s.to:], own); rest > 0 {
			s.to += rest
		}
		best, found = n, s
	}
	if best > 0 && found.who < 0 {
		found.from, found.to = withFamily(text, found.from, found.to)
	}
	return best, found
}

// withFamily takes "familien" before or behind the family's name along.
func withFamily(text string, from, to int) (int, int) {
	if b := strings.ToLower(text[:from]); strings.HasSuffix(b, "familien ") {
		from -= len("familien ")
	}
	if strings.HasPrefix(strings.ToLower(text[to:]), "-familien") {
		to += len("-familien")
	}
	return from, to
}

// initial is how much of " S." behind a first name belongs to it.
func initial(rest string, own ownWords) int {
	if len(rest) < 3 || rest[0] != ' ' {
		return 0
	}
	r, size := utf8.DecodeRuneInString(rest[1:])
	if !unicode.IsUpper(r) || !strings.HasPrefix(rest[1+size:], ".") {
		return 0
	}
	for _, w := range own {
		if strings.HasPrefix(w, fold(string(r))) {
			return 1 + size + 1
		}
	}
	return 0
}

// near reports whether two words with this between them can be one name.
func near(between string) bool { return between == " " || between == "-" || between == "\u00a0" }

// ownWords are the words of a person's name.
type ownWords []string

func nameWords(p Person) ownWords {
	var all ownWords
	for _, t := range append(tokens(p.Name), tokens(p.Also)...) {
		if w := t.forms[0].word; w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// has returns the word of the name that a word of the text is.
func (o ownWords) has(t token) (form, bool) {
	for _, f := range t.forms {
		if slices.Contains(o, f.word) && (t.big || len([]rune(f.word)) >= 3 && !slices.Contains(common, f.word)) {
			return f, true
		}
	}
	return form{}, false
}

// ends reports whether a word is the first or the last of the name.
func (o ownWords) ends(w string) bool { return o[0] == w || o[len(o)-1] == w }

// shared reports whether a word is part of the name of several people of the case: a family's name.
func (c Case) shared(word string) bool {
	n := 0
	for _, p := range c.People {
		if slices.Contains(nameWords(p), fold(word)) || slices.Contains(nameWords(p), strings.TrimSuffix(fold(word), "s")) {
			n++
		}
	}
	return n > 1
}

// endings are what Danish puts behind a name, the longest first.
var endings = []string{"ernes", "erne", "'s", "s", "'"}

// tokens are the words of a text.
func tokens(text string) []token {
	var list []token
	from := -1
	put := func(to int) {
		if from < 0 {
			return
		}
		raw := text[from:to]
		first, _ := utf8.DecodeRuneInString(raw)
		t := token{from: from, to: to, big: unicode.IsUpper(first)}
		word := strings.ReplaceAll(fold(raw), "’", "'")
		t.forms = []form{{strings.ReplaceAll(word, "'", ""), strings.HasSuffix(word, "'")}}
		for _, e := range endings {
			if stem, ok := strings.CutSuffix(word, e); ok && len([]rune(stem)) > 1 {
				t.forms = append(t.forms, form{strings.ReplaceAll(stem, "'", ""), e != "erne"})
				break
			}
		}
		list, from = append(list, t), -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.IsDigit(r) && from >= 0:
			if from < 0 {
				from = i
			}
		case (r == '\'' || r == '’') && from >= 0:
		default:
			put(i)
		}
	}
	put(len(text))
	return list
}

var letters = strings.NewReplacer("å", "aa", "æ", "ae", "ø", "oe", "ä", "ae", "ö", "oe", "ü", "u", "ß", "ss", "ł", "l", "đ", "d", "ı", "i")

// fold writes a word in small letters, å, æ and ø as two, and without accents.
func fold(word string) string {
	word = letters.Replace(strings.ToLower(norm.NFC.String(word)))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(word))
}
