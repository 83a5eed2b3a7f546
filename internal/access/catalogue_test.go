package access

import (
	"strings"
	"testing"

	"samspil/internal/testkit"
)

// What must hold of every table, function and policy, asked of the catalogue: whoever adds one without these rules
// finds out here. Each query lists the offenders.
var rules = map[string]string{
	"table without forced row-level security":                                   `SELECT c.oid::regclass FROM pg_class c WHERE ` + ours + ` AND c.relkind IN ('r','p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
	"view that reads as its owner":                                              `SELECT c.oid::regclass FROM pg_class c WHERE ` + ours + ` AND (c.relkind = 'm' OR c.relkind = 'v' AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false))`,
	"table not owned by samspil_owner":                                          `SELECT c.oid::regclass FROM pg_class c WHERE ` + ours + ` AND c.relkind IN ('r','p','v','m') AND c.relowner <> 'samspil_owner'::regrole`,
	"function not owned by samspil_guard":                                       `SELECT p.oid::regprocedure FROM pg_proc p WHERE ` + oursToo + ` AND p.proowner <> 'samspil_guard'::regrole`,
	"function without a fixed search_path":                                      `SELECT p.oid::regprocedure FROM pg_proc p WHERE ` + oursToo + ` AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)`,
	"function of the identity that is parallel safe (workers have another pid)": `SELECT p.oid::regprocedure FROM pg_proc p WHERE ` + oursToo + ` AND p.prosecdef AND p.proparallel = 's' AND p.prosrc ~ 'auth\.|_demand|audit\.'`,
	"function that PUBLIC may call":                                             `SELECT p.oid::regprocedure FROM pg_proc p WHERE ` + oursToo + ` AND has_function_privilege('public', p.oid, 'EXECUTE')`,
	"function marked leakproof":                                                 `SELECT p.oid::regprocedure FROM pg_proc p WHERE ` + oursToo + ` AND p.proleakproof`,
	"inner function that a login may call":                                      `SELECT p.oid::regprocedure || ' ' || r.rolname FROM pg_proc p, pg_roles r WHERE ` + oursToo + ` AND r.rolname ~ '^samspil_(app|login|job|audit)$' AND p.proname LIKE '\_%' AND has_function_privilege(r.oid, p.oid, 'EXECUTE') AND NOT (p.proname IN ('_hash','_lp') AND r.rolname IN ('samspil_job','samspil_audit'))`,
	"trigger function that a login may call":                                    `SELECT p.oid::regprocedure FROM pg_proc p WHERE ` + oursToo + ` AND p.prorettype = 'trigger'::regtype AND has_function_privilege('samspil_app', p.oid, 'EXECUTE')`,
	"right of samspil_app that no page needs":                                   `SELECT c.oid::regclass || ' ' || x FROM pg_class c, unnest(ARRAY['TRUNCATE','REFERENCES','TRIGGER']) x WHERE ` + ours + ` AND c.relkind = 'r' AND has_table_privilege('samspil_app', c.oid, x)`,
	"place where samspil_app may create":                                        `SELECT 'database' WHERE has_database_privilege('samspil_app', current_database(), 'CREATE') OR has_database_privilege('samspil_app', current_database(), 'TEMP') UNION SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege('samspil_app', oid, 'CREATE')`,
	"schema that samspil_app has no business in":                                `SELECT nspname FROM pg_namespace WHERE nspname IN ('public','meta') AND has_schema_privilege('samspil_app', oid, 'USAGE')`,
	"role with too much":                                                        `SELECT rolname FROM pg_roles WHERE rolname LIKE 'samspil\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit OR rolcanlogin AND rolname IN ('samspil_owner','samspil_guard'))`,
	"role in another role":                                                      `SELECT m.rolname || ' in ' || g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname LIKE 'samspil\_%'`,
	"policy for PUBLIC":                                                         `SELECT polrelid::regclass || '.' || polname FROM pg_policy WHERE 0 = ANY (polroles)`,
	"policy of the guard for somebody else":                                     `SELECT polrelid::regclass || '.' || polname FROM pg_policy WHERE polname = 'guard_all' AND polroles <> ARRAY['samspil_guard'::regrole::oid]`,
	"policy that calls a function for every row":                                `SELECT polrelid::regclass || '.' || polname FROM pg_policy WHERE regexp_replace(` + expr + `, '\( ?SELECT[^()]*(auth|app)\.[a-z_]+\([^()]*\)', '', 'g') ~ '(auth|app)\.[a-z_]+\('`,
	"policy of a case table that asks for no opened case":                       `SELECT polrelid::regclass || '.' || polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE polpermissive AND 'samspil_app'::regrole = ANY (polroles) AND ` + ofCase + ` AND polrelid <> 'app.notice'::regclass AND ` + expr + ` !~ 'auth\.opened\('`,
	"policy that checks what is read but not what is written":                   `SELECT polrelid::regclass || '.' || polname FROM pg_policy WHERE polcmd IN ('w','a') AND polwithcheck IS NULL`,
	"policy that is always true":                                                `SELECT polrelid::regclass || '.' || polname FROM pg_policy WHERE 'samspil_app'::regrole = ANY (polroles) AND (pg_get_expr(polqual, polrelid) = 'true' OR pg_get_expr(polwithcheck, polrelid) = 'true')`,
	"table that no policy opens to samspil_app": `SELECT c.oid::regclass FROM pg_class c WHERE ` + ours + ` AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND 'samspil_app'::regrole = ANY (polroles))
		AND c.oid::regclass::text NOT IN ('auth.secret','auth.session','auth.user_relation','auth.login_failure','auth.device','audit.head','audit.detail','app.mail','auth.guest_key')`,
	"case table whose foreign key leaves the case": `SELECT conrelid::regclass || ' ' || conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid WHERE contype = 'f' AND ` + ofCase + ` AND NOT EXISTS (SELECT FROM unnest(k.confkey) n JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n WHERE a.attname = 'case_id')`,
	"case table that hangs on no case":             `SELECT c.oid::regclass FROM pg_class c WHERE ` + ours + ` AND c.relkind = 'r' AND ` + ofCase + ` AND c.oid <> 'audit.event'::regclass AND NOT EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey) AND a.attname = 'case_id' WHERE k.conrelid = c.oid AND contype = 'f')`,
	"unique key of a case table without the case": `SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE ` + ours + ` AND i.indisunique AND ` + ofCase + ` AND c.oid <> 'audit.event'::regclass
		AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) k JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k WHERE a.attname = 'case_id' OR a.atttypid = 'uuid'::regtype AND a.attname IN ('id','note_id'))`,
	"running number (its gaps tell)": `SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'app' WHERE c.relkind = 'r'
		AND (a.attidentity <> '' OR EXISTS (SELECT FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%'))`,
	"foreign key that deletes":                        `SELECT conrelid::regclass || ' ' || conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE contype = 'f' AND ` + ours + ` AND confdeltype IN ('c','n','d') AND conrelid <> 'app.contact_hours'::regclass`,
	"foreign key that moves more than team and level": `SELECT conrelid::regclass || ' ' || conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE contype = 'f' AND ` + ours + ` AND confupdtype IN ('c','n','d') AND array_length(conkey, 1) <> 3`,
	"column that ties a row to its case and samspil_app may change": `SELECT c.oid::regclass || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE ` + ours + ` AND c.relkind = 'r'
		AND a.attname IN ('case_id','team_id','confidentiality','municipality','ref','number','responsible_id','status','closed_at','author','actor','created_by','added_by','set_by','user_id')
		AND NOT (a.attname = 'status' AND c.oid IN ('app.plan_step'::regclass, 'app.involvement'::regclass, 'app.deadline'::regclass)) AND has_column_privilege('samspil_app', c.oid, a.attnum, 'UPDATE')`,
	"table of access that samspil_app may write": `SELECT t || ' ' || x FROM unnest(ARRAY['app.case_grant','app.case_exclusion','app.unseal_request','app.case_closing','app.team_member','app.team','auth.user_account','audit.event','app.notice']) t, unnest(ARRAY['INSERT','UPDATE','DELETE']) x
		WHERE CASE x WHEN 'DELETE' THEN has_table_privilege('samspil_app', t, x) ELSE has_any_column_privilege('samspil_app', t, x) END`,
	"secret that samspil_app may read": `SELECT c.oid::regclass || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE ` + ours + ` AND c.relkind = 'r'
		AND a.attname ~ '(_enc|_bidx|^ciphertext|password_hash|token_hash)$' AND has_column_privilege('samspil_app', c.oid, a.attnum, 'SELECT')`,
	"person in a case table that is not a person of ours": `SELECT c.oid::regclass || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE ` + ours + ` AND c.relkind = 'r' AND a.attname ~ '(ethnic|religio|national)'`, // R14
}

const (
	ours    = `c.relnamespace IN ('app'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace)`
	oursToo = `p.pronamespace IN ('app'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace)`
	expr    = `(coalesce(pg_get_expr(polqual, polrelid), '') || ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), ''))`
	ofCase  = `EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = c.oid AND x.attname = 'case_id' AND NOT x.attisdropped)`
)

func TestCatalogueLint(t *testing.T) {
	t.Parallel()
	w := &town{Office: testkit.NewOffice(t)}
	for _, rule := range sorted(rules) {
		if bad := w.names(t, rules[rule]); len(bad) > 0 {
			t.Errorf("%s: %s", rule, strings.Join(bad, ", "))
		}
	}
	t.Logf("%d rules", len(rules))
}
