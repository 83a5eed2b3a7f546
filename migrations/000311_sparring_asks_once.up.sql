-- As for the forum (migration 310): which questions are the reader's is asked by every page that shows one, Min dag among them. It looked at
-- every question that there has been, and asked for each which case is open; now at the reader's own and at the open case's. What is
-- answered is the same.
CREATE INDEX sparring_ask_user ON app.sparring_ask (user_id) WHERE user_id IS NOT NULL;
CREATE OR REPLACE FUNCTION auth.my_sparring() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; bar uuid[];
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  bar := (SELECT coalesce(array_agg(x.case_id), '{}') FROM app.case_exclusion x WHERE x.user_id = u AND x.lifted_at IS NULL);
  RETURN (WITH mine AS MATERIALIZED (SELECT s.id FROM app.sparring s WHERE s.put_by = u UNION SELECT a.sparring_id FROM app.sparring_ask a WHERE a.user_id = u)
    SELECT coalesce(array_agg(s.id), '{}') FROM mine m JOIN app.sparring s ON s.id = m.id JOIN app.sparring_case k ON k.id = s.id
     WHERE s.municipality = p[3]::int AND k.case_id <> ALL (bar));
END $$;
CREATE OR REPLACE FUNCTION auth.opened_sparring() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE open uuid[] := auth.opened(2);
BEGIN RETURN (SELECT coalesce(array_agg(k.id), '{}') FROM app.sparring_case k WHERE k.case_id = ANY (open)); END $$;
SELECT meta.settle();
