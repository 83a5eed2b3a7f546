package forum_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/forum"
	"samspil/internal/plan"
	"samspil/internal/risk"
)

// What a meeting decides is no way around the gate: a call to her brother is asked about, and what reaches the family is no step, no line
// and no word to a partner before the risk is assessed (R1).
func TestAMeetingSendsNobodyToTheFamilyBeforeTheRiskIsAssessed(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: x.officer()}))
	decide := func(in forum.DecisionInput) error {
		return x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
			in.Key, in.Item, in.Seat, in.DueOn = uuid.New(), id, x.officerSeat(), tx.Now.AddDate(0, 0, 3)
			_, err := forum.Decide(ctx, tx, x.Keys, in)
			return err
		})
	}
	refused(t, decide(forum.DecisionInput{What: "Ring til hendes storebror"}), "what", plan.FamilyInTitle)
	refused(t, decide(forum.DecisionInput{What: "Forklar dem det", Reaches: true}), "reaches", risk.Shut)
	refused(t, decide(forum.DecisionInput{What: "Ring til hendes storebror", Reaches: true, Harmless: true}), "reaches", risk.Shut)
	if n := x.Count(t, `SELECT (SELECT count(*) FROM app.forum_action) + (SELECT count(*) FROM app.plan_step WHERE case_id = $1)`, x.c.ID); n != 0 {
		t.Errorf("%d lines and steps", n)
	}
	x.must(decide(forum.DecisionInput{What: "Politiet finder ud af, hvor hendes storebror bor", Harmless: true}))
	x.Assess(t, x.c, "red")
	x.must(decide(forum.DecisionInput{What: "Ring til hendes storebror", Reaches: true}))
	if n := x.Count(t, `SELECT count(*) FROM app.plan_step WHERE case_id = $1 AND requires_gate`, x.c.ID); n != 1 {
		t.Errorf("%d steps reach the family", n)
	}
}
