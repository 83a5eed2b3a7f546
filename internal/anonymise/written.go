package anonymise

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a text is searched for whatever stands in the case. Every pattern has the word that it is replaced by.
var patterns = []struct {
	kind, after string
	find        *regexp.Regexp
}{
	{CPR, "[CPR-nummer fjernet]", regexp.MustCompile(`[0-9]\d[01]\d{3}\s?[-–.]?\s?\d{4}`)},
	{CPR, "[fødselsdato fjernet]", regexp.MustCompile(`(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d\d`)},
	{Number, "[sagsnummer fjernet]", regexp.MustCompile(`(?:19|20)\d\d-\d{3,6}`)},
	{Mail, "[mailadresse fjernet]", regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d.-]+\p{L}`)},
	{Phone, "[telefonnummer fjernet]", regexp.MustCompile(`(?:(?:\+|00)\d{2}[ .-]?)?(?:\d[ .\-/]?){7}\d`)},
	{Address, "adressen", regexp.MustCompile(`\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3}?(?:[ -]?(?:[Vv]ej|[Gg]ade|[Aa]ll[eé]|[Ss]træde|[Pp]lads|[Vv]ænge|[Vv]ænget|[Pp]arken|[Tt]oft|[Tt]often|[Bb]oulevard|[Bb]akke|[Bb]akken|[Kk]aj|[Tt]orv|[Hh]ave|[Ee]ngen|[Ll]unden|[Ss]ti|[Gg]ård|[Vv]angen))(?:e?n|e?t)?,? (?:nr\. ?)?\d{1,4}`)},
	{Address, "adressen", regexp.MustCompile(`(?:Vejen|Gaden|Strædet|Pladsen|Torvet|Vænget|Parken|Toften|Engen|Lunden|Bakken|Haven|Stien|Gården|Kajen),? (?:nr\. ?)?\d{1,4}`)},
	{Address, "vejen", regexp.MustCompile(`\p{Lu}\p{L}{2,}(?:vej|gade|allé|alle|stræde|vænge|parken|toften|boulevard)(?:en|et|s|ens|ets)?`)},
	{Address, "byen", regexp.MustCompile(`(?:1[0-8]|2[1-9]|[3-9]\d)\d\d \p{Lu}\p{L}+(?: [NØSVCK]\b)?`)},
	{School, "skolen", regexp.MustCompile(`(?:\p{Lu}[\p{L}’'-]*(?: \p{Lu}[\p{L}.’'-]*)* )?[\p{L}’'-]*(?:[Ss]kole(?:n|ns|s)?|[Gg]ymnasi(?:um|et|ets|ums)|[Bb]ørnehave(?:n|ns)?|[Vv]uggestue(?:n|ns)?)`)},
}

// general are words for any school: they tell nothing.
var general = []string{"skole", "folkeskole", "privatskole", "friskole", "efterskole", "grundskole", "ungdomsskole", "heldagsskole", "specialskole", "produktionsskole", "højskole", "musikskole", "danseskole",
	"sprogskole", "koranskole", "erhvervsskole", "handelsskole", "hovedskole", "gymnasi", "børnehave", "vuggestue", "skovbørnehave"}

// written are the places where a number, an address, a school or a day stands.
func written(text string, today time.Time) []span {
	var list []span
	for _, p := range patterns {
		for _, m := range p.find.FindAllStringIndex(text, -1) {
			from, to := m[0], m[1]
			if p.after == "adressen" {
				to = door(text, to)
			}
			if p.after == "vejen" && slices.Contains(ways, strings.ToLower(text[from:to])) {
				continue
			}
			if !apart(text, from, to) {
				continue
			}
			if p.kind == School {
				if from = named(text, from, to); from < 0 {
					continue
				}
			}
			list = append(list, span{from: from, to: to, kind: p.kind, after: p.after, who: -1})
		}
	}
	return append(days(text, today), list...)
}

// ways are words that end like a street and are none.
var ways = []string{"genvej", "genvejen", "udvej", "udveje", "udvejen", "omvej", "omvejen", "motorvej", "motorvejen", "undervejs", "skolevej", "skolevejen", "hjemvej", "hjemvejen", "smutvej", "smutvejen",
	"indkørselsvej", "landevej", "landevejen", "hovedgade", "hovedgaden", "sidegade", "sidegaden", "gågade", "gågaden", "cykelvej", "gangvej", "luftvej", "levevej", "mellemvej"}

