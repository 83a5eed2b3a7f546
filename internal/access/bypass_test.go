package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Statements that an injection would try, as the application's own login with somebody signed in: all refused.
func TestAppLoginCannotBypass(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	me, victim, c := id("stranger").String(), id("responsible").String(), id("sealed").String()
	w.as(t, "stranger", func(tx pgx.Tx) error {
		for _, sql := range strings.Split(strings.NewReplacer(":me", "'"+me+"'", ":victim", "'"+victim+"'", ":case", "'"+c+"'", ":token", token("responsible")).Replace(attempts), "\n") {
			if sql = strings.TrimSpace(sql); sql == "" {
				continue
			}
			if _, n, err := try(t, tx, sql); err == nil {
				t.Errorf("accepted, %d rows: %s", n, sql)
			}
		}
		return errBack
	})
	w.as(t, "stranger", func(tx pgx.Tx) error {
		for _, sql := range harmless {
			if rows, n, err := try(t, tx, sql); err == nil && (n > 0 || rows != "") {
				t.Errorf("%d rows: %s", n, sql)
			}
		}
		if _, err := tx.Exec(t.Context(), `SET LOCAL row_security = off`); err != nil {
			return err
		}
		if _, _, err := try(t, tx, `SELECT * FROM app.case_file`); !strings.HasPrefix(says(err), "42501") { // an error, not rows
			t.Errorf("row_security = off: %v", err)
		}
		return errBack
	})
	w.Exec(t, `ANALYZE`)
	w.as(t, "stranger", func(tx pgx.Tx) error { // samples of values
		if n := count(t, tx, `SELECT count(*) FROM pg_stats s WHERE schemaname = 'audit' OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
			WHERE c.relname = s.tablename AND `+hasCase+`)`); n > 0 {
			t.Errorf("pg_stats shows %d columns of case tables", n)
		}
		return nil
	})
}

