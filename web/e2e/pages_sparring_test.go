package e2e_test

var sparringPages = []visit{
	{"mette", "/sparring"}, {"amalie", "/sparring"}, {"amalie", "/sparring/{thread}"}, {"huseyin", "/sparring/{thread}"}, {"jonas", "/sparring/laering"}, {"mette", "/sparring/laering"},
	{"mette", "/sager/{case}/sparring"}, {"mette", "/sager/{case}/sparring/ny"}, {"mette", "/sager/{case}/sparring/{thread}"}, {"jonas", "/sager/{case}/sparring/{thread}"}, {"mette", "/sager/{case}/sparring/{spent}"},
}

var sparringPlaces = []place{
	{"{thread} {spent}", `
		SELECT (SELECT k.id::text FROM app.sparring_case k JOIN app.sparring s ON s.id = k.id WHERE k.case_id = f.id AND s.ended_at IS NULL), (SELECT k.id::text FROM app.sparring_case k JOIN app.sparring s ON s.id = k.id WHERE k.case_id = f.id AND s.ended_at IS NOT NULL)
		FROM app.case_file f WHERE f.number = '2026-0147'`},
}
