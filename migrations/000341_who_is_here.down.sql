-- The function as it was in 000210.
DROP FUNCTION app.sparring_colleagues(uuid);
CREATE FUNCTION app.sparring_colleagues(p_case uuid) RETURNS TABLE (id uuid, name text, title text, competences text[], photo_id uuid, waiting int) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 30 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(54))) THEN RETURN; END IF;
  RETURN QUERY SELECT u.id, u.display_name, u.title, u.competences, u.photo_id, (SELECT count(*)::int FROM app.sparring_ask a WHERE a.user_id = u.id AND a.settled_at IS NULL)
    FROM auth.user_account u WHERE u.id <> auth.uid() AND u.municipality = auth.municipality() AND app._may_receive(u.id, p_case) ORDER BY u.display_name, u.id;
END $$;
GRANT EXECUTE ON FUNCTION app.sparring_colleagues(uuid) TO samspil_app;
SELECT meta.settle();
