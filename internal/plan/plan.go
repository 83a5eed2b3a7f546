// Package plan owns the action plan of a case: phases and steps, who is responsible for each, when it
// is due, and which partner the plan calls for (R5, R6, R7). The plan is the office's work list.
package plan

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/internal/timeline"
)

// Plan is the action plan of a case. There is one per case.
type Plan struct {
	ID              uuid.UUID
	TemplateCode    string          // of package template; empty where it began without one
	TemplateVersion string          // the label of the version that it began from, and keeps
	Template        *reference.Item // what that version is called; nil where there is none
	NewTemplate     string          // the label of a version that came later; empty for none
	TemplateAsked   bool            // somebody has chosen already what of that version to take up
	CitizenGoals    string          // in the citizen's own words
	NextFollowUp    *time.Time      // when the whole plan is looked at again
	StartedAt       time.Time
	StartedBy       string     // display name
	BeganAt         time.Time  // what the steps count from: when it was started, unless somebody has corrected that
	DepartsOn       *time.Time // the journey that is known or feared
	Version         int

	// The parts of serviceloven § 12 a: three are words, the first is the newest risk assessment, which holds until RiskUntil.
	Situation, Support, SupportOther string
	RiskUntil                        *time.Time
}

// Get asks for the plan of the opened case, which may have none yet.
func Get(b *db.Batch) *db.Found[Plan] {
	return db.Maybe[Plan](b, selectPlan, db.Args{"case": b.CaseID})
}

const selectPlan = `
		SELECT p.id, p.template_code, p.template_version, p.citizen_goals, p.next_follow_up, p.started_at, u.display_name AS started_by, p.began_at, p.departs_on, p.version, p.situation, p.support, p.support_other,
		       ` + template.OfPlan + `,
		       (SELECT a.valid_until FROM app.risk_assessment a WHERE a.case_id = p.case_id ORDER BY a.signed_at DESC, a.id DESC LIMIT 1) AS risk_until
		  FROM app.plan p JOIN auth.user_account u ON u.id = p.started_by
		 WHERE p.case_id = @case`

// Begins is the moment at which a plan that begins on a day begins: the moment as it stands where that is the day, else the day's first one.
func (p Plan) Begins(day time.Time) time.Time {
	if i18n.Today(day).Equal(i18n.Today(p.BeganAt)) {
		return p.BeganAt
	}
	return i18n.Today(day)
}

// Days are the plan's own days.
func (p Plan) Days() Days { return Days{p.BeganAt, fromDate(p.NextFollowUp), fromDate(p.DepartsOn)} }

// MaxGoals is how much of the citizen's own words a plan holds, in characters.
const MaxGoals = 4000

// GoalsInput is what may be changed about the plan as a whole.
type GoalsInput struct {
	CitizenGoals string
	NextFollowUp time.Time // zero: none agreed
	Began        time.Time // when the plan began; zero: as it stands
	Departs      time.Time // the journey that is known or feared; zero: none
	Seen         string    // the steps that move along, as the writer has seen them; see [SeenShifts]
}

// likely reports whether a day is one that a plan can speak of, or none: ten years to either side. Any other is a slip of the finger.
func likely(day, now time.Time) bool {
	return day.IsZero() || day.After(now.AddDate(-10, 0, 0)) && day.Before(now.AddDate(10, 0, 1))
}

// ErrUnseen is what [ChangeGoals] returns when steps would move along that the writer has not seen move.
var ErrUnseen = errors.New("steps would move that nobody has seen move")

// Validate reports everything that is wrong with the input.
func (in GoalsInput) Validate() error {
	bad := fault.Invalid{}
	bad.AtMost("goals", in.CitizenGoals, MaxGoals)
	return bad.Err()
}

