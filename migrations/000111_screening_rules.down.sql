DROP FUNCTION app.rule_precision();
CREATE OR REPLACE FUNCTION app.signs_follow() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.sign_seen SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  RETURN NULL;
END $$;
DROP TABLE app.suggestion_answer;
DROP TABLE app.screening_rule;
