package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// involvementStatus are the four states of an involvement for the seven of the reference data.
var involvementStatus = map[string]string{"active": "accepted", "accepted": "accepted", "requested": "requested", "no_answer": "requested", "proposed": "requested", "declined": "declined", "ended": "ended"}

// noteKinds are the kinds of the journal for those that the content uses.
var noteKinds = map[string]string{"visit": "home_visit", "message": "written", "child_talk": "conversation", "assessment": "decision"}

func (s *seeder) involvements(f *file) {
	for i, in := range f.Involvements {
		row, status := id("involvement", f.Number, i), involvementStatus[in.Status]
		asked := f.opened.Add(3 * time.Hour)
		if in.Asked != nil {
			asked = s.past(*in.Asked, "11:20")
		}
		var answered, ended *time.Time
		if status != "requested" {
			at := asked.Add(5 * time.Hour)
			if in.Answered != nil {
				at = s.past(*in.Answered, "13:40")
			}
			answered = &at
			if status == "ended" {
				ended = &at
			}
		}
		var contact *uuid.UUID
		if in.Contact != "" {
			c := id("contact", in.Contact)
			contact = &c
		}
		s.do(`INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, status, legal_basis, asked_at, answered_at, ended_at, answer, added_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
			row, f.id, id("organisation", in.Organisation), contact, s.dated(in.For), in.Origin, status, in.Basis, asked, answered, ended, s.dated(in.Reason), f.responsible)
		words := timeline.Data{"organisation": s.organisation(in.Organisation).Name, "contact": s.contactName(in.Contact)}
		f.happened(asked, f.responsible, timeline.InvolvementRequested, row, words)
		if answered != nil {
			kind := map[string]string{"accepted": timeline.InvolvementAccepted, "declined": timeline.InvolvementDeclined, "ended": timeline.InvolvementEnded}[status]
			f.happened(*answered, f.responsible, kind, row, words)
		}
	}
}

func (s *seeder) organisation(key string) Organisation {
	for _, o := range s.m.Organisations {
		if o.Key == key {
			return o
		}
	}
	s.fail(fmt.Errorf("there is no organisation %q", key))
	return Organisation{}
}

func (s *seeder) contactName(key string) string {
	for _, o := range s.m.Organisations {
		for _, c := range o.Contacts {
			if c.Key == key {
				return c.Name
			}
		}
	}
	return ""
}

// plan makes the plan from its template, or from its own phases, and then what became of the steps.
func (s *seeder) plan(f *file) error {
	p, started := f.Plan, s.past(f.Plan.Started, "10:05")
	plan, version := id("plan", f.Number), ""
	if p.Template != "" {
		version = reference.Version()
	}
	var followUp *time.Time
	if p.FollowUp > 0 {
		at := Due(s.today, p.FollowUp)
		followUp = &at
	}
	goal := s.dated(strings.TrimSpace(p.Goal))
	s.do(`INSERT INTO app.plan (id, case_id, template_code, template_version, citizen_goals, next_follow_up, started_at, started_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		plan, f.id, p.Template, version, goal, followUp, started, f.responsible)
	f.happened(started, f.responsible, timeline.PlanStarted, plan, timeline.Data{"template": p.Template})
	phases := p.Phases
	if p.Template != "" {
		tpl, ok := reference.TemplateByCode(p.Template)
		if !ok {
			return fmt.Errorf("there is no template %q", p.Template)
		}
		phases = fromTemplate(tpl, p.Steps)
	}
	position := 0
	for i, ph := range phases {
		phase := id("phase", f.Number, i)
		s.do(`INSERT INTO app.plan_phase (id, case_id, plan_id, title, aim, position) VALUES ($1, $2, $3, $4, $5, $6)`, phase, f.id, plan, ph.Name, ph.Goal, i+1)
		for _, st := range ph.Steps {
			position++
			s.step(f, phase, position, st, started)
		}
	}
	return nil
}

// fromTemplate lays the content's words about the steps over the template's own.
func fromTemplate(tpl reference.Template, said []Step) []PlanPhase {
	var phases []PlanPhase
	for i, ph := range tpl.Phases {
		out := PlanPhase{Name: ph.DA}
		for j, st := range ph.Steps {
			step := Step{Step: fmt.Sprintf("%d.%d", i+1, j+1), Status: "open"}
			for _, own := range said {
				if own.Step == step.Step {
					step = own
				}
			}
			step.Title, step.Step = st.TitleDA, st.Code
			if len(st.PartnerTypes) > 0 && step.Calls == "" {
				step.Calls = st.PartnerTypes[0]
			}
			out.Steps = append(out.Steps, step)
		}
		for _, own := range said {
			if own.Step == fmt.Sprint(i+1) && own.Title != "" {
				own.Step = ""
				out.Steps = append(out.Steps, own)
			}
		}
		phases = append(phases, out)
	}
	return phases
}

func (s *seeder) step(f *file, phase uuid.UUID, position int, st Step, started time.Time) {
	row := id("step", f.Number, position)
	var user, contact *uuid.UUID
	switch key := st.Who; {
	case st.Nobody:
	case s.contacts[key] != "":
		c := id("contact", key)
		contact = &c
	case key == "":
		user = &f.responsible
	default:
		u := s.user(key)
		user = &u
		s.grant(f, key, "coworker", nil) // a step lies in hands that may open the case
	}
	var due, done *time.Time
	hasTime := st.At != ""
	if st.Due != nil {
		at := Due(s.today, *st.Due)
		var h, m int
		if fmt.Sscanf(st.At, "%d:%d", &h, &m); !hasTime {
			h, m = 23, 59
		}
		at = time.Date(at.Year(), at.Month(), at.Day(), h, m, 0, 0, at.Location())
		due = &at
	}
	var doneBy *uuid.UUID
	words := timeline.Data{"title": st.Title}
	switch st.Status {
	case "done":
		at := s.past(st.Done, "15:10")
		if at.Before(started) {
			at = started.Add(time.Hour)
		}
		done, doneBy = &at, &f.responsible
		f.happened(at, f.responsible, timeline.StepDone, row, words)
	case "skipped":
		f.happened(s.past(st.Done, "15:20"), f.responsible, timeline.StepSkipped, row, words)
	}
	postponed, postponeReason := 0, ""
	if st.Postponed != nil && due != nil {
		postponed, postponeReason = 1, s.dated(st.Postponed.Reason)
		f.happened(s.past(st.Postponed.Days, "09:12"), s.user(st.Postponed.By), timeline.StepPostponed, row,
			timeline.Data{"title": st.Title, "from": Due(s.today, st.Postponed.From).Format(time.RFC3339), "to": due.Format(time.RFC3339)})
	}
	origin := "ad_hoc"
	if st.Step != "" {
		origin = "from_plan"
	}
	s.do(`INSERT INTO app.plan_step (id, case_id, phase_id, position, title, detail, partner_type, responsible_user, responsible_contact, due_at, due_has_time, status, done_at, done_by, skip_reason, postpone_reason, postponed_times, template_step, origin, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		row, f.id, phase, position, st.Title, s.dated(st.Note), st.Calls, user, contact, due, hasTime, st.Status, done, doneBy, s.dated(st.Reason), postponeReason, postponed, st.Step, origin, f.responsible)
}

func (s *seeder) journal(f *file) {
	for i, n := range f.Journal {
		row, at, author, kind := id("note", f.Number, i+1), s.past(n.Days, n.At), s.user(n.By), n.Kind
		if k := noteKinds[kind]; k != "" {
			kind = k
		}
		var corrects *uuid.UUID
		event := timeline.NoteWritten
		if n.Corrects > 0 {
			c := id("note", f.Number, n.Corrects)
			corrects, event = &c, timeline.NoteCorrected
		}
		s.do(`INSERT INTO app.note (id, case_id, kind, body, happened_at, author, created_at, corrects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			row, f.id, kind, s.dated(n.Body), at, author, at.Add(9*time.Minute), corrects)
		f.happened(at.Add(9*time.Minute), author, event, row, timeline.Data{"kind": kind})
		if s.contacts[n.Contact] != "" {
			s.do(`INSERT INTO app.note_spoken (id, case_id, note_id, contact_id) VALUES ($1, $2, $3, $4)`, id("spoken", f.Number, i), f.id, row, id("contact", n.Contact))
		}
		for _, p := range f.People {
			if n.SpokeWith != "" && strings.Contains(n.SpokeWith, p.Name) {
				s.do(`INSERT INTO app.note_spoken (id, case_id, note_id, person_id) VALUES ($1, $2, $3, $4)`, id("spoken", f.Number, i, p.Name), f.id, row, id("person", f.Number, p.Name))
			}
		}
	}
}

func (s *seeder) events(f *file) {
	if f.Closed != nil {
		at := s.past(f.Closed.Days, "14:20")
		s.do(`INSERT INTO app.case_closing (id, case_id, reason_code, reason, closed_by, closed_at) VALUES ($1, $2, 'goals_reached', $3, $4, $5)`,
			id("closing", f.Number), f.id, s.dated(f.Closed.Reason), s.user(f.Closed.By), at)
		f.happened(at, s.user(f.Closed.By), timeline.CaseClosed, uuid.Nil, timeline.Data{"reason": "goals_reached"})
	}
	for i, e := range f.Events {
		at, by := s.past(e.Days, e.At), s.user(e.By)
		change := timeline.Data{"from": e.From, "to": e.To}
		switch e.Kind {
		case "severity":
			f.happened(at, by, timeline.SeverityChanged, uuid.Nil, change)
		case "phase":
			f.happened(at, by, timeline.PhaseChanged, uuid.Nil, change)
		case "confidentiality":
			f.happened(at, by, timeline.LevelChanged, uuid.Nil, change)
		case "handed_over":
			f.happened(at, by, timeline.CaseHandedOver, uuid.Nil, timeline.Data{"name": s.users[e.To].Name})
		case "reopened":
			f.happened(at, by, timeline.CaseReopened, uuid.Nil, nil)
		case "closed":
			if f.Closed != nil && e.Days == f.Closed.Days {
				continue // told above
			}
			s.do(`INSERT INTO app.case_closing (id, case_id, reason_code, reason, closed_by, closed_at, reopened_by, reopened_at, reopen_reason) VALUES ($1, $2, 'goals_reached', $3, $4, $5, $4, $6, 'Ny bekymring')`,
				id("closing", f.Number, i), f.id, s.dated(e.Reason), by, at, at.AddDate(0, 0, 14))
			f.happened(at, by, timeline.CaseClosed, uuid.Nil, timeline.Data{"reason": "goals_reached"})
		}
	}
}
