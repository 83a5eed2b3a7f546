package casefile

import (
	"strings"
	"time"
)

// Pulse is how the action plan of a case lives (R6), with what it is felt by. The database says which reason holds, the same to
// lists, pages and filters (app.pulse); its numbers of days and shares are proposals of the house and no law.
type Pulse struct {
	PulseReason   string     // "alive", "drowsy.<why>" or "asleep.<why>"; empty: no plan
	PlanMovedAt   *time.Time // when somebody last moved a step, or wrote in the plan
	OpenSteps     int
	UnsureSteps   int        // of these, without a responsible who has said yes (R5)
	LateSince     *time.Time // since when a quarter of the open steps, or half of them, is over its time
	PlanFollowUp  *time.Time // when the whole plan was to be looked at
	PlanRevisitAt *time.Time // since when the plan is to be gone through again
	// PlanRevisitWhy says why: "risk", the risk rose; "report", a report came; "both".
	PlanRevisitWhy string
}

// PlanState is how a plan lives.
type PlanState string

// The three states.
const (
	PlanAlive  PlanState = "alive"
	PlanDrowsy PlanState = "drowsy"
	PlanAsleep PlanState = "asleep"
)

// State is how the plan lives; empty where there is none.
func (p Pulse) State() PlanState {
	state, _, _ := strings.Cut(p.PulseReason, ".")
	return PlanState(state)
}

// Well reports whether there is nothing to say: the plan is alive, or there is none, which is said elsewhere.
func (p Pulse) Well() bool { return p.PulseReason == "" || p.State() == PlanAlive }

// ToRevisit reports whether the plan is to be gone through again, whatever else its reason says: one that sleeps too.
func (p Pulse) ToRevisit() bool { return p.PulseReason != "" && p.PlanRevisitAt != nil }

// PulseOf asks for the reason of the case f, where a statement only chooses by it.
const PulseOf = `app.pulse(f.has_plan, f.severity_rank, f.plan_moved_at, f.open_steps, f.unsure_steps, f.quarter_late_at, f.half_late_at, f.plan_follow_up, f.plan_revisit_at)`

// PulseColumns ask for the [Pulse] of the case f, in a statement that reads app.case_file.
const PulseColumns = PulseOf + ` AS pulse_reason, f.plan_moved_at, f.open_steps, f.unsure_steps, f.plan_follow_up, f.plan_revisit_at, f.plan_revisit_why,
	nullif(CASE WHEN f.half_late_at < now() THEN f.half_late_at ELSE f.quarter_late_at END, 'infinity') AS late_since`

// Filters beside the states. Revisit: plans that are to be gone through again. Unwell: all that do not live, those among them.
const (
	Revisit PlanState = "revisit"
	Unwell  PlanState = "unwell"
)

// pulse is the condition of a filter.
func (q ListQuery) pulse(with func(condition, name string, value any), add func(condition string)) {
	switch q.Pulse {
	case "":
	case Revisit:
		add("f.has_plan AND f.plan_revisit_at IS NOT NULL")
	case Unwell:
		add("f.has_plan AND " + PulseOf + " <> 'alive'")
	default:
		with("f.has_plan AND split_part("+PulseOf+", '.', 1) = @pulse", "pulse", string(q.Pulse))
	}
}
