-- What the start pages ask: each question walks a small index of its own, named in its statement.
CREATE INDEX plan_step_unowned ON app.plan_step (case_id, due_at) WHERE status IN ('open','in_progress','waiting') AND responsible_user IS NULL; -- with a partner, or with nobody yet
CREATE INDEX case_file_first_partner ON app.case_file (team_id, first_partner_at) INCLUDE (id, confidentiality, opened_at) WHERE first_partner_at IS NOT NULL; -- answers a year of a team without its cases
CREATE INDEX event_denied ON audit.event (at DESC, id DESC) WHERE action = 'case.denied';

-- lone_cases() answers a lead who may not read the grants of cases that are not opened: the orange and red cases
-- of the led teams with nobody beside the responsible, no colleague and no partner who has said yes (as "Det mangler i sagen").
CREATE FUNCTION app.lone_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE led uuid[] := auth.led_teams(); bar uuid[] := auth.barred();
BEGIN
  RETURN (SELECT coalesce(array_agg(f.id), '{}') FROM app.case_file f
    WHERE f.team_id = ANY (led) AND f.status = 'open' AND f.severity_rank >= 3 AND f.confidentiality < 2 AND f.id <> ALL (bar)
      AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id <> f.responsible_id AND g.kind <> 'lead' AND g.revoked_at IS NULL
                         AND (g.valid_to IS NULL OR g.valid_to > now()))
      AND NOT EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = f.id AND i.status = 'accepted'));
END $$;
GRANT EXECUTE ON FUNCTION app.lone_cases() TO samspil_app;

-- frame(): the number at Min dag is the number of steps that Min dag shows as late or due today:
-- one's own, and in one's own cases those with a partner or with nobody; none in a closed case.
CREATE OR REPLACE FUNCTION app.frame() RETURNS TABLE (cases int, due int, notices int, corrections int, recent_refs text[], recent_numbers text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; bar uuid[] := auth.barred(); led uuid[] := auth.led_teams();
  midnight timestamptz := (date_trunc('day', now() AT TIME ZONE 'Europe/Copenhagen') + interval '1 day') AT TIME ZONE 'Europe/Copenhagen';
BEGIN
  IF u IS NULL THEN RETURN; END IF;
  IF p[2] NOT IN ('caseworker','specialist','team_lead') THEN
    RETURN QUERY SELECT 0, 0, (SELECT count(*)::int FROM app.notice n WHERE n.to_user = u AND n.read_at IS NULL),
      CASE WHEN p[2] = 'admin' THEN (SELECT count(*)::int FROM app.correction k WHERE k.outcome IS NULL) ELSE 0 END, '{}'::text[], '{}'::text[];
    RETURN;
  END IF;
  RETURN QUERY
  WITH seen AS (
    SELECT e.case_id AS c, max(e.at) AS at FROM (
      SELECT x.case_id, x.at FROM audit.event x WHERE x.actor = u AND x.at > now() - interval '14 days' AND x.action = 'case.open' ORDER BY x.at DESC LIMIT 60) e
    GROUP BY e.case_id ORDER BY 2 DESC LIMIT 3)
  SELECT (SELECT count(*)::int FROM app.case_file f WHERE f.responsible_id = u AND f.status = 'open' AND f.id <> ALL (bar)),
         (SELECT count(*)::int FROM app.plan_step s JOIN app.case_file f ON f.id = s.case_id AND f.status = 'open'
           WHERE s.responsible_user = u AND s.status IN ('open','in_progress','waiting') AND s.due_at < midnight AND s.case_id <> ALL (bar)
             AND (f.confidentiality < 2 AND f.team_id = ANY (led) OR EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id = u
                  AND g.revoked_at IS NULL AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()))))
         + (SELECT count(*)::int FROM app.case_file f JOIN app.plan_step s ON s.case_id = f.id
             WHERE f.responsible_id = u AND f.status = 'open' AND f.id <> ALL (bar) AND s.responsible_user IS NULL
               AND s.status IN ('open','in_progress','waiting') AND s.due_at < midnight),
         (SELECT count(*)::int FROM app.notice n WHERE n.to_user = u AND n.read_at IS NULL),
         0,
         (SELECT coalesce(array_agg(f.ref ORDER BY s.at DESC), '{}') FROM seen s JOIN app.case_file f ON f.id = s.c WHERE auth.perms(f.id) & 2 = 2),
         (SELECT coalesce(array_agg(f.number ORDER BY s.at DESC), '{}') FROM seen s JOIN app.case_file f ON f.id = s.c WHERE auth.perms(f.id) & 2 = 2);
END $$;
GRANT EXECUTE ON FUNCTION app.frame() TO samspil_app;
SELECT meta.settle();
