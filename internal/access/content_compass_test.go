package access

var consentRows = []filled{
	{"app.consent", `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) SELECT :consent, :case, o.id, 'Om :word', 'x', 'orally', '2026-01-01', '2099-01-01', :who FROM app.organisation o LIMIT 1`},
}
