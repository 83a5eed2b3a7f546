package main

// ruleMutations are the rules about plan rules and mandates, each broken once.
var ruleMutations = []mutation{
	{"a caseworker writes plan rules", "PlanRules", policy("ins ON app.plan_rule", `(SELECT auth.role()) = 'admin' AND `), `$1`},
	{"plan rules of another municipality are written", "PlanRules", policy("ins ON app.plan_rule", `municipality = (SELECT auth.municipality()) AND `), `$1`},
	{"plan rules of another municipality are read", "PlanRules", policy("sel ON app.plan_rule", ` AND (municipality IS NULL OR municipality = (SELECT auth.municipality()))`), `$1`},
	{"hits are told of a case that is not opened", "HitsOf", in("app.rule_hits", `IF (p_case = ANY (auth.opened(2))) IS NOT TRUE THEN RETURN; END IF;`), `$1`},
	{"a lead lists the hits of sealed cases", "HitsOf", in("app.rule_hits_listed", ` AND f.confidentiality < 2`), `$1`},
	{"a lead lists the hits of cases they are kept out of", "HitsOf", in("app.rule_hits_listed", ` AND f.id <> ALL (bar)`), `$1`},
	{"everybody is told the admin's numbers", "PlanRules", in("app.plan_rule_cases", `IF auth.role() IS DISTINCT FROM 'admin' THEN RETURN NULL; END IF;`), `$1`},
	{"the admin is told of a single case", "PlanRules", in("app.plan_rule_cases", `CASE WHEN n >= 5 THEN`), `${1}CASE WHEN n >= 0 THEN`},
	{"a part is given in another's name", "Mandate", policy("ins ON app.mandate", ` AND given_by = (SELECT auth.uid())`), `$1`},
	{"who only reads gives parts", "Mandate", policy("ins ON app.mandate", `opened(8)`), `${1}opened(2)`},
	{"one acknowledges for a colleague", "Mandate", q(`IF m.user_id <> NEW.written_by OR m.user_id IS NULL`), `IF m.user_id IS NULL`},
	{"who is asked for advice acknowledges for a partner", "Mandate", q(`OR m.user_id IS NULL AND NOT NEW.case_id = ANY (auth.opened(8)) THEN`), `THEN`},
	{"a stranger to the case has a part", "Mandate", in("app.mandate_given", `NOT app._mandate_here(NEW.case_id, NEW.user_id, NEW.contact_id)`), `${1}false`},
	{"mandates are read without opening", "Matrix|Leaks", policy("sel ON app.mandate", `case_id = ANY ((SELECT auth.opened(2))::uuid[])`), `${1}case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[])`},
	{"a partner sees what another leads", "TheirOwn", q(`m.contact_id = l.contact_id AND m.part = 'leads'`), `m.part = 'leads'`},
	{"a partner reads the words of the case's own areas", "TheirOwn", q(`AND a.code <> '' AND a.left_out = ''`), `AND a.left_out = ''`},
	{"a partner acknowledges whatever they name", "TheirOwn", in("app.guest_acknowledge", `IF NOT FOUND THEN RETURN false; END IF;`), `$1`},
}
