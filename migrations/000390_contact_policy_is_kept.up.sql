-- What is agreed of every way stands above what is said of one (ADR 23): "only in person" with calls allowed contradicts itself, and
-- agreed hours are some. NOT VALID: asked of what is written from now on; the program judges the rows of before as strictly.
ALTER TABLE app.safe_contact ADD CONSTRAINT policy_is_kept CHECK (CASE policy WHEN 'in_person' THEN may_use <@ ARRAY['visit'] WHEN 'via_partner' THEN may_use <@ ARRAY['third']
  WHEN 'phone_agreed' THEN may_use <@ ARRAY['phone','sms'] AND (may_use = '{}' OR jsonb_array_length(windows) > 0) ELSE true END) NOT VALID;

-- The rules are set aside for a reason, and "x" is none.
ALTER TABLE app.contact_override ADD CONSTRAINT a_reason_in_words CHECK (length(btrim(reason)) >= 15 AND btrim(reason) ~ '\S\s+\S') NOT VALID;

-- The leads of a case are told when somebody went against what is forbidden, not of what nobody had settled: that it happened, and
-- neither who, whom nor why.
CREATE FUNCTION app.override_is_told() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._notify(l, NEW.case_id, 'contact.overridden') FROM app._leads_of(NEW.case_id) l;
  RETURN NULL;
END $$;
CREATE TRIGGER override_is_told AFTER INSERT ON app.contact_override FOR EACH ROW WHEN (NEW.why NOT IN ('unsettled', 'ask')) EXECUTE FUNCTION app.override_is_told();
SELECT meta.settle();
