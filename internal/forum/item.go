package forum

import (
	"context"
	"errors"
	"slices"
	"strings"
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

// SliceInput is what one at the table is told beside the item, and asked to look into.
type SliceInput struct {
	Who
	Extra    string
	Question string
}

// ItemInput is an item for the agenda.
type ItemInput struct {
	Key            uuid.UUID // of the form: sent twice, it is one item
	MeetingID      uuid.UUID
	Naming         string
	Title          string
	Body           string
	sharing.Ground           // of a named item
	AnswerBy       time.Time // the day by which a seat answers what it is asked; zero: at the meeting
	Slices         []SliceInput
}

func (in *ItemInput) check(bad fault.Invalid, now time.Time) {
	bad.Check("answer_by", in.AnswerBy.IsZero() || !i18n.Today(in.AnswerBy).Before(i18n.Today(now)), "forum.error.past")
	bad.Check("naming", slices.Contains(Namings, in.Naming), "error.choose")
	bad.Check("title", in.Title != "", "forum.error.title")
	bad.Check("body", in.Body != "", "forum.error.body")
	bad.AtMost("title", in.Title, MaxTitle)
	bad.AtMost("body", in.Body, MaxText)
	if in.Naming == Named {
		in.Ground.Check(bad, true)
	} else {
		in.Ground = sharing.Ground{LegalBasis: sharing.Anonymous, Consent: sharing.NotAsked}
	}
	for _, s := range in.Slices {
		bad.AtMost("slices", s.Extra, MaxText)
		bad.AtMost("slices", s.Question, MaxText)
	}
}

// parts are the outgoing texts of an item by the field that they were typed in.
func (in ItemInput) parts() map[string]string {
	parts := map[string]string{"title": in.Title, "body": in.Body, "purpose": in.Purpose}
	for _, s := range in.Slices {
		parts["slices"] += s.Extra + "\n" + s.Question + "\n"
	}
	return parts
}

// CallAbout makes an ad-hoc meeting about the opened case, with its item; see [Put].
func CallAbout(ctx context.Context, tx *db.Tx, k keys.Keys, m MeetingInput, in ItemInput) (uuid.UUID, []sharing.Finding, error) {
	if !tx.Rights.May(actor.Write | actor.Addresses) {
		return uuid.Nil, nil, fault.Forbidden
	}
	bad := fault.Invalid{}
	m.check(bad, tx.Now)
	in.check(bad, tx.Now)
	if err := bad.Err(); err != nil {
		return uuid.Nil, nil, err
	}
	parts := in.parts()
	parts["place"] = m.Place
	if found, err := look(ctx, tx, k, parts, in.Naming == Anonymous); err != nil || len(found) > 0 {
		return uuid.Nil, found, err
	}
	id := db.KeyOf(in.Key, m)
	if _, err := call(ctx, tx, id, nil, m); err != nil {
		return uuid.Nil, nil, err
	}
	in.MeetingID = id
	return Put(ctx, tx, k, in)
}

// look compares outgoing texts with the protected facts. A hit stops everything but its line in the trail; an anonymous text holds no
// name and no number either.
func look(ctx context.Context, tx *db.Tx, k keys.Keys, parts map[string]string, namesToo bool) ([]sharing.Finding, error) {
	found, named, err := sharing.Look(ctx, tx, k, parts)
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		_, err := db.Exec(ctx, tx, `SELECT audit.record('sharing.stopped', @case, NULL, NULL)`, db.Args{"case": tx.CaseID})
		return found, err
	}
	bad := fault.Invalid{}
	for _, part := range named {
		bad.Check(part, !namesToo && part != "place", "forum.error.named")
	}
	return nil, bad.Err()
}

