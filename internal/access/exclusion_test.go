package access

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// The father's cousin is the team's lead, is named on the case, and is its co-worker (AC1, AC2).
func TestExclusionBeatsEverything(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	contents := slices.DeleteFunc(w.tables(t, hasCase+` AND n.nspname = 'app'`), func(table string) bool { return apart[table] != "" })
	c := id("restricted")
	w.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) SELECT $1, $2, k, $2 FROM unnest(ARRAY['lead','coworker']) k`, c, id("team_lead"))
	if got := w.probe(t, "team_lead", "restricted", contents); got != "LRAWNMXS" {
		t.Fatalf("before: %q", got)
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SELECT app.exclude_user($1, $2, 'fætter til faren')`, c, id("team_lead"))
		return err
	})
	if got := w.probe(t, "team_lead", "restricted", contents); got != "" {
		t.Errorf("after the exclusion: %q", got)
	}
	w.as(t, "team_lead", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.case_exclusion`); n != 0 {
			t.Error("the excluded person sees that they are")
		}
		if n := count(t, tx, `SELECT count(*) FROM app.frame() f WHERE $1 = ANY (f.recent_refs)`, ref("restricted")); n != 0 {
			t.Error("the case stands among those that were opened lately")
		}
		return nil
	})
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		for _, sql := range []string{`SELECT app.grant_access($1, $2, 'coworker', NULL, 'x')::int`, `SELECT app.grant_access($1, $2, 'consulted', NULL, 'x')::int`, `SELECT app.hand_over($1, $2, 'x')::int`} {
			if n := count(t, tx, sql, c, id("team_lead")); n != 0 {
				t.Errorf("%s: %d for an excluded person", sql, n)
			}
		}
		return nil
	})
	if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND case_id = $2`, id("team_lead"), c); n != 0 {
		t.Errorf("the excluded person got %d notices about the case", n)
	}
}

// An exclusion is lifted by two persons, neither of them the excluded one.
func TestTwoPersonsLiftAnExclusion(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("restricted")
	lift := func(who string) (answer string) {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT app.lift_exclusion($1, $2, 'ikke i familie')`, c, id("excl_responsible")).Scan(&answer)
		})
		return answer
	}
	for _, who := range []string{"responsible", "responsible"} { // asking twice is not two persons
		if a := lift(who); a != "requested" {
			t.Fatalf("%s: %s", who, a)
		}
	}
	for _, set := range []string{
		`lift_requested_by = '` + id("responsible").String() + `', lifted_by = '` + id("responsible").String() + `'`,
		`lift_requested_by = '` + id("responsible").String() + `', lifted_by = '` + id("excl_responsible").String() + `'`,
		`lift_requested_by = '` + id("excl_responsible").String() + `', lifted_by = '` + id("responsible").String() + `'`,
		`lift_requested_by = NULL, lifted_by = '` + id("responsible").String() + `'`,
	} { // the constraint binds every login
		if err := w.asOwner(t, `UPDATE app.case_exclusion SET lifted_at = now(), `+set+` WHERE user_id = '`+id("excl_responsible").String()+`'`); err == nil {
			t.Errorf("lifted with %s", set)
		}
	}
	if a := lift("team_lead"); a != "lifted" {
		t.Errorf("the second person: %s", a)
	}
	if n := w.Count(t, `SELECT count(*) FROM audit.detail d JOIN audit.event e ON e.id = d.event_id WHERE e.action LIKE 'access.lift%' AND d.detail->>'reason' = 'ikke i familie'`); n != 3 {
		t.Errorf("%d of three reasons stay", n)
	}
	w.as(t, "excl_responsible", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.case_file WHERE id = $1`, c); n != 1 {
			t.Error("the grant is not alive again")
		}
		return nil
	})
	for _, who := range []string{"coworker", "consulted"} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			if _, _, err := try(t, tx, `SELECT app.lift_exclusion($1, $2, 'x')`, c, id("excl_team_lead")); err == nil {
				t.Errorf("%s took part in lifting", who)
			}
			return nil
		})
	}
}

