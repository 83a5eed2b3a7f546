package plan

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/internal/template"
)

// fill adds the phases and steps of a template to a new plan, in one round trip. Steps that reach the family are not planned
// while the risk is not assessed: they stand there without a deadline (R1), until [Unlock] gives them one.
func fill(ctx context.Context, tx *db.Tx, plan uuid.UUID, tpl reference.Template) error {
	owner, err := owners(ctx, tx)
	if err != nil {
		return err
	}
	shut := risk.Demand(ctx, tx)
	if shut != nil && !risk.At(shut) {
		return shut
	}
	return tx.Read(ctx, func(b *db.Batch) {
		position := 0
		for i, phase := range tpl.Phases {
			id := uuid.New()
			addPhase(b, id, plan, phase.DA, "", i)
			for _, s := range phase.Steps {
				rule := follow(phase, s, shut != nil)
				db.Do(b, `
					INSERT INTO app.plan_step (case_id, phase_id, position, title, detail, partner_type, responsible_user,
					       template_step, mandatory, requires_gate, origin, created_by, `+ruleColumns+`)
					VALUES (@case, @phase, @position, @title, @detail, @partner, @user, @step, @mandatory, @gate, 'from_plan', @me, `+ruleValues+`)`,
					rule.args(db.Args{"case": tx.CaseID, "phase": id, "position": position, "title": s.TitleDA, "detail": s.PurposeDA, "partner": firstOf(s.PartnerTypes),
						"user": owner.of(s.Role), "step": s.Code, "mandatory": s.Mandatory, "gate": s.RequiresGate != "", "me": tx.Actor.UserID}))
				position++
			}
		}
	})
}

// follow is how a template's step is scheduled: from the start of the plan; in a phase that may never come from the departure that it is about; and where
// it is locked, from the risk assessment that it waits for.
func follow(phase reference.Phase, s reference.Step, shut bool) Rule {
	return scheduled(s, phase.Conditional(), shut && s.RequiresGate != "")
}

func scheduled(s reference.Step, conditional, locked bool) Rule {
	r := Rule{DeadlineCode: s.DeadlineCode, Every: s.RepeatDays}
	if locked {
		r.WaitsFor = []Await{"risk_signed"}
	}
	if s.Due == nil {
		return r
	}
	r.Event, r.Offset, r.Unit = "plan_start", s.Due.Offset, s.Due.Unit
	switch {
	case conditional:
		r.Event = "departure"
	case len(r.WaitsFor) > 0:
		r.Event = Awaited
	}
	return r
}

// Unlock gives the steps that waited at the gate their deadlines when the gate has just been opened, counted from then. It returns how many those are.
// The signature itself has released them; what is left are steps that could not follow it then, and those of plans from before steps followed anything.
func Unlock(ctx context.Context, tx *db.Tx) (int, error) {
	type waiting struct {
		ID           uuid.UUID
		TemplateStep string
	}
	n, err := db.One[int](ctx, tx, `SELECT app.reschedule_steps(@case)`, db.Args{"case": tx.CaseID})
	if err != nil {
		return 0, err
	}
	locked, err := db.Many[waiting](ctx, tx, `SELECT id, template_step FROM app.plan_step
		WHERE case_id = @case AND requires_gate AND due_at IS NULL AND due_event = '' AND waits_for = '{}' AND status = 'open' AND template_step <> '' ORDER BY position, id`, db.Args{"case": tx.CaseID})
	if err != nil || len(locked) == 0 {
		return n, err
	}
	var from *[]template.Origin
	if err := tx.Read(ctx, func(b *db.Batch) { from = template.Origins(b) }); err != nil {
		return 0, err
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		for _, s := range locked {
			t, _, _ := template.StepFrom(*from, s.TemplateStep)
			due, timed := dueFrom(tx.Now, t.Due)
			if due == nil {
				continue
			}
			n++
			db.Do(b, `UPDATE app.plan_step SET due_at = @due, due_has_time = @timed, version = version + 1, changed_at = now() WHERE id = @id AND case_id = @case`,
				db.Args{"due": due, "timed": timed, "id": s.ID, "case": tx.CaseID})
		}
	})
	return n, risk.Refused(err)
}

// dueFrom counts a template's offset from the start of the plan: hours give a moment, days a whole day.
// A step without an offset has a deadline that begins with something that has not happened yet.
func dueFrom(start time.Time, o *reference.Offset) (due *time.Time, hasTime bool) {
	if o == nil {
		return nil, false
	}
	at := EndOfDay(start.In(i18n.Zone).AddDate(0, 0, o.Offset))
	if o.Unit == "hours" {
		at, hasTime = start.Add(time.Duration(o.Offset)*time.Hour).Truncate(time.Minute), true
	}
	return &at, hasTime
}

// EndOfDay is when something without a time of day is due: the last second of that day in the office's zone.
func EndOfDay(day time.Time) time.Time {
	y, m, d := day.In(i18n.Zone).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, i18n.Zone)
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// owner says who takes the steps of a role when a plan is made.
type owner struct {
	Responsible uuid.UUID
	Lead        *uuid.UUID
}

func owners(ctx context.Context, tx *db.Tx) (owner, error) {
	return db.One[owner](ctx, tx, `
		SELECT f.responsible_id AS responsible,
		       coalesce((SELECT g.user_id FROM app.case_grant g WHERE g.case_id = f.id AND g.kind = 'lead' AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now()) LIMIT 1),
		                (SELECT m.user_id FROM app.team_member m JOIN auth.user_account u ON u.id = m.user_id AND u.active
		                  WHERE m.team_id = f.team_id AND m.is_lead AND f.confidentiality < 2 AND (m.valid_to IS NULL OR m.valid_to > now()) ORDER BY m.user_id LIMIT 1)) AS lead
		  FROM app.case_file f WHERE f.id = @case`, db.Args{"case": tx.CaseID})
}

// of is the user who takes a role's steps. Nobody, where the role belongs to another office: that gap
// is to be seen, and filled with a contact person (R5).
func (o owner) of(role string) *uuid.UUID {
	switch role {
	case "citizen_service_officer":
		return nil
	case "team_lead":
		if o.Lead != nil {
			return o.Lead
		}
	}
	return &o.Responsible
}
