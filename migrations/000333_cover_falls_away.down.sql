CREATE OR REPLACE FUNCTION app._cover(p_absence uuid, p_at timestamptz) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record; c uuid; n int := 0; until timestamptz; runs boolean;
BEGIN
  SELECT x.* INTO a FROM app.absence x WHERE x.id = p_absence FOR UPDATE;
  until := (a.to_day + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen';
  runs := a.state = 'accepted' AND app._day(p_at) BETWEEN a.from_day AND a.to_day;
  FOR c IN UPDATE app.case_grant g SET revoked_at = now() WHERE g.absence_id = p_absence AND g.revoked_at IS NULL AND NOT (runs AND app._may_cover(p_absence, g.case_id)) RETURNING g.case_id LOOP
    PERFORM audit._append('case:' || c, 'access.revoke', c, a.stand_in::text, jsonb_build_object('reason', 'cover', 'for', a.user_id));
  END LOOP;
  IF NOT runs THEN RETURN 0; END IF;
  FOR c IN SELECT f.id FROM app.case_file f WHERE f.responsible_id = a.user_id AND f.status = 'open' AND app._may_cover(p_absence, f.id)
      AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id = a.stand_in AND g.kind IN ('responsible','coworker') AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())) ORDER BY f.id LOOP
    INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason, absence_id, cover_for) VALUES (c, a.stand_in, 'coworker', until, a.stated_by, 'cover', p_absence, a.user_id);
    PERFORM audit._append('case:' || c, 'access.grant', c, a.stand_in::text, jsonb_build_object('kind', 'coworker', 'to', until, 'reason', 'cover', 'for', a.user_id));
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;
CREATE OR REPLACE FUNCTION app.cover_falls_away() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_grant g SET revoked_at = now() WHERE g.case_id = NEW.id AND g.absence_id IS NOT NULL AND g.revoked_at IS NULL AND NOT app._may_cover(g.absence_id, NEW.id);
  RETURN NULL;
END $$;
DROP FUNCTION app._cover_fell(uuid,uuid,boolean);
SELECT meta.settle();
