package forum

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
)

// farthest is how many years ahead somebody plans a meeting, or decides something: what is later is mistyped.
const farthest = 2

// How many characters fit.
const (
	MaxName  = 80
	MaxTitle = 120
	MaxLine  = 200
	MaxText  = 4000
)

// ForumInput is a standing forum.
type ForumInput struct{ Name, Frame, Rhythm string }

// MeetingInput is when and where a meeting is, and who sits at the table beside who calls it.
type MeetingInput struct {
	Frame    string
	StartsAt time.Time
	Place    string
	Who      []Who
}

func (in MeetingInput) check(bad fault.Invalid, now time.Time) {
	bad.Check("frame", slices.Contains(Frames, in.Frame), "error.choose")
	bad.Check("day", !in.StartsAt.IsZero(), "forum.error.when")
	bad.Check("day", in.StartsAt.IsZero() || !i18n.Today(in.StartsAt).Before(i18n.Today(now)), "forum.error.past")
	bad.Check("day", in.StartsAt.Before(now.AddDate(farthest, 0, 0)), "forum.error.far")
	bad.Check("who", len(in.Who) > 0, "forum.error.who")
	bad.AtMost("place", in.Place, MaxLine)
}

// Make makes a standing forum with its first meeting, and returns that. key is the form's: sent twice, it is one forum.
func Make(ctx context.Context, tx *db.Tx, key uuid.UUID, in ForumInput, first MeetingInput) (uuid.UUID, error) {
	bad := fault.Invalid{}
	bad.Check("name", in.Name != "", "forum.error.name")
	bad.AtMost("name", in.Name, MaxName)
	bad.Check("rhythm", slices.Contains(Rhythms, in.Rhythm), "error.choose")
	first.Frame = in.Frame
	first.check(bad, tx.Now)
	if err := unnamed(ctx, tx, bad, true, map[string]string{"name": in.Name, "place": first.Place}); err != nil { // every colleague reads them
		return uuid.Nil, err
	}
	if err := bad.Err(); err != nil {
		return uuid.Nil, err
	}
	id := db.KeyOf(key, in)
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum (id, municipality, name, frame, rhythm, run_by) VALUES (@id, (SELECT auth.municipality()), @name, @frame, @rhythm, @me) ON CONFLICT (id) DO NOTHING`,
		db.Args{"id": id, "name": in.Name, "frame": in.Frame, "rhythm": in.Rhythm, "me": tx.Actor.UserID})
	if err != nil {
		return uuid.Nil, err
	}
	if n == 0 {
		return db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.forum_meeting WHERE forum_id = @id ORDER BY starts_at, id LIMIT 1`, db.Args{"id": id})
	}
	return call(ctx, tx, uuid.New(), db.Null(id), first)
}

