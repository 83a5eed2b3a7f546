package main

// sparringMutations are the rules about questions to colleagues who may not know the case, each broken once.
var sparringMutations = []mutation{
	{"sparring: who is kept out of the case reads the question", "WhoIsAsked|Forgotten", in("auth.my_sparring", ` AND k.case_id <> ALL (bar)`), `$1`},
	{"sparring: another municipality reads the question", "WhoIsAsked|Forgotten", in("auth.my_sparring", `s.municipality = p[3]::int AND `), `$1`},
	{"sparring: an admin who is asked reads the question", "WhoIsAsked|Forgotten", in("auth.my_sparring", `u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead')`), `${1}u IS NULL`},
	{"sparring: everybody reads every question", "WhoIsAsked|Forgotten", policy("sel ON app.sparring", `id = ANY ((SELECT auth.my_sparring())::uuid[])`), `${1}(SELECT auth.uid()) IS NOT NULL`},
	{"sparring: everybody reads what is said", "WhoIsAsked|Forgotten", policy("sel ON app.sparring_message", `sparring_id = ANY ((SELECT auth.my_sparring())::uuid[])`), `${1}(SELECT auth.uid()) IS NOT NULL`},
	{"sparring: everybody reads the names", "WhoIsAsked|Forgotten", policy("sel ON app.sparring_named", `sparring_id = ANY ((SELECT auth.my_sparring())::uuid[])`), `${1}(SELECT auth.uid()) IS NOT NULL`},
	{"sparring: a colleague sees which partners are asked", "WhoIsAsked", policy("sel ON app.sparring_ask", `(user_id IS NOT NULL OR asked_by = (SELECT auth.uid())) AND `), `$1`},
	{"sparring: who is asked learns which case it is", "WhoIsAsked|Matrix|Forgotten", q(`GRANT SELECT ON app.sparring, app.sparring_case,`), `CREATE POLICY asked ON app.sparring_case FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.my_sparring())::uuid[])); GRANT SELECT ON app.sparring, app.sparring_case,`},
	{"sparring: any case is opened for its questions", "WhoIsAsked|Forgotten", in("auth.opened_sparring", ` WHERE k.case_id = ANY (open)`), `$1`},
	{"sparring: whoever reads the case asks", "WhoAsksForAdvice", in("app._asks_of", `IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(54)))`), `${1}IF NOT p_case = ANY (auth.opened(2))`},
	{"sparring: a learning from another's case", "WhoAsksForAdvice", in("app.learn_sparring", `PERFORM app._asks_of(p_case);`), `$1`},
	{"sparring: who is kept out of the case is offered", "KeepsBack", in("app.sparring_colleagues", ` AND app._may_receive(u.id, p_case)`), `$1`},
	{"sparring: who is kept out of the case is asked", "KeepsBack", in("app._ask_sparring", `IF NOT app._may_receive(r.id, p_case) OR EXISTS`), `${1}IF EXISTS`},
	{"sparring: a name leaves", "KeepsBack", in("app._looked_through", `IF p_anonymous AND EXISTS`), `${1}IF false AND EXISTS`},
	{"sparring: nobody compares", "KeepsBack", in("app._looked_through", `IF p_scanned IS DISTINCT FROM`), `${1}IF false AND p_scanned IS DISTINCT FROM`},
	{"sparring: a CPR number leaves", "KeepsBack", `CONSTRAINT no_cpr CHECK \(question [^,]*,`, `CHECK (true),`},
	{"sparring: a sealed case goes out by name", "KeepsBack", in("app.name_sparring", `f.confidentiality = 2`), `${1}false`},
	{"sparring: a colleague is told, and the register knows nothing", "KeepsBack", in("app.name_sparring", ` OR EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT`), `${1} OR false AND EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT`},
	{"sparring: a partner is told, and the register knows nothing", "KeepsBack", in("app.name_sparring", `IF EXISTS (SELECT 1 FROM app.sparring_ask a WHERE`), `${1}IF false AND EXISTS (SELECT 1 FROM app.sparring_ask a WHERE`},
	{"sparring: any lead publishes", "AnotherPublishes|Forgotten", in("auth.learnings_to_judge", `k.team_id = ANY (auth.led_teams()) OR EXISTS`), `${1}true OR EXISTS`},
	{"sparring: who is kept out of the case judges its learning", "AnotherPublishes|Forgotten", in("auth.learnings_to_judge", ` AND NOT auth._excluded(p[1]::uuid, k.case_id)`), `$1`},
	{"sparring: another municipality reads what was learnt", "AnotherPublishes", policy("sel ON app.sparring_learning", ` AND municipality = (SELECT auth.municipality())`), `$1`},
	{"sparring: pages remind", "Jobs", q(`GRANT EXECUTE ON FUNCTION app.job_sparring(date) TO samspil_job;`), `GRANT EXECUTE ON FUNCTION app.job_sparring(date) TO samspil_job, samspil_app;`},
}
