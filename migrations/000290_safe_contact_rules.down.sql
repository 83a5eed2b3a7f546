-- The rules of safe contact are words again. What was overridden, and what notes were marked with, is lost with them.
ALTER TABLE app.note DROP outside;
DROP TRIGGER override_at_gate ON app.contact_override;
DROP FUNCTION app.override_at_gate();
DROP TABLE app.contact_override;
ALTER TABLE app.person DROP may_contact;
ALTER TABLE app.safe_contact DROP may_use, DROP must_not, DROP windows, DROP third;
CREATE OR REPLACE FUNCTION app.reveal_fact(p_case uuid, p_fact uuid, p_purpose text) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea; k text;
BEGIN
  PERFORM app._demand(p_case, 6);
  IF p_purpose IS NULL OR p_purpose !~ '^[a-z_]{1,40}$' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT f.ciphertext, f.kind INTO r, k FROM app.protected_fact f WHERE f.id = p_fact AND f.case_id = p_case AND f.retired_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM audit._append('case:' || p_case, 'fact.reveal', p_case, k || ':' || p_fact || ':' || p_purpose, NULL);
  RETURN r;
END $$;
SELECT meta.settle();
