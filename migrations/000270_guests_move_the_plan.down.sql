-- The function as it was in 000140.
CREATE OR REPLACE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file SET active_at = greatest(active_at, NEW.at),
      plan_moved_at = CASE WHEN NEW.kind IN ('plan.started','plan.changed','step.added','step.started','step.done','step.undone','step.skipped','step.changed','step.assigned')
        THEN greatest(plan_moved_at, NEW.at) ELSE plan_moved_at END
    WHERE id = NEW.case_id AND NEW.actor IS NOT NULL;
  RETURN NULL;
END $$;
SELECT meta.settle();
