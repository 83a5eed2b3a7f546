package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"samspil/internal/filetext"
	"samspil/internal/filetext/filemake"
	"samspil/internal/leakguard"
)

// The facts that must not leave: all invented.
const (
	address = iota
	gammel
	stay
	school
	phone
	abroad
	code
	person
	mail
	work
)

var facts = []leakguard.Fact{
	address: {Kind: "address", Value: "Ærøsundvænget 127 B, 2. tv., 0999 Ellehøj"},
	gammel:  {Kind: "address", Value: "Gammel Rørsangergade 48, 0999 Ellehøj"},
	stay:    {Kind: "place_of_stay", Value: "Krisecenter Åkandely, Tusindfrydvej 9, 0998 Opdigtet"},
	school:  {Kind: "school", Value: "Lærkesporets Skole"},
	phone:   {Kind: "phone", Value: "00 12 34 56"},
	abroad:  {Kind: "phone", Value: "+999 00 765 43 21"},
	code:    {Kind: "code_word", Value: "Blåbærgrød"},
	person:  {Kind: "name", Value: "Zøhra Opdigtet El-Ømadi"},
	mail:    {Kind: "email", Value: "zohra.opdigt@ellehoej.test"},
	work:    {Kind: "workplace", Value: "Bageriet Gærknuden"},
}

// text is a text with a fact in disguise, as the guard is given it: of a file what was read in it.
type text struct {
	class string
	fact  int
	text  string
}

// around are what stands around a fact; %s is the fact.
var around = []string{
	"Vi talte i går. %s er det, vi gik ud fra, og mødet er flyttet til fredag kl. 13.",
	"Til orientering: %s. Ring endelig, hvis der er spørgsmål.",
	"Hun fortalte, at (%s) stadig holder.\nDer er aftalt nyt møde den 3. juni.",
	"Status pr. 14.4.2026\n- skolen er orienteret\n- %s\n- ny opfølgning i uge 17",
	"Efter aftale med 2 kolleger skriver jeg kort: %s, og ellers er alt ved det gamle.",
	"Kære Rikke. Tak for i dag! Som du spurgte om: %s? Venlig hilsen, Mette",
	"\"%s\" var det eneste, hun sagde, før forbindelsen blev afbrudt.",
	"Se bilag 3, side 12: %s. Sagen har nummer 2026-0147.",
}

// disguise is a class: how a fact is written, by fact.
type disguise struct {
	class string
	by    map[int]func(*rand.Rand) string
	file  func(text string) []byte // the file that the text stands in; nil: none
}

func as(s string) func(*rand.Rand) string { return func(*rand.Rand) string { return s } }
func one(all ...string) func(r *rand.Rand) string {
	return func(r *rand.Rand) string { return all[r.IntN(len(all))] }
}

// core are the facts in their shortest full form, which most classes disguise.
var core = map[int]string{address: "Ærøsundvænget 127", gammel: "Gammel Rørsangergade 48", stay: "Krisecenter Åkandely", school: "Lærkesporets Skole", code: "Blåbærgrød", person: "Zøhra Opdigtet El-Ømadi", work: "Bageriet Gærknuden"}

// each disguises every core in one way.
func each(how func(r *rand.Rand, s string) string) map[int]func(*rand.Rand) string {
	all := map[int]func(*rand.Rand) string{}
	for fact, s := range core {
		all[fact] = func(r *rand.Rand) string { return how(r, s) }
	}
	return all
}

var (
	twoLetters = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "Ae", "Ø", "Oe", "Å", "Aa")
	oneLetter  = strings.NewReplacer("æ", "a", "ø", "o", "å", "a", "Æ", "A", "Ø", "O", "Å", "A")
	foreign    = strings.NewReplacer("æ", "ä", "ø", "ö", "Æ", "Ä", "Ø", "Ö")
	accents    = strings.NewReplacer("e", "é", "u", "ü", "i", "í")
)

