-- Reminders and escalation (docs/adr/0020-reminders-and-absence.md): who answers for something is told before it is due and on the
-- day, and the lead when it is so many workdays over its time. How many is the municipality's own choice; no law says it.

-- The workdays of package calendar, for the jobs of the database: a test compares the two, day by day.
DO $$ BEGIN -- somebody else's migration may have needed it first
  GRANT SELECT ON app.office_setting TO samspil_guard;
  IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'app.office_setting'::regclass AND polname = 'guard_all') THEN PERFORM meta.guard('app.office_setting', 'SELECT'); END IF;
END $$;
CREATE FUNCTION app._easter(p_year int) RETURNS date LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a int := p_year % 19; b int := p_year / 100; c int := p_year % 100; h int; l int; m int;
BEGIN -- the Gregorian computus of Meeus, Jones and Butcher
  h := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  l := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  m := (a + 11 * h + 22 * l) / 451;
  RETURN make_date(p_year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END $$;
-- _off() tells whether the offices of a municipality are closed on a day: Saturday, Sunday, a holiday.
CREATE FUNCTION app._off(p_day date, p_municipality int) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE after_easter int; md text := to_char(p_day, 'MM-DD');
BEGIN
  IF extract(isodow FROM p_day) >= 6 OR md IN ('01-01','12-25','12-26') THEN RETURN true; END IF;
  after_easter := p_day - app._easter(extract(year FROM p_day)::int);
  RETURN after_easter IN (-3, -2, 0, 1, 39, 49, 50) OR after_easter = 26 AND p_day < DATE '2024-01-01'
    OR md IN ('06-05','12-24','12-31') AND EXISTS (SELECT 1 FROM app.office_setting o WHERE o.municipality = p_municipality
         AND CASE md WHEN '06-05' THEN o.constitution_day WHEN '12-24' THEN o.christmas_eve ELSE o.new_years_eve END);
END $$;
-- _workday() is the day so many workdays after a day, or before it.
CREATE FUNCTION app._workday(p_day date, p_n int, p_municipality int) RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE d date := p_day; n int := 0;
BEGIN
  WHILE n < abs(p_n) LOOP
    d := d + sign(p_n)::int;
    IF NOT app._off(d, p_municipality) THEN n := n + 1; END IF;
  END LOOP;
  RETURN d;
END $$;

CREATE TABLE app.reminder_setting (
  municipality int PRIMARY KEY REFERENCES app.municipality,
  before_days int NOT NULL DEFAULT 2 CHECK (before_days BETWEEN 0 AND 10), -- workdays; 0: nobody is told before the day
  on_day boolean NOT NULL DEFAULT true,
  lead_after int NOT NULL DEFAULT 3 CHECK (lead_after BETWEEN 1 AND 20),   -- workdays over time
  version int NOT NULL DEFAULT 1, changed_by uuid NOT NULL REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now()
);
SELECT meta.guard('app.reminder_setting', 'SELECT, INSERT, UPDATE');
CREATE POLICY sel ON app.reminder_setting FOR SELECT TO samspil_app USING (municipality = (SELECT auth.municipality()) AND (SELECT auth.role()) = 'admin');
GRANT SELECT ON app.reminder_setting TO samspil_app;
ALTER TABLE audit.event ADD CONSTRAINT of_the_office CHECK (action <> 'reminders.set' OR stream LIKE 'office:%') NOT VALID;
-- set_reminders() answers 'done', or 'stale' where somebody else was first. Version 0: nothing has been set yet.
CREATE FUNCTION app.set_reminders(p_version int, p_before int, p_on_day boolean, p_after int) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM pg_advisory_xact_lock(4713, auth.municipality());
  SELECT x.version, x.before_days, x.on_day, x.lead_after INTO s FROM app.reminder_setting x WHERE x.municipality = auth.municipality();
  IF FOUND AND s.before_days = p_before AND s.on_day = p_on_day AND s.lead_after = p_after THEN RETURN 'done'; END IF; -- also what is sent twice
  IF coalesce(s.version, 0) <> p_version THEN RETURN 'stale'; END IF;
  INSERT INTO app.reminder_setting (municipality, before_days, on_day, lead_after, changed_by) VALUES (auth.municipality(), p_before, p_on_day, p_after, auth.uid())
    ON CONFLICT (municipality) DO UPDATE SET before_days = p_before, on_day = p_on_day, lead_after = p_after, version = app.reminder_setting.version + 1, changed_by = auth.uid(), changed_at = now();
  PERFORM audit._append('office:' || auth.municipality(), 'reminders.set', NULL, NULL, jsonb_build_object('before', p_before, 'on_day', p_on_day, 'after', p_after));
  RETURN 'done';
END $$;
GRANT EXECUTE ON FUNCTION app.set_reminders(int,int,boolean,int) TO samspil_app;

-- What was told about a step, a deadline or a follow-up (of the plan): once for each moment that it is due and each kind. When
-- the moment moves, or somebody else answers for it, the row is withdrawn with its notices, and the new one is told.
CREATE TABLE app.reminder (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  thing text NOT NULL CHECK (thing IN ('step','deadline','review')), object_id uuid NOT NULL, due_at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('before','today','lead')),
  to_user uuid REFERENCES auth.user_account,                 -- who answers for it; of 'lead' NULL, its notices say who
  told int NOT NULL DEFAULT 0,                               -- how many: a lead who answers for it is not told of it twice, so it may be none
  told_at timestamptz NOT NULL DEFAULT now(), withdrawn_at timestamptz,
  UNIQUE (case_id, id)
);
CREATE UNIQUE INDEX reminder_once ON app.reminder (case_id, object_id, thing, due_at, kind) WHERE withdrawn_at IS NULL;
SELECT meta.guard('app.reminder', 'SELECT, INSERT, UPDATE (told, withdrawn_at)');
CREATE POLICY sel ON app.reminder FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
GRANT SELECT ON app.reminder TO samspil_app;
ALTER TABLE app.notice ADD reminder_id uuid, ADD CONSTRAINT notice_of_a_reminder FOREIGN KEY (case_id, reminder_id) REFERENCES app.reminder (case_id, id);
CREATE INDEX ON app.notice (reminder_id) WHERE reminder_id IS NOT NULL;
CREATE POLICY guard_cases ON app.deadline FOR SELECT TO samspil_guard USING (case_id IS NOT NULL);
CREATE INDEX plan_step_due ON app.plan_step (due_at) WHERE status IN ('open','in_progress','waiting');
CREATE INDEX deadline_due ON app.deadline (due_at) WHERE status = 'running' AND case_id IS NOT NULL;
CREATE INDEX plan_follow_up ON app.plan (next_follow_up) WHERE next_follow_up IS NOT NULL;

