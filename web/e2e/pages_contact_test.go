package e2e_test

var contactPages = []visit{{"jonas", "/sager/{case}/sikker-kontakt"}, {"ida", "/underretninger/{unsafe}/kontakt"}, {"ida", "/underretninger/{unsafe}"}, {"mette", "/sager/{case}/fakta/{number}"}, {"mette", "/sager/{case}/fakta/{family}"}}

var contactPlaces = []place{
	{"{unsafe}", `SELECT ref FROM app.report WHERE number LIKE '%-0398'`},
	{"{number} {family}", `
		SELECT (SELECT x.id::text FROM app.protected_fact x JOIN app.person p ON p.id = x.person_id WHERE x.case_id = f.id AND x.kind = 'phone' AND p.is_citizen),
		       (SELECT x.id::text FROM app.protected_fact x JOIN app.person p ON p.id = x.person_id WHERE x.case_id = f.id AND x.kind = 'phone' AND p.name = 'Sami Saleh')
		  FROM app.case_file f WHERE f.number = '2026-0147'`},
}
