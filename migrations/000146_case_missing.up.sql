-- A screening may come before anybody has made the case that it asks for: then a child is owed a clarification or an assessment
-- (barnets lov §§ 19 and 20), or an adult a plan, and nobody has it. Such a report is not done with: it stays with its desk, in
-- the lists of what waits, until a case is made of it or has taken it up. A case that only matches does not count: its
-- people have not said yes, and the desk must not learn from the mark that there is one.
ALTER TABLE app.report ADD case_missing boolean NOT NULL DEFAULT false;
GRANT UPDATE (case_missing) ON app.report TO samspil_guard;
CREATE INDEX report_case_missing ON app.report (area, id) WHERE case_missing;
UPDATE app.report x SET case_missing = true WHERE x.concluded_at IS NOT NULL AND x.outcome IN ('clarification','assessment','adult_plan')
  AND NOT EXISTS (SELECT 1 FROM app.report_case rc WHERE rc.report_id = x.id AND rc.how IN ('made','joined'));

CREATE FUNCTION app.case_missing() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.case_missing := NEW.concluded_at IS NOT NULL AND NEW.outcome IN ('clarification','assessment','adult_plan')
    AND NOT EXISTS (SELECT 1 FROM app.report_case rc WHERE rc.report_id = NEW.id AND rc.how IN ('made','joined'));
  RETURN NEW;
END $$;
CREATE TRIGGER case_missing BEFORE INSERT OR UPDATE OF outcome, concluded_at ON app.report FOR EACH ROW EXECUTE FUNCTION app.case_missing();
-- Written also where nothing was missing: whoever concludes the report at the same time waits for it, and finds the case.
CREATE FUNCTION app.case_found() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.report SET case_missing = false WHERE id = NEW.report_id; RETURN NULL; END $$;
CREATE TRIGGER case_found AFTER INSERT OR UPDATE OF how ON app.report_case FOR EACH ROW WHEN (NEW.how IN ('made','joined')) EXECUTE FUNCTION app.case_found();

-- the desk has it as long, beyond the month after the conclusion
CREATE OR REPLACE FUNCTION auth._report_rights(p_user uuid, p_role text, p_municipality int, p_report uuid) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; k int := 0; d int; live boolean; here boolean; excl boolean; c record;
BEGIN
  SELECT x.area, x.municipality, x.assigned_to, x.registered_by, x.registered_at, x.concluded_at, x.case_missing INTO r FROM app.report x WHERE x.id = p_report;
  here := FOUND AND r.municipality = p_municipality;             -- no early return: a report that does not exist costs the same look-ups
  live := r.concluded_at IS NULL;
  excl := auth._report_excluded(p_user, p_report);
  SELECT max(CASE WHEN tm.is_lead AND p_role = 'team_lead' THEN 59 ELSE 27 END) INTO d FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
   WHERE t.intake AND t.area = r.area AND t.municipality = p_municipality AND tm.user_id = p_user AND (tm.valid_to IS NULL OR tm.valid_to > now());
  IF d IS NOT NULL AND (live OR r.concluded_at > now() - interval '30 days' OR r.case_missing) THEN k := k | d; END IF;
  IF r.assigned_to = p_user THEN k := k | 27; END IF;
  IF r.registered_by = p_user AND r.registered_at > now() - interval '14 days' THEN k := k | 19; END IF;
  IF EXISTS (SELECT 1 FROM app.reassessment z WHERE z.report_id = p_report AND z.reviewer = p_user AND (z.done_at IS NULL OR z.done_at > now() - interval '14 days')) THEN k := k | 19; END IF;
  FOR c IN SELECT rc.case_id FROM app.report_case rc WHERE rc.report_id = p_report LOOP
    IF auth._rights_of(p_user, p_role, p_municipality, c.case_id) & 2 = 2 THEN k := k | 3; END IF;
  END LOOP;
  IF NOT live THEN k := k & ~8; END IF;                          -- a concluded report is read, not written; its receipt may still be owed
  IF excl THEN k := 0; END IF;                                   -- beats everything above
  IF here IS NOT TRUE OR p_role NOT IN ('caseworker','specialist','team_lead') THEN k := 0; END IF; -- admin and auditor: never
  RETURN k;
