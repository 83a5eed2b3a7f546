package access

var reminderRows = []filled{
	{"app.reminder", `INSERT INTO app.reminder (case_id, thing, object_id, due_at, kind, to_user) VALUES (:case, 'step', :step, now(), 'today', :who)`},
}
