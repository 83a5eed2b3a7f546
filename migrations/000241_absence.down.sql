DROP TRIGGER notice_for_stand_in ON app.notice;
DROP TRIGGER cover_falls_away ON app.case_file;
CREATE OR REPLACE FUNCTION app.open_case(p_ref text, p_purpose text, p_page text) RETURNS TABLE (case_id uuid, rights int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE k int; n int; u uuid := auth.uid(); c uuid; rep uuid; g text; why text;
BEGIN
  IF u IS NULL THEN RETURN QUERY SELECT NULL::uuid, 0; RETURN; END IF;
  SELECT f.id INTO c FROM app.case_file f WHERE f.ref = p_ref;
  SELECT x.id INTO rep FROM app.report x WHERE x.ref = p_ref;
  c := coalesce(c, rep);
  k := auth.perms(coalesce(c, gen_random_uuid()));
  SELECT x.kind INTO g FROM app.case_grant x WHERE x.case_id = coalesce(c, u) AND x.user_id = u AND x.revoked_at IS NULL
    ORDER BY array_position(ARRAY['responsible','coworker','lead','consulted'], x.kind) LIMIT 1;
  why := coalesce(nullif(p_purpose, ''), CASE WHEN rep IS NOT NULL THEN 'intake' ELSE CASE g WHEN 'responsible' THEN 'task' WHEN 'coworker' THEN 'task' WHEN 'consulted' THEN 'consultation' ELSE 'lead_review' END END) || ':' || p_page;
  IF k & 2 = 0 THEN -- hidden, excluded and non-existent look the same and cost the same
    PERFORM audit._append('user:' || u, 'case.denied', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  SELECT count(DISTINCT e.case_id) INTO n FROM audit.event e WHERE e.actor = u AND e.at > now() - interval '1 hour' AND e.action = 'case.open' AND e.case_id <> c;
  IF n >= 120 THEN -- nobody works on this many cases in an hour
    PERFORM audit._append('user:' || u, 'rate.blocked', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  PERFORM audit._append('case:' || c, 'case.open', c, why, NULL);
  RETURN QUERY SELECT c, k;
END $$;
DROP FUNCTION app.job_absences(timestamptz), app.while_away(uuid), app.not_covered(uuid), app.away(uuid), app.end_absence(uuid), app._end_absence(uuid,timestamptz), app.answer_absence(uuid,boolean,text),
  app.state_absence(uuid,uuid,date,date,uuid), app.notice_for_stand_in(), app.cover_falls_away(), app._cover(uuid,timestamptz), app._may_cover(uuid,uuid), app._fit(uuid,uuid), app._leads_of_user(uuid);
DROP POLICY sel ON app.absence;
DROP FUNCTION auth.my_people();
ALTER TABLE audit.event DROP CONSTRAINT of_the_absence;
ALTER TABLE app.notice DROP COLUMN for_user;
UPDATE app.case_grant SET revoked_at = now() WHERE absence_id IS NOT NULL AND revoked_at IS NULL;
ALTER TABLE app.case_grant DROP COLUMN absence_id, DROP COLUMN cover_for;
DROP TABLE app.absence;
SELECT meta.settle();
