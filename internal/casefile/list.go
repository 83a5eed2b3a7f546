package casefile

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
)

// PageSize is how many cases a page of the list shows.
const PageSize = 50

// CountLimit is where counting stops: a larger number helps nobody, and costs.
const CountLimit = 500

// View says whose cases a list is about.
type View string

// The views. Each names its own scope in the statement; the policies only guard it.
const (
	Mine   View = "mine"    // responsible: me
	Joined View = "med"     // I take part: co-responsible, consulted or named lead
	Team   View = "team"    // the lead: the team's cases; a caseworker: those of the team that are not restricted
	Closed View = "lukkede" // the lead: the team's closed cases; others: the closed ones they worked on
)

// Views are the views that a role has, the default first.
func Views(who actor.Actor) []View {
	switch who.Role {
	case actor.TeamLead:
		return []View{Team, Mine, Joined, Closed}
	case actor.Caseworker:
		return []View{Mine, Joined, Team, Closed}
	case actor.Specialist:
		return []View{Joined, Closed}
	}
	return nil
}

// ListQuery says which cases a list shows, in which order, and from where.
type ListQuery struct {
	View            View
	Plan            string // "uden" or "med"
	Pulse           PlanState
	Due             string // "over" or "uge"
	Severities      []string
	Partner         string // "uden" or "med"
	OutdatedLevel   bool   // the level is older than the reference data lets it be
	Phase           string
	Area            string
	Responsible     uuid.UUID
	Confidentiality *Confidentiality
	QuietDays       int // nothing has happened for so many days
	Sort            Sort
	Ascending       bool
	From            Cursor
}

// Filtered reports whether the query leaves out any case of its view.
func (q ListQuery) Filtered() bool {
	return q.Plan != "" || q.Pulse != "" || q.Due != "" || len(q.Severities) > 0 || q.Partner != "" || q.OutdatedLevel || q.Phase != "" || q.Area != "" ||
		q.Responsible != uuid.Nil || q.Confidentiality != nil || q.QuietDays > 0
}

// ListRow is one case of the list. Only a reader of the content sees the citizen and the next step (Readable):
// a team mate who may know of a case sees its number and whom to ask.
type ListRow struct {
	ID              uuid.UUID
	Ref             string
	Number          string
	Area            string
	Confidentiality Confidentiality
	Status          string
	Severity        string
	SeverityRank    int
	Phase           string
	OpenedAt        time.Time
	ClosedAt        *time.Time
	ActiveAt        time.Time
	HasPlan         bool
	Partners        int
	NextDueAt       *time.Time // of the steps that have a date
	ResponsibleID   uuid.UUID
	Responsible     string
	PhotoID         *uuid.UUID
	Readable        bool
	CallingName     string
	Born            *time.Time
	StepTitle       string // what is next
	StepDue         *time.Time
	StepHasTime     bool
	Pulse
}

// List asks for one page of cases, and one more row when there is a next page.
func List(b *db.Batch, q ListQuery) *[]ListRow {
	where, args := q.where(b.Actor)
	order := q.order(&where, args)
	args["limit"] = PageSize + 1
	return db.All[ListRow](b, `
		WITH f AS (
		  SELECT f.id, f.ref, f.number, f.area, f.confidentiality, f.status, coalesce(f.severity, '') AS severity, f.severity_rank, f.phase, f.opened_at,
		         f.closed_at, f.active_at, f.has_plan, f.partners, f.next_due_at, f.responsible_id,
		         `+PulseColumns+`
		    FROM app.case_file f WHERE `+strings.Join(where, " AND ")+` ORDER BY `+order+` LIMIT @limit)
		SELECT f.id, f.ref, f.number, f.area, f.confidentiality, f.status, f.severity, f.severity_rank, f.phase, f.opened_at, f.closed_at, f.active_at, f.has_plan,
		       f.partners, nullif(f.next_due_at, 'infinity') AS next_due_at, f.responsible_id, u.display_name AS responsible, u.photo_id,
		       l.case_id IS NOT NULL AS readable, coalesce(l.calling_name, '') AS calling_name, l.born,
		       coalesce(s.title, '') AS step_title, s.due_at AS step_due, coalesce(s.due_has_time, false) AS step_has_time,
		       f.pulse_reason, f.plan_moved_at, f.open_steps, f.unsure_steps, f.plan_follow_up, f.plan_revisit_at, f.plan_revisit_why, f.late_since
		  FROM f JOIN auth.user_account u ON u.id = f.responsible_id
		  LEFT JOIN app.citizen_label l ON l.case_id = f.id
		  LEFT JOIN LATERAL (SELECT s.title, s.due_at, s.due_has_time FROM app.plan_step s WHERE s.case_id = f.id AND s.status IN ('open','in_progress','waiting')
		                      ORDER BY s.due_at, s.position, s.id LIMIT 1) s ON true
		 ORDER BY `+order, args)
}