var disguises = []disguise{
	{class: "as it stands", by: each(func(_ *rand.Rand, s string) string { return s })},
	{class: "capitals and small letters", by: each(func(r *rand.Rand, s string) string {
		if r.IntN(2) == 0 {
			return strings.ToUpper(s)
		}
		return strings.ToLower(s)
	})},
	{class: "ae, oe and aa", by: each(func(_ *rand.Rand, s string) string { return twoLetters.Replace(s) })},
	{class: "a and o for æ, ø and å", by: each(func(_ *rand.Rand, s string) string { return oneLetter.Replace(s) })},
	{class: "accents and foreign letters", by: each(func(r *rand.Rand, s string) string {
		return []string{foreign.Replace(s), accents.Replace(s), norm.NFD.String(s)}[r.IntN(3)]
	})},
	{class: "letters drawn apart", by: each(func(r *rand.Rand, s string) string {
		between := []string{" ", "-", ".", " . "}[r.IntN(4)]
		return strings.Join(strings.Split(strings.ReplaceAll(s, " ", ""), ""), between)
	})},
	{class: "words pulled together", by: each(func(_ *rand.Rand, s string) string { return strings.NewReplacer(" ", "", "-", "").Replace(s) })},
	{class: "words parted, also by a line", by: each(func(r *rand.Rand, s string) string {
		letters := []rune(s)
		at := 3 + r.IntN(4)
		return string(letters[:at]) + []string{"-", "-\n", " ", "\u00ad", "\n"}[r.IntN(5)] + string(letters[at:])
	})},
	{class: "genitive -s and article", by: map[int]func(*rand.Rand) string{
		address: one("Ærøsundvængets 127", "Ærøsundvænget 127's"), gammel: as("Gammel Rørsangergaden 48"), stay: one("Krisecenter Åkandelys", "Krisecentret Åkandely", "Åkandely’s"),
		school: one("Lærkesporets Skoles", "Lærkesporets skolens", "Lærkesporetsskolen"), code: one("Blåbærgrøds", "blåbærgrøden", "Blåbærgrødens"), person: one("Zøhra Opdigtet El-Ømadis", "Zøhras"), work: as("Bageriet Gærknudens"),
	}},
	{class: "digits with spaces, dots, dashes", by: map[int]func(*rand.Rand) string{
		phone:  one("00123456", "001 23 456", "00.12.34.56", "0012-3456", "(00) 12 34 56", "0 0 1 2 3 4 5 6", "00/12/34/56", "00\u00a012\u00a034\u00a056", "0012 – 3456"),
		abroad: one("+999007654321", "00999 00 765 4321", "+999-00-7654321", "(+999) 007 654 321"),
	}},
	{class: "the country before the number", by: map[int]func(*rand.Rand) string{phone: one("+45 00 12 34 56", "+4500123456", "0045 00123456", "(+45) 0012 3456", "45 00 12 34 56", "004500123456")}},
	{class: "street and number alone", by: map[int]func(*rand.Rand) string{
		address: one("Ærøsundvænget 127", "Ærøsundvænget nr. 127", "Ærøsundvænget, 127", "Ærøsundvænget nummer 127", "Ærøsundvænget127"),
		gammel:  one("Gl. Rørsangergade 48", "Gl Rørsangerg. 48", "gammel rørsangergade nr 48", "Gammel Rørsanger Gade 48"),
		stay:    one("Tusindfrydvej 9", "Tusindfrydv. 9", "Tusind Fryd Vej 9", "Tusindfrydvejen 9"),
	}},
	{class: "house number before the street, or after a word", by: map[int]func(*rand.Rand) string{
		address: one("nr. 127 på Ærøsundvænget", "127 B, Ærøsundvænget", "nummer 127 i Ærøsundvænget", "Ærøsundvænget, hus 127", "Ærøsundvænget i nr. 127"),
		gammel:  one("48 Gl. Rørsangergade", "nr 48 på Gammel Rørsangergade", "Gammel Rørsangergade i nummer 48"),
		stay:    one("nr. 9 på Tusindfrydvej", "9 Tusindfrydv.", "Tusindfrydvej, opgang 9"),
	}},
	{class: "house number with letter and floor", by: map[int]func(*rand.Rand) string{
		address: one("Ærøsundvænget 127B", "Ærøsundvænget 127 b, 2. sal", "Ærøsundvænget 127, 2.tv.", "Ærøsundvænget 127-B", "Ærøsundvænget 127/2"),
		stay:    one("Tusindfrydvej 9A", "Tusindfrydvej 9, kld.", "Tusindfrydvej 9-11"),
	}},
	{class: "the name alone", by: map[int]func(*rand.Rand) string{stay: one("Åkandely", "åkandely", "Åkandelys personale"), person: one("Zøhra", "Zohra", "ZØHRA")}},
	{class: "order and initials of a name", by: map[int]func(*rand.Rand) string{person: one("El-Ømadi, Zøhra", "Zøhra El-Ømadi", "El-Ømadi, Zøhra Opdigtet", "Z. El-Ømadi", "zøhra el ømadi", "Zøhra O. El-Ømadi")}},
	{class: "address of mail", by: map[int]func(*rand.Rand) string{mail: one("zohra.opdigt@ellehoej.test", "zohra.opdigt (at) ellehoej.test", "Zohra.Opdigt@Ellehøj.test", "zohra punktum opdigt snabela ellehoej punktum test", "zohra.opdigt @ ellehoej . test", "zohraopdigt[at]ellehoej[dot]test")}},
	{class: "name of a file", by: map[int]func(*rand.Rand) string{
		address: one("notat_aeroesundvaenget127_v2.pdf", "Ærøsundvænget-127.docx"), stay: one("Akandely-plan.docx", "referatÅkandely.pdf"), person: one("Zohra_El-Omadi_2026.pdf", "el_omadi_zohra.docx"),
		phone: one("opkald-00123456.txt", "tlf_00_12_34_56.pdf"), school: as("laerkesporets_skole_status.docx"),
	}},
	{class: "code of a link", by: map[int]func(*rand.Rand) string{
		address: one("https://kort.test/?q="+url.QueryEscape("Ærøsundvænget 127"), "https://kort.test/sted/"+url.PathEscape("Ærøsundvænget 127 B"), "https://kort.test/%C6r%F8sundv%E6nget+127"),
		gammel:  one("https://kort.test/?q="+url.QueryEscape("Gammel Rørsangergade 48"), "https://kort.test/til?u="+url.QueryEscape("https://kort.test/"+url.PathEscape("Gl. Rørsangergade 48"))),
		stay:    one("https://kort.test/"+url.PathEscape("Åkandely"), "https://kort.test/?q=Tusindfrydvej%209"), school: as("https://kort.test/L%C3%A6rkesporets%20Skole"),
		phone: one("tel:%2B4500123456", "https://slå-op.test/?nr=00+12+34+56", "https://opslag.test/00%2012%2034%2056"), mail: as("mailto:zohra.opdigt%40ellehoej.test"),
	}},
	{class: "code of a page of the web", by: map[int]func(*rand.Rand) string{
		address: one("&AElig;r&oslash;sundv&aelig;nget&nbsp;127", "&#198;r&#248;sundv&#xE6;nget 127"), stay: one("&Aring;kandely", "Krisecenter&nbsp;&#x00C5;kandely"), person: as("Z&oslash;hra"), phone: as("00&nbsp;12&nbsp;34&nbsp;56"),
		code: as("Bl&aring;b&aelig;rgr&oslash;d"),
	}},
	{class: "marks of direction between", by: each(func(r *rand.Rand, s string) string {
		letters, mark := []rune(s), []string{"\u202a", "\u202d", "\u202e", "\u2066", "\u2067", "\u200f"}[r.IntN(6)]
		at := 1 + r.IntN(len(letters)-1)
		return mark + string(letters[:at]) + mark + string(letters[at:]) + "\u202c\u2069"
	})},
	{class: "attached as PDF", by: each(asItStands), file: func(text string) []byte { return filemake.PDF("", "Se næste side.", text) }},
	{class: "attached as DOCX", by: each(asItStands), file: func(text string) []byte { return filemake.DOCX(text, nil) }},
	{class: "where a link in a DOCX leads", by: each(func(r *rand.Rand, s string) string {
		return "https://kort.test/" + []string{url.PathEscape(s), "?q=" + url.QueryEscape(s)}[r.IntN(2)]
	}), file: func(text string) []byte {
		at := strings.Index(text, "https:")
		to, _, _ := strings.Cut(text[at:], " ")
		return filemake.DOCX("Se kortet.", map[string]string{"word/_rels/document.xml.rels": `<R><Relationship Target="` + strings.TrimRight(to, ".,:?)\"\n") + `"/></R>`})
	}},
	{class: "attached as plain text", by: each(asItStands), file: func(text string) []byte { return []byte(text) }},
}

