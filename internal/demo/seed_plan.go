package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// aims say what a template's phase is for, where the template does not.
var aims = map[string]string{
	"Straks": "Faren er vurderet, og ingen står alene", "Første døgn": "Borgeren er i sikkerhed, og sagen er skærmet",
	"Første uge": "De næste skridt er besluttet", "Derefter": "Støtten er på plads og følges op", "Løbende": "Vi opdager, hvis noget ændrer sig",
	"Hvis barnet er udrejst": "Barnet kommer hjem", "Afklaring": "Vi ved, hvad der er på spil", "Plan": "Alle ved, hvem der gør hvad",
	"Indsats": "Borgeren får den støtte, planen lover", "Opfølgning og afslutning": "Det holder også uden os", "Uge 2-4": "Hverdagen kommer på plads",
	"Indflytning": "Opholdet er trygt og skærmet", "Stabilisering": "Ro, sikkerhed og en plan", "Udflytning": "Et nyt sted uden spor",
	"Efterværn": "Et liv, der holder", "Kontakt": "Borgeren kan tale frit", "Indsats og opfølgning": "Borgerens handlefrihed vokser",
}

func (r *caseRows) plan() error {
	p := r.Plan
	if p == nil {
		return nil
	}
	started := r.when(p.Started, "11:00")
	var follow any
	if p.FollowUp != 0 {
		follow = day(Due(r.now, p.FollowUp))
	}
	version := ""
	if p.Template != "" {
		version = reference.Version()
	}
	goal := p.Goal
	if p.GoalSaid != "" {
		goal += "\n" + r.text(p.GoalSaid)
	}
	situation, support, other := r.parts()
	r.put("app.plan", r.id("plan"), r.id(), p.Template, version, goal, follow, started, r.user(r.Responsible), r.changed(started), situation, support, other)
	r.versions()
	r.offers()
	r.event(started, r.Responsible, timeline.PlanStarted, r.id("plan"), timeline.Data{"template": p.Template})
	position := 0
	step := func(phase int, s Step, from reference.Step) {
		r.step(phase, position, started, s, from)
		position++
	}
	for i, phase := range p.Phases {
		r.put("app.plan_phase", r.id("phase", fmt.Sprint(i)), r.id(), r.id("plan"), phase.Name, phase.Goal, i)
		for _, s := range phase.Steps {
			step(i, s, reference.Step{})
		}
	}
	if p.Template == "" {
		return nil
	}
	tpl, ok := reference.TemplateByCode(p.Template)
	if !ok {
		return fmt.Errorf("no template %q", p.Template)
	}
	for i, phase := range tpl.Phases {
		r.put("app.plan_phase", r.id("phase", fmt.Sprint(i)), r.id(), r.id("plan"), phase.DA, aims[phase.DA], i)
		for j, from := range phase.Steps {
			place := fmt.Sprintf("%d.%d", i+1, j+1)
			s := Step{Step: place, Status: "open"}
			if k := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Step == place }); k >= 0 {
				s = p.Steps[k]
			} else if n := days(from.Due) - int(p.Started); from.Due != nil && n > 0 && r.Closed == nil {
				s.Due = &n
			}
			step(i, s, from)
		}
		for _, s := range p.Steps {
			if s.Step == fmt.Sprint(i+1) {
				step(i, s, reference.Step{})
			}
		}
	}
	return nil
}

// days is a template's offset in days.
func days(o *reference.Offset) int {
	if o == nil || o.Unit == "hours" {
		return 0
	}
	return o.Offset
}

