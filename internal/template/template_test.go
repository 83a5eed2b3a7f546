package template_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/internal/testkit"
)

func keep(o *testkit.Office, t *testing.T, who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func read[T any](o *testkit.Office, t *testing.T, who actor.Actor, ask func(b *db.Batch) *T) T {
	t.Helper()
	var got *T
	if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { got = ask(b) }); err != nil {
		t.Fatal(err)
	}
	return *got
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func draft(o *testkit.Office, t *testing.T, code string) template.Draft {
	t.Helper()
	return read(o, t, o.Lone, func(b *db.Batch) *db.Found[template.Draft] { return template.GetDraft(b, code) }).Row
}

func find(t *testing.T, list []template.Version, code string) template.Version {
	t.Helper()
	for _, v := range list {
		if v.Code == code {
			return v
		}
	}
	t.Fatalf("no template %s among %d", code, len(list))
	return template.Version{}
}

func TestEveryTemplateOfTheHouseIsSound(t *testing.T) {
	for _, x := range reference.Templates("") {
		if faults := template.Check(x); len(faults) > 0 {
			t.Errorf("%s: %v", x.Code, faults)
		}
	}
}

// The municipality begins with the program's proposal; what Lone publishes stands on top, and stays as it was published.
func TestLonePublishesAndWhatWasPublishedIsNeverChanged(t *testing.T) {
	o := testkit.NewOffice(t)
	inUse := func() template.Version {
		return find(t, read(o, t, o.Mette, func(b *db.Batch) *[]template.Version { return template.InUse(b, "child") }), "T2")
	}
	house := inUse()
	if !house.House || house.Label != reference.Version() || house.Content.Steps() != len(steps(reference.Templates("child")[1])) {
		t.Fatalf("begins with %+v", house)
	}
	step := house.Content.Phases[0].Steps[0]
	changed := step
	changed.TitleDA, changed.Due = "Afklar rejsedato og billetter", &reference.Offset{Offset: 2, Unit: "hours"}
	write := func(in reference.Step, mark string) error {
		return keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
			return template.SetStep(ctx, tx, "T2", house.Content.Phases[0].Code, mark, uuid.New(), in)
		})
	}
	mark := template.StepMark(house.Content.Phases[0].Code, step)
	for range 2 { // pressed twice
		must(t, write(changed, mark))
	}
	if d := draft(o, t, "T2"); d.Version != 1 || d.Content.Phases[0].Steps[0].TitleDA != changed.TitleDA {
		t.Fatalf("the draft is %+v", d)
	}
	other := step
	other.TitleDA = "Noget andet"
	if err := write(other, mark); !errors.Is(err, fault.Stale) {
		t.Errorf("the second of two in one step: %v", err)
	}
	if got := inUse(); got.Label != house.Label {
		t.Error("a draft is in use")
	}
	publish := func(version int, words string) (n int, err error) {
		err = keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
			n, err = template.Publish(ctx, tx, "T2", version, words)
			return err
		})
		return n, err
	}
	var bad fault.Invalid
	if _, err := publish(1, ""); !errors.As(err, &bad) || bad["words"] == "" {
		t.Errorf("published without a word: %v", err)
	}
	if _, err := publish(7, "x"); !errors.Is(err, fault.Stale) {
		t.Errorf("published unseen: %v", err)
	}
	if n, err := publish(1, "Politiet bad om to timer"); err != nil || n != 1 {
		t.Fatalf("publishing: %d, %v", n, err)
	}
	own := inUse()
	if own.House || own.Label != "1" || own.PublishedBy != "Lone Friis" || own.Content.Phases[0].Steps[0].Due.Offset != 2 {
		t.Errorf("in use is %+v", own)
	}
	if o.Count(t, `SELECT count(*) FROM audit.event WHERE action IN ('template.drafted', 'template.published') AND object IN ('T2', 'T2:1') AND actor = $1`, o.Lone.UserID) != 2 {
		t.Error("the trail does not say so")
	}
	diff := template.Compare(house.Content, own.Content)
	if len(diff) != 1 || diff[0].Kind != template.Changed || !slices.Equal(diff[0].Fields, []string{"title_da", "due"}) {
		t.Errorf("the two differ in %+v", diff)
	}
	err := o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE app.plan_template_version SET words = 'x' WHERE code = 'T2'`, db.Args{})
		return err
	})
	if err == nil {
		t.Error("an admin changes a published version")
	}
}

func steps(t reference.Template) []reference.Step {
	var list []reference.Step
	for _, p := range t.Phases {
		list = append(list, p.Steps...)
	}
	return list
}

// Whoever is no admin keeps no template, and an admin of no other municipality's.
func TestOnlyAnAdminWritesTemplates(t *testing.T) {
	o := testkit.NewOffice(t)
	s := reference.Templates("child")[0].Phases[0].Steps[0]
	s.TitleDA = "x"
	for _, who := range []actor.Actor{o.Mette, o.Jonas, o.Karen} {
		for name, fn := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"step": func(ctx context.Context, tx *db.Tx) error {
				return template.SetStep(ctx, tx, "T1", "T1.1", "", uuid.New(), s)
			},
			"phase": func(ctx context.Context, tx *db.Tx) error {
				return template.SetPhase(ctx, tx, "T1", "", "", uuid.New(), "x", "x")
			},
			"retire": func(ctx context.Context, tx *db.Tx) error { return template.Retire(ctx, tx, "T1", true) },
			"arrange": func(ctx context.Context, tx *db.Tx) error {
				return template.Arrange(ctx, tx, "T1", "T1.1", template.Down, 0)
			},
			"draft": func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) VALUES (999, 'T1', '{"code": "T1"}', @me)`, db.Args{"me": tx.Actor.UserID})
				return err
			},
			"retired": func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO app.plan_template_retired (municipality, code, retired_by) VALUES (999, 'T1', @me)`, db.Args{"me": tx.Actor.UserID})
				return err
			},
			"publish": func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `SELECT app.publish_template('T1', 1, 'x')`, db.Args{})
				return err
			},
			"version": func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO app.plan_template_version (municipality, code, no, label, content, words, published_by) VALUES (999, 'T1', 1, '1', '{"code": "T1"}', 'x', @me)`, db.Args{"me": tx.Actor.UserID})
				return err
			},
		} {
			if err := keep(o, t, who, fn); err == nil {
				t.Errorf("%s does: %s", who.Name, name)
			}
		}
	}
	if o.Count(t, `SELECT count(*) FROM app.plan_template_draft`)+o.Count(t, `SELECT count(*) FROM app.plan_template_retired`) > 0 {
		t.Error("something was written")
	}
}

