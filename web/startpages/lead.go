package startpages

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/planrule"
	"samspil/internal/reference"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// partnersShown is how many partner types the chart has room for; the list of all is the table's.
const partnersShown = 8

// leadView is Overblik: what needs a lead's attention, then the numbers. It never ranks people.
type leadView struct {
	Page       ui.Page
	Now        time.Time
	Rule       string // the chosen chip, a rule of [overview.Rules]
	All        bool   // all cases that need attention, not only the gravest
	Loads      []overview.Load
	Colleagues []overview.Colleague
	Late       overview.LateSteps
	Outdated   int
	Concerns   []overview.Concern
	ToPartner  []overview.FirstPartner
	Partners   []overview.PartnerUse
	Limits     overview.KeptLimits
	Alarms     []overview.CheckIn
	Pulse      overview.TeamPulse
	Waiting    concerns // reports of concern and reassessments
}

func (h Handler) lead(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var (
		f          *frame.Frame
		loads      *[]overview.Load
		colleagues *[]overview.Colleague
		late       *overview.LateSteps
		outdated   *int
		reasons    *[]overview.Reason
		toPartner  *[]overview.FirstPartner
		partners   *[]overview.PartnerUse
		limits     *overview.KeptLimits
		alarms     *[]overview.CheckIn
		waiting    *waitingConcerns
		hits       *[]planrule.Listed
		pulse      *overview.TeamPulse
	)
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f = frame.Ask(b)
		loads, colleagues, late, outdated = overview.Caseload(b), overview.Colleagues(b), overview.TeamLate(b), overview.Outdated(b)
		reasons, toPartner, partners = overview.Reasons(b), overview.DaysToPartner(b), overview.PartnersUsed(b)
		limits = overview.TeamKept(b)
		alarms = overview.Alarms(b)
		waiting = askConcerns(b)
		hits = planrule.HitsListed(b, true)
		pulse = overview.PulseOfTeam(b)
	})
	if err != nil {
		return err
	}
	v := leadView{Page: f.Page(w, r, i18n.T(ctx, "ui.nav.overview"), "overview"), Now: now, Rule: query(r, "regel", overview.Rules...), All: query(r, "vis", "alle") != "",
		Loads: *loads, Colleagues: *colleagues, Late: *late, Outdated: *outdated, Concerns: overview.Concerns(append(*reasons, overview.LateCalls(*hits, now)...)), ToPartner: *toPartner, Partners: *partners, Limits: *limits, Alarms: *alarms, Pulse: *pulse, Waiting: waiting.answer()}
	return page.Render(w, r, http.StatusOK, leadPage(v))
}

// sum adds up a number over all the loads that pass.
func (v leadView) sum(of func(overview.Load) int) int {
	n := 0
	for _, l := range v.Loads {
		n += of(l)
	}
	return n
}

func cases(l overview.Load) int { return l.Cases }

// level is how many cases have one level.
func (v leadView) level(severity string) int {
	return v.sum(func(l overview.Load) int {
		if l.Severity != severity {
			return 0
		}
		return l.Cases
	})
}

// list is the team's list of cases, narrowed.
func list(pairs ...string) string {
	return link.CaseList(append([]string{"visning", "team"}, pairs...)...)
}

// kpis are the six numbers, each a way to the list that it counts.
func (v leadView) kpis(ctx context.Context) []ui.KPI {
	number := func(key string, n int, href, note, tone string) ui.KPI {
		return ui.KPI{Label: i18n.T(ctx, "lead.kpi."+key), Value: i18n.Number(ctx, n), Href: href, Note: note, Tone: tone}
	}
	some := func(key string, n int, otherwise string) (note, tone string) {
		if n == 0 {
			return otherwise, ""
		}
		return i18n.N(ctx, key, n), "bad"
	}
	fresh := i18n.N(ctx, "lead.kpi.fresh", v.sum(func(l overview.Load) int { return l.Fresh }))
	inCases, lateTone := some("lead.kpi.in_cases", v.Late.Cases, "")
	overdue, planTone := some("lead.kpi.plan_overdue", v.sum(func(l overview.Load) int { return l.PlanOverdue }), "")
	grave, partnerTone := some("lead.kpi.grave", v.sum(func(l overview.Load) int {
		if l.Severity != "orange" && l.Severity != "red" {
			return 0
		}
		return l.WithoutPartner
	}), "")
	return []ui.KPI{
		number("active", v.sum(cases), list(), fresh, ""),
		number("late", v.Late.Steps, list("frist", "over"), inCases, lateTone),
		number("no_plan", v.sum(func(l overview.Load) int { return l.WithoutPlan }), list("plan", "uden"), overdue, planTone),
		number("no_partner", v.sum(func(l overview.Load) int { return l.WithoutPartner }), list("partner", "uden"), grave, partnerTone),
		{Label: i18n.T(ctx, "lead.kpi.days"), Value: v.median(ctx), Note: i18n.T(ctx, "lead.kpi.days.note"), Href: "#first"},
		number("unassessed", v.level(""), list("niveau", "none"), "", ""),
	}
}

