-- A step that a partner reports done by their link is a step that somebody moved (R6): the case and its plan live by it as by a colleague's
-- tick. What else a partner does is an answer and no step: that a link was opened, or that a no left steps with nobody, wakes no plan.
CREATE OR REPLACE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file SET active_at = greatest(active_at, NEW.at),
      plan_moved_at = CASE WHEN NEW.kind IN ('plan.started','plan.changed','step.added','step.started','step.done','step.undone','step.skipped','step.changed','step.assigned')
        THEN greatest(plan_moved_at, NEW.at) ELSE plan_moved_at END
    WHERE id = NEW.case_id AND (NEW.actor IS NOT NULL OR NEW.contact_id IS NOT NULL AND NEW.kind = 'step.done');
  RETURN NULL;
END $$;
UPDATE app.case_file f SET active_at = greatest(f.active_at, e.at), plan_moved_at = greatest(f.plan_moved_at, e.at)
  FROM (SELECT x.case_id, max(x.at) AS at FROM app.case_event x WHERE x.contact_id IS NOT NULL AND x.kind = 'step.done' GROUP BY x.case_id) e WHERE e.case_id = f.id;
SELECT meta.settle();
