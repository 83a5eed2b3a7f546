package plan

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// AddStep adds a step at the end of its phase and returns its id.
func AddStep(ctx context.Context, tx *db.Tx, in StepInput) (uuid.UUID, error) {
	in.Title, in.Detail = strings.TrimSpace(in.Title), strings.TrimSpace(in.Detail)
	if err := in.check(ctx, tx, nil); err != nil {
		return uuid.Nil, err
	}
	if in.Origin == "" {
		in.Origin = "ad_hoc"
	}
	id := in.Key
	if id == uuid.Nil {
		id = uuid.New()
	}
	n, err := addStep(ctx, tx, id, in)
	if err == nil && n == 0 {
		// The key is used. The same step sent twice is one step; another one, typed after "Back", is its own.
		same, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.plan_step WHERE id = @id AND case_id = @case AND title = @title AND created_by = @me`,
			db.Args{"id": id, "case": tx.CaseID, "title": in.Title, "me": tx.Actor.UserID})
		if err != nil || len(same) > 0 {
			return id, err
		}
		id = uuid.New()
		if _, err := addStep(ctx, tx, id, in); err != nil {
			return uuid.Nil, err
		}
	}
	if err != nil {
		return uuid.Nil, err
	}
	return id, timeline.Record(ctx, tx, timeline.StepAdded, id, timeline.Data{"title": in.Title})
}

func addStep(ctx context.Context, tx *db.Tx, id uuid.UUID, in StepInput) (int64, error) {
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.plan_step (id, case_id, phase_id, position, title, detail, partner_type, responsible_user, responsible_contact, due_at, due_has_time, requires_gate, origin, created_by, `+ruleColumns+`)
		SELECT @id, @case, @phase, coalesce(max(position) + 1, 0), @title, @detail, @partner, @user, @contact, @due, @timed, @gate, @origin, @me, `+ruleValues+`
		  FROM app.plan_step WHERE case_id = @case
		ON CONFLICT (id) DO NOTHING`,
		in.Rule.args(db.Args{"id": id, "case": tx.CaseID, "phase": in.PhaseID, "title": in.Title, "detail": in.Detail, "partner": in.PartnerType, "user": db.Null(in.Responsible.User),
			"contact": db.Null(in.Responsible.Contact), "due": in.due(), "timed": in.DueHasTime && !in.Due.IsZero(), "gate": in.Reaches, "origin": in.Origin, "me": tx.Actor.UserID}))
	return n, refused(err, in.Event)
}

