package access

// guestRows are a link of a case, with what opens it, what was told and what was said.
var guestRows = []filled{
	{"app.guest_link", `INSERT INTO app.guest_link (id, case_id, contact_id, about, about_id, created_by, expires_at) SELECT :guest, :case, c.id, 'involvement', i.id, :who, now() + interval '1 day'
		FROM app.contact_person c, app.involvement i WHERE i.case_id = :case LIMIT 1`},
	{"auth.guest_key", `INSERT INTO auth.guest_key (link_id, token_hash) VALUES (:guest, sha256(:guest::text::bytea))`},
	{"app.guest_request", `INSERT INTO app.guest_request SELECT :case, :guest, s.id FROM app.sharing s WHERE s.case_id = :case LIMIT 1`},
	{"app.guest_step", `INSERT INTO app.guest_step VALUES (:case, :guest, :step, 1)`},
	{"app.guest_answer", `INSERT INTO app.guest_answer (case_id, link_id, kind, words) VALUES (:case, :guest, 'asked_back', 'Om :word')`},
	{"app.guest_file", `INSERT INTO app.guest_file (id, case_id, link_id, name_enc, content_enc, type, size) VALUES (:gfile, :case, :guest, '\x01', '\x02', 'txt', 1)`},
}
