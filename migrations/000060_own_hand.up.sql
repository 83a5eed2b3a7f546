-- What an insider with a hole in the program could still write or learn.
-- The lines that the database writes about itself are its own: nobody invents that a colleague looked.
CREATE OR REPLACE FUNCTION audit.record(p_action text, p_case uuid, p_object text, p_detail jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL OR p_action IN ('case.open','case.denied') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF p_action IN ('rate.blocked','search','sign_in','cpr.reveal','fact.reveal','case.create','case.hand_over','case.close','case.reopen','case.unseal_requested',
      'access.grant','access.revoke','access.exclude','access.lift_requested','access.lifted') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF; -- the database writes these itself
  IF p_case IS NULL THEN PERFORM audit._append('user:' || auth.uid(), p_action, NULL, p_object, p_detail); RETURN; END IF;
  IF NOT p_case = ANY (auth.opened(2)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM audit._append('case:' || p_case, p_action, p_case, p_object, p_detail);
END $$;

-- Who waits for another case of the same citizen learns of none that is kept from them.
CREATE OR REPLACE FUNCTION app.person_check() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o record;
BEGIN
  IF NEW.cpr_bidx IS NULL THEN RETURN NULL; END IF;
  INSERT INTO app.case_exclusion (case_id, user_id, source, set_by)
  SELECT NEW.case_id, z.u, 'relation', coalesce(auth.uid(), z.u) FROM (
     SELECT r.user_id AS u FROM auth.user_relation r WHERE r.cpr_bidx = NEW.cpr_bidx
     UNION SELECT a.id FROM auth.user_account a WHERE a.own_cpr_bidx = NEW.cpr_bidx) z
   WHERE NOT auth._excluded(z.u, NEW.case_id);
  -- A notice tells that another case of the citizen has just come. It is not for those who are kept out of that case,
  -- and a sealed case tells nobody: a case may have been registered as a bait, to learn of the real one.
  IF NEW.is_citizen AND NOT EXISTS (SELECT 1 FROM app.case_file f WHERE f.id = NEW.case_id AND f.confidentiality = 2) THEN
    FOR o IN SELECT f.id, f.responsible_id FROM app.person p JOIN app.case_file f ON f.id = p.case_id
              WHERE p.cpr_bidx = NEW.cpr_bidx AND p.is_citizen AND p.case_id <> NEW.case_id AND NOT auth._excluded(f.responsible_id, NEW.case_id) LOOP
      PERFORM app._notify(o.responsible_id, o.id, 'case.duplicate');
    END LOOP;
  END IF;
  RETURN NULL;
END $$;

-- Who has left the team gets no new case in it.
CREATE OR REPLACE FUNCTION app.create_case(p_team uuid, p_responsible uuid, p_confidentiality smallint, p_calling_name text, p_born date, p_exclude uuid[])
RETURNS TABLE (id uuid, ref text, number text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid(); c uuid := gen_random_uuid(); r text := app._fresh_ref(); n text := app._fresh_number(); e uuid; a text; o record;
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT t.area INTO a FROM app.team t JOIN app.team_member tm ON tm.team_id = t.id AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now())
    WHERE t.id = p_team AND t.municipality = auth.municipality();
  IF NOT FOUND OR u = ANY (p_exclude) OR p_responsible = ANY (p_exclude) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT x.role INTO o FROM auth.user_account x JOIN app.team_member tm ON tm.user_id = x.id AND tm.team_id = p_team WHERE x.id = p_responsible AND (tm.valid_to IS NULL OR tm.valid_to > now()) AND x.active AND x.role IN ('caseworker','team_lead');
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
  FOR e IN SELECT DISTINCT y FROM unnest(p_exclude) y LOOP -- named twice is kept out once
    INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES (c, e, 'creation', u);
  END LOOP;
  PERFORM audit._append('case:' || c, 'case.create', c, NULL, jsonb_build_object('excluded', coalesce(array_length(p_exclude, 1), 0)));
  PERFORM app._notify(p_responsible, c, 'case.assigned');
  PERFORM auth._opens(c, 127);
  RETURN QUERY SELECT c, r, n;
END $$;

-- Who is asked for advice adds notes, and the events of notes; the other events belong to those who write or manage.
CREATE POLICY own_part ON app.case_event AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(32))::uuid[]) OR kind IN ('note.written','note.corrected') AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
CREATE POLICY own_name ON app.photo AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (added_by = (SELECT auth.uid()));

-- own_hand() refuses a name in a column that says who did something, unless it is the writer's own. A name that is
-- there already stays: a step that a colleague has done is still theirs when its words are mended.
CREATE FUNCTION app.own_hand() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE was uuid; is_now uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid; me uuid := auth.uid();
BEGIN
  IF TG_OP = 'UPDATE' THEN was := (to_jsonb(OLD) ->> TG_ARGV[0])::uuid; END IF;
  IF me IS NOT NULL AND is_now IS DISTINCT FROM was AND is_now <> me THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER own_hand BEFORE INSERT OR UPDATE OF changed_by ON app.case_profile FOR EACH ROW EXECUTE FUNCTION app.own_hand('changed_by');
CREATE TRIGGER own_hand BEFORE INSERT OR UPDATE OF changed_by ON app.safe_contact FOR EACH ROW EXECUTE FUNCTION app.own_hand('changed_by');
CREATE TRIGGER own_hand BEFORE UPDATE OF done_by ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.own_hand('done_by');
CREATE TRIGGER own_hand BEFORE INSERT OR UPDATE OF verified_by ON app.contact_person FOR EACH ROW EXECUTE FUNCTION app.own_hand('verified_by');
SELECT meta.settle();
