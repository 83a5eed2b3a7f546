-- _cover_fell() says in the trail that a stand-in does not have a case any more and, where the days are not over and the case is not, on the case too: that
-- somebody who worked on it yesterday does not today is something those on it have to know.
CREATE FUNCTION app._cover_fell(p_absence uuid, p_case uuid, p_early boolean) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record;
BEGIN
  SELECT x.user_id, x.stand_in, u.display_name INTO a FROM app.absence x JOIN auth.user_account u ON u.id = x.stand_in WHERE x.id = p_absence;
  PERFORM audit._append('case:' || p_case, 'access.revoke', p_case, a.stand_in::text, jsonb_build_object('reason', 'cover', 'for', a.user_id));
  IF p_early AND EXISTS (SELECT 1 FROM app.case_file f WHERE f.id = p_case AND f.status = 'open' AND f.responsible_id <> a.stand_in) THEN
    INSERT INTO app.case_event (case_id, actor, kind, object_id, data) VALUES (p_case, auth.uid(), 'access.revoked', a.stand_in, jsonb_build_object('name', a.display_name));
  END IF;
END $$;
CREATE OR REPLACE FUNCTION app._cover(p_absence uuid, p_at timestamptz) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record; c uuid; n int := 0; until timestamptz; runs boolean;
BEGIN
  SELECT x.* INTO a FROM app.absence x WHERE x.id = p_absence FOR UPDATE;
  until := (a.to_day + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen';
  runs := a.state = 'accepted' AND app._day(p_at) BETWEEN a.from_day AND a.to_day;
  FOR c IN UPDATE app.case_grant g SET revoked_at = now() WHERE g.absence_id = p_absence AND g.revoked_at IS NULL AND NOT (runs AND app._may_cover(p_absence, g.case_id)) RETURNING g.case_id LOOP
    PERFORM app._cover_fell(p_absence, c, runs);
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
DECLARE a uuid;
BEGIN
  FOR a IN UPDATE app.case_grant g SET revoked_at = now() WHERE g.case_id = NEW.id AND g.absence_id IS NOT NULL AND g.revoked_at IS NULL AND NOT app._may_cover(g.absence_id, NEW.id) RETURNING g.absence_id LOOP
    PERFORM app._cover_fell(a, NEW.id, true);
  END LOOP;
  RETURN NULL;
END $$;
SELECT meta.settle();