// Count asks how many cases the query has on all its pages; it stops counting past [CountLimit].
func Count(b *db.Batch, q ListQuery) *int {
	args := db.Args{"most": CountLimit + 1}
	return db.Get[int](b, `SELECT `+q.short(b.Actor, args), args)
}

// short counts up to the limit, along the index of the query's order: without an order the planner may read the whole table.
func (q ListQuery) short(who actor.Actor, args db.Args) string {
	q.From = Cursor{}
	where, more := q.where(who)
	maps.Copy(args, more)
	return `(SELECT count(*)::int FROM (SELECT FROM app.case_file f WHERE ` + strings.Join(where, " AND ") + ` ORDER BY ` + q.order(&where, args) + ` LIMIT @most) x)`
}

// ListPage puts the rows of [List] in their order and says whether there is more before and after.
func ListPage(q ListQuery, rows []ListRow) (page []ListRow, before, after Cursor) {
	more := len(rows) > PageSize
	if more {
		rows = rows[:PageSize]
	}
	if q.From.Back {
		slices.Reverse(rows)
	}
	if len(rows) == 0 {
		return rows, Cursor{}, Cursor{}
	}
	if q.From.Back && more || !q.From.Back && q.From.set() {
		before = q.cursor(rows[0], max(0, q.From.First-PageSize))
		before.Back = true
	}
	if q.From.Back || more {
		after = q.cursor(rows[len(rows)-1], q.From.First+len(rows))
	}
	return rows, before, after
}

// ofTeams is the condition for the cases of the reader's teams. One team, the rule, is compared as one value, so that an index
// gives its cases in the order of the list.
func ofTeams(who actor.Actor) string {
	if len(who.Teams) == 1 {
		return "f.team_id = (@teams::uuid[])[1]"
	}
	return "f.team_id = ANY (@teams::uuid[])"
}

