-- A sign that somebody has seen is a row, with what was seen, from whom and when: not a tick that is lost in a form.
-- It belongs to a report, to a case, or to both: when a report becomes a case, or is joined to one, its signs follow.
CREATE TABLE app.sign_seen (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  report_id uuid REFERENCES app.report, case_id uuid REFERENCES app.case_file,
  code text NOT NULL DEFAULT '',                               -- reference data, signs; empty: an own observation in own words
  observation text NOT NULL CHECK (btrim(observation) <> '' AND length(observation) <= 4000), -- what was seen or said, not what it is thought to mean
  source text NOT NULL CHECK (source IN ('own','citizen','school','professional','network','reporter','document','other')),
  seen_on date,                                                -- NULL: not known
  noted_by uuid NOT NULL REFERENCES auth.user_account, noted_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz, retired_by uuid REFERENCES auth.user_account, retired_reason text NOT NULL DEFAULT '',
  CONSTRAINT sign_of_somebody CHECK (report_id IS NOT NULL OR case_id IS NOT NULL),
  CONSTRAINT a_sign_is_retired_with_a_reason CHECK ((retired_at IS NULL) = (retired_by IS NULL) AND (retired_at IS NULL) = (btrim(retired_reason) = '')) -- R13
);
CREATE INDEX ON app.sign_seen (case_id, noted_at DESC) WHERE case_id IS NOT NULL;
CREATE INDEX ON app.sign_seen (report_id, noted_at DESC) WHERE report_id IS NOT NULL;
SELECT meta.guard('app.sign_seen', 'SELECT, UPDATE (case_id)');

-- of_report(): which case a row of a report belongs to is what the report says, never what the writer says.
CREATE FUNCTION app.of_report() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.report_id IS NOT NULL THEN
    NEW.case_id := (SELECT rc.case_id FROM app.report_case rc WHERE rc.report_id = NEW.report_id AND rc.how IN ('joined','made') ORDER BY rc.at, rc.case_id LIMIT 1);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_report BEFORE INSERT ON app.sign_seen FOR EACH ROW EXECUTE FUNCTION app.of_report();

-- signs_follow(): what was seen on a report is seen by the people of the case that takes it up. A mere match tells nobody anything.
CREATE FUNCTION app.signs_follow() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.sign_seen SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER signs_follow AFTER INSERT OR UPDATE OF how ON app.report_case FOR EACH ROW WHEN (NEW.how IN ('joined','made')) EXECUTE FUNCTION app.signs_follow();
CREATE TRIGGER own_hand BEFORE UPDATE OF retired_by ON app.sign_seen FOR EACH ROW EXECUTE FUNCTION app.own_hand('retired_by');

-- Who is kept out of a report reads nothing of it in a case either (R10).
CREATE POLICY sel ON app.sign_seen FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(2))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(2))::uuid[]) AND (report_id IS NULL OR report_id <> ALL ((SELECT auth.barred())::uuid[])));
CREATE POLICY ins ON app.sign_seen FOR INSERT TO samspil_app WITH CHECK (noted_by = (SELECT auth.uid()) AND retired_at IS NULL
  AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR report_id IS NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[])));
CREATE POLICY upd ON app.sign_seen FOR UPDATE TO samspil_app
  USING (retired_at IS NULL AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(8))::uuid[])))
  WITH CHECK (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(8))::uuid[]));
GRANT SELECT, INSERT (id, report_id, case_id, code, observation, source, seen_on, noted_by), UPDATE (retired_at, retired_by, retired_reason) ON app.sign_seen TO samspil_app;
SELECT meta.settle();
