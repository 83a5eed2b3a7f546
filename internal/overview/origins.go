package overview

import (
	"time"

	"samspil/internal/db"
	"samspil/internal/planrule"
)

// LateCalls are the hits over their time as reasons for a lead's attention; the detail is the partner type, a code.
func LateCalls(hits []planrule.Listed, now time.Time) []Reason {
	var out []Reason
	for _, h := range planrule.Over(hits, now) {
		out = append(out, Reason{CallLate, h.Due(), h.PartnerType(), h.CaseID, h.Ref, h.Number, h.Severity, h.ResponsibleID, h.Responsible, h.PhotoID})
	}
	return out
}

// Origin counts how the partners asked in a quarter came in: the plan called for them, a rule or an event did, or nothing (R7).
type Origin struct {
	Quarter              time.Time // its first day
	Plan, Trigger, AdHoc int
}

// All are the partners asked in the quarter.
func (o Origin) All() int { return o.Plan + o.Trigger + o.AdHoc }

// Origins asks for the quarters of two years in the cases of the led teams, closed ones too, the newest first.
func Origins(b *db.Batch) *[]Origin {
	return db.All[Origin](b, `
		SELECT date_trunc('quarter', i.asked_at AT TIME ZONE 'Europe/Copenhagen')::date AS quarter, count(*) FILTER (WHERE i.origin = 'from_plan')::int AS plan,
		       count(*) FILTER (WHERE i.origin = 'from_trigger')::int AS trigger, count(*) FILTER (WHERE i.origin = 'ad_hoc')::int AS ad_hoc
		  FROM app.involvement i
		 WHERE i.team_id = ANY (@teams) AND i.asked_at >= (date_trunc('quarter', now() AT TIME ZONE 'Europe/Copenhagen') - interval '21 months') AT TIME ZONE 'Europe/Copenhagen'
		 GROUP BY 1 ORDER BY 1 DESC`, db.Args{"teams": led(b.Actor)})
}
