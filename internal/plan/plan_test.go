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

func TestStepKeepsEverythingWritten(t *testing.T) {
	d := newDesk(t, "")
	d.Grant(t, d.c, d.Dennis, "coworker")
	due := time.Date(2027, 3, 4, 9, 5, 0, 0, i18n.Zone)
	in := plan.StepInput{Title: "  Aftal møde  ", Detail: "Først ringe,\nså skrive", PhaseID: d.phases()[2].ID, PartnerType: "school", Responsible: plan.ByUser(d.Dennis.UserID), Due: due, DueHasTime: true, Origin: "from_trigger"}
	s := d.add(in)
	if s.Title != "Aftal møde" || s.Detail != in.Detail || s.PhaseID != in.PhaseID || s.PartnerType != "school" || s.Responsible() != in.Responsible || !s.DueAt.Equal(due) || !s.DueHasTime || s.Origin != "from_trigger" || s.Version != 1 {
		t.Errorf("added %+v", s)
	}
	in2 := plan.StepInput{Title: "Hold møde", Detail: "Kun to", PhaseID: d.phases()[3].ID, PartnerType: "ppr", Responsible: plan.ByUser(d.Mette.UserID), Due: due}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, in2) })
	s = d.step(s.ID)
	if s.Title != in2.Title || s.Detail != in2.Detail || s.PhaseID != in2.PhaseID || s.PartnerType != "ppr" || s.Responsible() != in2.Responsible || !s.DueAt.Equal(plan.EndOfDay(due)) || s.DueHasTime || s.Version != 2 {
		t.Errorf("changed %+v", s)
	}
	in2.Due, in2.PartnerType, in2.Detail = time.Time{}, "", ""
	d.must(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, in2) })
	if s = d.step(s.ID); s.DueAt != nil || s.PartnerType != "" || s.Detail != "" {
		t.Errorf("emptied %+v", s)
	}
	n := len(d.events())
	d.must(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, in2) })
	if len(d.events()) != n || d.step(s.ID).Version != s.Version {
		t.Error("saving without a change is a change")
	}
}

func TestTitlesOfAllKinds(t *testing.T) {
	d := newDesk(t, "")
	for _, title := range []string{strings.Repeat("å", 200), "🧭 Find vej 👩‍👧", "التحدث مع المدرسة", "a", "<b>fed</b> & \"citat\""} {
		if s := d.add(d.input(title)); s.Title != title {
			t.Errorf("%q became %q", title, s.Title)
		}
	}
	for title, key := range map[string]string{"": "plan.error.title", "   ": "plan.error.title", strings.Repeat("å", 201): "error.too_long"} {
		refused(t, d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, d.input(title)); return err }), "title", key)
	}
}

func TestNameInTitleIsAskedAboutOnce(t *testing.T) {
	d := newDesk(t, "")
	in := d.input("Ring til Amiras lærer")
	try := func() error {
		return d.do(d.Mette, func(tx *db.Tx) error { _, err := plan.AddStep(t.Context(), tx, in); return err })
	}
	refused(t, try(), "title", plan.NameInTitle)
	in.NamesOK = true
	if err := try(); err != nil {
		t.Fatal(err)
	}
	// once kept, other changes are not held up by it
	s := d.steps(d.Mette)[0]
	in.NamesOK, in.Detail = false, "på fredag"
	d.must(d.Mette, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, s.Version, in) })
}

func TestNamesAreFoundAsWords(t *testing.T) {
	names := []string{"Amira Saleh", "Yasmin S.", "Åse-Marie Østergård", "Bo"}
	for title, want := range map[string]string{
		"Tal med Amira": "amira", "AMIRA: pas": "amira", "Salehs pas": "salehs", "Hent Åse i skolen": "åse", "Bo i telefonen": "bo",
		"Amiral på besøg": "", "Ring til skolen": "", "Borgeren skal bo trygt": "bo", "S-tog": "",
	} {
		if got := plan.NamedIn(title, names); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestTickAndUndo(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Aftal sikker kontakt"))
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, s.ID, 1) })
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, 2) })
	if s = d.step(s.ID); s.Status != plan.Done || s.DoneAt == nil || s.Open() {
		t.Errorf("%+v", s)
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, 2) }) // the button pressed twice
	if got := strings.Count(strings.Join(d.events(), " "), "step.done"); got != 1 {
		t.Errorf("ticked %d times", got)
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, s.ID, 3) })
	if s = d.step(s.ID); s.Status != plan.InProgress || s.DoneAt != nil || d.last() != "step.undone" {
		t.Errorf("%+v: it was in progress before the tick", s)
	}
	if err := d.do(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, s.ID, 3) }); !errors.Is(err, fault.Stale) {
		t.Errorf("undone twice: %v", err)
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.Wait(t.Context(), tx, s.ID, 4) })
	if s = d.step(s.ID); s.Status != plan.Waiting {
		t.Errorf("%+v", s)
	}
}

