-- Who answers for what (R5, R7): the areas of responsibility of a case and the people of the case. The areas are reference data; a case
-- may have areas of its own, and say of one that it is not relevant here. A person's part in an area is a row that is never changed: a new
-- part is a new row, and asks for a new acknowledgement.
CREATE TABLE app.mandate_area (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  code text NOT NULL DEFAULT '',                              -- reference data, mandate_areas; empty: an area of this case alone
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 120),  -- of such a one
  left_out text NOT NULL DEFAULT '' CHECK (length(left_out) <= 2000), -- why it is not relevant here; empty: it is
  version int NOT NULL DEFAULT 1, changed_by uuid NOT NULL REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, id),
  CONSTRAINT area_has_one_name CHECK ((code = '') <> (btrim(name) = ''))
);
CREATE UNIQUE INDEX mandate_area_once ON app.mandate_area (case_id, code) WHERE code <> '';
CREATE UNIQUE INDEX mandate_area_own ON app.mandate_area (case_id, lower(name)) WHERE code = '';
CREATE TABLE app.mandate (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, area_id uuid NOT NULL,
  user_id uuid REFERENCES auth.user_account, contact_id uuid REFERENCES app.contact_person,
  part text NOT NULL CHECK (part IN ('leads','takes_part','informed')),
  given_by uuid NOT NULL REFERENCES auth.user_account, given_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz,
  UNIQUE (case_id, id),
  FOREIGN KEY (case_id, area_id) REFERENCES app.mandate_area (case_id, id),
  CONSTRAINT one_has_a_part CHECK (num_nonnulls(user_id, contact_id) = 1)
);
CREATE UNIQUE INDEX one_part_in_an_area ON app.mandate (case_id, area_id, user_id, contact_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;
-- Who leads an area says that they know: a colleague themselves, of a contact person as somebody of the case has heard it.
CREATE TABLE app.mandate_ack (
  case_id uuid NOT NULL, mandate_id uuid NOT NULL, on_day date NOT NULL,
  written_by uuid NOT NULL REFERENCES auth.user_account, written_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, mandate_id),
  FOREIGN KEY (case_id, mandate_id) REFERENCES app.mandate (case_id, id)
);

SELECT meta.guard('app.mandate_area', 'SELECT');
SELECT meta.guard('app.mandate', 'SELECT');
SELECT meta.guard('app.mandate_ack', 'SELECT');
CREATE POLICY sel ON app.mandate_area FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.mandate FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.mandate_ack FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.mandate_area FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND changed_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.mandate_area FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND changed_by = (SELECT auth.uid()));
CREATE POLICY ins ON app.mandate FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND given_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.mandate FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND ended_at IS NULL) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY ins ON app.mandate_ack FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(16))::uuid[]) AND written_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, code, name, left_out, changed_by), UPDATE (left_out, version, changed_by, changed_at) ON app.mandate_area TO samspil_app;
GRANT SELECT, INSERT (id, case_id, area_id, user_id, contact_id, part, given_by), UPDATE (ended_at) ON app.mandate TO samspil_app;
GRANT SELECT, INSERT (case_id, mandate_id, on_day, written_by) ON app.mandate_ack TO samspil_app;

-- _mandate_here() tells whether somebody is still of the case: a colleague who may open it, a contact person whom it has drawn in.
CREATE FUNCTION app._mandate_here(p_case uuid, p_user uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_user IS NOT NULL THEN RETURN app._opens_case(p_user, p_case); END IF;
  RETURN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.contact_id = p_contact AND i.status IN ('requested','accepted'));
END $$;
CREATE FUNCTION app.mandates_here(p_case uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (p_case = ANY (auth.opened(2))) IS NOT TRUE THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(m.id), '{}') FROM app.mandate m WHERE m.case_id = p_case AND m.ended_at IS NULL AND app._mandate_here(p_case, m.user_id, m.contact_id));
END $$;
GRANT EXECUTE ON FUNCTION app.mandates_here(uuid) TO samspil_app;

CREATE FUNCTION app.mandate_given() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.case_id = ANY (auth.opened(8))) IS TRUE AND NOT app._mandate_here(NEW.case_id, NEW.user_id, NEW.contact_id) THEN
    RAISE check_violation USING MESSAGE = 'mandate', CONSTRAINT = 'mandate_is_of_the_case';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mandate_given BEFORE INSERT ON app.mandate FOR EACH ROW EXECUTE FUNCTION app.mandate_given();
CREATE FUNCTION app.mandate_told() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NOT NULL AND app._opens_case(NEW.user_id, NEW.case_id) THEN PERFORM app._notify(NEW.user_id, NEW.case_id, 'mandate.given'); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mandate_told AFTER INSERT ON app.mandate FOR EACH ROW WHEN (NEW.part = 'leads' AND NEW.user_id IS NOT NULL) EXECUTE FUNCTION app.mandate_told();
CREATE FUNCTION app.mandate_acked() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m record;
BEGIN
  IF (NEW.case_id = ANY (auth.opened(16))) IS NOT TRUE THEN RETURN NEW; END IF;
  SELECT x.user_id, x.part, x.ended_at, x.given_at INTO m FROM app.mandate x WHERE x.case_id = NEW.case_id AND x.id = NEW.mandate_id;
  IF NOT FOUND THEN RETURN NEW; END IF;
  IF m.user_id <> NEW.written_by OR m.user_id IS NULL AND NOT NEW.case_id = ANY (auth.opened(8)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF m.part <> 'leads' OR m.ended_at IS NOT NULL THEN RAISE check_violation USING MESSAGE = 'mandate', CONSTRAINT = 'a_lead_acknowledges'; END IF;
  IF NEW.on_day < (m.given_at AT TIME ZONE 'Europe/Copenhagen')::date OR NEW.on_day > (now() AT TIME ZONE 'Europe/Copenhagen')::date THEN
    RAISE check_violation USING MESSAGE = 'mandate', CONSTRAINT = 'acknowledged_after_given';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mandate_acked BEFORE INSERT ON app.mandate_ack FOR EACH ROW EXECUTE FUNCTION app.mandate_acked();

-- and the case's timeline says so, also where who leads an area only reads the case
CREATE FUNCTION app.mandate_ack_told() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NOT NULL THEN PERFORM app._event(NEW.case_id, NEW.written_by, 'mandate.acknowledged', NEW.mandate_id, '{}'); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mandate_ack_told AFTER INSERT ON app.mandate_ack FOR EACH ROW EXECUTE FUNCTION app.mandate_ack_told();
SELECT meta.settle();
