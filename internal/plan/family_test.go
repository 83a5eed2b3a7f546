package plan_test

import (
	"testing"

	"samspil/internal/plan"
)

// Whoever plans contact with the family is asked, in whatever word they write of it (R1).
func TestEveryWordForTheFamilyIsAskedAbout(t *testing.T) {
	for _, title := range []string{
		"Ring til hendes storebror", "Tal med lillebroren", "Lillebrors skole", "Samtale med storesøsteren", "Spørg lillesøster", "Halvbrødrene inviteres", "Møde med søskende", "Ring til brødrene",
		"Ring til hans søstre", "Broderen orienteres", "Tvillingesøster spørges", "Kontakt svigermor", "Svigerfarens syn", "Møde med svigerfamilien", "Svigerinden", "Ring til svogeren",
		"Ring til ægtefællen", "Tal med hendes mand", "Manden orienteres", "Mandens samtykke", "Manden fra politiet", "Tal med konen", "Hans kone", "Ægtemanden", "Eksmanden", "Hustruens svar",
		"Tal med forlovede", "Den forlovede", "Kæresten orienteres", "Ekskæresten", "Samleveren",
		"Mor", "moren", "Mødrene", "Moderen", "Barnemoren", "Fars samtykke", "faren", "Faderens svar", "Fædrene", "Forælderen", "Forældremøde", "Stedfaren", "Stedmors hjem", "Bonusfar", "Papmor",
		"Ring til moster", "Mosteren", "Mostrene", "Fasters adresse", "Fastre", "Farbroren", "Farbrødrene", "Morbrors syn", "Onklen", "Onklerne", "Onkels", "Tanten", "Tanterne", "Fætteren", "Fætrene",
		"Kusinerne", "Kusinens", "Niecen", "Nevøen", "Bedsteforældrene", "Bedstemor", "Bedstefaren", "Mormor", "Mormorens", "Morfar", "Farmors brev", "Farfar", "Oldemor", "Værgens samtykke",
		"Klanen høres", "Klanleder", "Slægtens ældste", "Slægtninge", "Imamen mægler", "Moskeens bestyrelse", "De pårørende", "Netværksmøde", "Storfamilien", "Partshøring", "Hjemmebesøg",
		"Call her older brother", "Her sisters", "Talk to mother", "Mother's consent", "Dad", "Parents' meeting", "The parent", "Family meeting", "His wife", "Their wives", "Husband", "Spouse", "Fiancé", "Uncle",
		"Aunts", "Cousins", "Nephew", "Niece", "Grandmother", "Grandparents", "Mother-in-law", "Stepfather", "The clan", "Relatives", "Siblings", "Guardian", "Boyfriend",
		"Ring til soesteren", "Moede med foraeldrene", "RING TIL STOREBROR", "mor/far", "Mor-barn-samtale", "Storebror(20)",
	} {
		if !plan.SoundsLikeFamily(title) {
			t.Errorf("%s: nobody asks", title)
		}
	}
	for _, title := range []string{
		"Møde mandag", "Mandat i forum", "Ring mandag morgen", "Mandskab", "Manddækning", "Formøde", "Farvel til AKT", "Vurdér akut fare", "Vurdér farer", "Farerne gennemgås", "Moderniser planen", "Moderne værktøj",
		"Momsnummer", "Moms", "Konkret aftale", "Konference", "Konsulent", "Brud på reglen", "Humor", "Parentes", "Den bedste løsning", "Bedst at vente", "Klandre ingen", "Klang", "Onsdag", "Ring til politiet",
		"Plejefamilien får besked", "Faglig sparring", "Møde på skolen i morgen", "Ring til sikkerhedskonsulenten", "Kontakt Etnisk Konsulentteam", "Fasttelefon", "Fastlæg dag", "Brobyggere", "Nyt telefonnummer",
		"Monday meeting", "Management", "Mandatory", "More help", "Step by step",
	} {
		if plan.SoundsLikeFamily(title) {
			t.Errorf("%s: a false alarm", title)
		}
	}
}