// attempts are one statement a line.
const attempts = `
	SET ROLE samspil_owner
	SET ROLE samspil_guard
	SET ROLE samspil_login
	SET ROLE postgres
	SET SESSION AUTHORIZATION postgres
	SET session_replication_role = replica
	ALTER ROLE samspil_app BYPASSRLS
	ALTER ROLE samspil_app SUPERUSER
	GRANT samspil_owner TO samspil_app
	GRANT samspil_guard TO samspil_app
	ALTER SYSTEM SET ssl = off
	ALTER DATABASE postgres SET row_security = off
	ALTER TABLE app.case_file DISABLE ROW LEVEL SECURITY
	ALTER TABLE app.case_file NO FORCE ROW LEVEL SECURITY
	ALTER TABLE app.case_file OWNER TO samspil_app
	ALTER TABLE audit.event DISABLE TRIGGER ALL
	CREATE POLICY p ON app.case_file USING (true)
	ALTER POLICY sel ON app.case_file USING (true)
	DROP POLICY sel ON app.case_file
	CREATE TABLE app.x (i int)
	CREATE TABLE public.x (i int)
	CREATE TEMP TABLE x (i int)
	CREATE SCHEMA s
	CREATE VIEW app.v AS SELECT * FROM app.note
	CREATE RULE r AS ON SELECT TO app.note DO INSTEAD SELECT 1
	CREATE TRIGGER x AFTER INSERT ON app.note EXECUTE FUNCTION app.case_moved()
	CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'
	CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'
	CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'
	ALTER FUNCTION auth.uid() OWNER TO samspil_app
	DO $$ BEGIN EXECUTE 'CREATE FUNCTION pg_temp.g(text) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS $f$ BEGIN RAISE NOTICE ''%'', $1; RETURN true; END $f$'; END $$
	CREATE EXTENSION dblink
	LOAD 'auto_explain'
	TRUNCATE app.note
	TRUNCATE audit.event
	LOCK TABLE audit.event IN ACCESS EXCLUSIVE MODE
	SELECT * FROM auth.secret
	SELECT * FROM auth.session
	SELECT * FROM auth.device
	SELECT * FROM auth.login_failure
	SELECT * FROM auth.user_relation
	SELECT own_cpr_bidx FROM auth.user_account
	SELECT password_hash FROM auth.user_account
	SELECT ciphertext FROM app.protected_fact
	SELECT cpr_enc FROM app.person
	SELECT name_folded FROM app.person
	SELECT * FROM audit.head
	SELECT * FROM audit.detail
	SELECT * FROM audit.verify()
	SELECT audit._append('x', 'x', NULL, NULL, NULL)
	SELECT auth._mac('x')
	SELECT auth._payload('app.ctx')
	SELECT auth._excluded(:me, :case)
	SELECT auth._rights_of(:victim, 'caseworker', 999, :case)
	SELECT auth._opens(:case, 127)
	SELECT auth._account_bucket('x', NULL)
	SELECT app._demand(:case, 2)
	SELECT app._may_receive(:me, :case)
	SELECT app._notify(:victim, :case, 'x')
	SELECT app._fresh_number()
	SELECT public.hmac('a', 'b', 'sha256')
	SELECT public.gen_random_bytes(8)
	SELECT auth.open_session(:victim, 'token-of-an-attacker-0123456789012345678901234567890', NULL)
	SELECT * FROM auth.credential('responsible@town.test', 'x', NULL)
	SELECT auth.unlock_session(:victim, ':token')
	SELECT * FROM auth.locked_user(':token')
	SELECT auth.sign_in_failed('responsible@town.test', 'x', NULL)
	INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256('x'), :victim, now() + interval '1 h')
	UPDATE auth.session SET revoked_at = NULL
	UPDATE auth.user_account SET role = 'team_lead' WHERE id = :me
	UPDATE auth.user_account SET password_hash = 'x'
	INSERT INTO app.team_member (team_id, user_id, is_lead) SELECT id, :me, true FROM app.team
	INSERT INTO audit.event (stream, seq, at, action, detail_hash, prev_hash, hash) VALUES ('x', 1, now(), 'x', '\x', '\x', '\x')
	UPDATE audit.event SET action = 'x'
	DELETE FROM audit.event
	UPDATE audit.head SET seq = 0
	DELETE FROM audit.head
	DELETE FROM audit.detail
	INSERT INTO app.case_file (ref, number, municipality, team_id, area, responsible_id) SELECT 'abcdefgh', '1', 999, id, 'child', :me FROM app.team
	INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES (:case, :me, 'coworker', :me)
	UPDATE app.case_grant SET revoked_at = NULL
	DELETE FROM app.case_grant
	INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES (:case, :victim, 'leader', :me)
	UPDATE app.case_exclusion SET lifted_at = now()
	DELETE FROM app.case_exclusion
	UPDATE app.unseal_request SET approved_by = :me
	INSERT INTO app.notice (to_user, kind) VALUES (:victim, 'x')
	UPDATE app.notice SET read_at = NULL
	UPDATE app.case_closing SET reopened_at = now()
	UPDATE app.case_file SET confidentiality = 0
	UPDATE app.case_file SET team_id = NULL
	UPDATE app.case_file SET responsible_id = :me
	UPDATE app.case_file SET status = 'closed'
	DELETE FROM app.case_file
	DELETE FROM app.note
	UPDATE app.note SET body = 'x'
	DELETE FROM app.case_event
	UPDATE app.case_event SET kind = 'x'
	COPY app.case_file TO PROGRAM 'cat'
	COPY app.case_file FROM PROGRAM 'cat'
	SELECT pg_read_file('/etc/hostname')
	SELECT pg_ls_dir('.')
	SELECT lo_import('/etc/hostname')
	SELECT lo_create(0)
	SELECT pg_sleep(1)
	SELECT pg_terminate_backend(1)
	SELECT pg_notify('x', 'x')
	SELECT query_to_xml('SELECT * FROM app.case_file', true, true, '')
	SELECT table_to_xml('app.case_file', true, true, '')
	SELECT * FROM pg_authid
	SELECT * FROM pg_statistic
	SELECT * FROM pg_user_mapping`

// harmless statements may be accepted, but nothing comes out or changes.
var harmless = []string{
	`UPDATE app.case_file SET severity = 'red'`, `DELETE FROM app.draft`, `UPDATE app.draft SET fields = '{}'`, `UPDATE app.plan_step SET title = 'x'`,
	`UPDATE app.citizen_label SET calling_name = 'x'`, `DELETE FROM app.contact_hours`, `UPDATE app.organisation SET name = 'x'`, `UPDATE app.contact_person SET name = 'x'`,
	`UPDATE app.protected_fact SET retired_at = now()`, `UPDATE app.correction SET outcome = 'done'`, `SELECT query FROM pg_stat_activity WHERE query NOT IN ('', '<insufficient privilege>') AND usename <> current_user`,
}