// ChangeGoals writes the citizen's goals and the plan's own days. The steps that follow a day move with it, if the writer has seen that: else it is [ErrUnseen].
func ChangeGoals(ctx context.Context, tx *db.Tx, version int, in GoalsInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	if err := writable(tx); err != nil {
		return err
	}
	now, err := db.One[Plan](ctx, tx, selectPlan, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	id := now.ID
	if in.Began.IsZero() {
		in.Began = now.BeganAt
	} else if in.Began = now.Begins(in.Began); in.Began.After(tx.Now) {
		return fault.Invalid{"began": "error.date_future"}
	}
	bad := fault.Invalid{}
	bad.Check("follow_up", in.NextFollowUp.IsZero() || dateOf(in.NextFollowUp) == dateOf(now.Days().FollowUp) || !i18n.Today(in.NextFollowUp).Before(i18n.Today(tx.Now)), "plan.error.follow_up")
	for field, day := range map[string]time.Time{"follow_up": in.NextFollowUp, "began": in.Began, "departs": in.Departs} {
		bad.Check(field, likely(day, tx.Now), "plan.error.year")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if now.Version == version {
		var shifts *[]Shift
		if err := tx.Read(ctx, func(b *db.Batch) { shifts = AskShifts(b, Days{in.Began, in.NextFollowUp, in.Departs}) }); err != nil {
			return err
		}
		if SeenShifts(*shifts) != in.Seen {
			return ErrUnseen
		}
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.plan SET citizen_goals = @goals, next_follow_up = @day::text::date, began_at = @began, departs_on = @departs::text::date, version = version + 1, changed_at = now()
		 WHERE id = @id AND case_id = @case AND version = @version`,
		db.Args{"goals": strings.TrimSpace(in.CitizenGoals), "day": dateOf(in.NextFollowUp), "began": in.Began, "departs": dateOf(in.Departs), "id": id, "case": tx.CaseID, "version": version})
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "plan", id, version)
	}
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.PlanChanged, id, nil)
}

// LookThrough says that somebody has gone through the plan since the risk rose or a report came, and that it still holds (R6).
// Nothing to go through is no fault: what was wanted is so.
func LookThrough(ctx context.Context, tx *db.Tx) error {
	if err := writable(tx); err != nil {
		return err
	}
	waits, err := toRevisit(ctx, tx)
	if err != nil || !waits {
		return err
	}
	id, err := db.One[uuid.UUID](ctx, tx, `UPDATE app.plan SET looked_at = now(), looked_by = @me WHERE case_id = @case RETURNING id`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.PlanLooked, id, nil)
}

// Phase is one part of the plan, in the order in which they are worked through.
type Phase struct {
	ID       uuid.UUID
	Title    string
	Aim      string // what is reached when the phase is over
	Position int
}

// Phases asks for the phases of the opened case's plan.
func Phases(b *db.Batch) *[]Phase {
	return db.All[Phase](b, `SELECT id, title, aim, position FROM app.plan_phase WHERE case_id = @case ORDER BY position, id`, db.Args{"case": b.CaseID})
}

// EmptyPhases are the phases that a plan without a template begins with. Titles are data, so they are Danish.
var EmptyPhases = []Phase{
	{Title: "Sikre", Aim: "Borgeren er i sikkerhed her og nu"},
	{Title: "Afklare", Aim: "Vi ved, hvad borgeren og familien har brug for"},
	{Title: "Indsats", Aim: "Borgeren får den støtte, planen lover"},
	{Title: "Følge op", Aim: "Vi opdager, hvis risikoen ændrer sig"},
}

// AlreadyStarted is the text key of the refusal to start a second plan.
const AlreadyStarted = "plan.error.started"

// Start makes the plan of the opened case from a template, or an empty one with [EmptyPhases] for the code "".
// Deadlines count from now. A second plan is refused under the field "template".
func Start(ctx context.Context, tx *db.Tx, templateCode string) error {
	tpl, known, err := template.Choose(ctx, tx, templateCode)
	if err != nil {
		return err
	}
	if templateCode != "" && !known {
		return fault.Invalid{"template": "error.choose"}
	}
	id := uuid.New()
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.plan (id, case_id, template_code, template_version, started_by) VALUES (@id, @case, @template, @version, @me)
		ON CONFLICT (case_id) DO NOTHING`,
		db.Args{"id": id, "case": tx.CaseID, "template": templateCode, "version": tpl.Label, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Invalid{"template": AlreadyStarted}
	}
	if known {
		err = fill(ctx, tx, id, tpl.Content)
	} else {
		err = tx.Read(ctx, func(b *db.Batch) {
			for i, p := range EmptyPhases {
				addPhase(b, uuid.New(), id, p.Title, p.Aim, i)
			}
		})
	}
	if err != nil {
		return err
	}
	name := templateCode
	if _, house := reference.TemplateByCode(templateCode); known && !house {
		name = tpl.Content.DA // a template of the municipality's own: its code says nothing to anybody
	}
	return timeline.Record(ctx, tx, timeline.PlanStarted, id, timeline.Data{"template": name})
}

func addPhase(b *db.Batch, id, plan uuid.UUID, title, aim string, position int) {
	db.Do(b, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, aim, position) VALUES (@id, @case, @plan, @title, @aim, @position)`,
		db.Args{"id": id, "case": b.CaseID, "plan": plan, "title": title, "aim": aim, "position": position})
}
