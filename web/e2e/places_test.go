package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"samspil/internal/testkit"
)

// place is what the demo has for the names in a path ("{case} {step}"), in the order of the columns.
type place struct{ names, sql string }

// places are the rows that the pages of this file are about.
var places = slices.Concat(
	officePlaces,
	compassPlaces,
	sparringPlaces,
	templatesPlaces,
	forumPlaces,
	guestPlaces,
	rulesPlaces,
	contactPlaces,
	reminderPlaces,
)

var officePlaces = []place{
	{"{case} {step} {note}", `
		SELECT f.ref, (SELECT id::text FROM app.plan_step s WHERE s.case_id = f.id AND s.status = 'open' ORDER BY due_at LIMIT 1), (SELECT id::text FROM app.note n WHERE n.case_id = f.id ORDER BY happened_at DESC LIMIT 1)
		FROM app.case_file f WHERE f.number = '2026-0147'`},
	{"{org} {contact}", `SELECT organisation_id::text, id::text FROM app.contact_person WHERE name LIKE 'Yasmin%'`},
	{"{person} {fact} {part} {sara}", `
		SELECT (SELECT id::text FROM app.person p WHERE p.case_id = f.id AND NOT is_citizen ORDER BY name LIMIT 1), (SELECT id::text FROM app.protected_fact x WHERE x.case_id = f.id ORDER BY id LIMIT 1),
		       (SELECT id::text FROM app.involvement i WHERE i.case_id = f.id AND i.status = 'accepted' ORDER BY id LIMIT 1), (SELECT id::text FROM auth.user_account WHERE email LIKE 'sara@%')
		FROM app.case_file f WHERE f.number = '2026-0147'`},
	{"{shut} {assessment}", `SELECT (SELECT ref FROM app.case_file WHERE number = '2026-0155'), (SELECT r.id::text FROM app.risk_assessment r JOIN app.case_file f ON f.id = r.case_id WHERE f.number = '2026-0147')`},
	{"{deadline}", `SELECT d.id::text FROM app.deadline d JOIN app.case_file f ON f.id = d.case_id WHERE f.number = '2026-0147' AND d.status = 'running' ORDER BY d.due_at, d.id LIMIT 1`},
	{"{checkin} {prompt}", `SELECT (SELECT id::text FROM app.check_in k WHERE k.case_id = f.id ORDER BY agreed_at LIMIT 1), (SELECT id::text FROM app.prompt p WHERE p.case_id = f.id ORDER BY id LIMIT 1)
		FROM app.case_file f WHERE f.number = '2026-0147'`},
	{"{report} {known} {open} {review}", `
		SELECT (SELECT ref FROM app.report WHERE number LIKE '%-0412'), x.ref, (SELECT id::text FROM app.reassessment z WHERE z.report_id = x.id AND of_case IS NULL), (SELECT id::text FROM app.reassessment z WHERE z.report_id = x.id AND of_case IS NOT NULL)
		FROM app.report x WHERE x.number LIKE '%-0405'`},
	{"{decision} {ask} {made}", `
		SELECT (SELECT a.decision_id::text FROM app.decision_ask a WHERE a.case_id = f.id AND a.user_id = f.responsible_id), (SELECT a.id::text FROM app.decision_ask a WHERE a.case_id = f.id AND a.user_id = f.responsible_id),
		       (SELECT m.decision_id::text FROM app.decision_made m WHERE m.case_id = f.id) FROM app.case_file f WHERE f.number = '2026-0147'`},
	{"{team} {member}", `SELECT m.team_id::text, m.user_id::text FROM app.team_member m JOIN app.team t ON t.id = m.team_id WHERE m.is_lead ORDER BY t.name LIMIT 1`},
	{"{sent} {back} {adult}", `SELECT (SELECT ref FROM app.case_file WHERE number = '2026-0097'), (SELECT ref FROM app.case_file WHERE number = '2026-0139'), (SELECT ref FROM app.case_file WHERE number = '2026-0070')`},
	{"{sharing}", `SELECT s.id::text FROM app.sharing s JOIN app.case_file f ON f.id = s.case_id WHERE f.number = '2026-0147' ORDER BY s.status <> 'held', s.id LIMIT 1`},
	{"{no}", `SELECT '1'`},
	{"{section}", `SELECT 'B'`},
	{"{rule}", `SELECT 'threats'`},
	{"{code}", `SELECT 'PLAN_12A'`},
}

// fill puts the demo's ids into a path.
func fill(t testing.TB, o *testkit.Office, path string) string {
	t.Helper()
	for _, p := range places {
		names := strings.Fields(p.names)
		if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(path, name) }) {
			continue
		}
		values := make([]string, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		o.Scan(t, into, p.sql)
		for i, name := range names {
			path = strings.ReplaceAll(path, name, values[i])
		}
	}
	return path
}
