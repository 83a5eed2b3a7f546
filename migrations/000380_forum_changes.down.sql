DROP FUNCTION app.job_forum(timestamptz), app.move_meeting(uuid, timestamptz, timestamptz), app.sit_again(uuid, uuid, uuid), app.leave_seat(uuid);
DROP TRIGGER forum_seat_taken ON app.forum_slice;
DROP TRIGGER forum_seat_taken ON app.forum_given;
DROP TRIGGER forum_seat_taken ON app.forum_released;
DROP TRIGGER forum_seat_taken ON app.forum_action;
DROP FUNCTION app.forum_seat_taken();
CREATE OR REPLACE FUNCTION auth.my_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := CASE WHEN auth.works_here() THEN auth.uid() END;
BEGIN RETURN (SELECT coalesce(array_agg(s.id), '{}') FROM app.forum_seat s WHERE s.user_id = me); END $$;
CREATE OR REPLACE FUNCTION auth.my_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := CASE WHEN auth.works_here() THEN auth.uid() END;
BEGIN RETURN (SELECT coalesce(array_agg(s.meeting_id), '{}') FROM app.forum_seat s WHERE s.user_id = me); END $$;
CREATE OR REPLACE FUNCTION auth.seat_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_seat s JOIN app.forum_slice l ON l.seat_id = s.id AND l.given_at IS NOT NULL
    JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL LEFT JOIN app.forum_item_case k ON k.id = i.id
   WHERE (i.without_case OR k.id IS NOT NULL) AND s.user_id = auth.uid() AND auth.works_here() AND s.promised_at IS NOT NULL AND NOT auth._excluded(auth.uid(), k.case_id));
END $$;
CREATE OR REPLACE FUNCTION app.invite_seat(p_seat uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; l uuid;
BEGIN
  SELECT s.contact_id INTO c FROM app.forum_seat s WHERE s.id = p_seat AND s.contact_id IS NOT NULL AND s.meeting_id = ANY (auth.led_meetings());
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  l := app._guest_link(NULL, c, 'seat', p_seat, 45);
  PERFORM audit._append('contact:' || c, 'guest.invited', NULL, l::text, NULL);
END $$;
CREATE OR REPLACE FUNCTION app.end_meeting(p_meeting uuid, p_state text, p_next timestamptz) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE m record; n uuid := gen_random_uuid();
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) OR p_state NOT IN ('held','cancelled') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  UPDATE app.forum_meeting x SET state = p_state, ended_at = now() WHERE x.id = p_meeting AND x.state = 'planned' RETURNING x.forum_id, x.municipality, x.frame, x.place, x.led_by INTO m;
  IF NOT FOUND THEN RETURN false; END IF;
  IF m.forum_id IS NOT NULL AND p_next IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.forum_meeting x WHERE x.forum_id = m.forum_id AND x.state = 'planned') THEN
    INSERT INTO app.forum_meeting (id, municipality, forum_id, frame, starts_at, place, led_by) VALUES (n, m.municipality, m.forum_id, m.frame, p_next, m.place, m.led_by);
    INSERT INTO app.forum_seat (meeting_id, user_id, contact_id, added_by) SELECT n, s.user_id, s.contact_id, auth.uid() FROM app.forum_seat s
      LEFT JOIN auth.user_account u ON u.id = s.user_id LEFT JOIN app.contact_person c ON c.id = s.contact_id WHERE s.meeting_id = p_meeting AND coalesce(u.active, c.active);
  END IF;
  RETURN true;
END $$;
ALTER TABLE app.forum_item DROP unanswered_told_at;
ALTER TABLE app.forum_slice DROP reminded_at;
REVOKE UPDATE (answer_by) ON app.forum_item FROM samspil_guard;
REVOKE UPDATE (starts_at) ON app.forum_meeting FROM samspil_guard;
ALTER TABLE app.forum_seat DROP left_at, DROP left_by;
SELECT meta.settle();