// Who finds out that they know the family takes themselves off the case; nobody else's exclusion is theirs to set.
func TestColleagueExcludesThemselves(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "consulted", "restricted", func(tx pgx.Tx) error {
		if _, _, err := try(t, tx, `SELECT app.exclude_user($1, $2, 'x')`, id("restricted"), id("coworker")); err == nil {
			t.Error("somebody consulted excluded a co-worker")
		}
		_, err := tx.Exec(t.Context(), `SELECT app.exclude_user($1, $2, 'nabo')`, id("restricted"), id("consulted"))
		return err
	})
	w.in(t, "consulted", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.note`); n != 0 {
			t.Error("still reads after excluding themselves")
		}
		return nil
	})
}

// A party to the case who is an employee, or a declared relative of one, excludes that employee without anybody's doing (AC1).
func TestRelativeIsExcludedByItself(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES ($1, $2, 'coworker', $2)`, id("restricted"), id("team_mate"))
	w.Exec(t, `UPDATE auth.user_account SET own_cpr_bidx = sha256('self') WHERE id = $1`, id("coworker"))
	sees := func(who string) (n int) {
		w.as(t, who, func(tx pgx.Tx) error {
			n = count(t, tx, `SELECT count(*) FROM app.case_file WHERE id = $1`, id("restricted"))
			return nil
		})
		return n
	}
	if sees("team_mate") != 1 || sees("coworker") != 1 {
		t.Fatal("fixture")
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO app.person (case_id, name, cpr_bidx) VALUES ($1, 'Fætter', sha256('cousin'))`, id("restricted"))
		return err
	})
	if sees("team_mate") != 0 || sees("coworker") != 1 {
		t.Error("the relative of a new party still sees the case, or the wrong one does not")
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error { // and when the number is written in later
		_, err := tx.Exec(t.Context(), `UPDATE app.person SET cpr_bidx = sha256('self') WHERE case_id = $1 AND NOT is_citizen`, id("restricted"))
		return err
	})
	if sees("coworker") != 0 {
		t.Error("an employee who is a party still sees the case")
	}
}

// Somebody registers a case on the girl's number to see whether there is one already: they learn nothing,
// and the one who is responsible for the other case is told (AC5).
func TestDuplicateTellsTheOtherSide(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	bidx := []byte("01234567890123456789012345678901")
	number := func(who actor.Actor, c testkit.CaseFile, citizen uuid.UUID) error {
		return o.DB.InCase(t.Context(), who, c.At("test"), func(tx *db.Tx) error {
			n, err := db.Exec(t.Context(), tx, `UPDATE app.person SET cpr_bidx = @bidx WHERE id = @id`, db.Args{"bidx": bidx, "id": citizen})
			if n != 1 {
				t.Errorf("%d rows", n)
			}
			return err
		})
	}
	first := o.Case(t, o.Huseyin, 2)
	if err := number(o.Huseyin, first, first.CitizenID); err != nil {
		t.Fatal(err)
	}
	o.Exec(t, `DELETE FROM app.notice`)
	second := o.Case(t, o.Mette, 1)
	if err := number(o.Mette, second, second.CitizenID); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND case_id = $2 AND kind = 'case.duplicate'`, o.Huseyin.UserID, first.ID); n != 1 {
		t.Errorf("the responsible of the first case got %d notices", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1`, o.Mette.UserID); n != 0 {
		t.Errorf("who registers got %d notices", n)
	}
	err := o.DB.InTx(t.Context(), o.Mette, func(tx *db.Tx) error {
		found, err := db.Many[string](t.Context(), tx, `SELECT ref FROM app.find_cases('', '', @bidx)`, db.Args{"bidx": bidx})
		if !slices.Equal(found, []string{second.Ref}) {
			t.Errorf("search by number finds %v", found)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	o.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $2)`, first.ID, o.Huseyin.UserID)
	third := o.Case(t, o.Dennis, 1)
	if err := number(o.Dennis, third, third.CitizenID); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1`, o.Huseyin.UserID); n != 1 {
		t.Errorf("an excluded responsible got a notice about the case: %d", n)
	}
}

// Who may register, for whom, and with whom kept out.
func TestRegisteringACase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Exec(t, `INSERT INTO app.team_member (team_id, user_id) SELECT $1, unnest($2::uuid[])`, o.TeamNorth, []uuid.UUID{o.Sara.UserID, o.Lone.UserID, o.Karen.UserID}) // being in the team is not enough
	create := func(who actor.Actor, team uuid.UUID, responsible actor.Actor, exclude ...uuid.UUID) error {
		return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `SELECT FROM app.create_case(@team, @responsible, 1::smallint, 'x', NULL, @exclude)`, db.Args{"team": team, "responsible": responsible.UserID, "exclude": exclude})
			return err
		})
	}
	for name, c := range map[string]struct {
		err error
		ok  bool
	}{
		"own team":                    {create(o.Mette, o.TeamNorth, o.Mette), true},
		"for a colleague":             {create(o.Mette, o.TeamNorth, o.Dennis, o.Anders.UserID), true},
		"lead for a caseworker":       {create(o.Jonas, o.TeamNorth, o.Mette), true},
		"another team":                {create(o.Mette, o.TeamAdults, o.Huseyin), false},
		"responsible in another team": {create(o.Mette, o.TeamNorth, o.Huseyin), false},
		"excluding oneself":           {create(o.Mette, o.TeamNorth, o.Dennis, o.Mette.UserID), false},
		"excluding the responsible":   {create(o.Mette, o.TeamNorth, o.Dennis, o.Dennis.UserID), false},
		"specialist":                  {create(o.Sara, o.TeamNorth, o.Mette), false},
		"admin":                       {create(o.Lone, o.TeamNorth, o.Mette), false},
		"auditor":                     {create(o.Karen, o.TeamNorth, o.Mette), false},
		"admin as responsible":        {create(o.Mette, o.TeamNorth, o.Lone), false},
	} {
		if c.ok && c.err != nil || !c.ok && !errors.Is(c.err, fault.Forbidden) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_grant WHERE user_id = $1 AND kind = 'coworker'`, o.Mette.UserID); n != 1 {
		t.Errorf("who registers for a colleague has %d grants as co-worker", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_exclusion WHERE user_id = $1 AND source = 'creation'`, o.Anders.UserID); n != 1 {
		t.Errorf("%d exclusions from the question at registering", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'case.assigned' AND to_user IN ($1, $2)`, o.Dennis.UserID, o.Mette.UserID); n != 2 {
		t.Errorf("%d notices to those who were given a case", n)
	}
}
