package e2e_test

var compassPages = []visit{
	{"mette", "/sager/{case}/delinger/kompas"}, {"mette", "/sager/{case}/delinger/kompas?hvem=type:police_district&formaal=prevention"}, {"mette", "/sager/{case}/delinger/kompas?hvem=type:housing_association&formaal=task"},
	{"mette", "/sager/{case}/samtykker"}, {"mette", "/sager/{case}/samtykker/ny"}, {"mette", "/sager/{case}/samtykker/{consent}"}, {"mette", "/sager/{case}/samtykker/{gone}"},
}

var compassPlaces = []place{
	{"{consent} {gone}", `
		SELECT (SELECT c.id::text FROM app.consent c WHERE c.case_id = f.id AND c.withdrawn_on IS NULL ORDER BY c.expires_on LIMIT 1), (SELECT c.id::text FROM app.consent c WHERE c.case_id = f.id AND c.withdrawn_on IS NOT NULL LIMIT 1)
		FROM app.case_file f WHERE f.number = '2026-0147'`},
}