// R1: what the program's template keeps behind the risk assessment stays there, in the program and in the database.
func TestTheGateIsNotTakenOffAStep(t *testing.T) {
	o := testkit.NewOffice(t)
	var gated reference.Step
	var of reference.Template
	var phase string
	for _, x := range reference.Templates("child") {
		for _, p := range x.Phases {
			for _, s := range p.Steps {
				if s.RequiresGate != "" {
					of, phase, gated = x, p.Code, s
				}
			}
		}
	}
	open := gated
	open.RequiresGate = ""
	err := keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
		return template.SetStep(ctx, tx, of.Code, phase, template.StepMark(phase, gated), uuid.New(), open)
	})
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad["requires_gate"] != "template.error.gate_stays" {
		t.Errorf("the form takes it off: %v", err)
	}
	doc := bytes.Replace(template.Export(of), []byte(`"requires_gate": "GATE_RISK"`), []byte(`"requires_gate": ""`), 1)
	if _, faults := template.Parse(doc); len(faults) != 1 || !strings.HasSuffix(faults[0].Place, ".requires_gate") {
		t.Errorf("a document takes it off: %v", faults)
	}
	o.Exec(t, `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) SELECT 999, v.code, replace(v.content::text, '"requires_gate": "GATE_RISK"', '"requires_gate": ""')::jsonb, $2 FROM app.plan_template_version v WHERE v.code = $1`,
		of.Code, o.Lone.UserID)
	err = keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `SELECT app.publish_template(@code, 1, 'x')`, db.Args{"code": of.Code})
		return err
	})
	if !db.Violates(err, "template_gate_stays") {
		t.Errorf("the database takes it off: %v", err)
	}
}

