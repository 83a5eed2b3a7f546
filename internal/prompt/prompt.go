// Package prompt shows what has happened to a case and asks for something, until somebody says what became of it.
//
// The events are reference data ("event_triggers"). Most prompts are raised by the database: the level that rises, an
// address that changes, a partner who does not answer, an age, the summer holiday (migration 102; the dates by package
// jobs), a new report on the child, a suspicion of honour conflict (migration 118). Others are told here, by somebody who
// has heard of it. Each occurrence prompts once, and each prompt stays in the journal.
package prompt

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// MaxText is how long a note or a reason may be, in characters.
const MaxText = 2000

// The events that somebody hears of; the whole list is the reference data.
const (
	BrokenStay    = "broken_stay"
	AddressChange = "address_change"
	AccessRequest = "access_request"
	LocationLeak  = "location_leak"
	Other         = "other" // told in words
)

// LookBack is the event that a decision is three months old: it is answered where the decision stands, and its key is the
// decision's id (package decision).
const LookBack = "decision_look_back"

// ByHand are the events that somebody hears of and writes down. The gravest comes first.
var ByHand = []string{LocationLeak, BrokenStay, AddressChange, AccessRequest, Other}

// Answer is what became of a prompt.
type Answer string

// The three answers.
const (
	Done        Answer = "done"
	Step        Answer = "step"         // it is a step of the plan now
	NotRelevant Answer = "not_relevant" // and why
)

// Answers are the three, in the order in which they are offered.
var Answers = []Answer{Done, Step, NotRelevant}

// Prompt is one occurrence of an event in a case.
type Prompt struct {
	ID         uuid.UUID
	Rule       string // code of [reference.EventTriggers]
	Key        string // which occurrence it was: an id, a date
	RaisedAt   time.Time
	RaisedBy   string     // empty: the program itself
	HappenedOn *time.Time // where somebody wrote it down
	Note       string
	Answer     Answer // empty: still open
	AnsweredBy string
	AnsweredAt *time.Time
	Reason     string
	StepID     *uuid.UUID
	Version    int

	// PlanStarted is when the plan was started that a rise to orange or red asks for, if that was since; nobody answers the
	// prompt by it, because partners and the lead are called by hand.
	PlanStarted *time.Time
}

// Open reports whether nobody has answered yet.
func (p Prompt) Open() bool { return p.Answer == "" }

const selectPrompt = `
	SELECT p.id, p.rule, p.key, p.raised_at, coalesce(r.display_name, '') AS raised_by, p.happened_on, p.note, coalesce(p.answer, '') AS answer,
	       coalesce(a.display_name, '') AS answered_by, p.answered_at, p.reason, p.step_id, p.version,
	       CASE WHEN p.rule IN ('level_orange','level_red') THEN (SELECT s.started_at FROM app.plan s WHERE s.case_id = p.case_id AND s.started_at >= p.raised_at) END AS plan_started
	  FROM app.prompt p LEFT JOIN auth.user_account r ON r.id = p.raised_by LEFT JOIN auth.user_account a ON a.id = p.answered_by
	 WHERE p.case_id = @case`

// OpenPrompts asks for the prompts of the opened case that nobody has answered, the newest first.
func OpenPrompts(b *db.Batch) *[]Prompt {
	return db.All[Prompt](b, selectPrompt+` AND p.answer IS NULL ORDER BY p.raised_at DESC, p.id LIMIT 50`, db.Args{"case": b.CaseID})
}

// Get asks for one prompt of the opened case. None is [fault.NotFound] for the whole batch.
func Get(b *db.Batch, id uuid.UUID) *Prompt {
	return db.Get[Prompt](b, selectPrompt+` AND p.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Event is something that somebody has heard of.
type Event struct {
	// Key makes a form that is sent twice one event; what is told under the same key after "Back" is an event of its own.
	Key        uuid.UUID
	Rule       string // one of [ByHand]
	HappenedOn time.Time
	Note       string
}

// Validate reports everything that is wrong with what was written.
func (e Event) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("rule", slices.Contains(ByHand, e.Rule), "prompt.error.rule")
	bad.Check("happened_on", !e.HappenedOn.IsZero(), "prompt.error.happened_on")
	bad.Check("happened_on", !e.HappenedOn.After(now), "prompt.error.future")
	bad.Check("happened_on", e.HappenedOn.IsZero() || e.HappenedOn.After(now.AddDate(-2, 0, 0)), "prompt.error.old")
	bad.Check("note", e.Rule != Other || strings.TrimSpace(e.Note) != "", "prompt.error.note")
	bad.AtMost("note", e.Note, MaxText)
	return bad.Err()
}

// Tell writes down an event in the opened case, and returns its prompt.
func Tell(ctx context.Context, tx *db.Tx, e Event) (uuid.UUID, error) {
	if err := e.Validate(tx.Now); err != nil {
		return uuid.Nil, err
	}
	id, err := db.One[*uuid.UUID](ctx, tx, `SELECT app.raise_prompt(@case, @rule, @key, @on, @note)`,
		db.Args{"case": tx.CaseID, "rule": e.Rule, "key": db.KeyOf(e.Key, e).String(), "on": e.HappenedOn, "note": strings.TrimSpace(e.Note)})
	if err != nil || id == nil { // none in a closed case
		return uuid.Nil, err
	}
	return *id, nil
}

// Outcome is what became of a prompt, as somebody says it.
type Outcome struct {
	Answer Answer
	Reason string         // asked for with [NotRelevant]; what was done, with [Done]
	Step   plan.StepInput // with [Step]
}

// Close answers a prompt of the opened case. A step is added to the plan, with its origin; what is wrong with it is
// reported under its own fields. A prompt that somebody else has answered is [fault.Stale].
func Close(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, out Outcome) error {
	bad := fault.Invalid{}
	bad.Check("answer", slices.Contains(Answers, out.Answer), "prompt.error.answer")
	bad.Check("reason", out.Answer != NotRelevant || strings.TrimSpace(out.Reason) != "", "prompt.error.reason")
	bad.AtMost("reason", out.Reason, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	was, err := db.One[Prompt](ctx, tx, selectPrompt+` AND p.id = @id`, db.Args{"case": tx.CaseID, "id": id})
	switch {
	case err != nil:
		return err
	case was.Version != version || !was.Open():
		return fault.Stale
	}
	var step *uuid.UUID
	if out.Answer == Step {
		out.Step.Origin = "from_trigger"
		added, err := plan.AddStep(ctx, tx, out.Step)
		if err != nil {
			return err
		}
		step = &added
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.prompt SET answer = @answer, answered_by = @me, answered_at = @now, reason = @reason, step_id = @step, version = version + 1
		WHERE id = @id AND case_id = @case AND version = @version AND answer IS NULL`, db.Args{"answer": string(out.Answer), "me": tx.Actor.UserID, "now": tx.Now,
		"reason": strings.TrimSpace(out.Reason), "step": step, "id": id, "case": tx.CaseID, "version": version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNot(ctx, "prompt", id, version)
	}
	return timeline.Record(ctx, tx, timeline.PromptAnswered, id, timeline.Data{"rule": was.Rule, "answer": string(out.Answer)})
}

// Trigger is the event of a prompt in the reference data; one that has left the data keeps its code as its name.
func (p Prompt) Trigger() reference.EventTrigger {
	if t, ok := reference.EventTriggerByCode(p.Rule); ok {
		return t
	}
	return reference.EventTrigger{Item: reference.Item{Code: p.Rule, DA: p.Rule, EN: p.Rule}}
}
