package main

// workMutations are the rules about screening, deadlines, check-ins and what happens to a case, each broken once.
var workMutations = []mutation{
	// screening
	{"an unlawful outcome of a screening", "LawfulOutcomes", `CREATE TRIGGER screening_lawful [^;]*;`, ``},
	{"a lighter outcome without a reason", "Lighter|Lawful", q(`mandatory = '{}' OR outcome = 'assessment' OR btrim(lighter_why) <> ''`), `true`},
	{"ruled out and suspected in one screening", "LawfulOutcomes", q(`certainty IN ('','concern') OR honour = (certainty IN ('suspicion','confirmed'))`), `true`},
	{"a screening in another's name", "AnothersName", policy("ins ON app.screening", `screened_by = (SELECT auth.uid())`), `${1}(SELECT auth.uid()) IS NOT NULL`},
	{"an answer to a suggestion in another's name", "AnothersName", policy("ins ON app.suggestion_answer", `answered_by = (SELECT auth.uid())`), `${1}(SELECT auth.uid()) IS NOT NULL`},
	{"a sign in another's name", "AnothersName", policy("ins ON app.sign_seen", `noted_by = (SELECT auth.uid()) AND`), `$1`},
	{"a sign in a case that one only reads", "AnothersName", policy("ins ON app.sign_seen", `report_id IS NULL AND case_id = ANY ((SELECT auth.opened(8))`), `${1}report_id IS NULL AND case_id = ANY ((SELECT auth.opened(2))`},
	{"a sign taken back in another's name", "AnothersName", `CREATE TRIGGER own_hand BEFORE UPDATE OF retired_by ON app\.sign_seen [^;]*;`, ``},
	{"a sign taken back without a reason", "AnothersName|Sign", q(` AND (retired_at IS NULL) = (btrim(retired_reason) = '')`), ``},
	{"the writer says which case a report's sign belongs to", "AnothersName", `CREATE TRIGGER of_report BEFORE INSERT ON app\.sign_seen [^;]*;`, ``},
	{"who is kept from a report reads its signs in the case", "KeptFromAReport|SignsFollow", policy("sel ON app.sign_seen", ` AND (report_id IS NULL OR report_id <> ALL ((SELECT auth.barred())::uuid[]))`), `$1`},
	{"who is kept from a report reads its screening in the case", "KeptFromAReport|SignsFollow", policy("sel ON app.screening", ` AND (report_id IS NULL OR report_id <> ALL ((SELECT auth.barred())::uuid[]))`), `$1`},
	{"who is kept from a report reads its suggestions in the case", "KeptFromAReport|SignsFollow", policy("sel ON app.suggestion_answer", ` AND (report_id IS NULL OR report_id <> ALL ((SELECT auth.barred())::uuid[]))`), `$1`},
	{"caseworkers change the rules of screening", "Rule|Admin", policy("ins ON app.screening_rule", `(SELECT auth.role()) = 'admin' AND `), `$1`},
	{"everybody sees the precision of a rule", "Precision", in("app.rule_precision", `IF auth.role() IS DISTINCT FROM 'admin' THEN RETURN; END IF;`), `$1`},
	{"the precision tells of single answers", "Precision", q(`CASE WHEN x.n >= 5 THEN`), `CASE WHEN x.n >= 1 THEN`},
	{"the precision of another municipality", "Precision", q(` AND coalesce(f.municipality, p.municipality) = here`), ``},

	// deadlines
	{"the clock of the law is stopped", "Law|RawSQL", q(`CHECK (NOT statutory OR unit <> 'hours' OR status <> 'paused' AND due_at = counts_from + make_interval(hours => length))`), `CHECK (true)`},
	{"a deadline is moved without a reason", "Why|RawSQL", q(`CHECK (what NOT IN ('moved','paused','cancelled','recomputed') OR btrim(reason) <> '')`), `CHECK (true)`},
	{"a municipality is slower than the law", "NeverSlower|Law", `CREATE TRIGGER law_before_rule [^;]*;`, ``},
	{"caseworkers change local deadlines", "OnlyTheAdmin", q(`WITH CHECK (municipality = (SELECT auth.municipality()) AND (SELECT auth.role()) = ''admin'' AND changed_by = (SELECT auth.uid()))', t);
    EXECUTE format('CREATE POLICY upd`), `WITH CHECK (municipality = (SELECT auth.municipality()) AND changed_by = (SELECT auth.uid()))', t);
    EXECUTE format('CREATE POLICY upd`},
	{"a deadline in another's name", "RawSQL|Who", policy("ins ON app.deadline", ` AND created_by = (SELECT auth.uid())`), `$1`},
	{"a deadline met in another's name", "RawSQL|Who", policy("upd ON app.deadline", ` AND (met_by IS NULL OR met_by = (SELECT auth.uid()))`), `$1`},
	{"a deadline changed in another's name", "RawSQL|Who", policy("ins ON app.deadline_change", ` AND changed_by = (SELECT auth.uid())`), `$1`},

	// safety plan and check-in
	{"a check-in in another's name", "Strangers|CheckIn", policy("ins ON app.check_in", ` AND created_by = (SELECT auth.uid())`), `$1`},
	{"a safety plan in another's name", "Strangers|SafetyPlan", `CREATE POLICY own_name ON app\.safety_plan [^;]*;`, ``},
	{"an alarm is promised to who may not open the case", "CanBeNamed", q(`IF NOT app._opens_case(NEW.alarm_user, NEW.case_id) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;`), ``},
	{"a missed check-in tells the excluded", "Alarm", q(`WHERE app._opens_case(x.id, r.case_id) ORDER BY x.id LOOP`), `LOOP`},
	{"an alarm is raised twice", "Alarm", q(`AND k.status = 'agreed' AND k.alarm_at <= now() RETURNING`), `AND k.alarm_at <= now() RETURNING`},
	{"an alarm before its time", "Alarm", q(`AND k.status = 'agreed' AND k.alarm_at <= now() RETURNING`), `AND k.status = 'agreed' RETURNING`},
	{"a check-in without its job", "Alarm|CheckIn", `CREATE TRIGGER check_in_waits [^;]*;`, ``},
	{"an alarm is closed without a word", "CheckIn|Alarm", q(`CHECK (status NOT IN ('closed','cancelled') OR btrim(words) <> '')`), `CHECK (true)`},
	{"a closed case waits for somebody", "ClosedCase", `(?s)CREATE TRIGGER closed_case_waits_for_nobody [^;]*;`, ``},

	// what happens to a case
	{"a birthday makes a forgotten case look looked after", "Birthday|Moved|Forgotten", in("app.case_moved", ` AND (NEW.actor IS NOT NULL OR NEW.contact_id IS NOT NULL AND NEW.kind = 'step.done')`), `$1`},
	{"a prompt is answered in another's name", "Prompt|Name", `CREATE TRIGGER own_hand BEFORE UPDATE OF answered_by ON app\.prompt [^;]*;`, ``},
	{"a prompt is put away without a reason", "Prompt|Relevant", q(`CHECK (answer IS DISTINCT FROM 'not_relevant' OR btrim(reason) <> '')`), `CHECK (true)`},
	{"the same prompts again and again", "Prompt|Once", q(`UNIQUE (case_id, id), UNIQUE (case_id, rule, key)`) + `(?s)(.*?)` + q(`ON CONFLICT (case_id, rule, key) DO NOTHING RETURNING`), `UNIQUE (case_id, id)${1}RETURNING`},
	{"a level that falls prompts", "Level", `(TRIGGER level_rose [^;]*?NEW\.severity\), 0\)) > coalesce`, `$1 <> coalesce`},
}
