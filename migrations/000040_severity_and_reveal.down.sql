DROP FUNCTION app.reveal_fact(uuid, uuid, text);
CREATE FUNCTION app.reveal_fact(p_case uuid, p_fact uuid) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea; k text;
BEGIN
  PERFORM app._demand(p_case, 6);
  SELECT f.ciphertext, f.kind INTO r, k FROM app.protected_fact f WHERE f.id = p_fact AND f.case_id = p_case AND f.retired_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM audit._append('case:' || p_case, 'fact.reveal', p_case, k || ':' || p_fact, NULL);
  RETURN r;
END $$;
GRANT EXECUTE ON FUNCTION app.reveal_fact(uuid,uuid) TO samspil_app;
DROP TABLE app.severity_choice;
SELECT meta.settle();
