package planpages

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/web/page"
	"samspil/web/ui"
)

// ruleForm is what was typed about how a step is scheduled, as it was typed.
type ruleForm struct {
	Event, Offset, Unit, Every, EveryUnit, Until, Deadline string
	Waits                                                  []string // of [plan.Await]
	LateOK                                                 bool
}

// typedRule reads how a step is scheduled. A unit with a minus is one before the event.
func typedRule(f *page.Form) (ruleForm, plan.Rule) {
	in := ruleForm{Event: f.Text("event"), Offset: f.Text("offset"), Unit: f.Text("unit"), Waits: strings.Fields(strings.Join(f.Texts("waits"), " ")), Every: f.Text("every"), EveryUnit: f.Text("every_unit"),
		Until: f.Text("until"), Deadline: f.Text("deadline"), LateOK: f.Has("late_ok")}
	r := plan.Rule{Event: in.Event, EveryUnit: in.EveryUnit, DeadlineCode: in.Deadline, LateOK: in.LateOK, Until: f.Date("until")}
	if in.Event == "" && in.Offset != "" {
		f.Refuse("event", "plan.error.offset_of_what")
	}
	if in.Event != "" {
		unit, before := strings.CutPrefix(in.Unit, "-")
		r.Unit, r.Offset = unit, number(f, "offset", "plan.error.offset:3660")
		if before {
			r.Offset = -r.Offset
		}
	}
	for _, w := range in.Waits {
		r.WaitsFor = append(r.WaitsFor, plan.Await(w))
	}
	if r.Every = number(f, "every", "plan.error.every"); r.Every == 0 && in.Every != "" {
		f.Refuse("every", "plan.error.every")
	}
	return in, r
}

// number reads a whole number that is none where nothing was typed.
func number(f *page.Form, name, wrong string) int {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		f.Refuse(name, wrong)
		return 0
	}
	return n
}

// ruleFormOf is how a step is scheduled as its form shows it.
func ruleFormOf(s plan.Step) ruleForm {
	r := s.Rule()
	in := ruleForm{Event: r.Event, Unit: r.Unit, EveryUnit: r.EveryUnit, Deadline: r.DeadlineCode, LateOK: r.LateOK}
	if r.Event != "" {
		in.Offset = strconv.Itoa(max(r.Offset, -r.Offset))
	}
	if r.Offset < 0 {
		in.Unit = "-" + r.Unit
	}
	for _, w := range r.WaitsFor {
		in.Waits = append(in.Waits, string(w))
	}
	if r.Every > 0 {
		in.Every = strconv.Itoa(r.Every)
	}
	if !r.Until.IsZero() {
		in.Until = i18n.FieldDate(r.Until)
	}
	return in
}

// fields are what a form carries along that does not show them.
func (in ruleForm) fields(m map[string]string) {
	for k, v := range map[string]string{"event": in.Event, "offset": in.Offset, "unit": in.Unit, "waits": strings.Join(in.Waits, " "), "every": in.Every, "every_unit": in.EveryUnit, "until": in.Until, "deadline": in.Deadline} {
		if v != "" {
			m[k] = v
		}
	}
	if in.LateOK {
		m["late_ok"] = "1"
	}
}

// more reports whether the rarer fields are unfolded: one of them is used, or refused.
func (v stepView) more() bool {
	return len(v.In.Waits) > 0 || v.In.Every != "" || v.In.Until != "" || v.In.Deadline != "" || v.Bad["waits"]+v.Bad["every"]+v.Bad["every_unit"]+v.Bad["until"]+v.Bad["deadline"] != ""
}

// events are what a day can follow, with the moment as it is known.
func (v stepView) events(ctx context.Context) []ui.Option {
	days := map[string]time.Time{"plan_start": v.Plan.BeganAt, "next_follow_up": v.Plan.Days().FollowUp, "departure": v.Plan.Days().Departs}
	if v.Plan.RiskUntil != nil {
		days["risk_expires"] = *v.Plan.RiskUntil
	}
	list := []ui.Option{{Label: i18n.T(ctx, "plan.event.fixed")}}
	for _, e := range plan.Followed {
		label := i18n.Capital(i18n.T(ctx, "step.event."+e))
		at, dated := days[e]
		switch {
		case e == plan.Awaited:
			label = i18n.T(ctx, "plan.event.awaited")
		case dated && !at.IsZero():
			label = i18n.T(ctx, "plan.event.known", label, i18n.Date(ctx, at, v.Now))
		case e == "next_follow_up" || e == "departure" || e == "risk_expires":
			label = i18n.T(ctx, "plan.event.unknown", label)
		}
		list = append(list, ui.Option{Value: e, Label: label})
	}
	return list
}

