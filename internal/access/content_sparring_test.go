package access

var sparringRows = []filled{
	{"app.sparring_case", `INSERT INTO app.sparring (id, municipality, question, body, put_by) SELECT :sparring, u.municipality, 'x', 'x', u.id FROM auth.user_account u WHERE u.id = :who;
		INSERT INTO app.sparring_case (id, case_id) VALUES (:sparring, :case);
		INSERT INTO app.sparring_ask (id, sparring_id, user_id, asked_by) SELECT :sparringask, :sparring, u.id, :who FROM auth.user_account u WHERE u.email = 'newcomer@town.test';
		INSERT INTO app.sparring_ask (sparring_id, user_id, asked_by) SELECT :sparring, u.id, :who FROM auth.user_account u WHERE u.email IN ('excl_responsible@town.test', 'foreign@town.test', 'admin@town.test');
		INSERT INTO app.sparring_ask (sparring_id, contact_id, asked_by) SELECT :sparring, c.id, :who FROM app.contact_person c LIMIT 1;
		INSERT INTO app.sparring_message (sparring_id, ask_id, kind, body, author) SELECT :sparring, :sparringask, 'answer', 'x', u.id FROM auth.user_account u WHERE u.email = 'newcomer@town.test';
		INSERT INTO app.sparring_named (sparring_id, body, legal_basis, purpose, consent, named_by) VALUES (:sparring, 'Om :word', 'CONSENT', 'x', 'yes', :who);
		INSERT INTO app.sparring_learning (sparring_id, municipality, title, body, proposed_by) VALUES (:sparring, 999, 'x', 'x', :who)`},
}
