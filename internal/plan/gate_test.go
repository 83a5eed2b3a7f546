package plan_test

import (
	"errors"
	"testing"
	"time"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/risk"
)

// locked is the first step of the plan that waits at the gate.
func (d desk) locked() plan.Step {
	d.t.Helper()
	for _, s := range d.steps(d.Mette) {
		if s.RequiresGate && s.Open() {
			return s
		}
	}
	d.t.Fatal("the plan has no step that reaches the family")
	return plan.Step{}
}

// Every operation that could plan, begin or tick contact with the family is refused while the risk is not assessed (R1).
func TestNobodyContactsTheParentsBeforeTheRiskIsAssessed(t *testing.T) {
	d := newDesk(t, "T3")
	s := d.locked()
	if s.DueAt != nil || s.Missing() {
		t.Errorf("a step at the gate: due %v, missing %t", s.DueAt, s.Missing())
	}
	ops := map[string]func(tx *db.Tx) error{
		"ticked":         func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) },
		"begun":          func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, s.ID, s.Version) },
		"with a partner": func(tx *db.Tx) error { return plan.Wait(t.Context(), tx, s.ID, s.Version) },
		"postponed": func(tx *db.Tx) error {
			return plan.Postpone(t.Context(), tx, s.ID, s.Version, time.Now().AddDate(0, 0, 9), "Ferie")
		},
		"given a deadline": func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, d.inputOf(s, true)) },
		"said to be harmless": func(tx *db.Tx) error {
			in := d.inputOf(s, false)
			in.Due = time.Time{}
			return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, in)
		},
		"added": func(tx *db.Tx) error {
			in := d.input("Orientér dem om undersøgelsen")
			in.Reaches = true
			_, err := plan.AddStep(t.Context(), tx, in)
			return err
		},
	}
	for name, op := range ops {
		var bad fault.Invalid
		if err := d.do(d.Mette, op); !errors.As(err, &bad) || bad["gate"]+bad["due"]+bad["reaches"] == "" {
			t.Errorf("%s while the gate is shut: %v", name, err)
		}
	}
	// the lead's own step is no way around it
	d.Exec(t, `UPDATE app.plan_step SET responsible_user = $2 WHERE id = $1`, s.ID, d.Jonas.UserID)
	if err := d.do(d.Jonas, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) }); !risk.At(err) {
		t.Errorf("ticked by the lead: %v", err)
	}
	// leaving it out reaches nobody
	d.must(d.Mette, func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, s.ID, s.Version, "Mor ved det", plan.Unasked) })
	d.must(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, s.ID, s.Version+1) })

	d.Assess(t, d.c, "yellow")
	s = d.step(s.ID) // the signature has released it
	if s.Waits() || s.DueAt == nil || s.DueAt.Before(time.Now()) {
		t.Errorf("unlocked, due %v", s.DueAt)
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) })
}

// inputOf is a step as its form shows it, with another deadline.
func (d desk) inputOf(s plan.Step, reaches bool) plan.StepInput {
	return plan.StepInput{PhaseID: s.PhaseID, Title: s.Title, Detail: s.Detail, PartnerType: s.PartnerType, Responsible: s.Responsible(), Due: time.Now().AddDate(0, 0, 3), Reaches: reaches}
}

func TestATitleThatSoundsLikeTheFamilyIsAskedAbout(t *testing.T) {
	for title, family := range map[string]bool{
		"Ring til mor": true, "Hjemmebesøg fredag": true, "Partshøring": true, "Møde med forældrene": true, "Familiemøde": true, "Brev til farmor": true, "Mors samtykke": true,
		"Møde på skolen i morgen": false, "Formøde": false, "Faglig sparring": false, "Farvel til AKT": false, "Moderniser planen": false, "Ring til politiet": false,
	} {
		if got := plan.SoundsLikeFamily(title); got != family {
			t.Errorf("%s: %t", title, got)
		}
	}
	d := newDesk(t, "")
	add := func(in plan.StepInput) error {
		return d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, in); return err })
	}
	in := d.input("Samtale med barnet uden forældre")
	refused(t, add(in), "title", plan.FamilyInTitle)
	in.Harmless = true
	if err := add(in); err != nil {
		t.Errorf("said to be harmless: %v", err)
	}
	d.Assess(t, d.c, "green")
	if err := add(d.input("Møde med forældrene")); err != nil {
		t.Errorf("when the risk is assessed: %v", err)
	}
}

// A step that turns out to reach the family is taken out of the calendar.
func TestAStepThatReachesTheFamilyAfterAllWaits(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Afklar fredagen"))
	in := d.inputOf(s, true)
	d.must(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, in) })
	if s = d.step(s.ID); s.DueAt != nil || !s.RequiresGate {
		t.Errorf("due %v, at the gate %t", s.DueAt, s.RequiresGate)
	}
}

func TestInAnAdultsCaseThereIsNoGate(t *testing.T) {
	d := newDesk(t, "")
	d.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, d.c.ID)
	in := d.input("Samtale med hendes bror")
	in.Reaches = true
	d.must(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, in); return err })
}
