package casefile

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/leakguard"
)

// reachKinds are the protected facts that may not stand in words that everybody of the case reads: they find the citizen. A school or a
// name may, for "through the teacher" is how safe contact is said; of what leaves the case every fact is looked for (R12).
var reachKinds = []string{"phone", "email", "address", "place_of_stay", "code_word"}

// cprInWords is a CPR number: six digits that are a day, and four.
var cprInWords = regexp.MustCompile(`\b[0-9]\d[01]\d{3}[ -]?\d{4}\b`)

// CheckOpenWords refuses words that hold a protected fact of the opened case of some kinds (none: of any), or a CPR number, by field. Their
// comparing stands in the trail.
func CheckOpenWords(ctx context.Context, tx *db.Tx, k keys.Keys, fields map[string]string, kinds ...string) error {
	rows, err := db.Many[struct {
		ID         uuid.UUID
		Kind       string
		Ciphertext []byte
	}](ctx, tx, `SELECT g.id, g.kind, g.ciphertext FROM app.guard_facts(@case) g ORDER BY g.id`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	var facts []leakguard.Fact
	for _, r := range rows {
		if len(kinds) > 0 && !slices.Contains(kinds, r.Kind) {
			continue
		}
		text, err := k.Unseal(FactCell(tx.CaseID, r.ID), r.Ciphertext)
		if err != nil {
			return err
		}
		facts = append(facts, leakguard.Fact{Kind: r.Kind, Value: text})
	}
	guard, bad := leakguard.New(facts), fault.Invalid{}
	for field, words := range fields {
		bad.Check(field, !cprInWords.MatchString(words) && len(guard.Scan(words)) == 0, "error.open_words")
	}
	return bad.Err()
}

// minReason is how many characters a reason has that sets rules aside, in two words or more: "x" tells a lead nothing.
const minReason = 15

// explains reports whether a reason is one.
func explains(reason string) bool {
	return utf8.RuneCountInString(reason) >= minReason && len(strings.Fields(reason)) >= 2
}
