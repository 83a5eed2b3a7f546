DROP FUNCTION app.job_bells(), app.report_frame(), app.cases_of_report(uuid), app.join_report(uuid,uuid,boolean), app.reveal_report_cpr(uuid,uuid), app.makes_case(uuid), app.send_receipt(uuid,text),
  app.assign_report(uuid,uuid,uuid), app.desk_of(uuid), app._desk(uuid), app._notify_report(uuid,uuid,text), app.candidates_of(uuid), app.found_candidates(uuid), app.find_candidates(text,bytea,bytea), app.keep_candidates(uuid,text,bytea,bytea);
ALTER TABLE app.notice DROP COLUMN report_id;
ALTER TABLE app.search_token DROP COLUMN phone_bidx;
ALTER TABLE app.protected_fact DROP COLUMN phone_bidx;
DROP INDEX app.report_person_sound;
DROP TRIGGER sound_name ON app.report_person;
DROP TRIGGER sound_name ON app.person;
ALTER TABLE app.person DROP COLUMN name_sound;
DROP FUNCTION app.sound_name(), app._sound(text);
DROP TABLE app.report_draft;
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
SELECT meta.settle();
