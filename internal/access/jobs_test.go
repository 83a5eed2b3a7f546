package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/testkit"
)

// The jobs are written down by the database and worked by a login of their own: who serves pages does not enter.
func TestPagesNeitherReadNorDisturbTheJobs(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, name := range []string{"samspil_app", "samspil_login", "samspil_audit"} {
		pool := login(t, w.Office, name)
		for _, sql := range []string{
			`SELECT * FROM river.river_job`, `SELECT count(*) FROM river.river_job`, `INSERT INTO river.river_job (args, kind) VALUES ('{}', 'check_in.alarms')`,
			`UPDATE river.river_job SET state = 'cancelled', finalized_at = now()`, `DELETE FROM river.river_job`, `TRUNCATE river.river_job`,
			`SELECT * FROM river.river_leader`, `DELETE FROM river.river_leader`, `UPDATE river.river_queue SET paused_at = now()`, `SELECT nextval('river.river_job_id_seq')`,
			`BEGIN; LOCK TABLE river.river_job IN ACCESS EXCLUSIVE MODE`, `CREATE TABLE river.x ()`, `SELECT pg_notify('river_control', '{}')`,
			`SELECT app._enqueue('check_in.alarms', '{}', now())`, `SELECT app._event('` + id("normal").String() + `', NULL, 'check_in.alarmed', NULL, NULL)`,
			`SELECT app._opens_case('` + id("responsible").String() + `', '` + id("normal").String() + `')`, `SELECT app.job_alarms()`, `SELECT app.job_alarm('` + uuid.Nil.String() + `')`,
		} {
			if _, err := pool.Exec(t.Context(), sql); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %s: %v", name, sql, err)
			}
		}
	}
}

// The login of the jobs calls the functions made for it, and has no other way to a case.
func TestJobsDoWhatIsMadeForThemAndNothingElse(t *testing.T) {
	t.Parallel()
	w := &town{Office: testkit.NewOffice(t)}
	for what, sql := range map[string]string{
		"function that the jobs may call and that is not theirs": `SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('app'::regnamespace, 'auth'::regnamespace)
			AND has_function_privilege('samspil_job', p.oid, 'EXECUTE') AND p.proname NOT LIKE 'job\_%'`,
		"function of the jobs that somebody else may call": `SELECT p.oid::regprocedure FROM pg_proc p, pg_roles r WHERE p.proname LIKE 'job\_%' AND p.pronamespace = 'app'::regnamespace
			AND r.rolname ~ '^samspil_(app|login|audit)$' AND has_function_privilege(r.oid, p.oid, 'EXECUTE')`,
		"table of a case that the jobs may touch": `SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace IN ('app'::regnamespace, 'auth'::regnamespace) AND c.relkind = 'r'
			AND (has_any_column_privilege('samspil_job', c.oid, 'SELECT') OR has_any_column_privilege('samspil_job', c.oid, 'INSERT') OR has_any_column_privilege('samspil_job', c.oid, 'UPDATE')
			  OR has_table_privilege('samspil_job', c.oid, 'DELETE'))`,
		"table of River that is not the owner's": `SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'river'::regnamespace AND c.relkind IN ('r','p','v','m') AND c.relowner <> 'samspil_owner'::regrole`,
		"right in River's schema of a login of the pages": `SELECT r.rolname || ' ' || n.nspname FROM pg_roles r, pg_namespace n WHERE n.nspname = 'river' AND r.rolname ~ '^samspil_(app|login|audit)$'
			AND (has_schema_privilege(r.oid, n.oid, 'USAGE') OR has_schema_privilege(r.oid, n.oid, 'CREATE'))
			UNION ALL SELECT r.rolname || ' ' || c.oid::regclass FROM pg_roles r, pg_class c WHERE c.relnamespace = 'river'::regnamespace AND c.relkind = 'r' AND r.rolname ~ '^samspil_(app|login|audit)$'
			AND (has_any_column_privilege(r.oid, c.oid, 'SELECT') OR has_any_column_privilege(r.oid, c.oid, 'INSERT') OR has_any_column_privilege(r.oid, c.oid, 'UPDATE') OR has_table_privilege(r.oid, c.oid, 'DELETE'))`,
		"right of the guard in River's tables beyond writing a job down": `SELECT c.oid::regclass || ' ' || x FROM pg_class c, unnest(ARRAY['SELECT','UPDATE','DELETE','TRUNCATE']) x WHERE c.relnamespace = 'river'::regnamespace
			AND c.relkind = 'r' AND has_table_privilege('samspil_guard', c.oid, x)`,
	} {
		if bad := w.names(t, sql); len(bad) > 0 {
			t.Errorf("%s: %s", what, strings.Join(bad, ", "))
		}
	}
}
