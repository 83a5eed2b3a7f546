package journal

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/risk"
)

// Family is whether what a note tells of reached parents or network, whoever of them stands in the case (R1). While the gate is
// shut every note answers: what is in its text, only readers understand.
type Family string

// The answers. A note of a time when the gate was open has none.
const (
	FamilyNo   Family = "no"
	FamilyCame Family = "came" // of their own accord: that must be noted, also while the gate is shut (offentlighedsloven § 13)
	FamilyOurs Family = "ours" // we made the contact: only where a team lead has opened the gate
)

// Families are the answers, in the order of the form.
var Families = []Family{FamilyNo, FamilyCame, FamilyOurs}

// atGate refuses a note of contact with parents or network that was ours to begin, if the gate was shut when it happened and no
// lead's opening is in force. A correction has the kind of its note and answers anew; was is the answer of that note.
func (in Input) atGate(ctx context.Context, tx *db.Tx, was Family) error {
	bad := fault.Invalid{}
	shut, err := db.One[bool](ctx, tx, `SELECT app.gate_was_shut(@case, @at)`, db.Args{"case": tx.CaseID, "at": in.HappenedAt})
	if err != nil || !shut {
		return err
	}
	around, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.person WHERE case_id = @case AND NOT is_citizen AND id = ANY (@people))`,
		db.Args{"case": tx.CaseID, "people": in.People})
	if err != nil {
		return err
	}
	corrects := in.Corrects != uuid.Nil
	bad.Check("kind", corrects || !slices.Contains(FamilyKinds, in.Kind), "gate.note")
	bad.Check("family", in.Family != "", "gate.family")
	bad.Check("family", in.Family != FamilyOurs || corrects && (was == "" || was == FamilyOurs), "gate.spoken") // a note of an open gate has no answer
	bad.Check("family", !around || in.Family != FamilyNo, "gate.around")
	return bad.Err()
}

// refusedAtGate turns the database's own refusal into one of a field.
func refusedAtGate(err error, field, key string) error {
	if risk.At(risk.Refused(err)) {
		return fault.Invalid{field: key}
	}
	return err
}
