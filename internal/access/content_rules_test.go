package access

// ruleRows are the map of who answers for what.
var ruleRows = []filled{
	{"app.mandate_area", `INSERT INTO app.mandate_area (id, case_id, name, changed_by) VALUES (:area, :case, 'Om :word', :who)`},
	{"app.mandate", `INSERT INTO app.mandate (id, case_id, area_id, user_id, part, given_by) VALUES (:mandate, :case, :area, :who, 'leads', :who)`},
	{"app.mandate_ack", `INSERT INTO app.mandate_ack (case_id, mandate_id, on_day, written_by) VALUES (:case, :mandate, current_date, :who)`},
}
