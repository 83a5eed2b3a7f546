package overview

import (
	"samspil/internal/casefile"
	"samspil/internal/db"
)

// SleepyPlan is a plan of the reader's own that does not live, or that is to be gone through again (R6).
type SleepyPlan struct {
	Ref, Number, Severity string
	SeverityRank          int
	Total                 int // how many such plans the reader has
	RedWaits              int // how many of them are of a red case and to be gone through
	casefile.Pulse
}

// SleepyPlans asks for the plans of the reader's own cases that do not live: those that are to be gone through first, for something has
// happened to a citizen; then the gravest level, those asleep before the drowsy, and the longest untouched.
func SleepyPlans(b *db.Batch, most int) *[]SleepyPlan {
	return db.All[SleepyPlan](b, `
		SELECT x.*, (count(*) OVER ())::int AS total, (count(*) FILTER (WHERE x.plan_revisit_at IS NOT NULL AND x.severity_rank = 4) OVER ())::int AS red_waits FROM (SELECT f.ref, f.number, coalesce(f.severity, '') AS severity, f.severity_rank, `+casefile.PulseColumns+`
		          FROM app.case_file f WHERE f.responsible_id = @me AND f.status = 'open' AND f.has_plan) x
		 WHERE x.pulse_reason <> 'alive'
		 ORDER BY x.plan_revisit_at IS NULL, x.severity_rank DESC, x.pulse_reason LIKE 'drowsy%', x.plan_moved_at, x.ref LIMIT @most`, db.Args{"me": b.Actor.UserID, "most": most})
}

// TeamPulse is how many plans of the led team sleep, doze, and are to be gone through: one that is, is in one of the others too.
type TeamPulse struct{ Asleep, Drowsy, Revisit int }

// PulseOfTeam asks for it.
func PulseOfTeam(b *db.Batch) *TeamPulse {
	return db.Get[TeamPulse](b, `
		SELECT count(*) FILTER (WHERE x.reason LIKE 'asleep%')::int AS asleep, count(*) FILTER (WHERE x.reason LIKE 'drowsy%')::int AS drowsy, count(*) FILTER (WHERE x.revisit)::int AS revisit
		  FROM (SELECT `+casefile.PulseOf+` AS reason, f.plan_revisit_at IS NOT NULL AS revisit
		          FROM app.case_file f WHERE f.team_id = ANY (@teams) AND f.status = 'open' AND f.has_plan) x`, db.Args{"teams": led(b.Actor)})
}
