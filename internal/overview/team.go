package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/reference"
)

// Load counts a caseworker's open cases of one level.
type Load struct {
	ResponsibleID  uuid.UUID
	Severity       string // "": not assessed
	Cases          int
	WithoutPlan    int
	PlanOverdue    int // of these, open for more than seven days
	WithoutPartner int // nobody from a partner is asked or takes part now
	Fresh          int // opened during the last thirty days
}

// Caseload asks for the open cases of the led team, by responsible and level: the numbers at the top of the
// lead's page, and the chart of who carries what.
func Caseload(b *db.Batch) *[]Load {
	return db.All[Load](b, `
		SELECT f.responsible_id, coalesce(f.severity, '') AS severity, count(*)::int AS cases,
		       count(*) FILTER (WHERE NOT f.has_plan)::int AS without_plan,
		       count(*) FILTER (WHERE NOT f.has_plan AND f.opened_at < now() - interval '7 days')::int AS plan_overdue,
		       count(*) FILTER (WHERE f.partners = 0)::int AS without_partner,
		       count(*) FILTER (WHERE f.opened_at > now() - interval '30 days')::int AS fresh
		  FROM app.case_file f
		 WHERE f.team_id = ANY (@teams) AND f.status = 'open' GROUP BY 1, 2`, db.Args{"teams": led(b.Actor)})
}

// Colleague is somebody on the team's list.
type Colleague struct {
	ID      uuid.UUID
	Name    string
	PhotoID *uuid.UUID
}

// Colleagues asks for the people of the led teams, each once, in the order of the team's list, which is the alphabet's and no ranking.
func Colleagues(b *db.Batch) *[]Colleague {
	return db.All[Colleague](b, `
		SELECT u.id, u.display_name AS name, u.photo_id
		  FROM app.team_member m JOIN auth.user_account u ON u.id = m.user_id
		 WHERE m.team_id = ANY (@teams) AND u.role IN ('caseworker','team_lead') AND u.active AND (m.valid_to IS NULL OR m.valid_to > now())
		 GROUP BY u.id ORDER BY bool_and(m.is_lead), u.display_name, u.id`, db.Args{"teams": led(b.Actor)})
}

// LateSteps is how many steps of the team are over their time, and in how many cases.
type LateSteps struct{ Steps, Cases int }

// TeamLate asks for them, beginning with the cases whose next step is late.
func TeamLate(b *db.Batch) *LateSteps {
	return db.Get[LateSteps](b, `
		SELECT count(*)::int AS steps, count(DISTINCT s.case_id)::int AS cases
		  FROM app.case_file f JOIN app.plan_step s ON s.case_id = f.id AND `+open+` AND `+late+`
		 WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.next_due_at < now()`, db.Args{"teams": led(b.Actor)})
}

// Outdated asks for the number of the team's open cases whose level is older than an assessment of it holds.
func Outdated(b *db.Batch) *int {
	levels, days := []string{}, []int{}
	for _, l := range reference.SeverityLevels() {
		levels, days = append(levels, l.Code), append(days, l.ReassessDays)
	}
	return db.Get[int](b, `
		SELECT count(*)::int FROM app.case_file f JOIN unnest(@levels::text[], @days::int[]) AS l(level, days) ON l.level = f.severity
		 WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.severity_set_at < now() - make_interval(days => l.days)`,
		db.Args{"teams": led(b.Actor), "levels": levels, "days": days})
}

// FirstPartner is how long it took until a partner was drawn in: the study's core question.
type FirstPartner struct {
	Month  *time.Time // the first day of the month; nil for the last ninety days together
	Median float64    // days from opening to the first request to a partner
	Cases  int
}

// DaysToPartner asks for the median days to the first partner, month by month for a year, and for the last ninety
// days. A case counts in the month of its first partner.
func DaysToPartner(b *db.Batch) *[]FirstPartner {
	const median = `percentile_cont(0.5) WITHIN GROUP (ORDER BY x.days)`
	return db.All[FirstPartner](b, `
		SELECT x.month, coalesce(CASE WHEN grouping(x.month) = 0 THEN `+median+` ELSE `+median+` FILTER (WHERE x.lately) END, 0)::float8 AS median,
		       CASE WHEN grouping(x.month) = 0 THEN count(*) ELSE count(*) FILTER (WHERE x.lately) END::int AS cases
		  FROM (
		    SELECT date_trunc('month', f.first_partner_at AT TIME ZONE 'Europe/Copenhagen') AS month, f.first_partner_at > now() - interval '90 days' AS lately,
		           greatest(0, extract(epoch FROM f.first_partner_at - f.opened_at) / 86400)::float8 AS days
		      FROM app.case_file f
		     WHERE f.team_id = ANY (@teams) AND f.first_partner_at IS NOT NULL
		       AND f.first_partner_at >= (date_trunc('month', now() AT TIME ZONE 'Europe/Copenhagen') - interval '11 months') AT TIME ZONE 'Europe/Copenhagen') x
		 GROUP BY GROUPING SETS ((x.month), ()) ORDER BY 1`, db.Args{"teams": led(b.Actor)})
}

// PartnerUse is how many open cases of the team have a partner of a type, and how the partners came in.
type PartnerUse struct {
	PartnerType string
	Cases       int
	Parts       int // requests and parts that are live now
	Planned     int // of these, called for by a plan or an event, and not ad hoc: what the study asks for
}

// PartnersUsed asks for the partner types that are asked or take part in the team's open cases, the most common first.
func PartnersUsed(b *db.Batch) *[]PartnerUse {
	return db.All[PartnerUse](b, `
		SELECT o.partner_type, count(DISTINCT i.case_id)::int AS cases, count(*)::int AS parts, count(*) FILTER (WHERE i.origin <> 'ad_hoc')::int AS planned
		  FROM app.case_file f
		  JOIN app.involvement i ON i.case_id = f.id AND i.status IN ('requested','accepted')
		  JOIN app.organisation o ON o.id = i.organisation_id
		 WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.partners > 0
		 GROUP BY 1 ORDER BY 2 DESC, 1`, db.Args{"teams": led(b.Actor)})
}
