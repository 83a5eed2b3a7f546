package plan_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/testkit"
)

// desk is an office with one case, its plan, and short ways to read and write it.
type desk struct {
	*testkit.Office
	t testing.TB
	c testkit.CaseFile
}

func newDesk(t testing.TB, template string) desk {
	o := testkit.NewOffice(t)
	d := desk{o, t, o.Case(t, o.Mette, 1)}
	d.must(o.Mette, func(tx *db.Tx) error { return plan.Start(t.Context(), tx, template) })
	return d
}

func (d desk) do(who actor.Actor, fn func(tx *db.Tx) error) error {
	d.t.Helper()
	return d.DB.InCase(d.t.Context(), who, d.c.At("handlingsplan"), fn)
}

func (d desk) must(who actor.Actor, fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.do(who, fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) steps(who actor.Actor) []plan.Step {
	d.t.Helper()
	var steps *[]plan.Step
	if _, err := d.DB.ReadCase(d.t.Context(), who, d.c.At("handlingsplan"), func(b *db.Batch) { steps = plan.Steps(b) }); err != nil {
		d.t.Fatal(err)
	}
	return *steps
}

func (d desk) phases() []plan.Phase {
	d.t.Helper()
	var phases *[]plan.Phase
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { phases = plan.Phases(b) }); err != nil {
		d.t.Fatal(err)
	}
	return *phases
}

func (d desk) step(id uuid.UUID) plan.Step {
	d.t.Helper()
	for _, s := range d.steps(d.Mette) {
		if s.ID == id {
			return s
		}
	}
	d.t.Fatal("no such step")
	return plan.Step{}
}

func (d desk) input(title string) plan.StepInput {
	return plan.StepInput{Title: title, Responsible: plan.ByUser(d.Mette.UserID), Due: time.Now().AddDate(0, 0, 7)}
}

// add adds a step as Mette.
func (d desk) add(in plan.StepInput) plan.Step {
	d.t.Helper()
	var id uuid.UUID
	d.must(d.Mette, func(tx *db.Tx) (err error) { id, err = plan.AddStep(d.t.Context(), tx, in); return err })
	return d.step(id)
}

// events are the kinds of what happened, oldest first.
func (d desk) events() []string {
	d.t.Helper()
	var all string
	d.Scan(d.t, []any{&all}, `SELECT coalesce(string_agg(kind, ' ' ORDER BY at, id), '') FROM app.case_event WHERE case_id = $1`, d.c.ID)
	return strings.Fields(all)
}

func (d desk) last() string {
	e := d.events()
	return e[len(e)-1]
}

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Fatalf("got %v (%v), want %s: %s", err, bad, field, key)
	}
}

func TestPlanIsMadeFromEachTemplate(t *testing.T) {
	for _, tpl := range reference.Templates("") {
		d := newDesk(t, tpl.Code)
		steps := d.steps(d.Mette)
		if len(steps) != tpl.Steps() || len(d.phases()) != len(tpl.Phases) {
			t.Errorf("%s: %d steps in %d phases", tpl.Code, len(steps), len(d.phases()))
		}
		i := 0
		for _, p := range tpl.Phases {
			for _, want := range p.Steps {
				got := steps[i]
				i++
				if got.Title != want.TitleDA || got.Phase != p.DA || got.TemplateStep != want.Code || got.Mandatory != want.Mandatory || got.DeadlineCode != want.DeadlineCode ||
					got.RequiresGate != (want.RequiresGate != "") || len(want.PartnerTypes) > 0 && got.PartnerType != want.PartnerTypes[0] || got.Origin != "from_plan" {
					t.Errorf("%s: %+v", want.Code, got)
				}
				switch {
				case p.Conditional(), want.RequiresGate != "": // waits for what may never happen, or for the risk assessment (R1)
					if got.DueAt != nil {
						t.Errorf("%s: due %v, though nothing has happened", want.Code, got.DueAt)
					}
				case want.Due == nil && got.DueAt != nil, want.Due != nil && got.DueHasTime != (want.Due.Unit == "hours"):
					t.Errorf("%s: due %v", want.Code, got.DueAt)
				case want.Due != nil && want.Due.Unit == "days" && i18n.Days(*got.DueAt, time.Now()) != want.Due.Offset:
					t.Errorf("%s: %d days, want %d", want.Code, i18n.Days(*got.DueAt, time.Now()), want.Due.Offset)
				}
				// A lead's step is the lead's; another office's is a gap; all others are the caseworker's.
				switch want.Role {
				case "team_lead":
					if !got.MineOf(d.Jonas.UserID) {
						t.Errorf("%s is not the lead's", want.Code)
					}
				case "citizen_service_officer":
					if !got.Missing() {
						t.Errorf("%s has somebody", want.Code)
					}
				default:
					if !got.MineOf(d.Mette.UserID) || got.Person != "Mette Lindhardt" {
						t.Errorf("%s is not the caseworker's", want.Code)
					}
				}
			}
		}
		refused(t, d.do(d.Mette, func(tx *db.Tx) error { return plan.Start(t.Context(), tx, "") }), "template", plan.AlreadyStarted)
	}
}