// pulses are the plans of the team that do not live, each a way to the list that it counts (R6).
func (v leadView) pulses() (rows []pulseRow) {
	for _, p := range []pulseRow{{"genbesoeg", v.Pulse.Revisit}, {"sovende", v.Pulse.Asleep}, {"doesig", v.Pulse.Drowsy}} {
		if p.N > 0 {
			rows = append(rows, p)
		}
	}
	return rows
}

// pulseRow is a word of [link.CaseList] for how plans live, and how many do.
type pulseRow struct {
	Word string
	N    int
}

// median is the median days to the first partner during the last ninety days, as a whole number of days.
func (v leadView) median(ctx context.Context) string {
	for _, p := range v.ToPartner {
		if p.Month == nil && p.Cases > 0 {
			return i18n.Number(ctx, days(p.Median))
		}
	}
	return "–"
}

func days(median float64) int { return int(math.Round(median)) }

// concerns are the cases that meet the chosen rule.
func (v leadView) concerns() []overview.Concern {
	out := []overview.Concern{}
	for _, c := range v.Concerns {
		if c.Has(v.Rule) {
			out = append(out, c)
		}
	}
	return out
}

// gravestShown is how many cases Overblik begins with: the gravest. Those of a chosen rule are all there.
const gravestShown = 15

// hidden is how many cases the page leaves out until the lead asks for them.
func (v leadView) hidden() int {
	if v.All || v.Rule != "" {
		return 0
	}
	return max(0, len(v.Concerns)-gravestShown)
}

func (v leadView) chips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{{Text: i18n.T(ctx, "lead.rule.all"), Href: link.Overview + "#attention", Current: v.Rule == ""}}
	for _, rule := range overview.Rules {
		n := 0
		for _, c := range v.Concerns {
			if c.Has(rule) {
				n++
			}
		}
		if n > 0 || v.Rule == rule {
			chips = append(chips, ui.Chip{Text: i18n.T(ctx, "lead.rule."+rule), Href: link.Overview + "?regel=" + rule + "#attention", Current: v.Rule == rule, Count: n})
		}
	}
	return chips
}

// detail is what follows the bold reason: the step or the partner it is about.
func detail(ctx context.Context, r overview.Reason) string {
	if r.Rule == overview.LimitLate {
		return i18n.T(ctx, "day.limit.missing", deadline.NameOf(ctx, r.Detail, "")) // a code, or the name that the municipality gave
	}
	if r.Rule == overview.CallLate {
		return reference.Name(ctx, reference.PartnerTypes, r.Detail)
	}
	if r.Rule == overview.ToRevisit || r.Rule == overview.PlanDrowsy {
		return i18n.T(ctx, "lead.why."+r.Rule+"."+r.Detail)
	}
	if r.Detail != "" {
		return r.Detail
	}
	return i18n.T(ctx, "lead.why."+r.Rule+".more")
}

// mend is where a reason can be mended. A lead reads, and gives a colleague access; the rest is for who works on the case.
func mend(r overview.Reason) string {
	switch r.Rule {
	case overview.GateOpen, overview.Unconfirmed, overview.NoRisk:
		return link.Risk(r.Ref)
	case overview.NoExternal, overview.NoAnswer:
		return link.Network(r.Ref)
	case overview.Alone:
		return link.Access(r.Ref)
	case overview.LimitLate:
		return link.Deadlines(r.Ref)
	case overview.CallLate, overview.MustDoLate, overview.NoPlan, overview.ToRevisit, overview.PlanAsleep, overview.PlanDrowsy:
		return link.Plan(r.Ref)
	default:
		return link.Journal(r.Ref)
	}
}

// urgent reports whether a reason's date is shown as over its time: all but silence are.
func urgent(r overview.Reason) bool {
	return r.Rule != overview.NothingDone && r.Rule != overview.GateOpen
}

// The levels as series of a chart, from the mildest to the gravest.
var chartLevels = []struct{ severity, tone string }{{"", "k0"}, {"green", "k1"}, {"yellow", "k2"}, {"orange", "k3"}, {"red", "k4"}}

// series are the levels of a chart; not assessed is there only where any case is.
func (v leadView) series(ctx context.Context) (series []ui.Series, levels []string) {
	for _, l := range chartLevels {
		if l.severity == "" && v.level("") == 0 {
			continue
		}
		name := i18n.T(ctx, "ui.severity.none")
		if l.severity != "" {
			name = i18n.T(ctx, "ui.severity."+l.severity)
		}
		series, levels = append(series, ui.Series{Name: name, Tone: l.tone}), append(levels, l.severity)
	}
	return series, levels
}

