DROP TRIGGER report_came ON app.report_case;
DROP FUNCTION app.report_came();
CREATE OR REPLACE FUNCTION app._raise_prompt(p_case uuid, p_rule text, p_key text, p_by uuid, p_on date, p_note text) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE p uuid; who uuid;
BEGIN
  SELECT f.responsible_id INTO who FROM app.case_file f WHERE f.id = p_case AND f.status = 'open';
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF app._event_rule(p_rule) IS NULL THEN RAISE invalid_parameter_value USING MESSAGE = 'no such event'; END IF;
  INSERT INTO app.prompt (case_id, rule, key, raised_by, happened_on, note) VALUES (p_case, p_rule, p_key, p_by, p_on, p_note)
    ON CONFLICT (case_id, rule, key) DO NOTHING RETURNING id INTO p;
  IF p IS NULL THEN RETURN (SELECT x.id FROM app.prompt x WHERE x.case_id = p_case AND x.rule = p_rule AND x.key = p_key); END IF;
  PERFORM app._event(p_case, p_by, 'prompt.raised', p, jsonb_build_object('rule', p_rule));
  PERFORM app._notify(who, p_case, 'prompt.raised');
  RETURN p;
END $$;
DROP FUNCTION app.conclude_reports(uuid, text, text, jsonb);
REVOKE UPDATE (outcome, concluded_at, concluded_by) ON app.report FROM samspil_guard;
REVOKE UPDATE (outcome_reason, version, changed_at) ON app.report_content FROM samspil_guard;
REVOKE INSERT ON app.report_event FROM samspil_guard;
