-- As it was in 000170.
CREATE OR REPLACE FUNCTION app.submit_plan(p_case uuid, p_seen int, p_words text) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := auth.uid(); id uuid := gen_random_uuid(); f record; last record; c jsonb; hands uuid[]; at timestamptz; u uuid;
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM pg_advisory_xact_lock(hashtextextended(p_case::text, 170));
  at := clock_timestamp();
  c := app._plan_content(p_case);
  IF c IS NULL THEN RETURN 0; END IF;
  SELECT v.no, v.state, v.submitted_by, k.content INTO last FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id WHERE v.case_id = p_case ORDER BY v.no DESC LIMIT 1;
  IF last.state = 'submitted' AND last.submitted_by = me AND last.content = c THEN RETURN last.no; END IF;
  IF coalesce(last.no, 0) <> p_seen THEN RETURN 0; END IF;
  SELECT x.area, x.team_id, x.responsible_id INTO f FROM app.case_file x WHERE x.id = p_case;
  -- serviceloven § 12 a: not complete with an empty part, unless the citizen has declined it
  IF f.area = 'adult' AND (SELECT o.outcome FROM app.plan_offer o WHERE o.case_id = p_case ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1) IS DISTINCT FROM 'declined'
     AND (btrim(c ->> 'situation') = '' OR btrim(c ->> 'support') = '' OR btrim(c ->> 'support_other') = '' OR ((c -> 'risk' ->> 'valid_until')::timestamptz > at) IS NOT TRUE) THEN
    RAISE check_violation USING MESSAGE = 'a part is missing', CONSTRAINT = 'four_parts';
  END IF;
  hands := ARRAY(SELECT h.user_id FROM app.plan_hand h WHERE h.case_id = p_case AND h.user_id <> me
    AND h.at > coalesce((SELECT max(v.submitted_at) FROM app.plan_version v WHERE v.case_id = p_case AND v.state = 'approved'), '-infinity') ORDER BY 1) || me;
  UPDATE app.plan_version SET state = 'superseded' WHERE case_id = p_case AND state = 'submitted';
  INSERT INTO app.plan_version (id, case_id, no, submitted_by, submitted_at, authors) VALUES (id, p_case, coalesce(last.no, 0) + 1, me, at, hands);
  INSERT INTO app.plan_content (case_id, version_id, content, words) VALUES (p_case, id, c, p_words);
  PERFORM app._event(p_case, me, 'plan.submitted', id, jsonb_build_object('version', (coalesce(last.no, 0) + 1)::text));
  FOR u IN SELECT x.id FROM auth.user_account x WHERE x.role = 'team_lead' AND x.active AND x.id <> ALL (hands) AND auth._rights_of(x.id, x.role, x.municipality, p_case) & 48 = 48
       AND x.id IN (SELECT m.user_id FROM app.team_member m WHERE m.team_id = f.team_id AND m.is_lead UNION SELECT g.user_id FROM app.case_grant g WHERE g.case_id = p_case AND g.revoked_at IS NULL) ORDER BY x.id LOOP
    PERFORM app._notify(u, p_case, 'plan.submitted');
  END LOOP;
  RETURN coalesce(last.no, 0) + 1;
END $$;
SELECT meta.settle();
