package main

// forumMutations are the rules about what a seat at a meeting sees, each broken once.
var forumMutations = []mutation{
	{"a seat sees the slices of others", "EachSeat", q(`OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND given_at IS NOT NULL AND item_id = ANY`), `OR item_id = ANY`},
	{"a seat sees an item before the promise", "Promise", q(` AND s.promised_at IS NOT NULL AND NOT auth._excluded(auth.uid(), k.case_id));`), ` AND NOT auth._excluded(auth.uid(), k.case_id));`},
	{"who is kept out finds the item at the table", "KeptOut", q(` AND NOT auth._excluded(auth.uid(), k.case_id));`), `);`},
	{"who leads is told of a case that they are kept out of", "KeptOut", q(`i.withdrawn_at IS NULL AND NOT auth._excluded(auth.uid(), k.case_id)`), `i.withdrawn_at IS NULL`},
	{"who is kept out is given a slice", "KeptOut", q(`IF s.user_id IS NOT NULL AND auth._excluded(s.user_id, NEW.case_id) THEN PERFORM app._refuse_forum('seat_may_know'); END IF;`), ``},
	{"who is kept out is offered", "KeptOut", q(`WHERE app._may_receive(u.id, p_case) AND u.id <> auth.uid() ORDER BY`), `WHERE u.id <> auth.uid() ORDER BY`},
	{"items at every table are read by everybody", "EachSeat|Forgotten", q(`USING (id = ANY ((SELECT auth.seat_items())::uuid[]) OR`), `USING ((SELECT auth.works_here()) OR`},
	{"the case of an item is read at the table", "EachSeat|Forgotten|Matrix", policy("sel ON app.forum_item_case", `USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]))`), `${1}USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR (SELECT auth.works_here()))`},
	{"a seat is led to a case that it may not open", "EachSeat", q(` AND auth.perms(k.case_id) & 2 = 2;`), `;`},
	{"every seat knows the agenda in outline", "EachSeat", in("app.forum_outline", `IF NOT p_meeting = ANY (auth.led_meetings()) THEN RETURN; END IF;`), `$1`},
	{"a slice without its line in the register", "InTheRegister", q(`THEN
    PERFORM app._refuse_forum('stands_in_the_register');`), `THEN
    NULL;`},
	{"a slice with another's line in the register", "InTheRegister", q(`coalesce(h.contact_id = s.contact_id OR h.to_user = s.user_id, false) AND (`), `coalesce(h.contact_id IS NOT NULL, false) AND (`},
	{"a named item is told before it is approved", "NamedItem", q(`OR i.naming = 'named' AND NOT EXISTS`), `OR false AND NOT EXISTS`},
	{"who wrote it approves", "TheirOwn", q(` OR i.put_by = auth.uid() THEN PERFORM app._refuse_forum('another_approves')`), ` THEN PERFORM app._refuse_forum('another_approves')`},
	{"the case answers for a colleague", "ASeatAnswers", q(`IF u IS NOT NULL AND u <> auth.uid() THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT k.case_id, i.put_by`), `SELECT k.case_id, i.put_by`},
	{"a seat reads the answers of others", "ASeatAnswers", policy("sel ON app.forum_answer", `OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND`), `${1}OR`},
	{"a seat reads what others have to do", "ComesBack", policy("sel ON app.forum_action", `OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND`), `${1}OR`},
	{"one promises for a colleague", "Promise", in("app.promise", `s.contact_id IS NOT NULL AND s.meeting_id = ANY (auth.led_meetings())`), `${1}s.meeting_id = ANY (auth.led_meetings())`},
	{"an ad-hoc meeting is known in the office", "InOneForm", q(`OR forum_id IS NOT NULL AND municipality = (SELECT auth.municipality())`), `OR municipality = (SELECT auth.municipality())`},
	{"a ticked step leaves its decision open", "ComesBack", `CREATE TRIGGER forum_step_done [^;]*;`, ``},
	{"a guest's seat sees the slices of others", "AGuestSeat", q(`WHERE l.seat_id = g.about_id AND l.given_at IS NOT NULL ORDER BY i.position`), `WHERE l.given_at IS NOT NULL ORDER BY i.position`},
	{"a guest's seat sees items before the promise", "AGuestSeat", q(`JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL JOIN auth.user_account u`), `JOIN app.forum_seat s ON s.id = l.seat_id JOIN auth.user_account u`},
	{"a guest answers about another's item", "AGuestSeat", q(`WHERE l.item_id = p_item AND l.seat_id = g.about_id AND`), `WHERE l.item_id = p_item AND`},
	{"somebody who does not lead invites a guest's seat", "AGuestSeat", q(`s.contact_id IS NOT NULL AND s.meeting_id = ANY (auth.led_meetings());
  IF NOT FOUND`), `s.contact_id IS NOT NULL;
  IF NOT FOUND`},
	{"the link to a guest's seat outlives its meeting", "AGuestSeat", q(` AND s.contact_id = p_contact AND m.state <> 'cancelled')`), ` AND s.contact_id = p_contact)`},
	{"a look at a slice leaves no line", "EachSeat", q(`PERFORM audit._append('case:' || r.case_id, 'forum.read', r.case_id, r.id::text, NULL);`), `NULL;`},
	{"somebody without a seat puts an item without a case", "AtATableOfOthers", policy("ins_own ON app.forum_item", ` AND meeting_id = ANY ((SELECT auth.my_meetings())::uuid[])`), `$1`},
	{"an item without a case names somebody", "AtATableOfOthers", q(`CHECK (NOT without_case OR naming = 'anonymous')`), `CHECK (true)`},
	{"an item without a case is tied to one, to be read there", "WithoutACase", q(`PERFORM app._refuse_forum('item_has_no_case');`), `NULL;`},
	{"a seat reads all slices of an item without a case", "WithoutACase", q(`i.without_case AND i.put_by = auth.uid() AND i.withdrawn_at IS NULL`), `i.without_case AND i.withdrawn_at IS NULL`},
	{"an item without a case is withdrawn by others", "WithoutACase", q(`IF NOT (p_item = ANY (auth.opened_items(8)) OR p_item = ANY (auth.own_items())) THEN`), `IF NOT (p_item = ANY (auth.opened_items(8)) OR EXISTS (SELECT 1 FROM app.forum_item i WHERE i.id = p_item AND i.without_case)) THEN`},
	{"a seat answers after the meeting", "BeforeTheMeeting", q(`PERFORM app._refuse_forum('answers_before_the_meeting');`), `NULL;`},
	{"a seat reads what nobody has released", "SecondPersonReleases", q(`AND x.id = r.sharing_id AND x.status = 'shared'`), `AND x.id = r.sharing_id`},
	{"a seat reads what was released to another", "SecondPersonReleases|MadeOutTo", q(`WHERE r.seat_id = ANY (p_seats) AND NOT EXISTS`), `WHERE NOT EXISTS`},
	{"who is kept out reads what was released to them", "MadeOutTo", q(`WHERE w.item_id = ANY (auth.seat_items()) LOOP`), `LOOP`},
	{"what was released is read though a fact in it is protected later", "SecondPersonReleases", q(`h.sharing_id = r.sharing_id AND h.later)`), `h.sharing_id = r.sharing_id AND false)`},
	{"a release is tied to another's line in the register", "MadeOutTo", in("app.forum_released_put", `IF NOT coalesce(h.contact_id = s.contact_id OR h.to_user = s.user_id, false) THEN`), `${1}IF false THEN`},
	{"a look at what was released leaves no line", "SecondPersonReleases", q(`PERFORM audit._append('case:' || r.case_id, 'sharing.read', r.case_id, r.sharing_id::text, jsonb_build_object('contact', g.contact_id));`), `NULL;`},
}
