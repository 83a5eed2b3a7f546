-- Reminders begin for a municipality with the first run of their job. What was over its time by then stands on Overblik, as it always did:
-- each lead with such a case is told so once, and is not sent a notice of every old step. What a municipality was told before goes on.
ALTER TABLE app.municipality ADD reminders_since timestamptz;
GRANT UPDATE (reminders_since) ON app.municipality TO samspil_guard;
UPDATE app.municipality m SET reminders_since = '-infinity' WHERE EXISTS (SELECT FROM app.reminder r JOIN app.case_file f ON f.id = r.case_id WHERE f.municipality = m.id);

-- job_reminders() withdraws what does not hold any more, tells who answers for what is due soon or today, and tells the leads of what is
-- over its time; as of a moment (NULL: now), at most a thousand of each in one go.
CREATE OR REPLACE FUNCTION app.job_reminders(p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE moment timestamptz := coalesce(p_now, now()); today date := app._day(moment); r record; m uuid; leads int; n int := 0; begun int[];
BEGIN
  WITH b AS (UPDATE app.municipality x SET reminders_since = moment WHERE x.reminders_since IS NULL RETURNING x.id) SELECT coalesce(array_agg(b.id), '{}') INTO begun FROM b;
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
      JOIN app.case_file f ON f.id = x.case_id AND f.status = 'open' JOIN app.municipality c ON c.id = f.municipality AND c.reminders_since <= x.due_at LEFT JOIN app.reminder_setting s ON s.municipality = f.municipality
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
  IF begun <> '{}' THEN
    INSERT INTO app.notice (to_user, kind, at) SELECT DISTINCT l, 'reminder.begun', moment FROM (
        SELECT t.case_id FROM app.plan_step t WHERE t.status IN ('open','in_progress','waiting') AND t.due_at < moment
        UNION SELECT d.case_id FROM app.deadline d WHERE d.status = 'running' AND d.case_id IS NOT NULL AND d.due_at < moment
        UNION SELECT p.case_id FROM app.plan p WHERE p.next_follow_up < today) x
      JOIN app.case_file f ON f.id = x.case_id AND f.status = 'open' AND f.municipality = ANY (begun), app._leads_of(f.id) l;
  END IF;
  RETURN n;
END $$;
SELECT meta.settle();
