-- Teams and the intake desk (Modtagelsen) are kept by an admin (security.md 2.1). Who is in a team sees the headers of its
-- normal cases, its lead reads them, and the desk works with the reports of concern: so nobody writes these tables but the
-- functions below. They ask for an admin of the municipality, they put nobody into a team who may not read a case, so no admin
-- puts themself there, and each change leaves its line in the team's own chain and a notice to its leads.
ALTER TABLE app.team ADD version int NOT NULL DEFAULT 1;
UPDATE app.team t SET name = t.name || ' (' || x.n || ')' FROM (SELECT s.id, row_number() OVER (PARTITION BY s.municipality, s.area, lower(btrim(s.name)) ORDER BY s.id) AS n FROM app.team s) x
  WHERE x.id = t.id AND x.n > 1; -- made by SQL until now, which did not ask
-- NOT VALID: asked of what is written from now on
ALTER TABLE app.team ADD CONSTRAINT a_team_has_a_name CHECK (btrim(name) <> '' AND length(name) <= 80) NOT VALID;
CREATE UNIQUE INDEX team_name ON app.team (municipality, area, lower(btrim(name)));
GRANT INSERT, UPDATE (name, area, intake, version) ON app.team TO samspil_guard;
GRANT INSERT, UPDATE (is_lead, valid_to) ON app.team_member TO samspil_guard;

-- Nobody invents a line about a team: audit.record() writes into the streams of cases and of its caller.
ALTER TABLE audit.event ADD CONSTRAINT of_the_team CHECK (action NOT LIKE 'team.%' OR stream LIKE 'team:%') NOT VALID;

