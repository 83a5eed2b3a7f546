package access

// guestRows are a link of a case, with what opens it.
var guestRows = []filled{
	{"app.guest_link", `INSERT INTO app.guest_link (id, case_id, contact_id, about, about_id, created_by, expires_at) SELECT :guest, :case, c.id, 'involvement', i.id, :who, now() + interval '1 day'
		FROM app.contact_person c, app.involvement i WHERE i.case_id = :case LIMIT 1`},
	{"auth.guest_key", `INSERT INTO auth.guest_key (link_id, token_hash) VALUES (:guest, sha256(:guest::text::bytea))`},
}
