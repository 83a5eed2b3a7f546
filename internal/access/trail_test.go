package access

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/timeline"

	"github.com/google/uuid"
)

// Content is shown only on a line of the trail that a crash or a rollback cannot take back (R11).
func TestNoContentWithoutDurableAuditRow(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := id("restricted")
	notes := func(tx pgx.Tx) int { return count(t, tx, `SELECT count(*) FROM app.note`) }
	use := func(tx pgx.Tx) int { return count(t, tx, `SELECT app.use_case($1)`, c) }
	opens := func() int {
		return w.Count(t, `SELECT count(*) FROM audit.event WHERE actor = $1 AND action = 'case.open' AND case_id = $2`, id("coworker"), c)
	}

	w.as(t, "coworker", func(tx pgx.Tx) error {
		if use(tx) != 0 || notes(tx) != 0 {
			t.Error("content without opening")
		}
		return nil
	})
	w.as(t, "coworker", func(tx pgx.Tx) error { // one transaction, which could be rolled back and take the line with it
		if err := w.open(t, tx, ref("restricted")); err != nil {
			return err
		}
		if use(tx) != 0 || notes(tx) != 0 {
			t.Error("content on a line that is not committed")
		}
		return errBack
	})
	w.as(t, "coworker", func(tx pgx.Tx) error { // the same by a savepoint: the line then bears a subtransaction's xmin
		inner, err := tx.Begin(t.Context())
		if err != nil {
			return err
		}
		if err := w.open(t, inner, ref("restricted")); err != nil {
			return err
		}
		if err := inner.Commit(t.Context()); err != nil {
			return err
		}
		if use(tx) != 0 || notes(tx) != 0 {
			t.Error("content on a line written in a savepoint of the same transaction")
		}
		return errBack
	})
	if n := opens(); n != 0 {
		t.Errorf("%d lines remain of openings that were rolled back", n)
	}
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		if notes(tx) == 0 {
			t.Error("no content after a committed opening")
		}
		return errBack // the line stays
	})
	if n := opens(); n != 1 {
		t.Errorf("%d lines after one opening", n)
	}
	w.as(t, "consulted", func(tx pgx.Tx) error { // somebody else's opening is not mine
		if use(tx) != 0 {
			t.Error("used a case on a colleague's opening")
		}
		return nil
	})
	w.Exec(t, `UPDATE app.case_grant SET revoked_at = now() WHERE user_id = $1`, id("coworker"))
	w.as(t, "coworker", func(tx pgx.Tx) error { // lost between opening and using: the second look decides
		if use(tx) != 0 || notes(tx) != 0 {
			t.Error("content after the access was taken away")
		}
		return nil
	})
	w.Exec(t, `UPDATE app.case_grant SET revoked_at = NULL WHERE user_id = $1`, id("coworker"))
	w.Exec(t, `SET session_replication_role = replica`)
	w.Exec(t, `UPDATE audit.event SET at = at - interval '11 min' WHERE actor = $1`, id("coworker"))
	w.Exec(t, `SET session_replication_role = origin`)
	w.as(t, "coworker", func(tx pgx.Tx) error {
		if use(tx) != 0 {
			t.Error("used a case on an opening of eleven minutes ago")
		}
		return nil
	})
}

// Refusals leave a line, the same for what is hidden and what does not exist.
func TestRefusalIsLogged(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for i, r := range []string{ref("sealed"), nowhereRef} {
		w.as(t, "team_mate", func(tx pgx.Tx) error { return w.open(t, tx, r) })
		if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE actor = $1 AND action = 'case.denied'`, id("team_mate")); n != i+1 {
			t.Errorf("%d lines after %d refusals", n, i+1)
		}
	}
}

// The purpose that a citizen may be told follows from the part one has in the case.
func TestOpeningSaysWhy(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for who, want := range map[string]string{"responsible": "task:test", "coworker": "task:test", "consulted": "consultation:test", "team_lead": "lead_review:test", "lead_named": "lead_review:test"} {
		w.in(t, who, "restricted", func(pgx.Tx) error { return nil })
		var got string
		w.Scan(t, []any{&got}, `SELECT object FROM audit.event WHERE actor = $1 AND action = 'case.open'`, id(who))
		if got != want {
			t.Errorf("%s opens for %q, want %q", who, got, want)
		}
	}
}

// Revealing a protected fact or a CPR number, and searching, leave a line each (R11, R12).
func TestRevealingAndSearchingLeaveALine(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SELECT app.reveal_fact($1, $2, 'contact'), app.reveal_cpr($1, $3), (SELECT count(*) FROM app.find_cases('', 'amira', NULL)), (SELECT count(*) FROM app.find_candidates('amira', NULL, NULL))`,
			id("restricted"), id("restricted fact"), id("restricted person"))
		return err
	})
	for action, want := range map[string]int{"fact.reveal": 1, "cpr.reveal": 1, "search": 2} {
		if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE actor = $1 AND action = $2`, id("coworker"), action); n != want {
			t.Errorf("%d lines of %s", n, action)
		}
	}
	if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE object LIKE '%amira%'`); n != 0 {
		t.Error("the word that was searched for stands where it cannot be erased")
	}
}

