package access

var templateRows = []filled{
	{"app.plan_template_choice", `INSERT INTO app.plan_template_choice (case_id, label, adopted, chosen_by) VALUES (:case, ':word', '{}', :who)`},
}
