package e2e_test

var contactPages = []visit{{"jonas", "/sager/{case}/sikker-kontakt"}, {"ida", "/underretninger/{unsafe}/kontakt"}, {"ida", "/underretninger/{unsafe}"}, {"ida", "/underretninger/{called}/telefon/{child}"}, {"mette", "/sager/{case}/fakta/{number}"}, {"mette", "/sager/{case}/fakta/{family}"}}

var contactPlaces = []place{
	{"{called} {child}", `SELECT r.ref, p.id::text FROM app.report r JOIN app.report_person p ON p.report_id = r.id AND p.phone <> '' WHERE r.area = 'child' AND r.concluded_at IS NULL ORDER BY r.received_at DESC, p.id LIMIT 1`},
	{"{unsafe}", `SELECT ref FROM app.report WHERE number LIKE '%-0398'`},
	{"{number} {family}", `
		SELECT (SELECT x.id::text FROM app.protected_fact x JOIN app.person p ON p.id = x.person_id WHERE x.case_id = f.id AND x.kind = 'phone' AND p.is_citizen),
		       (SELECT x.id::text FROM app.protected_fact x JOIN app.person p ON p.id = x.person_id WHERE x.case_id = f.id AND x.kind = 'phone' AND p.name = 'Sami Saleh')
		  FROM app.case_file f WHERE f.number = '2026-0147'`},
}