// Nobody works on 120 cases in an hour.
func TestRoundOfManyCasesIsStopped(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.Exec(t, `INSERT INTO audit.event (stream, seq, at, actor, action, case_id, detail_hash, prev_hash, hash)
		SELECT 'case:' || n, 1, now(), $1, 'case.open', gen_random_uuid(), '\x', '\x', '\x' FROM generate_series(1, 120) n`, id("coworker"))
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		if n := count(t, tx, `SELECT count(*) FROM app.note`); n != 0 {
			t.Error("the 121st case of the hour was opened")
		}
		return nil
	})
	if n := w.Count(t, `SELECT count(*) FROM audit.event WHERE actor = $1 AND action = 'rate.blocked'`, id("coworker")); n != 1 {
		t.Errorf("%d lines about it", n)
	}
}

// Who may see who looked: the case's responsible and leads in their opened case, and the auditor.
func TestWhoReadsTheTrail(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "coworker", "sealed", func(pgx.Tx) error { return nil })
	lines := func(tx pgx.Tx) int {
		return count(t, tx, `SELECT count(*) FROM audit.event WHERE case_id = $1`, id("sealed"))
	}
	for who, want := range map[string]bool{"auditor": true, "excl_auditor": false, "responsible": false, "team_lead": false, "admin": false, "coworker": false} {
		w.as(t, who, func(tx pgx.Tx) error {
			if n := lines(tx); n > 0 != want {
				t.Errorf("%s sees %d lines", who, n)
			}
			return nil
		})
	}
	w.in(t, "coworker", "sealed", func(tx pgx.Tx) error {
		if n := lines(tx); n > 0 {
			t.Errorf("a co-worker sees %d lines of who looked", n)
		}
		return nil
	})
	w.as(t, "auditor", func(tx pgx.Tx) error {
		for _, sql := range []string{`SELECT count(*) FROM app.case_file`, `SELECT count(*) FROM app.note`, `SELECT count(*) FROM audit.detail`} {
			if n := count(t, tx, sql); n > 0 {
				t.Errorf("the auditor gets %d from %s", n, sql)
			}
		}
		return nil
	})
}

// audit.record is for changes: it cannot fake an opening, nor write in a case that is not open.
func TestRecordCannotInventOpenings(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		for _, sql := range []string{
			`SELECT audit.record('case.open', '` + id("restricted").String() + `', NULL, NULL)`,
			`SELECT audit.record('case.denied', NULL, NULL, NULL)`,
			`SELECT audit.record('x', '` + id("normal").String() + `', NULL, NULL)`,
		} {
			if _, _, err := try(t, tx, sql); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %q", sql, says(err))
			}
		}
		return nil
	})
	w.as(t, "nobody", func(tx pgx.Tx) error {
		if _, _, err := try(t, tx, `SELECT audit.record('x', NULL, NULL, NULL)`); err == nil {
			t.Error("nobody wrote a line")
		}
		return nil
	})
}

