-- my_lone_cases() are the caller's own grave cases with nobody beside them: what the lead sees of them (lone_cases), they see themselves.
CREATE FUNCTION app.my_lone_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := auth.uid(); bar uuid[] := auth.barred();
BEGIN
  RETURN (SELECT coalesce(array_agg(f.id), '{}') FROM app.case_file f
    WHERE f.responsible_id = me AND f.status = 'open' AND f.severity_rank >= 3 AND f.id <> ALL (bar)
      AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id <> f.responsible_id AND g.kind <> 'lead' AND g.revoked_at IS NULL
                         AND (g.valid_to IS NULL OR g.valid_to > now()))
      AND NOT EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = f.id AND i.status = 'accepted')
      AND NOT app._has_sparring(f.id));
END $$;
GRANT EXECUTE ON FUNCTION app.my_lone_cases() TO samspil_app;
SELECT meta.settle();
