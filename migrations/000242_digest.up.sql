-- Letters about notices (security.md 5.7): that there is something new, and nothing else. Each person says how often; what cannot wait
-- comes at once; the rest keeps quiet in the evening, at night, and on days off.
CREATE TABLE app.mail_wish (
  user_id uuid PRIMARY KEY REFERENCES auth.user_account,
  how text NOT NULL DEFAULT 'often' CHECK (how IN ('never','often','daily')), -- often: when there is something new, at most every 30 minutes
  daily_hour int NOT NULL DEFAULT 8 CHECK (daily_hour BETWEEN 0 AND 23),
  urgent boolean NOT NULL DEFAULT true,                     -- what cannot wait comes at once, also in quiet hours
  quiet boolean NOT NULL DEFAULT true, quiet_from int NOT NULL DEFAULT 17 CHECK (quiet_from BETWEEN 0 AND 23), quiet_to int NOT NULL DEFAULT 7 CHECK (quiet_to BETWEEN 0 AND 23),
  days_off boolean NOT NULL DEFAULT true,                   -- quiet at weekends and on holidays too
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE app.mail_digest (user_id uuid PRIMARY KEY REFERENCES auth.user_account, at timestamptz NOT NULL); -- when the last letter about notices was written
SELECT meta.guard('app.mail_wish', 'SELECT, INSERT, UPDATE');
SELECT meta.guard('app.mail_digest', 'SELECT, INSERT, UPDATE');
CREATE POLICY sel ON app.mail_wish FOR SELECT TO samspil_app USING (user_id = (SELECT auth.uid()));
CREATE POLICY sel ON app.mail_digest FOR SELECT TO samspil_app USING (user_id = (SELECT auth.uid()));
GRANT SELECT ON app.mail_wish, app.mail_digest TO samspil_app;
CREATE FUNCTION app.set_mail_wish(p_how text, p_hour int, p_urgent boolean, p_quiet boolean, p_from int, p_to int, p_days_off boolean) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  INSERT INTO app.mail_wish (user_id, how, daily_hour, urgent, quiet, quiet_from, quiet_to, days_off) VALUES (auth.uid(), p_how, p_hour, p_urgent, p_quiet, p_from, p_to, p_days_off)
    ON CONFLICT (user_id) DO UPDATE SET how = p_how, daily_hour = p_hour, urgent = p_urgent, quiet = p_quiet, quiet_from = p_from, quiet_to = p_to, days_off = p_days_off, changed_at = now();
END $$;
GRANT EXECUTE ON FUNCTION app.set_mail_wish(text,int,boolean,boolean,int,int,boolean) TO samspil_app;

ALTER TABLE app.notice ADD mailed_at timestamptz;           -- when a letter was written about it
UPDATE app.notice SET mailed_at = at;                       -- what is old is not news
GRANT UPDATE (mailed_at) ON app.notice TO samspil_guard;
CREATE INDEX notice_unmailed ON app.notice (to_user, at) WHERE read_at IS NULL AND mailed_at IS NULL;

-- A case that becomes red is told to who answers for it and to its leads: somebody does it, the others know it at once.
CREATE FUNCTION app.red_is_told() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL THEN RETURN NULL; END IF;           -- what the administrator restores tells nobody anew
  PERFORM app._notify(x.u, NEW.id, 'severity.red') FROM (SELECT l AS u FROM app._leads_of(NEW.id) l UNION SELECT NEW.responsible_id WHERE app._opens_case(NEW.responsible_id, NEW.id)) x;
  RETURN NULL;
END $$;
CREATE TRIGGER red_is_told AFTER UPDATE OF severity ON app.case_file FOR EACH ROW WHEN (NEW.severity = 'red' AND OLD.severity IS DISTINCT FROM 'red') EXECUTE FUNCTION app.red_is_told();

-- _urgent() are the notices that cannot wait until the morning.
CREATE FUNCTION app._urgent(p_kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN p_kind IN ('check_in.missed','report.bell','severity.red'); END $$;
-- _quiet() tells whether an hour on the wall is one of somebody's quiet hours: from 17 to 7 goes over midnight, from 7 to 7 is none.
CREATE FUNCTION app._quiet(p_at timestamptz, p_from int, p_to int, p_days_off boolean, p_municipality int) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE h int := extract(hour FROM p_at AT TIME ZONE 'Europe/Copenhagen');
BEGIN
  RETURN CASE WHEN p_from < p_to THEN h >= p_from AND h < p_to WHEN p_from > p_to THEN h >= p_from OR h < p_to ELSE false END
    OR p_days_off AND app._off(app._day(p_at), p_municipality);
END $$;

-- job_digests() writes one letter to everybody who has something unread that no letter has been written about; as of a moment (NULL: now).
CREATE FUNCTION app.job_digests(p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE moment timestamptz := coalesce(p_now, now()); local timestamp := moment AT TIME ZONE 'Europe/Copenhagen'; r record; slot timestamptz; due boolean; n int := 0;
BEGIN
  FOR r IN SELECT u.id, u.municipality, coalesce(w.how, 'often') AS how, coalesce(w.daily_hour, 8) AS daily_hour, coalesce(w.urgent, true) AS urgent, coalesce(w.quiet, true) AS quiet,
                  coalesce(w.quiet_from, 17) AS quiet_from, coalesce(w.quiet_to, 7) AS quiet_to, coalesce(w.days_off, true) AS days_off, d.at AS last, x.first, x.urgent AS is_urgent
             FROM (SELECT o.to_user, min(o.at) AS first, bool_or(app._urgent(o.kind)) AS urgent FROM app.notice o WHERE o.read_at IS NULL AND o.mailed_at IS NULL AND o.at <= moment GROUP BY o.to_user) x
             JOIN auth.user_account u ON u.id = x.to_user AND u.active LEFT JOIN app.mail_wish w ON w.user_id = u.id LEFT JOIN app.mail_digest d ON d.user_id = u.id ORDER BY u.id LOOP
    due := r.urgent AND r.is_urgent;
    IF NOT due AND r.how <> 'never' AND NOT (r.quiet AND app._quiet(moment, r.quiet_from, r.quiet_to, r.days_off, r.municipality)) THEN
      IF r.how = 'often' THEN
        due := r.last IS NULL OR r.last <= moment - interval '30 minutes';
      ELSE -- the last time that the hour struck: quiet hours put it off, and do not lose it
        slot := (date_trunc('day', local) + make_interval(hours => r.daily_hour)) AT TIME ZONE 'Europe/Copenhagen';
        IF slot > moment THEN slot := (date_trunc('day', local) - interval '1 day' + make_interval(hours => r.daily_hour)) AT TIME ZONE 'Europe/Copenhagen'; END IF;
        due := r.first <= slot AND (r.last IS NULL OR r.last < slot);
      END IF;
    END IF;
    CONTINUE WHEN NOT due;
    INSERT INTO app.mail_digest AS d (user_id, at) VALUES (r.id, moment) ON CONFLICT (user_id) DO UPDATE SET at = moment WHERE d.at IS NOT DISTINCT FROM r.last;
    CONTINUE WHEN NOT FOUND;                                -- another instance was first
    UPDATE app.notice o SET mailed_at = moment WHERE o.to_user = r.id AND o.read_at IS NULL AND o.mailed_at IS NULL AND o.at <= moment;
    CONTINUE WHEN NOT FOUND;
    PERFORM app._mail('news', r.id, NULL, NULL, now());
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.job_digests(timestamptz) TO samspil_job;
SELECT meta.settle();
