-- A colleague's own calendar feed (docs/adr/0020-reminders-and-absence.md): an address that nobody guesses, which a calendar reads without
-- signing in. It says how much is due on a day, and nothing else: no case, no person, no place.
CREATE TABLE app.calendar_feed (
  user_id uuid PRIMARY KEY REFERENCES auth.user_account,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32), -- the address itself is shown once, and kept nowhere
  made_at timestamptz NOT NULL DEFAULT now(), read_at timestamptz
);
SELECT meta.guard('app.calendar_feed', 'SELECT, INSERT, UPDATE (token_hash, made_at, read_at), DELETE');
CREATE POLICY sel ON app.calendar_feed FOR SELECT TO samspil_app USING (user_id = (SELECT auth.uid()));
GRANT SELECT (user_id, made_at, read_at) ON app.calendar_feed TO samspil_app;
ALTER TABLE audit.event ADD CONSTRAINT of_the_calendar CHECK (action NOT LIKE 'calendar.%' OR stream LIKE 'calendar:%') NOT VALID;

-- make_calendar_feed() makes one's own feed in place of the one that the form was about (when it was made, in microseconds; 0: none):
-- 'done', or 'stale' where that is not the one there is. The address before it is dead.
CREATE FUNCTION app.make_calendar_feed(p_hash bytea, p_seen bigint) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  INSERT INTO app.calendar_feed AS c (user_id, token_hash) SELECT auth.uid(), p_hash WHERE p_seen = 0 OR EXISTS (SELECT 1 FROM app.calendar_feed o WHERE o.user_id = auth.uid())
    ON CONFLICT (user_id) DO UPDATE SET token_hash = p_hash, made_at = now(), read_at = NULL WHERE (extract(epoch FROM c.made_at) * 1000000)::bigint = p_seen;
  IF NOT FOUND THEN RETURN 'stale'; END IF;
  PERFORM audit._append('calendar:' || auth.uid(), 'calendar.made', NULL, NULL, NULL);
  RETURN 'done';
END $$;
CREATE FUNCTION app.revoke_calendar_feed() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM app.calendar_feed c WHERE c.user_id = auth.uid();
  IF FOUND THEN PERFORM audit._append('calendar:' || auth.uid(), 'calendar.revoked', NULL, NULL, NULL); END IF;
END $$;
GRANT EXECUTE ON FUNCTION app.make_calendar_feed(bytea, bigint), app.revoke_calendar_feed() TO samspil_app;

-- calendar_feed() gives what is behind an address: a line for each of the next 84 days on which something is due, and one without a day
-- always, so that an empty calendar is not an unknown one. Unknown, replaced, revoked, of somebody who has left: no line at all. What
-- its owner answers for themselves counts, as long as they may open the case: who has been kept out of a case is not told that it
-- goes on. A sealed case leaves no trace on a telephone, not even a number.
-- Wrong addresses are counted by network, and what is over the limit writes nothing. They never shut the right ones out: 256 random
-- bits need no lock, and calendars ask from the networks of a few large companies, where one old address would silence everybody's.
CREATE FUNCTION auth.calendar_feed(p_hash bytea, p_net text) RETURNS TABLE (lang text, at timestamptz, uid text, day date, n int) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE who uuid; tongue text; today date := app._day(now());
BEGIN
  SELECT u.id, u.lang INTO who, tongue FROM app.calendar_feed c JOIN auth.user_account u ON u.id = c.user_id AND u.active WHERE c.token_hash = p_hash;
  IF who IS NULL THEN
    INSERT INTO auth.login_failure AS f (bucket) SELECT 'feed:' || p_net WHERE auth._wait('feed:' || p_net, 30) = 0
      ON CONFLICT (bucket) DO UPDATE SET failures = CASE WHEN f.last_at < now() - interval '1 hour' THEN 1 ELSE f.failures + 1 END, last_at = now();
    RETURN;
  END IF;
  UPDATE app.calendar_feed c SET read_at = now() WHERE c.user_id = who;
  RETURN QUERY
    SELECT tongue, now(), encode(sha256(convert_to('calendar|' || who || '|' || coalesce(d.on_day::text, ''), 'UTF8')), 'hex'), d.on_day, d.things
      FROM (SELECT NULL::date AS on_day, 0 AS things
            UNION ALL SELECT app._day(x.due_at), count(*)::int
              FROM (SELECT s.case_id, s.due_at FROM app.plan_step s WHERE s.responsible_user = who AND s.status IN ('open','in_progress','waiting')
                    UNION ALL SELECT l.case_id, l.due_at FROM app.deadline l JOIN app.case_file r ON r.id = l.case_id AND r.responsible_id = who WHERE l.status = 'running') x
              JOIN app.case_file f ON f.id = x.case_id AND f.status = 'open' AND f.confidentiality < 2
             WHERE app._day(x.due_at) BETWEEN today AND today + 83 AND app._opens_case(who, x.case_id)
             GROUP BY app._day(x.due_at)) d ORDER BY d.on_day NULLS FIRST;
END $$;
GRANT EXECUTE ON FUNCTION auth.calendar_feed(bytea, text) TO samspil_login;
SELECT meta.settle();
