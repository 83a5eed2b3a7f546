package access

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// A relative may register a case on the girl's number and wait: when somebody who has kept them out registers
// the real one, or seals it, nobody tells them.
func TestABaitLearnsNothingOfTheRealCase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	bidx := []byte("01234567890123456789012345678901")
	number := func(who actor.Actor, c testkit.CaseFile) {
		t.Helper()
		err := o.DB.InCase(t.Context(), who, c.At("test"), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE app.person SET cpr_bidx = @bidx WHERE id = @id`, db.Args{"bidx": bidx, "id": c.CitizenID})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	bait := o.Case(t, o.Dennis, 1)
	number(o.Dennis, bait)
	told := func() int {
		return o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1`, o.Dennis.UserID)
	}
	number(o.Mette, o.Case(t, o.Mette, 1, o.Dennis))
	if told() != 0 {
		t.Error("who is kept out of the new case is told that there is one")
	}
	number(o.Mette, o.Case(t, o.Mette, 2))
	if told() != 0 {
		t.Error("a sealed case shows to somebody who is not named on it")
	}
	number(o.Mette, o.Case(t, o.Mette, 1))
	if told() != 1 {
		t.Error("an ordinary duplicate is not told any more")
	}
}

// The trail's own words are the database's: nobody writes that a colleague looked at a number, or that access was given.
func TestNobodyWritesTheDatabasesOwnLines(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		for _, action := range []string{"case.open", "case.denied", "rate.blocked", "search", "sign_in", "cpr.reveal", "fact.reveal", "case.create", "case.hand_over", "case.close",
			"case.reopen", "case.unseal_requested", "access.grant", "access.revoke", "access.exclude", "access.lift_requested", "access.lifted",
			"report.create", "report.assign", "report.receipt", "report.join", "reassessment.chosen", "reassessment.done", "gate.open", "check_in.ok", "check_in.alarmed", "check_in.closed", "check_in.cancelled", "prompt.raised"} {
			for _, c := range []any{id("restricted"), nil} {
				if _, _, err := try(t, tx, `SELECT audit.record($1, $2, NULL, NULL)`, action, c); !strings.HasPrefix(says(err), "42501") {
					t.Errorf("%s in %v: %q", action, c, says(err))
				}
			}
		}
		if _, _, err := try(t, tx, `SELECT audit.record('step.done', $1, NULL, NULL)`, id("restricted")); err != nil {
			t.Errorf("a change leaves no line: %v", err)
		}
		return errBack
	})
}

// Who is asked for advice adds notes, and the events of notes: nothing else happens in their name.
func TestAdviceChangesNothingElse(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	args := pgx.NamedArgs{"case": id("restricted"), "me": id("consulted"), "note": id("restricted note"), "person": id("restricted person")}
	w.in(t, "consulted", "restricted", func(tx pgx.Tx) error {
		for sql, ok := range map[string]bool{
			`INSERT INTO app.case_event (case_id, actor, kind) VALUES (@case, @me, 'note.written')`:                                                                            true,
			`INSERT INTO app.case_event (case_id, actor, kind) VALUES (@case, @me, 'note.corrected')`:                                                                          true,
			`INSERT INTO app.case_event (case_id, actor, kind) VALUES (@case, @me, 'severity.changed')`:                                                                        false,
			`INSERT INTO app.case_event (case_id, actor, kind) VALUES (@case, @me, 'case.closed')`:                                                                             false,
			`INSERT INTO app.involvement (case_id, organisation_id, responsible_for, origin, added_by) SELECT @case, o.id, 'x', 'ad_hoc', @me FROM app.organisation o LIMIT 1`: false,
		} {
			if _, _, err := try(t, tx, sql, args); ok != (err == nil) || !ok && !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %q", sql, says(err))
			}
		}
		return errBack
	})
}

// Who changed something is who wrote it; and a step that a colleague has done stays theirs when its words change.
func TestNothingIsDoneInAColleaguesName(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	args := pgx.NamedArgs{"case": id("restricted"), "me": id("coworker"), "other": id("responsible"), "step": id("restricted step"), "note": id("restricted note"),
		"person": id("restricted person")}
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		for _, c := range []struct {
			sql string
			ok  bool
		}{
			{`UPDATE app.case_profile SET changed_by = @other`, false},
			{`UPDATE app.safe_contact SET changed_by = @other`, false},
			{`UPDATE app.plan_step SET status = 'done', done_at = now(), done_by = @other WHERE id = @step`, false},
			{`UPDATE app.case_profile SET changed_by = @me`, true},
			{`UPDATE app.safe_contact SET changed_by = @me`, true},
			{`UPDATE app.plan_step SET status = 'done', done_at = now(), done_by = @me WHERE id = @step`, true},
			{`UPDATE app.plan_step SET status = 'open', done_at = NULL, done_by = NULL WHERE id = @step`, true},
		} {
			_, n, err := try(t, tx, c.sql, args)
			if c.ok && (err != nil || n != 1) || !c.ok && !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %d rows, %q", c.sql, n, says(err))
			}
		}
		return errBack
	})
	w.as(t, "admin", func(tx pgx.Tx) error {
		for _, sql := range []string{`UPDATE app.contact_person SET verified_on = current_date, verified_by = @other`,
			`INSERT INTO app.photo (large, small, added_by) VALUES ('\x00', '\x00', @other)`} {
			if _, n, err := try(t, tx, sql, args); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %d rows, %q", sql, n, says(err))
			}
		}
		return errBack
	})
}

// Who has left the team gets no new case in it, and somebody named twice among those to be kept out is kept out once:
// else the exclusion could not be lifted.
func TestRegisteringForTheRightPeople(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Exec(t, `UPDATE app.team_member SET valid_to = now() - interval '1 day' WHERE user_id = $1`, o.Dennis.UserID)
	create := func(responsible actor.Actor, exclude ...uuid.UUID) error {
		return o.DB.InTx(t.Context(), o.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `SELECT FROM app.create_case(@team, @responsible, 1::smallint, 'x', NULL, @exclude)`,
				db.Args{"team": o.TeamNorth, "responsible": responsible.UserID, "exclude": exclude})
			return err
		})
	}
	if err := create(o.Dennis); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a case for somebody who has left: %v", err)
	}
	if err := create(o.Mette, o.Huseyin.UserID, o.Huseyin.UserID); err != nil {
		t.Error(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_exclusion`); n != 1 {
		t.Errorf("%d exclusions of one person", n)
	}
}
