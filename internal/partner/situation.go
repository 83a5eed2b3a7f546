package partner

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Situation is something that happens in the work, with whom to call and in which order. Its name is the
// text "situation.<code>". The order follows domain.md section 4 and the plan templates of the reference
// data: the risk is assessed before the family may hear of anything, and protection goes before inquiry.
type Situation struct {
	Code   string
	Area   string   // "child" or "adult" where it only happens there
	Danger bool     // there can be danger to life: 112 stands before all others
	Words  []string // what people write about it, as beginnings of folded words
	Turns  []Turn
}

// Turn is one place in the order: any of the partner types can take it. Why it stands here is the
// text "situation.<situation>.<code of the turn>".
type Turn struct {
	Code  string
	Types []string
	Area  string // "child" or "adult" where only they are called
}

// Those who take the same turn in many situations.
var (
	advice   = []string{"security_consultant", "key_person_team"}
	police   = []string{"police_resource_person", "police_district"}
	patrol   = []string{"police_district", "police_resource_person"}
	shelters = []string{"crisis_centre", "safehouse", "mens_crisis_centre"}
)

// Situations are the ones that the finder offers, in the order of its chips.
var Situations = []Situation{
	{"threats", "", true, []string{"trus", "vold", "slå", "slag", "bange", "fare", "farlig", "stalk", "forfølg", "chikan", "threat", "violen", "hit", "danger", "afraid"},
		[]Turn{{"advice", advice, ""}, {"police", police, ""}, {"stay", shelters, ""}}},
	{"away_tonight", "", true, []string{"væk", "nat", "flygt", "flugt", "akut", "sove", "overnat", "krisecent", "ophold", "away", "tonight", "escape", "shelter", "flee"},
		[]Turn{{"authority", []string{"social_duty", "family_dept"}, "child"}, {"stay", shelters, ""}, {"police", patrol, ""}, {"advice", advice, ""}}},
	{"reeducation_trip", "", true, []string{"genopdrag", "rejse", "udrejs", "udland", "pas", "ferie", "trip", "abroad", "travel", "passport", "reeducation"},
		[]Turn{{"advice", advice, ""}, {"police", patrol, ""}, {"residence", []string{"immigration_service", "siri_residence"}, ""}, {"abroad", []string{"foreign_ministry", "reeducation_coordination", "child_abduction_unit"}, ""}}},
	{"forced_marriage", "", true, []string{"tvangs", "ægteskab", "bryllup", "forlov", "gift", "vielse", "marriage", "marry", "wedding", "engage"},
		[]Turn{{"advice", advice, ""}, {"police", police, ""}, {"stay", shelters, ""}, {"law", []string{"lawyer", "legal"}, ""}}},
	{"address_protection", "", false, []string{"adressebesk", "beskyttelse", "hemmelig", "skjul", "address", "protection", "hide"},
		[]Turn{{"police", police, ""}, {"register", []string{"citizen_service"}, ""}, {"advice", advice, ""}}},
	{"leaked_address", "", true, []string{"lækket", "læk", "fundet", "kender adressen", "leak", "found"},
		[]Turn{{"police", patrol, ""}, {"stay", shelters, ""}, {"law", []string{"legal"}, ""}}},
	{"abuse", "child", true, []string{"overgreb", "krænk", "seksuel", "incest", "abuse", "sexual", "assault"},
		[]Turn{{"house", []string{"childrens_house"}, ""}, {"police", patrol, ""}, {"health", []string{"healthcare"}, ""}}},
	{"digital", "", false, []string{"overvåg", "telefon", "mobil", "konto", "konti", "mitid", "spor", "digital", "hack", "phone", "account", "track", "surveil"},
		[]Turn{{"advice", advice, ""}, {"register", []string{"citizen_service"}, ""}, {"police", police, ""}}},
	{"interpreter", "", false, []string{"tolk", "sprog", "interpret", "language"},
		[]Turn{{"interpreter", []string{"interpreter_service"}, ""}, {"advice", []string{"key_person_team", "red_advice"}, ""}}},
	{"aftercare", "", false, []string{"efterværn", "fylder", "18", "voksenovergang", "udslus", "aftercare", "turn"},
		[]Turn{{"adult", []string{"adult_social"}, ""}, {"education", []string{"youth_guidance", "jobcentre"}, ""}, {"network", []string{"civil_society"}, ""}, {"home", []string{"housing_social", "housing_association"}, ""}}},
	{"doubt", "", false, []string{"tvivl", "bekymr", "mistanke", "sparring", "kontrol", "doubt", "concern", "worried", "control"},
		[]Turn{{"key_person", []string{"key_person_team"}, ""}, {"advice", []string{"security_consultant"}, ""}, {"line", []string{"red_advice", "viso"}, ""}}},
	{"sharing", "", false, []string{"dele", "deling", "hjemmel", "samtykke", "aktindsigt", "tavshed", "share", "sharing", "consent", "legal"},
		[]Turn{{"law", []string{"legal"}, ""}, {"advice", []string{"key_person_team"}, ""}}},
}

// SituationByCode returns a situation.
func SituationByCode(code string) (Situation, bool) {
	i := slices.IndexFunc(Situations, func(s Situation) bool { return s.Code == code })
	if i < 0 {
		return Situation{}, false
	}
	return Situations[i], true
}

// SituationFor finds the situation that somebody describes in free words.
func SituationFor(text string) (Situation, bool) {
	best, most := Situation{}, 0
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, s := range Situations {
		n := 0
		for _, w := range words {
			if slices.ContainsFunc(s.Words, func(stem string) bool { return w == stem || len([]rune(stem)) > 3 && strings.HasPrefix(w, stem) }) {
				n++
			}
		}
		if n > most {
			best, most = s, n
		}
	}
	return best, most > 0
}

// Call is one place in the order with the person to call, and a second who can take the call instead.
// Person is nil where nobody in the directory can: a gap, shown as one.
type Call struct {
	Turn   Turn
	Person *Callable
	Else   *Callable
}

// Ring puts people into the order of a situation. An area leaves out those who do not work there; people
// in known, by contact id, have a part in the case already and are called before others.
func Ring(s Situation, people []Callable, area string, known map[string]bool, now time.Time) []Call {
	var calls []Call
	taken := map[string]bool{}
	for _, turn := range s.Turns {
		if turn.Area != "" && area != "" && turn.Area != area {
			continue
		}
		calls = append(calls, fill(turn, people, area, known, taken, now))
	}
	return calls
}

// fill chooses the person for one turn who is not taken yet.
func fill(turn Turn, people []Callable, area string, known, taken map[string]bool, now time.Time) Call {
	var fit []Callable
	for _, c := range people {
		if slices.Contains(turn.Types, c.PartnerType) && c.Serves(area) && !taken[c.ContactID.String()] {
			fit = append(fit, c)
		}
	}
	fit = Rank(fit, now)
	// The first type named is the one meant; others of the turn take it when none of those answers now.
	slices.SortStableFunc(fit, func(a, b Callable) int {
		return cmp.Or(
			yesFirst(known[a.ContactID.String()], known[b.ContactID.String()]),
			yesFirst(a.Availability(now).Open, b.Availability(now).Open),
			slices.Index(turn.Types, a.PartnerType)-slices.Index(turn.Types, b.PartnerType))
	})
	call := Call{Turn: turn}
	if len(fit) > 0 {
		call.Person = &fit[0]
		taken[fit[0].ContactID.String()] = true
	}
	if len(fit) > 1 && !fit[0].Availability(now).Open && fit[1].Availability(now).Open {
		call.Else = &fit[1]
	}
	return call
}
