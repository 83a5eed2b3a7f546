DROP TRIGGER ruled_out_by_screening ON app.case_file;
DROP FUNCTION app.ruled_out_by_screening();
