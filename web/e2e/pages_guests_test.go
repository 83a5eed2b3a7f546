package e2e_test

// guestPages are those of the links to partners without an account. Behind the door is TestAPartnerAnswersBesideTheCaseworker.
var guestPages = []visit{
	{"mette", "/sager/{case}/netvaerk/{linked}/link"}, {"jonas", "/sager/{case}/netvaerk/{linked}/link"}, {"mette", "/sager/{case}/netvaerk/{part}/link"}, {"", "/g/{secret}"},
}

var guestPlaces = []place{
	{"{linked}", `SELECT l.about_id::text FROM app.guest_link l JOIN app.case_file f ON f.id = l.case_id WHERE f.number = '2026-0147'`},
	{"{secret}", `SELECT 'a-secret-of-thirty-two-characters'`},
}
