package access

// A meeting with one item of the case: its words hold the word, so that what reaches a seat shows.
var forumRows = []filled{
	{"app.forum_item_case", `INSERT INTO app.forum_meeting (id, municipality, frame, starts_at, led_by) SELECT :meeting, 999, 'SSP', now() + interval '1 day', u.id FROM auth.user_account u WHERE u.email = 'newcomer@town.test';
		INSERT INTO app.forum (municipality, name, frame, rhythm, run_by) VALUES (999, 'Forum', 'SSP', 'none', :who);
		INSERT INTO app.forum_seat (id, meeting_id, user_id, added_by, promised_at) SELECT :seat, :meeting, u.id, :who, now() FROM auth.user_account u WHERE u.email = 'newcomer@town.test';
		INSERT INTO app.forum_item_case (id, case_id) VALUES (:item, :case);
		INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, put_by) VALUES (:item, :meeting, 'anonymous', 'Om :word', 'Om :word', 'ANONYMOUS', :who);
		INSERT INTO app.forum_slice (item_id, seat_id, meeting_id, extra) VALUES (:item, :seat, :meeting, 'Om :word');
		INSERT INTO app.forum_answer (item_id, seat_id, outcome, words, written_by) VALUES (:item, :seat, 'answered', 'Om :word', :who);
		INSERT INTO app.forum_action (id, item_id, seat_id, what, due_on, made_by) VALUES (:action, :item, :seat, 'Om :word', current_date, :who);
		INSERT INTO app.forum_report (action_id, state, words, written_by) VALUES (:action, 'not_done', 'Om :word', :who)`},
	{"app.forum_approval", `INSERT INTO app.forum_approval (case_id, item_id, outcome, answered_by) VALUES (:case, :item, 'approved', :who)`},
	{"app.forum_given", `INSERT INTO app.forum_given (case_id, item_id, seat_id, given_by) VALUES (:case, :item, :seat, :who)`},
	{"app.forum_action_step", `INSERT INTO app.forum_action_step (case_id, action_id, step_id) VALUES (:case, :action, :step)`},
	{"app.forum_item_consent", `INSERT INTO app.forum_item_consent (case_id, item_id, consent_id) VALUES (:case, :item, :consent)`},
	{"app.forum_released", `INSERT INTO app.forum_released (case_id, item_id, seat_id, sharing_id, put_by) VALUES (:case, :item, :seat, :sharing, :who)`},
}
