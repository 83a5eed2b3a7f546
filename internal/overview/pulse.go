package overview

import (
	"samspil/internal/casefile"
	"samspil/internal/db"
)

// SleepyPlan is a plan of the reader's own that does not live (R6).
type SleepyPlan struct {
	Ref, Number string
	casefile.Pulse
}

// SleepyPlans asks for the plans of the reader's own cases that are asleep or drowsy, those asleep first.
func SleepyPlans(b *db.Batch, most int) *[]SleepyPlan {
	return db.All[SleepyPlan](b, `
		SELECT * FROM (SELECT f.ref, f.number, `+casefile.PulseColumns+`
		          FROM app.case_file f WHERE f.responsible_id = @me AND f.status = 'open' AND f.has_plan) x
		 WHERE x.pulse_reason <> 'alive' ORDER BY x.pulse_reason LIKE 'drowsy%', x.plan_moved_at, x.ref LIMIT @most`, db.Args{"me": b.Actor.UserID, "most": most})
}
