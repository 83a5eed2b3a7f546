// Package remind is when people are told of what is due, and when their lead is (docs/adr/0020-reminders-and-absence.md). The telling is
// done by the database, in the job app.job_reminders(); here is what a municipality chooses about it.
package remind

import (
	"context"
	"fmt"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Settings say how early somebody is told of what they answer for, and how late their lead is, in workdays (Monday to Friday without
// holidays). They are a proposal of Samspil that a municipality changes; no law says them.
type Settings struct {
	BeforeDays int  // workdays before the day; 0: not before it
	OnDay      bool // on the day itself
	LeadAfter  int  // workdays over time
	Version    int  // 0: the municipality has set nothing
}

// Default is what holds until a municipality says otherwise: the same numbers stand in app.job_reminders().
var Default = Settings{BeforeDays: 2, OnDay: true, LeadAfter: 3}

// The bounds of the two numbers.
const (
	MostBefore = 10
	MostAfter  = 20
)

// Get asks for the settings of the reader's municipality; for an admin.
func Get(b *db.Batch) *Settings {
	return db.Get[Settings](b, `
		SELECT coalesce(s.before_days, @before) AS before_days, coalesce(s.on_day, @on) AS on_day, coalesce(s.lead_after, @after) AS lead_after, coalesce(s.version, 0) AS version
		  FROM (SELECT 1) one LEFT JOIN app.reminder_setting s ON s.municipality = (SELECT auth.municipality())`,
		db.Args{"before": Default.BeforeDays, "on": Default.OnDay, "after": Default.LeadAfter})
}

// Validate reports what the form must say again.
func (s Settings) Validate() error {
	bad := fault.Invalid{}
	bad.Check("before", 0 <= s.BeforeDays && s.BeforeDays <= MostBefore, "remind.error.before")
	bad.Check("after", 1 <= s.LeadAfter && s.LeadAfter <= MostAfter, "remind.error.after")
	return bad.Err()
}

// Set keeps the settings, expected at their version; for an admin. [fault.Stale] says that somebody else was first.
func Set(ctx context.Context, tx *db.Tx, s Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	answer, err := db.One[string](ctx, tx, `SELECT app.set_reminders(@version, @before, @on, @after)`,
		db.Args{"version": s.Version, "before": s.BeforeDays, "on": s.OnDay, "after": s.LeadAfter})
	switch {
	case err != nil:
		return err
	case answer == "stale":
		return fault.Stale
	case answer != "done":
		return fmt.Errorf("the database answers %q", answer)
	}
	return nil
}