-- _team_said() leaves the line, and tells the leads, and whom it is about. A notice names nobody.
CREATE FUNCTION app._team_said(p_team uuid, p_action text, p_user uuid, p_detail jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM audit._append('team:' || p_team, p_action, NULL, p_user::text, p_detail);
  INSERT INTO app.notice (to_user, kind) SELECT m.user_id, p_action FROM app.team_member m
    WHERE m.team_id = p_team AND m.is_lead AND (m.valid_to IS NULL OR m.valid_to > now()) AND m.user_id IS DISTINCT FROM p_user;
  IF p_user IS NOT NULL THEN INSERT INTO app.notice (to_user, kind) VALUES (p_user, p_action || '.you'); END IF;
END $$;

-- _works_cases(): may this account be in this team? In office there, with a role that reads cases: never an admin, never an auditor (R10).
CREATE FUNCTION app._works_cases(p_team uuid, p_user uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM auth.user_account u JOIN app.team t ON t.municipality = u.municipality
    WHERE t.id = p_team AND u.id = p_user AND u.active AND u.role IN ('caseworker','specialist','team_lead')); END $$;

-- _join() and _set_intake() are what the pages and the command line both do.
CREATE FUNCTION app._join(p_team uuid, p_user uuid, p_lead boolean) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT app._works_cases(p_team, p_user) THEN RETURN false; END IF;
  IF EXISTS (SELECT 1 FROM app.team_member m WHERE m.team_id = p_team AND m.user_id = p_user AND (m.valid_to IS NULL OR m.valid_to > now())) THEN RETURN true; END IF;
  INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES (p_team, p_user, p_lead)
    ON CONFLICT (team_id, user_id) DO UPDATE SET valid_to = NULL, is_lead = EXCLUDED.is_lead;
  PERFORM app._team_said(p_team, 'team.joined', p_user, jsonb_build_object('lead', p_lead));
  RETURN true;
END $$;
CREATE FUNCTION app._set_intake(p_team uuid, p_on boolean) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.team SET intake = p_on, version = version + 1 WHERE id = p_team AND intake <> p_on;
  IF FOUND THEN PERFORM app._team_said(p_team, CASE WHEN p_on THEN 'team.intake_on' ELSE 'team.intake_off' END, NULL, NULL); END IF;
END $$;

-- _leaves_reports(): would open reports of concern be left with nobody at any desk of their area, if this team were none (or
-- this person not in it)? Their clock runs on (R2), and nobody would see it.
CREATE FUNCTION app._leaves_reports(p_team uuid, p_user uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.team t JOIN app.report r ON r.municipality = t.municipality AND r.area = t.area AND r.concluded_at IS NULL WHERE t.id = p_team AND t.intake)
    AND NOT EXISTS (SELECT 1 FROM app.team t JOIN app.team d ON d.intake AND d.municipality = t.municipality AND d.area = t.area
      JOIN app.team_member m ON m.team_id = d.id AND (m.valid_to IS NULL OR m.valid_to > now())
      WHERE t.id = p_team AND app._works_cases(d.id, m.user_id) AND NOT (d.id = p_team AND (p_user IS NULL OR m.user_id = p_user)));
END $$;

-- _keeps_team(): every change begins here. One at a time in a municipality, so that two do not each take the last desk away.
-- False for a team that is not there.
CREATE FUNCTION app._keeps_team(p_team uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM pg_advisory_xact_lock(4712, auth.municipality());
  RETURN EXISTS (SELECT 1 FROM app.team t WHERE t.id = p_team AND t.municipality = auth.municipality());
END $$;
CREATE FUNCTION app._name_taken(p_team uuid, p_area text, p_name text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM app.team t WHERE t.municipality = auth.municipality() AND t.area = p_area AND lower(btrim(t.name)) = lower(btrim(p_name)) AND t.id <> p_team); END $$;
-- a team whose cases, or deadlines of reports, are counted in its area keeps the area
GRANT SELECT ON app.deadline TO samspil_guard;
CREATE POLICY guard_teams ON app.deadline FOR SELECT TO samspil_guard USING (report_id IS NOT NULL);
CREATE FUNCTION app._team_used(p_team uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM app.case_file f WHERE f.team_id = p_team) OR EXISTS (SELECT 1 FROM app.deadline d WHERE d.team_id = p_team AND d.report_id IS NOT NULL); END $$;

------------------------------------------------------------------ what an admin does; the answer is 'done', or the word for why not
-- p_team is the form's own: one that is sent twice is one team.
CREATE FUNCTION app.add_team(p_team uuid, p_name text, p_area text, p_intake boolean) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF app._keeps_team(p_team) THEN RETURN 'done'; END IF;
  IF app._name_taken(p_team, p_area, p_name) THEN RETURN 'taken'; END IF;
  INSERT INTO app.team (id, municipality, area, name) VALUES (p_team, auth.municipality(), p_area, btrim(p_name));
  PERFORM app._team_said(p_team, 'team.made', NULL, jsonb_build_object('name', btrim(p_name), 'area', p_area));
  PERFORM app._set_intake(p_team, p_intake);
  RETURN 'done';
END $$;
CREATE FUNCTION app.change_team(p_team uuid, p_version int, p_name text, p_area text, p_intake boolean) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
  IF NOT app._keeps_team(p_team) THEN RETURN 'none'; END IF;
  SELECT x.name, x.area, x.intake, x.version INTO t FROM app.team x WHERE x.id = p_team;
  IF t.name = btrim(p_name) AND t.area = p_area AND t.intake = p_intake THEN RETURN 'done'; END IF; -- also what is sent twice
  IF t.version <> p_version THEN RETURN 'stale'; END IF;
  IF app._name_taken(p_team, p_area, p_name) THEN RETURN 'taken'; END IF;
  IF t.area <> p_area AND app._team_used(p_team) THEN RETURN 'used'; END IF;
  IF (t.area <> p_area OR NOT p_intake) AND app._leaves_reports(p_team, NULL) THEN RETURN 'reports'; END IF;
  UPDATE app.team SET name = btrim(p_name), area = p_area, version = version + 1 WHERE id = p_team;
  IF t.name <> btrim(p_name) THEN PERFORM app._team_said(p_team, 'team.renamed', NULL, jsonb_build_object('from', t.name, 'to', btrim(p_name))); END IF;
  IF t.area <> p_area THEN PERFORM app._team_said(p_team, 'team.area', NULL, jsonb_build_object('from', t.area, 'to', p_area)); END IF;
  PERFORM app._set_intake(p_team, p_intake);
  RETURN 'done';
END $$;
CREATE FUNCTION app.join_team(p_team uuid, p_user uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT app._keeps_team(p_team) THEN RETURN 'none'; END IF;
  IF p_user = auth.uid() THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  RETURN CASE WHEN app._join(p_team, p_user, false) THEN 'done' ELSE 'unfit' END;
END $$;
-- Whoever leaves keeps the cases that they answer for, and the access that they were given by name: both follow the person. What came
-- with the team ends now, the lead's reading of its cases with it.
CREATE FUNCTION app.leave_team(p_team uuid, p_user uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT app._keeps_team(p_team) THEN RETURN 'none'; END IF;
  IF app._leaves_reports(p_team, p_user) THEN RETURN 'reports'; END IF;
  UPDATE app.team_member m SET valid_to = now(), is_lead = false WHERE m.team_id = p_team AND m.user_id = p_user AND (m.valid_to IS NULL OR m.valid_to > now());
  IF FOUND THEN PERFORM app._team_said(p_team, 'team.left', p_user, NULL); END IF;
  RETURN 'done';
END $$;
-- Only an account with the role of a team lead leads: the role is given elsewhere, by somebody else (security.md 2.7).
CREATE FUNCTION app.lead_team(p_team uuid, p_user uuid, p_on boolean) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT app._keeps_team(p_team) OR NOT EXISTS (SELECT 1 FROM app.team_member m WHERE m.team_id = p_team AND m.user_id = p_user AND (m.valid_to IS NULL OR m.valid_to > now())) THEN RETURN 'none'; END IF;
  IF p_on AND NOT (app._works_cases(p_team, p_user) AND EXISTS (SELECT 1 FROM auth.user_account u WHERE u.id = p_user AND u.role = 'team_lead')) THEN RETURN 'unfit'; END IF;
  UPDATE app.team_member m SET is_lead = p_on WHERE m.team_id = p_team AND m.user_id = p_user AND m.is_lead <> p_on;
  IF FOUND THEN PERFORM app._team_said(p_team, CASE WHEN p_on THEN 'team.lead' ELSE 'team.lead_ended' END, p_user, NULL); END IF;
  RETURN 'done';
END $$;

-- team_load(): roughly how many open cases of the team each person answers for, for the admin, who never reads a case: none
-- under five, rounded to five, up to last midnight so that one case more shows nothing (security.md 2.10, R14).
CREATE FUNCTION app.team_load(p_team uuid) RETURNS TABLE (user_id uuid, cases int) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE here int := auth.municipality(); midnight timestamptz := date_trunc('day', now() AT TIME ZONE 'Europe/Copenhagen') AT TIME ZONE 'Europe/Copenhagen';
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RETURN; END IF;
  RETURN QUERY SELECT f.responsible_id, (round(count(*) / 5.0) * 5)::int FROM app.case_file f
    WHERE f.team_id = p_team AND f.municipality = here AND f.status = 'open' AND f.opened_at < midnight GROUP BY f.responsible_id HAVING count(*) >= 5;
END $$;
-- team_fixed(): does anything stand in the team's area already?
CREATE FUNCTION app.team_fixed(p_team uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN auth.role() IS NOT DISTINCT FROM 'admin' AND EXISTS (SELECT 1 FROM app.team t WHERE t.id = p_team AND t.municipality = auth.municipality()) AND app._team_used(p_team);
END $$;

GRANT EXECUTE ON FUNCTION app.add_team(uuid,text,text,boolean), app.change_team(uuid,int,text,text,boolean), app.join_team(uuid,uuid), app.leave_team(uuid,uuid), app.lead_team(uuid,uuid,boolean),
  app.team_load(uuid), app.team_fixed(uuid) TO samspil_app;
SELECT meta.settle();
