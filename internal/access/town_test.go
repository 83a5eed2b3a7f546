package access

import (
	"context"
	"errors"
	"fmt"
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

// content puts a row into every table that has a case. A table without a line here fails
// TestEveryTableHasSomethingToLeak: its rows would be proved to be safe only because there are none.
var content = map[string]string{
	"app.citizen_label":        `INSERT INTO app.citizen_label SELECT id, team_id, confidentiality, 'A. :word', '2010-04-14' FROM app.case_file WHERE id = :case`,
	"app.case_grant":           relations,
	"app.case_exclusion":       ``,
	"app.unseal_request":       `INSERT INTO app.unseal_request (case_id, to_level, reason, requested_by) VALUES (:case, 1, 'r', :who)`,
	"app.case_closing":         `INSERT INTO app.case_closing (case_id, reason_code, reason, closed_by) VALUES (:case, 'other', 'r', :who)`,
	"app.notice":               `INSERT INTO app.notice (to_user, case_id, kind) VALUES (:who, :case, 'case.assigned')`,
	"app.person":               `INSERT INTO app.person (id, case_id, is_citizen, name, name_folded, cpr_enc, cpr_bidx) VALUES (:person, :case, true, 'Amira :word', 'amira :word', '\x01', sha256(':word'))`,
	"app.case_profile":         `INSERT INTO app.case_profile (case_id, situation) VALUES (:case, 's')`,
	"app.safe_contact":         `INSERT INTO app.safe_contact (case_id, never) VALUES (:case, 'n')`,
	"app.protected_fact":       `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES (:fact, :case, :person, 'address', '\x02', :who)`,
	"app.case_event":           `INSERT INTO app.case_event (case_id, actor, kind) VALUES (:case, :who, 'case.registered')`,
	"app.involvement":          `INSERT INTO app.involvement (case_id, organisation_id, responsible_for, origin, added_by) SELECT :case, o.id, 'r', 'ad_hoc', :who FROM app.organisation o LIMIT 1`,
	"app.plan":                 `INSERT INTO app.plan (id, case_id, started_by) VALUES (:plan, :case, :who)`,
	"app.plan_phase":           `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES (:phase, :case, :plan, 'p', 1)`,
	"app.plan_step":            `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, created_by) VALUES (:step, :case, :phase, 1, 's', :who)`,
	"app.suggestion_dismissal": `INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by) VALUES (:case, 'x', 'r', :who)`,
	"app.note":                 `INSERT INTO app.note (id, case_id, kind, body, author) VALUES (:note, :case, 'call', 'Samtale om :word', :who)`,
	"app.note_spoken":          `INSERT INTO app.note_spoken (case_id, note_id, person_id) VALUES (:case, :note, :person)`,
	"app.note_step":            `INSERT INTO app.note_step (case_id, note_id, step_id, action) VALUES (:case, :note, :step, 'done')`,
	"app.severity_choice":      `INSERT INTO app.severity_choice (case_id, level, reason, set_by) VALUES (:case, 'red', 'r', :who)`,
	"app.report_case": `INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, assess_by, registered_by) SELECT :report, translate(left(:report::text, 8), '-', 'x'), 'U-' || :report, 999, 'adult', 'other', now(), NULL, u.id FROM auth.user_account u WHERE u.email = 'foreign@town.test';
		INSERT INTO app.report_content (report_id, told) VALUES (:report, 'Om :word'); INSERT INTO app.report_person (report_id, is_child, name, cpr_bidx) VALUES (:report, true, 'Amira :word', sha256('elsewhere'));
		INSERT INTO app.report_event (report_id, actor, kind) VALUES (:report, :who, 'report.registered'); INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) SELECT :report, u.id, 'leader', :who FROM auth.user_account u WHERE u.email = 'excl_auditor@town.test';
		INSERT INTO app.report_case (report_id, case_id, how) VALUES (:report, :case, 'joined'); INSERT INTO app.reassessment (report_id, of_case) VALUES (:report, :case)`,
	"app.risk_assessment":   `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES (:risk, :case, 'own', 'red', 'Om :word', now() - interval '8 days', now() - interval '1 day', :who)`,
	"app.risk_answer":       `INSERT INTO app.risk_answer (case_id, assessment_id, factor, answer) VALUES (:case, :risk, 'RA1', 'unknown')`,
	"app.risk_person":       `INSERT INTO app.risk_person (case_id, assessment_id, person_id, concern) VALUES (:case, :risk, :person, 'c')`,
	"app.risk_confirmation": `INSERT INTO app.risk_confirmation (case_id, assessment_id, outcome, confirmed_by) SELECT :case, :risk, 'confirm', u.id FROM auth.user_account u WHERE u.email = 'coworker@town.test'`,
	"app.gate_opening":      `INSERT INTO app.gate_opening (case_id, reason, opened_by, until, closed_at) VALUES (:case, 'because of this and of that', :who, now() + interval '1 day', now())`,
	"app.deadline": `INSERT INTO app.deadline (id, case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES (:deadline, :case, 'BFU_4M', 'municipality_aware', now(), now(), 4, 'months', 'barnets lov § 20', 'v', 'sourced', true, 'deadline', false, false, false, now(), :who)`,
	"app.deadline_change":   `INSERT INTO app.deadline_change (case_id, deadline_id, what, reason, changed_by) VALUES (:case, :deadline, 'moved', 'r', :who)`,
	"app.sign_seen":         `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES (:case, 'S17', 'Om :word', 'own', :who)`,
	"app.suggestion_answer": `INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) VALUES (:case, 'threats', 1, ARRAY[:case::uuid], true, 'Om :word', :who)`,
	"app.screening":         `INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), :case, 'clarification', 'Om :word', true, 'x', 'suspicion', :who)`,
	"app.safety_plan":       `INSERT INTO app.safety_plan (id, case_id, version, if_worse, if_not_back, agreed_on, written_by) VALUES (:safety, :case, 1, 'Om :word', 'x', current_date, :who)`,
	"app.safety_contact":    `INSERT INTO app.safety_contact (case_id, plan_id, position, who, how) VALUES (:case, :safety, 1, 'w', 'h')`,
	"app.check_in":          `INSERT INTO app.check_in (id, case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES (:check, :case, now() + interval '1 h', 30, 'c', :who, 't', :who)`,
	"app.prompt":            `INSERT INTO app.prompt (id, case_id, rule, key, note) VALUES (:prompt, :case, 'new_report', '1', 'Om :word')`,
	"app.plan_hand":         `INSERT INTO app.plan_hand (case_id, user_id, at) VALUES (:case, :who, now())`,
	"app.plan_version":      `INSERT INTO app.plan_version (id, case_id, no, submitted_by, submitted_at, authors) VALUES (:version, :case, 1, :who, now(), ARRAY[:who::uuid])`,
	"app.plan_content":      `INSERT INTO app.plan_content (case_id, version_id, content, words) VALUES (:case, :version, '{"goals": "Om :word"}', 'Om :word')`,
	"app.plan_offer":        `INSERT INTO app.plan_offer (case_id, outcome, on_day, words, recorded_by) VALUES (:case, 'offered', current_date - 1, 'Om :word', :who)`,
	"app.sharing":           `INSERT INTO app.sharing (id, case_id, direction, organisation_id, what, legal_basis, purpose, text_enc, file_enc, happened_on, written_by) SELECT :sharing, :case, 'out', o.id, 'Om :word', 'x', 'p', '\x03', '\x04', '2026-01-01', :who FROM app.organisation o LIMIT 1`,
	"app.sharing_hit":       `INSERT INTO app.sharing_hit (case_id, sharing_id, fact_id) VALUES (:case, :sharing, :fact)`,
	"app.decision":          `INSERT INTO app.decision (id, case_id, kind, question, options, put_by) VALUES (:decision, :case, 'beslutning', 'Om :word', 'x', :who), (:decided, :case, 'beslutning', 'Om :word', 'x', :who)`,
	"app.decision_ask": `INSERT INTO app.decision_ask (id, case_id, decision_id, user_id, asked_by) SELECT :asked, :case, :decision, u.id, :who FROM auth.user_account u WHERE u.email = 'coworker@town.test';
		INSERT INTO app.decision_ask (case_id, decision_id, user_id, asked_by) SELECT :case, :decided, u.id, :who FROM auth.user_account u WHERE u.email NOT IN ('responsible@town.test', 'coworker@town.test') AND u.email LIKE '%@town.test'`,
	"app.decision_answer":   `INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) SELECT :case, :asked, 'confirm', u.id FROM auth.user_account u WHERE u.email = 'coworker@town.test'`,
	"app.decision_made":     `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by, made_at) VALUES (:case, :decided, 'beslutning', 'made', 'Om :word', 'x', 'no', :who, now() - interval '91 days')`,
	"app.decision_addition": `INSERT INTO app.decision_addition (case_id, decision_id, body, added_by) VALUES (:case, :decided, 'Om :word', :who)`,
	"app.decision_review": `INSERT INTO app.decision (id, case_id, kind, question, options, put_by) VALUES (:seen, :case, 'beslutning', 'x', 'x', :who); INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by, made_at) VALUES (:case, :seen, 'beslutning', 'made', 'x', 'x', 'no', :who, now() - interval '91 days');
		INSERT INTO app.decision_review (case_id, decision_id, went, words, reviewed_by) VALUES (:case, :seen, 'not', 'Om :word', :who)`,
	"app.draft": `INSERT INTO app.draft (case_id, user_id, form, fields) VALUES (:case, :who, 'note', '{}')`,
}

// inOrder lists the tables of content so that what is pointed at comes first; the rest follows by name.
var inOrder = []string{"app.case_grant", "app.person", "app.plan", "app.plan_phase", "app.plan_step", "app.note", "app.risk_assessment", "app.deadline", "app.safety_plan", "app.plan_version", "app.protected_fact", "app.sharing", "app.decision", "app.decision_ask", "app.decision_made"}

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
	INSERT INTO app.office_setting (municipality, changed_by) SELECT 999, id FROM auth.user_account WHERE email = 'admin@town.test';
	INSERT INTO app.report_draft (id, user_id, answers) SELECT gen_random_uuid(), id, '\x00' FROM auth.user_account WHERE email = 'responsible@town.test';
	INSERT INTO audit.head VALUES ('user:x', 0, sha256('user:x'));`

func caseSQL(name string, team uuid.UUID) string {
	level, closed := strings.TrimPrefix(name, "closed "), strings.HasPrefix(name, "closed ")
	status, closedAt := "open", "NULL"
	if closed {
		status, closedAt = "closed", "now()"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id, status, closed_at)
		VALUES (:case, '%s', '%s', 999, '%s', 'child', %d, :who, '%s', %s);`, ref(name), number(name), team, levels[level], status, closedAt)
	done := map[string]bool{}
	for _, table := range append(append([]string{}, inOrder...), sorted(content)...) {
		if !done[table] {
			b.WriteString(content[table] + ";")
		}
		done[table] = true
	}
	quote := func(id uuid.UUID) string { return "'" + id.String() + "'" }
	words := []string{":case", quote(id(name)), ":who", quote(id("responsible")), ":word", word(name)}
	for _, row := range []string{"person", "fact", "plan", "phase", "step", "note", "report", "risk", "deadline", "safety", "check", "prompt", "version", "sharing", "decision", "decided", "asked", "seen"} {
		words = append([]string{":" + row, quote(id(name + " " + row))}, words...)
	}
	return strings.NewReplacer(words...).Replace(b.String())
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
