package screening

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// Sources are from whom a sign is known, own eyes first.
var Sources = []string{"own", "citizen", "school", "professional", "network", "reporter", "document", "other"}

// SignInput is what somebody writes about a sign.
type SignInput struct {
	Code        string     // of [reference.Signs]; empty: an own observation in own words
	Observation string     // what was seen or said
	Source      string     // one of [Sources]
	SeenOn      *time.Time // a day; nil: not known
}

// Seen is a sign that somebody has seen. It is retired with a reason when it was wrong, never deleted (R13).
type Seen struct {
	ID uuid.UUID
	SignInput
	NotedAt       time.Time
	NotedBy       string
	FromReport    bool // was seen on a report, which the case has taken up
	RetiredAt     *time.Time
	RetiredBy     string
	RetiredReason string
}

// Live reports whether the sign still holds.
func (s Seen) Live() bool { return s.RetiredAt == nil }

// Group is the sign's group; empty for an own observation.
func (s Seen) Group() string {
	sign, _ := reference.SignByCode(s.Code)
	return sign.Group
}

// When is the day on which it was seen, or else the one on which it was written down.
func (s Seen) When() time.Time {
	if s.SeenOn != nil {
		return *s.SeenOn
	}
	return s.NotedAt
}

// Signs asks for every sign of the opened report or case, retired ones too, the latest seen first.
func Signs(b *db.Batch) *[]Seen {
	return db.All[Seen](b, `
		SELECT s.id, s.code, s.observation, s.source, s.seen_on, s.noted_at, u.display_name AS noted_by, s.report_id IS NOT NULL AS from_report,
		       s.retired_at, coalesce(x.display_name, '') AS retired_by, s.retired_reason
		  FROM app.sign_seen s JOIN auth.user_account u ON u.id = s.noted_by LEFT JOIN auth.user_account x ON x.id = s.retired_by
		 WHERE s.case_id = @id OR s.report_id = @id ORDER BY coalesce(s.seen_on, s.noted_at::date) DESC, s.noted_at DESC, s.id LIMIT 300`, db.Args{"id": b.CaseID})
}

// Validate refuses a sign of another area, one without words or source, and one that is seen tomorrow.
func (in SignInput) Validate(area string, now time.Time) error {
	bad := fault.Invalid{}
	sign, known := reference.SignByCode(in.Code)
	bad.Check("", in.Code == "" || known && sign.In(area), "signs.error.unknown")
	bad.Check("observation", in.Observation != "", "signs.error.observation")
	bad.AtMost("observation", in.Observation, maxText)
	bad.Check("source", slices.Contains(Sources, in.Source), "signs.error.source")
	if in.SeenOn != nil {
		bad.Check("seen_on", !in.SeenOn.After(now), "signs.error.future")
		bad.Check("seen_on", in.SeenOn.After(now.AddDate(-30, 0, 0)), "error.date")
	}
	return bad.Err()
}

// NoteSign writes a sign into the opened report or case. id is the form's own: one that is sent twice is one sign, and what
// was written with it after "Back" is another.
func NoteSign(ctx context.Context, tx *db.Tx, on On, id uuid.UUID, in SignInput) error {
	area, err := db.One[Subject](ctx, tx, subjectSQL, db.Args{"id": tx.CaseID})
	if err != nil {
		return err
	}
	if err := in.Validate(area.Area, tx.Now); err != nil {
		return err
	}
	if id == uuid.Nil {
		id = uuid.New()
	}
	n, err := noteSign(ctx, tx, on, id, in)
	if err == nil && n == 0 {
		same, err := sameSign(ctx, tx, id, in)
		if err != nil || same {
			return err
		}
		id = db.KeyOf(id, in)
		n, err = noteSign(ctx, tx, on, id, in)
		if err != nil {
			return err
		}
	}
	if err != nil || n == 0 {
		return err
	}
	sign, _ := reference.SignByCode(in.Code)
	return record(ctx, tx, on, timeline.SignSeen, id, timeline.Data{"group": sign.Group})
}

// sameSign reports whether the sign with this id says the same.
func sameSign(ctx context.Context, tx *db.Tx, id uuid.UUID, in SignInput) (bool, error) {
	return db.One[bool](ctx, tx, `
		SELECT EXISTS (SELECT FROM app.sign_seen s WHERE s.id = @id AND (s.case_id = @case OR s.report_id = @case) AND s.noted_by = @me
		   AND s.code = @code AND s.observation = @observation AND s.source = @source AND s.seen_on IS NOT DISTINCT FROM @seen_on::date)`,
		db.Args{"id": id, "case": tx.CaseID, "me": tx.Actor.UserID, "code": in.Code, "observation": in.Observation, "source": in.Source, "seen_on": in.SeenOn})
}

// noteSign writes the sign, unless its id is taken.
func noteSign(ctx context.Context, tx *db.Tx, on On, id uuid.UUID, in SignInput) (int64, error) {
	report, file := owner(tx, on)
	return db.Exec(ctx, tx, `
		INSERT INTO app.sign_seen (id, report_id, case_id, code, observation, source, seen_on, noted_by)
		VALUES (@id, @report, @case, @code, @observation, @source, @seen_on, @me) ON CONFLICT (id) DO NOTHING`,
		db.Args{"id": id, "report": report, "case": file, "code": in.Code, "observation": in.Observation, "source": in.Source, "seen_on": in.SeenOn, "me": tx.Actor.UserID})
}

// RetireSign says that a sign was wrong, and why. It stays to be read.
func RetireSign(ctx context.Context, tx *db.Tx, on On, id uuid.UUID, reason string) error {
	bad := fault.Invalid{}
	bad.Check("reason", reason != "", "signs.error.retire")
	bad.AtMost("reason", reason, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	s, err := db.One[struct {
		Code    string
		Retired bool
	}](ctx, tx, `SELECT code, retired_at IS NOT NULL AS retired FROM app.sign_seen WHERE id = @id AND (case_id = @case OR report_id = @case)`, db.Args{"id": id, "case": tx.CaseID})
	if err != nil {
		return err
	}
	if s.Retired {
		return nil // the form was sent twice, or a colleague was quicker: what was wanted is done
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.sign_seen SET retired_at = @now, retired_by = @me, retired_reason = @reason WHERE id = @id AND retired_at IS NULL`,
		db.Args{"id": id, "now": tx.Now, "me": tx.Actor.UserID, "reason": reason})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Forbidden
	}
	sign, _ := reference.SignByCode(s.Code)
	return record(ctx, tx, on, timeline.SignRetired, id, timeline.Data{"group": sign.Group})
}

// GroupCount is how many signs of a group hold in a case, and when the latest was seen.
type GroupCount struct {
	Code  string // of the sign; empty: own observations
	Count int
	Last  time.Time
}

// SignCounts asks how often each sign has been seen in the opened case, for its overview.
func SignCounts(b *db.Batch) *[]GroupCount {
	return db.All[GroupCount](b, `
		SELECT s.code, count(*)::int AS count, max(coalesce(s.seen_on::timestamptz, s.noted_at)) AS last
		  FROM app.sign_seen s WHERE (s.case_id = @id OR s.report_id = @id) AND s.retired_at IS NULL GROUP BY s.code ORDER BY s.code`, db.Args{"id": b.CaseID})
}
