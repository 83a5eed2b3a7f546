-- What the list of cases sorts and filters by, kept on the header: the next step that is due, how many partners take
-- part, and the rank of the level. Each page of the list is then a walk along an index, however large the team.
ALTER TABLE app.case_file
  ADD next_due_at timestamptz NOT NULL DEFAULT 'infinity', -- of the open steps; infinity: none has a date
  ADD partners int NOT NULL DEFAULT 0,                     -- asked or taking part now
  ADD severity_rank smallint NOT NULL GENERATED ALWAYS AS (CASE severity WHEN 'red' THEN 4 WHEN 'orange' THEN 3 WHEN 'yellow' THEN 2 WHEN 'green' THEN 1 ELSE 0 END) STORED;
GRANT UPDATE (next_due_at, partners) ON app.case_file TO samspil_guard;

CREATE INDEX case_file_team_severity ON app.case_file (team_id, severity_rank DESC, active_at DESC, id) WHERE status = 'open';
CREATE INDEX case_file_team_due ON app.case_file (team_id, next_due_at, id) WHERE status = 'open';
CREATE INDEX case_file_team_number ON app.case_file (team_id, number COLLATE "C" DESC, id);
CREATE INDEX case_file_team_opened ON app.case_file (team_id, opened_at DESC, id);
CREATE INDEX case_file_team_planless ON app.case_file (team_id, active_at DESC, id) WHERE status = 'open' AND NOT has_plan;
CREATE INDEX case_file_team_normal ON app.case_file (team_id, active_at DESC, id) WHERE status = 'open' AND confidentiality = 0;

-- One look per statement, not per step: a plan from a template adds twenty steps at once.
CREATE FUNCTION app.steps_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET next_due_at = n.at FROM (
      SELECT c.case_id, coalesce(min(s.due_at), 'infinity') AS at FROM (SELECT DISTINCT m.case_id FROM moved m) c
        LEFT JOIN app.plan_step s ON s.case_id = c.case_id AND s.status IN ('open','in_progress','waiting') GROUP BY c.case_id) n
   WHERE f.id = n.case_id AND f.next_due_at <> n.at;
  RETURN NULL;
END $$;
CREATE TRIGGER steps_added AFTER INSERT ON app.plan_step REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION app.steps_moved();
CREATE TRIGGER steps_changed AFTER UPDATE ON app.plan_step REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION app.steps_moved();

CREATE FUNCTION app.partners_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET partners = n.live FROM (
      SELECT c.case_id, count(i.id)::int AS live FROM (SELECT DISTINCT m.case_id FROM moved m) c
        LEFT JOIN app.involvement i ON i.case_id = c.case_id AND i.status IN ('requested','accepted') GROUP BY c.case_id) n
   WHERE f.id = n.case_id AND f.partners <> n.live;
  RETURN NULL;
END $$;
CREATE TRIGGER partners_added AFTER INSERT ON app.involvement REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION app.partners_moved();
CREATE TRIGGER partners_changed AFTER UPDATE ON app.involvement REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION app.partners_moved();

-- what is there already
UPDATE app.case_file f SET
  next_due_at = coalesce((SELECT min(s.due_at) FROM app.plan_step s WHERE s.case_id = f.id AND s.status IN ('open','in_progress','waiting')), 'infinity'),
  partners = (SELECT count(*) FROM app.involvement i WHERE i.case_id = f.id AND i.status IN ('requested','accepted'));
SELECT meta.settle();