// With an injection in the application's own login, a forged, edited or replayed identity is nobody.
func TestIdentityCannotBeForged(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	victim := id("responsible").String()
	payload := victim + ";caseworker;999;0"
	for _, v := range []string{payload, payload + "." + strings.Repeat("0", 64), victim, ";;;." + strings.Repeat("a", 64), "." + strings.Repeat("a", 64), strings.Repeat("a", 64)} {
		w.as(t, "stranger", func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `SELECT set_config('app.ctx', $1, false), set_config('app.open', $1, false)`, v); err != nil {
				return err
			}
			if n := count(t, tx, `SELECT count(*) FROM app.case_file`); n > 0 {
				t.Errorf("forged %q sees %d cases", v, n)
			}
			return errBack
		})
	}

	conn, err := w.app.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	begin := func(who string) pgx.Tx {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if who != "" {
			if _, err := tx.Exec(t.Context(), `SELECT auth.begin($1)`, token(who)); err != nil {
				t.Fatal(err)
			}
		}
		return tx
	}
	setting := func(tx pgx.Tx, name string) (v string) {
		if err := tx.QueryRow(t.Context(), `SELECT current_setting($1)`, name).Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	set := func(tx pgx.Tx, name, v string) {
		if _, err := tx.Exec(t.Context(), `SELECT set_config($1, $2, true)`, name, v); err != nil {
			t.Fatal(err)
		}
	}
	tx := begin("responsible")
	stolen := setting(tx, "app.ctx")
	if n := count(t, tx, `SELECT count(*) FROM app.case_file`); n != 6 {
		t.Fatalf("fixture: %d cases", n)
	}
	if err := w.open(t, tx, ref("sealed")); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	tx = begin("") // replayed in a later transaction of the same connection
	set(tx, "app.ctx", stolen)
	if n := count(t, tx, `SELECT count(*) FROM app.case_file`); n > 0 {
		t.Errorf("a replayed identity sees %d cases", n)
	}
	_ = tx.Rollback(t.Context())

	tx = begin("responsible") // the signed list of opened cases is no identity, and cannot be edited
	if n := count(t, tx, `SELECT app.use_case($1)`, id("sealed")); n != 127 {
		t.Fatalf("fixture: rights %d", n)
	}
	opened := setting(tx, "app.open")
	for _, edit := range []struct{ old, now string }{{id("sealed").String(), id("normal").String()}, {":127", ":126"}, {opened, opened + id("normal").String() + ":127,"}} {
		set(tx, "app.open", strings.Replace(opened, edit.old, edit.now, 1))
		if n := count(t, tx, `SELECT count(*) FROM app.note`); n > 0 {
			t.Errorf("an edited list of opened cases shows %d notes", n)
		}
	}
	set(tx, "app.ctx", opened)
	if n := count(t, tx, `SELECT count(*) FROM app.case_file`); n > 0 {
		t.Errorf("a list of opened cases as identity sees %d", n)
	}
	_ = tx.Rollback(t.Context())

	tx = begin("responsible") // beginning as another closes what the first had opened
	if n := count(t, tx, `SELECT app.use_case($1)`, id("sealed")); n != 127 {
		t.Fatalf("fixture: rights %d", n)
	}
	if _, err := tx.Exec(t.Context(), `SELECT auth.begin($1)`, token("stranger")); err != nil {
		t.Fatal(err)
	}
	if n := count(t, tx, `SELECT count(*) FROM app.note`); n > 0 {
		t.Errorf("somebody else's opened case shows %d notes", n)
	}
	_ = tx.Rollback(t.Context())
}

// Every database login has only what its work needs.
func TestOtherLoginsSeeNoCase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, name := range []string{"samspil_login", "samspil_job", "samspil_audit"} {
		pool := login(t, w.Office, name)
		for _, table := range w.tables(t, "true") {
			_, err := pool.Exec(t.Context(), `SELECT * FROM `+table)
			if trail := strings.HasPrefix(table, "audit.") && name != "samspil_login"; (err == nil) != trail {
				t.Errorf("%s reads %s: %v", name, table, err)
			}
		}
		for _, sql := range []string{`SELECT auth.begin('x')`, `SELECT * FROM app.open_case('x', '', 'x')`, `SELECT * FROM app.find_cases('', 'amira', NULL)`,
			`SELECT app.use_case('` + uuid.Nil.String() + `')`, `DELETE FROM audit.event`, `DELETE FROM audit.detail`, `SELECT * FROM auth.user_account`} {
			if _, err := pool.Exec(t.Context(), sql); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %s: %v", name, sql, err)
			}
		}
	}
}

// The limits that keep one slow statement from becoming a queue hold in every database, also a copied one.
func TestApplicationIsHeldShort(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for name, want := range map[string]string{"statement_timeout": "10s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "15s", "search_path": "pg_catalog, app", "max_parallel_workers_per_gather": "0"} {
		var got string
		if err := w.app.QueryRow(t.Context(), `SELECT current_setting($1)`, name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q: %v", name, got, want, err)
		}
	}
}
