// Package deadline owns the deadlines of cases and of reports of concern (R4): what the law or the municipality sets, computed once
// from what it begins with, stored with what it was computed from, and counted as kept or broken. How time is counted is
// package calendar's; what the laws say is the reference data's; what a municipality decides itself is a [Rule] of its own.
package deadline

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/reference"
)

// Status is where a deadline stands.
type Status string

// The four states. A paused deadline is never late: what is left of it waits.
const (
	Running   Status = "running"
	Paused    Status = "paused"
	Met       Status = "met" // in time or not: see [Deadline.Broken]
	Cancelled Status = "cancelled"
)

// Deadline is one time limit of a case, with what it was computed from, as it was at the time.
type Deadline struct {
	ID          uuid.UUID
	Code        string // of the reference data, or of a rule of the municipality's own
	OwnName     string // of such a rule; else empty
	Trigger     string // what it began with; the text "trigger.<code>" names it
	TriggeredAt time.Time

	Length      int
	Unit        calendar.Unit
	Basis       string
	LawVersion  string
	Certainty   string // the mark of the reference data; [LocalMark] for what the municipality decided
	Statutory   bool
	RuleVersion int // of the municipality's rule; 0: the reference data alone
	Kind        string

	ConstitutionDay, ChristmasEve, NewYearsEve bool // counted as holidays

	DueAt    time.Time
	Status   Status
	PausedAt *time.Time
	MetAt    *time.Time
	MetBy    string // display name
	Version  int
}

// Name is what the deadline is called in the reader's language.
func (d Deadline) Name(ctx context.Context) string { return NameOf(ctx, d.Code, d.OwnName) }

// NameOf names a deadline by the name that the municipality gave it, or by its code.
func NameOf(ctx context.Context, code, own string) string {
	if own != "" {
		return own
	}
	if r, ok := reference.DeadlineByCode(code); ok {
		return r.Name(ctx)
	}
	return code
}

// key is what events call the deadline: a code that the reader's language names, or the name itself.
func key(code, own string) string {
	if own != "" {
		return own
	}
	return code
}

// Settings are the holiday settings that the deadline was computed with.
func (d Deadline) Settings() calendar.Settings {
	return calendar.Settings{ConstitutionDay: d.ConstitutionDay, ChristmasEve: d.ChristmasEve, NewYearsEve: d.NewYearsEve}
}

// Open reports whether the deadline is still to be met.
func (d Deadline) Open() bool { return d.Status == Running || d.Status == Paused }

// Late reports whether a running deadline has passed.
func (d Deadline) Late(now time.Time) bool { return d.Status == Running && d.DueAt.Before(now) }

// Broken reports whether the deadline was not kept: met too late, or not met though its time is over. A cancelled one is neither kept nor broken.
func (d Deadline) Broken(now time.Time) bool {
	return d.Late(now) || d.Status == Met && d.MetAt.After(d.DueAt)
}

// Kept reports whether the deadline was met in time.
func (d Deadline) Kept() bool { return d.Status == Met && !d.MetAt.After(d.DueAt) }

// Fixed reports whether nobody may move or pause it: the clock hours of a law run through nights and holidays (R2; barnets lov § 136).
// What may be wrong about such a deadline is when it began; see [CorrectTrigger].
func (d Deadline) Fixed() bool { return d.Statutory && d.Unit == calendar.Hours }

// Renewed reports whether only a new risk assessment meets the deadline: it says how long the last one holds, which nobody ticks, moves or pauses.
func (d Deadline) Renewed() bool { return slices.Contains(renewals, d.Code) }

// countsFrom is the moment from which a limit in unit counts: days begin at their first moment.
func countsFrom(at time.Time, unit calendar.Unit) time.Time {
	if unit.HasTime() {
		return at
	}
	return today(at)
}

const selectDeadline = deadlineColumns + ` WHERE d.case_id = @case`

const deadlineColumns = `
	SELECT d.id, d.code, d.name AS own_name, d.trigger, d.triggered_at, d.length, d.unit, d.basis, d.law_version, d.certainty, d.statutory, d.rule_version, d.kind,
	       d.constitution_day, d.christmas_eve, d.new_years_eve, d.due_at, d.status, d.paused_at, d.met_at, coalesce(u.display_name, '') AS met_by, d.version
	  FROM app.deadline d LEFT JOIN auth.user_account u ON u.id = d.met_by`

// All asks for every deadline of the opened case: those to be met first, the nearest first, then the others, the latest first.
func All(b *db.Batch) *[]Deadline {
	return db.All[Deadline](b, selectDeadline+`
		 ORDER BY d.status NOT IN ('running','paused'), CASE WHEN d.status IN ('running','paused') THEN d.due_at END, coalesce(d.met_at, d.changed_at) DESC, d.id`, db.Args{"case": b.CaseID})
}

// Open asks for the deadlines of the opened case that are still to be met, the nearest first.
func Open(b *db.Batch) *[]Deadline {
	return db.All[Deadline](b, selectDeadline+` AND d.status IN ('running','paused') ORDER BY d.due_at, d.id`, db.Args{"case": b.CaseID})
}

// Get asks for one deadline of the opened case. None is [fault.NotFound] for the whole batch.
func Get(b *db.Batch, id uuid.UUID) *Deadline {
	return db.Get[Deadline](b, selectDeadline+` AND d.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Change is something that happened to a deadline, and why.
type Change struct {
	What           string // "started", "moved", "paused", "resumed", "met", "reopened", "cancelled" or "recomputed"
	Reason         string
	DueFrom, DueTo *time.Time
	By             string // display name
	At             time.Time
}

// Changes asks for everything that happened to one deadline of the opened case, newest first.
func Changes(b *db.Batch, id uuid.UUID) *[]Change {
	return db.All[Change](b, `
		SELECT c.what, c.reason, c.due_from, c.due_to, u.display_name AS by, c.at FROM app.deadline_change c JOIN auth.user_account u ON u.id = c.changed_by
		 WHERE c.case_id = @case AND c.deadline_id = @id ORDER BY c.at DESC, c.id LIMIT 100`, db.Args{"case": b.CaseID, "id": id})
}
