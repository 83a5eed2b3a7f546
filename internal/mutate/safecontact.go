package main

// contactMutations are the rules of safe contact, each broken once.
var contactMutations = []mutation{
	{"the rules are set aside in another's name", "SafeContact", policy("ins ON app.contact_override", ` AND by_user = (SELECT auth.uid())`), `$1`},
	{"who is asked for advice sets the rules aside", "SafeContact", policy("ins ON app.contact_override", `opened(12)`), `${1}opened(2)`},
	{"what was set aside is read without opening", "Matrix|Leaks", policy("sel ON app.contact_override", `case_id = ANY ((SELECT auth.opened(2))::uuid[])`), `${1}case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[])`},
	{"the family's number is shown while the gate is shut", "SafeContact", `()` + q(`IF around AND p_purpose = 'contact' AND app._gate_shut(p_case, now()) THEN PERFORM app._refuse_at_gate(); END IF;`), `$1`},
	{"the gate is set aside with a reason", "SafeContact", in("app.override_at_gate", `AND app._gate_shut(NEW.case_id, now())`), `${1}AND false`},
	{"the gate is the reason for which it is set aside", "SafeContact", q(`CHECK (why <> 'gate' OR channel = 'none'), `), ``},
	{"a reason for one person shows another's number", "SafeContact", in("app.override_at_gate", `IF NOT EXISTS (SELECT 1 FROM app.protected_fact f`), `${1}IF false AND NOT EXISTS (SELECT 1 FROM app.protected_fact f`},
	{"the rules are set aside without a reason", "SafeContact", q(`reason text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 2000),`), `reason text NOT NULL,`},
	{"a way is used and never used", "SafeContact", q(`ADD CHECK (NOT may_use && must_not),`), ``},
	{"somebody who threatens may be contacted", "SafeContact", q(`may_contact <> 'yes' OR conflict_role <> 'threatens' AND may_know <> 'no'`), `may_contact <> 'yes' OR may_know <> 'no'`},
	{"somebody who may not know may be contacted", "SafeContact", q(`may_contact <> 'yes' OR conflict_role <> 'threatens' AND may_know <> 'no'`), `may_contact <> 'yes' OR conflict_role <> 'threatens'`},
	{"something is written although nothing may be", "SafeContact", q(`ADD CHECK (policy <> 'none_written' OR NOT may_use && ARRAY['sms','email','letter','digital_post']);`), `ADD CHECK (true);`},
	{"only in person, and calls as well", "SafeContact", q(`WHEN 'in_person' THEN may_use <@ ARRAY['visit'] `), ``},
	{"through a partner, and calls as well", "SafeContact", q(`WHEN 'via_partner' THEN may_use <@ ARRAY['third']`), ``},
	{"agreed telephone hours, and letters", "SafeContact", q(`may_use <@ ARRAY['phone','sms'] AND `), ``},
	{"agreed hours that are none", "SafeContact", q(` AND (may_use = '{}' OR jsonb_array_length(windows) > 0)`), ``},
	{"a letter is a reason", "SafeContact", q(`length(btrim(reason)) >= 15 AND `), ``},
	{"one word is a reason", "SafeContact", q(` AND btrim(reason) ~ '\S\s+\S'`), ``},
	{"no lead hears of a forbidden contact", "SafeContact", q(`PERFORM app._notify(l, NEW.case_id, 'contact.overridden') FROM app._leads_of(NEW.case_id) l;`), ``},
	{"a lead hears of what nobody had settled", "SafeContact", q(` WHEN (NEW.why NOT IN ('unsettled', 'ask'))`), ``},
}