END $$;
CREATE OR REPLACE FUNCTION auth.my_reports() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; mine uuid[]; led uuid[]; areas text[];
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  mine := auth.my_cases(); led := auth.led_teams();
  areas := (SELECT coalesce(array_agg(DISTINCT t.area), '{}') FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
             WHERE t.intake AND t.municipality = p[3]::int AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now()));
  RETURN (SELECT coalesce(array_agg(x.id), '{}') FROM (
      SELECT r.id FROM app.report r WHERE r.area = ANY (areas) AND r.municipality = p[3]::int AND (r.concluded_at IS NULL OR r.concluded_at > now() - interval '30 days' OR r.case_missing)
      UNION SELECT r.id FROM app.report r WHERE r.assigned_to = u AND r.municipality = p[3]::int
      UNION SELECT r.id FROM app.report r WHERE r.registered_by = u AND r.registered_at > now() - interval '14 days' AND r.municipality = p[3]::int
      UNION SELECT z.report_id FROM app.reassessment z JOIN app.report r ON r.id = z.report_id AND r.municipality = p[3]::int WHERE z.reviewer = u AND (z.done_at IS NULL OR z.done_at > now() - interval '14 days')
      UNION SELECT rc.report_id FROM app.report_case rc WHERE rc.case_id = ANY (mine)
      UNION SELECT rc.report_id FROM app.report_case rc JOIN app.case_file f ON f.id = rc.case_id WHERE f.team_id = ANY (led) AND f.confidentiality < 2) x
    WHERE NOT auth._report_excluded(u, x.id));
END $$;
-- and nobody takes the last desk away from it
CREATE OR REPLACE FUNCTION app._leaves_reports(p_team uuid, p_user uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.team t JOIN app.report r ON r.municipality = t.municipality AND r.area = t.area AND (r.concluded_at IS NULL OR r.case_missing) WHERE t.id = p_team AND t.intake)
    AND NOT EXISTS (SELECT 1 FROM app.team t JOIN app.team d ON d.intake AND d.municipality = t.municipality AND d.area = t.area
      JOIN app.team_member m ON m.team_id = d.id AND (m.valid_to IS NULL OR m.valid_to > now())
      WHERE t.id = p_team AND app._works_cases(d.id, m.user_id) AND NOT (d.id = p_team AND (p_user IS NULL OR m.user_id = p_user)));
END $$;

-- The frame also counts them, for whoever has one, or else its desk. Who owes a receipt has business with reports too.
DROP FUNCTION app.report_frame();
CREATE FUNCTION app.report_frame() RETURNS TABLE (business boolean, unassessed int, soon int, past int, next_at timestamptz, next_ref text, without_case int)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; areas text[];
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN; END IF;
  areas := (SELECT coalesce(array_agg(DISTINCT t.area), '{}') FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
             WHERE t.intake AND t.municipality = p[3]::int AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now()));
  RETURN QUERY
  WITH mine AS (
    SELECT r.id, r.ref, r.assess_by FROM app.report r WHERE r.concluded_at IS NULL AND r.assessed_at IS NULL AND r.assess_by IS NOT NULL AND r.municipality = p[3]::int
       AND (r.area = ANY (areas) OR r.assigned_to = u) AND NOT auth._report_excluded(u, r.id))
  SELECT areas <> '{}' OR EXISTS (SELECT 1 FROM app.report r WHERE (r.assigned_to = u AND (r.concluded_at IS NULL OR r.case_missing OR r.receipt_by IS NOT NULL AND r.receipt_at IS NULL AND r.concluded_at > now() - interval '30 days') OR r.registered_by = u AND r.registered_at > now() - interval '14 days') AND NOT auth._report_excluded(u, r.id))
           OR EXISTS (SELECT 1 FROM app.reassessment z WHERE z.reviewer = u AND z.done_at IS NULL),
         (SELECT count(*)::int FROM mine), (SELECT count(*)::int FROM mine m WHERE m.assess_by > now() AND m.assess_by <= now() + interval '4 hours'),
         (SELECT count(*)::int FROM mine m WHERE m.assess_by <= now()),
         m.assess_by, m.ref,
         (SELECT count(*)::int FROM app.report r WHERE r.case_missing AND r.municipality = p[3]::int AND (r.assigned_to = u OR r.assigned_to IS NULL AND r.area = ANY (areas)) AND NOT auth._report_excluded(u, r.id))
    FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT x.assess_by, x.ref FROM mine x ORDER BY x.assess_by, x.id LIMIT 1) m ON true;
END $$;
GRANT EXECUTE ON FUNCTION app.report_frame() TO samspil_app;
SELECT meta.settle();
