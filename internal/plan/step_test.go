package plan_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
)

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
	for title, key := range map[string]string{"": "plan.error.title", "   ": "plan.error.title", strings.Repeat("å", 201): "error.at_most:200:201"} {
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
	refused(t, postpone(next, strings.Repeat("x", 4001)), "reason", "error.at_most:4000:4001")
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
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, s.ID, s.Version, why, plan.Unasked) })
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
		"skip":   func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, s.ID, 1, "Nej", plan.Unasked) },
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

func TestStepOfAnotherCaseIsNotFound(t *testing.T) {
	d := newDesk(t, "")
	s := d.add(d.input("Møde"))
	other := desk{d.Office, t, d.Case(t, d.Mette, 1)}
	if err := other.do(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, 1) }); !errors.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}
