-- The deadlines of a report of concern (R2, R4; barnets lov §§ 136 and 138) stand beside those of the cases, with the team
-- of the intake desk, so that they are counted as kept and broken like all others. Who sees and writes the report sees and
-- writes them; the receipt may still be sent when the report has been concluded.
ALTER TABLE app.deadline ADD FOREIGN KEY (report_id) REFERENCES app.report;
ALTER TABLE app.deadline_change ADD FOREIGN KEY (report_id) REFERENCES app.report;
CREATE INDEX ON app.deadline (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX ON app.deadline_change (report_id) WHERE report_id IS NOT NULL;

CREATE FUNCTION app.fill_desk() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.confidentiality := 0;
  NEW.team_id := (SELECT t.id FROM app.report r JOIN app.team t ON t.intake AND t.area = r.area AND t.municipality = r.municipality WHERE r.id = NEW.report_id ORDER BY t.name, t.id LIMIT 1);
  RETURN NEW;
END $$;
CREATE TRIGGER fill_desk BEFORE INSERT ON app.deadline FOR EACH ROW WHEN (NEW.report_id IS NOT NULL) EXECUTE FUNCTION app.fill_desk();

CREATE POLICY sel_report ON app.deadline FOR SELECT TO samspil_app USING (report_id IS NOT NULL AND (report_id = ANY ((SELECT auth.opened(2))::uuid[]) OR report_id = ANY ((SELECT auth.my_reports())::uuid[])));
CREATE POLICY ins_report ON app.deadline FOR INSERT TO samspil_app WITH CHECK (report_id IS NOT NULL AND report_id = ANY ((SELECT auth.opened(8))::uuid[]) AND created_by = (SELECT auth.uid()));
CREATE POLICY upd_report ON app.deadline FOR UPDATE TO samspil_app
  USING (report_id IS NOT NULL AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR code = 'UND_RECEIPT' AND report_id = ANY ((SELECT auth.opened(16))::uuid[])))
  WITH CHECK (report_id IS NOT NULL AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR code = 'UND_RECEIPT' AND report_id = ANY ((SELECT auth.opened(16))::uuid[]))
    AND (met_by IS NULL OR met_by = (SELECT auth.uid())));
CREATE POLICY sel_report ON app.deadline_change FOR SELECT TO samspil_app USING (report_id IS NOT NULL AND report_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins_report ON app.deadline_change FOR INSERT TO samspil_app
  WITH CHECK (report_id IS NOT NULL AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR report_id = ANY ((SELECT auth.opened(16))::uuid[])) AND changed_by = (SELECT auth.uid()));
SELECT meta.settle();
