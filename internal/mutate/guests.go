package main

// guestMutations are the rules of the door for partners without an account, each broken once.
var guestMutations = []mutation{
	{"guest: a revoked link opens", "Door|Guest", in("app._guest_holds", ` AND l.revoked_at IS NULL`), `$1`},
	{"guest: a link never expires", "Door|Guest", in("app._guest_holds", ` AND l.expires_at > now()`), `$1`},
	{"guest: who has left comes in", "Door", in("app._guest_holds", ` AND c.active`), `$1`},
	{"guest: a closed case is open to guests", "Door", in("app._guest_holds", ` AND (l.case_id IS NULL OR f.status = 'open')`), `$1`},
	{"guest: a part that went to another opens", "Door", q(` AND i.contact_id = p_contact AND i.status <> 'ended')
      AND NOT EXISTS`), ` AND i.status <> 'ended') AND NOT EXISTS`},
	{"guest: a part that has ended opens", "Door", q(` AND i.status <> 'ended')
      AND NOT EXISTS`), `) AND NOT EXISTS`},
	{"guest: what is protected since is shown", "FunctionsGive", q(` AND h.later)
      AND NOT EXISTS`), ` AND false)
      AND NOT EXISTS`},
	{"guest: any code opens", "Door|Guess", in("auth.guest_enter", `AND (right_code IS TRUE OR NOT needs AND p_code = '')`), `$1`},
	{"guest: no code opens", "Door", in("auth.guest_enter", `NOT needs AND p_code = ''`), `${1}p_code = ''`},
	{"guest: a code works for ever", "Door", in("auth.guest_enter", ` AND k.code_until > now()`), `$1`},
	{"guest: a code works twice", "Door", in("auth.guest_enter", `SET code_hash = NULL, code_until = NULL, code_tries = 0, session_hash`), `${1}SET session_hash`},
	{"guest: codes are guessed without end", "Guess|Door", in("auth.guest_enter", ` AND k.code_tries < 5`), `$1`},
	{"guest: a network guesses without end", "Guess", in("auth.guest_enter", `good := NOT waits AND `), `${1}good := `},
	{"guest: a session without an end", "SessionIsOf", in("auth.guest_begin", `
     AND g.session_until > now()`), `$1`},
	{"guest: a session sleeps for ever", "SessionIsOf", in("auth.guest_begin", ` AND g.session_seen > now() - interval '30 min'`), `$1`},
	{"guest: one session opens every link", "SessionIsOf", in("auth.guest_begin", ` AND g.session_hash = sha256(convert_to(p_session, 'UTF8'))`), `$1`},
	{"guest: the link is not looked at again", "Door|Guest", in("auth.guest_begin", ` OR NOT app._guest_holds(k.link_id)`), `$1`},
	{"guest: the bare setting makes a guest", "SessionIsOf", in("app._guest", `auth._payload('app.guest')::uuid`), `${1}split_part(current_setting('app.guest', true), '.', 1)::uuid`},
	{"guest: a colleague is a guest too", "SessionIsOf", in("app._guest", ` AND auth._payload('app.ctx') IS NULL`), `$1`},
	{"guest: a guest is a colleague too", "NoTable", in("auth.guest_begin", `set_config('app.ctx', '', true), `), `$1`},
	{"guest: readers give codes", "WhoGives", demand("app.guest_code", "8"), `${1}2)`},
	{"guest: codes for another case's link", "WhoGives", in("app.guest_code", `WHERE l.case_id = p_case AND l.id`), `${1}WHERE l.id`},
	{"guest: readers revoke", "WhoGives", demand("app.guest_revoke", "8"), `${1}2)`},
	{"guest: another case's link is revoked", "WhoGives", in("app.guest_revoke", `WHERE l.case_id = p_case AND l.id`), `${1}WHERE l.id`},
	{"guest: the application lets guests in", "WhoGives", q(`GRANT EXECUTE ON FUNCTION auth.guest_enter(text, text, text, text), auth.guest_leave(text, text) TO samspil_login;`), `GRANT EXECUTE ON FUNCTION auth.guest_enter(text, text, text, text), auth.guest_leave(text, text) TO samspil_login, samspil_app;`},
	{"guest: links are read without opening the case", "Matrix|Leaks", policy("sel ON app.guest_link", `case_id = ANY ((SELECT auth.opened(2))::uuid[])`), `${1}case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[])`},
	{"guest: answers are read without opening the case", "Matrix|Leaks", policy("sel ON app.guest_answer", `case_id = ANY ((SELECT auth.opened(2))::uuid[])`), `${1}case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[])`},
	{"guest: a link to what is held", "RegisterHas", in("app.guest_send", ` AND s.status = 'shared'`), `$1`},
	{"guest: a link to what somebody else was told", "RegisterHas", in("app.guest_send", ` AND s.contact_id = i.contact_id`), `$1`},
	{"guest: a link to another case's part", "RegisterHas", in("app.guest_send", `WHERE x.case_id = p_case AND x.id = p_part`), `${1}WHERE x.id = p_part`},
	{"guest: somebody else's step goes along", "RegisterHas", in("app.guest_send", ` AND s.responsible_contact = i.contact_id)`), `$1)`},
	{"guest: readers send links", "RegisterHas", demand("app.guest_send", "8"), `${1}2)`},
	{"guest: a guest reads every request", "FunctionsGive", in("app.guest_part", `WHERE q.case_id = l.case_id AND q.link_id = l.id`), `${1}WHERE true`},
	{"guest: a guest reads every step", "FunctionsGive", in("app.guest_steps", `WHERE g.case_id = l.case_id AND g.link_id = l.id`), `${1}WHERE true`},
	{"guest: a guest reads every answer", "FunctionsGive", in("app.guest_said", `WHERE a.case_id = l.case_id AND a.link_id = l.id`), `${1}WHERE true`},
	{"guest: a guest moves every step", "FunctionsGive", in("app.guest_report", `WHERE g.case_id = l.case_id AND g.link_id = l.id AND g.step_id = p_step;`), `${1}WHERE g.step_id = p_step;`},
	{"guest: a partner passes the gate", "FunctionsGive", in("app.guest_report", ` OR p_kind = 'done' AND s.requires_gate AND app._gate_shut(l.case_id, now())`), `$1`},

	{"guest: answers without end", "SaysSoMuch", in("app._guest_says", `>= 60`), `${1}>= 600`},
	{"guest: files without end", "SaysSoMuch", in("app._guest_says", `>= 10 THEN`), `${1}>= 100 THEN`},
	{"guest: one answer confirms everybody", "ConfirmsTheirOwn", in("app.guest_confirm", `verified_by = NULL WHERE c.id = l.contact_id`), `${1}verified_by = NULL`},
	{"guest: a second answer counts", "ConfirmsTheirOwn", in("app.guest_confirm", ` AND x.answered_at IS NULL`), `$1`},
	{"guest: what is wrong is confirmed", "ConfirmsTheirOwn", in("app.guest_confirm", `btrim(p_wrong) = ''`), `${1}true`},
	{"guest: a link about a case confirms details", "ConfirmsTheirOwn", in("app.guest_confirm", `app._guest('verify')`), `${1}app._guest('involvement')`},
	{"guest: numbers are shown whole", "ConfirmsTheirOwn", in("app.guest_details", `app._guest_masked(c.phone)`), `${1}c.phone`},
	{"guest: who does not answer is asked every day", "ConfirmsTheirOwn", in("app.job_verify", ` OR l.created_at > now() - make_interval(days => days)`), `$1`},
	{"guest: a done step moves nothing", "MovesThePlan", in("app.case_moved", ` OR NEW.contact_id IS NOT NULL AND NEW.kind = 'step.done'`), `$1`},
	{"guest: an opened link is work on the case", "MovesThePlan", in("app.case_moved", `NEW.contact_id IS NOT NULL AND NEW.kind = 'step.done'`), `${1}NEW.contact_id IS NOT NULL`},
}
