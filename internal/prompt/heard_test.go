package prompt_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/prompt"
	"samspil/internal/reference"
	"samspil/internal/testkit"
)

func TestAnAddressThatChangesPromptsAndTheFirstOneDoesNot(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	add := func(kind string) (id uuid.UUID) {
		t.Helper()
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
			id = uuid.New()
			_, err = db.Exec(ctx, tx, `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES (@id, @case, @person, @kind, '\x00', @me)`,
				db.Args{"id": id, "case": c.ID, "person": c.CitizenID, "kind": kind, "me": o.Mette.UserID})
			return err
		}))
		return id
	}
	old := add("address")
	add("phone")
	add("phone")
	want(t, "the first address, and telephones", rules(t, o, c))
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE app.protected_fact SET retired_at = now() WHERE id = @id`, db.Args{"id": old})
		return err
	}))
	want(t, "the old one is gone", rules(t, o, c), "address_change")
	add("address")
	want(t, "and there is a new one: one move", rules(t, o, c), "address_change")
}

func TestWhatSomebodyHearsOfIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	e := prompt.Event{Key: uuid.New(), Rule: prompt.BrokenStay, HappenedOn: time.Now().AddDate(0, 0, -1), Note: "Krisecentret ringede."}
	for range 2 {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := prompt.Tell(ctx, tx, e); return err }))
	}
	list := open(t, o, c)
	if len(list) != 1 || list[0].RaisedBy != "Mette Lindhardt" || list[0].Note != e.Note || list[0].HappenedOn == nil || list[0].Trigger().Law == "" {
		t.Errorf("%+v", list)
	}
	must(t, in(t, o, c, o.Jonas, func(ctx context.Context, tx *db.Tx) error { // the lead hears of it too
		return raised(ctx, tx, newReport, "report 1")
	}))
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		return raised(ctx, tx, newReport, "report 1")
	}))
	want(t, "raised twice", rules(t, o, c), "broken_stay Mette Lindhardt", "new_report Jonas Brandt-Holm")
	if err := in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		return raised(ctx, tx, "no_such_rule", "1")
	}); err == nil {
		t.Error("an event that is not in the data was taken")
	}
	o.Grant(t, c, o.Sara, "consulted")
	for name, who := range map[string]actor.Actor{"asked for advice": o.Sara, "stranger": o.Huseyin} {
		err := in(t, o, c, who, func(ctx context.Context, tx *db.Tx) error { _, err := prompt.Tell(ctx, tx, e); return err })
		if !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, change := range map[string]func(*prompt.Event){
		"rule": func(e *prompt.Event) { e.Rule = newReport }, "happened_on": func(e *prompt.Event) { e.HappenedOn = time.Now().AddDate(0, 0, 2) },
		"note": func(e *prompt.Event) { e.Note = strings.Repeat("😀", prompt.MaxText+1) },
	} {
		wrong := e
		change(&wrong)
		var bad fault.Invalid
		if !errors.As(wrong.Validate(time.Now()), &bad) || bad[field] == "" || len(bad) != 1 {
			t.Errorf("%s: %v", field, bad)
		}
	}
}

func TestWhatSomebodyHearsOfIsInTheData(t *testing.T) {
	for _, code := range append([]string{newReport}, prompt.ByHand...) {
		if _, ok := reference.EventTriggerByCode(code); !ok {
			t.Errorf("%s is not in the data", code)
		}
	}
}

func TestASecondEventToldAfterBackIsAnEventOfItsOwn(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	first := prompt.Event{Key: uuid.New(), Rule: prompt.BrokenStay, HappenedOn: time.Now().AddDate(0, 0, -1), Note: "Krisecentret ringede."}
	second := first
	second.Note = "Skolen har set hende ved porten."
	for _, e := range []prompt.Event{first, second, second, first} {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := prompt.Tell(ctx, tx, e); return err }))
	}
	if list := open(t, o, c); len(list) != 2 || list[0].Note != second.Note || list[1].Note != first.Note {
		t.Errorf("%+v", list)
	}
}
