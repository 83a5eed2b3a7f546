-- What a report of concern and its case do to each other.

-- The screening of a case concludes the reports that the case has taken up: they are about the same child, and nobody
-- decides twice. In the children's area a report is assessed first (§ 136); one that is not stays open.
GRANT UPDATE (outcome, concluded_at, concluded_by) ON app.report TO samspil_guard;
GRANT UPDATE (outcome_reason, version, changed_at) ON app.report_content TO samspil_guard;
GRANT INSERT ON app.report_event TO samspil_guard;
CREATE FUNCTION app.conclude_reports(p_case uuid, p_outcome text, p_reason text, p_data jsonb) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r uuid; n int := 0;
BEGIN
  PERFORM app._demand(p_case, 8);
  FOR r IN SELECT x.id FROM app.report_case rc JOIN app.report x ON x.id = rc.report_id
            WHERE rc.case_id = p_case AND rc.how IN ('made','joined') AND x.concluded_at IS NULL AND (x.area <> 'child' OR x.assessed_at IS NOT NULL) ORDER BY x.id FOR UPDATE OF x LOOP
    UPDATE app.report SET outcome = p_outcome, concluded_at = now(), concluded_by = auth.uid(), version = version + 1 WHERE id = r;
    UPDATE app.report_content SET outcome_reason = p_reason, version = version + 1, changed_at = now() WHERE report_id = r;
    INSERT INTO app.report_event (report_id, actor, kind, data) VALUES (r, auth.uid(), 'screening.made', p_data);
    PERFORM audit._append('case:' || r, 'screening.made', r, p_case::text, NULL);
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.conclude_reports(uuid, text, text, jsonb) TO samspil_app;

-- A new report on a child who has a case is an event there, once (event_triggers of the reference data). Where somebody who
-- may open the case must not know of the report, it is not said until the case has taken the report up, which keeps them
-- out. The notice of the report itself has told the responsible already.
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
  IF p_rule <> 'new_report' THEN PERFORM app._notify(who, p_case, 'prompt.raised'); END IF;
  RETURN p;
END $$;
CREATE FUNCTION app.report_came() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.how = 'joined' OR NOT EXISTS (SELECT 1 FROM app.report_exclusion x WHERE x.report_id = NEW.report_id AND app._opens_case(x.user_id, NEW.case_id)) THEN
    PERFORM app._raise_prompt(NEW.case_id, 'new_report', NEW.report_id::text, NULL, NULL, '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER report_came AFTER INSERT OR UPDATE OF how ON app.report_case FOR EACH ROW WHEN (NEW.how IN ('match','joined')) EXECUTE FUNCTION app.report_came();
SELECT meta.settle();
