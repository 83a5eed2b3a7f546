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

// Origin counts how the partners asked in a quarter came in: the plan called for them, a rule or an event did, or nothing (R7). Counts are
// rounded to five. nil: under five, or one from which such a count could be worked out (R14, security.md 2.10). A lead knows the
// cases, but the page is shown at meetings to people who do not.
type Origin struct {
	Quarter                   time.Time // its first day
	Plan, Trigger, AdHoc, All *int      // All: the partners asked in the quarter
}

// Origins asks for the quarters of two years in the cases of the led teams, closed ones too, the newest first. Where one of the three ways
// is hidden the smallest of the others is too, or it would be what is left of all.
func Origins(b *db.Batch) *[]Origin {
	return db.All[Origin](b, `
		WITH counted AS (
		SELECT date_trunc('quarter', i.asked_at AT TIME ZONE 'Europe/Copenhagen')::date AS quarter, count(*) FILTER (WHERE i.origin = 'from_plan') AS p,
		       count(*) FILTER (WHERE i.origin = 'from_trigger') AS t, count(*) FILTER (WHERE i.origin = 'ad_hoc') AS a
		  FROM app.involvement i
		 WHERE i.team_id = ANY (@teams) AND i.asked_at >= (date_trunc('quarter', now() AT TIME ZONE 'Europe/Copenhagen') - interval '21 months') AT TIME ZONE 'Europe/Copenhagen'
		 GROUP BY 1), least_told AS (
		SELECT c.*, CASE WHEN (c.p < 5)::int + (c.t < 5)::int + (c.a < 5)::int = 1
		                 THEN (SELECT min(n) + 1 FROM unnest(ARRAY[c.p, c.t, c.a]) n WHERE n >= 5) ELSE 5 END AS least
		  FROM counted c)
		SELECT quarter, CASE WHEN p >= least THEN round(p / 5.0)::int * 5 END AS plan, CASE WHEN t >= least THEN round(t / 5.0)::int * 5 END AS trigger,
		       CASE WHEN a >= least THEN round(a / 5.0)::int * 5 END AS ad_hoc, CASE WHEN p + t + a >= 5 THEN round((p + t + a) / 5.0)::int * 5 END AS "all"
		  FROM least_told ORDER BY quarter DESC`, db.Args{"teams": led(b.Actor)})
}