func TestEmptyPlanHasPhasesAndNoSteps(t *testing.T) {
	d := newDesk(t, "")
	if got := d.phases(); len(got) != len(plan.EmptyPhases) || got[0].Title != "Sikre" || got[0].Aim == "" || len(d.steps(d.Mette)) != 0 {
		t.Errorf("%+v", got)
	}
	if d.Count(t, `SELECT count(*) FROM app.case_file WHERE has_plan`) != 1 {
		t.Error("the header does not say that there is a plan")
	}
	other := desk{d.Office, t, d.Case(t, d.Mette, 1)}
	refused(t, other.do(d.Mette, func(tx *db.Tx) error { return plan.Start(t.Context(), tx, "T99") }), "template", "error.choose")
}

func TestEveryStepHasExactlyOneResponsible(t *testing.T) {
	d := newDesk(t, "")
	school := d.Partner(t, "school", "Åskolen", "Anders Møller")
	try := func(r plan.Responsible) error {
		return d.do(d.Mette, func(tx *db.Tx) error {
			in := d.input("Udtalelse fra skolen")
			in.Responsible = r
			_, err := plan.AddStep(t.Context(), tx, in)
			return err
		})
	}
	refused(t, try(plan.Responsible{}), "responsible", "plan.error.responsible")
	refused(t, try(plan.Responsible{User: d.Mette.UserID, Contact: school.ID}), "responsible", "plan.error.responsible")
	refused(t, try(plan.ByUser(d.Dennis.UserID)), "responsible", "plan.error.responsible_gone") // does not work on the case
	refused(t, try(plan.ByContact(uuid.New())), "responsible", "plan.error.responsible_gone")
	if err := try(plan.ByContact(school.ID)); err != nil {
		t.Fatal(err)
	}
	s := d.steps(d.Mette)[0]
	if s.Person != "Anders Møller" || s.Organisation != "Åskolen" || !s.External || s.ResponsibleUser != nil {
		t.Errorf("%+v", s)
	}
	// and the table says the same
	if err := d.do(d.Mette, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE app.plan_step SET responsible_user = @me WHERE id = @id`, db.Args{"me": d.Mette.UserID, "id": s.ID})
		return err
	}); !db.Violates(err, "one_responsible_per_step") {
		t.Errorf("two responsibles: %v", err)
	}
}

func TestGoalsAndFollowUp(t *testing.T) {
	d := newDesk(t, "")
	read := func() plan.Plan {
		var p *db.Found[plan.Plan]
		if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { p = plan.Get(b) }); err != nil || !p.OK {
			t.Fatal(err)
		}
		return p.Row
	}
	day := time.Date(2027, 1, 5, 0, 0, 0, 0, i18n.Zone)
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.ChangeGoals(t.Context(), tx, 1, plan.GoalsInput{CitizenGoals: "“Jeg vil gå i skole.”", NextFollowUp: day})
	})
	if p := read(); p.CitizenGoals != "“Jeg vil gå i skole.”" || p.NextFollowUp == nil || p.NextFollowUp.Format(time.DateOnly) != "2027-01-05" || p.Version != 2 || p.StartedBy != "Mette Lindhardt" {
		t.Errorf("%+v", p)
	}
	if err := d.do(d.Mette, func(tx *db.Tx) error { return plan.ChangeGoals(t.Context(), tx, 1, plan.GoalsInput{}) }); !errors.Is(err, fault.Stale) {
		t.Errorf("%v", err)
	}
	refused(t, d.do(d.Mette, func(tx *db.Tx) error {
		return plan.ChangeGoals(t.Context(), tx, 2, plan.GoalsInput{CitizenGoals: strings.Repeat("x", 4001)})
	}), "goals", "error.at_most:4000:4001")
	d.must(d.Mette, func(tx *db.Tx) error { return plan.ChangeGoals(t.Context(), tx, 2, plan.GoalsInput{}) })
	if p := read(); p.CitizenGoals != "" || p.NextFollowUp != nil {
		t.Errorf("%+v", p)
	}
}

func TestReaderReadsThePlanAndStrangerFindsNothing(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1, o.Dennis)
	d := desk{o, t, c}
	d.must(o.Mette, func(tx *db.Tx) error { return plan.Start(t.Context(), tx, "") })
	o.Grant(t, c, o.Sara, "consulted")
	school := o.Partner(t, "school", "Åskolen", "Anders Møller")
	s := d.add(d.input("Møde"))
	done := d.add(d.input("Udført møde"))
	d.must(o.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, done.ID, 1) })
	if len(d.steps(o.Sara)) != 2 {
		t.Error("the consulted cannot read")
	}
	ctx := t.Context()
	for name, op := range map[string]func(tx *db.Tx) error{
		"start":    func(tx *db.Tx) error { return plan.Start(ctx, tx, "T1") },
		"goals":    func(tx *db.Tx) error { return plan.ChangeGoals(ctx, tx, 1, plan.GoalsInput{CitizenGoals: "x"}) },
		"add":      func(tx *db.Tx) error { _, err := plan.AddStep(ctx, tx, d.input("Nyt")); return err },
		"change":   func(tx *db.Tx) error { return plan.ChangeStep(ctx, tx, s.ID, 1, d.input("Andet")) },
		"assign":   func(tx *db.Tx) error { return plan.Assign(ctx, tx, s.ID, 1, plan.ByContact(school.ID)) },
		"tick":     func(tx *db.Tx) error { return plan.CompleteStep(ctx, tx, s.ID, 1) },
		"retick":   func(tx *db.Tx) error { return plan.CompleteStep(ctx, tx, done.ID, 1) },
		"undo":     func(tx *db.Tx) error { return plan.UndoStep(ctx, tx, done.ID, 2) },
		"begin":    func(tx *db.Tx) error { return plan.StartStep(ctx, tx, s.ID, 1) },
		"wait":     func(tx *db.Tx) error { return plan.Wait(ctx, tx, s.ID, 1) },
		"postpone": func(tx *db.Tx) error { return plan.Postpone(ctx, tx, s.ID, 1, time.Now().AddDate(0, 1, 0), "Syg") },
		"skip":     func(tx *db.Tx) error { return plan.Skip(ctx, tx, s.ID, 1, "Nej", plan.Unasked) },
		"move":     func(tx *db.Tx) error { return plan.Move(ctx, tx, s.ID, plan.Up) },
		"move to":  func(tx *db.Tx) error { return plan.MoveTo(ctx, tx, s.ID, 1, d.phases()[1].ID) },
	} {
		if err := d.do(o.Sara, op); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s by the consulted: %v", name, err)
		}
		for who, p := range map[string]actor.Actor{"excluded": o.Dennis, "stranger": o.Huseyin, "admin": o.Lone} {
			if err := d.do(p, op); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s by the %s: %v", name, who, err)
			}
		}
	}
	if got := d.step(s.ID); got.Title != "Møde" || got.Status != plan.Open || got.Version != 1 {
		t.Errorf("changed after all: %+v", got)
	}
}

func TestClosedCaseIsNotWritten(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Møde"))
	d.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, d.c.ID)
	if err := d.do(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, 1) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("%v", err)
	}
	if len(d.steps(d.Mette)) != 1 {
		t.Error("not readable")
	}
}
