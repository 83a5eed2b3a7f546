CREATE OR REPLACE FUNCTION app.lone_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE led uuid[] := auth.led_teams(); bar uuid[] := auth.barred();
BEGIN
  RETURN (SELECT coalesce(array_agg(f.id), '{}') FROM app.case_file f
    WHERE f.team_id = ANY (led) AND f.status = 'open' AND f.severity_rank >= 3 AND f.confidentiality < 2 AND f.id <> ALL (bar)
      AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id <> f.responsible_id AND g.kind <> 'lead' AND g.revoked_at IS NULL
                         AND (g.valid_to IS NULL OR g.valid_to > now()))
      AND NOT EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = f.id AND i.status = 'accepted'));
END $$;
DROP FUNCTION app.job_sparring(date);
DROP TABLE app.sparring_learning, app.sparring_named, app.sparring_message, app.sparring_ask, app.sparring_case, app.sparring;
DROP FUNCTION app._has_sparring(uuid), app.judge_learning(uuid, boolean, text), app.learn_sparring(uuid, uuid, text, text, int), app.end_sparring(uuid, uuid, text, text, int), app.name_sparring(uuid, uuid, text, text, text, text, int),
  app.reply_sparring(uuid, uuid, uuid, uuid, text, int), app.say_sparring(uuid, uuid, text, text), app.ask_sparring(uuid, uuid, uuid[], uuid[]), app.put_sparring(uuid, uuid, uuid, text, text, date, uuid[], uuid[], int),
  app.sparring_colleagues(uuid), app._ask_sparring(uuid, uuid, uuid[], uuid[]), app._looked_through(uuid, text, int, boolean), app._open_sparring(uuid, uuid), app._asks_of(uuid), app._refuse_sparring(text),
  auth.learnings_to_judge(), auth.opened_sparring(), auth.my_sparring();
SELECT meta.settle();
