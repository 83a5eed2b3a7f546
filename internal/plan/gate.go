package plan

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/risk"
)

// askGate asks how the gate of the opened case stands.
func askGate(b *db.Batch) *string {
	return db.Get[string](b, `SELECT state FROM app.gate(@case)`, db.Args{"case": b.CaseID})
}

// checkGate refuses what may not be planned while the gate is shut (barnets lov § 18, stk. 3; R1). before is the step as it was, or nil.
func (in *StepInput) checkGate(bad fault.Invalid, state string, before *Step) {
	if casefile.GateState(state) != casefile.GateShut {
		return
	}
	was := before != nil && before.RequiresGate
	sameTitle := before != nil && before.Title == in.Title
	bad.Check("title", in.Reaches || in.Harmless || sameTitle || !SoundsLikeFamily(in.Title), FamilyInTitle)
	bad.Check("reaches", before != nil || !in.Reaches, risk.Shut)
	bad.Check("reaches", !was || in.Reaches, "gate.stays")
	if was && in.Reaches {
		due := in.due()
		bad.Check("title", sameTitle, risk.Shut)
		bad.Check("due", due == nil || before.DueAt != nil && due.Equal(*before.DueAt), risk.Shut)
	}
	if before != nil && !was && in.Reaches { // whoever sees now that the step reaches the family takes it out of the calendar
		in.Due, in.DueHasTime = time.Time{}, false
	}
}

// atGate refuses to begin or tick a step that reaches the family while the gate is shut.
func atGate(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	gated, err := db.Many[bool](ctx, tx, `SELECT requires_gate FROM app.plan_step WHERE id = @id AND case_id = @case`, db.Args{"id": id, "case": tx.CaseID})
	if err != nil || len(gated) == 0 || !gated[0] {
		return err
	}
	return risk.Demand(ctx, tx)
}
