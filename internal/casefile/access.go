package casefile

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// The kinds of access to a case. One person at a time is responsible; the others are given by them or by a lead
// (security.md 2.3).
const (
	Responsible = "responsible"
	Coworker    = "coworker"  // reads and writes
	Consulted   = "consulted" // reads and adds notes, sees no protected facts; always ends
	Lead        = "lead"      // reads, and manages who may see the case
)

// ConsultedDays is how long somebody consulted may see a case unless said otherwise, and
// ConsultedDaysMost how long at most. A co-worker who asks for advice gives the former.
const (
	ConsultedDays     = 14
	ConsultedDaysMost = 60
)

// Grant is one person's access to the opened case, now or once.
type Grant struct {
	UserID   uuid.UUID
	Name     string
	Title    string
	PhotoID  *uuid.UUID
	Kind     string
	Since    time.Time
	Until    *time.Time // when it ends by itself
	Ended    *time.Time // when it ended
	By       string     // who gave it
	Reason   string
	Cover    string // for whom, of who stands in
	Excluded bool   // and so of no use; known only to those who manage the case
}

// Grants asks for everybody's access to the opened case: first those who have it now, then those who had.
func Grants(b *db.Batch) *[]Grant {
	return db.All[Grant](b, `
		SELECT u.id AS user_id, u.display_name AS name, u.title, u.photo_id, g.kind, g.valid_from AS since, g.valid_to AS until,
		       CASE WHEN g.revoked_at IS NOT NULL THEN g.revoked_at WHEN g.valid_to <= now() THEN g.valid_to END AS ended,
		       coalesce(giver.display_name, '') AS by, CASE WHEN g.reason = 'created' OR g.absence_id IS NOT NULL THEN '' ELSE g.reason END AS reason,
		       coalesce((SELECT r.display_name FROM auth.user_account r WHERE r.id = g.cover_for), '') AS cover,
		       EXISTS (SELECT FROM app.case_exclusion x WHERE x.case_id = g.case_id AND x.user_id = g.user_id AND x.lifted_at IS NULL) AS excluded
		  FROM app.case_grant g JOIN auth.user_account u ON u.id = g.user_id LEFT JOIN auth.user_account giver ON giver.id = g.granted_by
		 WHERE g.case_id = @case
		 ORDER BY g.revoked_at IS NOT NULL OR coalesce(g.valid_to <= now(), false), array_position(ARRAY['responsible','coworker','lead','consulted'], g.kind),
		          g.valid_from DESC, u.display_name, g.id LIMIT 200`, db.Args{"case": b.CaseID})
}

// MayRead asks whether the reader may still see a case, without opening it: somebody may just have ended their own access.
func MayRead(b *db.Batch, id uuid.UUID) *bool {
	return db.Get[bool](b, `SELECT auth.perms(@case) & @read = @read`, db.Args{"case": id, "read": int(actor.Read)})
}

// Live reports whether the grant gives access now.
func (g Grant) Live() bool { return g.Ended == nil }

// TeamLeads asks for the leads of the opened case's team: unless it is sealed they read it without being named.
func TeamLeads(b *db.Batch) *[]Member {
	return db.All[Member](b, `
		SELECT u.id AS user_id, u.display_name AS name, u.title, 'team_lead' AS kind, u.photo_id, m.valid_to AS until
		  FROM app.team_member m JOIN auth.user_account u ON u.id = m.user_id AND u.active AND u.role = 'team_lead'
		 WHERE m.team_id = (SELECT f.team_id FROM app.case_file f WHERE f.id = @case AND f.confidentiality < 2)
		   AND m.is_lead AND (m.valid_to IS NULL OR m.valid_to > now()) ORDER BY u.display_name, u.id`, db.Args{"case": b.CaseID})
}

// AccessInput is what is said when somebody is given access to a case.
type AccessInput struct {
	UserID uuid.UUID
	Kind   string     // [Coworker], [Consulted] or [Lead]
	Until  *time.Time // the last day; of a consultation only, where nothing means [ConsultedDays]
	Reason string
}

// Validate refuses access without somebody to give it to, a kind, a reason, or with an end that is none.
func (in AccessInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("person", in.UserID != uuid.Nil, "access.error.person")
	bad.Check("kind", in.Kind == Coworker || in.Kind == Consulted || in.Kind == Lead, "error.choose")
	if in.Kind == Consulted && in.Until != nil {
		bad.Check("until", in.Until.After(now), "error.date_past")
		bad.Check("until", in.Until.Before(now.AddDate(0, 0, ConsultedDaysMost)), "access.error.until")
	}
	checkReason(bad, in.Reason)
	return bad.Err()
}

