package plan

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/risk"
)

// Awaited is the event of a step that counts from when what it waits for has happened.
const Awaited = "awaited"

// Events of a case that a step's day may follow, in the order in which they are offered. [Awaited] is offered to steps that wait.
var Followed = []string{"plan_start", "report_received", "risk_signed", "risk_expires", "next_follow_up", "departure", Awaited}

// Units are the units of an offset, and RepeatUnits those of a repetition.
var (
	Units       = []string{"days", "weeks", "months", "hours"}
	RepeatUnits = []string{"days", "weeks", "months"}
)

// mostOffset and mostRepeat are the greatest numbers that a step may count with; the database says the same.
const (
	mostOffset = 3660
	mostRepeat = 366
)

// Rule is how a step is scheduled, apart from a day that is fixed by hand: what its day follows, what it waits for, how it repeats, and the
// deadline that it implements.
type Rule struct {
	Event  string // of [Followed]; empty: the day is fixed by hand
	Offset int    // less than nothing: before the event
	Unit   string // of [Units]; hours give a moment, the others the end of a day

	WaitsFor []Await // at most [MaxWaits]; the step begins when all have come

	Every     int       // 0: it does not repeat
	EveryUnit string    // of [RepeatUnits]
	Until     time.Time // the last day on which a next one may be due; zero: until somebody ends it

	DeadlineCode string // of the reference data; empty for none
	LateOK       bool   // the writer has seen that the day is after a deadline that is not the law's
}

// Rule is how the step is scheduled now.
func (s Step) Rule() Rule {
	r := Rule{Event: s.DueEvent, Offset: s.DueOffset, Unit: s.DueUnit, WaitsFor: s.WaitsFor, EveryUnit: s.RepeatUnit, DeadlineCode: s.DeadlineCode, LateOK: s.LateOK}
	if s.RepeatEvery != nil {
		r.Every = *s.RepeatEvery
	}
	if s.RepeatUntil != nil {
		y, m, d := s.RepeatUntil.Date() // a date has no zone
		r.Until = time.Date(y, m, d, 0, 0, 0, 0, i18n.Zone)
	}
	return r
}

// normal is the rule without the parts that say nothing, so that two rules that say the same are the same.
func (r Rule) normal() Rule {
	if r.Event == "" || r.Unit == "" {
		r.Unit = "days"
	}
	if r.Event == "" {
		r.Offset = 0
	}
	r.WaitsFor = onceEach(r.WaitsFor)
	if r.Every == 0 || r.EveryUnit == "" {
		r.EveryUnit = "days"
	}
	return r
}

// same reports whether two rules say the same.
func (r Rule) same(o Rule) bool {
	a, b := r.normal(), o.normal()
	waits := sameWaits(a.WaitsFor, b.WaitsFor)
	a.WaitsFor, b.WaitsFor = nil, nil
	return waits && reflect.DeepEqual(a, b)
}

// validate reports what is wrong with the rule by itself.
func (r Rule) validate(bad fault.Invalid) {
	bad.Check("event", r.Event == "" || slices.Contains(Followed, r.Event), "error.choose")
	bad.Check("event", r.Event != Awaited || len(r.WaitsFor) > 0, "plan.error.awaited")
	most := mostOffset
	switch r.Unit {
	case "weeks":
		most /= 7
	case "months":
		most /= 30
	}
	bad.Check("offset", r.Offset >= -most && r.Offset <= most, "plan.error.offset:"+strconv.Itoa(most))
	bad.Check("unit", r.Unit == "" || slices.Contains(Units, r.Unit), "error.choose")
	bad.Check("waits", !slices.ContainsFunc(r.WaitsFor, func(w Await) bool { return !w.known() }), "error.choose")
	bad.Check("waits", len(onceEach(r.WaitsFor)) <= MaxWaits, "plan.error.waits_many:"+strconv.Itoa(MaxWaits))
	bad.Check("every", r.Every >= 0 && r.Every <= mostRepeat, "plan.error.every")
	bad.Check("every_unit", r.EveryUnit == "" || slices.Contains(RepeatUnits, r.EveryUnit), "error.choose")
	bad.Check("every", r.Until.IsZero() || r.Every != 0, "plan.error.until")
}

// args are the parameters of the rule's columns.
func (r Rule) args(args db.Args) db.Args {
	r = r.normal()
	var every *int
	if r.Every != 0 {
		every = &r.Every
	}
	var until *string // a date has no zone
	if !r.Until.IsZero() {
		s := r.Until.In(i18n.Zone).Format(time.DateOnly)
		until = &s
	}
	waits := make([]string, len(r.WaitsFor))
	for i, w := range r.WaitsFor {
		waits[i] = string(w)
	}
	maps.Copy(args, db.Args{"event": r.Event, "offset": r.Offset, "unit": r.Unit, "waits": waits, "every": every, "every_unit": r.EveryUnit,
		"until": until, "deadline": r.DeadlineCode, "late_ok": r.LateOK})
	return args
}

const (
	ruleColumns = `due_event, due_offset, due_unit, waits_for, repeat_every, repeat_unit, repeat_until, deadline_code, late_ok`
	ruleValues  = `@event, @offset::int, @unit, @waits::text[], @every::int, @every_unit, @until::text::date, @deadline, @late_ok::boolean`
)

