-- The pulse of the plan (R6): alive, drowsy or asleep, with the reason. What it is felt by stands on the header, so that lists
-- sort and filter by it without opening a case, and says nothing of the plan's content. A share of late steps is a moment: the
-- day on which the quarter, or the half, of the open steps is over its time.
ALTER TABLE app.case_file
  ADD plan_moved_at timestamptz,                               -- when somebody last moved a step, or wrote in the plan
  ADD open_steps int NOT NULL DEFAULT 0,
  ADD unsure_steps int NOT NULL DEFAULT 0,                     -- of these, without a responsible who has said yes (R5)
  ADD quarter_late_at timestamptz NOT NULL DEFAULT 'infinity',
  ADD half_late_at timestamptz NOT NULL DEFAULT 'infinity',
  ADD plan_follow_up date,
  ADD plan_revisit_at timestamptz;                             -- the risk rose or a report came, and nobody has looked the plan through since
GRANT UPDATE (plan_moved_at, open_steps, unsure_steps, quarter_late_at, half_late_at, plan_follow_up, plan_revisit_at) ON app.case_file TO samspil_guard;

CREATE FUNCTION app.pulse(p_plan boolean, p_rank smallint, p_moved timestamptz, p_open int, p_unsure int, p_quarter timestamptz, p_half timestamptz, p_follow_up date, p_revisit timestamptz)
RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN NOT p_plan THEN ''
    WHEN p_moved < now() - make_interval(days => CASE WHEN p_rank >= 3 THEN 14 ELSE 30 END) THEN 'asleep.still'
    WHEN p_half < now() THEN 'asleep.late'
    WHEN p_revisit IS NOT NULL THEN 'drowsy.revisit'
    WHEN p_moved < now() - make_interval(days => CASE WHEN p_rank >= 3 THEN 7 ELSE 14 END) THEN 'drowsy.still'
    WHEN p_quarter < now() THEN 'drowsy.late'
    WHEN p_open = 0 THEN 'drowsy.empty'
    WHEN p_unsure * 3 > p_open THEN 'drowsy.unsure'
    WHEN p_follow_up < (now() AT TIME ZONE 'Europe/Copenhagen')::date THEN 'drowsy.follow_up'
    ELSE 'alive' END;
END $$;
GRANT EXECUTE ON FUNCTION app.pulse(boolean, smallint, timestamptz, int, int, timestamptz, timestamptz, date, timestamptz) TO samspil_app;

