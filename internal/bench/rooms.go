package main

// roomsSQL fills what stands around a case: reports and clocks, the register of what is shared, consents, decisions with their
// witnesses, sparring, the map of who leads what, and the forum. It runs between the town and its VACUUM; every open case has some of all.
// Person 500 is an admin.
var roomsSQL = []string{
	`INSERT INTO auth.user_account (id, email, display_name, municipality, role, password_hash) VALUES (pg_temp.id(2, 500), 'p500@bench.test', 'Person 500', 998, 'admin', 'x')`,
	`INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256(convert_to('bench-token-000500-0123456789012345678901234567890', 'UTF8')), pg_temp.id(2, 500), now() + interval '9 h')`,
	`UPDATE app.team SET intake = true WHERE id IN (pg_temp.id(1, 0), pg_temp.id(1, 1))`,
	`CREATE TEMP TABLE o AS SELECT n, f.* FROM generate_series(4, @cases, 4) n JOIN app.case_file f ON f.id = pg_temp.id(3, n)`, // the open ones

	// a report for every tenth case, of which every twentieth is still open
	`INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, registered_at, registered_by, assess_by, receipt_by, assigned_to, assigned_at, acute, assessed_at, assessed_by, outcome, concluded_at, concluded_by)
	 SELECT pg_temp.id(20, n), translate(lpad(to_hex(n * 6871 + 987654321), 8, '0'), 'aeiou', 'xxxxx'), 'U-' || n, 998, f.area, 'professional', x.at, x.at, f.responsible_id, x.at + interval '24 h', x.at + interval '8 days', f.responsible_id, x.at,
	   CASE WHEN done THEN false END, CASE WHEN done THEN x.at + interval '5 h' END, CASE WHEN done THEN f.responsible_id END, CASE WHEN done THEN 'no_further' END, CASE WHEN done THEN x.at + interval '3 days' END, CASE WHEN done THEN f.responsible_id END
	 FROM generate_series(10, @cases, 10) n JOIN app.case_file f ON f.id = pg_temp.id(3, n), LATERAL (SELECT n % 200 <> 0 AS done, CASE WHEN n % 200 = 0 THEN now() - interval '20 h' ELSE now() - make_interval(days => 5 + n % 900) END AS at) x`,
	`INSERT INTO app.report_content (report_id, told) SELECT id, repeat('Læreren fortæller om fravær og om en rejse. ', 8) FROM app.report`,
	`INSERT INTO app.report_person (report_id, is_child, name, born, name_folded) SELECT id, true, 'Barn ' || number, '2012-01-01', 'barn ' || lower(number) FROM app.report`,
	`INSERT INTO app.deadline (report_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, status, met_at, met_by, created_by)
	 SELECT r.id, 'UND_24H', 'report_received', r.received_at, r.received_at, 24, 'hours', 'x', '0.1', 'sourced', true, 'deadline', false, false, false, r.assess_by, CASE WHEN r.assessed_at IS NULL THEN 'running' ELSE 'met' END, r.assessed_at, r.assessed_by, r.registered_by FROM app.report r WHERE r.area = 'child'`,
	`INSERT INTO app.deadline (case_id, team_id, confidentiality, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
	 SELECT o.id, o.team_id, o.confidentiality, c, 'municipality_aware', o.opened_at, o.opened_at, 4, 'months', 'x', '0.1', 'sourced', true, 'deadline', false, false, false, now() + make_interval(days => o.n / 4 % 120 - 10), o.responsible_id FROM o, unnest(ARRAY['BFU_4M','PLAN_3M']) c`,

	`INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by)
	 SELECT pg_temp.id(21, n), id, pg_temp.id(5, 1 + n % 60), 'Fravær og trivsel', 'At skolen kan hjælpe', 'orally', current_date - 20, current_date + 160, responsible_id FROM o`,
	`INSERT INTO app.sharing (id, case_id, direction, organisation_id, contact_id, what, legal_basis, purpose, consent, reason, happened_on, written_by, written_at, purpose_code, age_group, compass, compass_fits, consent_id)
	 SELECT pg_temp.id(22, n * 12 + k), id, CASE k % 3 WHEN 0 THEN 'in' WHEN 1 THEN 'out' ELSE 'refused' END, pg_temp.id(5, 1 + n % 60), pg_temp.id(6, 1 + n % 60), 'Oplysning ' || k || ' om fravær og trivsel', 'CONSENT', 'At skolen kan hjælpe', 'yes', CASE WHEN k % 3 = 2 THEN 'Uden samtykke' ELSE '' END,
	   current_date - k, responsible_id, now() - make_interval(days => k), 'prevention', '15_17', '0.1', true, CASE WHEN k % 3 = 1 THEN pg_temp.id(21, n) END FROM o, generate_series(0, 11) k`,

	`INSERT INTO app.decision (id, case_id, kind, question, options, leaning, put_by, put_at)
	 SELECT pg_temp.id(23, n * 4 + k), id, 'beslutning', 'Skal vi tale med skolen igen?', 'Ja. Nej. Vent.', 'Ja.', responsible_id, now() - make_interval(days => 3 + k * 9) FROM o, generate_series(0, 3) k`,
	`INSERT INTO app.decision_ask (id, case_id, team_id, confidentiality, decision_id, user_id, contact_id, asked_by, asked_at, settled_at)
	 SELECT pg_temp.id(24, n * 8 + k * 2 + w), id, team_id, confidentiality, pg_temp.id(23, n * 4 + k), CASE WHEN w = 0 THEN pg_temp.id(2, 20 * (n % 25)) END, CASE WHEN w = 1 THEN pg_temp.id(6, 1 + n % 60) END, responsible_id, now() - make_interval(days => 3 + k * 9),
	   CASE WHEN k > 0 THEN now() - make_interval(days => 2 + k * 9) END FROM o, generate_series(0, 3) k, generate_series(0, 1) w`,
	`INSERT INTO app.decision_answer (case_id, ask_id, outcome, remarks, written_by, answered_at)
	 SELECT id, pg_temp.id(24, n * 8 + k * 2 + w), 'confirm_remarks', 'Enig, hvis det er på skolen.', pg_temp.id(2, 20 * (n % 25)), now() - make_interval(days => 2 + k * 9) FROM o, generate_series(1, 3) k, generate_series(0, 1) w`,
	`INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by, made_at)
	 SELECT id, pg_temp.id(23, n * 4 + k), 'beslutning', 'made', 'Ja.', 'Der er en voksen, hun stoler på.', 'no', responsible_id, now() - make_interval(days => 1 + k * 9) FROM o, generate_series(1, 3) k`,

	// every second open case asks colleagues of the team and the lead
	`INSERT INTO app.sparring (id, municipality, question, body, due_on, put_by, put_at, ended_at, ended_by, helped, helped_words)
	 SELECT pg_temp.id(25, n), 998, 'Hvordan taler man med en ung om en rejse?', repeat('En ung er bange for en rejse. ', 12), current_date + 3, responsible_id, now() - make_interval(days => n % 60), CASE WHEN n % 24 <> 0 THEN now() END, CASE WHEN n % 24 <> 0 THEN responsible_id END, CASE WHEN n % 24 <> 0 THEN 'yes' END,
	   CASE WHEN n % 24 <> 0 THEN 'Spørg til dato og pas.' ELSE '' END FROM o WHERE n % 8 = 0`,
	`INSERT INTO app.sparring_case (id, case_id, team_id, confidentiality) SELECT pg_temp.id(25, n), id, team_id, confidentiality FROM o WHERE n % 8 = 0`,
	`INSERT INTO app.sparring_ask (id, sparring_id, user_id, asked_by, asked_at, settled_at) SELECT pg_temp.id(26, n * 3 + k), pg_temp.id(25, n), x.u, responsible_id, now() - make_interval(days => n % 60), CASE WHEN n % 24 <> 0 THEN now() END
	 FROM o, generate_series(0, 2) k, LATERAL (SELECT pg_temp.id(2, 20 * ((n + k) % 25) + 1 + (n / 8 + k * 3) % 19) AS u) x WHERE n % 8 = 0 AND x.u <> responsible_id`,
	`INSERT INTO app.sparring_message (sparring_id, ask_id, kind, body, author, said_at) SELECT a.sparring_id, a.id, 'answer', repeat('Spørg til dato, pas og hvem der rejser med. ', 4), a.user_id, a.asked_at + interval '1 h' FROM app.sparring_ask a WHERE a.settled_at IS NOT NULL`,

	`INSERT INTO app.mandate_area (id, case_id, code, changed_by) SELECT pg_temp.id(27, n * 8 + k), id, (ARRAY['safety','risk','citizen','family','decisions','home','school','health'])[1 + k], responsible_id FROM o, generate_series(0, 7) k`,
	`INSERT INTO app.mandate (id, case_id, area_id, user_id, contact_id, part, given_by)
	 SELECT pg_temp.id(28, n * 16 + k * 2 + w), id, pg_temp.id(27, n * 8 + k), CASE WHEN w = 0 THEN responsible_id END, CASE WHEN w = 1 THEN pg_temp.id(6, 1 + n % 180) END, CASE w WHEN 0 THEN 'leads' ELSE 'takes_part' END, responsible_id FROM o, generate_series(0, 7) k, generate_series(0, 1) w`,
	`INSERT INTO app.mandate_ack (case_id, mandate_id, on_day, written_by) SELECT id, pg_temp.id(28, n * 16 + k * 2), current_date, responsible_id FROM o, generate_series(0, 7) k`,

	// a forum of 25 teams' leads and 12 partners that meets 40 times, each time with 10 items, of which everybody has a slice
	`INSERT INTO app.forum (id, municipality, name, frame, rhythm, run_by) VALUES (pg_temp.id(29, 1), 998, 'Myndighedsforum', 'SSP', 'weekly', pg_temp.id(2, 0))`,
	`INSERT INTO app.forum_meeting (id, municipality, forum_id, frame, starts_at, place, state, ended_at, led_by)
	 SELECT pg_temp.id(30, m), 998, pg_temp.id(29, 1), 'SSP', now() + make_interval(days => 7 - 7 * m), 'Rådhuset', CASE WHEN m = 0 THEN 'planned' ELSE 'held' END, CASE WHEN m > 0 THEN now() + make_interval(days => 7 - 7 * m) END, pg_temp.id(2, 0) FROM generate_series(0, 39) m`,
	`INSERT INTO app.forum_seat (id, meeting_id, user_id, contact_id, added_by, attendance, promised_at)
	 SELECT pg_temp.id(31, m * 40 + s), pg_temp.id(30, m), CASE WHEN s < 25 THEN pg_temp.id(2, s * 20) END, CASE WHEN s >= 25 THEN pg_temp.id(6, s) END, pg_temp.id(2, 0), 'present', now() FROM generate_series(0, 39) m, generate_series(0, 36) s`,
	`INSERT INTO app.forum_item (id, meeting_id, position, naming, title, body, basis, put_by)
	 SELECT pg_temp.id(32, m * 10 + i), pg_temp.id(30, m), i, 'anonymous', 'Punkt ' || i, repeat('En ung er bange for en rejse. ', 8), 'ANONYMOUS', pg_temp.id(2, 0) FROM generate_series(0, 39) m, generate_series(0, 9) i`,
	`INSERT INTO app.forum_item_case (id, case_id) SELECT i.id, (SELECT o.id FROM o ORDER BY o.n LIMIT 1) FROM app.forum_item i`,
	`INSERT INTO app.forum_slice (item_id, seat_id, meeting_id, question, given_at) SELECT i.id, s.id, i.meeting_id, 'Hvad ved I om rejsen?', now() FROM app.forum_item i JOIN app.forum_seat s ON s.meeting_id = i.meeting_id`,
	`INSERT INTO app.forum_answer (item_id, seat_id, outcome, words, written_by) SELECT f.item_id, f.seat_id, 'cannot_share', 'Ingen hjemmel.', pg_temp.id(2, 0) FROM app.forum_slice f JOIN app.forum_meeting m ON m.id = f.meeting_id WHERE m.state = 'held'`,
}