func TestPostponingAndSkippingAskWhy(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Børnesamtale"))
	postpone := func(to time.Time, why string) error {
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.Postpone(t.Context(), tx, s.ID, s.Version, to, why) })
	}
	next := time.Now().AddDate(0, 0, 14)
	refused(t, postpone(next, " \n"), "reason", "error.reason")
	refused(t, postpone(next, strings.Repeat("x", 4001)), "reason", "error.too_long")
	refused(t, postpone(time.Time{}, "Syg"), "due", "plan.error.due")
	refused(t, postpone(time.Now().AddDate(0, 0, -1), "Syg"), "due", "error.date_past")
	refused(t, postpone(time.Now().AddDate(0, 0, 3), "Syg"), "due", "plan.error.due_later")
	if err := postpone(next, "Skolen har lukket"); err != nil {
		t.Fatal(err)
	}
	if s = d.step(s.ID); s.PostponeReason != "Skolen har lukket" || s.PostponedTimes != 1 || i18n.Days(*s.DueAt, time.Now()) != 14 || d.last() != "step.postponed" {
		t.Errorf("%+v", s)
	}
	skip := func(why string) error {
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, s.ID, s.Version, why) })
	}
	refused(t, skip("  "), "reason", "error.reason")
	if err := skip("Borgeren ønsker det ikke"); err != nil {
		t.Fatal(err)
	}
	if s = d.step(s.ID); s.Status != plan.Skipped || s.SkipReason != "Borgeren ønsker det ikke" || d.last() != "step.skipped" {
		t.Errorf("%+v", s)
	}
	if err := d.do(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) }); !errors.Is(err, fault.Stale) {
		t.Errorf("ticked a step that was left out: %v", err)
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.UndoStep(t.Context(), tx, s.ID, s.Version) })
	if s = d.step(s.ID); s.Status != plan.Open {
		t.Errorf("taken up again: %+v", s)
	}
	// reasons are for the people of the case: the list of events never holds them
	if d.Count(t, `SELECT count(*) FROM app.case_event WHERE data::text LIKE '%ønsker%' OR data::text LIKE '%lukket%'`) > 0 {
		t.Error("a reason stands in an event")
	}
}

func TestStepsAreMovedAmongTheOpenOnes(t *testing.T) {
	d := newDesk(t, "")
	first := d.phases()[0].ID
	ids := map[string]uuid.UUID{}
	for _, title := range []string{"a", "b", "c", "d"} {
		in := d.input(title)
		in.PhaseID = first
		ids[title] = d.add(in).ID
	}
	order := func() string {
		var s string
		for _, x := range d.steps(d.Mette) {
			s += x.Title
		}
		return s
	}
	move := func(title string, way plan.Direction, want string) {
		t.Helper()
		d.must(d.Mette, func(tx *db.Tx) error { return plan.Move(t.Context(), tx, ids[title], way) })
		if got := order(); got != want {
			t.Errorf("%s moved %d: %s, want %s", title, way, got, want)
		}
	}
	move("c", plan.Up, "acbd")
	move("a", plan.Up, "acbd")
	move("d", plan.Down, "acbd")
	d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, ids["c"], 1) })
	move("b", plan.Up, "bacd") // over the done one, which the list folds away
	move("b", plan.Down, "abcd")
	d.must(d.Mette, func(tx *db.Tx) error { return plan.MoveTo(t.Context(), tx, ids["a"], 1, d.phases()[1].ID) })
	if order() != "bcda" || d.step(ids["a"]).Phase != "Afklare" {
		t.Error(order())
	}
	refused(t, d.do(d.Mette, func(tx *db.Tx) error { return plan.MoveTo(t.Context(), tx, ids["a"], 2, uuid.New()) }), "phase", "plan.error.phase")
}

func TestTwoEditorsOverwriteNothing(t *testing.T) {
	d := newDesk(t, "")
	d.Grant(t, d.c, d.Dennis, "coworker")
	s := d.add(d.input("Møde"))
	in := d.input("Møde på skolen")
	d.must(d.Dennis, func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, 1, in) })
	for name, op := range map[string]func(tx *db.Tx) error{
		"change": func(tx *db.Tx) error { return plan.ChangeStep(t.Context(), tx, s.ID, 1, d.input("Møde i dag")) },
		"tick":   func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, 1) },
		"postpone": func(tx *db.Tx) error {
			return plan.Postpone(t.Context(), tx, s.ID, 1, time.Now().AddDate(0, 1, 0), "Syg")
		},
		"skip":   func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, s.ID, 1, "Nej") },
		"assign": func(tx *db.Tx) error { return plan.Assign(t.Context(), tx, s.ID, 1, plan.ByUser(d.Dennis.UserID)) },
		"start":  func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, s.ID, 1) },
	} {
		if err := d.do(d.Mette, op); !errors.Is(err, fault.Stale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := d.step(s.ID); got.Title != "Møde på skolen" || got.Version != 2 {
		t.Errorf("%+v", got)
	}
}

func TestFormSentTwiceIsOneStep(t *testing.T) {
	d := newDesk(t, "")
	in := d.input("Ring til skolen")
	in.Key = uuid.New()
	a, b := d.add(in), d.add(in)
	if a.ID != b.ID || len(d.steps(d.Mette)) != 1 || strings.Count(strings.Join(d.events(), " "), "step.added") != 1 {
		t.Error("two steps")
	}
	in.Title = "Ring til klubben" // typed after "Back": another step, not a lost one
	if c := d.add(in); c.ID == a.ID || len(d.steps(d.Mette)) != 2 {
		t.Error("lost a step")
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
	}), "goals", "error.too_long")
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
		"skip":     func(tx *db.Tx) error { return plan.Skip(ctx, tx, s.ID, 1, "Nej") },
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

func TestStepOfAnotherCaseIsNotFound(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Møde"))
	other := desk{d.Office, t, d.Case(t, d.Mette, 1)}
	if err := other.do(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, 1) }); !errors.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
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
