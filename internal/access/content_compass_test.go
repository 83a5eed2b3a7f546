package access

var consentRows = []filled{
	{"app.consent", `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) SELECT :consent, :case, o.id, 'Om :word', 'x', 'orally', '2026-01-01', '2099-01-01', :who FROM app.organisation o LIMIT 1`},
	{"app.sharing_file", `INSERT INTO app.sharing_file (case_id, sharing_id, unread, kind, size, content_enc, words_enc) VALUES (:case, :sharing, false, 'text', 1, '\x06', '\x07')`},
}
