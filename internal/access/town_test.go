package access

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/actor"
	"samspil/internal/testkit"
)

// town is an office with a person for every relation that one can have to a case, and cases of every
// level with a row in every table.
type town struct {
	*testkit.Office
	app *pgxpool.Pool // the application's login, without the Go code around it
}

// somebody is a person of the town; the team is "north", "adults", "far" (in another municipality) or empty.
type somebody struct {
	name string
	role actor.Role
	team string
	lead bool
}

// people are in their order, so that ids are the same in every run. What they have to do with
// the cases is in [relations].
var people = []somebody{
	{"responsible", actor.Caseworker, "north", false}, {"coworker", actor.Caseworker, "north", false}, {"team_mate", actor.Caseworker, "north", false},
	{"former_mate", actor.Caseworker, "north", false}, {"excl_responsible", actor.Caseworker, "north", false}, {"inactive", actor.Caseworker, "north", false},
	{"locked", actor.Caseworker, "north", false}, {"no_session", actor.Caseworker, "north", false}, {"revoked", actor.Caseworker, "adults", false},
	{"consulted", actor.Caseworker, "adults", false}, {"consulted_expired", actor.Caseworker, "adults", false}, {"not_yet", actor.Caseworker, "adults", false},
	{"stranger", actor.Caseworker, "adults", false}, {"specialist", actor.Specialist, "", false}, {"specialist_granted", actor.Specialist, "", false},
	{"team_lead", actor.TeamLead, "north", true}, {"excl_team_lead", actor.TeamLead, "north", true},
	{"demoted_lead", actor.Caseworker, "north", true}, // still marked as lead of the team, but the role was taken away
	{"other_team_lead", actor.TeamLead, "adults", true}, {"lead_named", actor.TeamLead, "adults", true},
	{"visiting_lead", actor.TeamLead, "north", false},                                // leads elsewhere, and is an ordinary member of the team
	{"admin", actor.Admin, "", false}, {"admin_granted", actor.Admin, "north", true}, // a stray grant and a stray team: neither may work
	{"auditor", actor.Auditor, "", false}, {"excl_auditor", actor.Auditor, "", false},
	{"foreign", actor.Caseworker, "far", false}, {"foreign_granted", actor.Caseworker, "far", false}, {"foreign_lead", actor.TeamLead, "far", true},
	{"newcomer", actor.Caseworker, "adults", false}, // nothing to do with any case: is given access by others
}

// relations make the people's relations to a case.
const relations = `
	INSERT INTO app.case_grant (case_id, user_id, kind, valid_from, valid_to, revoked_at, granted_by)
	SELECT :case, u.id, g.kind, now() + g.from_, now() + g.to_, now() + g.revoked, u.id FROM (VALUES
	  ('responsible', 'responsible', interval '0', NULL::interval, NULL::interval), ('coworker', 'coworker', '0', NULL, NULL),
	  ('specialist_granted', 'coworker', '0', NULL, NULL), ('inactive', 'coworker', '0', NULL, NULL), ('locked', 'coworker', '0', NULL, NULL), ('no_session', 'coworker', '0', NULL, NULL),
	  ('revoked', 'coworker', '0', NULL, '0'), ('consulted', 'consulted', '0', '7 days', NULL), ('consulted_expired', 'consulted', '-7 days', '-1 s', NULL),
	  ('not_yet', 'coworker', '1 h', NULL, NULL), ('lead_named', 'lead', '0', NULL, NULL), ('excl_responsible', 'coworker', '0', NULL, NULL),
	  ('excl_team_lead', 'lead', '0', NULL, NULL), ('admin_granted', 'coworker', '0', NULL, NULL), ('foreign_granted', 'coworker', '0', NULL, NULL)
	) g(name, kind, from_, to_, revoked) JOIN auth.user_account u ON u.email = g.name || '@town.test';
	INSERT INTO app.case_exclusion (case_id, user_id, source, set_by)
	SELECT :case, u.id, 'leader', :who FROM auth.user_account u WHERE u.email IN ('excl_responsible@town.test', 'excl_team_lead@town.test', 'excl_auditor@town.test');`

// The levels of the town's cases. Each case is named after its level and whether it is closed.
var (
	levels = map[string]int{"normal": 0, "restricted": 1, "sealed": 2}
	cases  = []string{"normal", "restricted", "sealed", "closed normal", "closed restricted", "closed sealed"}
)

// id is the fixed id of a person, a case, or a row of a case ("sealed note").
func id(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte("town:"+name)) }

// ref is the reference of a case in paths, word a word that only its content holds.
func ref(name string) string  { return strings.ReplaceAll(id(name).String(), "-", "")[:8] }
func word(name string) string { return "xyzzy" + strings.ReplaceAll(name, " ", "") }

// nowhere is a case, a person or a row that does not exist.
var (
	nowhere    = id("does not exist")
	nowhereRef = "zzzzzzzz"
)

func token(name string) string {
	return "token-" + name + "-0123456789012345678901234567890123456789"
}

