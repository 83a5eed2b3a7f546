package forum

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/anonymise"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
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
	Replaces       uuid.UUID // the item of the case that this one is put instead of, and that is taken off with it; none: [uuid.Nil]
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
	if !namesToo {
		return nil, bad.Err()
	}
	people, err := db.Many[anonymise.Person](ctx, tx, `SELECT name, '' AS also, '' AS relation, 0 AS age FROM app.person WHERE case_id = @case AND name <> '' ORDER BY id`, db.Args{"case": tx.CaseID})
	if err != nil {
		return nil, err
	}
	scan := anonymise.Case{People: people, Today: tx.Now}
	for part, text := range parts {
		for _, hit := range scan.Scan(text) {
			bad.Check(part, part == "place" && (hit.Kind == anonymise.Address || hit.Kind == anonymise.School), "forum.error."+map[bool]string{true: "named", false: "theme"}[hit.Kind == anonymise.Name])
		}
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
	var seated *int
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.forum_item_case (id, case_id) VALUES (@id, @case)`, db.Args{"id": id, "case": b.CaseID})
		db.Do(b, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, purpose, purpose_code, consent, answer_by, put_by) VALUES (@id, @meeting, @naming, @title, @body, @basis, @purpose, @code, @consent, @by::text::date, @me)`,
			db.Args{"id": id, "meeting": in.MeetingID, "naming": in.Naming, "title": in.Title, "body": in.Body, "basis": in.LegalBasis, "purpose": in.Purpose, "code": in.PurposeCode, "consent": in.Consent, "by": day(in.AnswerBy), "me": me})
		seated = putSlices(b, id, in)
		if sharing.RestsOnConsent(in.LegalBasis) {
			db.Do(b, `INSERT INTO app.forum_item_consent (case_id, item_id, consent_id) SELECT k.case_id, @id, k.id FROM app.consent k WHERE k.case_id = @case AND k.id = ANY (@consents)
				AND EXISTS (SELECT FROM app.forum_slice l JOIN app.forum_seat s ON s.id = l.seat_id JOIN app.contact_person c ON c.id = s.contact_id WHERE l.item_id = @id AND c.organisation_id = k.organisation_id)`,
				db.Args{"case": b.CaseID, "id": id, "consents": append([]uuid.UUID{}, in.ConsentIDs...)})
		}
	})
	if err := notPut(err); err != nil {
		return uuid.Nil, nil, err
	}
	if *seated != len(in.Slices) {
		return uuid.Nil, nil, fault.Invalid{"slices": "forum.error.empty_seat"}
	}
	if in.Replaces != uuid.Nil {
		if err := Withdraw(ctx, tx, in.Replaces); err != nil {
			return uuid.Nil, nil, err
		}
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

// putSlices writes what each of the seats is told and asked, and counts them: who has no seat has no slice.
func putSlices(b *db.Batch, item uuid.UUID, in ItemInput) *int {
	for _, s := range in.Slices {
		db.Do(b, `INSERT INTO app.forum_slice (item_id, seat_id, meeting_id, extra, question) SELECT @id, s.id, s.meeting_id, @extra, @question FROM app.forum_seat s WHERE s.meeting_id = @meeting AND (s.user_id = @user OR s.contact_id = @contact)`,
			db.Args{"id": item, "meeting": in.MeetingID, "extra": s.Extra, "question": s.Question, "user": s.UserID, "contact": s.ContactID})
	}
	return db.Get[int](b, `SELECT count(*)::int FROM app.forum_slice WHERE item_id = @id`, db.Args{"id": item})
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
