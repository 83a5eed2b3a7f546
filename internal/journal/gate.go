package journal

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/risk"
)

// atGate refuses a note of contact with parents or network that was ours to begin, if the gate was shut when it happened. A
// correction tells of what has been noted already.
func (in Input) atGate(ctx context.Context, tx *db.Tx) error {
	if in.Corrects != uuid.Nil {
		return nil
	}
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
	bad.Check("kind", !slices.Contains(FamilyKinds, in.Kind), "gate.note")
	bad.Check("spoken", !around || in.CameToUs, "gate.spoken")
	return bad.Err()
}

// refusedAtGate turns the database's own refusal into one of a field.
func refusedAtGate(err error, field, key string) error {
	if risk.At(risk.Refused(err)) {
		return fault.Invalid{field: key}
	}
	return err
}
