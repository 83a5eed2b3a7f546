package demo_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/db"
	"samspil/internal/demo"
	"samspil/internal/fault"
	"samspil/internal/schema"
	"samspil/internal/testkit"
)

func TestDemoMunicipalityIsLoadedOnceAndWhole(t *testing.T) {
	ctx, url := t.Context(), testkit.Fresh(t)
	if err := schema.Up(ctx, url, testkit.Keys); err != nil {
		t.Fatal(err)
	}
	if err := demo.Seed(ctx, url, testkit.Keys); err != nil {
		t.Fatal(err)
	}
	if err := demo.Seed(ctx, url, testkit.Keys); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("loaded over itself: %v", err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for what, q := range map[string]string{
		"15 users":                   `SELECT count(*) = 15 FROM auth.user_account`,
		"60 cases":                   `SELECT count(*) = 60 FROM app.case_file`,
		"30 organisations":           `SELECT count(*) >= 30 FROM app.organisation`,
		"45 contact persons":         `SELECT count(*) >= 45 FROM app.contact_person`,
		"all phases":                 `SELECT count(DISTINCT phase) = 9 FROM app.case_file`,
		"all confidentialities":      `SELECT count(DISTINCT confidentiality) = 3 FROM app.case_file`,
		"all severities, and none":   `SELECT count(DISTINCT coalesce(severity, '')) = 5 FROM app.case_file`,
		"steps over time":            `SELECT count(*) >= 5 FROM app.plan_step WHERE status <> 'done' AND due_at < now()`,
		"steps due today":            `SELECT count(*) >= 1 FROM app.plan_step WHERE status <> 'done' AND (due_at AT TIME ZONE 'Europe/Copenhagen')::date = (now() AT TIME ZONE 'Europe/Copenhagen')::date`,
		"every deadline of the demo": `SELECT count(*) = 16 FROM app.deadline WHERE case_id IS NOT NULL`,
		"deadlines kept, broken, over time, paused and near": `SELECT bool_or(met_at <= due_at) AND bool_or(met_at > due_at) AND bool_or(status = 'running' AND due_at < now()) AND bool_or(status = 'paused')
			AND bool_or(status = 'running' AND due_at BETWEEN now() AND now() + interval '14 days') FROM app.deadline WHERE case_id IS NOT NULL`,
		"clocks of reports, as the reports say": `SELECT bool_and(d.due_at = CASE d.code WHEN 'UND_24H' THEN x.assess_by ELSE x.receipt_by END AND (d.code <> 'UND_24H' OR d.met_at IS NOT DISTINCT FROM x.assessed_at)) AND count(*) > 7
			FROM app.deadline d JOIN app.report x ON x.id = d.report_id`,
		"a stand-in with cases, and one who is asked": `SELECT (SELECT count(*) FROM app.case_grant WHERE absence_id IS NOT NULL AND revoked_at IS NULL) > 2 AND EXISTS (SELECT 1 FROM app.absence WHERE state = 'asked')`,
		"an area that nobody leads, and one that two lead": `SELECT bool_or(n = 2) AND count(*) = 8 AND (SELECT count(*) = 2 FROM app.mandate m WHERE m.part = 'leads' AND NOT EXISTS (SELECT 1 FROM app.mandate_ack k WHERE k.mandate_id = m.id) AND m.user_id IS NOT NULL)
			FROM (SELECT count(*) AS n FROM app.mandate WHERE part = 'leads' AND area_id IN (SELECT id FROM app.mandate_area WHERE code <> '') GROUP BY area_id) x`,
		"partners whom a rule asked for": `SELECT count(*) = 4 FROM app.involvement WHERE plan_rule_id IS NOT NULL`,
		"a step that waits":              `SELECT count(*) = 1 FROM app.plan_step WHERE 'risk_signed' = ANY (waits_for) AND released_at IS NULL AND due_at IS NULL AND status = 'open'`,
		"a trail that holds":             `SELECT NOT EXISTS (SELECT 1 FROM audit.verify())`,
		"nothing from the future":        `SELECT NOT EXISTS (SELECT 1 FROM app.case_event WHERE at > now()) AND NOT EXISTS (SELECT 1 FROM app.note WHERE happened_at > now())`,
		"CPR numbers of nobody":          `SELECT NOT EXISTS (SELECT 1 FROM app.person WHERE cpr_masked <> '' AND left(cpr_masked, 2)::int < 61)`,
		"one responsible everywhere":     `SELECT NOT EXISTS (SELECT 1 FROM app.case_file f WHERE (SELECT count(*) FROM app.case_grant g WHERE g.case_id = f.id AND g.kind = 'responsible' AND g.user_id = f.responsible_id) <> 1)`,
		"steps in hands that may open the case": `SELECT NOT EXISTS (SELECT 1 FROM app.plan_step s JOIN app.case_file f ON f.id = s.case_id
			WHERE s.responsible_user IS NOT NULL AND s.status <> 'done' AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id = s.responsible_user)
			  AND NOT EXISTS (SELECT 1 FROM app.team_member m WHERE m.team_id = f.team_id AND m.user_id = s.responsible_user AND m.is_lead))`,
	} {
		var ok bool
		if err := conn.QueryRow(ctx, q).Scan(&ok); err != nil || !ok {
			t.Errorf("%s: %v, %v", what, ok, err)
		}
	}
}

func TestDennisDoesNotFindTheCaseHeIsExcludedFrom(t *testing.T) {
	o := testkit.NewDemo(t)
	dennis, mette := o.As(t, "dennis@ellehoej.test"), o.As(t, "mette@ellehoej.test")
	var ref string
	o.Scan(t, []any{&ref}, `SELECT f.ref FROM app.case_file f JOIN app.case_exclusion x ON x.case_id = f.id JOIN auth.user_account u ON u.id = x.user_id WHERE u.email LIKE 'dennis%'`)
	if _, err := o.DB.Open(t.Context(), mette, db.Case{Ref: ref}); err != nil {
		t.Errorf("Mette opens her own case: %v", err)
	}
	if _, err := o.DB.Open(t.Context(), dennis, db.Case{Ref: ref}); !errors.Is(err, fault.NotFound) {
		t.Errorf("Dennis opens it too: %v", err)
	}
}