-- What the steps say, once a statement and not once a step: a plan from a template adds twenty of them.
CREATE FUNCTION app._feel_pulse(p_cases uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET next_due_at = n.due, open_steps = n.steps, unsure_steps = n.unsure, quarter_late_at = n.quarter, half_late_at = n.half FROM (
      SELECT c.case_id, coalesce(min(s.due_at), 'infinity') AS due, count(s.id)::int AS steps,
             count(s.id) FILTER (WHERE s.responsible_user IS NULL AND NOT EXISTS (SELECT 1 FROM app.involvement i
               WHERE i.case_id = s.case_id AND i.contact_id = s.responsible_contact AND i.status = 'accepted'))::int AS unsure,
             coalesce((array_agg(s.due_at ORDER BY s.due_at))[ceil(count(s.id) / 4.0)::int], 'infinity') AS quarter,
             coalesce((array_agg(s.due_at ORDER BY s.due_at))[ceil(count(s.id) / 2.0)::int], 'infinity') AS half
        FROM unnest(p_cases) AS c(case_id) LEFT JOIN app.plan_step s ON s.case_id = c.case_id AND s.status IN ('open','in_progress','waiting') GROUP BY c.case_id) n
   WHERE f.id = n.case_id AND (f.next_due_at, f.open_steps, f.unsure_steps, f.quarter_late_at, f.half_late_at) IS DISTINCT FROM (n.due, n.steps, n.unsure, n.quarter, n.half);
END $$;
CREATE OR REPLACE FUNCTION app.steps_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._feel_pulse((SELECT array_agg(DISTINCT m.case_id) FROM moved m)); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION app.partners_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET partners = n.live FROM (
      SELECT c.case_id, count(i.id)::int AS live FROM (SELECT DISTINCT m.case_id FROM moved m) c
        LEFT JOIN app.involvement i ON i.case_id = c.case_id AND i.status IN ('requested','accepted') GROUP BY c.case_id) n
   WHERE f.id = n.case_id AND f.partners <> n.live;
  PERFORM app._feel_pulse((SELECT array_agg(DISTINCT m.case_id) FROM moved m));
  RETURN NULL;
END $$;

-- A step moves when somebody does something with it. Putting it off is no step.
CREATE OR REPLACE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file SET active_at = greatest(active_at, NEW.at),
      plan_moved_at = CASE WHEN NEW.kind IN ('plan.started','plan.changed','step.added','step.started','step.done','step.undone','step.skipped','step.changed','step.assigned')
        THEN greatest(plan_moved_at, NEW.at) ELSE plan_moved_at END
    WHERE id = NEW.case_id AND NEW.actor IS NOT NULL;
  RETURN NULL;
END $$;

-- The plan: its follow-up, and who has looked it through since something new came.
ALTER TABLE app.plan ADD looked_at timestamptz, ADD looked_by uuid REFERENCES auth.user_account;
GRANT UPDATE (looked_at, looked_by) ON app.plan TO samspil_app;
CREATE TRIGGER own_hand BEFORE UPDATE OF looked_by ON app.plan FOR EACH ROW EXECUTE FUNCTION app.own_hand('looked_by');
CREATE OR REPLACE FUNCTION app.plan_started() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file SET has_plan = true, plan_moved_at = greatest(plan_moved_at, NEW.started_at), plan_follow_up = NEW.next_follow_up, plan_revisit_at = NULL WHERE id = NEW.case_id;
  RETURN NULL;
END $$;
CREATE FUNCTION app.plan_looked_through() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET plan_follow_up = NEW.next_follow_up, plan_revisit_at = NULL WHERE id = NEW.case_id; RETURN NULL; END $$;
CREATE TRIGGER plan_looked_through AFTER UPDATE OF citizen_goals, next_follow_up, looked_at ON app.plan FOR EACH ROW EXECUTE FUNCTION app.plan_looked_through();

-- Whoever edits the plan has looked at it: a new step, another title, day or responsible, a step left out. A tick is none.
CREATE FUNCTION app.plan_edited() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET plan_revisit_at = NULL WHERE id = NEW.case_id AND plan_revisit_at IS NOT NULL; RETURN NULL; END $$;
CREATE TRIGGER plan_added_to AFTER INSERT ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.plan_edited();
CREATE TRIGGER plan_edited AFTER UPDATE OF title, detail, due_at, responsible_user, responsible_contact, partner_type, phase_id, status ON app.plan_step FOR EACH ROW
  WHEN ((OLD.title, OLD.detail, OLD.due_at, OLD.responsible_user, OLD.responsible_contact, OLD.partner_type, OLD.phase_id) IS DISTINCT FROM
        (NEW.title, NEW.detail, NEW.due_at, NEW.responsible_user, NEW.responsible_contact, NEW.partner_type, NEW.phase_id)
        OR NEW.status = 'skipped' AND OLD.status <> 'skipped') EXECUTE FUNCTION app.plan_edited();

-- A rise in risk opens the plan again, and so does a new report: where the case may be told of it (a prompt is raised only then).
CREATE FUNCTION app.plan_reopened() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET plan_revisit_at = coalesce(f.plan_revisit_at, now())
   WHERE f.id = CASE TG_TABLE_NAME WHEN 'prompt' THEN (to_jsonb(NEW) ->> 'case_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END AND f.has_plan AND f.status = 'open';
  RETURN NULL;
END $$;
CREATE TRIGGER plan_reopened AFTER UPDATE OF severity ON app.case_file FOR EACH ROW
  WHEN (coalesce(array_position(ARRAY['green','yellow','orange','red'], NEW.severity), 0) > coalesce(array_position(ARRAY['green','yellow','orange','red'], OLD.severity), 0))
  EXECUTE FUNCTION app.plan_reopened();
CREATE TRIGGER plan_reopened AFTER INSERT ON app.prompt FOR EACH ROW WHEN (NEW.rule = 'new_report') EXECUTE FUNCTION app.plan_reopened();

-- what is there already
UPDATE app.case_file f SET plan_moved_at = coalesce((SELECT max(e.at) FROM app.case_event e WHERE e.case_id = f.id AND e.actor IS NOT NULL
      AND e.kind IN ('plan.started','plan.changed','step.added','step.started','step.done','step.undone','step.skipped','step.changed','step.assigned')), p.started_at), plan_follow_up = p.next_follow_up
  FROM app.plan p WHERE p.case_id = f.id;
SELECT app._feel_pulse((SELECT array_agg(f.id) FROM app.case_file f));
CREATE INDEX case_file_team_pulse ON app.case_file (team_id, plan_moved_at, id) WHERE status = 'open' AND has_plan;
SELECT meta.settle();
