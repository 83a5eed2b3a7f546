package i18n

import "testing"

func TestAgeStandsAfterANameFromRightToLeft(t *testing.T) {
	for name, want := range map[string]string{"Amira S.": "Amira S.", "": "", "Ýrsa Øst": "Ýrsa Øst", "أميرة": "\u2068أميرة\u2069", "Ada עדה": "\u2068Ada עדה\u2069"} {
		if got := Isolate(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
