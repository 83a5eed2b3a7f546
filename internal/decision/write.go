package decision

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/internal/timeline"
)

// NewForm is the form of a new question; the form in which one is decided is named by [FormOf].
const NewForm = "decision"

// FormOf is the form in which a decision is made.
func FormOf(id uuid.UUID) string { return NewForm + ":" + id.String() }

// AskInput is whose view is asked, and until when.
type AskInput struct {
	Users    []uuid.UUID
	Contacts []uuid.UUID
	AnswerBy time.Time // a day; zero: no time is said
}

func (in AskInput) check(bad fault.Invalid, now time.Time) {
	bad.Check("answer_by", in.AnswerBy.IsZero() || !i18n.Today(in.AnswerBy).Before(i18n.Today(now)), "decision.error.past")
}

// Input is a question as it is put before others.
type Input struct {
	Key      uuid.UUID // of the form: sent twice, it is one question
	Kind     string    // code of [reference.DecisionKinds]
	Question string
	Options  string
	Leaning  string
	AskInput
}

// Validate reports everything that is wrong with the input by itself.
func (in Input) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("kind", reference.Known(reference.DecisionKinds, in.Kind), "decision.error.kind")
	bad.Check("question", strings.TrimSpace(in.Question) != "", "decision.error.question")
	bad.Check("options", strings.TrimSpace(in.Options) != "", "decision.error.options")
	bad.AtMost("question", in.Question, maxShort)
	bad.AtMost("options", in.Options, maxText)
	bad.AtMost("leaning", in.Leaning, maxText)
	in.check(bad, now)
	return bad.Err()
}

// Put puts a question before those who are asked, and returns its decision. Nobody need be asked; then it says so.
func Put(ctx context.Context, tx *db.Tx, in Input) (uuid.UUID, error) {
	if !MayDecide(tx.Rights) {
		return uuid.Nil, fault.Forbidden
	}
	if err := in.Validate(tx.Now); err != nil {
		return uuid.Nil, err
	}
	id := uuid.New()
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.decision (id, case_id, kind, question, options, leaning, put_by, request_key) VALUES (@id, @case, @kind, @question, @options, @leaning, @me, @key)
		ON CONFLICT (case_id, put_by, request_key) DO NOTHING`, db.Args{"id": id, "case": tx.CaseID, "kind": in.Kind, "question": strings.TrimSpace(in.Question),
		"options": strings.TrimSpace(in.Options), "leaning": strings.TrimSpace(in.Leaning), "me": tx.Actor.UserID, "key": db.Null(in.Key)})
	if err != nil {
		return uuid.Nil, err
	}
	if n == 0 { // the same form, sent twice
		return db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.decision WHERE case_id = @case AND put_by = @me AND request_key = @key`,
			db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": db.Null(in.Key)})
	}
	if err := timeline.Record(ctx, tx, timeline.DecisionPut, id, timeline.Data{"kind": in.Kind}); err != nil {
		return uuid.Nil, err
	}
	if _, err := ask(ctx, tx, id, in.AskInput); err != nil {
		return uuid.Nil, err
	}
	return id, draft.Discard(ctx, tx, NewForm)
}

