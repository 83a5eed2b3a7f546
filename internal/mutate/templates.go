package main

// templateMutations are the rules about plan templates, each broken once.
var templateMutations = []mutation{
	{"anybody publishes a template", "Templates", in("app.publish_template", `IF auth.role() IS DISTINCT FROM 'admin' THEN`), `${1}IF false THEN`},
	{"anybody drafts a template", "Templates", policy("own ON app.plan_template_draft", `WITH CHECK ((SELECT auth.role()) = 'admin' AND `), `${1}WITH CHECK (`},
	{"anybody retires a template", "Templates", policy("ins ON app.plan_template_retired", `(SELECT auth.role()) = 'admin' AND `), `$1`},
	{"a draft in another's name", "Templates", policy("own ON app.plan_template_draft", ` AND changed_by = (SELECT auth.uid())`), `$1`},
	{"a choice in another's name", "Templates", policy("ins ON app.plan_template_choice", ` AND chosen_by = (SELECT auth.uid())`), `$1`},
	{"a choice by who only reads", "Templates", policy("ins ON app.plan_template_choice", `opened(8)`), `${1}opened(2)`},
	{"choices read without opening", "Matrix|Leaks", policy("sel ON app.plan_template_choice", `case_id = ANY ((SELECT auth.opened(2))::uuid[])`), `${1}case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[])`},
	{"templates of another municipality", "Templates", policy("sel ON app.plan_template_version", `municipality = (SELECT auth.municipality())`), `${1}true`},
	{"a published version is changed", "Templates", `CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON app.plan_template_version [^;]*;`, ``},
	{"the gate is taken off a template's step", "Templates", q(`IF EXISTS (SELECT 1 FROM app._template_steps(d.content) s WHERE NOT s.gated`), `IF EXISTS (SELECT 1 FROM app._template_steps(d.content) s WHERE false AND NOT s.gated`},
	{"a step of an own template passes the gate", "Templates", `CREATE TRIGGER gate_of_template [^;]*;`, ``},
}
