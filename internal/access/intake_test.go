package access

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// The intake desk gives a case to any team of its area, and takes part for a fortnight to hand it over; nobody else
// makes cases for a team that they are not in.
func TestRegisteringForAnotherTeamIsTheIntakeDesks(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	intake, south := uuid.New(), uuid.New()
	o.Exec(t, `INSERT INTO app.team (id, municipality, area, name, intake) VALUES ($1, 999, 'child', 'Modtagelsen', true), ($2, 999, 'child', 'Syd', false)`, intake, south)
	o.Exec(t, `INSERT INTO app.team_member (team_id, user_id, valid_to) VALUES ($1, $2, NULL), ($1, $3, now() - interval '1 hour'), ($4, $5, NULL)`, intake, o.Huseyin.UserID, o.Anders.UserID, south, o.Dennis.UserID)
	create := func(who actor.Actor, team uuid.UUID, responsible actor.Actor) error {
		return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `SELECT FROM app.create_case(@team, @responsible, 1::smallint, 'x', NULL, '{}')`, db.Args{"team": team, "responsible": responsible.UserID})
			return err
		})
	}
	o.Exec(t, `DELETE FROM app.team_member WHERE team_id = $1 AND user_id = $2`, o.TeamAdults, o.Huseyin.UserID) // works at the children's desk only
	for name, c := range map[string]struct {
		err error
		ok  bool
	}{
		"the desk for a team of its area":         {create(o.Huseyin, o.TeamNorth, o.Mette), true},
		"the desk for the other area":             {create(o.Huseyin, o.TeamAdults, o.Anders), false},
		"who has left the desk":                   {create(o.Anders, o.TeamNorth, o.Mette), false},
		"a caseworker for another team next door": {create(o.Mette, south, o.Dennis), false},
	} {
		if c.ok && c.err != nil || !c.ok && !errors.Is(c.err, fault.Forbidden) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_grant WHERE user_id = $1 AND kind = 'coworker' AND valid_to BETWEEN now() + interval '13 days' AND now() + interval '14 days'`, o.Huseyin.UserID); n != 1 {
		t.Errorf("the desk has %d grants for a fortnight", n)
	}
}

// Whoever works with cases may take a report down, and nobody else; who is named twice among those to be kept out is kept out once.
func TestWhoTakesAReportDown(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	create := func(who actor.Actor, exclude ...uuid.UUID) error {
		return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `SELECT FROM app.create_report('child', 'citizen', now(), '', now() + interval '24 h', NULL, @exclude)`, db.Args{"exclude": exclude})
			return err
		})
	}
	for _, who := range []actor.Actor{o.Mette, o.Sara, o.Jonas} {
		if err := create(who, o.Huseyin.UserID, o.Huseyin.UserID); err != nil {
			t.Errorf("%s: %v", who.Name, err)
		}
	}
	for _, who := range []actor.Actor{o.Lone, o.Karen} {
		if err := create(who); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Name, err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.report_exclusion`); n != 3 {
		t.Errorf("%d exclusions of one person from three reports", n)
	}
}

// An account that is moved to another municipality keeps no report on its list.
func TestWhoMovesToAnotherMunicipalityLeavesTheReports(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	for _, who := range []string{"assigned", "registrar", "reviewer"} {
		lists := func() (n int) {
			w.as(t, who, func(tx pgx.Tx) error { n = count(t, tx, `SELECT count(*) FROM app.report`); return nil })
			return n
		}
		if lists() == 0 {
			t.Fatalf("%s lists nothing", who)
		}
		w.Exec(t, `UPDATE auth.user_account SET municipality = 101 WHERE id = $1`, id(who))
		if n := lists(); n != 0 {
			t.Errorf("%s, who works elsewhere now, lists %d reports", who, n)
		}
	}
}