func newTown(t *testing.T) *town {
	t.Helper()
	o := testkit.NewOffice(t)
	town := &town{Office: o}
	teams := map[string]uuid.UUID{"north": o.TeamNorth, "adults": o.TeamAdults, "far": id("far")}
	var b strings.Builder
	fmt.Fprintf(&b, `INSERT INTO app.municipality VALUES (101, 'En anden kommune'); INSERT INTO app.team VALUES ('%s', 101, 'child', 'Fjern');`, id("far"))
	for _, p := range people {
		municipality := 999
		if p.team == "far" {
			municipality = 101
		}
		fmt.Fprintf(&b, `INSERT INTO auth.user_account (id, email, display_name, municipality, role, password_hash) VALUES ('%[1]s', '%[2]s@town.test', '%[2]s', %[3]d, '%[4]s', 'x');
			INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256('%[5]s'), '%[1]s', now() + interval '9 h');`, id(p.name), p.name, municipality, p.role, token(p.name))
		if p.team != "" {
			fmt.Fprintf(&b, `INSERT INTO app.team_member (team_id, user_id, is_lead, valid_to) VALUES ('%s', '%s', %t, %s);`, teams[p.team], id(p.name), p.lead,
				map[bool]string{true: "now() - interval '1 s'", false: "NULL"}[p.name == "former_mate"])
		}
	}
	for _, name := range []string{"foreign_lead", "foreign_granted"} { // strays: a person of another municipality in a team of ours
		fmt.Fprintf(&b, `INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES ('%s', '%s', true);`, teams["north"], id(name))
	}
	b.WriteString(elsewhere)
	for _, name := range cases {
		b.WriteString(caseSQL(name, o.TeamNorth))
	}
	b.WriteString(`UPDATE auth.user_account SET active = false WHERE email = 'inactive@town.test';
		UPDATE auth.session SET locked_at = now() WHERE user_id = '` + id("locked").String() + `';
		DELETE FROM auth.session WHERE user_id = '` + id("no_session").String() + `';`)
	o.Exec(t, b.String())
	town.app = login(t, o, "samspil_app")
	return town
}

// elsewhere fills the tables that belong to no case.
const elsewhere = `
	WITH p AS (INSERT INTO app.photo (large, small) VALUES ('\x00', '\x00') RETURNING id),
	     o AS (INSERT INTO app.organisation (name, kind, partner_type) VALUES ('Politiet', 'external', 'police') RETURNING id),
	     c AS (INSERT INTO app.contact_person (organisation_id, name, photo_id) SELECT o.id, 'Per', p.id FROM o, p RETURNING id, organisation_id),
	     h AS (INSERT INTO app.contact_hours SELECT c.id, 'regular', 1, 0, 60 FROM c),
	     d AS (INSERT INTO app.directory_change (organisation_id, action, changed_by) SELECT o.id, 'added', u.id FROM o, auth.user_account u WHERE u.role = 'admin' LIMIT 1)
	INSERT INTO app.correction (organisation_id, proposal, proposed_by) SELECT o.id, 'x', u.id FROM o, auth.user_account u WHERE u.email = 'responsible@town.test';
	INSERT INTO auth.login_failure (bucket) VALUES ('x');
	INSERT INTO auth.device (device_hash, user_id) SELECT sha256('d'), id FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO auth.user_relation (user_id, cpr_bidx) SELECT id, sha256('cousin') FROM auth.user_account WHERE email = 'team_mate@town.test';
	INSERT INTO app.search_token (id, user_id, number, name_folded, word) SELECT gen_random_uuid(), id, '', 'x', '\x00' FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.registration (id, user_id, answers) SELECT gen_random_uuid(), id, '\x00' FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.deadline_rule (municipality, code, area, length, unit, changed_by) SELECT 999, 'PLAN_12A', 'adult', 10, 'days', id FROM auth.user_account WHERE email = 'admin@town.test';
	INSERT INTO app.reminder_setting (municipality, changed_by) SELECT 999, id FROM auth.user_account WHERE email = 'admin@town.test';
	INSERT INTO app.absence (id, user_id, stand_in, from_day, to_day, stated_by, words) SELECT gen_random_uuid(), a.id, b.id, current_date, current_date, a.id, 'x' FROM auth.user_account a, auth.user_account b WHERE a.email = 'specialist_granted@town.test' AND b.email = 'coworker@town.test';
	INSERT INTO app.mail_wish (user_id) SELECT id FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.mail_digest (user_id, at) SELECT id, now() FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.calendar_feed (user_id, token_hash) SELECT id, sha256('x') FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.office_setting (municipality, changed_by) SELECT 999, id FROM auth.user_account WHERE email = 'admin@town.test';
	INSERT INTO app.report_draft (id, user_id, answers) SELECT gen_random_uuid(), id, '\x00' FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.mail (kind, to_user) SELECT 'news', id FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) SELECT 999, 'K0', '{"code": "K0"}', id FROM auth.user_account WHERE email = 'admin@town.test';
	INSERT INTO app.plan_template_retired (municipality, code, retired_by) SELECT 999, 'K0', id FROM auth.user_account WHERE email = 'admin@town.test';
	INSERT INTO audit.head VALUES ('user:x', 0, sha256('user:x'));`

