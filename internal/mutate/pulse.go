package main

// pulseMutations are the rules about what makes a plan to be gone through, and what counts as having done so (R6), each broken once.
var pulseMutations = []mutation{
	{"pulse: a step from elsewhere looks the plan through", "GoneThroughWhereItStands", in("app.plan_edited", `IF coalesce(current_setting('app.plan_page', true), '') = NEW.case_id::text THEN`), `${1}IF true THEN`},
	{"pulse: an edit on the plan's page is no look", "GoneThroughWhereItStands", in("app.plan_edited", `IF coalesce(current_setting('app.plan_page', true), '') = NEW.case_id::text THEN`), `${1}IF false THEN`},
	{"pulse: the goals saved as they were are a look", "GoneThroughWhereItStands", in("app.plan_looked_through", `(OLD.citizen_goals, OLD.next_follow_up, OLD.looked_at) IS NOT DISTINCT FROM (NEW.citizen_goals, NEW.next_follow_up, NEW.looked_at)`), `${1}false`},
	{"pulse: a report is taken for a rise in risk", "KnowsWhyItIsToBeGoneThrough", in("app.plan_reopened", `WHEN 'prompt' THEN 'report' ELSE`), `${1}WHEN 'none' THEN 'report' ELSE`},
	{"pulse: of two reasons the first is told", "KnowsWhyItIsToBeGoneThrough", in("app.plan_reopened", `THEN news ELSE 'both' END`), `${1}THEN news ELSE f.plan_revisit_why END`},
}
