DROP TRIGGER suspected ON app.case_file;
DROP FUNCTION app.suspected();
DROP TRIGGER report_came ON app.report_case;
DROP FUNCTION app.report_came();
DROP FUNCTION app.conclude_reports(uuid, text, text, jsonb);
REVOKE UPDATE (outcome, concluded_at, concluded_by) ON app.report FROM samspil_guard;
REVOKE UPDATE (outcome_reason, version, changed_at) ON app.report_content FROM samspil_guard;
REVOKE INSERT ON app.report_event FROM samspil_guard;
