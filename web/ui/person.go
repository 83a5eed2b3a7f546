package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Person is a professional as shown on screen: never a citizen, who has no face here.
type Person struct {
	Name     string
	Title    string // what they do, as in "Sikkerhedskonsulent"
	Org      string // where they work; always shown for those from outside
	PhotoURL string // initials are drawn where it is empty
	External bool   // from outside the municipality: gets the violet double ring
	Href     string // of their page, if the reader may see it
}

// Initials are the first letters of the first and the last name.
func (p Person) Initials() string {
	names := strings.FieldsFunc(p.Name, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
	if len(names) == 0 {
		return "?"
	}
	letters := first(names[0])
	if len(names) > 1 {
		letters += first(names[len(names)-1])
	}
	return letters
}

func first(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(name, "-"))
	return string(unicode.ToUpper(r))
}

// under is the line below a name: what the page says, else the organisation of someone from outside.
func (p Person) under(sub string) string {
	if sub == "" && p.External {
		return p.Org
	}
	return sub
}

func names(ps []Person) string {
	all := make([]string, len(ps))
	for i, p := range ps {
		all[i] = p.Name
	}
	return strings.Join(all, ", ")
}

// pixels is the size of a face, so that the page does not jump when it arrives.
func pixels(size string) string {
	switch size {
	case "x":
		return "24"
	case "m":
		return "40"
	case "l":
		return "64"
	}
	return "32"
}

// Avail says whether somebody can be reached now, and until or from when.
type Avail struct {
	Open bool
	Text string // "Kan træffes nu, til kl. 16"; nothing is shown where it is empty
}
