package casefile

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

// SeverityInput is a choice of level. It is chosen by a person and never summed (R8).
type SeverityInput struct {
	Level  string // code of [reference.Severities]
	Reason string // always asked for, also when the level stays
	Lower  bool   // said in so many words that the level goes down
}

// SeverityChange is one choice of level in a case's history.
type SeverityChange struct {
	At       time.Time
	By       string
	From, To string // From is empty for the first
	Reason   string // empty where it was not kept
}

// SeverityHistory asks for every choice of level in the opened case, newest first.
func SeverityHistory(b *db.Batch) *[]SeverityChange {
	return db.All[SeverityChange](b, `
		SELECT e.at, u.display_name AS by, coalesce(e.data->>'from', '') AS "from", coalesce(e.data->>'to', '') AS "to", coalesce(s.reason, '') AS reason
		  FROM app.case_event e JOIN auth.user_account u ON u.id = e.actor
		  LEFT JOIN app.severity_choice s ON s.case_id = e.case_id AND s.id = e.object_id
		 WHERE e.case_id = @case AND e.kind = 'severity.changed' ORDER BY e.at DESC, e.id LIMIT 50`, db.Args{"case": b.CaseID})
}

// rank orders the levels, from nobody has assessed to acute danger.
func rank(level string) int {
	return slices.IndexFunc(reference.Items(reference.Severities), func(it reference.Item) bool { return it.Code == level })
}

// Lowers reports whether the level to is lower than from.
func Lowers(from, to string) bool { return rank(to) < rank(from) }

// SetSeverity chooses the level of the opened case, whose header was read at version. A lower level is
// refused at "lower" until the person has said that it is meant: never silently downgraded (R8).
func SetSeverity(ctx context.Context, tx *db.Tx, version int, in SeverityInput) error {
	bad := fault.Invalid{}
	bad.Check("level", reference.Known(reference.Severities, in.Level), "severity.error.level")
	bad.Check("reason", in.Reason != "", "severity.error.reason")
	bad.AtMost("reason", in.Reason, maxText)
	was, err := db.One[string](ctx, tx, `SELECT coalesce(severity, '') FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	bad.Check("lower", bad["level"] != "" || !Lowers(was, in.Level) || in.Lower, "severity.error.lower")
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.case_file SET severity = @level, severity_set_at = @now, version = version + 1 WHERE id = @case AND version = @version`,
		db.Args{"case": tx.CaseID, "level": in.Level, "now": tx.Now, "version": version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNot(ctx, "case_file", tx.CaseID, version)
	}
	choice := uuid.New()
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.severity_choice (id, case_id, level, reason, set_by) VALUES (@id, @case, @level, @reason, @me)`,
			db.Args{"id": choice, "case": tx.CaseID, "level": in.Level, "reason": in.Reason, "me": tx.Actor.UserID})
		db.Do(b, `INSERT INTO app.case_profile (case_id, severity_reason) VALUES (@case, @reason) ON CONFLICT (case_id) DO UPDATE SET severity_reason = excluded.severity_reason`,
			db.Args{"case": tx.CaseID, "reason": in.Reason})
	})
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.SeverityChanged, choice, timeline.Data{"from": was, "to": in.Level})
}
