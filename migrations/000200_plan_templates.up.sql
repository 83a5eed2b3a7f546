-- Plan templates are the municipality's own data. What came with the program is the house's proposal (municipality NULL), written here by every
-- migrate; a municipality's versions stand on top. A version that is published is never changed: a plan says for ever what it began from.
CREATE TABLE app.plan_template_version (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  municipality int REFERENCES app.municipality,                -- NULL: came with the program
  code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9]{0,19}$'),
  no int NOT NULL CHECK (no > 0), label text NOT NULL,         -- what a plan remembers: '0.1' of the program's, '2' of the municipality's own
  content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object' AND content ->> 'code' = code AND octet_length(content::text) <= 400000),
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 1000), -- what changed, and why
  published_by uuid REFERENCES auth.user_account, published_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (municipality, code, no), UNIQUE NULLS NOT DISTINCT (municipality, code, label),
  CONSTRAINT own_version_says_why CHECK (CASE WHEN municipality IS NULL THEN published_by IS NULL AND label ~ '\.' ELSE published_by IS NOT NULL AND btrim(words) <> '' AND label = no::text END)
);
CREATE FUNCTION app.keep_template_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN RAISE EXCEPTION 'a published version is never changed'; END $$;
CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON app.plan_template_version FOR EACH ROW EXECUTE FUNCTION app.keep_template_version();

-- One draft a template, which any admin goes on with.
CREATE TABLE app.plan_template_draft (
  municipality int NOT NULL REFERENCES app.municipality, code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9]{0,19}$'),
  content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object' AND content ->> 'code' = code AND octet_length(content::text) <= 400000),
  version int NOT NULL DEFAULT 1, changed_by uuid NOT NULL REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, code)
);
-- A template that no plan is begun from any more. Plans that were keep what they have.
CREATE TABLE app.plan_template_retired (
  municipality int NOT NULL REFERENCES app.municipality, code text NOT NULL,
  retired_by uuid NOT NULL REFERENCES auth.user_account, retired_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, code)
);
-- What a caseworker chose when the template of a case's plan had a newer version: the steps that were taken up, or none. It is asked once.
CREATE TABLE app.plan_template_choice (
  case_id uuid NOT NULL REFERENCES app.case_file, label text NOT NULL, adopted text[] NOT NULL DEFAULT '{}',
  chosen_by uuid NOT NULL REFERENCES auth.user_account, chosen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, label)
);

SELECT meta.guard('app.plan_template_version', 'SELECT, INSERT');
SELECT meta.guard('app.plan_template_draft', 'SELECT, DELETE');
CREATE POLICY sel ON app.plan_template_version FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL AND (municipality IS NULL OR municipality = (SELECT auth.municipality())));
CREATE POLICY own ON app.plan_template_draft TO samspil_app USING ((SELECT auth.role()) = 'admin' AND municipality = (SELECT auth.municipality()))
  WITH CHECK ((SELECT auth.role()) = 'admin' AND municipality = (SELECT auth.municipality()) AND changed_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.plan_template_retired FOR SELECT TO samspil_app USING (municipality = (SELECT auth.municipality()));
CREATE POLICY ins ON app.plan_template_retired FOR INSERT TO samspil_app WITH CHECK ((SELECT auth.role()) = 'admin' AND municipality = (SELECT auth.municipality()) AND retired_by = (SELECT auth.uid()));
CREATE POLICY del ON app.plan_template_retired FOR DELETE TO samspil_app USING ((SELECT auth.role()) = 'admin' AND municipality = (SELECT auth.municipality()));
CREATE POLICY sel ON app.plan_template_choice FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.plan_template_choice FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND chosen_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.plan_template_choice FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND chosen_by = (SELECT auth.uid()));
GRANT SELECT ON app.plan_template_version TO samspil_app;
GRANT SELECT, INSERT (municipality, code, content, changed_by), UPDATE (content, version, changed_by, changed_at), DELETE ON app.plan_template_draft TO samspil_app;
GRANT SELECT, INSERT (municipality, code, retired_by), DELETE ON app.plan_template_retired TO samspil_app;
GRANT SELECT, INSERT (case_id, label, adopted, chosen_by), UPDATE (adopted, chosen_by, chosen_at) ON app.plan_template_choice TO samspil_app;
-- a step that takes up what its template says now
GRANT UPDATE (deadline_code, mandatory) ON app.plan_step TO samspil_app;

-- The steps of a template's content.
CREATE FUNCTION app._template_steps(p_content jsonb) RETURNS TABLE (code text, gated boolean) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN QUERY SELECT s ->> 'code', coalesce(s ->> 'requires_gate', '') <> '' FROM jsonb_array_elements(p_content -> 'phases') p, jsonb_array_elements(p -> 'steps') s; END $$;

-- publish_template() makes the draft of a template its next version, as the admin saw it (p_version). 0: somebody has changed it since, or there is none.
-- What the program's own template keeps behind the risk assessment (R1) stays there.
CREATE FUNCTION app.publish_template(p_code text, p_version int, p_words text) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE here int := auth.municipality(); d record; n int;
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('template ' || p_code, here));
  SELECT x.content, x.version INTO d FROM app.plan_template_draft x WHERE x.municipality = here AND x.code = p_code;
  IF NOT FOUND OR d.version <> p_version THEN RETURN 0; END IF;
  IF EXISTS (SELECT 1 FROM app._template_steps(d.content) s WHERE NOT s.gated AND EXISTS (
      SELECT 1 FROM app.plan_template_version h, app._template_steps(h.content) o WHERE h.municipality IS NULL AND o.code = s.code AND o.gated)) THEN
    RAISE check_violation USING MESSAGE = 'risk before family', CONSTRAINT = 'template_gate_stays';
  END IF;
  SELECT coalesce(max(v.no), 0) + 1 INTO n FROM app.plan_template_version v WHERE v.municipality = here AND v.code = p_code;
  INSERT INTO app.plan_template_version (municipality, code, no, label, content, words, published_by) VALUES (here, p_code, n, n::text, d.content, btrim(p_words), auth.uid());
  DELETE FROM app.plan_template_draft x WHERE x.municipality = here AND x.code = p_code;
  PERFORM audit.record('template.published', NULL, p_code || ':' || n, NULL);
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.publish_template(text, int, text) TO samspil_app;

-- A step of a plan reaches the family if any version that the municipality has published of its template says so (R1), as step_at_gate() asks of the
-- program's: whoever writes the row cannot leave it out.
CREATE FUNCTION app.gate_of_template() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.requires_gate := EXISTS (SELECT 1 FROM app.plan p JOIN app.case_file f ON f.id = p.case_id
    JOIN app.plan_template_version v ON v.code = p.template_code AND v.municipality = f.municipality, app._template_steps(v.content) s
    WHERE p.case_id = NEW.case_id AND s.code = NEW.template_step AND s.gated);
  RETURN NEW;
END $$;
-- its name comes before that of step_at_gate, which judges
CREATE TRIGGER gate_of_template BEFORE INSERT ON app.plan_step FOR EACH ROW WHEN (NOT NEW.requires_gate AND NEW.template_step <> '') EXECUTE FUNCTION app.gate_of_template();
SELECT meta.settle();
