-- A lead may lead several teams: the reader comes with all the teams whose cases their lists are about.
DROP FUNCTION auth.whoami();
CREATE FUNCTION auth.whoami() RETURNS TABLE (user_id uuid, role text, name text, title text, lang text, theme text, density text, shortcuts boolean,
  photo_id uuid, team_id uuid, area text, municipality text, teams uuid[]) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.role, u.display_name, u.title, u.lang, u.theme, u.density, u.shortcuts, u.photo_id, t.teams[1], t.areas[1], m.name, coalesce(t.teams, '{}')
    FROM auth.user_account u JOIN app.municipality m ON m.id = u.municipality
    LEFT JOIN LATERAL (SELECT array_agg(t.id ORDER BY t.name) AS teams, array_agg(t.area ORDER BY t.name) AS areas FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
       WHERE tm.user_id = u.id AND (tm.valid_to IS NULL OR tm.valid_to > now()) AND (u.role <> 'team_lead' OR tm.is_lead)) t ON true
   WHERE u.id = auth.uid();
END $$;
GRANT EXECUTE ON FUNCTION auth.whoami() TO samspil_app;
SELECT meta.settle();
