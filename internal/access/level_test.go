package access

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// One person seals; two take the seal off.
func TestTwoPersonsUnseal(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("sealed")
	w.Exec(t, `DELETE FROM app.unseal_request`) // of the fixture
	level := func(who string, to int) (answer string) {
		w.in(t, who, "sealed", func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT app.set_confidentiality($1, $2::int::smallint, 'trusler')`, c, to).Scan(&answer)
		})
		return answer
	}
	is := func() int { return w.Count(t, `SELECT confidentiality::int FROM app.case_file WHERE id = $1`, c) }
	for range 2 { // asking twice is not two persons
		if a := level("responsible", 1); a != "requested" || is() != 2 {
			t.Fatalf("one person: %s, level %d", a, is())
		}
	}
	if a := level("lead_named", 0); a != "requested" || is() != 2 {
		t.Errorf("the second person agreed to something else than was asked: %s, level %d", a, is())
	}
	if a := level("lead_named", 1); a != "done" || is() != 1 {
		t.Errorf("the second person: %s, level %d", a, is())
	}
	if n := w.Count(t, `SELECT confidentiality::int FROM app.plan_step WHERE case_id = $1`, c); n != 1 {
		t.Error("the level did not reach the rows that lists ask for")
	}
	if a := level("responsible", 2); a != "done" || is() != 2 {
		t.Errorf("sealing again: %s, level %d", a, is())
	}
	if a := level("responsible", 1); a != "requested" {
		t.Errorf("an old agreement served twice: %s", a)
	}
	if err := w.asOwner(t, `UPDATE app.unseal_request SET approved_by = requested_by, approved_at = now()`); err == nil {
		t.Error("the constraint lets one person do both")
	}
	for _, who := range []string{"coworker", "consulted", "team_lead"} {
		w.in(t, who, "sealed", func(tx pgx.Tx) error {
			if _, _, err := try(t, tx, `SELECT app.set_confidentiality($1, 0::smallint, 'x')`, c); err == nil {
				t.Errorf("%s changes the level", who)
			}
			return nil
		})
	}
}

// A lead who is not named seals a case of the team, and has then shut the door behind them.
func TestUnnamedLeadSealsAndLosesTheCase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "team_lead", "restricted", func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SELECT app.set_confidentiality($1, 2::smallint, 'x')`, id("restricted"))
		return err
	})
	w.as(t, "team_lead", func(tx pgx.Tx) error {
		for _, table := range []string{"app.case_file WHERE id", "app.citizen_label WHERE case_id", "app.plan_step WHERE case_id"} {
			if n := count(t, tx, `SELECT count(*) FROM `+table+` = $1`, id("restricted")); n != 0 {
				t.Errorf("%s: %d rows", table, n)
			}
		}
		return nil
	})
}

