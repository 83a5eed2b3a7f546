-- What a municipality decides about deadlines itself: local lengths, and three days that may be holidays. Admins write, the office reads.
CREATE TABLE app.deadline_rule (
  municipality int NOT NULL REFERENCES app.municipality, code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9_]{1,40}$'), -- of the reference data, or LOCAL_…
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 120), area text NOT NULL CHECK (area IN ('child','adult','both')), -- name: only of one's own
  length int NOT NULL CHECK (length BETWEEN 0 AND 3660), unit text NOT NULL CHECK (unit IN ('hours','days','hverdage','arbejdsdage','weeks','months','years')),
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1, changed_by uuid NOT NULL REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, code)
);
CREATE TABLE app.office_setting (
  municipality int PRIMARY KEY REFERENCES app.municipality,
  constitution_day boolean NOT NULL DEFAULT false, christmas_eve boolean NOT NULL DEFAULT false, new_years_eve boolean NOT NULL DEFAULT false, -- count as holidays
  version int NOT NULL DEFAULT 1, changed_by uuid NOT NULL REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now()
);
-- Every form that a rule or the settings ever had, kept by the database itself.
CREATE TABLE app.deadline_rule_change (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), municipality int NOT NULL REFERENCES app.municipality, code text NOT NULL, name text NOT NULL,
  length int NOT NULL, unit text NOT NULL, active boolean NOT NULL, version int NOT NULL,
  changed_by uuid NOT NULL REFERENCES auth.user_account, at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON app.deadline_rule_change (municipality, at DESC);
CREATE TABLE app.office_setting_change (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), municipality int NOT NULL REFERENCES app.municipality,
  constitution_day boolean NOT NULL, christmas_eve boolean NOT NULL, new_years_eve boolean NOT NULL, version int NOT NULL,
  changed_by uuid NOT NULL REFERENCES auth.user_account, at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON app.office_setting_change (municipality, at DESC);

SELECT meta.guard('app.reference_item', 'SELECT');
SELECT meta.guard('app.deadline_rule_change', 'INSERT');
SELECT meta.guard('app.office_setting_change', 'INSERT');

-- What the law sets is the law's: a municipality may be quicker than it, never slower, and never count it in another unit or not at all.
CREATE FUNCTION app.law_before_rule() RETURNS trigger LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM app.reference_item r WHERE r.kind = 'deadlines' AND r.code = NEW.code AND (r.data->>'statutory')::boolean
             AND (NOT NEW.active OR NEW.unit IS DISTINCT FROM r.data->>'unit' OR NEW.length > coalesce((r.data->>'length')::int, -1))) THEN
    RAISE check_violation USING MESSAGE = 'slower than the law', CONSTRAINT = 'law_before_rule';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER law_before_rule BEFORE INSERT OR UPDATE ON app.deadline_rule FOR EACH ROW EXECUTE FUNCTION app.law_before_rule();
CREATE FUNCTION app.keep_deadline_rule() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO app.deadline_rule_change (municipality, code, name, length, unit, active, version, changed_by)
  VALUES (NEW.municipality, NEW.code, NEW.name, NEW.length, NEW.unit, NEW.active, NEW.version, NEW.changed_by);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_deadline_rule AFTER INSERT OR UPDATE ON app.deadline_rule FOR EACH ROW EXECUTE FUNCTION app.keep_deadline_rule();
CREATE FUNCTION app.keep_office_setting() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO app.office_setting_change (municipality, constitution_day, christmas_eve, new_years_eve, version, changed_by)
  VALUES (NEW.municipality, NEW.constitution_day, NEW.christmas_eve, NEW.new_years_eve, NEW.version, NEW.changed_by);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_office_setting AFTER INSERT OR UPDATE ON app.office_setting FOR EACH ROW EXECUTE FUNCTION app.keep_office_setting();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['app.deadline_rule','app.office_setting','app.deadline_rule_change','app.office_setting_change'] LOOP
    EXECUTE format('CREATE POLICY sel ON %s FOR SELECT TO samspil_app USING (municipality = (SELECT auth.municipality()))', t);
    EXECUTE format('GRANT SELECT ON %s TO samspil_app', t);
    CONTINUE WHEN t LIKE '%_change';
    EXECUTE format('CREATE POLICY ins ON %s FOR INSERT TO samspil_app WITH CHECK (municipality = (SELECT auth.municipality()) AND (SELECT auth.role()) = ''admin'' AND changed_by = (SELECT auth.uid()))', t);
    EXECUTE format('CREATE POLICY upd ON %s FOR UPDATE TO samspil_app USING (municipality = (SELECT auth.municipality()) AND (SELECT auth.role()) = ''admin'')
      WITH CHECK (municipality = (SELECT auth.municipality()) AND (SELECT auth.role()) = ''admin'' AND changed_by = (SELECT auth.uid()))', t);
  END LOOP;
END $$;
GRANT INSERT (municipality, code, name, area, length, unit, active, changed_by), UPDATE (name, area, length, unit, active, version, changed_by, changed_at) ON app.deadline_rule TO samspil_app;
GRANT INSERT (municipality, constitution_day, christmas_eve, new_years_eve, changed_by), UPDATE (constitution_day, christmas_eve, new_years_eve, version, changed_by, changed_at) ON app.office_setting TO samspil_app;
SELECT meta.settle();
