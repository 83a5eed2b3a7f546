package casefile

import "testing"

func TestANameIsFoundHoweverItIsSpelt(t *testing.T) {
	for given, want := range map[string]string{
		"Amira Saleh":               "amira saleh",
		"  Åse   Sørensen ":         "aase soerensen",
		"A\u030Ase":                 "aase", // the ring as a sign of its own
		"ÆBLE":                      "aeble",
		"Hüseyin Doğan":             "huseyin dogan",
		"İpek Işık":                 "ipek isik",
		"El-Khatib":                 "el khatib",
		"O'Brien":                   "obrien",
		"Šejla Đukić":               "sejla dukic",
		"Łukasz Groß":               "lukasz gross",
		"\u200fأميرة صالح\u200f":    "اميرة صالح", // marks of direction and the hamza above go
		"Anne-Marie, \"Mie\" (mor)": "anne marie mie mor",
		"100%_\\":                   "100",
		"😀":                         "",
		"":                          "",
	} {
		if got := Fold(given); got != want {
			t.Errorf("Fold(%q) = %q, want %q", given, got, want)
		}
	}
	for _, name := range []string{"Åse Sørensen", "İpek Işık", "أميرة", "Ǿ"} {
		if once := Fold(name); Fold(once) != once {
			t.Errorf("folding %q twice gives %q", name, Fold(once))
		}
	}
}
