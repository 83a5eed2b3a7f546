-- my_cases() is asked by the policy of every table that a list touches, so it looks at a person's exclusions once,
-- and not with a call for each of hundreds of grants; and at the municipality of each case only where there are several.
CREATE OR REPLACE FUNCTION auth.my_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; bar uuid[]; alone boolean;
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  bar := (SELECT coalesce(array_agg(x.case_id), '{}') FROM app.case_exclusion x WHERE x.user_id = u AND x.lifted_at IS NULL);
  alone := NOT EXISTS (SELECT 1 FROM app.municipality m WHERE m.id <> p[3]::int);
  RETURN (SELECT coalesce(array_agg(DISTINCT g.case_id), '{}') FROM app.case_grant g
    WHERE g.user_id = u AND g.revoked_at IS NULL AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()) AND g.case_id <> ALL (bar)
      AND (alone OR EXISTS (SELECT 1 FROM app.case_file c WHERE c.id = g.case_id AND c.municipality = p[3]::int)));
END $$;
SELECT meta.settle();