-- _day() is the office's day of a moment, _evening() the last second of a day there.
CREATE FUNCTION app._day(p_at timestamptz) RETURNS date LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (p_at AT TIME ZONE 'Europe/Copenhagen')::date; END $$;
CREATE FUNCTION app._evening(p_day date) RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN ((p_day + 1)::timestamp - interval '1 second') AT TIME ZONE 'Europe/Copenhagen'; END $$;

-- _answers_for() is who is told of a thing: the colleague who answers for the step, if they may open the case; else who answers for
-- the case: also for a step of a partner, who is told by a person and not by a job. Nobody, where neither may.
CREATE FUNCTION app._answers_for(p_case uuid, p_thing text, p_object uuid) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid;
BEGIN
  IF p_thing = 'step' THEN
    SELECT s.responsible_user INTO u FROM app.plan_step s WHERE s.case_id = p_case AND s.id = p_object;
    IF u IS NOT NULL AND app._opens_case(u, p_case) THEN RETURN u; END IF;
  END IF;
  SELECT f.responsible_id INTO u FROM app.case_file f WHERE f.id = p_case;
  RETURN CASE WHEN app._opens_case(u, p_case) THEN u END;
END $$;
-- _leads_of() are who leads a case now: the leads of its team, the named leads; nobody excluded, of a sealed case only who is named.
CREATE FUNCTION app._leads_of(p_case uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT x.id FROM (
      SELECT g.user_id AS id FROM app.case_grant g WHERE g.case_id = p_case AND g.kind = 'lead' AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())
      UNION SELECT m.user_id FROM app.case_file f JOIN app.team_member m ON m.team_id = f.team_id AND m.is_lead AND (m.valid_to IS NULL OR m.valid_to > now()) WHERE f.id = p_case) x
    WHERE app._opens_case(x.id, p_case) ORDER BY x.id;
END $$;
-- _still_due() tells whether a thing is open in an open case, and due at that moment.
CREATE FUNCTION app._still_due(p_case uuid, p_thing text, p_object uuid, p_due timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.case_file f WHERE f.id = p_case AND f.status = 'open') AND CASE p_thing
    WHEN 'step' THEN EXISTS (SELECT 1 FROM app.plan_step s WHERE s.case_id = p_case AND s.id = p_object AND s.due_at = p_due AND s.status IN ('open','in_progress','waiting'))
    WHEN 'deadline' THEN EXISTS (SELECT 1 FROM app.deadline d WHERE d.case_id = p_case AND d.id = p_object AND d.due_at = p_due AND d.status = 'running')
    ELSE EXISTS (SELECT 1 FROM app.plan p WHERE p.case_id = p_case AND p.id = p_object AND app._evening(p.next_follow_up) = p_due) END;
END $$;

