package team_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/overview"
	"samspil/internal/team"
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

func TestANewTeamGetsItsPeopleAndItsLeadAndBecomesTheDesk(t *testing.T) {
	o, key, id := testkit.NewOffice(t), uuid.New(), uuid.Nil
	steps := []func(ctx context.Context, tx *db.Tx) error{
		func(ctx context.Context, tx *db.Tx) error {
			made, err := team.Add(ctx, tx, key, team.Input{Name: "Nord 2", Area: "child"})
			if id != uuid.Nil && made != id {
				t.Errorf("sent twice it is %s, and was %s", made, id)
			}
			id = made
			return err
		},
		func(ctx context.Context, tx *db.Tx) error { return team.Join(ctx, tx, id, o.Dennis.UserID) },
		func(ctx context.Context, tx *db.Tx) error { return team.Join(ctx, tx, id, o.Jonas.UserID) },
		func(ctx context.Context, tx *db.Tx) error { return team.Lead(ctx, tx, id, o.Jonas.UserID, true) },
		func(ctx context.Context, tx *db.Tx) error {
			return team.Change(ctx, tx, id, 1, team.Input{Name: "Modtagelsen", Area: "adult", Intake: true})
		},
	}
	for i, step := range steps {
		for range 2 { // a double press is one press
			if err := keep(o, t, o.Lone, step); err != nil {
				t.Fatalf("step %d: %v", i+1, err)
			}
		}
	}
	got := read(o, t, o.Lone, func(b *db.Batch) *db.Found[team.Team] { return team.One(b, id) }).Row
	if got.Name != "Modtagelsen" || got.Area != "adult" || !got.Intake || got.Members != 2 || len(got.Leads) != 1 || got.Leads[0] != "Jonas Brandt-Holm" {
		t.Errorf("%+v", got)
	}
	members := read(o, t, o.Lone, func(b *db.Batch) *[]team.Member { return team.Members(b, id) })
	if len(members) != 2 || !members[0].Lead || members[0].ID != o.Jonas.UserID || members[1].MayLead() || members[1].Cases != nil {
		t.Errorf("%+v", members)
	}
	for _, c := range read(o, t, o.Lone, func(b *db.Batch) *[]team.Candidate { return team.Candidates(b, id) }) {
		if c.ID == o.Jonas.UserID || c.ID == o.Lone.UserID || c.ID == o.Karen.UserID {
			t.Errorf("%s is offered", c.Name)
		}
	}
	if err := keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error { return team.Leave(ctx, tx, id, o.Jonas.UserID) }); err != nil {
		t.Fatal(err)
	}
	lines := read(o, t, o.Karen, func(b *db.Batch) *[]overview.Line {
		return overview.Lines(b, overview.LineQuery{Kind: overview.Access})
	})
	if len(lines) != 8 || lines[0].Action != "team.left" || lines[0].Actor != "Lone Friis" || lines[0].About != "Jonas Brandt-Holm, Modtagelsen" || lines[1].About != "Modtagelsen" {
		t.Errorf("the auditor reads %d lines: %+v", len(lines), lines)
	}
}

func add(ctx context.Context, tx *db.Tx, in team.Input) error {
	_, err := team.Add(ctx, tx, uuid.New(), in)
	return err
}

