package overview

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/involvement"
)

// The rules by which a case needs its lead's attention, in the order of consequence.
const (
	GateOpen    = "gate"       // a lead has let the family be involved without a valid risk assessment (R1)
	Unconfirmed = "second"     // orange or red, and no second person has confirmed the assessment for two days; of red, at once (R8)
	NoRisk      = "risk"       // no valid risk assessment, in a child's case that is more than seven days old
	NoExternal  = "partner"    // orange or red, and no partner from outside asked or taking part
	Alone       = "alone"      // orange or red, and nobody beside the responsible: no colleague, no partner who said yes
	MustDoLate  = "mandatory"  // a mandatory step over its time
	LimitLate   = "deadline"   // a deadline of the law or the municipality over its time (R4)
	CallLate    = "call"       // a partner whom a rule of the municipality calls for is over its time (R7)
	NoPlan      = "plan"       // no plan, and open for more than seven days
	ToRevisit   = "revisit"    // the risk rose or a report came, and nobody has gone through the plan since (R6)
	PlanAsleep  = "asleep"     // the plan sleeps (R6)
	PlanDrowsy  = "drowsy"     // orange or red, and the plan dozes (R6); at the other levels Overblik says how many
	NoAnswer    = "unanswered" // a partner has not answered for more than [involvement.PatienceDays]
	NothingDone = "quiet"      // nothing has happened for thirty days
)

// Rules are all rules in their order.
var Rules = []string{GateOpen, Unconfirmed, NoRisk, NoExternal, Alone, LimitLate, MustDoLate, CallLate, NoPlan, ToRevisit, PlanAsleep, PlanDrowsy, NoAnswer, NothingDone}

// Reason is one rule that one case meets.
type Reason struct {
	Rule          string
	Since         time.Time
	Detail        string // the step's title, or the partner's name; of a plan that is to be gone through or dozes, a word for why
	CaseID        uuid.UUID
	Ref, Number   string
	Severity      string
	ResponsibleID uuid.UUID
	Responsible   string
	PhotoID       *uuid.UUID
}

// MostReasons is how many rows of one rule are read, the oldest first; a lead who has more begins with these.
const MostReasons = 60

// Reasons asks for the cases of the led team that need attention, with why.
func Reasons(b *db.Batch) *[]Reason {
	return db.All[Reason](b, `
		SELECT r.rule, r.since, r.detail, f.id AS case_id, f.ref, f.number, coalesce(f.severity, '') AS severity,
		       u.id AS responsible_id, u.display_name AS responsible, u.photo_id
		  FROM (
		    (SELECT 'gate' AS rule, f.id AS case_id, f.gate_until AS since, '' AS detail
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.gate_until > now()
		      ORDER BY 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'second', f.id, f.severity_set_at, ''
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.severity_rank >= 3 AND f.risk_unconfirmed AND f.risk_until > now() AND (f.severity_rank >= 4 OR f.severity_set_at < now() - interval '2 days')
		      ORDER BY 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'risk', f.id, coalesce(f.risk_until, f.opened_at), ''
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.area = 'child' AND f.certainty <> 'ruled_out' AND f.opened_at < now() - interval '7 days'
		        AND (f.risk_until IS NULL OR f.risk_until < now())
		      ORDER BY 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'partner' AS rule, f.id AS case_id, coalesce(f.severity_set_at, f.opened_at) AS since, '' AS detail
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.severity_rank >= 3
		        AND NOT EXISTS (SELECT FROM app.involvement i JOIN app.organisation o ON o.id = i.organisation_id AND o.kind = 'external'
		                         WHERE i.case_id = f.id AND i.status IN ('requested','accepted'))
		      ORDER BY f.severity_rank DESC, 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'alone', f.id, coalesce(f.severity_set_at, f.opened_at), ''
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.severity_rank >= 3 AND f.id = ANY ((SELECT app.lone_cases())::uuid[])
		      ORDER BY f.severity_rank DESC, 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'mandatory', s.case_id, s.due_at, s.title
		       FROM app.case_file f JOIN app.plan_step s ON s.case_id = f.id AND s.mandatory AND `+open+` AND `+late+`
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.next_due_at < now()
		      ORDER BY s.due_at LIMIT @most)
		    UNION ALL
		    (SELECT 'deadline', d.case_id, d.due_at, coalesce(nullif(d.name, ''), d.code)
		       FROM `+limitsOfTeam+` AND NOT c.of_report AND `+lateLimit+`
		      ORDER BY d.due_at LIMIT @most)
		    UNION ALL
		    (SELECT 'plan', f.id, f.opened_at, ''
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND NOT f.has_plan AND f.opened_at < now() - interval '7 days'
		      ORDER BY f.opened_at LIMIT @most)
		    UNION ALL
		    (SELECT 'asleep', f.id, least(f.plan_moved_at, f.half_late_at), ''
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.has_plan AND split_part(`+casefile.PulseOf+`, '.', 1) = 'asleep'
		      ORDER BY 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'revisit', f.id, f.plan_revisit_at, f.plan_revisit_why
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.has_plan AND f.plan_revisit_at IS NOT NULL
		      ORDER BY f.severity_rank DESC, 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'drowsy', d.id, CASE d.why WHEN 'late' THEN d.quarter_late_at WHEN 'follow_up' THEN d.plan_follow_up::timestamp AT TIME ZONE 'Europe/Copenhagen' ELSE d.plan_moved_at END, d.why
		       FROM (SELECT f.id, f.severity_rank, f.quarter_late_at, f.plan_follow_up, f.plan_moved_at, split_part(`+casefile.PulseOf+`, '.', 2) AS why, `+casefile.PulseOf+` AS reason FROM app.case_file f
		              WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.severity_rank >= 3 AND f.has_plan AND f.plan_revisit_at IS NULL) d
		      WHERE d.reason LIKE 'drowsy%'
		      ORDER BY d.severity_rank DESC, 3 LIMIT @most)
		    UNION ALL
		    (SELECT 'unanswered', i.case_id, i.asked_at, o.name
		       FROM app.case_file f JOIN app.involvement i ON i.case_id = f.id AND i.status = 'requested' AND i.asked_at < now() - make_interval(days => @patience)
		       JOIN app.organisation o ON o.id = i.organisation_id
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.partners > 0
		      ORDER BY i.asked_at LIMIT @most)
		    UNION ALL
		    (SELECT 'quiet', f.id, f.active_at, ''
		       FROM app.case_file f
		      WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.active_at < now() - interval '30 days'
		      ORDER BY f.active_at LIMIT @most)
		  ) r
		  JOIN app.case_file f ON f.id = r.case_id
		  JOIN auth.user_account u ON u.id = f.responsible_id
		 ORDER BY r.since`, db.Args{"teams": led(b.Actor), "most": MostReasons, "patience": involvement.PatienceDays})
}

