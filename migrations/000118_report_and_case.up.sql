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
-- out.
CREATE FUNCTION app.report_came() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.how = 'joined' OR NOT EXISTS (SELECT 1 FROM app.report_exclusion x WHERE x.report_id = NEW.report_id AND app._opens_case(x.user_id, NEW.case_id)) THEN
    PERFORM app._raise_prompt(NEW.case_id, 'new_report', NEW.report_id::text, NULL, NULL, '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER report_came AFTER INSERT OR UPDATE OF how ON app.report_case FOR EACH ROW WHEN (NEW.how IN ('match','joined')) EXECUTE FUNCTION app.report_came();

-- A case is marked as one of honour conflict when somebody says so after it was registered; the registration itself asks
-- for the same things already.
CREATE FUNCTION app.suspected() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._raise_prompt(NEW.id, 'nsc_tag_set', extract(epoch FROM now())::text, NULL, NULL, ''); RETURN NULL; END $$;
CREATE TRIGGER suspected AFTER UPDATE OF certainty ON app.case_file FOR EACH ROW
  WHEN (NEW.certainty IN ('suspicion','confirmed') AND OLD.certainty NOT IN ('suspicion','confirmed') AND OLD.opened_at < now()) EXECUTE FUNCTION app.suspected();
SELECT meta.settle();