func (r *caseRows) step(phase, position int, started time.Time, s Step, from reference.Step) {
	title, detail, partner, origin := s.Title, r.text(s.Note), s.Calls, "ad_hoc"
	if title == "" {
		title, origin = from.TitleDA, "from_plan"
	}
	if detail == "" {
		detail = from.PurposeDA
	}
	if partner == "" && len(from.PartnerTypes) > 0 {
		partner = from.PartnerTypes[0]
	}
	var user, contact, due, done, doneBy any
	switch {
	case s.Nobody, s.Who == "" && from.Role == "citizen_service_officer":
	case s.Who == "" && from.Role == "team_lead":
		user = r.user(r.lead())
	case s.Who == "":
		user = r.user(r.Responsible)
	case r.users[s.Who].Key != "":
		user = r.user(s.Who)
	default:
		contact = id("contact", s.Who)
		if partner == "" {
			partner = r.orgOf[s.Who].Type
		}
	}
	if s.Due != nil {
		due = r.due(*s.Due, s.At)
	}
	row := r.id("step", fmt.Sprint(position))
	changed, by, data := started, r.Responsible, timeline.Data{"title": title}
	if r.users[s.Who].Key != "" && slices.Contains(r.members(), s.Who) {
		by = s.Who
	}
	clock := fmt.Sprintf("%02d:%02d", 9+position*5%7, position*17%60)
	switch s.Status {
	case "done", "skipped":
		changed = r.when(s.Done, clock)
		if changed.Before(started) {
			changed = started.Add(time.Duration(position) * time.Minute)
		}
		kind := timeline.StepSkipped
		if s.Status == "done" {
			kind, done, doneBy = timeline.StepDone, changed, r.user(by)
		}
		r.event(changed, by, kind, row, data)
	}
	times, why := 0, ""
	if m := s.Postponed; m != nil {
		times, why, changed = 1, m.Reason, r.when(m.Days, "09:12")
		to := r.due(*s.Due, s.At)
		r.event(changed, m.By, timeline.StepPostponed, row, timeline.Data{"title": title, "from": endOfDay(PostponedFrom(r.now, m.From, to)).Format(time.RFC3339), "to": to.Format(time.RFC3339)})
	}
	template, gate := from.Code, from.RequiresGate != "" || s.Reaches
	if gate && !r.assessed() && (s.Status == "open" || s.Status == "in_progress" || s.Status == "waiting") { // nothing that reaches the family is planned (R1)
		due, s.At, s.Status, times, why = nil, "", "open", 0, ""
	}
	event, offset, unit := follows(s, from)
	waits := r.waits(s)
	if len(waits) > 0 {
		event, offset, due = "awaited", s.After, nil
	}
	r.put("app.plan_step", row, r.id(), r.id("phase", fmt.Sprint(phase)), position, title, detail, partner, user, contact, due, s.At != "", s.Status, done, doneBy,
		s.Reason, why, times, from.DeadlineCode, template, from.Mandatory, gate, origin, changed, r.user(r.Responsible), repeats(s, from), event, offset, unit, waits)
}

// waits are what a step waits for: events, and the ids of other steps of the case.
func (r *caseRows) waits(s Step) []string {
	list := slices.Clone(s.Waits)
	for i, w := range list {
		for _, row := range r.rows["app.plan_step"] {
			if row[1] == r.id() && row[4] == w {
				list[i] = fmt.Sprint(row[0])
			}
		}
	}
	if list == nil {
		return []string{}
	}
	return list // what is neither the database refuses
}

// repeats is how often a step that is still to be done comes again, as its template says; nil for once.
func repeats(s Step, from reference.Step) any {
	if from.RepeatDays == 0 || s.Status == "done" || s.Status == "skipped" {
		return nil
	}
	return from.RepeatDays
}

// follows is what the day of a step follows: one that nobody has given a day, in a phase that has not come, counts from the departure.
func follows(s Step, from reference.Step) (event string, offset int, unit string) {
	if s.Status != "open" || s.Due != nil || from.Due == nil || !strings.HasPrefix(from.Code, "T2.5.") {
		return "", 0, "days"
	}
	return "departure", from.Due.Offset, from.Due.Unit
}

// due is the end of the day, or the time of day that is written.
func (r *caseRows) due(n int, clock string) time.Time {
	d := Due(r.now, n)
	if clock != "" {
		return at(d, clock)
	}
	return endOfDay(d)
}

func endOfDay(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 23, 59, 59, 0, d.Location())
}

func (r *caseRows) lead() string {
	for _, t := range r.m.Teams {
		if t.Key == r.Team && (r.Confidentiality < 2 || slices.Contains(r.CoResponsible, t.Lead)) {
			return t.Lead
		}
	}
	return r.Responsible
}

// members are those who may write in the case.
func (r *caseRows) members() []string {
	m := append([]string{r.Responsible, r.lead()}, r.CoResponsible...)
	for _, c := range r.Consulted {
		m = append(m, c.User)
	}
	return m
}

// changed is when the plan was last touched: its approval, or its start.
func (r *caseRows) changed(started time.Time) time.Time {
	if a := r.Plan.Approved; a != nil {
		return r.when(a.Days, a.At)
	}
	return started
}
