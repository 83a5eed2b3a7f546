package main

import (
	"regexp"
	"slices"
)

// q quotes SQL that is to be found word for word.
func q(sql string) string { return regexp.QuoteMeta(sql) }

// demand is the check that a function makes of the case being opened with a right.
func demand(function, right string) string {
	return `(?s)(FUNCTION ` + q(function) + `\(.*?_demand\(p_case, )` + right + `\)`
}

// in finds SQL in a function, where the same words stand in others too; what is before it is $1.
func in(function, sql string) string { return `(?s)(FUNCTION ` + q(function) + `\(.*?)` + q(sql) }

// policy finds SQL in one policy, as "ins ON app.note"; what is before it is $1.
func policy(name, sql string) string { return `(POLICY ` + q(name) + ` [^;]*?)` + q(sql) }

// mutations are the rules, each broken once. One that cannot be noticed because another rule holds as well
// breaks both, and says so.
var mutations = slices.Concat(
	accessMutations,
	gateMutations,
	reportMutations,
	workMutations,
	teamMutations,
	planMutations,
	sharingMutations,
	decisionMutations,
	contactMutations,
	stepMutations,
	consentMutations,
	compassMutations,
	sparringMutations,
	templateMutations,
	forumMutations,
	guestMutations,
	ruleMutations,
	reminderMutations,
	pulseMutations,
)

