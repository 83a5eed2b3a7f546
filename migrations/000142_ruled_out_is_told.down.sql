DROP TRIGGER ruled_out_is_told ON app.case_file;
DROP FUNCTION app.ruled_out_is_told();
ALTER TABLE app.screening DROP CONSTRAINT ruled_out_says_why, DROP CONSTRAINT a_suspicion_that_comes_to_nothing_says_why;
SELECT meta.settle();