// caseload is the chart of who carries what, in the order of the team's list.
func (v leadView) caseload(ctx context.Context) ui.Chart {
	series, levels := v.series(ctx)
	c := ui.Chart{ID: "load-h", RowName: i18n.T(ctx, "lead.load.row"), Series: series}
	values := func(passes func(uuid.UUID) bool) []int {
		out := make([]int, len(levels))
		for i, severity := range levels {
			out[i] = v.sum(func(l overview.Load) int {
				if l.Severity != severity || !passes(l.ResponsibleID) {
					return 0
				}
				return l.Cases
			})
		}
		return out
	}
	on := map[uuid.UUID]bool{}
	for _, m := range v.Colleagues {
		on[m.ID] = true
		row := ui.ChartRow{Label: m.Name, Href: list("ansvarlig", m.ID.String()), Values: values(func(id uuid.UUID) bool { return id == m.ID })}
		c.Rows = append(c.Rows, row)
	}
	if others := values(func(id uuid.UUID) bool { return !on[id] }); total(others) > 0 {
		c.Rows = append(c.Rows, ui.ChartRow{Label: i18n.T(ctx, "lead.load.others"), Values: others})
	}
	c.Conclusion = i18n.N(ctx, "lead.load.said", v.level("red"), v.level("orange"))
	return c
}

func total(values []int) int {
	n := 0
	for _, v := range values {
		n += v
	}
	return n
}

// partners is the chart of the partner types in active cases.
func (v leadView) partners(ctx context.Context) ui.Chart {
	c := ui.Chart{ID: "used-h", RowName: i18n.T(ctx, "lead.used.row"), Series: []ui.Series{{Name: i18n.T(ctx, "lead.used.cases")}}}
	for i, p := range v.Partners {
		if i == partnersShown {
			break
		}
		c.Rows = append(c.Rows, ui.ChartRow{Label: reference.Name(ctx, reference.PartnerTypes, p.PartnerType), Values: []int{p.Cases}})
	}
	parts, planned := 0, 0
	for _, p := range v.Partners {
		parts, planned = parts+p.Parts, planned+p.Planned
	}
	c.Conclusion = i18n.T(ctx, "lead.used.said", planned, parts)
	return c
}

// toPartner is the chart of the median days to the first partner, month by month.
func (v leadView) toPartner(ctx context.Context) ui.Chart {
	c := ui.Chart{ID: "first-h", RowName: i18n.T(ctx, "lead.first.row"), Series: []ui.Series{{Name: i18n.T(ctx, "lead.first.days")}}}
	n := v.Now.In(i18n.Zone)
	var values []int // of the months that have any, the oldest first
	var names []string
	for back := 11; back >= 0; back-- {
		m := time.Date(n.Year(), n.Month()-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
		row := ui.ChartRow{Label: i18n.Month(ctx, m.Month()), Values: []int{0}, None: true, Current: back == 0}
		for _, p := range v.ToPartner {
			if p.Month != nil && p.Month.Year() == m.Year() && p.Month.Month() == m.Month() {
				row.Values[0], row.None = days(p.Median), false
				values, names = append(values, row.Values[0]), append(names, row.Label)
			}
		}
		c.Rows = append(c.Rows, row)
	}
	switch last := len(values) - 1; {
	case last < 0:
		c.Conclusion = i18n.T(ctx, "lead.first.none")
	case last == 0:
		c.Conclusion = i18n.N(ctx, "lead.first.one_month", values[0], names[0])
	default: // the first and the last month alone would hide what lies between
		c.Conclusion = i18n.T(ctx, "lead.first.range", slices.Min(values), slices.Max(values)) + " " +
			i18n.N(ctx, "lead.first.lately", values[last], names[last], values[last-1], strings.TrimSuffix(names[last-1], "."))
	}
	return c
}

// levels is one bar of all active cases by level.
func (v leadView) levels(ctx context.Context) ui.Chart {
	series, levels := v.series(ctx)
	row := ui.ChartRow{Label: i18n.T(ctx, "lead.levels.row")}
	for _, severity := range levels {
		row.Values = append(row.Values, v.level(severity))
	}
	return ui.Chart{ID: "levels-h", RowName: i18n.T(ctx, "lead.levels.row"), Series: series, Rows: []ui.ChartRow{row},
		Conclusion: i18n.T(ctx, "lead.levels.said", v.level("red")+v.level("orange"), v.sum(cases), v.level("red"))}
}

// since is how long a reason has held, in words.
func since(ctx context.Context, r overview.Reason, now time.Time) string {
	n := -i18n.Days(r.Since, now)
	if n <= 0 {
		return i18n.T(ctx, "when.today")
	}
	return i18n.N(ctx, "lead.days", n)
}

// attentionCount says how many cases need attention, in the panel's head.
func attentionCount(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "day.count", n)
}