// Unsigned is an assessment of a grave level that waits for a second person (R8), by its case.
type Unsigned struct {
	Ref, Number string
	Severity    string
	Since       time.Time
	Responsible string
	PhotoID     *uuid.UUID
}

// ToConfirm asks for the cases of the led team whose valid assessment of orange or red no second person has confirmed, the gravest and
// oldest first: from the first hour, and not only after the two days of [Unconfirmed]. None of the lead's own cases, for whoever
// signed cannot confirm; and none that only the named may open.
func ToConfirm(b *db.Batch) *[]Unsigned {
	return db.All[Unsigned](b, `
		SELECT f.ref, f.number, f.severity, f.severity_set_at AS since, u.display_name AS responsible, u.photo_id
		  FROM app.case_file f JOIN auth.user_account u ON u.id = f.responsible_id
		 WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.confidentiality < 2 AND f.responsible_id <> @me
		   AND f.severity_rank >= 3 AND f.risk_unconfirmed AND f.risk_until > now()
		 ORDER BY f.severity_rank DESC, f.severity_set_at, f.id LIMIT @most`, db.Args{"teams": led(b.Actor), "me": b.Actor.UserID, "most": MostReasons})
}

// Concern is a case that needs attention, with every rule that it meets, the gravest first.
type Concern struct {
	Reason
	Also []Reason
}

// Has reports whether the case meets a rule; every case meets "".
func (c Concern) Has(rule string) bool {
	return rule == "" || c.Rule == rule || slices.ContainsFunc(c.Also, func(r Reason) bool { return r.Rule == rule })
}

// Concerns gathers reasons by case: the gravest level first, then the gravest rule, then the oldest.
func Concerns(reasons []Reason) []Concern {
	byCase := map[uuid.UUID][]Reason{}
	for _, r := range reasons { // of one rule the oldest comes first, and is enough
		if !slices.ContainsFunc(byCase[r.CaseID], func(x Reason) bool { return x.Rule == r.Rule }) {
			byCase[r.CaseID] = append(byCase[r.CaseID], r)
		}
	}
	out := make([]Concern, 0, len(byCase))
	for _, rs := range byCase {
		slices.SortFunc(rs, func(a, b Reason) int { return cmp.Compare(rank(Rules, a.Rule), rank(Rules, b.Rule)) })
		out = append(out, Concern{rs[0], rs[1:]})
	}
	slices.SortFunc(out, func(a, b Concern) int {
		return cmp.Or(cmp.Compare(rank(Levels, a.Severity), rank(Levels, b.Severity)), cmp.Compare(rank(Rules, a.Rule), rank(Rules, b.Rule)),
			a.Since.Compare(b.Since), cmp.Compare(a.Number, b.Number))
	})
	return out
}

func rank(order []string, of string) int { return slices.Index(order, of) }
