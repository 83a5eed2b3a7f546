package forum

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/anonymise"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// A theme is an item about no case: a general question, or a young person who has none yet. It is anonymous. There are no protected
// facts to compare it with, so that what stands in it is looked at as a colleague's words are: no number, address, mail or school.

// numbered finds what tells of somebody in a text about no case.
func numbered(bad fault.Invalid, now time.Time, parts map[string]string) {
	look := anonymise.Case{Today: now}
	for field, text := range parts {
		bad.Check(field, len(look.Scan(text)) == 0, "forum.error.theme")
	}
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
	numbered(bad, tx.Now, in.parts())
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
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, answer_by, without_case, put_by) VALUES (@id, @meeting, @naming, @title, @body, @basis, @by::text::date, true, @me)`,
			db.Args{"id": id, "meeting": in.MeetingID, "naming": in.Naming, "title": in.Title, "body": in.Body, "basis": in.LegalBasis, "by": day(in.AnswerBy), "me": me})
		putSlices(b, id, in)
	})
	if err := notPut(err); err != nil {
		return uuid.Nil, err
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
	in.check(bad)
	if err := bad.Err(); err != nil {
		return err
	}
	numbered(bad, tx.Now, map[string]string{"what": in.What})
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
	return err
}