var (
	houseLetter = regexp.MustCompile(`^ ?[A-Za-z]`)
	floor       = regexp.MustCompile(`^, ?(?:st|\d{1,2})\.?(?: ?(?:tv|th|mf)\b\.?)?`)
)

// door is where an address ends whose house number ends at to: a letter of the house and a floor belong to it, the next word does not.
func door(text string, to int) int {
	for _, more := range []*regexp.Regexp{houseLetter, floor} {
		if end := to + len(more.FindString(text[to:])); !goesOn(text, end) {
			to = end
		}
	}
	return to
}

// apart reports whether a place is not in the middle of a word or a number.
func apart(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && !goesOn(text, to)
}

// goesOn reports whether a word or a number that ends here goes on.
func goesOn(text string, to int) bool {
	after, _ := utf8.DecodeRuneInString(text[to:])
	return unicode.IsLetter(after) || unicode.IsDigit(after)
}

// named is where the name of a school begins: "Ellehøj Skole", "Åskolen"; -1 where it has none.
func named(text string, from, to int) int {
	words := strings.Fields(text[from:to])
	last := words[len(words)-1]
	stem := strings.ToLower(last)
	for _, e := range []string{"ens", "ns", "n", "s", "um", "ums", "et", "ets"} {
		if cut, ok := strings.CutSuffix(stem, e); ok && (strings.HasSuffix(cut, "e") || strings.HasSuffix(cut, "gymnasi")) {
			stem = cut
			break
		}
	}
	plain := slices.Contains(general, stem)
	if len(words) == 1 {
		if plain || !unicode.IsUpper([]rune(last)[0]) {
			return -1
		}
		return from
	}
	if !plain && unicode.IsUpper([]rune(last)[0]) && len(words) > 1 {
		return from + strings.LastIndex(text[from:to], last) // "Hun går på Åskolen" is caught by its last word
	}
	first := []rune(words[0])[0]
	if !unicode.IsUpper(first) || slices.Contains(beginnings, words[0]) && len(words) == 2 {
		return -1
	}
	return from
}

// beginnings are words that stand before "skole" at the beginning of a sentence.
var beginnings = []string{"Hendes", "Hans", "Deres", "Vores", "Min", "Din", "En", "Den", "Ingen", "Anden", "Ny", "Nuværende", "Tidligere", "Hvilken", "Begge", "Fra", "På", "I", "Efter", "Mellem", "Både", "Også", "Når", "Og", "Men", "Da", "Siden"}

var months = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

var (
	dayInWords   = regexp.MustCompile(`(?i)(?:\bden |\bd\. ?)?\b([0-3]?\d)\.? (januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|nov|dec)\b\.?)(?:,? ((?:19|20)\d\d))?`)
	dayInNumbers = regexp.MustCompile(`(?i)(?:\bden |\bd\. ?)?\b([0-3]?\d)[/.-]([01]?\d)(?:[/.-]((?:19|20)?\d\d))?\b`)
	dayOfISO     = regexp.MustCompile(`(?i)(?:\bden |\bd\. ?)?\b((?:19|20)\d\d)-([01]\d)-([0-3]\d)\b`)
)