// call makes a meeting with its seats; the caller has one, and leads it.
func call(ctx context.Context, tx *db.Tx, id uuid.UUID, forum *uuid.UUID, in MeetingInput) (uuid.UUID, error) {
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_meeting (id, municipality, forum_id, frame, starts_at, place, led_by) VALUES (@id, (SELECT auth.municipality()), @forum, @frame, @at, @place, @me) ON CONFLICT (id) DO NOTHING`,
		db.Args{"id": id, "forum": forum, "frame": in.Frame, "at": in.StartsAt, "place": in.Place, "me": tx.Actor.UserID})
	if err != nil || n == 0 {
		return id, err
	}
	me := tx.Actor.UserID
	for _, w := range append([]Who{{UserID: &me}}, in.Who...) {
		if err := Sit(ctx, tx, id, w); err != nil {
			return uuid.Nil, err
		}
	}
	return id, nil
}

// Sit gives somebody a seat. Who sits there keeps it; who lost theirs gets it back from whoever leads the meeting, and from nobody else.
func Sit(ctx context.Context, tx *db.Tx, meeting uuid.UUID, w Who) error {
	n, err := db.Exec(ctx, tx, `INSERT INTO app.forum_seat (id, meeting_id, user_id, contact_id, added_by) VALUES (gen_random_uuid(), @meeting, @user, @contact, @me) ON CONFLICT DO NOTHING`,
		db.Args{"meeting": meeting, "user": w.UserID, "contact": w.ContactID, "me": tx.Actor.UserID})
	switch {
	case db.Violates(err, "forum_seat_user_id_fkey"), db.Violates(err, "forum_seat_contact_id_fkey"):
		return fault.Invalid{"who": "forum.error.who"}
	case err != nil || n > 0:
		return err
	}
	_, err = db.Exec(ctx, tx, `SELECT app.sit_again(@meeting, @user, @contact)`, db.Args{"meeting": meeting, "user": w.UserID, "contact": w.ContactID})
	return err
}

// Leave takes the seat from somebody before the meeting is held; what they were told stands in the case, and they do not read it any more.
// [fault.Stale]: the seat is empty already.
func Leave(ctx context.Context, tx *db.Tx, seat uuid.UUID) error {
	left, err := db.One[bool](ctx, tx, `SELECT app.leave_seat(@seat)`, db.Args{"seat": seat})
	if err == nil && !left {
		return fault.Stale
	}
	return err
}

// Move puts a meeting to another time. from is when the reader thinks that it is; [fault.Stale]: that has changed.
func Move(ctx context.Context, tx *db.Tx, meeting uuid.UUID, from, to time.Time) error {
	bad := fault.Invalid{}
	bad.Check("day", !to.IsZero(), "forum.error.when")
	bad.Check("day", to.IsZero() || to.After(tx.Now), "forum.error.past")
	bad.Check("day", to.Before(tx.Now.AddDate(farthest, 0, 0)), "forum.error.far")
	if err := bad.Err(); err != nil {
		return err
	}
	switch moved, err := db.One[string](ctx, tx, `SELECT app.move_meeting(@id, @from, @to)`, db.Args{"id": meeting, "from": from, "to": to}); {
	case err != nil:
		return err
	case moved == "taken":
		return fault.Invalid{"day": "forum.error.taken"}
	case moved == "stale":
		return fault.Stale
	}
	return nil
}

// Promise is the tick of confidentiality, before which no item opens for the seat.
func Promise(ctx context.Context, tx *db.Tx, seat uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `SELECT app.promise(@seat)`, db.Args{"seat": seat})
	return err
}

// Attend notes who is there, for whoever leads the meeting.
func Attend(ctx context.Context, tx *db.Tx, meeting uuid.UUID, seats map[uuid.UUID]string) error {
	leads, err := db.One[bool](ctx, tx, `SELECT @meeting = ANY (auth.led_meetings())`, db.Args{"meeting": meeting})
	if err != nil {
		return err
	}
	if !leads {
		return fault.Forbidden
	}
	return tx.Read(ctx, func(b *db.Batch) {
		for id, a := range seats {
			if slices.Contains(Attendances, a) {
				db.Do(b, `SELECT app.attend(@seat, @how)`, db.Args{"seat": id, "how": a})
			}
		}
	})
}

// End says that a meeting was held, or is not held; held from its day on. A forum with a rhythm gets its next meeting. [fault.Stale]: it was
// over already.
func End(ctx context.Context, tx *db.Tx, meeting uuid.UUID, state string) error {
	m, err := db.One[Meeting](ctx, tx, selectMeeting+` WHERE m.id = @id`, db.Args{"me": tx.Actor.UserID, "id": meeting})
	if err != nil {
		return err
	}
	if state == Held && !m.MayBeHeld(tx.Now) {
		return fault.Invalid{"state": "forum.error.not_yet"}
	}
	var next *time.Time
	if at := Next(m.Rhythm, m.StartsAt, tx.Now); !at.IsZero() {
		next = &at
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.end_meeting(@id, @state, @next)`, db.Args{"id": meeting, "state": state, "next": next})
	if err == nil && !done {
		return fault.Stale
	}
	return err
}

// Next is when a forum meets after a meeting, at the same hour of the clock in Copenhagen; zero: it has no rhythm. Monthly is the
// same weekday of its month, the last one where there is no fifth.
func Next(rhythm string, at, now time.Time) time.Time {
	at = at.In(i18n.Today(at).Location())
	for {
		switch rhythm {
		case "weekly":
			at = at.AddDate(0, 0, 7)
		case "fortnightly":
			at = at.AddDate(0, 0, 14)
		case "monthly":
			nth := (at.Day() - 1) / 7
			first := time.Date(at.Year(), at.Month()+1, 1, at.Hour(), at.Minute(), 0, 0, at.Location())
			day := first.AddDate(0, 0, (int(at.Weekday())-int(first.Weekday())+7)%7+7*nth)
			if day.Month() != first.Month() {
				day = day.AddDate(0, 0, -7)
			}
			at = day
		default:
			return time.Time{}
		}
		if at.After(now) {
			return at
		}
	}
}
