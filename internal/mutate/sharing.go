package main

// sharingMutations are the rules about what leaves a case, each broken once.
var sharingMutations = []mutation{
	{"sharing: something leaves with a hit", "SharesNothing|AnotherPerson", q(`CHECK (status <> 'shared' OR hits = 0 OR answered_by IS NOT NULL AND answered_by <> written_by AND btrim(answer_reason) <> '')`), `CHECK (true)`},
	{"sharing: released without a reason", "AnotherPerson", q(` AND answered_by <> written_by AND btrim(answer_reason) <> ''`), ` AND answered_by <> written_by`},
	{"sharing: the writer releases (both rules)", "AnotherPerson", q(` AND answered_by <> written_by`) + `|` + in("app.answer_sharing", ` OR p_release AND w = auth.uid()`), `$1`},
	{"sharing: the writer is not refused by the function", "AnotherPerson|WhoReleases", in("app.answer_sharing", ` OR p_release AND w = auth.uid()`), `$1`},
	{"sharing: one asks oneself", "SharesNothing", q(` AND asked_user <> written_by`), ``},
	{"sharing: somebody who may not is asked", "SharesNothing", in("app.sharing_asked", `IF NOT app._may_release(NEW.asked_user, NEW.case_id) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;`), `$1`},
	{"sharing: who is asked is not told", "AnotherPerson", in("app.sharing_asked", `PERFORM app._notify(NEW.asked_user, NEW.case_id, 'sharing.held');`), `$1`},
	{"sharing: nobody compares", "SharesNothing|AnotherPerson", `CREATE TRIGGER scan_is_whole [^;]*;`, ``},
	{"sharing: a release is not compared", "AnotherPerson", q(`CREATE TRIGGER scan_is_whole BEFORE INSERT OR UPDATE`), `CREATE TRIGGER scan_is_whole BEFORE INSERT`},
	{"sharing: without a basis", "SharesNothing", q(`CHECK (direction = 'refused' OR btrim(legal_basis) <> '' AND btrim(purpose) <> '')`), `CHECK (true)`},
	{"sharing: refused without a reason", "SharesNothing", q(`CHECK (direction <> 'refused' OR btrim(reason) <> '')`), `CHECK (true)`},
	{"sharing: on a day that is to come", "SharesNothing", q(`CHECK (happened_on <= (written_at AT TIME ZONE 'Europe/Copenhagen')::date)`), `CHECK (true)`},
	{"sharing: in a colleague's name", "SharesNothing", policy("ins ON app.sharing", ` AND written_by = (SELECT auth.uid())`), `$1`},
	{"sharing: who is asked for advice shares", "PermissionMatrix", policy("ins ON app.sharing", `opened(12)`), `${1}opened(2)`},
	{"sharing: who is asked for advice sees where facts stand", "PermissionMatrix", policy("sel ON app.sharing_hit", `opened(6)`), `${1}opened(2)`},
	{"sharing: who is asked for advice gets the facts to compare", "WhoReleases", in("app.guard_facts", `IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(22))) THEN`), `${1}IF NOT p_case = ANY (auth.opened(2)) THEN`},
	{"sharing: who is asked for advice reads what holds a fact", "WhoReleases", in("app.read_sharing", `IF holds AND NOT p_case = ANY (auth.opened(6)) THEN`), `${1}IF false THEN`},
	{"sharing: reading what holds a fact leaves no line", "AnotherPerson", in("app.read_sharing", `IF holds THEN PERFORM`), `${1}IF false THEN PERFORM`},
	{"sharing: the page of what has left gets the facts", "WhoReleases", in("app.held_facts", ` AND x.status = 'held'`), `$1`},
	{"sharing: everybody gets what was sent", "WhoReleases", in("app.sent_texts", `PERFORM app._demand(p_case, 12);`), `${1}PERFORM app._demand(p_case, 2);`},
	{"sharing: who is asked for advice releases", "WhoReleases", in("app.answer_sharing", `p_case = ANY (auth.opened(22))`), `${1}p_case = ANY (auth.opened(18))`},
	{"sharing: a release leaves no line", "AnotherPerson", in("app.answer_sharing", `PERFORM app._event(p_case, auth.uid(), CASE WHEN p_release THEN 'sharing.released' ELSE 'sharing.kept_back' END, p_id, jsonb_build_object('organisation', o));`), `$1`},
	{"sharing: the writer does not hear of it", "AnotherPerson", in("app.answer_sharing", `PERFORM app._notify(w, p_case, CASE WHEN p_release THEN 'sharing.released' ELSE 'sharing.kept_back' END);`), `$1`},
	{"sharing: released twice", "AnotherPerson", in("app.answer_sharing", ` AND x.status = 'held' RETURNING`), `${1} RETURNING`},
}
