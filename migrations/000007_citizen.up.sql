-- Level 2: the citizen and the people around them. Read only in an opened case.
-- Never one "perpetrator": several persons, each with a role in the conflict (domain.md 1.8).
CREATE TABLE app.person (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  is_citizen boolean NOT NULL DEFAULT false,
  name text NOT NULL DEFAULT '',             -- empty for an anonymous citizen (serviceloven §§ 10, 12)
  born date,
  relation text NOT NULL DEFAULT '',         -- to the citizen: "mor", "storebror"
  conflict_role text NOT NULL DEFAULT 'unknown' CHECK (conflict_role IN ('supports','neutral','pressures','threatens','unknown')),
  may_know text NOT NULL DEFAULT 'unknown' CHECK (may_know IN ('yes','no','unknown')),
  note text NOT NULL DEFAULT '',
  cpr_masked text NOT NULL DEFAULT '',       -- the six first digits and four dots
  cpr_enc bytea, cpr_bidx bytea,             -- encrypted by the app; blind index by HMAC: neither is readable by the app's login
  name_folded text NOT NULL DEFAULT '',      -- for the search: lower case, aa and oe and ae for å, ø and æ, no accents
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, id)
);
CREATE INDEX ON app.person (case_id);
CREATE UNIQUE INDEX one_citizen ON app.person (case_id) WHERE is_citizen;
CREATE INDEX ON app.person (cpr_bidx) WHERE cpr_bidx IS NOT NULL;
CREATE INDEX person_name ON app.person USING gin (name_folded public.gin_trgm_ops) WITH (fastupdate = off);

-- The case in short, and its three separate flags: a restricted case is not an address protection,
-- and ordinary protection is not the special one of CPR-loven § 6, stk. 6.
CREATE TABLE app.case_profile (
  case_id uuid PRIMARY KEY REFERENCES app.case_file,
  situation text NOT NULL DEFAULT '', citizen_wish text NOT NULL DEFAULT '', legal_ground text NOT NULL DEFAULT '', interpreter text NOT NULL DEFAULT '',
  control_types text[] NOT NULL DEFAULT '{}',
  anonymous boolean NOT NULL DEFAULT false,
  name_address_protection boolean NOT NULL DEFAULT false, name_address_until date,
  special_address_protection boolean NOT NULL DEFAULT false,
  severity_reason text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(), changed_by uuid REFERENCES auth.user_account
);

-- How the citizen may be reached, and how never: on every page of the case.
CREATE TABLE app.safe_contact (
  case_id uuid PRIMARY KEY REFERENCES app.case_file,
  policy text NOT NULL DEFAULT 'none_written', -- code of the reference data
  channel text NOT NULL DEFAULT '', hours text NOT NULL DEFAULT '', never text NOT NULL DEFAULT '', cover text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(), changed_by uuid REFERENCES auth.user_account
);

-- Facts that must not leave (R12): stored apart, encrypted by the app, revealed one at a time with a trace.
CREATE TABLE app.protected_fact (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, person_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('address','place_of_stay','school','workplace','phone','email','code_word','other')),
  ciphertext bytea NOT NULL,
  set_by uuid NOT NULL REFERENCES auth.user_account, set_at timestamptz NOT NULL DEFAULT now(), retired_at timestamptz,
  FOREIGN KEY (case_id, person_id) REFERENCES app.person (case_id, id)
);
CREATE INDEX ON app.protected_fact (case_id);

SELECT meta.guard('app.person', 'SELECT');
SELECT meta.guard('app.protected_fact', 'SELECT');
SELECT meta.case_content('app.person');
SELECT meta.case_content('app.case_profile');
SELECT meta.case_content('app.safe_contact');
-- rights 6: content and protected facts; 12: protected facts and write
CREATE POLICY sel ON app.protected_fact FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(6))::uuid[]));
CREATE POLICY ins ON app.protected_fact FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]) AND set_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.protected_fact FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(12))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]));
GRANT SELECT (id, case_id, is_citizen, name, born, relation, conflict_role, may_know, note, cpr_masked, version, changed_at) ON app.person TO samspil_app;
GRANT INSERT (id, case_id, is_citizen, name, born, relation, conflict_role, may_know, note, cpr_masked, cpr_enc, cpr_bidx, name_folded),
  UPDATE (name, born, relation, conflict_role, may_know, note, cpr_masked, cpr_enc, cpr_bidx, name_folded, version, changed_at) ON app.person TO samspil_app;
GRANT SELECT, INSERT, UPDATE (situation, citizen_wish, legal_ground, interpreter, control_types, anonymous, name_address_protection, name_address_until,
  special_address_protection, severity_reason, version, changed_at, changed_by) ON app.case_profile TO samspil_app;
GRANT SELECT, INSERT, UPDATE (policy, channel, hours, never, cover, version, changed_at, changed_by) ON app.safe_contact TO samspil_app;
GRANT SELECT (id, case_id, person_id, kind, set_by, set_at, retired_at) ON app.protected_fact TO samspil_app; -- not the ciphertext
GRANT INSERT (id, case_id, person_id, kind, ciphertext, set_by), UPDATE (retired_at) ON app.protected_fact TO samspil_app;