// Access is given with an end where it must have one, and only by those who may give it.
func TestGivingAccess(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("restricted")
	give := func(tx pgx.Tx, who, kind string, to any) error {
		_, _, err := try(t, tx, `SELECT app.grant_access($1, $2, $3, $4, 'x')`, c, id(who), kind, to)
		return err
	}
	ends := func() time.Duration {
		var left time.Duration
		w.Scan(t, []any{&left}, `SELECT valid_to - now() FROM app.case_grant WHERE case_id = $1 AND user_id = $2 AND revoked_at IS NULL`, c, id("newcomer"))
		return left
	}
	year := time.Now().AddDate(1, 0, 0)
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error { return give(tx, "newcomer", "consulted", year) })
	if left := ends(); left > 14*24*time.Hour || left < 13*24*time.Hour {
		t.Errorf("a co-worker gave advice-access for %s", left)
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error { return give(tx, "newcomer", "consulted", year) })
	if left := ends(); left > 60*24*time.Hour || left < 59*24*time.Hour {
		t.Errorf("advice-access for %s", left)
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error { return give(tx, "newcomer", "consulted", nil) })
	if left := ends(); left > 14*24*time.Hour || left < 13*24*time.Hour {
		t.Errorf("advice-access without an end ends after %s", left)
	}
	if err := w.asOwner(t, `UPDATE app.case_grant SET valid_to = NULL WHERE kind = 'consulted'`); err == nil {
		t.Error("the constraint lets advice-access have no end")
	}
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		for _, kind := range []string{"coworker", "lead", "responsible"} {
			if err := give(tx, "newcomer", kind, nil); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("a co-worker gave %q: %v", kind, err)
			}
		}
		if err := give(tx, "lead_named", "consulted", nil); err != nil {
			t.Error(err)
		}
		return nil
	})
	if n := w.Count(t, `SELECT count(*) FROM app.case_grant WHERE case_id = $1 AND user_id = $2 AND kind = 'lead' AND revoked_at IS NULL`, c, id("lead_named")); n != 1 {
		t.Error("a co-worker turned the named lead into somebody consulted")
	}
	w.in(t, "consulted", "restricted", func(tx pgx.Tx) error {
		if err := give(tx, "newcomer", "consulted", nil); err == nil {
			t.Error("somebody consulted gave access")
		}
		return nil
	})
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		for _, who := range []string{"admin", "auditor", "inactive", "foreign"} {
			if n := count(t, tx, `SELECT app.grant_access($1, $2, 'coworker', NULL, 'x')::int`, c, id(who)); n != 0 {
				t.Errorf("access given to %s", who)
			}
		}
		for _, who := range []string{"specialist", "admin", "inactive", "foreign", "excl_responsible"} {
			if n := count(t, tx, `SELECT app.hand_over($1, $2, 'x')::int`, c, id(who)); n != 0 {
				t.Errorf("handed over to %s", who)
			}
		}
		if err := give(tx, "coworker", "responsible", nil); err == nil {
			t.Error("a second responsible")
		}
		return nil
	})
	if err := w.asOwner(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES ('`+c.String()+`', '`+id("coworker").String()+`', 'responsible', '`+id("coworker").String()+`')`); err == nil {
		t.Error("the index lets a case have two responsibles")
	}
}

// Who may see a case is decided by its responsible and its leads, and by nobody else who works on it.
func TestOnlyManagersManage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, name := range []string{"restricted", "closed restricted"} {
		for _, who := range []string{"coworker", "consulted", "specialist_granted"} {
			w.in(t, who, name, func(tx pgx.Tx) error {
				for _, sql := range []string{
					`SELECT app.revoke_access($1, $2, 'x')`, `SELECT app.hand_over($1, $2, 'x')`, `SELECT app.exclude_user($1, $2, 'x')`, `SELECT app.lift_exclusion($1, $2, 'x')`,
					`SELECT app.set_confidentiality($1, 2::smallint, $2::text)`, `SELECT app.close_case($1, 'x', $2::text)`, `SELECT app.reopen_case($1, $2::text)`,
					`SELECT app.grant_access($1, $2, 'coworker', NULL, 'x')`,
				} {
					if _, _, err := try(t, tx, sql, id(name), id("newcomer")); !strings.HasPrefix(says(err), "42501") {
						t.Errorf("%s, %s case: %s: %v", who, name, sql, err)
					}
				}
				return errBack
			})
		}
	}
}

// Handing over moves the whole case: the old responsible is out, the new one in, and both are told.
func TestHandingOver(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("sealed")
	w.in(t, "lead_named", "sealed", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT app.hand_over($1, $2, 'barsel')::int`, c, id("newcomer")); n != 1 {
			t.Error("refused")
		}
		return nil
	})
	for who, want := range map[string]int{"responsible": 0, "newcomer": 1} {
		w.as(t, who, func(tx pgx.Tx) error {
			if n := count(t, tx, `SELECT count(*) FROM app.case_file WHERE id = $1`, c); n != want {
				t.Errorf("%s sees %d", who, n)
			}
			return nil
		})
	}
	if n := w.Count(t, `SELECT count(*) FROM app.case_file f JOIN app.case_grant g ON g.case_id = f.id AND g.kind = 'responsible' AND g.revoked_at IS NULL AND g.user_id = f.responsible_id WHERE f.id = $1`, c); n != 1 {
		t.Error("the header and the grant name different people")
	}
	if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE case_id = $1 AND (to_user = $2 AND kind = 'case.assigned' OR to_user = $3 AND kind = 'case.handed_over')`, c, id("newcomer"), id("responsible")); n != 2 {
		t.Errorf("%d of two were told", n)
	}
}

// What is written in somebody's name was written by them, and stays where it was written.
func TestSmallPrint(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c, me, other := id("restricted"), id("coworker"), id("responsible")
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		for _, sql := range []string{
			`INSERT INTO app.note (case_id, kind, body, author, family) VALUES (@case, 'call', 'x', @other, 'no')`,
			`INSERT INTO app.case_event (case_id, actor, kind) VALUES (@case, @other, 'x')`,
			`INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by) VALUES (@case, @phase, 2, 'x', @other)`,
			`INSERT INTO app.protected_fact (case_id, person_id, kind, ciphertext, set_by) VALUES (@case, @person, 'school', '\x00', @other)`,
			`INSERT INTO app.involvement (case_id, organisation_id, responsible_for, origin, added_by) SELECT @case, o.id, 'x', 'ad_hoc', @other FROM app.organisation o LIMIT 1`,
			`INSERT INTO app.severity_choice (case_id, level, reason, set_by) VALUES (@case, 'red', 'x', @other)`,
			`INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by) VALUES (@case, 'z', 'x', @other)`,
			`INSERT INTO app.draft (case_id, user_id, form, fields) VALUES (@case, @other, 'x', '{}')`,
			`UPDATE app.draft SET fields = '{}' WHERE user_id = @other`,
			`SELECT * FROM app.draft WHERE user_id = @other`,
			`DELETE FROM app.draft WHERE user_id = @other`,
			`DELETE FROM app.plan`,
			`DELETE FROM app.note`,
			`UPDATE app.note SET body = 'x'`,
			`UPDATE app.case_file SET confidentiality = 0`,
			`UPDATE app.case_file SET team_id = @adults`,
			`UPDATE app.case_file SET municipality = 101`,
			`UPDATE app.case_file SET responsible_id = @me`,
			`UPDATE app.case_file SET status = 'closed'`,
			`UPDATE app.case_file SET ref = 'xxxxxxxx'`,
			`UPDATE app.plan_step SET case_id = @elsewhere`,
			`UPDATE app.plan_step SET confidentiality = 0`,
			`UPDATE app.citizen_label SET team_id = @adults`,
			`SELECT ciphertext FROM app.protected_fact`,
			`SELECT cpr_enc FROM app.person`,
			`SELECT cpr_bidx FROM app.person`,
			`UPDATE app.person SET note = 'x' WHERE cpr_bidx IS NOT NULL`,
		} {
			rows, n, err := try(t, tx, sql, pgx.NamedArgs{"case": c, "me": me, "other": other, "phase": id("restricted phase"), "person": id("restricted person"),
				"adults": w.TeamAdults, "elsewhere": id("normal")})
			if !strings.HasPrefix(says(err), "42501") && (err != nil || n != 0 || rows != "") {
				t.Errorf("%s: %d rows, %v", sql, n, err)
			}
		}
		return errBack
	})
	w.as(t, "responsible", func(tx pgx.Tx) error { // another's notices are not mine to read
		_, err := tx.Exec(t.Context(), `SELECT app.read_notices()`)
		return err
	})
	if n := w.Count(t, `SELECT count(*) FROM app.notice WHERE read_at IS NULL AND to_user = $1`, id("responsible")); n != 0 {
		t.Errorf("%d of my notices are unread after reading them", n)
	}
}

// A closed case is read, and opened again by those who manage it; the same transaction may then write.
func TestClosingAndReopening(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("restricted")
	for _, who := range []string{"coworker", "consulted"} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			if _, _, err := try(t, tx, `SELECT app.close_case($1, 'x', 'x')`, c); err == nil {
				t.Errorf("%s closed the case", who)
			}
			return nil
		})
	}
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SELECT app.close_case($1, 'moved', 'flyttet')`, c)
		return err
	})
	write := `UPDATE app.case_profile SET situation = 'x' WHERE case_id = $1`
	w.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		if _, n, _ := try(t, tx, write, c); n != 0 {
			t.Error("wrote in a closed case")
		}
		if _, err := tx.Exec(t.Context(), `SELECT app.reopen_case($1, 'tilbage')`, c); err != nil {
			return err
		}
		if _, n, err := try(t, tx, write, c); n != 1 {
			t.Errorf("cannot write after reopening: %v", err)
		}
		return nil
	})
	if n := w.Count(t, `SELECT count(*) FROM app.case_closing WHERE case_id = $1 AND reason_code = 'moved' AND reopen_reason = 'tilbage' AND reopened_by IS NOT NULL`, c); n != 1 {
		t.Error("why it was closed and opened is not kept")
	}
}
