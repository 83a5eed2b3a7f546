package plan_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/template"
)

// publish makes the next version of a template of Lone's, as change has it.
func (d desk) publish(t *testing.T, code string, change func(x *reference.Template)) {
	t.Helper()
	var list *[]template.Version
	if _, err := d.DB.Read(t.Context(), d.Mette, func(b *db.Batch) { list = template.InUse(b, "") }); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(*list, func(v template.Version) bool { return v.Code == code })
	x, faults := template.Parse(template.Export((*list)[i].Content)) // a copy
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	change(&x)
	err := d.DB.InTx(t.Context(), d.Lone, func(tx *db.Tx) error {
		if _, _, faults, err := template.Import(t.Context(), tx, template.Export(x)); err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		_, err := template.Publish(t.Context(), tx, code, 1, "Fordi")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d desk) news(t *testing.T) (n *plan.TemplateNews) {
	t.Helper()
	d.must(d.Mette, func(tx *db.Tx) error { return tx.Read(t.Context(), func(b *db.Batch) { n = plan.AskTemplateNews(b) }) })
	return n
}

func (d desk) adopt(t *testing.T, label string, keys ...string) error {
	t.Helper()
	return d.do(d.Mette, func(tx *db.Tx) error { return plan.Adopt(t.Context(), tx, label, keys) })
}

func (d desk) planNow(t *testing.T) plan.Plan {
	t.Helper()
	var p *db.Found[plan.Plan]
	d.must(d.Mette, func(tx *db.Tx) error { return tx.Read(t.Context(), func(b *db.Batch) { p = plan.Get(b) }) })
	return p.Row
}

func (d desk) stepFrom(t *testing.T, code string) plan.Step {
	t.Helper()
	for _, s := range d.steps(d.Mette) {
		if s.TemplateStep == code {
			return s
		}
	}
	return plan.Step{}
}

// A case keeps the version it started from. What is new is offered, taken up step by step, and nothing is taken away.
func TestAPlanTakesUpOfANewTemplateWhatItsPeopleChoose(t *testing.T) {
	d := newDesk(t, "T3")
	if _, ok := d.news(t).Newest(); ok {
		t.Fatal("something is offered at once")
	}
	begun := d.stepFrom(t, "T3.1.2")
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, begun.ID, begun.Version) })
	d.publish(t, "T3", func(x *reference.Template) {
		p := x.Phases[0].Steps
		p[0].TitleDA, p[0].Due = "Screening med tegn, hos to kolleger", &reference.Offset{Offset: 1, Unit: "days"}
		p[1].TitleDA = "Noget andet end det begyndte"
		p[3].TitleEN = "Only in English"
		x.Phases[0].Steps = append(p, reference.Step{Code: "T3.snew1", TitleDA: "Ring til klubben", TitleEN: "Call the club", Role: "caseworker_child", PartnerTypes: []string{"school"}, Due: &reference.Offset{Offset: 3, Unit: "days"}},
			reference.Step{Code: "T3.snew2", TitleDA: "Skriv til klubben", TitleEN: "Write to the club", Role: "caseworker_child"})
		x.Phases[3].Steps = x.Phases[3].Steps[:len(x.Phases[3].Steps)-1]
	})
	if p := d.planNow(t); p.TemplateVersion != reference.Version() || p.NewTemplate != "1" || p.TemplateAsked || p.Template.DA != "Barn/ung: løbende negativ social kontrol" {
		t.Errorf("the plan says %+v", p)
	}
	list := d.news(t).List()
	kinds := map[string]string{}
	for _, x := range list {
		kinds[x.Code] = string(x.Kind) + " " + x.Why
	}
	gone := reference.Templates("child")[2].Phases[3].Steps
	last := gone[len(gone)-1].Code
	if len(list) != 5 || kinds["T3.1.1"] != "changed " || kinds["T3.1.2"] != "changed adopt.begun" || kinds["T3.snew1"] != "added " || kinds["T3.snew2"] != "added " || kinds[last] != "removed " {
		t.Fatalf("offered: %v", kinds)
	}
	key := func(code string) string {
		for _, x := range list {
			if x.Code == code {
				return x.Key()
			}
		}
		return code
	}
	for _, bad := range []string{key("T3.1.2"), key(last), "T9.9@0", "T3.1.1@77"} {
		if err := d.adopt(t, "1", bad); !errors.Is(err, fault.Stale) {
			t.Errorf("%s is taken up: %v", bad, err)
		}
	}
	for range 2 { // pressed twice
		if err := d.adopt(t, "1", key("T3.1.1"), key("T3.snew1")); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE template_step = 'T3.snew1'`); n != 1 {
		t.Errorf("the new step stands there %d times", n)
	}
	first, added := d.stepFrom(t, "T3.1.1"), d.stepFrom(t, "T3.snew1")
	if first.Title != "Screening med tegn, hos to kolleger" || first.Due().IsZero() || added.PartnerType != "school" || added.Due().IsZero() || added.Missing() {
		t.Errorf("%+v\n%+v", first, added)
	}
	if d.stepFrom(t, "T3.1.2").Title != begun.Title || d.stepFrom(t, last).ID == uuid.Nil || d.stepFrom(t, "T3.snew2").ID != uuid.Nil {
		t.Error("more was done than was chosen")
	}
	if p := d.planNow(t); p.TemplateVersion != reference.Version() || !p.TemplateAsked {
		t.Errorf("afterwards the plan says %+v", p)
	}
	if d.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'plan.template_adopted' AND data->>'added' = '1' AND data->>'changed' = '1'`) != 1 {
		t.Error("the timeline does not say so")
	}
	// the next version is asked about anew, and of the first one only what was not taken up
	d.publish(t, "T3", func(x *reference.Template) { x.Phases[1].DA = "Plan og mål" })
	if p := d.planNow(t); p.NewTemplate != "2" || p.TemplateAsked {
		t.Errorf("the plan says %+v", p)
	}
	var codes []string
	for _, x := range d.news(t).List() {
		codes = append(codes, x.Code)
	}
	if !slices.Equal(codes, []string{"T3.1.2", "T3.snew2", last}) {
		t.Errorf("offered again: %v", codes)
	}
	if err := d.adopt(t, "1"); !errors.Is(err, fault.Stale) {
		t.Errorf("an answer to a version that is not the newest: %v", err)
	}
	if err := d.adopt(t, "2"); err != nil {
		t.Fatal(err)
	}
	if p := d.planNow(t); !p.TemplateAsked || d.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'plan.template_kept'`) != 1 {
		t.Error("declining is not remembered")
	}
}

// What the office has written itself stays, whatever the template says now.
func TestTheTemplateDoesNotWriteOverTheOfficesOwnWords(t *testing.T) {
	d := newDesk(t, "T3")
	d.Exec(t, `UPDATE app.plan_step SET title = 'Screening sammen med Bodil', due_event = '', due_at = due_at + interval '1 day', version = version + 1 WHERE template_step = 'T3.1.1'`)
	d.publish(t, "T3", func(x *reference.Template) {
		s := &x.Phases[0].Steps[0]
		s.TitleDA, s.PurposeDA, s.Due = "Screening", "Tegn, der ses", &reference.Offset{Offset: 9, Unit: "days"}
	})
	before := d.stepFrom(t, "T3.1.1")
	list := d.news(t).List()
	if len(list) != 1 || list[0].Why != "" || !slices.Equal(list[0].Kept, []string{"title_da", "due"}) {
		t.Fatalf("%+v", list)
	}
	if err := d.adopt(t, "1", list[0].Key()); err != nil {
		t.Fatal(err)
	}
	after := d.stepFrom(t, "T3.1.1")
	if after.Title != before.Title || !after.Due().Equal(before.Due()) || after.Detail != "Tegn, der ses" {
		t.Errorf("%+v", after)
	}
}

// R1: a step that reaches the family comes into the plan without a time while the risk is not assessed, and gets it when it is.
func TestANewStepThatReachesTheFamilyWaitsAtTheGate(t *testing.T) {
	d := newDesk(t, "T3")
	d.publish(t, "T3", func(x *reference.Template) {
		x.Phases[1].Steps = append(x.Phases[1].Steps, reference.Step{Code: "T3.sfamily", TitleDA: "Møde med forældrene", TitleEN: "Meet the parents", Role: "caseworker_child", RequiresGate: template.Gate,
			Due: &reference.Offset{Offset: 2, Unit: "days"}})
	})
	if err := d.adopt(t, "1", "T3.sfamily@0"); err != nil {
		t.Fatal(err)
	}
	if s := d.stepFrom(t, "T3.sfamily"); !s.RequiresGate || s.DueAt != nil {
		t.Errorf("%+v", s)
	}
	// whoever writes the row cannot leave it out
	d.must(d.Mette, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `INSERT INTO app.plan_step (case_id, phase_id, position, title, template_step, origin, created_by) SELECT case_id, phase_id, 99, 'x', 'T3.sfamily', 'from_plan', created_by FROM app.plan_step WHERE template_step = 'T3.sfamily'`, db.Args{})
		return err
	})
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE template_step = 'T3.sfamily' AND requires_gate`); n != 2 {
		t.Errorf("%d of 2 wait", n)
	}
	d.Assess(t, d.c, "yellow")
	d.must(d.Mette, func(tx *db.Tx) error { _, err := plan.Unlock(t.Context(), tx); return err })
	if s := d.stepFrom(t, "T3.sfamily"); s.DueAt == nil {
		t.Error("it has no time after the assessment")
	}
}