// ChangeStep rewrites an open step.
func ChangeStep(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, in StepInput) error {
	in.Title, in.Detail = strings.TrimSpace(in.Title), strings.TrimSpace(in.Detail)
	before, err := oneStep(ctx, tx, id)
	if err != nil {
		return err
	}
	if before.Version != version {
		return fault.Stale // before the checks: they would judge against another step than the writer saw
	}
	if in.PhaseID == uuid.Nil {
		in.PhaseID = before.PhaseID
	}
	if err := in.check(ctx, tx, &before); err != nil {
		return err
	}
	if in.unchanged(before) {
		return nil
	}
	position := before.Position
	if in.PhaseID != before.PhaseID {
		if position, err = nextPosition(ctx, tx); err != nil {
			return err
		}
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.plan_step SET phase_id = @phase, position = @position, title = @title, detail = @detail, partner_type = @partner, responsible_user = @user,
		       responsible_contact = @contact, due_at = @due, due_has_time = @timed, requires_gate = @gate, (`+ruleColumns+`) = (`+ruleValues+`), version = version + 1, changed_at = now()
		 WHERE id = @id AND case_id = @case AND version = @version`,
		in.Rule.args(db.Args{"phase": in.PhaseID, "position": position, "title": in.Title, "detail": in.Detail, "partner": in.PartnerType, "user": db.Null(in.Responsible.User),
			"contact": db.Null(in.Responsible.Contact), "due": in.due(), "timed": in.DueHasTime && !in.Due.IsZero(), "gate": in.Reaches, "id": id, "case": tx.CaseID, "version": version}))
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "plan_step", id, version)
	}
	if err != nil {
		return refused(err, in.Event)
	}
	return timeline.Record(ctx, tx, timeline.StepChanged, id, timeline.Data{"title": in.Title})
}

func (in StepInput) unchanged(s Step) bool {
	due := in.due()
	sameDue := in.Event != "" || due == nil && s.DueAt == nil || due != nil && s.DueAt != nil && due.Equal(*s.DueAt) && in.DueHasTime == s.DueHasTime
	return sameDue && in.PhaseID == s.PhaseID && in.Title == s.Title && in.Detail == s.Detail && in.PartnerType == s.PartnerType && in.Responsible == s.Responsible() && in.Reaches == s.RequiresGate && in.Rule.same(s.Rule())
}

// Assign gives a step another responsible.
func Assign(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, to Responsible) error {
	if (to.User == uuid.Nil) == (to.Contact == uuid.Nil) {
		return fault.Invalid{"responsible": "plan.error.responsible"}
	}
	var allowed *bool
	var name *db.Found[string]
	err := tx.Read(ctx, func(b *db.Batch) {
		allowed = mayAnswer(b, to)
		name = db.Maybe[string](b, `
			SELECT display_name FROM auth.user_account WHERE id = @user
			UNION ALL SELECT CASE WHEN first_name_only THEN split_part(name, ' ', 1) ELSE name END FROM app.contact_person WHERE id = @contact`,
			db.Args{"user": to.User, "contact": to.Contact})
	})
	if err != nil {
		return err
	}
	if !*allowed {
		return fault.Invalid{"responsible": "plan.error.responsible_gone"}
	}
	return change(ctx, tx, id, version, `responsible_user = @user, responsible_contact = @contact`, `status IN ('open','in_progress','waiting')`,
		db.Args{"user": db.Null(to.User), "contact": db.Null(to.Contact)}, timeline.StepAssigned, timeline.Data{"to": name.Row})
}

// Release leaves the open steps of a partner whose part has just been declined or ended without a responsible, so that
// they show as a gap (R5) and the plan calls anew. Whoever takes part in the case in another way too keeps theirs.
// It returns how many steps that were.
func Release(ctx context.Context, tx *db.Tx, part uuid.UUID) (int, error) {
	type step struct {
		ID    uuid.UUID
		Title string
	}
	left, err := db.Many[step](ctx, tx, `
		UPDATE app.plan_step s SET responsible_contact = NULL, status = CASE s.status WHEN 'waiting' THEN 'open' ELSE s.status END,
		       version = s.version + 1, changed_at = now()
		  FROM app.involvement v
		 WHERE v.id = @part AND v.case_id = @case AND v.status IN ('declined','ended')
		   AND s.case_id = @case AND s.responsible_contact = v.contact_id AND s.`+isOpen+`
		   AND NOT EXISTS (SELECT FROM app.involvement o WHERE o.case_id = @case AND o.contact_id = v.contact_id AND o.status IN ('requested','accepted'))
		RETURNING s.id, s.title`, db.Args{"part": part, "case": tx.CaseID})
	if err != nil {
		return 0, err
	}
	for _, s := range left {
		if err := timeline.Record(ctx, tx, timeline.StepAssigned, s.ID, timeline.Data{"title": s.Title}); err != nil {
			return 0, err
		}
	}
	return len(left), nil
}

// change updates one step that is in a fitting state, and records it with the step's title.
// A step that has moved on meanwhile is [fault.Stale].
func change(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, set, fitting string, args db.Args, kind string, data timeline.Data) error {
	args["id"], args["case"], args["version"] = id, tx.CaseID, version
	title, err := db.Many[string](ctx, tx, `
		UPDATE app.plan_step SET `+set+`, version = version + 1, changed_at = now()
		 WHERE id = @id AND case_id = @case AND version = @version AND `+fitting+` RETURNING title`, args)
	if err == nil && len(title) == 0 {
		err = whyNot(ctx, tx, id, version)
	}
	if err != nil {
		return refused(err, "")
	}
	if data == nil {
		data = timeline.Data{}
	}
	data["title"] = title[0]
	return timeline.Record(ctx, tx, kind, id, data)
}

// whyNot explains a step that could not be changed. One that may be written is in the wrong state: somebody was faster.
func whyNot(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	err := tx.WhyNot(ctx, "plan_step", id, version)
	if errors.Is(err, fault.Forbidden) && tx.Rights.May(writes) {
		return fault.Stale
	}
	return err
}

func oneStep(ctx context.Context, tx *db.Tx, id uuid.UUID) (Step, error) {
	return db.One[Step](ctx, tx, selectStep+` AND s.id = @id`, db.Args{"case": tx.CaseID, "id": id})
}

func nextPosition(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One[int](ctx, tx, `SELECT coalesce(max(position) + 1, 0)::int FROM app.plan_step WHERE case_id = @case`, db.Args{"case": tx.CaseID})
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}