// checkReason refuses a reason that is missing or too long for a line of the trail.
func checkReason(bad fault.Invalid, reason string) {
	bad.Check("reason", reason != "", "error.reason")
	bad.AtMost("reason", reason, maxLine)
}

// GiveAccess lets somebody into the opened case, or changes how they are in it. Who may not manage access
// may still ask a colleague for advice; the database shortens that to [ConsultedDays]. Somebody who is
// excluded, and somebody whose role never reads a case, are refused with the same words.
func GiveAccess(ctx context.Context, tx *db.Tx, in AccessInput) error {
	if err := in.Validate(tx.Now); err != nil {
		return err
	}
	who, err := colleague(ctx, tx, in.UserID)
	if err != nil {
		return err
	}
	bad := fault.Invalid{}
	bad.Check("kind", in.Kind != Lead || who.Role == actor.TeamLead, "access.error.lead")
	if err := bad.Err(); err != nil {
		return err
	}
	if in.Kind != Consulted {
		in.Until = nil
	}
	given, err := db.One[bool](ctx, tx, `SELECT app.grant_access(@case, @user, @kind, @until, @reason)`,
		db.Args{"case": tx.CaseID, "user": in.UserID, "kind": in.Kind, "until": in.Until, "reason": in.Reason})
	if err != nil {
		return err
	}
	if !given {
		return fault.Invalid{"person": "access.error.unfit"}
	}
	return timeline.Record(ctx, tx, timeline.AccessGranted, in.UserID, timeline.Data{"name": who.Name, "kind": in.Kind})
}

// TakeAccess ends somebody's access to the opened case. The responsible hands over instead.
func TakeAccess(ctx context.Context, tx *db.Tx, user uuid.UUID, reason string) error {
	bad := fault.Invalid{}
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return err
	}
	name, err := db.One[string](ctx, tx, `
		SELECT u.display_name FROM app.case_grant g JOIN auth.user_account u ON u.id = g.user_id
		 WHERE g.case_id = @case AND g.user_id = @user AND g.kind <> 'responsible' AND g.revoked_at IS NULL LIMIT 1`, db.Args{"case": tx.CaseID, "user": user})
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `SELECT app.revoke_access(@case, @user, @reason)`, db.Args{"case": tx.CaseID, "user": user, "reason": reason}); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.AccessRevoked, user, timeline.Data{"name": name})
}

// HandOverInput is what is said when a case gets another responsible.
type HandOverInput struct {
	UserID uuid.UUID
	Stay   bool // the one who was responsible stays as co-worker
	Reason string
}

// HandOver makes somebody else responsible for the opened case. Both are told by the database.
func HandOver(ctx context.Context, tx *db.Tx, in HandOverInput) error {
	bad := fault.Invalid{}
	bad.Check("person", in.UserID != uuid.Nil, "access.error.person")
	checkReason(bad, in.Reason)
	if err := bad.Err(); err != nil {
		return err
	}
	was, err := db.One[uuid.UUID](ctx, tx, `SELECT responsible_id FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	bad.Check("person", in.UserID != was, "access.error.same")
	who, err := colleague(ctx, tx, in.UserID)
	if err != nil {
		return err
	}
	if err := bad.Err(); err != nil {
		return err
	}
	given, err := db.One[bool](ctx, tx, `SELECT app.hand_over(@case, @user, @reason)`, db.Args{"case": tx.CaseID, "user": in.UserID, "reason": in.Reason})
	if err != nil {
		return err
	}
	if !given {
		return fault.Invalid{"person": "access.error.unfit"}
	}
	if in.Stay {
		if _, err := db.Exec(ctx, tx, `SELECT app.grant_access(@case, @user, 'coworker', NULL, @reason)`, db.Args{"case": tx.CaseID, "user": was, "reason": in.Reason}); err != nil {
			return err
		}
	}
	return timeline.Record(ctx, tx, timeline.CaseHandedOver, in.UserID, timeline.Data{"name": who.Name})
}

// named is somebody that a form names.
type named struct {
	Name string
	Role actor.Role
}

// colleague is the person that a form names; somebody unknown is refused like somebody unfit.
func colleague(ctx context.Context, tx *db.Tx, id uuid.UUID) (named, error) {
	found, err := db.Many[named](ctx, tx, `SELECT display_name AS name, role FROM auth.user_account WHERE id = @user AND active`, db.Args{"user": id})
	if err == nil && len(found) == 0 {
		err = fault.Invalid{"person": "access.error.unfit"}
	}
	if err != nil {
		return named{}, err
	}
	return found[0], nil
}
