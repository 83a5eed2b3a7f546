-- A lead reads the cases of the team and writes none of them; but the templates give the lead the decisive steps, and
-- whoever answers for a step says that it is done (R5). So a lead ticks the steps that are theirs, and nothing else.
-- p_was is the state before the tick, for taking it back. True when the step was there, theirs and at that version.
CREATE FUNCTION app.tick_own_step(p_case uuid, p_step uuid, p_version int, p_done boolean, p_was text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 48); -- manages access and adds notes: a lead, of an open case
  UPDATE app.plan_step s SET status = CASE WHEN p_done THEN 'done' ELSE p_was END, done_at = CASE WHEN p_done THEN now() END,
         done_by = CASE WHEN p_done THEN auth.uid() END, version = s.version + 1, changed_at = now()
   WHERE s.id = p_step AND s.case_id = p_case AND s.version = p_version AND s.responsible_user = auth.uid()
     AND CASE WHEN p_done THEN s.status IN ('open','in_progress','waiting') ELSE s.status = 'done' AND p_was IN ('open','in_progress','waiting') END;
  RETURN FOUND;
END $$;
GRANT UPDATE (status, done_at, done_by, version, changed_at) ON app.plan_step TO samspil_guard;
GRANT EXECUTE ON FUNCTION app.tick_own_step(uuid, uuid, int, boolean, text) TO samspil_app;
SELECT meta.settle();
