package casefile

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters are those that are spelt with other letters where a keyboard lacks them. The rest lose their accents.
var letters = strings.NewReplacer("å", "aa", "ø", "oe", "æ", "ae", "œ", "oe", "ß", "ss", "þ", "th", "ð", "d", "đ", "d", "ł", "l", "ı", "i",
	"'", "", "’", "", "ʼ", "", "`", "")

// Fold writes a name the way searches compare it: lower case, aa, oe and ae for å, ø and æ, no accents, one
// space between words. "Åse  El-Çelik" and "aase el celik" are the same. The column person.name_folded holds
// this form, and [app.find_cases] expects it.
func Fold(name string) string {
	// composed first, so that an a with a ring of its own is an å too
	plain := letters.Replace(strings.ToLower(norm.NFC.String(name)))
	var out strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(plain) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r): // accents; marks of direction in names from the right
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			out.WriteRune(r)
		default:
			gap = true
		}
	}
	return letters.Replace(out.String())
}
