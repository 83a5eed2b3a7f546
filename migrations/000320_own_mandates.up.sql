-- A contact person who leads an area acknowledges it on the page behind their link (ADR 19, ADR 21): in their own hand, and not only as
-- somebody of the case has heard it. What they see are the areas of the reference data. One that the case has named itself is not
-- shown: its words have not passed the leak guard (R12), so that it is acknowledged on the telephone.
ALTER TABLE app.mandate_ack ALTER written_by DROP NOT NULL; -- NULL: the contact person who leads
GRANT INSERT (case_id, mandate_id, on_day) ON app.mandate_ack TO samspil_guard;

CREATE FUNCTION app.guest_mandates() RETURNS TABLE (id uuid, code text, acked_on date) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  RETURN QUERY SELECT m.id, a.code, k.on_day FROM app.mandate m JOIN app.mandate_area a ON a.case_id = m.case_id AND a.id = m.area_id AND a.code <> '' AND a.left_out = ''
    LEFT JOIN app.mandate_ack k ON k.case_id = m.case_id AND k.mandate_id = m.id
   WHERE m.case_id = l.case_id AND m.contact_id = l.contact_id AND m.part = 'leads' AND m.ended_at IS NULL AND app._mandate_here(m.case_id, NULL, m.contact_id) ORDER BY a.code, m.id;
END $$;
-- guest_acknowledge() writes it down, once. False: the part has changed meanwhile, or was never theirs.
CREATE FUNCTION app.guest_acknowledge(p_mandate uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  PERFORM 1 FROM app.guest_mandates() g WHERE g.id = p_mandate;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO app.mandate_ack (case_id, mandate_id, on_day) VALUES (l.case_id, p_mandate, (now() AT TIME ZONE 'Europe/Copenhagen')::date) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN true; END IF;
  PERFORM app._guest_event(l.id, 'mandate.acknowledged', p_mandate, NULL);
  PERFORM app._guest_tells(l.case_id, 'mandate.acknowledged');
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.guest_mandates(), app.guest_acknowledge(uuid) TO samspil_app;
SELECT meta.settle();
