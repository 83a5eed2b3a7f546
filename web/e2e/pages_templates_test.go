package e2e_test

// The templates of the demo: T3 has a version of the municipality's own, of which {newer} has not heard, and T1 a draft.
var templatesPages = []visit{
	{"lone", "/admin/skabeloner"}, {"lone", "/admin/skabeloner/ny"}, {"lone", "/admin/skabeloner/importer"},
	{"lone", "/admin/skabeloner/{template}"}, {"lone", "/admin/skabeloner/{ours}"}, {"lone", "/admin/skabeloner/{template}/om"},
	{"lone", "/admin/skabeloner/{template}/fase/{fase}"}, {"lone", "/admin/skabeloner/{template}/fase/ny"},
	{"lone", "/admin/skabeloner/{template}/trin/{piece}"}, {"lone", "/admin/skabeloner/{template}/trin/ny"},
	{"lone", "/admin/skabeloner/{template}/udgiv"}, {"lone", "/admin/skabeloner/{ours}/sammenlign?fra=0.1&til=1"},
	{"mette", "/sager/{newer}/handlingsplan/skabelon"}, {"mette", "/sager/{newer}/handlingsplan"},
}

var templatesPlaces = []place{
	{"{template} {fase} {ours}", `SELECT 'T1', 'T1.1', 'T3'`},
	{"{piece}", `SELECT 'T1.1.1'`},
	{"{newer}", `SELECT f.ref FROM app.case_file f JOIN app.plan p ON p.case_id = f.id JOIN auth.user_account u ON u.id = f.responsible_id
		WHERE p.template_code = 'T3' AND u.email LIKE 'mette@%' AND f.status = 'open' AND f.confidentiality < 2 ORDER BY f.number DESC LIMIT 1`},
}