func unitOptions(ctx context.Context) []ui.Option {
	codes := slices.Clone(plan.Units)
	for _, u := range plan.Units {
		codes = append(codes, "-"+u)
	}
	return ui.Options(ctx, "plan.unit.", codes)
}

// waitsOptions are what a step can wait for: an event, or another step that is still to be done, and what it waits for already.
func (v stepView) waitsOptions(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, w := range plan.Awaitable {
		list = append(list, ui.Option{Value: string(w), Label: i18n.T(ctx, "plan.waits."+string(w))})
	}
	for _, s := range v.Steps {
		if s.ID != v.Step.ID && (s.Open() || slices.Contains(v.In.Waits, s.ID.String())) {
			list = append(list, ui.Option{Value: s.ID.String(), Label: i18n.T(ctx, "plan.waits.step", s.Title)})
		}
	}
	return list
}

// deadlineOptions are the deadlines that a step can implement: those that run first, with their day.
func (v stepView) deadlineOptions(ctx context.Context) []ui.Option {
	var runs, others []ui.Option
	seen := map[string]bool{}
	for _, d := range v.Deadlines {
		if !seen[d.Code] && !d.Renewed() {
			seen[d.Code] = true
			runs = append(runs, ui.Option{Value: d.Code, Label: i18n.T(ctx, "plan.deadline.runs", d.Name(ctx), i18n.Date(ctx, d.DueAt, v.Now))})
		}
	}
	for _, d := range reference.Deadlines() {
		if !seen[d.Code] && (d.Timed() && d.For(v.Case.Area) || d.Code == v.In.Deadline) {
			others = append(others, ui.Option{Value: d.Code, Label: d.Name(ctx)})
		}
	}
	return ui.OrNone(i18n.T(ctx, "plan.deadline.none"), slices.Concat(runs, others))
}

// running is the deadline that a step implements and that runs, nil for none: the nearest of its code.
func running(list []deadline.Deadline, code string) *deadline.Deadline {
	for i, d := range list {
		if code != "" && d.Code == code && d.Status == deadline.Running {
			return &list[i]
		}
	}
	return nil
}

// afterLaw reports whether a step is due later than the deadline that it implements.
func afterLaw(s plan.Step, d *deadline.Deadline) bool {
	if d == nil || !s.Open() || s.DueAt == nil {
		return false
	}
	if s.DueHasTime {
		return s.DueAt.After(d.DueAt)
	}
	return i18n.Today(*s.DueAt).After(i18n.Today(d.DueAt))
}

// lawText is "Lovens frist: Barnets plan, senest 3. dec.".
func lawText(ctx context.Context, d deadline.Deadline, now time.Time) string {
	key := "plan.local.until"
	if d.Statutory {
		key = "plan.law.until"
	}
	return i18n.T(ctx, key, d.Name(ctx), i18n.Date(ctx, d.DueAt, now))
}

// keep is a step that is done while the deadline that it implements still runs.
type keep struct {
	Step     plan.Step
	Deadline deadline.Deadline
}

// fields say that the deadline was met when the step was done.
func (k keep) fields(ctx context.Context) map[string]string {
	m := map[string]string{"version": strconv.Itoa(k.Deadline.Version), "met": i18n.FieldDate(*k.Step.DoneAt)}
	if k.Deadline.Unit.HasTime() {
		m["met_time"] = i18n.FieldClock(i18n.Lang(ctx), *k.Step.DoneAt)
	}
	return m
}

// keepDays is how many days it is asked whether a step that is done has kept its deadline: some only prepare what the law asks for.
const keepDays = 7

// keeps finds those steps. A step that was done before its deadline began did not keep it.
func keeps(steps []plan.Step, deadlines []deadline.Deadline, now time.Time) []keep {
	var list []keep
	for _, d := range deadlines {
		for _, s := range slices.Backward(steps) {
			if d.Status == deadline.Running && !d.Renewed() && s.Status == plan.Done && s.DeadlineCode == d.Code && !s.DoneAt.Before(d.TriggeredAt) && i18n.Days(now, *s.DoneAt) <= keepDays {
				list = append(list, keep{s, d})
				break
			}
		}
	}
	return list
}

// waiting are the steps that wait for one.
func waitingFor(steps []plan.Step, id uuid.UUID) []plan.Step {
	var list []plan.Step
	for _, s := range steps {
		if s.WaitsOn(id) {
			list = append(list, s)
		}
	}
	return list
}
