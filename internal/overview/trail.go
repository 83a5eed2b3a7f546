package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Line is one line of the access trail, as an auditor reads it: who, when, what, in which case by its
// opaque id. What was in the case, and the case's number, are not here.
type Line struct {
	ID      int64
	At      time.Time
	ActorID *uuid.UUID
	Actor   string
	Action  string
	CaseID  *uuid.UUID
	Object  string // what the action was about: purpose and page, a level, a code; never content
	About   string // the name of the colleague whom the action was about, where it was about one; of a change of a team also, or alone, the team's
}

// The kinds of lines that one can ask for alone.
const (
	Denied   = "denied"   // openings that were refused
	Openings = "openings" // cases opened
	Reveals  = "reveals"  // CPR numbers and protected facts shown
	Access   = "access"   // grants, exclusions, hand-overs, levels, who is in a team
	Searches = "searches"
)

// LineKinds are all kinds, in the order of their chips.
var LineKinds = []string{Denied, Openings, Reveals, Access, Searches}

// kindSQL is the condition of each kind. Texts of this package only: nothing typed gets in.
var kindSQL = map[string]string{
	Denied:   ` AND e.action = 'case.denied'`,
	Openings: ` AND e.action = 'case.open'`,
	Reveals:  ` AND e.action IN ('cpr.reveal','fact.reveal')`,
	Access:   ` AND (e.action LIKE 'access.%' OR e.action LIKE 'team.%' OR e.action IN ('case.hand_over','case.level','case.unseal_requested'))`,
	Searches: ` AND e.action = 'search'`,
}

// LineQuery chooses lines. The zero query is everything, newest first.
type LineQuery struct {
	Kind  string
	Who   uuid.UUID
	Case  uuid.UUID
	From  time.Time // the first moment
	Until time.Time // the first moment that is too late
	// After is the last line of the page before.
	AfterAt time.Time
	AfterID int64
}

// PageOfLines is how many lines a page shows.
const PageOfLines = 50

// Lines asks for one page of the trail, and for one line more, which tells whether there is another page.
func Lines(b *db.Batch, q LineQuery) *[]Line {
	args := db.Args{"limit": PageOfLines + 1}
	where := `true` + kindSQL[q.Kind]
	add := func(used bool, sql, name string, value any) {
		if used {
			where += ` AND ` + sql
			args[name] = value
		}
	}
	add(q.Case != uuid.Nil, `e.case_id = @case`, "case", q.Case)
	add(!q.From.IsZero(), `e.at >= @from`, "from", q.From)
	add(!q.Until.IsZero(), `e.at < @until`, "until", q.Until)
	if !q.AfterAt.IsZero() {
		where += ` AND (e.at, e.id) < (@at, @after)`
		args["at"], args["after"] = q.AfterAt, q.AfterID
	}
	page := func(whose string) string {
		return `(SELECT e.id, e.at, e.stream, e.actor, e.action, e.case_id, e.object FROM audit.event e WHERE ` + where + whose + ` ORDER BY e.at DESC, e.id DESC LIMIT @limit)`
	}
	lines := page(``)
	if q.Who != uuid.Nil { // a sign-in has no actor yet: it stands in the person's own stream
		lines = page(` AND e.actor = @who`) + ` UNION ALL ` + page(` AND e.actor IS NULL AND e.stream = 'user:' || @who::uuid`)
		args["who"] = q.Who
	}
	return db.All[Line](b, `
		SELECT e.id, e.at, u.id AS actor_id, coalesce(u.display_name, '') AS actor, e.action, e.case_id, coalesce(e.object, '') AS object, concat_ws(', ', a.display_name, t.name) AS about
		  FROM (`+lines+`) e
		  LEFT JOIN auth.user_account u ON u.id = coalesce(e.actor, CASE WHEN e.stream ~ `+userStream+` THEN substr(e.stream, 6)::uuid END)
		  LEFT JOIN auth.user_account a ON a.id = CASE WHEN (e.action LIKE 'access.%' OR e.action LIKE 'team.%' OR e.action = 'case.hand_over') AND e.object ~ `+anID+` THEN e.object::uuid END
		  LEFT JOIN app.team t ON t.id = CASE WHEN e.stream ~ `+teamStream+` THEN substr(e.stream, 6)::uuid END
		 ORDER BY e.at DESC, e.id DESC LIMIT @limit`, args)
}

// What an id looks like, and the streams of a person and of a team.
const (
	anID       = `'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'`
	userStream = `'^user:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'`
	teamStream = `'^team:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'`
)

// Refusals is how many openings were refused, and to how many people.
type Refusals struct{ Lines, People int }

// DeniedLately asks for the refusals of the last seven days.
func DeniedLately(b *db.Batch) *Refusals {
	return db.Get[Refusals](b, `
		SELECT count(*)::int AS lines, count(DISTINCT e.actor)::int AS people FROM audit.event e WHERE e.action = 'case.denied' AND e.at > now() - interval '7 days'`, db.Args{})
}

// Employee is an account, for choosing whose lines to read.
type Employee struct {
	ID    uuid.UUID
	Name  string
	Title string
}

// Employees asks for every account, the closed ones too: their lines remain.
func Employees(b *db.Batch) *[]Employee {
	return db.All[Employee](b, `SELECT id, display_name AS name, title FROM auth.user_account ORDER BY display_name, id`, db.Args{})
}

// NoteReading leaves a line about the reading itself: who watches the watchers. It is committed with the
// question, before anything is shown.
func NoteReading(b *db.Batch, q LineQuery) {
	about := ""
	switch {
	case q.Case != uuid.Nil:
		about = "case:" + q.Case.String()
	case q.Who != uuid.Nil:
		about = "user:" + q.Who.String()
	}
	db.Do(b, `SELECT audit.record('trail.read', NULL, nullif(@about, ''), NULL)`, db.Args{"about": about})
}
