-- The second person's reason for lifting an exclusion stays too.
CREATE OR REPLACE FUNCTION app.lift_exclusion(p_case uuid, p_user uuid, p_reason text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE x record;
BEGIN
  PERFORM app._demand(p_case, 32);
  SELECT e.id, e.lift_requested_by INTO x FROM app.case_exclusion e WHERE e.case_id = p_case AND e.user_id = p_user AND e.lifted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN 'none'; END IF;
  IF x.lift_requested_by IS NULL OR x.lift_requested_by = auth.uid() THEN
    UPDATE app.case_exclusion SET lift_requested_by = auth.uid(), lift_reason = p_reason WHERE id = x.id;
    PERFORM audit._append('case:' || p_case, 'access.lift_requested', p_case, p_user::text, jsonb_build_object('reason', p_reason));
    RETURN 'requested';
  END IF;
  UPDATE app.case_exclusion SET lifted_at = now(), lifted_by = auth.uid() WHERE id = x.id;
  PERFORM audit._append('case:' || p_case, 'access.lifted', p_case, p_user::text, jsonb_build_object('reason', p_reason));
  RETURN 'lifted';
END $$;
SELECT meta.settle();