// accessMutations are the rules about who sees what.
var accessMutations = []mutation{
	// the decision about one case
	{"exclusion is not looked at", "Matrix|Exclusion", in("auth._rights_of", `IF excl THEN k := 0; END IF;`), `$1`},
	{"a team lead opens sealed cases", "Matrix", q(`AND p_role = 'team_lead' AND conf < 2 THEN 119`), `AND p_role = 'team_lead' THEN 119`},
	{"the mark as lead is enough without the role", "Matrix", q(`tm.is_lead AND p_role = 'team_lead' AND conf`), `tm.is_lead AND conf`},
	{"everybody in the team is as good as its lead", "Matrix", in("auth._rights_of", `CASE WHEN tm.is_lead AND p_role`), `${1}CASE WHEN p_role`},
	{"an ended grant opens", "Matrix", `(?s)( AND g\.revoked_at IS NULL AND g\.valid_from <= now\(\)) AND \(g\.valid_to IS NULL OR g\.valid_to > now\(\)\)(\s+UNION ALL)`, `$1$2`},
	{"a grant opens before it begins", "Matrix", `AND g\.valid_from <= now\(\)( AND \(g\.valid_to IS NULL OR g\.valid_to > now\(\)\)\s+UNION ALL)`, `$1`},
	{"a revoked grant opens", "Matrix", q(`g.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from`), `g.user_id = p_user AND g.valid_from`},
	{"who has left the team is still in it", "Matrix", q(`AND (tm.valid_to IS NULL OR tm.valid_to > now())) z;`), `) z;`},
	{"admin and auditor open cases", "Matrix", in("auth._rights_of", `OR p_role NOT IN ('caseworker','specialist','team_lead') THEN k := 0`), `${1}THEN k := 0`},
	{"another municipality opens", "Matrix", q(`here := FOUND AND c.municipality = p_municipality;`), `here := FOUND;`},
	{"somebody consulted sees protected facts", "Matrix", q(`ELSE 19 END`), `ELSE 23 END`},
	{"somebody consulted writes", "Matrix", q(`ELSE 19 END`), `ELSE 27 END`},
	{"a co-worker manages access", "Matrix", q(`'coworker' THEN 31`), `'coworker' THEN 63`},
	{"a co-worker exports", "Matrix", q(`'coworker' THEN 31`), `'coworker' THEN 95`},
	{"a named lead writes", "Matrix", q(`'lead' THEN 119 WHEN`), `'lead' THEN 127 WHEN`},
	{"a team's lead writes", "Matrix", q(`conf < 2 THEN 119`), `conf < 2 THEN 127`},
	{"a closed case is written in", "Matrix", q(`IF c.status = 'closed' THEN k := k & ~24; END IF;`), ``},
	{"the team reads normal cases", "Matrix", q(`WHEN conf = 0 THEN 1 ELSE`), `WHEN conf = 0 THEN 3 ELSE`},
	{"the team knows of restricted cases", "Matrix", q(`WHEN conf = 0 THEN 1 ELSE`), `WHEN conf < 2 THEN 1 ELSE`},

	// the same decision as sets, for lists
	{"lists: exclusion from one's own cases", "Matrix", q(` AND g.case_id <> ALL (bar)`), ``},
	{"lists: exclusion from the team's cases", "Matrix|Exclusion", in("auth.barred", `WHERE x.user_id = auth.uid() AND x.lifted_at IS NULL`), `${1}WHERE false`},
	{"lists: an ended grant", "Matrix", q(`g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()) AND g.case_id <> ALL`), `g.valid_from <= now() AND g.case_id <> ALL`},
	{"lists: a grant before it begins", "Matrix", q(`AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()) AND g.case_id <> ALL`), `AND (g.valid_to IS NULL OR g.valid_to > now()) AND g.case_id <> ALL`},
	{"lists: a revoked grant", "Matrix", q(`WHERE g.user_id = u AND g.revoked_at IS NULL AND g.valid_from`), `WHERE g.user_id = u AND g.valid_from`},
	{"lists: admin with a stray grant", "Matrix", in("auth.my_cases", `IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;`), `${1}IF u IS NULL THEN RETURN '{}'; END IF;`},
	{"lists: admin in a team", "Matrix", q(`IF p[1] IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;`), `IF p[1] IS NULL THEN RETURN '{}'; END IF;`},
	{"lists: a lead without the role", "Matrix", q(`IF p[2] IS DISTINCT FROM 'team_lead' THEN RETURN '{}'; END IF;`), ``},
	{"lists: a lead who is no lead", "Matrix|Leaks", `WHERE tm\.user_id = p\[1\]::uuid AND tm\.is_lead AND`, `WHERE tm.user_id = p[1]::uuid AND`},
	{"lists: who has left the team", "Matrix|Leaks", q(`WHERE tm.user_id = p[1]::uuid AND (tm.valid_to IS NULL OR tm.valid_to > now())`), `WHERE tm.user_id = p[1]::uuid`},
	{"lists: another municipality by grant", "Matrix", q(` AND c.municipality = p[3]::int`), ``},
	{"lists: another municipality by leading a team", "Matrix|Leaks", in("auth.led_teams", ` AND t.municipality = p[3]::int`), `$1`},
	{"lists: another municipality by being in a team", "Matrix|Leaks", in("auth.member_teams", ` AND t.municipality = p[3]::int`), `$1`},
	{"lists: headers of sealed cases for the lead", "Matrix", q(`OR ((confidentiality < 2 AND team_id = ANY ((SELECT auth.led_teams())::uuid[]) OR`), `OR ((team_id = ANY ((SELECT auth.led_teams())::uuid[]) OR`},
	{"lists: content of sealed cases for the lead", "Matrix|Leaks", q(`OR (confidentiality < 2 AND team_id = ANY ((SELECT auth.led_teams())::uuid[]) AND %2$I`), `OR (team_id = ANY ((SELECT auth.led_teams())::uuid[]) AND %2$$I`},
	{"lists: headers of restricted cases for the team", "Matrix", q(`OR confidentiality = 0 AND team_id`), `OR confidentiality < 2 AND team_id`},
	{"lists: steps and labels for the team", "Matrix|Leaks", q(`team_id = ANY ((SELECT auth.led_teams())::uuid[]) AND %2$I <> ALL`), `team_id = ANY ((SELECT auth.member_teams())::uuid[]) AND %2$$I <> ALL`},
	{"lists: deadlines of sealed cases for the lead", "Matrix|Leaks", `(POLICY sel ON app\.deadline FOR SELECT (?s:.*?)OR \()confidentiality < 2 AND `, `${1}`},
	{"lists: deadlines for the excluded lead", "Matrix|Exclusion", `(POLICY sel ON app\.deadline FOR SELECT (?s:.*?)) AND case_id <> ALL \(\(SELECT auth\.barred\(\)\)::uuid\[\]\)`, `${1}`},
	{"deadlines are set by who only reads", "Matrix", `(POLICY ins ON app\.deadline FOR INSERT (?s:.*?)opened\()8`, `${1}2`},
	{"deadlines are told about by who only reads", "Matrix", `(POLICY ins ON app\.deadline_change FOR INSERT (?s:.*?)opened\()8`, `${1}2`},
	{"lists: grants of colleagues", "Leaks|Matrix", q(`OR user_id = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.my_cases())::uuid[])`), `OR case_id = ANY ((SELECT auth.my_cases())::uuid[])`},

	// opening, and the line that comes first
	{"using takes an opening that is not committed", "Durable", q(`AND (me IS NULL OR e.txid <> me) LIMIT 1;`), `LIMIT 1;`},
	{"using compares xmin (the hole of the savepoint)", "Durable", q(`e.txid <> me) LIMIT 1;`), `e.xmin::text::bigint <> (me::text::bigint % 4294967296)) LIMIT 1;`},
	{"using does not decide again", "Durable", `k := auth\.perms\(p_case\);(\s+IF ok IS NOT TRUE)`, `k := 127;$1`},
	{"using asks for no opening", "Durable", q(`IF ok IS NOT TRUE OR k & 2`), `IF k & 2`},
	{"using takes a colleague's opening", "Durable", q(`WHERE e.actor = auth.uid() AND e.at > now() - interval '10 min'`), `WHERE e.at > now() - interval '10 min'`},
	{"using takes an old opening", "Durable", q(`interval '10 min' AND e.case_id = p_case`), `interval '10 years' AND e.case_id = p_case`},
	{"an opening leaves no line", "Durable", q(`PERFORM audit._append('case:' || c, 'case.open', c, why, CASE WHEN absent IS NOT NULL THEN jsonb_build_object('for', absent) END);`), ``},
	{"a refusal leaves no line", "Refusal", q(`PERFORM audit._append('user:' || u, 'case.denied', c, why, NULL);`), ``},
	{"as many cases an hour as one likes", "Round", q(`IF n >= 120 THEN`), `IF n >= 12000 THEN`},
	{"everybody opens for the same purpose", "SaysWhy", q(`WHEN 'consulted' THEN 'consultation'`), `WHEN 'consulted' THEN 'task'`},
	{"revealing a fact leaves no line", "Revealing", q(`PERFORM audit._append('case:' || p_case, 'fact.reveal'`) + `[^;]*;`, ``},
	{"revealing a number leaves no line", "Revealing", q(`PERFORM audit._append('case:' || p_case, 'cpr.reveal'`) + `[^;]*;`, ``},
	{"searching leaves no line", "Revealing", in("app.find_cases", `PERFORM audit._append('user:' || auth.uid(), 'search'`) + `[^;]*;`, `$1`},
	{"searching before a report leaves no line", "Revealing|Searching|Line", in("app.find_candidates", `PERFORM audit._append('user:' || auth.uid(), 'search'`) + `[^;]*;`, `$1`},
	{"an opening can be invented", "Invent", q(` OR p_action IN ('case.open','case.denied')`), ``},
	{"the database's own lines can be invented", "OwnLines", q(`IF p_action IN ('rate.blocked',`), `IF p_action IN (`},
	{"the database's lines about reports can be invented", "OwnLines", q(`,
      'report.create','report.assign','report.receipt','report.join','reassessment.chosen','reassessment.done',`), `,`},
	{"the database's lines about the gate and the alarms can be invented", "OwnLines", q(`,
      'gate.open','check_in.ok','check_in.alarmed','check_in.closed','check_in.cancelled','prompt.raised')`), `)`},
	{"a line in a case that is not open", "Invent", `(?s)(FUNCTION audit\.record.*?)IF NOT p_case = ANY \(auth\.opened\(2\)\) THEN`, `${1}IF false THEN`},

	// the identity
	{"identity is not bound to the transaction", "Identity", q(` || '|' || (extract(epoch FROM now()) * 1000000)::bigint`), ``},
	{"identity is not signed", "Identity", q(`AND auth._mac(setting || '|' || p) = right(v, 64) `), ``},
	{"a new identity keeps what the old one opened", "Identity", in("auth.begin", `, set_config('app.open', '', true)`), `$1`},
	{"a revoked session works", "Session", in("auth.begin", ` AND x.revoked_at IS NULL AND x.expires_at`), `${1} AND x.expires_at`},
	{"an expired session works", "Session", q(` AND x.expires_at > now() AND x.last_seen_at`), ` AND x.last_seen_at`},
	{"an idle session works", "Session", q(` AND x.last_seen_at + x.idle > now()`), ``},
	{"a locked session works", "Session", q(`IF s.locked_at IS NOT NULL THEN RETURN 'locked'; END IF;`), ``},
	{"a disabled account works", "Session", q(`> now() AND u.active;`), `> now();`},
	{"work does not renew a session", "Work", q(`THEN UPDATE auth.session SET last_seen_at = now() WHERE token_hash = h; END IF;`), `THEN NULL; END IF;`},
	{"sign-out ends nothing", "Slow", q(`BEGIN UPDATE auth.session SET revoked_at = now() WHERE token_hash = sha256(convert_to(p_token, 'UTF8')) AND revoked_at IS NULL; END`), `BEGIN NULL; END`},
	{"a token is opened twice", "Opening", q(`IF NOT fresh THEN RETURN false; END IF;`), ``},
	{"a short token", "Opening", q(`IF length(p_token) < 40 THEN RETURN false; END IF;`), ``},
	{"a session for a disabled account", "Opening", q(`PERFORM 1 FROM auth.user_account u WHERE u.id = p_user AND u.active;`), `PERFORM 1 FROM auth.user_account u WHERE u.id = p_user;`},
	{"as many sessions as one likes", "Opening", q(`OFFSET 3)`), `OFFSET 300)`},
	{"a colleague opens the lock", "Lock", q(` AND user_id = p_user
     AND revoked_at IS NULL`), ` AND revoked_at IS NULL`},
	{"an ended session is unlocked", "Lock", `(?s)(AND user_id = p_user\s+)AND revoked_at IS NULL AND expires_at > now\(\) AND`, `${1}AND`},
	{"guessing locks the owner out", "Guessing", q(`CASE WHEN known THEN 'device:'`), `CASE WHEN false THEN 'device:'`},
	{"guessing in the same house locks the owner out", "Guessing", q(`CASE WHEN b LIKE 'device:%' THEN auth._wait(b, 5) ELSE greatest(auth._wait(b, 5), auth._wait('net:' || p_net, 60)) END`), `greatest(auth._wait(b, 5), auth._wait('net:' || p_net, 60))`},
	{"guesses are not counted", "Guessing", in("auth.sign_in_failed", `ELSE f.failures + 1 END`), `${1}ELSE f.failures END`},
	{"a network is not counted", "Guessing", q(`, auth._wait('net:' || p_net, 60)`), ``},

	// policies of the content
	{"protected facts listed to whoever reads", "Matrix", q(`app.protected_fact FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(6))`), `app.protected_fact FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))`},
	{"protected facts revealed to whoever reads", "Matrix", demand("app.reveal_fact", "6"), `${1}2)`},
	{"numbers revealed to whoever reads", "Matrix", demand("app.reveal_cpr", "6"), `${1}2)`},
	{"notes read without opening", "Matrix|Leaks", q(`app.note FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]))`), `app.note FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.my_cases())::uuid[]))`},
	{"content is changed by whoever reads", "Matrix", q(`update_right int DEFAULT 8`), `update_right int DEFAULT 2`},
	{"content is added by whoever reads", "Matrix", q(`insert_right int DEFAULT 8`), `insert_right int DEFAULT 2`},
	{"steps are added without a check", "Matrix", `(ON app\.plan_step FOR INSERT TO samspil_app WITH CHECK )[^;]*;`, `$1(true);`},
	{"steps are changed by whoever reads", "Matrix", q(`app.plan_step FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))`), `app.plan_step FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(2))`},
	{"the header is changed by whoever reads", "Matrix", q(`ON app.case_file FOR UPDATE TO samspil_app USING (id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (id = ANY ((SELECT auth.opened(8))::uuid[]))`), `ON app.case_file FOR UPDATE TO samspil_app USING (id = ANY ((SELECT auth.opened(2))::uuid[])) WITH CHECK (id = ANY ((SELECT auth.opened(2))::uuid[]))`},
	{"notes are added in closed cases", "Matrix", q(`author = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.opened(16))::uuid[])`), `author = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.opened(2))::uuid[])`},
	{"a note in another's name", "Small", q(`WITH CHECK (author = (SELECT auth.uid()) AND case_id`), `WITH CHECK (case_id`},
	{"an event in another's name", "Small", policy("ins ON app.case_event", ` AND actor = (SELECT auth.uid())`), `$1`},
	{"an event of more than notes by who is asked for advice", "Advice", q(`OR kind IN ('note.written','note.corrected','risk.confirmed','decision.answered') AND case_id`), `OR case_id`},
	{"a change in another's name", "ColleaguesName", q(`IF me IS NOT NULL AND is_now IS DISTINCT FROM was AND is_now <> me THEN RAISE`), `IF false THEN RAISE`},
	{"a photo in another's name", "ColleaguesName", q(`WITH CHECK (added_by = (SELECT auth.uid()))`), `WITH CHECK (true)`},
	{"a step in another's name", "Small", policy("ins ON app.plan_step", ` AND created_by = (SELECT auth.uid())`), `$1`},
	{"a fact in another's name", "Small", policy("ins ON app.protected_fact", ` AND set_by = (SELECT auth.uid())`), `$1`},
	{"a level in another's name", "Small", policy("ins ON app.severity_choice", ` AND set_by = (SELECT auth.uid())`), `$1`},
	{"a partner drawn in in another's name", "Small", policy("ins ON app.involvement", ` AND added_by = (SELECT auth.uid())`), `$1`},
	{"a suggestion dismissed in another's name", "Small", q(`WITH CHECK (dismissed_by = (SELECT auth.uid()))`), `WITH CHECK ((SELECT auth.uid()) IS NOT NULL)`},
	{"drafts of colleagues", "Small", q(`USING (user_id = (SELECT auth.uid()) AND case_id`), `USING (case_id`},
	{"notices of colleagues", "Leaks", q(`app.notice FOR SELECT TO samspil_app USING (to_user = (SELECT auth.uid()))`), `app.notice FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL)`},
	{"searches of colleagues", "Leaks", q(`app.search_token FOR SELECT TO samspil_app USING (user_id = (SELECT auth.uid()) AND`), `app.search_token FOR SELECT TO samspil_app USING (`},
	{"registrations of colleagues", "Leaks", q(`app.registration FOR ALL TO samspil_app USING (user_id = (SELECT auth.uid()))`), `app.registration FOR ALL TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL)`},
	{"who looked is shown to whoever reads", "Trail|Matrix", q(`ON audit.event FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(32))`), `ON audit.event FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))`},
	{"who looked is shown to everybody", "Trail|Leaks", q(`(SELECT auth.role()) = 'auditor' AND`), `(SELECT auth.role()) IS NOT NULL AND`},
	{"an excluded auditor reads the trail", "Trail", q(` AND (case_id IS NULL OR case_id <> ALL ((SELECT auth.barred())::uuid[]))`), ``},
	{"who is excluded is shown to whoever reads", "Matrix", q(`app.case_exclusion FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(32))`), `app.case_exclusion FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))`},
	{"caseworkers change the directory", "Bypass", q(`FOR UPDATE TO samspil_app USING ((SELECT auth.role()) = ''admin'') WITH CHECK ((SELECT auth.role()) = ''admin'')`), `FOR UPDATE TO samspil_app USING ((SELECT auth.role()) IS NOT NULL) WITH CHECK ((SELECT auth.role()) IS NOT NULL)`},

	// search
	{"search finds everything", "Matrix", in("app.find_cases", ` AND (f.id = ANY (mine) OR (f.confidentiality < 2 AND f.team_id = ANY (led)))`), `$1`},
	{"before a report, search finds everything", "Matrix|Candidates|Searching", in("app.find_candidates", ` AND (f.id = ANY (mine) OR (f.confidentiality < 2 AND f.team_id = ANY (led)))`), `$1`},
	{"search finds sealed cases for the lead", "Matrix", in("app.find_cases", `(f.confidentiality < 2 AND f.team_id = ANY (led))`), `${1}f.team_id = ANY (led)`},
	{"before a report, search finds sealed cases for the lead", "Matrix|Candidates|Searching", in("app.find_candidates", `(f.confidentiality < 2 AND f.team_id = ANY (led))`), `${1}f.team_id = ANY (led)`},
	{"search finds what one is excluded from", "Matrix", in("app.find_cases", `f.id <> ALL (bar) AND (f.id = ANY`), `${1}(f.id = ANY`},
	{"before a report, search finds what one is excluded from", "Matrix|Candidates|Searching", in("app.find_candidates", `f.id <> ALL (bar) AND (f.id = ANY`), `${1}(f.id = ANY`},
	{"the list of recent cases forgets to ask (ref and number)", "Exclusion", q(` WHERE auth.perms(f.id) & 2 = 2)`), `)`},

	// giving, taking, excluding, levels
	{"access to an excluded person", "Exclusion", `(?s)(FUNCTION app\._may_receive.*?)\s+AND NOT auth\._excluded\(p_user, p_case\); END`, `$1; END`},
	{"access to a disabled or unfit account", "Giving", q(`x.active AND x.role IN ('caseworker','specialist','team_lead') AND x.municipality`), `x.municipality`},
	{"access to another municipality", "Giving", q(` AND x.municipality = auth.municipality())
  AND NOT`), `)
  AND NOT`},
	{"a specialist becomes responsible", "Giving", q(` OR NOT EXISTS (SELECT 1 FROM auth.user_account x WHERE x.id = p_user AND x.role IN ('caseworker','team_lead'))`), ``},
	{"everybody who reads gives access", "Manage|Giving", q(`IF NOT manages AND NOT (p_kind = 'consulted' AND p_case = ANY (auth.opened(8))) THEN RAISE`), `IF false THEN RAISE`},
	{"a co-worker takes a lead's access away by asking for advice", "Giving", q(` OR NOT manages AND (g.valid_to IS NULL OR g.valid_to >= until)`), ``},
	{"advice for a year", "Giving", q(`CASE WHEN manages THEN interval '60 days' ELSE interval '14 days' END`), `CASE WHEN manages THEN interval '600 days' ELSE interval '14 days' END`},
	{"advice for a year by a co-worker", "Giving", q(`CASE WHEN manages THEN interval '60 days' ELSE interval '14 days' END`), `interval '60 days'`},
	{"advice without an end", "Giving", `,(\s+)granted_by uuid NOT NULL, reason text NOT NULL DEFAULT '',\s+CHECK \(kind <> 'consulted' OR valid_to IS NOT NULL\)`, `,${1}granted_by uuid NOT NULL, reason text NOT NULL DEFAULT ''`},
	{"two responsibles", "Giving", q(`CREATE UNIQUE INDEX one_responsible`), `CREATE INDEX one_responsible`},
	{"whoever reads takes access away", "Manage", demand("app.revoke_access", "32"), `${1}2)`},
	{"whoever reads hands over", "Manage", demand("app.hand_over", "32"), `${1}2)`},
	{"whoever reads excludes", "Manage|Colleague", demand("app.exclude_user", "32"), `${1}2)`},
	{"whoever reads lifts an exclusion", "Manage|Two", demand("app.lift_exclusion", "32"), `${1}2)`},
	{"whoever reads changes the level", "Manage", demand("app.set_confidentiality", "32"), `${1}2)`},
	{"whoever reads closes", "Manage|Closing", demand("app.close_case", "32"), `${1}2)`},
	{"whoever reads opens again", "Manage", demand("app.reopen_case", "32"), `${1}2)`},
	{"the old responsible keeps the case", "Handing", q(`AND revoked_at IS NULL AND (kind = 'responsible' OR user_id = p_user)`), `AND revoked_at IS NULL AND false`},
	{"nobody is told of a hand-over", "Handing", q(`PERFORM app._notify(old, p_case, 'case.handed_over');`), ``},
	{"one person lifts an exclusion (function and constraint)", "Two", `lifted_by <> lift_requested_by|x\.lift_requested_by IS NULL OR x\.lift_requested_by = auth\.uid\(\)`, `false`},
	{"the constraint lets one person lift", "Two", q(` AND lifted_by <> lift_requested_by`), ``},
	{"the constraint lets the excluded person lift", "Two", `\s+AND lifted_by IS DISTINCT FROM user_id\)`, `)`},
	{"the constraint lets the excluded person ask", "Two", q(`CHECK (lift_requested_by IS DISTINCT FROM user_id),`), ``},
	{"one person takes a seal off", "Unseal|Two", q(`IF now_level = 2 THEN`), `IF false THEN`},
	{"the constraint lets one person take a seal off", "Unseal", `,\s+CHECK \(approved_by <> requested_by\)`, ``},
	{"the second person decides something else", "Unseal", q(` OR q.to_level <> p_level THEN RETURN`), ` THEN RETURN`},
	{"a relative is not excluded", "Relative", in("app.person_check", `r WHERE r.cpr_bidx = NEW.cpr_bidx`), `${1}r WHERE false`},
	{"an employee who is a party is not excluded", "Relative", in("app.person_check", `a.own_cpr_bidx = NEW.cpr_bidx`), `${1}false`},
	{"a number that is written in later excludes nobody", "Relative", q(`AFTER INSERT OR UPDATE OF cpr_bidx ON app.person`), `AFTER INSERT ON app.person`},
	{"nobody is told of a duplicate", "Duplicate", q(`PERFORM app._notify(o.responsible_id, o.id, 'case.duplicate');`), `NULL;`},
	{"a bait hears of the case that its responsible is kept out of", "Bait", q(` AND NOT auth._excluded(f.responsible_id, NEW.case_id) LOOP`), ` LOOP`},
	{"a bait hears of a sealed case", "Bait", q(` AND f.confidentiality = 2) THEN`), ` AND false) THEN`},
	{"an excluded person gets notices", "Duplicate", q(` OR (p_case IS NOT NULL AND auth._excluded(p_user, p_case))`), ``},
	{"a case in another team", "Registering", q(` AND (mt.id = t.id OR mt.intake AND mt.area = t.area AND mt.municipality = t.municipality)`), ``},
	{"a case by who has left the team", "Registering", in("app.create_case", `AND (tm.valid_to IS NULL OR tm.valid_to > now())`), `$1`},
	{"whoever is in a team of the area makes cases for another", "Registering", q(`OR mt.intake AND mt.area`), `OR mt.area`},
	{"the intake desk makes cases for the other area", "Registering|IntakeDesk", q(`OR mt.intake AND mt.area = t.area AND`), `OR mt.intake AND`},
	{"the intake desk keeps the cases that it makes", "Registering|IntakeDesk", q(`CASE WHEN NOT member THEN now() + interval '14 days' END`), `NULL`},
	{"a case by anybody", "Registering", q(`IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','team_lead') THEN RAISE`), `IF false THEN RAISE`},
	{"a case whose responsible is excluded", "Registering", q(` OR u = ANY (p_exclude) OR p_responsible = ANY (p_exclude) THEN`), ` THEN`},
	{"a case for somebody who has left the team", "RightPeople", q(`x.id = p_responsible AND (tm.valid_to IS NULL OR tm.valid_to > now())`), `x.id = p_responsible`},
	{"somebody is kept out twice", "RightPeople", in("app.create_case", `SELECT DISTINCT y FROM unnest(p_exclude)`), `${1}SELECT y FROM unnest(p_exclude)`},
	{"a case for somebody outside the team", "Registering", q(`JOIN app.team_member tm ON tm.user_id = x.id AND tm.team_id = p_team WHERE x.id`), `WHERE x.id`},
	{"a reopened case stays shut for its own transaction", "Closing", q(`PERFORM auth._opens(p_case, auth.perms(p_case)); -- the same`), `-- the same`},

	// the ground
	{"row-level security is not forced", "Catalogue", q(`EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);`), ``},
	{"row-level security is off", "Catalogue", q(`EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);`), ``},
	{"functions are left to PUBLIC (twice forbidden)", "Catalogue", q(`EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.sig);`) + `|ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`, ``},
	{"functions stay with the migrator", "Catalogue", q(`EXECUTE format('ALTER FUNCTION %s OWNER TO samspil_guard', f.sig);`), ``},
	{"temporary tables (both places)", "Bypass|Catalogue", `EXECUTE format\('REVOKE ALL ON DATABASE %I FROM PUBLIC', (current_database\(\)|d)\);`, ``},
	{"the application is not held short", "HeldShort", q(`EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET ', d) || s;`), `NULL;`},
	{"sleeping, signals and files for everybody", "Bypass", q(`EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);`), `NULL;`},
	{"every column of the header may be changed", "Small|Catalogue", `GRANT UPDATE \(severity[^)]*\) ON app\.case_file`, `GRANT UPDATE ON app.case_file`},
	{"the application writes grants", "Bypass|Catalogue", q(`GRANT SELECT ON app.case_file, app.citizen_label,`), `GRANT INSERT ON app.case_grant TO samspil_app; CREATE POLICY ins ON app.case_grant FOR INSERT TO samspil_app WITH CHECK ((SELECT auth.uid()) IS NOT NULL); GRANT SELECT ON app.case_file, app.citizen_label,`},
	{"the application reads ciphertext", "Catalogue|Small", q(`GRANT SELECT (id, case_id, person_id, kind, set_by, set_at, retired_at) ON app.protected_fact`), `GRANT SELECT ON app.protected_fact`},
	{"the application appends to the trail as it likes", "Bypass|Catalogue", q(`GRANT EXECUTE ON FUNCTION audit.record(text,uuid,text,jsonb) TO`), `GRANT EXECUTE ON FUNCTION audit.record(text,uuid,text,jsonb), audit._append(text,text,uuid,text,jsonb) TO`},
	{"the application reads sessions", "Bypass|Leaks", q(`GRANT SELECT ON app.municipality,`), `GRANT SELECT ON auth.session TO samspil_app; CREATE POLICY sel ON auth.session FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL); GRANT SELECT ON app.municipality,`},
	{"a view that reads as its owner", "Catalogue", q(`CREATE TABLE app.draft (`), `CREATE VIEW app.v AS SELECT * FROM app.note; GRANT SELECT ON app.v TO samspil_app;
CREATE TABLE app.draft (`},
	{"a function without a fixed search_path", "Catalogue", q(`FUNCTION auth.role() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp`), `FUNCTION auth.role() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED`},
	{"a policy that asks for every row", "Catalogue", q(`CREATE POLICY sel ON app.case_closing FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]))`), `CREATE POLICY sel ON app.case_closing FOR SELECT TO samspil_app USING (case_id = ANY (auth.opened(2)))`},
	{"a foreign key that leaves the case", "Catalogue|Hidden", `(?s)(CREATE TABLE app\.protected_fact.*?)FOREIGN KEY \(case_id, person_id\) REFERENCES app\.person \(case_id, id\)`, `${1}FOREIGN KEY (case_id) REFERENCES app.case_file, FOREIGN KEY (person_id) REFERENCES app.person (id)`},
	{"a unique key without the case", "Catalogue", q(`UNIQUE (case_id, author, request_key)`), `UNIQUE (request_key)`},
	{"a running number", "Catalogue", q(`CREATE TABLE app.case_closing (
  id uuid`), `CREATE TABLE app.case_closing (
  n serial, id uuid`},
	{"a foreign key that deletes (three of them)", "Catalogue", q(`person_id) REFERENCES app.person (case_id, id)`), `person_id) REFERENCES app.person (case_id, id) ON DELETE CASCADE`},
	{"the trail can be changed", "Chain", `CREATE TRIGGER no_change [^;]*;`, ``},
	{"the trail can be emptied", "Chain", `CREATE TRIGGER no_truncate [^;]*;`, ``},
	{"the chain does not cover who", "Chain", q(` || audit._lp(actor::text)`), ``},
	{"the chain does not cover when", "Chain", q(` || int8send((extract(epoch FROM at) * 1000000)::bigint)`), ``},
	{"the chain does not cover what", "Chain", q(` || audit._lp(object) || detail_hash`), ` || detail_hash`},

	// background work, check-ins and events
	{"pages enter the schema of the jobs", "Jobs", q(`GRANT USAGE ON SCHEMA river TO samspil_job, samspil_guard;`), `GRANT USAGE ON SCHEMA river TO samspil_job, samspil_guard, samspil_app;`},
	{"pages raise alarms themselves", "Jobs", q(`GRANT EXECUTE ON FUNCTION app.job_alarm(uuid), app.job_alarms() TO samspil_job;`), `GRANT EXECUTE ON FUNCTION app.job_alarm(uuid), app.job_alarms() TO samspil_job, samspil_app;`},
	{"the jobs read check-ins", "Jobs|OtherLogins", q(`SELECT meta.case_list('app.check_in', 'case_id');`), `SELECT meta.case_list('app.check_in', 'case_id'); GRANT SELECT ON app.check_in TO samspil_job;`},
	{"readers answer a check-in", "CheckIn", q(`IF NOT (p_case = ANY (auth.opened(32)) OR p_case = ANY (auth.opened(CASE p_outcome WHEN 'cancelled' THEN 8 ELSE 16 END))) THEN`), `IF NOT p_case = ANY (auth.opened(2)) THEN`},
	{"who is asked for advice cancels a check-in", "CheckIn", q(`WHEN 'cancelled' THEN 8 ELSE 16`), `WHEN 'cancelled' THEN 16 ELSE 16`},
	{"readers raise events", "CheckIn", q(`IF NOT (p_case = ANY (auth.opened(8)) OR p_case = ANY (auth.opened(48))) THEN`), `IF NOT p_case = ANY (auth.opened(2)) THEN`},
	{"everybody asks whom an alarm goes to", "CheckIn", q(`IF NOT p_case = ANY (auth.opened(2)) THEN RETURN; END IF;
  RETURN QUERY SELECT u.id, u.display_name`), `RETURN QUERY SELECT u.id, u.display_name`},
	{"an alarm goes to the excluded", "AnAlarm", q(`AND app._opens_case(u.id, p_case) ORDER BY u.display_name`), `ORDER BY u.display_name`},
}