// AskMore asks others about a question of the opened case that is not decided yet. Who is asked already is not asked again.
func AskMore(ctx context.Context, tx *db.Tx, id uuid.UUID, in AskInput) error {
	if !MayDecide(tx.Rights) {
		return fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("who", len(in.Users)+len(in.Contacts) > 0, "decision.error.who")
	in.check(bad, tx.Now)
	if err := bad.Err(); err != nil {
		return err
	}
	if _, err := one(ctx, tx, id); err != nil {
		return err
	}
	n, err := ask(ctx, tx, id, in)
	if err != nil || n == 0 {
		return err
	}
	return timeline.Record(ctx, tx, timeline.DecisionAsked, id, nil)
}

func ask(ctx context.Context, tx *db.Tx, id uuid.UUID, in AskInput) (int64, error) {
	var by *time.Time
	if !in.AnswerBy.IsZero() {
		by = &in.AnswerBy
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.decision_ask (case_id, decision_id, user_id, contact_id, answer_by, asked_by)
		SELECT @case::uuid, @id::uuid, u, NULL::uuid, @by::date, @me::uuid FROM unnest(@users::uuid[]) u UNION SELECT @case, @id, NULL, c, @by, @me FROM unnest(@contacts::uuid[]) c
		ON CONFLICT DO NOTHING`, db.Args{"case": tx.CaseID, "id": id, "by": by, "me": tx.Actor.UserID, "users": slices.Clone(in.Users), "contacts": slices.Clone(in.Contacts)})
	switch {
	case db.Violates(err, "asked_is_in_the_case"), db.Violates(err, "another_is_asked"):
		return 0, fault.Invalid{"who": "decision.error.gone"}
	case db.Violates(err, "decision_is_over"):
		return 0, fault.Stale
	}
	return n, err
}

// one is a decision of the opened case, as it stands in the transaction.
func one(ctx context.Context, tx *db.Tx, id uuid.UUID) (Decision, error) {
	return db.One[Decision](ctx, tx, selectDecision+` AND d.id = @id`, db.Args{"case": tx.CaseID, "id": id})
}

// AnswerInput is what somebody who is asked says.
type AnswerInput struct {
	Outcome string // code of [reference.Confirmations]
	Remarks string
}

// Say says what the actor thinks, or writes down what a contact person has said. It is said once: the same again is no fault,
// another answer is [fault.Stale]. A colleague's answer is theirs alone ([fault.Forbidden]).
func Say(ctx context.Context, tx *db.Tx, decision, askID uuid.UUID, in AnswerInput) error {
	user, err := db.One[*uuid.UUID](ctx, tx, `SELECT user_id FROM app.decision_ask WHERE case_id = @case AND decision_id = @decision AND id = @id`,
		db.Args{"case": tx.CaseID, "decision": decision, "id": askID})
	switch {
	case err != nil:
		return err
	case user != nil && *user != tx.Actor.UserID, user == nil && !MayDecide(tx.Rights):
		return fault.Forbidden
	}
	in.Remarks = strings.TrimSpace(in.Remarks)
	bad := fault.Invalid{}
	bad.Check("outcome", reference.Known(reference.Confirmations, in.Outcome), "decision.error.outcome")
	bad.Check("remarks", in.Outcome == "confirm" || bad["outcome"] != "" || in.Remarks != "", "decision.error.remarks")
	bad.AtMost("remarks", in.Remarks, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.decision_answer (case_id, ask_id, outcome, remarks, written_by) VALUES (@case, @id, @outcome, @remarks, @me) ON CONFLICT (case_id, ask_id) DO NOTHING`,
		db.Args{"case": tx.CaseID, "id": askID, "outcome": in.Outcome, "remarks": in.Remarks, "me": tx.Actor.UserID})
	switch {
	case db.Violates(err, "decision_is_over"):
		return fault.Stale
	case err != nil:
		return err
	case n == 0:
		same, err := db.One[bool](ctx, tx, `SELECT outcome = @outcome AND remarks = @remarks FROM app.decision_answer WHERE case_id = @case AND ask_id = @id`,
			db.Args{"case": tx.CaseID, "id": askID, "outcome": in.Outcome, "remarks": in.Remarks})
		if err == nil && !same {
			err = fault.Stale
		}
		return err
	}
	return timeline.Record(ctx, tx, timeline.DecisionAnswered, decision, timeline.Data{"outcome": in.Outcome})
}

// MadeInput is what is decided.
type MadeInput struct {
	Choice   string
	Reason   string
	Law      string // of an afgørelse
	Shielded string // of an afgørelse
	Appeal   string // of an afgørelse: one of [Appeals]
	Family   string // one of [Families]
	Despite  string // asked for where somebody advises against
	Seen     int    // how many answers the decider has read
}

// validate reports everything that is wrong with the input of a kind of decision by itself.
func (in MadeInput) validate(kind string, against bool) error {
	bad := fault.Invalid{}
	bad.Check("choice", strings.TrimSpace(in.Choice) != "", "decision.error.choice")
	bad.Check("reason", strings.TrimSpace(in.Reason) != "", "decision.error.reason")
	bad.Check("family", slices.Contains(Families, in.Family), "decision.error.family")
	if kind == Appealable {
		bad.Check("law", strings.TrimSpace(in.Law) != "", "decision.error.law")
		bad.Check("appeal", slices.Contains(Appeals, in.Appeal), "decision.error.appeal")
	}
	bad.Check("despite", !against || strings.TrimSpace(in.Despite) != "", "decision.error.despite")
	bad.AtMost("choice", in.Choice, maxText)
	bad.AtMost("reason", in.Reason, maxText)
	bad.AtMost("law", in.Law, maxShort)
	bad.AtMost("shielded", in.Shielded, maxText)
	bad.AtMost("despite", in.Despite, maxText)
	return bad.Err()
}

// atGate adds to the refusals that the decision reaches the family while the gate is shut.
func (in MadeInput) atGate(ctx context.Context, tx *db.Tx, err error) error {
	if in.Family != "yes" {
		return err
	}
	shut := risk.Demand(ctx, tx)
	if shut != nil && !risk.At(shut) {
		return shut
	}
	bad := fault.Invalid{}
	if err := bad.Merge("", err); err != nil {
		return err
	}
	bad.Check("family", shut == nil, "decision.error.gate")
	return bad.Err()
}

// Make makes a decision of the opened case, for good. It may be made before all have answered. One that reaches the family is
// refused while the gate is shut (R1); an answer that the decider has not read yet, or somebody else's decision, is [fault.Stale].
func Make(ctx context.Context, tx *db.Tx, id uuid.UUID, in MadeInput) error {
	if !MayDecide(tx.Rights) {
		return fault.Forbidden
	}
	d, err := one(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case !d.Open():
		if d.Ending == Made && d.Choice == strings.TrimSpace(in.Choice) && d.Reason == strings.TrimSpace(in.Reason) {
			return nil // the same form, sent twice
		}
		return fault.Stale
	case d.Answered != in.Seen: // first of all they read what has come
		return fault.Stale
	}
	if err := in.atGate(ctx, tx, in.validate(d.Kind, d.Against > 0)); err != nil {
		return err
	}
	if d.Kind != Appealable {
		in.Law, in.Shielded, in.Appeal = "", "", ""
	}
	return end(ctx, tx, d, Made, in)
}

// Drop ends a question of the opened case without a decision, and says why: nobody is waited for any more.
func Drop(ctx context.Context, tx *db.Tx, id uuid.UUID, why string) error {
	if !MayDecide(tx.Rights) {
		return fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("drop_reason", strings.TrimSpace(why) != "", "decision.error.drop")
	bad.AtMost("drop_reason", why, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	d, err := one(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case d.Ending == Dropped && d.Reason == strings.TrimSpace(why):
		return nil
	case !d.Open():
		return fault.Stale
	}
	return end(ctx, tx, d, Dropped, MadeInput{Reason: why})
}

func end(ctx context.Context, tx *db.Tx, d Decision, ending string, in MadeInput) error {
	var family *string
	if in.Family != "" {
		family = &in.Family
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, law, shielded, appeal, family, despite, made_by)
		VALUES (@case, @id, @kind, @ending, @choice, @reason, @law, @shielded, @appeal, @family, @despite, @me) ON CONFLICT (case_id, decision_id) DO NOTHING`,
		db.Args{"case": tx.CaseID, "id": d.ID, "kind": d.Kind, "ending": ending, "choice": strings.TrimSpace(in.Choice), "reason": strings.TrimSpace(in.Reason), "law": strings.TrimSpace(in.Law),
			"shielded": strings.TrimSpace(in.Shielded), "appeal": in.Appeal, "family": family, "despite": strings.TrimSpace(in.Despite), "me": tx.Actor.UserID})
	switch {
	case risk.At(risk.Refused(err)):
		return fault.Invalid{"family": "decision.error.gate"}
	case db.Violates(err, "advised_against_says_why"):
		return fault.Stale // the answer came while this was written
	case err != nil:
		return err
	case n == 0:
		return fault.Stale
	}
	if err := draft.Discard(ctx, tx, FormOf(d.ID)); err != nil {
		return err
	}
	kind := timeline.DecisionMade
	if ending == Dropped {
		kind = timeline.DecisionDropped
	}
	return timeline.Record(ctx, tx, kind, d.ID, timeline.Data{"kind": d.Kind})
}

// Add adds to a decision that has ended: nothing of it is changed (R13). key makes a form that is sent twice one addition.
func Add(ctx context.Context, tx *db.Tx, id, key uuid.UUID, body string) error {
	if !MayDecide(tx.Rights) {
		return fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("body", strings.TrimSpace(body) != "", "decision.error.body")
	bad.AtMost("body", body, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	d, err := one(ctx, tx, id)
	if err != nil {
		return err
	}
	if d.Open() {
		return fault.Forbidden
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.decision_addition (case_id, decision_id, body, added_by, request_key) VALUES (@case, @id, @body, @me, @key) ON CONFLICT (case_id, added_by, request_key) DO NOTHING`,
		db.Args{"case": tx.CaseID, "id": id, "body": strings.TrimSpace(body), "me": tx.Actor.UserID, "key": db.Null(key)})
	if err != nil || n == 0 {
		return err
	}
	return timeline.Record(ctx, tx, timeline.DecisionAdded, id, nil)
}

// Review says how a decision went, once, when [LookBackDays] have gone. Somebody else's look-back is [fault.Stale].
func Review(ctx context.Context, tx *db.Tx, id uuid.UUID, went, words string) error {
	if !MayDecide(tx.Rights) {
		return fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("went", slices.Contains(Outlooks, went), "decision.error.went")
	bad.Check("words", strings.TrimSpace(words) != "", "decision.error.words")
	bad.AtMost("words", words, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	d, err := one(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case d.Went == went && d.WentWords == strings.TrimSpace(words):
		return nil
	case d.Went != "":
		return fault.Stale
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.decision_review (case_id, decision_id, went, words, reviewed_by) VALUES (@case, @id, @went, @words, @me) ON CONFLICT (case_id, decision_id) DO NOTHING`,
		db.Args{"case": tx.CaseID, "id": id, "went": went, "words": strings.TrimSpace(words), "me": tx.Actor.UserID})
	switch {
	case db.Violates(err, "decision_is_old_enough"):
		return fault.Invalid{"went": "decision.error.soon"}
	case err != nil:
		return err
	case n == 0:
		return fault.Stale
	}
	return timeline.Record(ctx, tx, timeline.DecisionReviewed, id, timeline.Data{"outcome": went})
}

// SaveDraft keeps what has been typed of a form so far. A question that has been put, or decided, leaves no draft, even if the
// last saving comes late.
func SaveDraft(ctx context.Context, tx *db.Tx, id, key uuid.UUID, fields draft.Fields) error {
	if !MayDecide(tx.Rights) {
		return fault.Forbidden
	}
	over, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.decision WHERE case_id = @case AND put_by = @me AND request_key = @key)
		OR EXISTS (SELECT FROM app.decision_made WHERE case_id = @case AND decision_id = @id)`, db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": db.Null(key), "id": id})
	if err != nil || over {
		return err
	}
	return draft.Save(ctx, tx, formOf(id), fields)
}

// DropDraft forgets what has been typed.
func DropDraft(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	return draft.Discard(ctx, tx, formOf(id))
}

func formOf(id uuid.UUID) string {
	if id == uuid.Nil {
		return NewForm
	}
	return FormOf(id)
}
