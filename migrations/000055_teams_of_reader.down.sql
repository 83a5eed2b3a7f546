DROP FUNCTION auth.whoami();
CREATE FUNCTION auth.whoami() RETURNS TABLE (user_id uuid, role text, name text, title text, lang text, theme text, density text, shortcuts boolean,
  photo_id uuid, team_id uuid, area text, municipality text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.role, u.display_name, u.title, u.lang, u.theme, u.density, u.shortcuts, u.photo_id, t.id, t.area, m.name
    FROM auth.user_account u JOIN app.municipality m ON m.id = u.municipality
    LEFT JOIN LATERAL (SELECT t.id, t.area FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
       WHERE tm.user_id = u.id AND (tm.valid_to IS NULL OR tm.valid_to > now()) ORDER BY tm.is_lead DESC, t.name LIMIT 1) t ON true
   WHERE u.id = auth.uid();
END $$;
GRANT EXECUTE ON FUNCTION auth.whoami() TO samspil_app;
SELECT meta.settle();