// The chain is whole after ordinary work, and shows what its owner does to it afterwards. What a chain
// alone cannot show (rewriting all of it, cutting off its end) is for the witness, in its own issue.
func TestAuditChain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.Case(t, w.Mette, 1)
	w.Grant(t, c, w.Dennis, "coworker")
	for _, who := range []actor.Actor{w.Mette, w.Dennis, w.Huseyin} { // the last in vain
		_ = w.DB.InCase(t.Context(), who, c.At("test"), func(tx *db.Tx) error {
			if _, err := tx.Tx.Exec(t.Context(), `SELECT app.grant_access($1, $2, 'consulted', NULL, 'sparring æøå')`, c.ID, w.Sara.UserID); err != nil {
				return err
			}
			return timeline.Record(t.Context(), tx, timeline.CaseChanged, uuid.Nil, nil)
		})
	}
	w.Exec(t, `DELETE FROM audit.head WHERE stream = 'user:x'`) // of the fixture
	auditor := login(t, w.Office, "samspil_audit")
	problems := func() []string {
		rows, _ := auditor.Query(t.Context(), `SELECT stream || ' ' || seq || ': ' || problem FROM audit.verify()`)
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if p := problems(); len(p) > 0 {
		t.Fatalf("after ordinary work: %v", p)
	}
	if n := w.Count(t, `SELECT count(*) FROM audit.event`); n < 8 {
		t.Fatalf("only %d lines to tamper with", n)
	}
	stream, line := "case:"+c.ID.String(), fmt.Sprintf(`(SELECT id FROM audit.event WHERE stream = 'case:%s' ORDER BY seq LIMIT 1 OFFSET 1)`, c.ID)
	for _, sql := range []string{`UPDATE audit.event SET actor = NULL`, `DELETE FROM audit.event`, `TRUNCATE audit.event CASCADE`} {
		if err := w.asOwner(t, sql); err == nil {
			t.Errorf("the owner did: %s", sql)
		}
	}
	for name, sql := range map[string]string{
		"another name":                   `UPDATE audit.event SET actor = gen_random_uuid() WHERE id = ` + line,
		"another time":                   `UPDATE audit.event SET at = at - interval '1 day' WHERE id = ` + line,
		"another purpose":                `UPDATE audit.event SET object = 'task:x' WHERE id = ` + line,
		"another name, hash made to fit": `UPDATE audit.event SET actor = NULL, hash = audit._hash(stream, seq, at, NULL, action, case_id, object, detail_hash, prev_hash) WHERE id = ` + line,
		"a line taken out":               `DELETE FROM audit.event WHERE id = ` + line,
		"the last line cut off":          `DELETE FROM audit.event WHERE id = (SELECT max(id) FROM audit.event WHERE stream = '` + stream + `')`,
		"the head set back":              `UPDATE audit.head SET seq = seq - 1 WHERE stream = '` + stream + `'`,
		"the head taken away":            `DELETE FROM audit.head WHERE stream = '` + stream + `'`,
		"a reason changed":               `UPDATE audit.detail SET detail = '{"reason": "x"}' WHERE event_id = (SELECT max(event_id) FROM audit.detail)`,
		"a line put between":             `INSERT INTO audit.event (stream, seq, at, action, detail_hash, prev_hash, hash) VALUES ('` + stream + `', 999, now(), 'x', '\x', '\x', '\x')`,
	} {
		w.Exec(t, `BEGIN; SET LOCAL session_replication_role = replica; CREATE SCHEMA keep; CREATE TABLE keep.event AS TABLE audit.event; CREATE TABLE keep.head AS TABLE audit.head; CREATE TABLE keep.detail AS TABLE audit.detail`)
		w.Exec(t, sql)
		w.Exec(t, `COMMIT`)
		if len(problems()) == 0 {
			t.Errorf("not found: %s", name)
		}
		w.Exec(t, `BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE audit.event, audit.head, audit.detail;
			INSERT INTO audit.event OVERRIDING SYSTEM VALUE TABLE keep.event; INSERT INTO audit.head TABLE keep.head; INSERT INTO audit.detail TABLE keep.detail; DROP SCHEMA keep CASCADE; COMMIT`)
		if p := problems(); len(p) > 0 {
			t.Fatalf("restored after %s: %v", name, p)
		}
	}
	w.Exec(t, `DELETE FROM audit.detail`) // lawful: reasons have an end, the chain stays whole
	if p := problems(); len(p) > 0 {
		t.Errorf("after the reasons were erased: %v", p)
	}
}

// asOwner runs a statement as the owner of the tables, whom no policy binds for the sake of this test.
func (w *town) asOwner(t *testing.T, sql string) error {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), sql)
	return err
}