func TestStepsAndPhasesAreMovedAndTakenOut(t *testing.T) {
	o := testkit.NewOffice(t)
	arrange := func(code, what string, version int) error {
		return keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
			return template.Arrange(ctx, tx, "T3", code, what, version)
		})
	}
	was := reference.Templates("child")[2]
	first, last := was.Phases[0].Steps[0].Code, was.Phases[0].Steps[len(was.Phases[0].Steps)-1].Code
	must(t, arrange(first, template.Up, 0)) // it stands first: nothing to do, and no draft
	if draft(o, t, "T3").Version != 0 {
		t.Error("a draft of nothing")
	}
	must(t, arrange(first, template.Down, 0))
	if d := draft(o, t, "T3").Content; d.Phases[0].Steps[1].Code != first {
		t.Errorf("%s did not move", first)
	}
	if err := arrange(first, template.Down, 0); !errors.Is(err, fault.Stale) {
		t.Errorf("pressed twice: %v", err)
	}
	must(t, arrange(last, template.Down, 1)) // into the next phase
	must(t, arrange("T3.2", template.Up, 2))
	if d := draft(o, t, "T3").Content; d.Phases[0].Code != "T3.2" || d.Phases[0].Steps[0].Code != last {
		t.Errorf("%s stands in %s", last, d.Phases[0].Code)
	}
	if diff := template.Compare(was, draft(o, t, "T3").Content); len(diff) > 6 {
		t.Errorf("%d differences", len(diff))
	}
	must(t, arrange("T3.2", template.Remove, 3)) // has steps: stays
	must(t, arrange(last, template.Remove, 3))
	d := draft(o, t, "T3")
	if _, ok := template.StepOf(d.Content, last); ok || len(d.Content.Phases) != len(was.Phases) {
		t.Error("taken out wrongly")
	}
	must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error { return template.Discard(ctx, tx, "T3", d.Version) }))
	if draft(o, t, "T3").Version != 0 {
		t.Error("the draft is still there")
	}
}

func TestATemplateOfTheMunicipalitysOwnAndOneThatIsRetired(t *testing.T) {
	o, key := testkit.NewOffice(t), uuid.New()
	in := template.AboutInput{DA: "Vores egen", EN: "Our own", Area: "child", Level: "yellow"}
	var code string
	for range 2 {
		must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) (err error) {
			code, err = template.Add(ctx, tx, key, in)
			return err
		}))
	}
	if n := o.Count(t, `SELECT count(*) FROM app.plan_template_draft`); n != 1 {
		t.Fatalf("%d drafts", n)
	}
	if _, err := publish(o, t, code, 1); err == nil {
		t.Error("a template without a step is published")
	}
	s := reference.Step{TitleDA: "Tal med klubben", TitleEN: "Talk to the club", Role: "coordinator", PartnerTypes: []string{"school"}, Certainty: "local"}
	must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
		return template.SetStep(ctx, tx, code, code+".p1", "", uuid.New(), s)
	}))
	if n, err := publish(o, t, code, 2); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	codes := func() []string {
		var list []string
		for _, v := range read(o, t, o.Mette, func(b *db.Batch) *[]template.Version { return template.InUse(b, "child") }) {
			list = append(list, v.Code)
		}
		return list
	}
	if got := codes(); !slices.Equal(got, []string{"T1", "T2", "T3", code}) {
		t.Errorf("in use: %v", got)
	}
	for _, code := range []string{code, "T1"} {
		must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error { return template.Retire(ctx, tx, code, true) }))
	}
	if got := codes(); !slices.Equal(got, []string{"T2", "T3"}) {
		t.Errorf("after retiring: %v", got)
	}
	must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error { return template.Retire(ctx, tx, "T1", false) }))
	if got := codes(); !slices.Equal(got, []string{"T1", "T2", "T3"}) {
		t.Errorf("taken back: %v", got)
	}
}

func publish(o *testkit.Office, t *testing.T, code string, version int) (n int, err error) {
	err = keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
		n, err = template.Publish(ctx, tx, code, version, "Fordi")
		return err
	})
	return n, err
}
