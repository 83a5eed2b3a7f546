package overview

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
)

// Limit is a deadline (R4) of a case, as lists show it: with the case, and without what it was computed from.
type Limit struct {
	ID              uuid.UUID
	CaseID          uuid.UUID
	Ref, Number     string
	Confidentiality int16
	Code, OwnName   string
	Unit            calendar.Unit
	Basis           string
	DueAt           time.Time
	MetAt           *time.Time
	ResponsibleID   uuid.UUID
	Responsible     string
	PhotoID         *uuid.UUID
}

// Name is what the deadline is called in the reader's language.
func (l Limit) Name(ctx context.Context) string { return deadline.NameOf(ctx, l.Code, l.OwnName) }

// DaysAhead is how far Min dag looks for deadlines, and DaysBack how far Overblik looks back for those that were kept and broken.
const (
	DaysAhead = 14
	DaysBack  = 90
)

// MostLimits is how many deadlines a list shows.
const MostLimits = 100

const limitColumns = `d.id, d.case_id, f.ref, f.number, d.confidentiality, d.code, d.name AS own_name, d.unit, d.basis, d.due_at, d.met_at, f.responsible_id, u.display_name AS responsible, u.photo_id`

// MyLimits asks for the running deadlines of the reader's own cases that are over time or due within [DaysAhead] days, the most urgent first.
func MyLimits(b *db.Batch, limit int) *[]Limit {
	return db.All[Limit](b, `
		SELECT `+limitColumns+`
		  FROM app.case_file f JOIN app.deadline d ON d.case_id = f.id AND d.status = 'running' AND d.due_at < date_trunc('day', now(), 'Europe/Copenhagen') + make_interval(days => @ahead + 1)
		  JOIN auth.user_account u ON u.id = f.responsible_id
		 WHERE f.responsible_id = @me AND f.status = 'open'
		 ORDER BY d.due_at, d.id LIMIT @limit`, db.Args{"me": b.Actor.UserID, "ahead": DaysAhead, "limit": limit})
}

// Which of the team's deadlines a list shows.
const (
	LimitsKept   = "holdt"
	LimitsBroken = "brudt"  // met too late, or over time now
	LimitsLate   = "over"   // over time now
	LimitsAhead  = "loeber" // running, and not over time
)

// WhichLimits are the four lists.
var WhichLimits = []string{LimitsLate, LimitsAhead, LimitsBroken, LimitsKept}

// teamLimits are the conditions of the four lists, on a deadline d of a case f. Numbers and lists share them. What is over time is read in open cases:
// in a closed one nobody can meet it any more.
var teamLimits = map[string]string{
	LimitsKept:   `d.status = 'met' AND d.met_at <= d.due_at AND d.met_at > now() - make_interval(days => @back)`,
	LimitsBroken: `(d.status = 'met' AND d.met_at > d.due_at AND d.met_at > now() - make_interval(days => @back) OR ` + lateLimit + `)`,
	LimitsLate:   lateLimit,
	LimitsAhead:  `(d.status = 'running' AND d.due_at >= now() AND f.status = 'open')`,
}

// lateLimit is the condition for a deadline d of a case f that is over its time.
const lateLimit = `(d.status = 'running' AND d.due_at < now() AND f.status = 'open')`

// KeptLimits counts the team's deadlines: kept and broken in the last [DaysBack] days, over time now (which are broken too), and ahead.
type KeptLimits struct{ Kept, Broken, Late, Ahead int }

// TeamKept asks for the numbers.
func TeamKept(b *db.Batch) *KeptLimits {
	return db.Get[KeptLimits](b, `
		SELECT count(*) FILTER (WHERE `+teamLimits[LimitsKept]+`)::int AS kept, count(*) FILTER (WHERE `+teamLimits[LimitsBroken]+`)::int AS broken,
		       count(*) FILTER (WHERE `+lateLimit+`)::int AS late,
		       count(*) FILTER (WHERE `+teamLimits[LimitsAhead]+`)::int AS ahead
		  FROM app.deadline d JOIN app.case_file f ON f.id = d.case_id
		 WHERE d.team_id = ANY (@teams) AND (d.status = 'met' AND d.met_at > now() - make_interval(days => @back) OR d.status = 'running')`,
		db.Args{"teams": led(b.Actor), "back": DaysBack})
}

// TeamLimits asks for the list behind one of the numbers, the oldest deadline first.
func TeamLimits(b *db.Batch, which string) *[]Limit {
	return db.All[Limit](b, `
		SELECT `+limitColumns+`
		  FROM app.deadline d JOIN app.case_file f ON f.id = d.case_id JOIN auth.user_account u ON u.id = f.responsible_id
		 WHERE d.team_id = ANY (@teams) AND @back::int > 0 AND `+teamLimits[which]+`
		 ORDER BY d.due_at, d.id LIMIT @most`, db.Args{"teams": led(b.Actor), "most": MostLimits, "back": DaysBack})
}
