DROP INDEX app.sparring_ask_user;
CREATE OR REPLACE FUNCTION auth.my_sparring() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid;
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(s.id), '{}') FROM app.sparring s JOIN app.sparring_case k ON k.id = s.id
    WHERE (s.put_by = u OR EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = s.id AND a.user_id = u)) AND s.municipality = p[3]::int AND NOT auth._excluded(u, k.case_id));
END $$;
CREATE OR REPLACE FUNCTION auth.opened_sparring() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(k.id), '{}') FROM app.sparring_case k WHERE k.case_id = ANY (auth.opened(2))); END $$;
SELECT meta.settle();
