package overview

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
)

// Limit is a deadline (R4) of a case or of a report of concern, as lists show it: with the case, and without what it was computed from.
type Limit struct {
	ID              uuid.UUID
	OfReport        bool
	Ref, Number     string // of the case or the report
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

const limitColumns = `d.id, false AS of_report, f.ref, f.number, d.confidentiality, d.code, d.name AS own_name, d.unit, d.basis, d.due_at, d.met_at, f.responsible_id, u.display_name AS responsible, u.photo_id`

// limitsOfTeam are the deadlines d of the teams @teams with what they are about, c: a case, or a report of concern on its desk.
const limitsOfTeam = `
	app.deadline d JOIN LATERAL (
	    SELECT false AS of_report, f.ref, f.number, f.status = 'open' AS open, f.responsible_id FROM app.case_file f WHERE f.id = d.case_id
	    UNION ALL SELECT true, x.ref, x.number, x.concluded_at IS NULL OR d.code = 'UND_RECEIPT', coalesce(x.assigned_to, x.registered_by) FROM app.report x WHERE x.id = d.report_id) c ON true
	 WHERE d.team_id = ANY (@teams)`

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

// teamLimits are the conditions of the four lists, on a deadline d of something c ([limitsOfTeam]). Numbers and lists share them. What is over time is read in open cases
// and reports: in a closed one nobody can meet it any more, but for the receipt of a report (§ 138), which is owed until it is given.
var teamLimits = map[string]string{
	LimitsKept:   `d.status = 'met' AND d.met_at <= d.due_at AND d.met_at > now() - make_interval(days => @back)`,
	LimitsBroken: `(d.status = 'met' AND d.met_at > d.due_at AND d.met_at > now() - make_interval(days => @back) OR ` + lateLimit + `)`,
	LimitsLate:   lateLimit,
	LimitsAhead:  `(d.status = 'running' AND d.due_at >= now() AND c.open)`,
}

// lateLimit is the condition for a deadline d of something c that is over its time.
const lateLimit = `(d.status = 'running' AND d.due_at < now() AND c.open)`

// KeptLimits counts the team's deadlines: kept and broken in the last [DaysBack] days, over time now (which are broken too), and ahead.
type KeptLimits struct{ Kept, Broken, Late, Ahead int }

// TeamKept asks for the numbers.
func TeamKept(b *db.Batch) *KeptLimits {
	return db.Get[KeptLimits](b, `
		SELECT count(*) FILTER (WHERE `+teamLimits[LimitsKept]+`)::int AS kept, count(*) FILTER (WHERE `+teamLimits[LimitsBroken]+`)::int AS broken,
		       count(*) FILTER (WHERE `+lateLimit+`)::int AS late,
		       count(*) FILTER (WHERE `+teamLimits[LimitsAhead]+`)::int AS ahead
		  FROM `+limitsOfTeam+` AND (d.status = 'met' AND d.met_at > now() - make_interval(days => @back) OR d.status = 'running')`,
		db.Args{"teams": led(b.Actor), "back": DaysBack})
}

// TeamLimits asks for the list behind one of the numbers, the oldest deadline first.
func TeamLimits(b *db.Batch, which string) *[]Limit {
	return db.All[Limit](b, `
		SELECT l.*, u.display_name AS responsible, u.photo_id
		  FROM (SELECT d.id, c.of_report, c.ref, c.number, d.confidentiality, d.code, d.name AS own_name, d.unit, d.basis, d.due_at, d.met_at, c.responsible_id
		          FROM `+limitsOfTeam+` AND @back::int > 0 AND `+teamLimits[which]+`
		         ORDER BY d.due_at, d.id LIMIT @most) l
		  JOIN auth.user_account u ON u.id = l.responsible_id ORDER BY l.due_at, l.id`, db.Args{"teams": led(b.Actor), "most": MostLimits, "back": DaysBack})
}
