package forum

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
)

// given is what a slice needs to be told on.
type given struct {
	SeatID, ItemID                    uuid.UUID
	UserID, ContactID, OrganisationID *uuid.UUID
	Knows                             bool // may open the case anyhow
	Title, Body, Extra, Question      string
	Naming, PartnerType               string
	sharing.Ground
}

// Give gives each seat its slice of an item of the opened case, each with its line in the register of sharings. What a seat has
// already is not given again.
func Give(ctx context.Context, tx *db.Tx, k keys.Keys, item uuid.UUID) ([]sharing.Finding, error) {
	list, err := db.Many[given](ctx, tx, `
		SELECT l.seat_id, l.item_id, s.user_id, s.contact_id, c.organisation_id, i.title, i.body, l.extra, l.question, `+restsOn+`,
		       s.user_id IS NOT NULL AND (s.user_id = @me OR EXISTS (SELECT 1 FROM app.may_be_alarmed(@case) m WHERE m.id = s.user_id)) AS knows
		  FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id JOIN app.forum_item_case x ON x.id = i.id AND x.case_id = @case JOIN app.forum_seat s ON s.id = l.seat_id
		  LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id WHERE l.item_id = @item AND l.given_at IS NULL AND s.left_at IS NULL ORDER BY l.seat_id`,
		db.Args{"colleague": reference.Colleague, "case": tx.CaseID, "item": item, "me": tx.Actor.UserID})
	if err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, g := range list {
		parts["slices"] += strings.Join([]string{g.Title, g.Body, g.Extra, g.Question, g.Purpose}, "\n") + "\n"
	}
	if found, err := look(ctx, tx, k, parts, len(list) > 0 && list[0].Naming == Anonymous); err != nil || len(found) > 0 {
		return found, err // a fact that was protected since
	}
	for _, g := range list {
		id := uuid.Nil
		if !g.Knows {
			if id, err = register(ctx, tx, k, g, g.Title, strings.Join([]string{g.Title, g.Body, g.Extra, g.Question}, "\n\n")); err != nil {
				return nil, err
			}
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_given (case_id, item_id, seat_id, sharing_id, given_by) VALUES (@case, @item, @seat, @sharing, @me)`,
			db.Args{"case": tx.CaseID, "item": item, "seat": g.SeatID, "sharing": db.Null(id), "me": tx.Actor.UserID})
		switch {
		case db.Violates(err, "seat_may_know"):
			return nil, fault.Invalid{"slices": "forum.error.seat"}
		case db.Violates(err, "a_named_item_is_approved"):
			return nil, fault.Stale
		case sharing.OffCompass(err):
			return nil, fault.Invalid{"slices": "forum.error.ended"}
		case err != nil:
			return nil, err
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	return nil, timeline.Record(ctx, tx, timeline.ForumGiven, item, nil)
}

// register writes what a seat is told into the register of the opened case.
func register(ctx context.Context, tx *db.Tx, k keys.Keys, g given, what, text string) (uuid.UUID, error) {
	if g.Naming == Anonymous {
		g.Ground = sharing.Ground{LegalBasis: sharing.Anonymous, PurposeCode: "advice", Purpose: "Anonym drøftelse", Consent: sharing.NotAsked}
	}
	in := sharing.Input{Direction: sharing.Out, What: "Forum: " + what, Text: text, HappenedOn: tx.Now}
	var bad fault.Invalid
	if err := in.RestOn(ctx, tx, g.Ground, g.to()); errors.As(err, &bad) {
		return uuid.Nil, fault.Invalid{"slices": "forum.error.ended"}
	} else if err != nil {
		return uuid.Nil, err
	}
	out, err := sharing.Share(ctx, tx, k, in)
	if err == nil && (out.ID == uuid.Nil || out.Held) {
		err = fault.Invalid{"slices": "forum.error.seat"} // cannot be: it has been compared in this transaction
	}
	return out.ID, err
}

// Approve answers a named item of the opened case: a team lead, and never who wrote it.
func Approve(ctx context.Context, tx *db.Tx, item uuid.UUID, yes bool, words string) error {
	if !plan.MayApprove(tx.Actor, tx.Rights) {
		return fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("words", yes || words != "", "forum.error.words")
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	outcome, kind := "approved", timeline.ForumApproved
	if !yes {
		outcome, kind = "returned", timeline.ForumReturned
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_approval (case_id, item_id, outcome, words, answered_by) VALUES (@case, @item, @outcome, @words, @me) ON CONFLICT DO NOTHING`,
		db.Args{"case": tx.CaseID, "item": item, "outcome": outcome, "words": words, "me": tx.Actor.UserID})
	switch {
	case db.Violates(err, "another_approves"):
		return fault.Invalid{"words": "forum.error.another"}
	case db.Violates(err, "forum_approval_case_id_item_id_fkey"):
		return fault.NotFound
	case err != nil:
		return err
	case n == 0:
		return fault.Stale
	}
	return timeline.Record(ctx, tx, kind, item, nil)
}

// Withdraw takes an item off the agenda; nobody at the table sees it any more. What was told stays in the register.
func Withdraw(ctx context.Context, tx *db.Tx, item uuid.UUID) error {
	if err := ofCase(ctx, tx, item); err != nil {
		return err
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.withdraw_item(@item)`, db.Args{"item": item})
	if err != nil || !done {
		return err
	}
	return timeline.Record(ctx, tx, timeline.ForumWithdrawn, item, nil)
}

func ofCase(ctx context.Context, tx *db.Tx, item uuid.UUID) error {
	_, err := db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.forum_item_case WHERE case_id = @case AND id = @item`, db.Args{"case": tx.CaseID, "item": item})
	return err
}

// Say records what a seat answers to what it was asked: in its own name, or of a contact person, as somebody of the case has heard it.
func Say(ctx context.Context, tx *db.Tx, item, seat uuid.UUID, outcome, words string) error {
	bad := fault.Invalid{}
	bad.Check("outcome", slices.Contains(Answers, outcome), "error.choose")
	bad.Check("words", words != "", "forum.error.answer")
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	last, err := db.Many[string](ctx, tx, `SELECT a.outcome || a.words FROM app.forum_answer a WHERE a.item_id = @item AND a.seat_id = @seat ORDER BY a.answered_at DESC, a.id LIMIT 1`, db.Args{"item": item, "seat": seat})
	if err != nil || len(last) > 0 && last[0] == outcome+words { // the same form, sent twice
		return err
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_answer (item_id, seat_id, outcome, words, written_by)
		SELECT l.item_id, l.seat_id, @outcome, @words, @me FROM app.forum_slice l WHERE l.item_id = @item AND l.seat_id = @seat AND l.given_at IS NOT NULL`,
		db.Args{"item": item, "seat": seat, "outcome": outcome, "words": words, "me": tx.Actor.UserID})
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}
