-- A screening (barnets lov § 18; for adults the offer of serviceloven § 12 a): what comes of it, whether honour conflict is
-- suspected, and why. It is made again when something new is seen; none is ever changed (R13).
CREATE TABLE app.screening (
  id uuid PRIMARY KEY,                                         -- given by the form, so that one sent twice is one screening
  report_id uuid REFERENCES app.report, case_id uuid REFERENCES app.case_file,
  outcome text NOT NULL CHECK (outcome IN ('no_further','clarification','assessment','adult_advice','adult_plan')),
  reason text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 10000),
  honour boolean NOT NULL,                                     -- the honour track: true is suspected
  honour_why text NOT NULL CHECK (btrim(honour_why) <> '' AND length(honour_why) <= 10000),
  certainty text NOT NULL DEFAULT '' CHECK (certainty IN ('','concern','suspicion','confirmed','ruled_out')), -- of a case
  mandatory text[] NOT NULL DEFAULT '{}' CHECK (mandatory <@ ARRAY['serious','abuse','returned']), -- barnets lov § 20, stk. 1
  lighter_why text NOT NULL DEFAULT '' CHECK (length(lighter_why) <= 10000),
  screened_by uuid NOT NULL REFERENCES auth.user_account, screened_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT screening_of_somebody CHECK (report_id IS NOT NULL OR case_id IS NOT NULL),
  CONSTRAINT a_case_has_a_certainty CHECK (report_id IS NOT NULL OR certainty <> ''),
  CONSTRAINT the_certainty_says_the_same CHECK (certainty IN ('','concern') OR honour = (certainty IN ('suspicion','confirmed'))),
  CONSTRAINT a_lighter_outcome_says_why CHECK (mandatory = '{}' OR outcome = 'assessment' OR btrim(lighter_why) <> '')
);
CREATE INDEX ON app.screening (case_id, screened_at DESC) WHERE case_id IS NOT NULL;
CREATE INDEX ON app.screening (report_id, screened_at DESC) WHERE report_id IS NOT NULL;
SELECT meta.guard('app.screening', 'SELECT, UPDATE (case_id)');
CREATE TRIGGER of_report BEFORE INSERT ON app.screening FOR EACH ROW EXECUTE FUNCTION app.of_report();

-- A child has exactly the three outcomes of § 18, an adult has others; § 20 is about children.
CREATE FUNCTION app.screening_lawful() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a text;
BEGIN
  a := coalesce((SELECT r.area FROM app.report r WHERE r.id = NEW.report_id), (SELECT f.area FROM app.case_file f WHERE f.id = NEW.case_id));
  IF a = 'child' AND NEW.outcome NOT IN ('no_further','clarification','assessment')
     OR a = 'adult' AND (NEW.outcome NOT IN ('no_further','adult_advice','adult_plan') OR NEW.mandatory <> '{}') THEN
    RAISE check_violation USING MESSAGE = 'no lawful outcome in this area', CONSTRAINT = 'screening_lawful';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER screening_lawful BEFORE INSERT ON app.screening FOR EACH ROW EXECUTE FUNCTION app.screening_lawful();

CREATE POLICY sel ON app.screening FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(2))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(2))::uuid[]) AND (report_id IS NULL OR report_id <> ALL ((SELECT auth.barred())::uuid[])));
CREATE POLICY ins ON app.screening FOR INSERT TO samspil_app WITH CHECK (screened_by = (SELECT auth.uid())
  AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR report_id IS NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[])));
GRANT SELECT, INSERT (id, report_id, case_id, outcome, reason, honour, honour_why, certainty, mandatory, lighter_why, screened_by) ON app.screening TO samspil_app;

CREATE OR REPLACE FUNCTION app.signs_follow() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.sign_seen SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  UPDATE app.suggestion_answer SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  UPDATE app.screening SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  RETURN NULL;
END $$;
SELECT meta.settle();
