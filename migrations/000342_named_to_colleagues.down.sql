-- The function as it was in 000210.
CREATE OR REPLACE FUNCTION app.name_sparring(p_case uuid, p_id uuid, p_body text, p_basis text, p_purpose text, p_consent text, p_scanned int) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._open_sparring(p_case, p_id);
  PERFORM app._looked_through(p_case, p_body || ' ' || p_purpose, p_scanned, false);
  IF EXISTS (SELECT 1 FROM app.case_file f JOIN app.sparring_ask a ON a.sparring_id = p_id WHERE f.id = p_case AND f.confidentiality = 2 AND a.user_id IS NOT NULL AND NOT app._opens_case(a.user_id, p_case)) THEN
    PERFORM app._refuse_sparring('sealed_stays_anonymous');
  END IF;
  IF EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.sharing h
       WHERE h.case_id = p_case AND h.contact_id = a.contact_id AND h.direction = 'out' AND h.status = 'shared' AND h.written_at = now())) THEN
    PERFORM app._refuse_sparring('named_is_registered');
  END IF;
  INSERT INTO app.sparring_named (sparring_id, body, legal_basis, purpose, consent, named_by) VALUES (p_id, btrim(p_body), p_basis, btrim(p_purpose), p_consent, auth.uid()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR r IN SELECT a.user_id AS id FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT auth._excluded(a.user_id, p_case) LOOP
    PERFORM app._notify(r.id, NULL, 'sparring.named');
  END LOOP;
  RETURN true;
END $$;
SELECT meta.settle();