// The text keys of what the database refuses about how a step is scheduled.
const (
	Circle        = "plan.error.circle"         // it would wait for itself
	WaitsDropped  = "plan.error.waits_dropped"  // it would wait for a step that is left out
	WaitsFixed    = "plan.error.waits_fixed"    // a step that waits has no fixed day
	AfterLaw      = "plan.error.after_law"      // later than the law allows; nobody overrides that
	AfterDeadline = "plan.error.after_deadline" // later than a deadline that is not the law's; the writer may say that it is so
	OthersWait    = "plan.error.others_wait"    // other steps wait for the one that is left out
)

var byConstraint = []struct{ constraint, field, key string }{
	{"waits_in_a_circle", "waits", Circle}, {"waits_for_what", "waits", "error.choose"}, {"waits_for_the_dropped", "waits", WaitsDropped}, {"a_waiting_step_has_no_day", "due", WaitsFixed},
	{"after_the_law", "due", AfterLaw}, {"after_the_deadline", "due", AfterDeadline}, {"others_wait", "others", OthersWait},
}

// refused says in the form's words what the database refuses. A day that follows an event is refused where its distance is written.
func refused(err error, event string) error {
	for _, c := range byConstraint {
		if db.Violates(err, c.constraint) {
			field := c.field
			if field == "due" && event != "" {
				field = "offset"
			}
			return fault.Invalid{field: c.key}
		}
	}
	return risk.Refused(err)
}

// Shift is a step that another day would be due.
type Shift struct {
	ID             uuid.UUID
	Title          string
	DueFrom, DueTo *time.Time
	Timed          bool
}

// Days are the plan's own days, which steps follow.
type Days struct {
	Began    time.Time
	FollowUp time.Time // zero: none agreed
	Departs  time.Time // zero: none known
}

// AskShifts asks which steps of the opened case would move if the plan had these days. For who writes in the case.
func AskShifts(b *db.Batch, d Days) *[]Shift {
	return db.All[Shift](b, `SELECT id, title, due_from, due_to, timed FROM app.preview_steps(@case, @began, @follow_up::text::date, @departs::text::date) ORDER BY due_to NULLS LAST, id`,
		db.Args{"case": b.CaseID, "began": d.Began, "follow_up": dateOf(d.FollowUp), "departs": dateOf(d.Departs)})
}

// SeenShifts is a preview in short, for the form to carry.
func SeenShifts(list []Shift) string {
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, "%s.%s ", s.ID, stamp(s.DueTo))
	}
	return strings.TrimSpace(b.String())
}

// dateOf is a day without a zone; nil for none.
func dateOf(day time.Time) *string {
	if day.IsZero() {
		return nil
	}
	s := day.In(i18n.Zone).Format(time.DateOnly)
	return &s
}

// fromDate is a date of the database as its first moment in the office's zone; zero for none.
func fromDate(day *time.Time) time.Time {
	if day == nil {
		return time.Time{}
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, i18n.Zone)
}

// Implementing is a step that implements a deadline.
type Implementing struct {
	ID     uuid.UUID
	Title  string
	Status Status
	DueAt  *time.Time
	Timed  bool
}

// ForDeadline asks for the steps of the opened case that implement one of its deadlines.
func ForDeadline(b *db.Batch, deadline uuid.UUID) *[]Implementing {
	return db.All[Implementing](b, `
		SELECT s.id, s.title, s.status, s.due_at, s.due_has_time AS timed FROM app.plan_step s JOIN app.deadline d ON d.case_id = s.case_id AND d.code = s.deadline_code
		 WHERE s.case_id = @case AND d.id = @id AND s.status <> 'skipped' ORDER BY s.due_at NULLS LAST, s.id`, db.Args{"case": b.CaseID, "id": deadline})
}

// Others says what becomes of the steps that wait for one that is left out.
type Others string

// The answers. Without one, a step that others wait for is not left out: [OthersWait].
const (
	Unasked     Others = ""
	LetBegin    Others = "begin" // they begin now
	LeaveOutToo Others = "skip"  // they are left out for the same reason
)

// settle does what was answered about the steps that wait for one that is about to be left out.
func settle(ctx context.Context, tx *db.Tx, id uuid.UUID, reason string, others Others) error {
	switch others {
	case LetBegin:
		return tx.Read(ctx, func(b *db.Batch) {
			db.Do(b, `SELECT app.release_waiting(@case, @id)`, db.Args{"case": b.CaseID, "id": id})
		})
	case LeaveOutToo:
		list, err := db.Many[Shift](ctx, tx, `SELECT id, title, NULL::timestamptz AS due_from, NULL::timestamptz AS due_to, false AS timed FROM app.plan_step
			WHERE case_id = @case AND @id::uuid::text = ANY (waits_for) AND came[array_position(waits_for, @id::uuid::text)] IS NULL AND released_at IS NULL AND status = 'open' ORDER BY position, id`, db.Args{"case": tx.CaseID, "id": id})
		if err != nil {
			return err
		}
		for _, s := range list {
			step, err := oneStep(ctx, tx, s.ID)
			if err != nil {
				return err
			}
			if err := Skip(ctx, tx, s.ID, step.Version, reason, others); err != nil {
				return err
			}
		}
	}
	return nil
}
