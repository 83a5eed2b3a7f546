-- Every choice of level stays with its reason (R8, R13): the case itself only knows the last one.
CREATE TABLE app.severity_choice (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  level text NOT NULL CHECK (level IN ('green','yellow','orange','red')),
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  set_by uuid NOT NULL REFERENCES auth.user_account, set_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON app.severity_choice (case_id, set_at DESC);
CREATE POLICY sel ON app.severity_choice FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.severity_choice FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND set_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, level, reason, set_by) ON app.severity_choice TO samspil_app;

-- A protected fact is shown to who says why, and the trail keeps the answer (R11): "kind:fact:purpose".
DROP FUNCTION app.reveal_fact(uuid, uuid);
CREATE FUNCTION app.reveal_fact(p_case uuid, p_fact uuid, p_purpose text) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea; k text;
BEGIN
  PERFORM app._demand(p_case, 6);
  IF p_purpose IS NULL OR p_purpose !~ '^[a-z_]{1,40}$' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT f.ciphertext, f.kind INTO r, k FROM app.protected_fact f WHERE f.id = p_fact AND f.case_id = p_case AND f.retired_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM audit._append('case:' || p_case, 'fact.reveal', p_case, k || ':' || p_fact || ':' || p_purpose, NULL);
  RETURN r;
END $$;
GRANT EXECUTE ON FUNCTION app.reveal_fact(uuid,uuid,text) TO samspil_app;
SELECT meta.settle();