// days are the places where a day stands, with how long ago it was.
func days(text string, today time.Time) []span {
	var list []span
	add := func(m []int, d, mo, y int) {
		if at, ok := dayOf(d, mo, y, today); ok {
			list = append(list, span{from: m[0], to: m[1], kind: Date, after: ago(at, today), who: -1})
		}
	}
	group := func(m []int, n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return text[m[2*n]:m[2*n+1]]
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	for _, m := range dayInWords.FindAllStringSubmatchIndex(text, -1) {
		month := strings.ToLower(group(m, 2))
		add(m, number(group(m, 1)), 1+slices.IndexFunc(months, func(full string) bool { return strings.HasPrefix(full, month[:min(3, len(month))]) }), number(group(m, 3)))
	}
	for _, m := range dayInNumbers.FindAllStringSubmatchIndex(text, -1) {
		year := number(group(m, 3))
		if group(m, 3) == "" && text[m[3]] == '.' { // "kl. 8.30", "2.5 timer"
			continue
		}
		if !apart(text, m[0], m[1]) {
			continue
		}
		if year > 0 && year < 100 {
			year += 2000
		}
		add(m, number(group(m, 1)), number(group(m, 2)), year)
	}
	for _, m := range dayOfISO.FindAllStringSubmatchIndex(text, -1) {
		add(m, number(group(m, 3)), number(group(m, 2)), number(group(m, 1)))
	}
	return list
}

// dayOf is a day that is written; without a year it is the one nearest to today.
func dayOf(d, m, y int, today time.Time) (time.Time, bool) {
	if d < 1 || d > 31 || m < 1 || m > 12 {
		return time.Time{}, false
	}
	at := func(year int) time.Time { return time.Date(year, time.Month(m), d, 0, 0, 0, 0, today.Location()) }
	if y > 0 {
		return at(y), at(y).Day() == d
	}
	best := at(today.Year())
	for _, year := range []int{today.Year() - 1, today.Year() + 1} {
		if at(year).Sub(today).Abs() < best.Sub(today).Abs() {
			best = at(year)
		}
	}
	return best, best.Day() == d
}

// ago says how long ago a day was, or how soon it is.
func ago(at, today time.Time) string {
	today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, today.Location())
	days := int(today.Sub(at).Round(24*time.Hour) / (24 * time.Hour))
	switch days {
	case 0:
		return "i dag"
	case 1:
		return "i går"
	case -1:
		return "i morgen"
	}
	length := spell(max(days, -days))
	if days < 0 {
		return "om " + length
	}
	return "for " + length + " siden"
}

func spell(days int) string {
	switch {
	case days < 14:
		return fmt.Sprintf("%d dage", days)
	case days < 60:
		return fmt.Sprintf("%d uger", (days+3)/7)
	case days < 700:
		return fmt.Sprintf("%d måneder", (days+15)/30)
	}
	return fmt.Sprintf("%d år", (days+182)/365)
}

// factWords are what a protected fact becomes; one without a word is taken out.
var factWords = map[string]string{"address": "adressen", "place_of_stay": "opholdsstedet", "school": "skolen", "workplace": "arbejdspladsen", "phone": "[telefonnummer fjernet]", "email": "[mailadresse fjernet]"}

// kindOf is the kind of finding of a protected fact.
func kindOf(fact string) string {
	switch fact {
	case "address", "place_of_stay":
		return Address
	case "school":
		return School
	case "phone":
		return Phone
	case "email":
		return Mail
	case "name":
		return Name
	}
	return Fact
}

// partnerWord is what the name of a partner becomes, and whether the name would tell where somebody is.
func partnerWord(partnerType string) (word string, tells bool) {
	w, ok := partnerWords[partnerType]
	if !ok {
		return "en samarbejdspartner", false
	}
	return w.word, w.tells
}

var partnerWords = map[string]struct {
	word  string
	tells bool
}{
	"school": {"skolen", true}, "youth_education": {"uddannelsesstedet", true}, "daycare": {"dagtilbuddet", true}, "crisis_centre": {"krisecentret", true}, "mens_crisis_centre": {"krisecentret", true},
	"shelter": {"herberget", true}, "safehouse": {"opholdsstedet", true}, "housing_association": {"boligorganisationen", true}, "healthcare": {"sundhedsvæsenet", true}, "other_municipality": {"en anden kommune", true},
	"civil_society": {"en forening", true}, "lawyer": {"advokaten", true}, "police_district": {"politiet", false}, "police_resource_person": {"politiet", false}, "ssp": {"SSP", false}, "ppr": {"PPR", false},
	"security_consultant": {"sikkerhedskonsulenten", false}, "family_dept": {"myndighedsafdelingen", false}, "adult_social": {"voksenrådgivningen", false}, "jobcentre": {"jobcentret", false}, "health_visitor": {"sundhedsplejen", false},
	"legal": {"juristen", false}, "red_advice": {"en rådgivning", false}, "family_court": {"familieretshuset", false},
}