// named are the places in the lines of [rooms]: a row of the case by the name it has there.
var named = regexp.MustCompile(`::|:[a-z]+\b`)

func caseSQL(name string, team uuid.UUID) string {
	level, closed := strings.TrimPrefix(name, "closed "), strings.HasPrefix(name, "closed ")
	status, closedAt := "open", "NULL"
	if closed {
		status, closedAt = "closed", "now()"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id, status, closed_at)
		VALUES (:case, '%s', '%s', 999, '%s', 'child', %d, :who, '%s', %s);`, ref(name), number(name), team, levels[level], status, closedAt)
	for _, row := range slices.Concat(rooms...) {
		b.WriteString(row.sql + ";")
	}
	return named.ReplaceAllStringFunc(b.String(), func(row string) string {
		switch row {
		case "::": // a cast
			return row
		case ":word":
			return word(name)
		case ":case":
			return "'" + id(name).String() + "'"
		case ":who":
			return "'" + id("responsible").String() + "'"
		}
		return "'" + id(name+" "+row[1:]).String() + "'"
	})
}

func number(name string) string { return "2031-" + ref(name)[:6] }

func login(t *testing.T, o *testkit.Office, name string) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(o.LoginURL(t, name))
	if err != nil {
		t.Fatal(err)
	}
	cfg.MaxConns = 4
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// errBack rolls a transaction of [town.as] back.
var errBack = errors.New("roll back")

// as runs one transaction the way a request does: begin, identity, fn, commit. "nobody" does not say who they are.
func (w *town) as(t *testing.T, who string, fn func(pgx.Tx) error) {
	t.Helper()
	tx, err := w.app.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if who != "nobody" {
		var state *string
		if err := tx.QueryRow(t.Context(), `SELECT auth.begin($1)`, token(who)).Scan(&state); err != nil {
			t.Fatal(err)
		}
	}
	switch err := fn(tx); {
	case errors.Is(err, errBack):
		return
	case err != nil:
		t.Errorf("as %s: %v", who, err)
		return
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Errorf("as %s: %v", who, err)
	}
}

// in opens a case in one transaction, with its line in the trail, and uses it in a second.
func (w *town) in(t *testing.T, who, name string, fn func(pgx.Tx) error) {
	t.Helper()
	w.as(t, who, func(tx pgx.Tx) error { return w.open(t, tx, ref(name)) })
	w.as(t, who, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SELECT app.use_case($1)`, id(name)); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (w *town) open(t *testing.T, tx pgx.Tx, ref string) error {
	_, err := tx.Exec(t.Context(), `SELECT * FROM app.open_case($1, '', 'test')`, ref)
	return err
}

// count reads a number; -1 where the statement is refused, after which the transaction goes on.
func count(t *testing.T, tx pgx.Tx, sql string, args ...any) int {
	t.Helper()
	inner, err := tx.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = inner.Rollback(t.Context()) }()
	var n int
	if err := inner.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		return -1
	}
	if err := inner.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

// try runs a statement and returns everything that can be learnt from it: its rows, how many it touched, and what the error says.
func try(t *testing.T, tx pgx.Tx, sql string, args ...any) (rows string, n int64, err error) {
	t.Helper()
	inner, err := tx.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := inner.Query(t.Context(), sql, args...)
	if err != nil {
		_ = inner.Rollback(t.Context())
		return "", 0, err
	}
	var b strings.Builder
	for r.Next() {
		v, err := r.Values()
		fmt.Fprintln(&b, v, err)
	}
	r.Close()
	if err := r.Err(); err != nil {
		_ = inner.Rollback(t.Context())
		return "", 0, err
	}
	return b.String(), r.CommandTag().RowsAffected(), inner.Commit(t.Context())
}

// says is all that Postgres tells the asker about an error.
func says(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return strings.Join([]string{e.Code, e.Message, e.Detail, e.Hint, e.ConstraintName, e.ColumnName, e.TableName}, "|")
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

// tables lists everything that holds rows, from the catalogue; with a condition on the row of pg_class, c.
func (w *town) tables(t *testing.T, condition string) []string {
	t.Helper()
	return w.names(t, `SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('app','auth','audit') AND c.relkind IN ('r','p','v','m') AND (`+condition+`) ORDER BY 1`)
}

// hasCase is the condition for tables that belong to a case.
const hasCase = `EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'case_id' AND NOT a.attisdropped)`

// names reads one column as administrator.
func (w *town) names(t *testing.T, sql string, args ...any) []string {
	t.Helper()
	var list []string
	w.Scan(t, []any{&list}, `SELECT coalesce(array_agg(x::text), '{}') FROM (`+sql+`) q(x)`, args...)
	return list
}
