package plan

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/reference"
)

// Status is where a step stands.
type Status string

// The five states. The first three are open: somebody still has to do something.
const (
	Open       Status = "open"
	InProgress Status = "in_progress"
	Waiting    Status = "waiting" // for a partner
	Done       Status = "done"
	Skipped    Status = "skipped"
)

// Step is one thing to do, by one person (R5).
type Step struct {
	ID          uuid.UUID
	PhaseID     uuid.UUID
	Phase       string // title of the phase
	Position    int
	Title       string
	Detail      string
	PartnerType string // which partner it calls for (R7); empty for none

	ResponsibleUser    *uuid.UUID // at most one of the two is set; neither is a visible gap
	ResponsibleContact *uuid.UUID
	Person             string // name of the responsible
	PersonTitle        string
	Organisation       string // of a contact person
	External           bool   // the contact person works outside the municipality
	PhotoID            *uuid.UUID

	DueAt          *time.Time // without a time of day: the end of that day
	DueHasTime     bool
	Status         Status
	DoneAt         *time.Time
	SkipReason     string
	SkipCode       string // "reopened": the program left it out, because the one before it in its series was opened again
	PostponeReason string
	PostponedTimes int
	DeadlineCode   string // of the reference data, where the law sets the time
	TemplateStep   string
	Mandatory      bool
	RequiresGate   bool // may reach the family: asks for a risk assessment first (R1)
	Origin         string
	Version        int
	LeadToldAt     *time.Time // when the lead was told that it is over its time; nil: not
	ImpossibleAt   *time.Time // a partner says that it is not possible, and nobody has thought it over since

	// How it is scheduled; see [Rule].
	DueEvent           string
	DueOffset          int
	DueUnit            string
	MovedFrom, MovedAt *time.Time   // when its event took it along last, and from which day
	WaitsFor           []Await      // see [Step.Awaits]
	Came               []*time.Time // beside each, when it came
	WaitsTitles        []string
	ReleasedAt         *time.Time // when it was to wait no longer
	RepeatEvery        *int
	RepeatUnit         string
	RepeatUntil        *time.Time
	LateOK             bool
}

// Open reports whether somebody still has to do something.
func (s Step) Open() bool { return s.Status != Done && s.Status != Skipped }

// Late reports whether the deadline of an open step has passed.
func (s Step) Late(now time.Time) bool { return s.Open() && s.DueAt != nil && s.DueAt.Before(now) }

// Missing reports whether an open step has nobody responsible: a gap that the pages show.
func (s Step) Missing() bool {
	return s.Open() && s.ResponsibleUser == nil && s.ResponsibleContact == nil
}

// Impossible reports whether a partner says of an open step that it is not possible, and nobody has thought it over since.
func (s Step) Impossible() bool { return s.Open() && s.ImpossibleAt != nil }

// MineOf reports whether user is the responsible.
func (s Step) MineOf(user uuid.UUID) bool {
	return s.ResponsibleUser != nil && *s.ResponsibleUser == user
}

// MayTick reports whether who may say that the step is done: whoever writes in the case, and a lead whose step it is.
func (s Step) MayTick(who uuid.UUID, rights actor.Rights) bool {
	return rights.May(actor.Write) || rights.May(actor.Manage|actor.Note) && s.MineOf(who)
}

// Due is the deadline, zero for none.
func (s Step) Due() time.Time {
	if s.DueAt == nil {
		return time.Time{}
	}
	return *s.DueAt
}

// PartnerTypes are the types that the step calls for: the chosen one first, then what its template adds.
func (s Step) PartnerTypes() []string {
	if s.PartnerType == "" {
		return nil
	}
	types := []string{s.PartnerType}
	if t, ok := templateStep(s.TemplateStep); ok {
		for _, p := range t.PartnerTypes {
			if p != s.PartnerType {
				types = append(types, p)
			}
		}
	}
	return types
}

func templateStep(code string) (reference.Step, bool) {
	if code == "" {
		return reference.Step{}, false
	}
	for _, t := range reference.Templates("") {
		for _, p := range t.Phases {
			for _, s := range p.Steps {
				if s.Code == code {
					return s, true
				}
			}
		}
	}
	return reference.Step{}, false
}

// selectStep reads steps with the face of their responsible. A contact person who may not show a surname shows none.
const selectStep = `
	SELECT s.id, s.phase_id, p.title AS phase, s.position, s.title, s.detail, s.partner_type,
	       s.responsible_user, s.responsible_contact,
	       coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, '') AS person,
	       coalesce(u.title, c.title, '') AS person_title, coalesce(o.name, '') AS organisation, coalesce(o.kind = 'external', false) AS external,
	       coalesce(u.photo_id, c.photo_id) AS photo_id,
	       s.due_at, s.due_has_time, s.status, s.done_at, s.skip_reason, s.skip_code, s.postpone_reason, s.postponed_times,
	       s.deadline_code, s.template_step, s.mandatory, s.requires_gate, s.origin, s.version,
	       s.due_event, s.due_offset, s.due_unit, s.moved_from, s.moved_at, s.waits_for, s.came, s.released_at,
	       ARRAY(SELECT coalesce(w.title, '') FROM unnest(s.waits_for) WITH ORDINALITY u(what, n) LEFT JOIN app.plan_step w ON w.case_id = s.case_id AND w.id::text = u.what ORDER BY u.n) AS waits_titles,
	       s.repeat_every, s.repeat_unit, s.repeat_until, s.late_ok, s.impossible_at, e.told_at AS lead_told_at
	  FROM app.plan_step s
	  JOIN app.plan_phase p ON p.case_id = s.case_id AND p.id = s.phase_id
		  LEFT JOIN auth.user_account u ON u.id = s.responsible_user
	  LEFT JOIN app.contact_person c ON c.id = s.responsible_contact
	  LEFT JOIN app.organisation o ON o.id = c.organisation_id
	  LEFT JOIN app.reminder e ON e.case_id = s.case_id AND e.object_id = s.id AND e.thing = 'step' AND e.due_at = s.due_at AND e.kind = 'lead' AND e.withdrawn_at IS NULL AND e.told > 0
	 WHERE s.case_id = @case`

// Steps asks for every step of the opened case, in the order of the plan.
func Steps(b *db.Batch) *[]Step {
	return db.All[Step](b, selectStep+` ORDER BY p.position, s.position, s.id`, db.Args{"case": b.CaseID})
}

// OpenSteps asks for what is still to be done in the opened case, the nearest deadline first.
func OpenSteps(b *db.Batch) *[]Step {
	return db.All[Step](b, selectStep+` AND s.status IN ('open','in_progress','waiting') ORDER BY s.due_at NULLS LAST, p.position, s.position, s.id`, db.Args{"case": b.CaseID})
}

// GetStep asks for one step of the opened case. None is [fault.NotFound] for the whole batch.
func GetStep(b *db.Batch, id uuid.UUID) *Step {
	return db.Get[Step](b, selectStep+` AND s.id = @id`, db.Args{"case": b.CaseID, "id": id})
}
