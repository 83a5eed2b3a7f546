package forum

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
)

// DecisionInput is one line: what, who, by when.
type DecisionInput struct {
	Key      uuid.UUID
	Item     uuid.UUID
	What     string
	Seat     uuid.UUID
	DueOn    time.Time
	Reaches  bool // reaches parents or network: refused while the risk is not assessed (R1)
	Harmless bool // does not reach the family although it sounds like it (R1)
}

func (in DecisionInput) check(bad fault.Invalid, now time.Time) {
	bad.Check("what", in.What != "", "forum.error.what")
	bad.AtMost("what", in.What, MaxLine)
	bad.Check("seat", in.Seat != uuid.Nil, "forum.error.seat_choose")
	bad.Check("due", !in.DueOn.IsZero(), "forum.error.due")
	bad.Check("due", in.DueOn.IsZero() || i18n.Days(in.DueOn, now) >= 0, "forum.error.past")
	bad.Check("due", in.DueOn.Before(now.AddDate(farthest, 0, 0)), "forum.error.far")
}

// Decide records what was decided about an item of the opened case. It becomes a step of the plan in the same transaction, and what a
// seat is told with it stands in the register.
func Decide(ctx context.Context, tx *db.Tx, k keys.Keys, in DecisionInput) ([]sharing.Finding, error) {
	if !tx.Rights.May(actor.Write | actor.Addresses) {
		return nil, fault.Forbidden
	}
	bad := fault.Invalid{}
	in.check(bad, tx.Now)
	if err := bad.Err(); err != nil {
		return nil, err
	}
	all, err := db.Many[given](ctx, tx, `
		SELECT l.seat_id, l.item_id, s.user_id, s.contact_id, c.organisation_id, i.title, '' AS body, '' AS extra, '' AS question, `+restsOn+`,
		       s.user_id IS NOT NULL AND (s.user_id = @me OR EXISTS (SELECT 1 FROM app.may_be_alarmed(@case) m WHERE m.id = s.user_id)) AS knows
		  FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case x ON x.id = i.id AND x.case_id = @case JOIN app.forum_seat s ON s.id = l.seat_id
		  LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id WHERE l.item_id = @item AND l.seat_id = @seat AND l.given_at IS NOT NULL`,
		db.Args{"colleague": reference.Colleague, "case": tx.CaseID, "item": in.Item, "seat": in.Seat, "me": tx.Actor.UserID})
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, fault.Invalid{"seat": "forum.error.seat_choose"}
	}
	g := all[0]
	if found, err := look(ctx, tx, k, map[string]string{"what": in.What}, g.Naming == Anonymous); err != nil || len(found) > 0 {
		return found, err
	}
	id := db.KeyOf(in.Key, in)
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_action (id, item_id, seat_id, what, due_on, made_by) VALUES (@id, @item, @seat, @what, @due::text::date, @me) ON CONFLICT (id) DO NOTHING`,
		db.Args{"id": id, "item": in.Item, "seat": in.Seat, "what": in.What, "due": in.DueOn.Format(time.DateOnly), "me": tx.Actor.UserID})
	if err != nil || n == 0 {
		return nil, emptySeat(err, "seat")
	}
	step, err := addStep(ctx, tx, in, g)
	if err != nil {
		return nil, err
	}
	if !g.Knows {
		if _, err := register(ctx, tx, k, g, g.Title, in.What); err != nil {
			return nil, err
		}
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO app.forum_action_step (case_id, action_id, step_id) VALUES (@case, @action, @step)`, db.Args{"case": tx.CaseID, "action": id, "step": step}); err != nil {
		return nil, err
	}
	return nil, timeline.Record(ctx, tx, timeline.ForumDecided, in.Item, nil)
}

// addStep makes the step. A colleague who is not of the case cannot answer for a step in it: then who writes does.
func addStep(ctx context.Context, tx *db.Tx, in DecisionInput, g given) (uuid.UUID, error) {
	plans, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.plan WHERE case_id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return uuid.Nil, err
	}
	if len(plans) == 0 {
		if err := plan.Start(ctx, tx, ""); err != nil {
			return uuid.Nil, err
		}
	}
	who := plan.ByUser(tx.Actor.UserID)
	switch {
	case g.ContactID != nil:
		who = plan.ByContact(*g.ContactID)
	case g.Knows:
		who = plan.ByUser(*g.UserID)
	}
	step, err := plan.AddStep(ctx, tx, plan.StepInput{Title: in.What, Detail: "Besluttet i forum: " + g.Title, Responsible: who, Due: in.DueOn, Reaches: in.Reaches, Harmless: in.Harmless, NamesOK: g.Naming == Named})
	if bad := (fault.Invalid{}); errors.As(err, &bad) {
		for from, to := range map[string]string{"title": "what", "phase": "what", "responsible": "seat"} {
			if bad[from] != "" {
				bad[to] = bad[from]
				delete(bad, from)
			}
		}
		return uuid.Nil, bad
	}
	return step, err
}

// Report says how a decision went: the seat that it waits for, or somebody of the case.
func Report(ctx context.Context, tx *db.Tx, action uuid.UUID, state, words string) error {
	bad := fault.Invalid{}
	bad.Check("state", slices.Contains(Reports, state), "error.choose")
	bad.Check("words", state == "done" || words != "", "forum.error.why")
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	last, err := db.Many[string](ctx, tx, `SELECT r.state || r.words FROM app.forum_report r JOIN app.forum_action a ON a.id = r.action_id AND a.state = r.state
		WHERE r.action_id = @action ORDER BY r.written_at DESC, r.id LIMIT 1`, db.Args{"action": action})
	if err != nil || len(last) > 0 && last[0] == state+words { // the same form, sent twice
		return err
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_report (action_id, state, words, written_by) SELECT a.id, @state, @words, @me FROM app.forum_action a WHERE a.id = @action`,
		db.Args{"action": action, "state": state, "words": words, "me": tx.Actor.UserID})
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}