-- reveal: the ciphertext, with a line in the case's trail (R11, R12)
CREATE FUNCTION app.reveal_fact(p_case uuid, p_fact uuid) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea; k text;
BEGIN
  PERFORM app._demand(p_case, 6);
  SELECT f.ciphertext, f.kind INTO r, k FROM app.protected_fact f WHERE f.id = p_fact AND f.case_id = p_case AND f.retired_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM audit._append('case:' || p_case, 'fact.reveal', p_case, k || ':' || p_fact, NULL);
  RETURN r;
END $$;
CREATE FUNCTION app.reveal_cpr(p_case uuid, p_person uuid) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea;
BEGIN
  PERFORM app._demand(p_case, 6);
  SELECT p.cpr_enc INTO r FROM app.person p WHERE p.id = p_person AND p.case_id = p_case AND p.cpr_enc IS NOT NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM audit._append('case:' || p_case, 'cpr.reveal', p_case, p_person::text, NULL);
  RETURN r;
END $$;

-- A party who is an employee, or a declared relative of one, excludes that employee (AC1).
-- A citizen who already has a case elsewhere: that case's responsible is told, the one who registers sees nothing (AC5).
CREATE FUNCTION app.person_check() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o record;
BEGIN
  IF NEW.cpr_bidx IS NULL THEN RETURN NULL; END IF;
  INSERT INTO app.case_exclusion (case_id, user_id, source, set_by)
  SELECT NEW.case_id, z.u, 'relation', coalesce(auth.uid(), z.u) FROM (
     SELECT r.user_id AS u FROM auth.user_relation r WHERE r.cpr_bidx = NEW.cpr_bidx
     UNION SELECT a.id FROM auth.user_account a WHERE a.own_cpr_bidx = NEW.cpr_bidx) z
   WHERE NOT auth._excluded(z.u, NEW.case_id);
  IF NEW.is_citizen THEN
    FOR o IN SELECT f.id, f.responsible_id FROM app.person p JOIN app.case_file f ON f.id = p.case_id
              WHERE p.cpr_bidx = NEW.cpr_bidx AND p.is_citizen AND p.case_id <> NEW.case_id LOOP
      PERFORM app._notify(o.responsible_id, o.id, 'case.duplicate');
    END LOOP;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER person_check AFTER INSERT OR UPDATE OF cpr_bidx ON app.person FOR EACH ROW EXECUTE FUNCTION app.person_check();

-- find_cases(): candidates among the cases whose content the asker may read, and nothing else; no "n hidden" (AC4).
-- p_name is folded the same way as name_folded. The question is logged with its text in the erasable detail.
CREATE FUNCTION app.find_cases(p_number text, p_name text, p_cpr_bidx bytea) RETURNS TABLE (case_id uuid, ref text, number text, area text, status text,
  responsible_id uuid, name text, born date, found_by text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE mine uuid[] := auth.my_cases(); led uuid[] := auth.led_teams(); bar uuid[] := auth.barred();
BEGIN
  IF auth.uid() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RETURN; END IF;
  PERFORM audit._append('user:' || auth.uid(), 'search', NULL, NULL, jsonb_build_object('number', p_number, 'name', p_name, 'cpr', p_cpr_bidx IS NOT NULL));
  RETURN QUERY
  SELECT f.id, f.ref, f.number, f.area, f.status, f.responsible_id, p.name, p.born,
         CASE WHEN p_number <> '' AND f.number LIKE p_number || '%' THEN 'number' WHEN p_cpr_bidx IS NOT NULL AND p.cpr_bidx = p_cpr_bidx THEN 'cpr' ELSE 'name' END
    FROM (
      SELECT p.case_id, p.id FROM app.person p WHERE p_cpr_bidx IS NOT NULL AND p.cpr_bidx = p_cpr_bidx AND p.is_citizen
      UNION
      SELECT p.case_id, p.id FROM app.person p WHERE length(p_name) >= 2 AND p.is_citizen AND (p.name_folded LIKE '%' || replace(replace(p_name, '%', ''), '_', '') || '%' OR p.name_folded OPERATOR(public.%>) p_name)
      UNION
      SELECT f.id, p.id FROM app.case_file f LEFT JOIN app.person p ON p.case_id = f.id AND p.is_citizen WHERE p_number <> '' AND f.number LIKE p_number || '%'
    ) hit JOIN app.case_file f ON f.id = hit.case_id LEFT JOIN app.person p ON p.case_id = f.id AND p.id = hit.id
   WHERE f.municipality = auth.municipality() AND f.id <> ALL (bar) AND (f.id = ANY (mine) OR (f.confidentiality < 2 AND f.team_id = ANY (led)))
   ORDER BY 9, f.status DESC, f.active_at DESC, f.id LIMIT 20;
END $$;
GRANT EXECUTE ON FUNCTION app.reveal_fact(uuid,uuid), app.reveal_cpr(uuid,uuid), app.find_cases(text,text,bytea) TO samspil_app;
SELECT meta.settle();
