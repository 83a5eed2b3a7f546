DROP TRIGGER own_hand ON app.contact_person;
DROP TRIGGER own_hand ON app.plan_step;
DROP TRIGGER own_hand ON app.safe_contact;
DROP TRIGGER own_hand ON app.case_profile;
DROP FUNCTION app.own_hand();
DROP POLICY own_name ON app.photo;
DROP POLICY own_part ON app.case_event;
CREATE OR REPLACE FUNCTION app.create_case(p_team uuid, p_responsible uuid, p_confidentiality smallint, p_calling_name text, p_born date, p_exclude uuid[])
RETURNS TABLE (id uuid, ref text, number text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid(); c uuid := gen_random_uuid(); r text := app._fresh_ref(); n text := app._fresh_number(); e uuid; a text; o record;
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT t.area INTO a FROM app.team t JOIN app.team_member tm ON tm.team_id = t.id AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now())
    WHERE t.id = p_team AND t.municipality = auth.municipality();
  IF NOT FOUND OR u = ANY (p_exclude) OR p_responsible = ANY (p_exclude) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT x.role INTO o FROM auth.user_account x JOIN app.team_member tm ON tm.user_id = x.id AND tm.team_id = p_team WHERE x.id = p_responsible AND x.active AND x.role IN ('caseworker','team_lead');
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id)
    VALUES (c, r, n, auth.municipality(), p_team, a, p_confidentiality, p_responsible);
  INSERT INTO app.citizen_label VALUES (c, p_team, p_confidentiality, p_calling_name, p_born);
  INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, p_responsible, 'responsible', u, 'created');
  IF p_responsible <> u AND auth.role() = 'caseworker' THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, u, 'coworker', u, 'created');
  ELSIF p_responsible <> u THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, u, 'lead', u, 'created');
  END IF;
  FOREACH e IN ARRAY coalesce(p_exclude, '{}') LOOP
    INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES (c, e, 'creation', u);
  END LOOP;
  PERFORM audit._append('case:' || c, 'case.create', c, NULL, jsonb_build_object('excluded', coalesce(array_length(p_exclude, 1), 0)));
  PERFORM app._notify(p_responsible, c, 'case.assigned');
  PERFORM auth._opens(c, 127);
  RETURN QUERY SELECT c, r, n;
END $$;
CREATE OR REPLACE FUNCTION app.person_check() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
CREATE OR REPLACE FUNCTION audit.record(p_action text, p_case uuid, p_object text, p_detail jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL OR p_action IN ('case.open','case.denied') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF p_case IS NULL THEN PERFORM audit._append('user:' || auth.uid(), p_action, NULL, p_object, p_detail); RETURN; END IF;
  IF NOT p_case = ANY (auth.opened(2)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM audit._append('case:' || p_case, p_action, p_case, p_object, p_detail);
END $$;
SELECT meta.settle();
