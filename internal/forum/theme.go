package forum

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"samspil/internal/anonymise"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// A theme is an item about no case: a general question, or a young person who has none yet. It is anonymous. There are no protected
// facts to compare it with, so that what stands in it is looked at as a colleague's words are: no number, address, mail or school.

// unnamed refuses what tells of somebody in words that no case is behind: a number, an address, a mail, a school, and the whole name of
// somebody in a case that the caller may open. Of others nothing is asked: the answer would tell that they have a case. The place of
// a meeting may be an address. alone asks for the first or the last name of a citizen by itself as well: in a short name of a forum there
// is no reason for one, while in a longer text it may be a colleague's.
func unnamed(ctx context.Context, tx *db.Tx, bad fault.Invalid, alone bool, parts map[string]string) error {
	look := anonymise.Case{Today: tx.Now}
	for field, text := range parts {
		for _, found := range look.Scan(text) {
			bad.Check(field, field == "place" && (found.Kind == anonymise.Address || found.Kind == anonymise.School), "forum.error.theme")
		}
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
		named, err := db.One[bool](ctx, tx, `SELECT app.names_somebody(@words, @alone)`, db.Args{"words": append([]string{}, words...), "alone": alone})
		if err != nil {
			return err
		}
		bad.Check(field, !named, "forum.error.theme_name")
	}
	return nil
}

// PutTheme puts an item about no case onto the agenda of a meeting at which the caller sits; each seat has its slice at once.
func PutTheme(ctx context.Context, tx *db.Tx, in ItemInput) (uuid.UUID, error) {
	bad := fault.Invalid{}
	in.Naming = Anonymous
	in.check(bad, tx.Now)
	bad.Check("slices", len(in.Slices) > 0, "forum.error.slices")
	if err := bad.Err(); err != nil {
		return uuid.Nil, err
	}
	if err := unnamed(ctx, tx, bad, false, in.parts()); err != nil {
		return uuid.Nil, err
	}
	if err := bad.Err(); err != nil {
		return uuid.Nil, err
	}
	me, id := tx.Actor.UserID, db.KeyOf(in.Key, in)
	same, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.forum_item WHERE id = @id`, db.Args{"id": id})
	if err != nil || len(same) > 0 {
		return id, err
	}
	if err := Sit(ctx, tx, in.MeetingID, Who{UserID: &me}); err != nil {
		return uuid.Nil, err
	}
	if !slices.ContainsFunc(in.Slices, func(s SliceInput) bool { return s.UserID != nil && *s.UserID == me }) {
		in.Slices = append(in.Slices, SliceInput{Who: Who{UserID: &me}})
	}
	var seated *int
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, answer_by, without_case, put_by) VALUES (@id, @meeting, @naming, @title, @body, @basis, @by::text::date, true, @me)`,
			db.Args{"id": id, "meeting": in.MeetingID, "naming": in.Naming, "title": in.Title, "body": in.Body, "basis": in.LegalBasis, "by": day(in.AnswerBy), "me": me})
		seated = putSlices(b, id, in)
	})
	if err := notPut(err); err != nil {
		return uuid.Nil, err
	}
	if *seated != len(in.Slices) {
		return uuid.Nil, fault.Invalid{"slices": "forum.error.empty_seat"}
	}
	return id, nil
}

// ThemeSlices asks for every slice of the theme that the reader put; of anybody else's it gives the reader's own.
func ThemeSlices(b *db.Batch, item uuid.UUID) (*[]Seat, *[]Slice) {
	return SeatsOf(b, item), Slices(b, item)
}

// WithdrawTheme takes the caller's own item about no case off the agenda.
func WithdrawTheme(ctx context.Context, tx *db.Tx, item uuid.UUID) error {
	_, err := db.One[bool](ctx, tx, `SELECT app.withdraw_item(@item)`, db.Args{"item": item})
	return err
}

// DecideTheme records what was decided about the caller's item: who does what by when. There is no plan for it to become a step of; it comes
// back first at the next meeting until it is done.
func DecideTheme(ctx context.Context, tx *db.Tx, in DecisionInput) error {
	bad := fault.Invalid{}
	in.check(bad, tx.Now)
	if err := bad.Err(); err != nil {
		return err
	}
	if err := unnamed(ctx, tx, bad, false, map[string]string{"what": in.What}); err != nil {
		return err
	}
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_action (id, item_id, seat_id, what, due_on, made_by)
		SELECT @id, l.item_id, l.seat_id, @what, @due::text::date, @me FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.without_case AND i.withdrawn_at IS NULL
		 WHERE l.item_id = @item AND l.seat_id = @seat ON CONFLICT (id) DO NOTHING`,
		db.Args{"id": db.KeyOf(in.Key, in), "item": in.Item, "seat": in.Seat, "what": in.What, "due": in.DueOn.Format(time.DateOnly), "me": tx.Actor.UserID})
	if err == nil && n == 0 {
		same, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.forum_action WHERE id = @id`, db.Args{"id": db.KeyOf(in.Key, in)})
		if err == nil && len(same) == 0 {
			return fault.Invalid{"seat": "forum.error.seat_choose"}
		}
		return err
	}
	return emptySeat(err, "seat")
}
