package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/db"
	"samspil/internal/keys"
)

// town is what was built, and whom to measure as.
type town struct {
	worker, lead string // session tokens; person 0 leads the team in which person 7 works
	admin        string // person 500
	workerCase   string // the reference of a case of the caseworker's
	meeting      uuid.UUID
	guest        db.Guest // a partner of that case, behind a link
}

// token is the session token of person n.
func token(n int) string { return fmt.Sprintf("bench-token-%06d-0123456789012345678901234567890", n) }

// build fills the database: 25 teams of 19 caseworkers and a lead; every caseworker is responsible for as many cases
// and co-worker on one more for each. Triggers sleep meanwhile; what they would have filled in is filled in here.
func build(ctx context.Context, url string, k keys.Keys, cases int) (town, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return town{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	t, begun := town{worker: token(7), lead: token(0), admin: token(500), meeting: uuid.MustParse("0000001e-0000-4000-8000-000000000000")}, time.Now()
	var built bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM app.case_file)`).Scan(&built); err != nil {
		return t, err
	}
	if built { // kept from an earlier run
		_, err = conn.Exec(ctx, `UPDATE auth.session SET last_seen_at = now(), expires_at = now() + interval '9 h'`)
		return t.find(ctx, conn, k, err)
	}
	for _, sql := range slices.Concat(townSQL, roomsSQL, lastSQL) {
		if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol, pgx.NamedArgs{"cases": cases}); err != nil {
			return t, fmt.Errorf("%w in\n%s", err, sql)
		}
	}
	fmt.Printf("town of %d cases built in %.0f s\n", cases, time.Since(begun).Seconds())
	return t.find(ctx, conn, k, nil)
}

// find looks for a case of the caseworker; their lead may open it too. A partner of that case gets a link and goes in.
func (t town) find(ctx context.Context, conn *pgx.Conn, k keys.Keys, err error) (town, error) {
	if err != nil {
		return t, err
	}
	err = conn.QueryRow(ctx, `SELECT f.ref FROM app.case_file f JOIN auth.user_account u ON u.id = f.responsible_id WHERE u.email = 'p7@bench.test' AND f.status = 'open' ORDER BY f.number LIMIT 1`).Scan(&t.workerCase)
	if err != nil {
		return t, err
	}
	var link uuid.UUID
	err = conn.QueryRow(ctx, `SELECT app._guest_link(f.id, i.contact_id, 'involvement', i.id, 14) FROM app.case_file f JOIN app.involvement i ON i.case_id = f.id WHERE f.ref = $1 ORDER BY i.id LIMIT 1`, t.workerCase).Scan(&link)
	if err != nil {
		return t, err
	}
	// what the link shows was written to them
	var file, told uuid.UUID
	err = conn.QueryRow(ctx, `SELECT s.case_id, s.id FROM app.sharing s JOIN app.case_file f ON f.id = s.case_id WHERE f.ref = $1 AND s.direction = 'out' ORDER BY s.id LIMIT 1`, t.workerCase).Scan(&file, &told)
	if err != nil {
		return t, err
	}
	text := k.Seal(keys.Where{Column: "sharing.text", CaseID: file, RowID: told}, "Kan I sige, hvordan det går i klassen?")
	for sql, args := range map[string][]any{
		`UPDATE app.sharing SET text_enc = $1 WHERE id = $2`: {text, told},
		`INSERT INTO app.guest_request VALUES ($1, $2, $3)`:  {file, link, told},
	} {
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			return t, err
		}
	}
	t.guest = db.Guest{Token: k.LinkToken(link), Session: strings.Repeat(strings.ReplaceAll(uuid.NewString(), "-", ""), 2)}
	sum := sha256.Sum256([]byte(t.guest.Token))
	if _, err := conn.Exec(ctx, `SELECT app.job_guest_key($1, $2)`, link, sum[:]); err != nil {
		return t, err
	}
	var in bool
	err = conn.QueryRow(ctx, `SELECT auth.guest_enter($1, coalesce(app._guest_code($2), ''), 'bench', $3)`, t.guest.Token, link, t.guest.Session).Scan(&in)
	if err == nil && !in {
		err = errors.New("the partner's door stays shut")
	}
	return t, err
}

// uid and friends make ids of numbers, so that everything can point at everything.
const idSQL = `
	CREATE FUNCTION pg_temp.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
	$$ SELECT (lpad(to_hex(kind), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`

var townSQL = []string{
	idSQL,
	`SET session_replication_role = replica`,
	`INSERT INTO app.municipality VALUES (998, 'Store Kommune')`,
	`INSERT INTO app.team (id, municipality, area, name) SELECT pg_temp.id(1, t), 998, CASE WHEN t % 2 = 0 THEN 'child' ELSE 'adult' END, 'Team ' || t FROM generate_series(0, 24) t`,
	`INSERT INTO auth.user_account (id, email, display_name, municipality, role, password_hash)
	 SELECT pg_temp.id(2, n), 'p' || n || '@bench.test', 'Person ' || n, 998, CASE WHEN n % 20 = 0 THEN 'team_lead' ELSE 'caseworker' END, 'x' FROM generate_series(0, 499) n`,
	`INSERT INTO app.team_member (team_id, user_id, is_lead) SELECT pg_temp.id(1, n / 20), pg_temp.id(2, n), n % 20 = 0 FROM generate_series(0, 499) n`,
	`INSERT INTO auth.session (token_hash, user_id, expires_at)
	 SELECT sha256(convert_to('bench-token-' || lpad(n::text, 6, '0') || '-0123456789012345678901234567890', 'UTF8')), pg_temp.id(2, n), now() + interval '9 h' FROM generate_series(0, 499) n`,
	// the responsible of case n is caseworker 20*(n % 25) + 1 + (n / 25) % 19
	`INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id, status, severity, severity_set_at, phase, opened_at, closed_at, active_at, first_partner_at, has_plan)
	 SELECT pg_temp.id(3, n), translate(lpad(to_hex(n * 7919 + 1234567), 8, '0'), 'aeiou', 'xxxxx'), '2026-' || lpad(n::text, 6, '0'), 998, pg_temp.id(1, n % 25), CASE WHEN n % 25 % 2 = 0 THEN 'child' ELSE 'adult' END,
	   CASE n % 10 WHEN 0 THEN 0 WHEN 9 THEN 2 ELSE 1 END, pg_temp.id(2, 20 * (n % 25) + 1 + (n / 25) % 19), CASE WHEN n % 4 = 0 THEN 'open' ELSE 'closed' END,
	   (ARRAY['green','yellow','orange','red',NULL])[1 + n % 5], now() - make_interval(days => n % 300), 'P' || n % 8, now() - make_interval(days => n % 700),
	   CASE WHEN n % 4 <> 0 THEN now() - make_interval(days => n % 100) END, now() - make_interval(mins => n % 80000), now() - make_interval(days => n % 300), n % 3 > 0
	 FROM generate_series(1, @cases) n`,
	`INSERT INTO app.citizen_label SELECT id, team_id, confidentiality, 'Borger ' || right(number, 4), '2009-01-01'::date + (hashtext(number) % 3000) FROM app.case_file`,
	`INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) SELECT id, responsible_id, 'responsible', responsible_id FROM app.case_file`,
	`INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) SELECT pg_temp.id(3, n), pg_temp.id(2, 20 * (n % 25) + 1 + (n / 25 + 5) % 19), 'coworker', pg_temp.id(2, 0) FROM generate_series(1, @cases) n WHERE n % 4 = 0`,
	`INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) SELECT pg_temp.id(3, n), pg_temp.id(2, (n * 13) % 500), 'creation', pg_temp.id(2, 0) FROM generate_series(1, @cases) n WHERE n % 50 = 0`,
	`INSERT INTO app.person (id, case_id, is_citizen, name, born, relation, conflict_role, name_folded)
	 SELECT pg_temp.id(4, n * 4 + k), pg_temp.id(3, n), k = 0, 'Person ' || n || ' ' || k, '2009-01-01', CASE k WHEN 0 THEN '' ELSE 'familie' END, (ARRAY['unknown','supports','pressures','threatens'])[1 + k], 'person ' || n || ' ' || k
	 FROM generate_series(1, @cases) n, generate_series(0, 3) k`,
	`INSERT INTO app.case_profile (case_id, situation) SELECT id, repeat('Borgeren fortæller om kontrol i hverdagen. ', 12) FROM app.case_file`,
	`INSERT INTO app.safe_contact (case_id, never) SELECT id, 'Ring aldrig til hjemmet' FROM app.case_file`,
	`INSERT INTO app.organisation (id, name, kind, partner_type) SELECT pg_temp.id(5, n), 'Organisation ' || n, CASE WHEN n % 2 = 0 THEN 'external' ELSE 'internal' END,
	   (ARRAY['school','police_district','police_resource_person','security_consultant','crisis_centre','childrens_house','red_advice','key_person_team','healthcare','ppr'])[1 + n % 10] FROM generate_series(1, 60) n`,
	`INSERT INTO app.contact_person (id, organisation_id, name, phone, secure_mail, verified_on) SELECT pg_temp.id(6, n), pg_temp.id(5, 1 + n % 60), 'Kontakt ' || n, '00 12 34 56', 'k' || n || '@bench.test', current_date - n FROM generate_series(1, 180) n`,
	`INSERT INTO app.contact_hours SELECT pg_temp.id(6, n), 'regular', d, 480, 960 FROM generate_series(1, 180) n, generate_series(1, 5) d`,
	`INSERT INTO app.involvement (id, case_id, team_id, confidentiality, organisation_id, contact_id, responsible_for, origin, status, added_by, asked_at)
	 SELECT pg_temp.id(7, n * 3 + k), f.id, f.team_id, f.confidentiality, pg_temp.id(5, 1 + (n + k * 7) % 60), pg_temp.id(6, 1 + (n + k * 7) % 180), 'En del af sagen', 'from_plan', CASE k WHEN 0 THEN 'accepted' ELSE 'requested' END, f.responsible_id, f.opened_at + interval '3 days'
	 FROM generate_series(1, @cases) n JOIN app.case_file f ON f.id = pg_temp.id(3, n), generate_series(0, 1) k`,
	`INSERT INTO app.plan (id, case_id, template_code, started_by) SELECT pg_temp.id(8, n), f.id, 'T3', f.responsible_id FROM generate_series(1, @cases) n JOIN app.case_file f ON f.id = pg_temp.id(3, n) WHERE f.has_plan`,
	`INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) SELECT pg_temp.id(9, n * 2 + k), pg_temp.id(3, n), pg_temp.id(8, n), 'Fase ' || k, k FROM generate_series(1, @cases) n, generate_series(0, 1) k WHERE n % 3 > 0`,
	`INSERT INTO app.plan_step (id, case_id, team_id, confidentiality, phase_id, position, title, partner_type, responsible_user, responsible_contact, due_at, status, done_at, created_by)
	 SELECT pg_temp.id(10, n * 6 + k), f.id, f.team_id, f.confidentiality, pg_temp.id(9, n * 2 + k / 3), k, 'Trin ' || k || ' i planen', CASE k WHEN 4 THEN 'security_consultant' ELSE '' END,
	   CASE WHEN k < 4 THEN f.responsible_id END, CASE WHEN k = 5 THEN pg_temp.id(6, 1 + n % 180) END, now() + make_interval(days => (n * 7 + k * 11) % 120 - 20),
	   CASE WHEN k < 2 OR f.status = 'closed' THEN 'done' ELSE 'open' END, CASE WHEN k < 2 OR f.status = 'closed' THEN now() - interval '9 days' END, f.responsible_id
	 FROM generate_series(1, @cases) n JOIN app.case_file f ON f.id = pg_temp.id(3, n), generate_series(0, 5) k WHERE n % 3 > 0`,
	`INSERT INTO app.note (id, case_id, kind, body, happened_at, author)
	 SELECT pg_temp.id(11, n * 10 + k), f.id, 'phone', repeat('Samtale om planen og om de næste trin, som aftalt med partneren. ', 6), now() - make_interval(days => k * 9 + n % 9), f.responsible_id
	 FROM generate_series(1, @cases) n JOIN app.case_file f ON f.id = pg_temp.id(3, n), generate_series(0, 9) k`,
	`INSERT INTO app.case_event (id, case_id, at, actor, kind, data)
	 SELECT pg_temp.id(12, n * 5 + k), f.id, now() - make_interval(days => k * 5 + n % 30), f.responsible_id, (ARRAY['note.written','step.done','step.added','involvement.requested','plan.started'])[1 + k], '{"title": "Trin", "kind": "phone", "template": "T3", "organisation": "Organisation"}'
	 FROM generate_series(1, @cases) n JOIN app.case_file f ON f.id = pg_temp.id(3, n), generate_series(0, 4) k`,
	`UPDATE app.case_file f SET partners = 2, next_due_at = coalesce((SELECT min(s.due_at) FROM app.plan_step s WHERE s.case_id = f.id AND s.status = 'open'), 'infinity')`,
}

// lastSQL ends the building.
var lastSQL = []string{
	`SET session_replication_role = origin`,
	`VACUUM (ANALYZE)`,
}