func asItStands(r *rand.Rand, s string) string {
	return []string{s, strings.ToUpper(s), twoLetters.Replace(s)}[r.IntN(3)]
}

// inFile is what is read in a file, as the sharing of one reads it.
func inFile(data []byte) string {
	f, err := filetext.Read(data)
	if err != nil || f.Unread {
		panic(fmt.Sprint("a file of the corpus is not read: ", err)) // they are made here
	}
	return f.Words
}

// half is how many texts of each sort there are.
const half = 200

// disguised makes the texts with a fact in disguise, by class.
func disguised() []text {
	r := rand.New(rand.NewPCG(12, 2026))
	count := make([]int, len(disguises))
	for i := range half {
		count[i%len(disguises)]++
	}
	var list []text
	for i, d := range disguises {
		var of []int
		for fact := range facts {
			if d.by[fact] != nil {
				of = append(of, fact)
			}
		}
		for n := range count[i] {
			fact := of[n%len(of)]
			words := fmt.Sprintf(around[r.IntN(len(around))], d.by[fact](r))
			if d.file != nil {
				words = inFile(d.file(words))
			}
			list = append(list, text{d.class, fact, words})
		}
	}
	return list
}

// near are sentences that come near a fact without telling it, and ordinary ones; %d is a number that is none of a fact.
var near = []string{
	"Hun gik en tur ad Ærøsundvænget med sin hund.",
	"Naboen i Ærøsundvænget %d har klaget over støj.",
	"Der er ledige lejligheder på Gammel Rørsangergade %d.",
	"Vejarbejdet på Tusindfrydvej %d begynder i uge 34.",
	"Ærø Sund Vænget er spærret for gennemkørsel efter kl. 9.",
	"Ring på 00 12 34 %d, hvis det haster.",
	"Journalnummer 2026-00123-%d er lukket.",
	"Beløbet er 12.345,%d kr., og det er betalt den 1.2.2026.",
	"Krisecentrene i regionen har plads til %d børn.",
	"Et krisecenter er kontaktet, og vi hører fra dem inden kl. 12.",
	"Åkander og lys er nævnt i barnets tegning.",
	"Skolen ved søen har %d elever, og lærkerne synger.",
	"Lærken fra Sporets Skole er en sang, som klassen øver.",
	"Der serveres blåbær og grød til morgenmad kl. 8.%d.",
	"Bageriet på hjørnet åbner kl. 6 og har %d ansatte.",
	"Gær og knuder stod på indkøbslisten.",
	"Skriv til os på kontakt@ellehoej.test inden %d dage.",
	"Opdigt en historie, sagde læreren, og eleverne skrev %d sider.",
	"Mødet er den %d. juni kl. 13.00 på rådhuset, lokale 48.",
	"Bilag 127 er på 9 sider og vedlægges.",
	"Politiet i Ellehøj har sagsnummer 0999-%d.",
	"Hun er 17 år og går i 1.g, og hun har fravær på %d procent.",
	"Vi har den 14.4. aftalt opfølgning om %d uger, og næste skridt er hos os.",
	"Kl. 9 ringer Tusindfryd, som er navnet på hunden.",
	"Gaden, hvor rørsangeren blev set, har %d huse.",
	"Sagen er drøftet med teamleder og %d kolleger; der er ingen nye oplysninger.",
	"Telefon 99 00 76 54 er vores hovednummer.",
	"Se https://kort.test/?q=%%C3%%86r%%C3%%B8sundv%%C3%%A6nget+%d for vejarbejdet.",
	"Tilbuddet er 100%% gratis & gælder %d dage: https://kort.test/Tusindfrydvej%%20til%%20fods.",
	"Fakturaen 00 123 45 %d er sendt til økonomi.",
}

// hard are clean texts in which the guard finds something all the same: somebody else with the same name, a plant with the name of the place.
// The law of the house is that a false alarm costs a look, and a miss may cost a life.
var hard = []string{"Zøhra Nielsen fra personaleafdelingen er på ferie.", "Firmaet Åkandely Blomster leverer til receptionen.", "Ring til 45 00 12 34 56 78 90 12, som er et løbenummer og ikke en telefon."}

// clean makes the texts without a fact.
func clean() []string {
	r := rand.New(rand.NewPCG(13, 2026))
	list := append([]string{}, hard...)
	for n := 0; len(list) < half; n++ {
		s := near[n%len(near)]
		if strings.Contains(s, "%d") {
			s = fmt.Sprintf(s, []int{1, 8, 11, 12, 21, 57, 74, 88, 90, 1270}[r.IntN(10)])
		}
		if n >= len(near) { // the second time in company
			s += " " + strings.Split(around[r.IntN(len(around))], "%s")[0]
		}
		switch n % 10 { // some of them in a file
		case 8:
			s = inFile(filemake.PDF("", s))
		case 9:
			s = inFile(filemake.DOCX(strings.ReplaceAll(s, "&", "&amp;"), nil))
		}
		list = append(list, s)
	}
	return list
}
