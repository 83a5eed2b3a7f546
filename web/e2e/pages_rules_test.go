package e2e_test

var rulesPages = []visit{
	{"lone", "/admin/planregler"}, {"lone", "/admin/planregler/ny"}, {"lone", "/admin/planregler/{planrule}"}, {"jonas", "/overblik/inddragelser"},
	{"mette", "/sager/{case}/netvaerk/mandater"}, {"jonas", "/sager/{case}/netvaerk/mandater"}, {"mette", "/sager/{case}/netvaerk/mandater/{mandatearea}"},
	{"mette", "/sager/{case}/netvaerk/mandater/kvitter/{partnersmandate}"},
}

var rulesPlaces = []place{
	{"{planrule} {mandatearea}", `SELECT 'police_by_level', 'safety'`},
	{"{partnersmandate}", `SELECT m.id::text FROM app.mandate m WHERE m.contact_id IS NOT NULL AND m.part = 'leads' AND NOT EXISTS (SELECT 1 FROM app.mandate_ack k WHERE k.mandate_id = m.id)`},
}