// "Back" after a team was made, and another name under the old key: both are there, and the list shows it.
func TestATeamTypedAfterBackIsATeamOfItsOwn(t *testing.T) {
	o, key := testkit.NewOffice(t), uuid.New()
	ids := map[uuid.UUID]bool{}
	for _, name := range []string{"Nord 2", "Syd 2", "Syd 2", "Nord 2"} {
		if err := keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
			id, err := team.Add(ctx, tx, key, team.Input{Name: name, Area: "child"})
			ids[id] = true
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.team WHERE name IN ('Nord 2', 'Syd 2')`); n != 2 || len(ids) != 2 {
		t.Errorf("%d teams, %d told of", n, len(ids))
	}
}

func TestWhatCannotBeIsRefusedBesideItsField(t *testing.T) {
	o := testkit.NewOffice(t)
	o.Case(t, o.Mette, 1)
	for name, c := range map[string]struct {
		field, key string
		try        func(ctx context.Context, tx *db.Tx) error
	}{
		"no name": {"name", "team.error.name", func(ctx context.Context, tx *db.Tx) error {
			return add(ctx, tx, team.Input{Area: "child"})
		}},
		"a long name": {"name", "error.at_most:80:81", func(ctx context.Context, tx *db.Tx) error { // it says how much too long
			return add(ctx, tx, team.Input{Name: strings.Repeat("å", 81), Area: "child"})
		}},
		"no area": {"area", "team.error.area", func(ctx context.Context, tx *db.Tx) error {
			return add(ctx, tx, team.Input{Name: "x", Area: "both"})
		}},
		"the name of another": {"name", "team.error.taken", func(ctx context.Context, tx *db.Tx) error {
			return add(ctx, tx, team.Input{Name: "børn og unge NORD", Area: "child"})
		}},
		"the area of a team with cases": {"area", "team.error.used", func(ctx context.Context, tx *db.Tx) error {
			return team.Change(ctx, tx, o.TeamNorth, 1, team.Input{Name: "Nord", Area: "adult"})
		}},
		"the auditor": {"user", "team.error.unfit", func(ctx context.Context, tx *db.Tx) error { return team.Join(ctx, tx, o.TeamNorth, o.Karen.UserID) }},
		"a caseworker as lead": {"user", "team.error.unfit", func(ctx context.Context, tx *db.Tx) error {
			return team.Lead(ctx, tx, o.TeamNorth, o.Mette.UserID, true)
		}},
	} {
		var bad fault.Invalid
		if err := keep(o, t, o.Lone, c.try); !errors.As(err, &bad) || bad[c.field] != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		want error
		try  func(ctx context.Context, tx *db.Tx) error
	}{
		"an older version": {fault.Stale, func(ctx context.Context, tx *db.Tx) error {
			return team.Change(ctx, tx, o.TeamNorth, 7, team.Input{Name: "Nord", Area: "child"})
		}},
		"no such team": {fault.NotFound, func(ctx context.Context, tx *db.Tx) error { return team.Join(ctx, tx, uuid.New(), o.Mette.UserID) }},
		"somebody outside": {fault.NotFound, func(ctx context.Context, tx *db.Tx) error {
			return team.Lead(ctx, tx, o.TeamNorth, o.Anders.UserID, true)
		}},
		"the admin": {fault.Forbidden, func(ctx context.Context, tx *db.Tx) error { return team.Join(ctx, tx, o.TeamNorth, o.Lone.UserID) }},
	} {
		if err := keep(o, t, o.Lone, c.try); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := keep(o, t, o.Jonas, func(ctx context.Context, tx *db.Tx) error { return team.Join(ctx, tx, o.TeamNorth, o.Anders.UserID) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a lead puts somebody into the team: %v", err)
	}
}

// Two admins take a desk each away at the same moment: one of them is refused.
func TestOfTwoAdminsTheSecondKeepsTheLastDesk(t *testing.T) {
	o := testkit.NewOffice(t)
	o.Exec(t, `UPDATE app.team SET intake = true, area = 'child'`)
	o.Exec(t, `INSERT INTO app.report (ref, number, municipality, area, source, received_at, assess_by, registered_by) VALUES ('uaaaaaaa', 'U-1', 999, 'child', 'police', now(), now() + interval '24 hours', $1)`, o.Mette.UserID)
	off := func(id uuid.UUID, name string) error {
		return keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error {
			return team.Change(ctx, tx, id, 1, team.Input{Name: name, Area: "child"})
		})
	}
	answers := make(chan error, 2)
	go func() { answers <- off(o.TeamNorth, "Børn og Unge Nord") }()
	go func() { answers <- off(o.TeamAdults, "Voksne") }()
	refused := 0
	for range 2 {
		var bad fault.Invalid
		if err := <-answers; errors.As(err, &bad) && bad["intake"] == "team.error.last_desk" {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.team WHERE intake`); refused != 1 || n != 1 {
		t.Errorf("%d refused, %d desks left", refused, n)
	}
}
