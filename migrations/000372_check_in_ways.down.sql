-- The function as it was in 000101.
CREATE OR REPLACE FUNCTION app.answer_check_in(p_case uuid, p_id uuid, p_version int, p_outcome text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; stride interval; later timestamptz; nid uuid;
BEGIN
  IF NOT (p_case = ANY (auth.opened(32)) OR p_case = ANY (auth.opened(CASE p_outcome WHEN 'cancelled' THEN 8 ELSE 16 END))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied';
  END IF;
  UPDATE app.check_in k SET status = p_outcome, answered_by = auth.uid(), answered_at = now(), words = btrim(p_words), version = k.version + 1
   WHERE k.id = p_id AND k.case_id = p_case AND k.version = p_version
     AND k.status = CASE p_outcome WHEN 'ok' THEN 'agreed' WHEN 'cancelled' THEN 'agreed' WHEN 'closed' THEN 'alarmed' END
  RETURNING k.* INTO r;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app._event(p_case, auth.uid(), 'check_in.' || p_outcome, p_id, jsonb_build_object('at', r.agreed_at));
  IF r.repeat = '' OR p_outcome = 'cancelled' OR p_case <> ALL (auth.opened(16)) THEN RETURN true; END IF;
  stride := CASE r.repeat WHEN 'daily' THEN interval '1 day' ELSE interval '7 days' END;
  later := r.agreed_at;
  LOOP -- the same hour on the clock on the wall, also over the change of the hour; the first that has not been
    later := ((later AT TIME ZONE 'Europe/Copenhagen') + stride) AT TIME ZONE 'Europe/Copenhagen';
    EXIT WHEN later > now();
  END LOOP;
  IF (later AT TIME ZONE 'Europe/Copenhagen')::date > r.repeat_until THEN RETURN true; END IF;
  INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, repeat, repeat_until, after_id, created_by)
  SELECT p_case, later, r.grace_minutes, r.channel,
         CASE WHEN app._opens_case(r.alarm_user, p_case) THEN r.alarm_user ELSE f.responsible_id END, -- who has left the case meanwhile is not alarmed
         r.then_what, r.repeat, r.repeat_until, r.id, r.created_by
    FROM app.case_file f WHERE f.id = p_case RETURNING id INTO nid;
  PERFORM app._event(p_case, auth.uid(), 'check_in.agreed', nid, jsonb_build_object('at', later));
  RETURN true;
END $$;
UPDATE app.check_in SET channel = way WHERE btrim(channel) = '';
ALTER TABLE app.check_in DROP CONSTRAINT check_in_channel_check, DROP way, ADD CONSTRAINT check_in_channel_check CHECK (btrim(channel) <> '' AND length(channel) <= 200);
SELECT meta.settle();