-- job_reminders() withdraws what does not hold any more, tells who answers for what is due soon or today, and tells the leads of what is
-- over its time; as of a moment (NULL: now), at most a thousand of each in one go.
CREATE FUNCTION app.job_reminders(p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE moment timestamptz := coalesce(p_now, now()); today date := app._day(moment); r record; m uuid; leads int; n int := 0;
BEGIN
  WITH gone AS (
    UPDATE app.reminder x SET withdrawn_at = moment
     WHERE x.withdrawn_at IS NULL AND (NOT app._still_due(x.case_id, x.thing, x.object_id, x.due_at) OR x.kind <> 'lead' AND x.to_user IS DISTINCT FROM app._answers_for(x.case_id, x.thing, x.object_id))
    RETURNING x.id)
  UPDATE app.notice o SET read_at = moment FROM gone WHERE o.reminder_id = gone.id AND o.read_at IS NULL;

  FOR r IN SELECT z.case_id, z.thing, z.id, z.due_at, z.kind, z.who FROM (
      SELECT y.*, app._answers_for(y.case_id, y.thing, y.id) AS who FROM (
        SELECT x.case_id, x.thing, x.id, x.due_at,
               CASE WHEN app._day(x.due_at) = today THEN CASE WHEN coalesce(s.on_day, true) THEN 'today' END
                    WHEN app._day(x.due_at) > today AND coalesce(s.before_days, 2) > 0 AND today >= app._workday(app._day(x.due_at), -coalesce(s.before_days, 2), f.municipality) THEN 'before' END AS kind
          FROM (SELECT t.case_id, 'step' AS thing, t.id, t.due_at FROM app.plan_step t WHERE t.status IN ('open','in_progress','waiting') AND t.due_at > moment - interval '1 day' AND t.due_at < moment + interval '30 days'
                UNION ALL SELECT d.case_id, 'deadline', d.id, d.due_at FROM app.deadline d WHERE d.status = 'running' AND d.case_id IS NOT NULL AND d.due_at > moment - interval '1 day' AND d.due_at < moment + interval '30 days'
                UNION ALL SELECT p.case_id, 'review', p.id, app._evening(p.next_follow_up) FROM app.plan p WHERE p.next_follow_up BETWEEN today AND today + 30) x
          JOIN app.case_file f ON f.id = x.case_id AND f.status = 'open' LEFT JOIN app.reminder_setting s ON s.municipality = f.municipality) y
       WHERE y.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.reminder o WHERE o.case_id = y.case_id AND o.object_id = y.id AND o.thing = y.thing AND o.due_at = y.due_at AND o.kind = y.kind AND o.withdrawn_at IS NULL)) z
     WHERE z.who IS NOT NULL ORDER BY z.due_at, z.id LIMIT 1000 LOOP
    INSERT INTO app.reminder (case_id, thing, object_id, due_at, kind, to_user, told, told_at) VALUES (r.case_id, r.thing, r.id, r.due_at, r.kind, r.who, 1, moment) ON CONFLICT DO NOTHING RETURNING id INTO m;
    CONTINUE WHEN m IS NULL;
    INSERT INTO app.notice (to_user, case_id, kind, at, reminder_id) VALUES (r.who, r.case_id, 'reminder.' || r.thing || '.' || r.kind, moment, m);
    n := n + 1;
  END LOOP;

  FOR r IN SELECT x.case_id, x.thing, x.id, x.due_at FROM (
        SELECT t.case_id, 'step' AS thing, t.id, t.due_at FROM app.plan_step t WHERE t.status IN ('open','in_progress','waiting') AND t.due_at < moment
        UNION ALL SELECT d.case_id, 'deadline', d.id, d.due_at FROM app.deadline d WHERE d.status = 'running' AND d.case_id IS NOT NULL AND d.due_at < moment
        UNION ALL SELECT p.case_id, 'review', p.id, app._evening(p.next_follow_up) FROM app.plan p WHERE p.next_follow_up < today) x
      JOIN app.case_file f ON f.id = x.case_id AND f.status = 'open' LEFT JOIN app.reminder_setting s ON s.municipality = f.municipality
     WHERE NOT EXISTS (SELECT 1 FROM app.reminder o WHERE o.case_id = x.case_id AND o.object_id = x.id AND o.thing = x.thing AND o.due_at = x.due_at AND o.kind = 'lead' AND o.withdrawn_at IS NULL)
       AND today >= app._workday(app._day(x.due_at), coalesce(s.lead_after, 3), f.municipality) ORDER BY x.due_at, x.id LIMIT 1000 LOOP
    INSERT INTO app.reminder (case_id, thing, object_id, due_at, kind, told_at) VALUES (r.case_id, r.thing, r.id, r.due_at, 'lead', moment) ON CONFLICT DO NOTHING RETURNING id INTO m;
    CONTINUE WHEN m IS NULL;
    INSERT INTO app.notice (to_user, case_id, kind, at, reminder_id) SELECT l, r.case_id, 'reminder.' || r.thing || '.late', moment, m
      FROM app._leads_of(r.case_id) l WHERE l IS DISTINCT FROM app._answers_for(r.case_id, r.thing, r.id);
    GET DIAGNOSTICS leads = ROW_COUNT;
    UPDATE app.reminder x SET told = leads WHERE x.id = m;
    n := n + leads;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.job_reminders(timestamptz) TO samspil_job;
SELECT meta.settle();
