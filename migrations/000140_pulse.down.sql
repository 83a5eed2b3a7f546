DROP INDEX app.case_file_team_pulse;
DROP TRIGGER plan_reopened ON app.prompt;
DROP TRIGGER plan_reopened ON app.case_file;
DROP FUNCTION app.plan_reopened();
DROP TRIGGER plan_edited ON app.plan_step;
DROP TRIGGER plan_added_to ON app.plan_step;
DROP FUNCTION app.plan_edited();
DROP TRIGGER plan_looked_through ON app.plan;
DROP FUNCTION app.plan_looked_through();
DROP TRIGGER own_hand ON app.plan;
CREATE OR REPLACE FUNCTION app.plan_started() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET has_plan = true WHERE id = NEW.case_id; RETURN NULL; END $$;
ALTER TABLE app.plan DROP looked_at, DROP looked_by;
CREATE OR REPLACE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET active_at = greatest(active_at, NEW.at) WHERE id = NEW.case_id AND NEW.actor IS NOT NULL; RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION app.partners_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET partners = n.live FROM (
      SELECT c.case_id, count(i.id)::int AS live FROM (SELECT DISTINCT m.case_id FROM moved m) c
        LEFT JOIN app.involvement i ON i.case_id = c.case_id AND i.status IN ('requested','accepted') GROUP BY c.case_id) n
   WHERE f.id = n.case_id AND f.partners <> n.live;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION app.steps_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET next_due_at = n.at FROM (
      SELECT c.case_id, coalesce(min(s.due_at), 'infinity') AS at FROM (SELECT DISTINCT m.case_id FROM moved m) c
        LEFT JOIN app.plan_step s ON s.case_id = c.case_id AND s.status IN ('open','in_progress','waiting') GROUP BY c.case_id) n
   WHERE f.id = n.case_id AND f.next_due_at <> n.at;
  RETURN NULL;
END $$;
DROP FUNCTION app._feel_pulse(uuid[]);
DROP FUNCTION app.pulse(boolean, smallint, timestamptz, int, int, timestamptz, timestamptz, date, timestamptz);
ALTER TABLE app.case_file DROP plan_moved_at, DROP open_steps, DROP unsure_steps, DROP quarter_late_at, DROP half_late_at, DROP plan_follow_up, DROP plan_revisit_at;
SELECT meta.settle();
