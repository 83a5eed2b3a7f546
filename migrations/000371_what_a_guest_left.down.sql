-- The functions as they were in 000231.
DROP FUNCTION app.guest_said();
CREATE FUNCTION app.guest_said() RETURNS TABLE (kind text, step_id uuid, words text, at timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  RETURN QUERY SELECT a.kind, a.step_id, a.words, a.at FROM app.guest_answer a WHERE a.case_id = l.case_id AND a.link_id = l.id
    UNION ALL SELECT 'file', NULL, '', f.at FROM app.guest_file f WHERE f.case_id = l.case_id AND f.link_id = l.id ORDER BY 4, 1;
END $$;
DROP FUNCTION app.guest_links(uuid, uuid);
CREATE FUNCTION app.guest_links(p_case uuid, p_part uuid) RETURNS TABLE (id uuid, created_at timestamptz, created_by text, expires_at timestamptz, revoked_at timestamptz, code_until timestamptz, openings int, opened_at timestamptz,
  answered_at timestamptz, sent_at timestamptz, holds boolean, sharing_id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(2)) THEN RETURN; END IF;
  RETURN QUERY SELECT l.id, l.created_at, coalesce(u.display_name, ''), l.expires_at, l.revoked_at, l.code_until, l.openings, l.opened_at, l.answered_at, m.sent_at, app._guest_holds(l.id), q.sharing_id
    FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id LEFT JOIN auth.user_account u ON u.id = l.created_by LEFT JOIN app.mail m ON m.about = l.id
   WHERE l.case_id = p_case AND l.about = 'involvement' AND l.about_id = p_part ORDER BY l.created_at DESC, l.id LIMIT 20;
END $$;
GRANT EXECUTE ON FUNCTION app.guest_said(), app.guest_links(uuid, uuid) TO samspil_app;
SELECT meta.settle();