// Put puts an item of the opened case onto the agenda, with the slice of each who is in it. An anonymous one is given to the seats at
// once; a named one waits for a lead. Where a protected fact stands in it nothing is put, and the caller commits the line about it.
func Put(ctx context.Context, tx *db.Tx, k keys.Keys, in ItemInput) (uuid.UUID, []sharing.Finding, error) {
	if !tx.Rights.May(actor.Write | actor.Addresses) {
		return uuid.Nil, nil, fault.Forbidden
	}
	bad := fault.Invalid{}
	in.check(bad, tx.Now)
	bad.Check("slices", len(in.Slices) > 0, "forum.error.slices")
	if err := bad.Err(); err != nil {
		return uuid.Nil, nil, err
	}
	id := db.KeyOf(in.Key, in)
	same, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.forum_item_case WHERE case_id = @case AND id = @id`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil || len(same) > 0 {
		return id, nil, err
	}
	if found, err := look(ctx, tx, k, in.parts(), in.Naming == Anonymous); err != nil || len(found) > 0 {
		return uuid.Nil, found, err
	}
	if in.Naming == Named {
		if err := in.covers(ctx, tx); err != nil {
			return uuid.Nil, nil, err
		}
	}
	me := tx.Actor.UserID
	if err := Sit(ctx, tx, in.MeetingID, Who{UserID: &me}); err != nil { // who brings it sits there
		return uuid.Nil, nil, err
	}
	if !slices.ContainsFunc(in.Slices, func(s SliceInput) bool { return s.UserID != nil && *s.UserID == me }) {
		in.Slices = append(in.Slices, SliceInput{Who: Who{UserID: &me}})
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.forum_item_case (id, case_id) VALUES (@id, @case)`, db.Args{"id": id, "case": b.CaseID})
		db.Do(b, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, purpose, purpose_code, consent, answer_by, put_by) VALUES (@id, @meeting, @naming, @title, @body, @basis, @purpose, @code, @consent, @by::text::date, @me)`,
			db.Args{"id": id, "meeting": in.MeetingID, "naming": in.Naming, "title": in.Title, "body": in.Body, "basis": in.LegalBasis, "purpose": in.Purpose, "code": in.PurposeCode, "consent": in.Consent, "by": day(in.AnswerBy), "me": me})
		putSlices(b, id, in)
		if sharing.RestsOnConsent(in.LegalBasis) {
			db.Do(b, `INSERT INTO app.forum_item_consent (case_id, item_id, consent_id) SELECT k.case_id, @id, k.id FROM app.consent k WHERE k.case_id = @case AND k.id = ANY (@consents)
				AND EXISTS (SELECT FROM app.forum_slice l JOIN app.forum_seat s ON s.id = l.seat_id JOIN app.contact_person c ON c.id = s.contact_id WHERE l.item_id = @id AND c.organisation_id = k.organisation_id)`,
				db.Args{"case": b.CaseID, "id": id, "consents": append([]uuid.UUID{}, in.ConsentIDs...)})
		}
	})
	if err := notPut(err); err != nil {
		return uuid.Nil, nil, err
	}
	if err := timeline.Record(ctx, tx, timeline.ForumPut, id, timeline.Data{"naming": in.Naming}); err != nil {
		return uuid.Nil, nil, err
	}
	if in.Naming == Named {
		_, err := db.Exec(ctx, tx, `SELECT app.tell_leads(@case)`, db.Args{"case": tx.CaseID})
		return id, nil, err
	}
	found, err := Give(ctx, tx, k, id)
	return id, found, err
}

// putSlices writes what each of the seats is told and asked.
func putSlices(b *db.Batch, item uuid.UUID, in ItemInput) {
	for _, s := range in.Slices {
		db.Do(b, `INSERT INTO app.forum_slice (item_id, seat_id, meeting_id, extra, question) SELECT @id, s.id, s.meeting_id, @extra, @question FROM app.forum_seat s WHERE s.meeting_id = @meeting AND (s.user_id = @user OR s.contact_id = @contact)`,
			db.Args{"id": item, "meeting": in.MeetingID, "extra": s.Extra, "question": s.Question, "user": s.UserID, "contact": s.ContactID})
	}
}

// notPut is why the database takes no item.
func notPut(err error) error {
	switch {
	case db.Violates(err, "meeting_is_to_come"):
		return fault.Stale
	case db.Violates(err, "answers_before_the_meeting"):
		return fault.Invalid{"answer_by": "forum.error.answer_by"}
	}
	return emptySeat(err, "slices")
}

// emptySeat is what is said where somebody has lost their seat meanwhile.
func emptySeat(err error, field string) error {
	if db.Violates(err, "seat_is_taken") {
		return fault.Invalid{field: "forum.error.empty_seat"}
	}
	return err
}

// day is a day as the database reads it, nil for none.
func day(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	s := at.Format(time.DateOnly)
	return &s
}

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
