package anonymise_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"samspil/internal/anonymise"
	"samspil/internal/leakguard"
)

// family is Amira's case on 22 November 2026.
func family() anonymise.Case {
	zone, _ := time.LoadLocation("Europe/Copenhagen")
	return anonymise.Case{
		People: []anonymise.Person{
			{Name: "Amira Saleh", Also: "Mira", Relation: "datter", Age: 17}, {Name: "Sami Saleh", Relation: "Storebror", Age: 21}, {Name: "Huda Saleh", Relation: "Mor", Age: 43},
			{Name: "Åse Bjørn Møller", Relation: "Moster, anden kommune"}, {Name: "Liv", Relation: "Veninde fra klassen", Age: 16}, {Name: "Jonas El-Hassan", Relation: "kæreste"}, {Name: "Šejla", Relation: ""},
		},
		Facts:    []leakguard.Fact{{Kind: "address", Value: "Skovvej 12, 2. tv"}, {Kind: "place_of_stay", Value: "Krisecenter Lindely"}, {Kind: "phone", Value: "00 12 34 56"}, {Kind: "code_word", Value: "blåbær"}},
		Partners: []anonymise.Partner{{Type: "school", Organisation: "Åskolen", Contact: "Anders Holm"}, {Type: "police_district", Organisation: "Fjordegnens Politi"}},
		Today:    time.Date(2026, 11, 22, 14, 0, 0, 0, zone),
	}
}

func TestATextIsWrittenSoThatNobodyIsRecognised(t *testing.T) {
	c := family()
	for _, x := range []struct{ text, want string }{
		// people
		{"Amira er bange.", "Datter A (17) er bange."},
		{"Vi talte med Amira. Amira er bange, og amira græd.", "Vi talte med datter A (17). Datter A er bange, og datter A græd."},
		{"Det er Amiras telefon, ikke Amira's mors.", "Det er datter As telefon, ikke datter As mors."},
		{"Amira Saleh og Sami Saleh bor hos Huda.", "Datter A (17) og storebror B (21) bor hos mor C (43)."},
		{"SAMI truer. sami følger efter.", "Storebror B (21) truer. Storebror B følger efter."},
		{"Familien Saleh rejser, og salehs onkel med.", "Familien rejser, og familiens onkel med."},
		{"Mira ringer til Åse.", "Datter A (17) ringer til moster D."},
		{"Aase Møller kom, Møllers bil holdt der.", "Moster D kom, moster Ds bil holdt der."},
		{"Hun frygter for sit liv, siger Liv.", "Hun frygter for sit liv, siger veninde E (16)."},
		{"Jonas' mor og El-Hassan.", "Kæreste Fs mor og kæreste F."},
		{"Sejla og Šejla.", "Person G og person G."},
		{"Saleh, Amira og A. Saleh", "Datter A (17) og datter A"},
		{"Amira S. kom.", "Datter A (17) kom."},
		// what only looks like them
		{"Amirabo og Samirabo og samisk mad.", "Amirabo og Samirabo og samisk mad."},
		{"Mirakler sker.", "Mirakler sker."},
		// numbers
		{"CPR 610409-1234 og 6104091234.", "CPR [CPR-nummer fjernet] og [CPR-nummer fjernet]."},
		{"Ring 00 12 34 56 eller +45 12 34 56 78.", "Ring [telefonnummer fjernet] eller [telefonnummer fjernet]."},
		{"Se sag 2026-0147.", "Se sag [sagsnummer fjernet]."},
		{"Skriv til amira.s@post.dk.", "Skriv til [mailadresse fjernet]."},
		// places
		{"Hun bor Skovvej 12 og er på Lindely.", "Hun bor adressen og er på opholdsstedet."},
		{"De flytter til Nørre Engvej 7, 1. th. i morgen.", "De flytter til adressen i morgen."},
		{"Hun bor på Elmegade 4 med sin far, på Rosenvej 17 b, 2. tv sammen med ham.", "Hun bor på adressen med sin far, på adressen sammen med ham."},
		{"Nummer 12 på Ahornvej er en genvej til Storegade 1234.", "Nummer 12 på vejen er en genvej til adressen."},
		{"Torvet 3 eller Lindehaven 2 b.", "Adressen eller adressen."},
		{"Motorvejen og Hovedgaden.", "Motorvejen og Hovedgaden."},
		{"Hun ringer til moster Åse, og veninde Liv og storebroren Sami kommer.", "Hun ringer til moster D, og veninde E (16) og storebror B (21) kommer."},
		{"Hun kender en Sami og n Liv.", "Hun kender en storebror B (21) og n veninde E (16)."},
		{"Amira (f. 01.11.2009) er 17.", "Datter A (17) (f. for 17 år siden) er 17."},
		{"Hun bor i 8000 Aarhus C.", "Hun bor i byen."},
		{"Åskolens leder og Åskolen", "Skolens leder og skolen"},
		{"Hun går på Ellehøj Skole og ikke på en efterskole. Skolen ringer.", "Hun går på skolen og ikke på en efterskole. Skolen ringer."},
		{"Fjordegnens Politi og Anders Holm ved det.", "Politiet og kontaktpersonen ved det."},
		{"Kodeordet er blåbær.", "Kodeordet er [fjernet]."},
		// days
		{"Den 1. november 2026 slog han.", "For 3 uger siden slog han."},
		{"Rejsen er 24. december.", "Rejsen er om 5 uger."},
		{"Det skete 20/11 og d. 14/10-2026.", "Det skete for 2 dage siden og for 6 uger siden."},
		{"Siden 2024-11-01 og 21.11.2026.", "Siden for 2 år siden og i går."},
		{"Kl. 8.30 i 2 timer med 3 af dem.", "Kl. 8.30 i 2 timer med 3 af dem."},
	} {
		parts := c.Text(x.text)
		if got := anonymise.After(parts); got != x.want {
			t.Errorf("%q\nbecomes %q\nwant    %q", x.text, got, x.want)
		}
		var before strings.Builder
		for _, p := range parts {
			before.WriteString(p.Before)
		}
		if before.String() != x.text {
			t.Errorf("the parts of %q are %q", x.text, before.String())
		}
		if again := c.Text(x.text); !slices.Equal(again, parts) {
			t.Errorf("%q is another text the second time", x.text)
		}
		for _, f := range c.Scan(anonymise.After(parts)) {
			t.Errorf("%q: %q is found in what was written", x.text, f.Match)
		}
	}
}

