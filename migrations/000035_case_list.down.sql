DROP TRIGGER partners_changed ON app.involvement;
DROP TRIGGER partners_added ON app.involvement;
DROP TRIGGER steps_changed ON app.plan_step;
DROP TRIGGER steps_added ON app.plan_step;
DROP FUNCTION app.partners_moved;
DROP FUNCTION app.steps_moved;
DROP INDEX app.case_file_team_normal, app.case_file_team_planless, app.case_file_team_opened, app.case_file_team_number, app.case_file_team_due, app.case_file_team_severity;
ALTER TABLE app.case_file DROP severity_rank, DROP partners, DROP next_due_at;
