-- What changes about a meeting before it is held: somebody loses their seat, and it is moved. Nothing that was said is changed by either:
-- the slices, answers and decisions of a seat that is empty stay in the case, and nobody reads them from that seat any more.
ALTER TABLE app.forum_seat ADD left_at timestamptz, ADD left_by uuid REFERENCES auth.user_account, ADD CONSTRAINT left_says_who CHECK ((left_at IS NULL) = (left_by IS NULL));
GRANT UPDATE (left_at, left_by) ON app.forum_seat TO samspil_guard;
GRANT UPDATE (starts_at) ON app.forum_meeting TO samspil_guard;
GRANT UPDATE (answer_by) ON app.forum_item TO samspil_guard;

CREATE OR REPLACE FUNCTION auth.my_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := CASE WHEN auth.works_here() THEN auth.uid() END;
BEGIN RETURN (SELECT coalesce(array_agg(s.id), '{}') FROM app.forum_seat s WHERE s.user_id = me AND s.left_at IS NULL); END $$;
CREATE OR REPLACE FUNCTION auth.my_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := CASE WHEN auth.works_here() THEN auth.uid() END;
BEGIN RETURN (SELECT coalesce(array_agg(s.meeting_id), '{}') FROM app.forum_seat s WHERE s.user_id = me AND s.left_at IS NULL); END $$;
-- As in 000310 it looks at each case once, and as in 000321 at items without one: that migration had brought back a look for every item.
CREATE OR REPLACE FUNCTION auth.seat_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := CASE WHEN auth.works_here() THEN auth.uid() END;
BEGIN
  RETURN (WITH mine AS MATERIALIZED (
      SELECT i.id, k.case_id FROM app.forum_seat s JOIN app.forum_slice l ON l.seat_id = s.id AND l.given_at IS NOT NULL
        JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL LEFT JOIN app.forum_item_case k ON k.id = i.id
       WHERE (i.without_case OR k.id IS NOT NULL) AND s.user_id = me AND s.left_at IS NULL AND s.promised_at IS NOT NULL),
    shut AS MATERIALIZED (SELECT c.case_id FROM (SELECT DISTINCT m.case_id FROM mine m WHERE m.case_id IS NOT NULL) c WHERE auth._excluded(me, c.case_id))
    SELECT coalesce(array_agg(m.id), '{}') FROM mine m WHERE m.case_id IS NULL OR m.case_id NOT IN (SELECT x.case_id FROM shut x));
END $$;