func TestNothingLeavesThatNamesSomebody(t *testing.T) {
	c := family()
	for text, kind := range map[string]string{
		"Hun hedder Amira.": anonymise.Name, "hun hedder amira.": anonymise.Name, "Sagen om A m i r a Saleh": anonymise.Name, "Salehs bil": anonymise.Name, "Ring til Anders": anonymise.Name,
		"Nummeret er 610409-1234.": anonymise.CPR, "Ring 12345678": anonymise.Phone, "sag 2026-0147": anonymise.Number, "Hun bor Bakkevej 3.": anonymise.Address, "Hun er på lindely": anonymise.Address,
		"Hun går på Ellehøj Skole": anonymise.School, "på Åskolen": anonymise.School, "mail x@y.dk": anonymise.Mail, "ordet er blåbær": anonymise.Fact,
	} {
		found := c.Scan("Det første er i orden. " + text)
		if len(found) == 0 || found[0].Kind != kind {
			t.Errorf("%q: %+v, want %s", text, found, kind)
			continue
		}
		if s := found[0].Before + found[0].Match + found[0].Behind; !strings.HasPrefix(text, strings.TrimSpace(s)[:3]) || strings.Contains(s, "orden") {
			t.Errorf("%q is shown as the sentence %q", text, s)
		}
	}
	for _, text := range []string{"", "En ung på 17 år frygter for sit liv. Skolen har underrettet for 3 uger siden.", "Politiet i Fjordegnens Politi kender det.", "Det skete 14. oktober.", "Må jeg vente 24 timer, eller 2-3 dage?", "Efterskolen og gymnasiet ved besked."} {
		if found := c.Scan(text); len(found) > 0 {
			t.Errorf("%q: %+v", text, found)
		}
	}
}

func FuzzTextKeepsEveryWordOfTheOriginal(f *testing.F) {
	f.Add("Amiras bror den 14. oktober på Åskolen, \xff 00 12 34 56")
	c := family()
	f.Fuzz(func(t *testing.T, text string) {
		var before strings.Builder
		for _, p := range c.Text(text) {
			before.WriteString(p.Before)
		}
		if before.String() != text {
			t.Errorf("%q became %q", text, before.String())
		}
		c.Scan(text)
	})
}
