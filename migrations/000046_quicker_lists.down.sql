CREATE OR REPLACE FUNCTION auth.my_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid;
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(DISTINCT g.case_id), '{}') FROM app.case_grant g JOIN app.case_file c ON c.id = g.case_id AND c.municipality = p[3]::int
    WHERE g.user_id = u AND g.revoked_at IS NULL AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()) AND NOT auth._excluded(u, g.case_id));
END $$;