-- An empty seat is told nothing new, and no decision is laid upon it.
CREATE FUNCTION app.forum_seat_taken() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM app.forum_seat s WHERE s.id = NEW.seat_id AND s.left_at IS NOT NULL) THEN PERFORM app._refuse_forum('seat_is_taken'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_seat_taken BEFORE INSERT ON app.forum_slice FOR EACH ROW EXECUTE FUNCTION app.forum_seat_taken();
CREATE TRIGGER forum_seat_taken BEFORE INSERT ON app.forum_given FOR EACH ROW EXECUTE FUNCTION app.forum_seat_taken();
CREATE TRIGGER forum_seat_taken BEFORE INSERT ON app.forum_released FOR EACH ROW EXECUTE FUNCTION app.forum_seat_taken();
CREATE TRIGGER forum_seat_taken BEFORE INSERT ON app.forum_action FOR EACH ROW EXECUTE FUNCTION app.forum_seat_taken();

-- leave_seat() empties a seat before the meeting is held: whoever leads does, and not their own. The link of a contact person closes with
-- it. False: it is empty already.
CREATE FUNCTION app.leave_seat(p_seat uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  SELECT x.user_id, x.contact_id, x.left_at INTO s FROM app.forum_seat x JOIN app.forum_meeting m ON m.id = x.meeting_id AND m.state = 'planned'
    WHERE x.id = p_seat AND x.meeting_id = ANY (auth.led_meetings()) AND x.user_id IS DISTINCT FROM auth.uid() FOR UPDATE OF x;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF s.left_at IS NOT NULL THEN RETURN false; END IF;
  UPDATE app.forum_seat x SET left_at = now(), left_by = auth.uid() WHERE x.id = p_seat;
  UPDATE app.guest_link l SET revoked_at = now() WHERE l.about = 'seat' AND l.about_id = p_seat AND l.revoked_at IS NULL;
  IF s.contact_id IS NOT NULL THEN PERFORM audit._append('contact:' || s.contact_id, 'forum.left', NULL, p_seat::text, NULL);
  ELSE PERFORM app._notify(s.user_id, NULL, 'forum.left'); END IF;
  RETURN true;
END $$;
-- sit_again() gives a seat back to who lost it, by whoever leads: with the promise that they made, and what they were given.
CREATE FUNCTION app.sit_again(p_meeting uuid, p_user uuid, p_contact uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.forum_seat s SET left_at = NULL, left_by = NULL WHERE s.meeting_id = p_meeting AND s.left_at IS NOT NULL AND s.meeting_id = ANY (auth.led_meetings())
    AND (s.user_id = p_user OR s.contact_id = p_contact);
END $$;
-- An empty seat is not invited, has no code, and is not carried over to the next meeting of a forum.
CREATE OR REPLACE FUNCTION app.invite_seat(p_seat uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; l uuid;
BEGIN
  SELECT s.contact_id INTO c FROM app.forum_seat s WHERE s.id = p_seat AND s.contact_id IS NOT NULL AND s.left_at IS NULL AND s.meeting_id = ANY (auth.led_meetings());
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
      LEFT JOIN auth.user_account u ON u.id = s.user_id LEFT JOIN app.contact_person c ON c.id = s.contact_id WHERE s.meeting_id = p_meeting AND s.left_at IS NULL AND coalesce(u.active, c.active);
  END IF;
  RETURN true;
END $$;

-- move_meeting() moves one that is to come, for whoever leads it; the colleagues at the table are told. No day to answer by is after the
-- meeting, so a later one becomes its day. 'stale': somebody moved or ended it meanwhile; 'taken': the forum meets then already.
CREATE FUNCTION app.move_meeting(p_meeting uuid, p_from timestamptz, p_to timestamptz) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE m record; s record;
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) OR p_to IS NULL THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT x.starts_at, x.state, x.forum_id INTO m FROM app.forum_meeting x WHERE x.id = p_meeting FOR UPDATE;
  IF m.state = 'planned' AND m.starts_at = p_to THEN RETURN 'moved'; END IF; -- also what is sent twice
  IF m.state <> 'planned' OR m.starts_at <> p_from THEN RETURN 'stale'; END IF;
  IF EXISTS (SELECT 1 FROM app.forum_meeting x WHERE x.forum_id = m.forum_id AND x.starts_at = p_to AND x.state <> 'cancelled') THEN RETURN 'taken'; END IF;
  UPDATE app.forum_meeting x SET starts_at = p_to WHERE x.id = p_meeting;
  UPDATE app.forum_item i SET answer_by = app._day(p_to) WHERE i.meeting_id = p_meeting AND i.answer_by > app._day(p_to);
  FOR s IN SELECT x.user_id FROM app.forum_seat x WHERE x.meeting_id = p_meeting AND x.left_at IS NULL AND x.user_id IS NOT NULL AND x.user_id <> auth.uid() ORDER BY x.id LOOP
    PERFORM app._notify(s.user_id, NULL, 'forum.moved');
  END LOOP;
  RETURN 'moved';
END $$;
GRANT EXECUTE ON FUNCTION app.leave_seat(uuid), app.sit_again(uuid, uuid, uuid), app.move_meeting(uuid, timestamptz, timestamptz) TO samspil_app;

-- A colleague at the table is reminded of what their seat was asked, on the last workday before the day to answer by, or else before the
-- meeting; who put the item is told once when the day has passed and somebody has not answered. A notice never says of what.
ALTER TABLE app.forum_slice ADD reminded_at timestamptz;
ALTER TABLE app.forum_item ADD unanswered_told_at timestamptz;
GRANT UPDATE (reminded_at) ON app.forum_slice TO samspil_guard;
GRANT UPDATE (unanswered_told_at) ON app.forum_item TO samspil_guard;
CREATE FUNCTION app.job_forum(p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE moment timestamptz := coalesce(p_now, now()); today date := app._day(moment); r record; n int := 0;
BEGIN
  FOR r IN SELECT l.item_id, l.seat_id, s.user_id FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_meeting m ON m.id = i.meeting_id AND m.state = 'planned'
      JOIN app.forum_seat s ON s.id = l.seat_id AND s.left_at IS NULL JOIN auth.user_account u ON u.id = s.user_id AND u.active LEFT JOIN app.forum_item_case k ON k.id = i.id
     WHERE l.given_at IS NOT NULL AND l.reminded_at IS NULL AND btrim(l.question) <> '' AND m.starts_at > moment
       AND today BETWEEN app._workday(coalesce(i.answer_by, app._day(m.starts_at)), -1, m.municipality) AND coalesce(i.answer_by, app._day(m.starts_at)) AND app._day(l.given_at) < today
       AND NOT EXISTS (SELECT 1 FROM app.forum_answer a WHERE a.item_id = l.item_id AND a.seat_id = l.seat_id) AND (k.case_id IS NULL OR NOT auth._excluded(s.user_id, k.case_id))
     ORDER BY l.item_id, l.seat_id LIMIT 1000 FOR UPDATE OF l LOOP
    UPDATE app.forum_slice l SET reminded_at = moment WHERE l.item_id = r.item_id AND l.seat_id = r.seat_id;
    PERFORM app._notify(r.user_id, NULL, 'forum.answer_soon');
    n := n + 1;
  END LOOP;
  FOR r IN SELECT i.id, i.put_by, k.case_id FROM app.forum_item i JOIN app.forum_meeting m ON m.id = i.meeting_id AND m.state = 'planned' AND m.starts_at > moment LEFT JOIN app.forum_item_case k ON k.id = i.id
     WHERE i.withdrawn_at IS NULL AND i.unanswered_told_at IS NULL AND i.answer_by < today
       AND EXISTS (SELECT 1 FROM app.forum_slice l JOIN app.forum_seat s ON s.id = l.seat_id AND s.left_at IS NULL WHERE l.item_id = i.id AND l.given_at IS NOT NULL AND btrim(l.question) <> ''
         AND NOT EXISTS (SELECT 1 FROM app.forum_answer a WHERE a.item_id = l.item_id AND a.seat_id = l.seat_id)) ORDER BY i.id LIMIT 1000 FOR UPDATE OF i LOOP
    UPDATE app.forum_item i SET unanswered_told_at = moment WHERE i.id = r.id;
    CONTINUE WHEN r.case_id IS NOT NULL AND NOT app._opens_case(r.put_by, r.case_id);
    PERFORM app._notify(r.put_by, r.case_id, 'forum.unanswered');
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.job_forum(timestamptz) TO samspil_job;
SELECT meta.settle();
