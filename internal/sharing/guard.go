package sharing

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/keys"
	"samspil/internal/leakguard"
)

// The parts of an entry that are compared.
const (
	PartText = "text"
	PartFile = "file"
)

// Finding is a protected fact that stands in what was written: the sentence, cut where the fact begins and ends.
type Finding struct {
	FactID                uuid.UUID
	Kind                  string // one of [casefile.FactKinds]
	Person                string // of whom; empty for the citizen
	Part                  string // [PartText] or [PartFile]
	Before, Match, Behind string
}

// fact is a protected fact with its text, for as long as it takes to compare.
type fact struct {
	id           uuid.UUID
	kind, person string
}

// watch is the guard of a case, with the facts it looks for.
type watch struct {
	*leakguard.Guard
	facts []fact
	blind []string // the kinds of facts that are too short to be looked for
}

// watchOf opens every protected fact of the opened case to compare with. Nothing of it reaches a screen but what is found.
func watchOf(ctx context.Context, tx *db.Tx, k keys.Keys) (watch, error) {
	rows, err := db.Many[SealedFact](ctx, tx, factColumns+`app.guard_facts(@case)`+ofWhom, db.Args{"case": tx.CaseID})
	if err != nil {
		return watch{}, err
	}
	return newWatch(k, tx.CaseID, rows)
}

// Facts opens every protected fact of the opened case, for a text that leaves it and is no sharing: an anonymous question.
func Facts(ctx context.Context, tx *db.Tx, k keys.Keys) ([]leakguard.Fact, error) {
	rows, err := db.Many[SealedFact](ctx, tx, factColumns+`app.guard_facts(@case)`+ofWhom, db.Args{"case": tx.CaseID})
	if err != nil {
		return nil, err
	}
	list := make([]leakguard.Fact, len(rows))
	for i, r := range rows {
		text, err := k.Unseal(casefile.FactCell(tx.CaseID, r.ID), r.Ciphertext)
		if err != nil {
			return nil, err
		}
		list[i] = leakguard.Fact{Kind: r.Kind, Value: text}
	}
	return list, nil
}

// SealedFact is a protected fact as the database holds it.
type SealedFact struct {
	ID         uuid.UUID
	Kind       string
	Person     string
	Ciphertext []byte
}

const (
	factColumns = `SELECT g.id, g.kind, CASE WHEN p.is_citizen THEN '' WHEN p.name <> '' THEN p.name ELSE p.relation END AS person, g.ciphertext FROM `
	ofWhom      = ` g JOIN app.person p ON p.case_id = @case AND p.id = g.person_id ORDER BY p.is_citizen DESC, g.kind, g.id`
)

// HeldFacts asks for the facts to compare a sharing with that waits; none for whoever may not release it, and of any other sharing.
func HeldFacts(b *db.Batch, id uuid.UUID) *[]SealedFact {
	return db.All[SealedFact](b, factColumns+`app.held_facts(@case, @id)`+ofWhom, db.Args{"case": b.CaseID, "id": id})
}

// Compare finds the facts in what was written, for the page of a sharing that waits.
func Compare(k keys.Keys, caseID uuid.UUID, facts []SealedFact, text, file, words string) ([]Finding, error) {
	w, err := newWatch(k, caseID, facts)
	if err != nil {
		return nil, err
	}
	return w.all(text, file, words), nil
}

func newWatch(k keys.Keys, caseID uuid.UUID, rows []SealedFact) (watch, error) {
	var w watch
	var looked []leakguard.Fact
	for _, r := range rows {
		text, err := k.Unseal(casefile.FactCell(caseID, r.ID), r.Ciphertext)
		if err != nil {
			return watch{}, err
		}
		w.facts = append(w.facts, fact{r.ID, r.Kind, r.Person})
		looked = append(looked, leakguard.Fact{Kind: r.Kind, Value: text})
	}
	w.Guard = leakguard.New(looked)
	for _, i := range w.Blind() {
		w.blind = append(w.blind, w.facts[i].kind)
	}
	return w, nil
}

// all compares every part of an entry.
func (w watch) all(text, file, words string) []Finding {
	return slices.Concat(w.find(PartText, text), w.find(PartFile, file), w.find(PartAttachment, words))
}

// find compares a part of an entry with the facts.
func (w watch) find(part, text string) []Finding {
	var list []Finding
	for _, h := range w.Scan(text) {
		f := w.facts[h.Fact]
		match := text[h.Start:h.End]
		before, behind, _ := strings.Cut(h.Sentence, match)
		list = append(list, Finding{FactID: f.id, Kind: f.kind, Person: f.person, Part: part, Before: before, Match: match, Behind: behind})
	}
	return list
}

// Different are the facts of findings, each once.
func Different(list []Finding) []uuid.UUID {
	var ids []uuid.UUID
	for _, f := range list {
		if !slices.Contains(ids, f.FactID) {
			ids = append(ids, f.FactID)
		}
	}
	return ids
}

var cprNumber = regexp.MustCompile(`\b[0-3]\d[01]\d{3}[ -]?\d{4}\b|\b[4-9]\d[01]\d{3}[ -]?\d{4}\b`)

// personal reports whether a text names the citizen or somebody around them, or holds a CPR number: without a basis it may
// not (R9).
func personal(ctx context.Context, tx *db.Tx, text string) (bool, error) {
	names, err := db.Many[string](ctx, tx, `SELECT name FROM app.person WHERE case_id = @case AND name <> '' ORDER BY id`, db.Args{"case": tx.CaseID})
	if err != nil {
		return false, err
	}
	var people []leakguard.Fact
	for _, n := range names {
		people = append(people, leakguard.Fact{Kind: "name", Value: n})
	}
	text = text + "\n" + leakguard.Decode(text)
	return cprNumber.MatchString(text) || len(leakguard.New(people).Scan(text)) > 0, nil
}

var (
	caseNumber  = regexp.MustCompile(`\b20\d\d-\d{3,6}\b`)
	phoneNumber = regexp.MustCompile(`(?:\+45 ?)?\b\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2}\b`)
)

// Look compares texts that are about to be told with every protected fact of the opened case. named are the parts that hold a name of
// the case or a CPR, case or telephone number, which nothing anonymous does (R9).
func Look(ctx context.Context, tx *db.Tx, k keys.Keys, parts map[string]string) (found []Finding, named []string, err error) {
	w, err := watchOf(ctx, tx, k)
	if err != nil {
		return nil, nil, err
	}
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		text := parts[part]
		found = append(found, w.find(part, text)...)
		who, err := personal(ctx, tx, text)
		if err != nil {
			return nil, nil, err
		}
		text += "\n" + leakguard.Decode(text)
		if who || caseNumber.MatchString(text) || phoneNumber.MatchString(text) {
			named = append(named, part)
		}
	}
	return found, named, nil
}