// where is the scope of the view and the filters, as conditions with their arguments.
func (q ListQuery) where(who actor.Actor) ([]string, db.Args) {
	args := db.Args{}
	where := []string{}
	add := func(condition string) { where = append(where, condition) }
	with := func(condition, name string, value any) { add(condition); args[name] = value }
	lead := who.Role == actor.TeamLead
	if q.View == Closed {
		add("f.status = 'closed'")
	} else {
		add("f.status = 'open'")
	}
	switch {
	case q.View == Mine:
		with("f.responsible_id = @me", "me", who.UserID)
	case q.View == Joined:
		with("f.id = ANY ((SELECT auth.my_cases())::uuid[]) AND f.responsible_id <> @me", "me", who.UserID)
	case q.View == Team && lead, q.View == Closed && lead:
		with(ofTeams(who), "teams", who.Teams)
	case q.View == Team:
		with(ofTeams(who)+" AND f.confidentiality = 0", "teams", who.Teams)
	default:
		add("f.id = ANY ((SELECT auth.my_cases())::uuid[])")
	}
	switch q.Plan {
	case "uden":
		add("NOT f.has_plan")
	case "med":
		add("f.has_plan")
	}
	q.pulse(with, add)
	switch q.Due {
	case "over":
		add("f.next_due_at < now()")
	case "uge":
		add("f.next_due_at < now() + interval '7 days'")
	}
	if len(q.Severities) > 0 {
		with("f.severity_rank = ANY (@ranks::smallint[])", "ranks", ranks(q.Severities))
	}
	switch q.Partner {
	case "uden":
		add("f.partners = 0")
	case "med":
		add("f.partners > 0")
	}
	if q.OutdatedLevel {
		add(`f.severity_set_at < now() - make_interval(days => (SELECT (r.data->>'reassess_days')::int FROM app.reference_item r
			WHERE r.kind = 'severity_levels' AND r.code = f.severity))`)
	}
	if q.Phase != "" {
		with("f.phase = @phase", "phase", q.Phase)
	}
	if q.Area != "" {
		with("f.area = @area", "area", q.Area)
	}
	if q.Responsible != uuid.Nil {
		with("f.responsible_id = @responsible", "responsible", q.Responsible)
	}
	if q.Confidentiality != nil {
		with("f.confidentiality = @level", "level", *q.Confidentiality)
	}
	if q.QuietDays > 0 {
		with("f.active_at < now() - make_interval(days => @quiet)", "quiet", q.QuietDays)
	}
	return where, args
}

// Levels are the levels of a case from the mildest, "none" for not assessed; their place is their rank.
var Levels = []string{"none", "green", "yellow", "orange", "red"}

func ranks(levels []string) []int16 {
	out := []int16{}
	for _, level := range levels {
		if i := slices.Index(Levels, level); i >= 0 {
			out = append(out, int16(i))
		}
	}
	return out
}

// ViewCounts are the numbers on the chips above the list. Those of a team are counted no further than [CountLimit].
type ViewCounts struct {
	Mine, Joined, Team int
	Late, Planless     int // within the view
	Serious            int // orange and red, within the view
}

// CountViews asks for the numbers on the chips. What is one's own is few, and counted in one look; of a team, each
// number is its own short walk along an index. A caseworker's view of the team, which is headers only, has no
// numbers within it.
func CountViews(b *db.Batch, view View) *ViewCounts {
	args := db.Args{"me": b.Actor.UserID, "most": CountLimit + 1}
	short := func(q ListQuery) string { return q.short(b.Actor, args) }
	within := "f.responsible_id = @me"
	if view == Joined {
		within = "f.responsible_id <> @me"
	}
	late, planless, serious := "o.late", "o.planless", "o.serious"
	switch {
	case view == Team && b.Actor.Role == actor.TeamLead:
		late, planless = short(ListQuery{View: view, Due: "over", Sort: ByDue}), short(ListQuery{View: view, Plan: "uden", Sort: ByActivity})
		serious = short(ListQuery{View: view, Severities: []string{"orange", "red"}, Sort: BySeverity})
	case view == Team, view == Closed:
		late, planless, serious = "0", "0", "0"
	}
	return db.Get[ViewCounts](b, `
		SELECT o.mine, o.joined, `+short(ListQuery{View: Team, Sort: ByActivity})+` AS team, `+late+` AS late, `+planless+` AS planless, `+serious+` AS serious
		  FROM (SELECT count(*) FILTER (WHERE f.responsible_id = @me)::int AS mine, count(*) FILTER (WHERE f.responsible_id <> @me)::int AS joined,
		               count(*) FILTER (WHERE f.next_due_at < now() AND `+within+`)::int AS late, count(*) FILTER (WHERE NOT f.has_plan AND `+within+`)::int AS planless,
		               count(*) FILTER (WHERE f.severity_rank >= 3 AND `+within+`)::int AS serious
		          FROM app.case_file f WHERE f.status = 'open' AND f.id = ANY ((SELECT auth.my_cases())::uuid[])) o`, args)
}
