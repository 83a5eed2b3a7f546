package plan

import (
	"slices"
	"strings"
)

// FamilyInTitle is the text key of the question whether a step whose title sounds like it reaches parents or network.
const FamilyInTitle = "plan.error.family"

// The words by which a title sounds like contact with parents or network (barnets lov § 18, stk. 3; R1). It is a question and never a verdict:
// a false alarm costs a tick, a word that is missing can cost more. So "manden fra politiet" is asked about, and so is "faren for flugt";
// "mandag" and "mandat" are not, for they are other words. The citizen's own children, friends and neighbours are not among them: those the
// writer says by ticking the box.
var (
	// familyKin are relatives and those who stand in for them, as they stand or with one of [familyEndings].
	familyKin = list(`broder mor moder far fader mama papa mand kone hustru ægtemand tante moster faster onkel onkl fætter kusine niece nevø svoger samlever barnefar barnemor
		gudmor gudfar oldemor oldefar brudgom forælder klan imam forlovet
		mother mum mummy dad daddy father aunt auntie uncle cousin nephew husband wife spouse fiance fiancé fiancée boyfriend girlfriend relative guardian clan parent grandma grandpa`)
	familyEndings = list(`s en ens n ns er ers erne ernes r rs rne rnes`)
	// familyForms are bent inside, or would be another word with an ending: moms is a tax.
	familyForms = list(`mødre mødrene mødrenes fædre fædrene fædrenes mænd mændene mændenes fætre fætrene mostre mostrene fastre fastrene svogre svogrene samlevere samleverne mom wives kin`)
	// familyBegins begin words: compounds, and what hardly begins another word.
	familyBegins = list(`forældre familie netværk partshør hjemmebesøg hjemmet bedstefor bedstemor bedstefar farmor farfar mormor morfar farbror farbrødre morbror morbrødre
		bror søster søskende stedfar stedmor stedforældre papfar papmor bonusfar bonusmor kernefamilie storfamilie sviger slægt ægtefælle ægtepar forlovede kæreste
		værge pårørende nærtstående klanmøde klanleder moské moske
		family families brother sister sibling grandmother grandfather grandparent stepmother stepfather stepparent network`)
	// familyEnds end words: big, little, half and twin brothers and sisters, and those that once were.
	familyEnds = list(`bror brors broren brorens brødre brødrene brødrenes søster søsters søsteren søsterens søstre søstrene søstrenes kæreste kæresten ekskone eksmand eksmanden eksmandens`)
	// familyNot are other words: risks, and to amuse oneself.
	familyNot = list(`farer farers farerne farernes morer`)
)

func list(s string) []string { return strings.Fields(s) }

// SoundsLikeFamily reports whether a title sounds like contact with parents or network.
func SoundsLikeFamily(title string) bool {
	return slices.ContainsFunc(words(title), func(w string) bool { return family(w) || family(danish.Replace(w)) })
}

// danish are the letters of whoever has another keyboard.
var danish = strings.NewReplacer("ae", "æ", "oe", "ø", "aa", "å")

func family(w string) bool {
	if slices.Contains(familyNot, w) {
		return false
	}
	if slices.Contains(familyForms, w) || slices.ContainsFunc(familyBegins, func(f string) bool { return strings.HasPrefix(w, f) }) ||
		slices.ContainsFunc(familyEnds, func(f string) bool { return strings.HasSuffix(w, f) }) {
		return true
	}
	return slices.ContainsFunc(familyKin, func(f string) bool {
		end, ok := strings.CutPrefix(w, f)
		return ok && (end == "" || slices.Contains(familyEndings, end))
	})
}
