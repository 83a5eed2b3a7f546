package casefile

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// Exclusion is a colleague for whom the opened case does not exist: it beats every access (security.md 2.5).
// Only those who manage the case know of it, and it leaves no event: events are read by everybody on the case.
type Exclusion struct {
	UserID      uuid.UUID
	Name        string
	Title       string
	PhotoID     *uuid.UUID
	Source      string // "creation", "leader", "self" or "relation"
	Reason      string
	SetBy       string
	SetAt       time.Time
	RequestedBy *uuid.UUID // who asked for it to be lifted; somebody else has to agree
	Requester   string
	LiftReason  string
}

// Exclusions asks for those who are excluded from the opened case. Who does not manage it gets none.
func Exclusions(b *db.Batch) *[]Exclusion {
	return db.All[Exclusion](b, `
		SELECT u.id AS user_id, u.display_name AS name, u.title, u.photo_id, x.source, x.reason, coalesce(s.display_name, '') AS set_by, x.set_at,
		       x.lift_requested_by AS requested_by, coalesce(r.display_name, '') AS requester, x.lift_reason
		  FROM app.case_exclusion x JOIN auth.user_account u ON u.id = x.user_id
		  LEFT JOIN auth.user_account s ON s.id = x.set_by LEFT JOIN auth.user_account r ON r.id = x.lift_requested_by
		 WHERE x.case_id = @case AND x.lifted_at IS NULL ORDER BY u.display_name, x.id`, db.Args{"case": b.CaseID})
}

// Exclude makes the opened case non-existent for somebody, at once. Everybody who reads the case may exclude themselves.
func Exclude(ctx context.Context, tx *db.Tx, user uuid.UUID, reason string) error {
	bad := fault.Invalid{}
	bad.Check("person", user != uuid.Nil, "access.error.person")
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return err
	}
	if _, err := colleague(ctx, tx, user); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `SELECT app.exclude_user(@case, @user, @reason)`, db.Args{"case": tx.CaseID, "user": user, "reason": reason})
	return err
}

// Lift asks for an exclusion from the opened case to be lifted, or lifts it where somebody else has asked.
// It returns whether it is lifted now.
func Lift(ctx context.Context, tx *db.Tx, user uuid.UUID, reason string) (lifted bool, err error) {
	bad := fault.Invalid{}
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return false, err
	}
	answer, err := db.One[string](ctx, tx, `SELECT app.lift_exclusion(@case, @user, @reason)`, db.Args{"case": tx.CaseID, "user": user, "reason": reason})
	if err == nil && answer == "none" {
		err = fault.NotFound
	}
	return answer == "lifted", err
}

// Unsealing is somebody's wish that the seal be taken off the opened case, which waits for a second person.
type Unsealing struct {
	To          Confidentiality
	Reason      string
	RequestedBy uuid.UUID
	Requester   string
	At          time.Time
}

// GetUnsealing asks for the wish that waits, if one does. Who does not manage the case gets none.
func GetUnsealing(b *db.Batch) *db.Found[Unsealing] {
	return db.Maybe[Unsealing](b, `
		SELECT q.to_level AS to, q.reason, q.requested_by, coalesce(u.display_name, '') AS requester, q.requested_at AS at
		  FROM app.unseal_request q LEFT JOIN auth.user_account u ON u.id = q.requested_by
		 WHERE q.case_id = @case AND q.approved_at IS NULL`, db.Args{"case": b.CaseID})
}

// SetConfidentiality changes how widely the existence of the opened case is known. Taking a seal off
// needs a second person: the first only asks. It returns whether the level has changed.
func SetConfidentiality(ctx context.Context, tx *db.Tx, level Confidentiality, reason string) (changed bool, err error) {
	bad := fault.Invalid{}
	bad.Check("level", level >= Normal && level <= Sealed, "error.choose")
	checkReason(bad, reason)
	was, err := db.One[Confidentiality](ctx, tx, `SELECT confidentiality FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return false, err
	}
	bad.Check("level", level != was, "access.error.level")
	if err := bad.Err(); err != nil {
		return false, err
	}
	answer, err := db.One[string](ctx, tx, `SELECT app.set_confidentiality(@case, @level::int::smallint, @reason)`, db.Args{"case": tx.CaseID, "level": int(level), "reason": reason})
	if err != nil || answer != "done" {
		return false, err
	}
	return true, timeline.Record(ctx, tx, timeline.LevelChanged, uuid.Nil, timeline.Data{"from": strconv.Itoa(int(was)), "to": strconv.Itoa(int(level))})
}
