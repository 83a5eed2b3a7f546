DROP POLICY sel ON app.report;
DROP POLICY sel ON app.report_case;
DROP TABLE app.reassessment, app.report_event, app.report_case, app.report_exclusion, app.report_person, app.report_content, app.report CASCADE;
DROP FUNCTION app.report_person_check, app.create_report, auth.my_reports, auth._report_rights, auth._report_excluded;
ALTER TABLE app.team DROP COLUMN intake;
CREATE OR REPLACE FUNCTION auth.perms(p_case uuid) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); -- one MAC check for user, role and municipality
BEGIN
  IF p[1] IS NULL THEN RETURN 0; END IF;
  RETURN auth._rights_of(p[1]::uuid, p[2], p[3]::int, p_case);
END $$;
CREATE OR REPLACE FUNCTION auth.barred() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(x.case_id), '{}') FROM app.case_exclusion x WHERE x.user_id = auth.uid() AND x.lifted_at IS NULL); END $$;
CREATE OR REPLACE FUNCTION app.open_case(p_ref text, p_purpose text, p_page text) RETURNS TABLE (case_id uuid, rights int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE k int; n int; u uuid := auth.uid(); c uuid; g text; why text;
BEGIN
  IF u IS NULL THEN RETURN QUERY SELECT NULL::uuid, 0; RETURN; END IF;
  SELECT f.id INTO c FROM app.case_file f WHERE f.ref = p_ref;
  k := auth.perms(coalesce(c, gen_random_uuid()));
  SELECT x.kind INTO g FROM app.case_grant x WHERE x.case_id = coalesce(c, u) AND x.user_id = u AND x.revoked_at IS NULL
    ORDER BY array_position(ARRAY['responsible','coworker','lead','consulted'], x.kind) LIMIT 1;
  why := coalesce(nullif(p_purpose, ''), CASE g WHEN 'responsible' THEN 'task' WHEN 'coworker' THEN 'task' WHEN 'consulted' THEN 'consultation' ELSE 'lead_review' END) || ':' || p_page;
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
GRANT EXECUTE ON FUNCTION auth.perms(uuid), auth.my_cases(), auth.led_teams(), auth.member_teams(), auth.barred(), auth.opened(int),
  app.open_case(text,text,text), app.use_case(uuid), app.create_case(uuid,uuid,smallint,text,date,uuid[]), app.grant_access(uuid,uuid,text,timestamptz,text),
  app.revoke_access(uuid,uuid,text), app.hand_over(uuid,uuid,text), app.exclude_user(uuid,uuid,text), app.lift_exclusion(uuid,uuid,text),
  app.set_confidentiality(uuid,smallint,text), app.close_case(uuid,text,text), app.reopen_case(uuid,text), app.read_notices() TO samspil_app;

------------------------------------------------------------------ policies
-- opened() first: a page about one case never computes the sets; each set is one array per statement (InitPlan).
CREATE OR REPLACE FUNCTION meta.case_list(t regclass, id_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN -- rows of lists that only readers of the content may see: mine, or my team's as its lead
  EXECUTE format($p$CREATE POLICY sel ON %1$s FOR SELECT TO samspil_app USING (%2$I = ANY ((SELECT auth.opened(2))::uuid[]) OR %2$I = ANY ((SELECT auth.my_cases())::uuid[])
    OR (confidentiality < 2 AND team_id = ANY ((SELECT auth.led_teams())::uuid[]) AND %2$I <> ALL ((SELECT auth.barred())::uuid[])))$p$, t, id_column);
END $$;
SELECT meta.settle();
