DELETE FROM app.forum_report r USING app.forum_action a JOIN app.forum_item i ON i.id = a.item_id WHERE r.action_id = a.id AND i.without_case;
DELETE FROM app.forum_action a USING app.forum_item i WHERE i.id = a.item_id AND i.without_case;
DELETE FROM app.forum_answer a USING app.forum_item i WHERE i.id = a.item_id AND i.without_case;
DELETE FROM app.forum_slice a USING app.forum_item i WHERE i.id = a.item_id AND i.without_case;
DELETE FROM app.forum_item i WHERE i.without_case;
DROP POLICY ins_own ON app.forum_item;
DROP POLICY sel_own ON app.forum_item;
DROP POLICY ins_own ON app.forum_slice;
DROP POLICY sel_own ON app.forum_slice;
DROP POLICY sel_own ON app.forum_answer;
DROP POLICY ins_own ON app.forum_answer;
DROP POLICY ins_own ON app.forum_action;
DROP TRIGGER forum_slice_without_case ON app.forum_slice;
DROP TRIGGER forum_item_tied ON app.forum_item_case;
DROP FUNCTION app.forum_slice_without_case(), app.forum_item_tied(), app.guest_seat_items();
CREATE FUNCTION app.guest_seat_items() RETURNS TABLE (id uuid, naming text, title text, body text, basis text, purpose text, consent text, put_by text, extra text, question text, outcome text, words text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat'); r record;
BEGIN
  FOR r IN SELECT k.case_id, k.id FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case k ON k.id = i.id JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL
            WHERE l.seat_id = g.about_id AND l.given_at IS NOT NULL ORDER BY k.case_id, k.id LOOP
    PERFORM audit._append('case:' || r.case_id, 'forum.read', r.case_id, r.id::text, jsonb_build_object('contact', g.contact_id));
  END LOOP;
  RETURN QUERY SELECT i.id, i.naming, i.title, i.body, i.basis, i.purpose, i.consent, u.display_name, l.extra, l.question, coalesce(w.outcome, ''), coalesce(w.words, '')
    FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL JOIN auth.user_account u ON u.id = i.put_by
    LEFT JOIN LATERAL (SELECT a.outcome, a.words FROM app.forum_answer a WHERE a.item_id = l.item_id AND a.seat_id = l.seat_id ORDER BY a.answered_at DESC, a.id LIMIT 1) w ON true
   WHERE l.seat_id = g.about_id AND l.given_at IS NOT NULL ORDER BY i.position, i.id;
END $$;
GRANT EXECUTE ON FUNCTION app.guest_seat_items() TO samspil_app;
CREATE OR REPLACE FUNCTION auth.seat_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_seat s JOIN app.forum_slice l ON l.seat_id = s.id AND l.given_at IS NOT NULL
    JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case k ON k.id = i.id
   WHERE s.user_id = auth.uid() AND auth.works_here() AND s.promised_at IS NOT NULL AND NOT auth._excluded(auth.uid(), k.case_id));
END $$;
CREATE OR REPLACE FUNCTION app.forum_item_put() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE st text;
BEGIN
  SELECT m.state INTO st FROM app.forum_meeting m WHERE m.id = NEW.meeting_id FOR NO KEY UPDATE;
  IF auth.uid() IS NOT NULL AND st <> 'planned' THEN PERFORM app._refuse_forum('meeting_is_to_come'); END IF;
  IF NEW.position = 0 THEN NEW.position := (SELECT coalesce(max(i.position), 0) + 1 FROM app.forum_item i WHERE i.meeting_id = NEW.meeting_id); END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.forum_answered() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid; c uuid; w uuid;
BEGIN
  SELECT s.user_id INTO u FROM app.forum_seat s WHERE s.id = NEW.seat_id;
  IF auth.uid() IS NULL THEN RETURN NEW; END IF;
  IF u IS NOT NULL AND u <> auth.uid() THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT k.case_id, i.put_by INTO c, w FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id WHERE k.id = NEW.item_id;
  PERFORM app._event(c, auth.uid(), 'forum.answered', NEW.item_id, jsonb_build_object('outcome', NEW.outcome));
  PERFORM app._tell_of_decision(w, c, 'forum.answered');
  NEW.answered_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.forum_reported() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; w uuid; i uuid;
BEGIN
  UPDATE app.forum_action a SET state = NEW.state WHERE a.id = NEW.action_id RETURNING a.item_id, a.made_by INTO i, w;
  SELECT k.case_id INTO c FROM app.forum_item_case k WHERE k.id = i;
  IF auth.uid() IS NOT NULL THEN
    PERFORM app._event(c, auth.uid(), 'forum.reported', i, jsonb_build_object('state', NEW.state));
    PERFORM app._tell_of_decision(w, c, 'forum.reported');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION app.withdraw_item(p_item uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_item = ANY (auth.opened_items(8)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  UPDATE app.forum_item i SET withdrawn_at = now() WHERE i.id = p_item AND i.withdrawn_at IS NULL;
  RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION app.forum_outline(p_meeting uuid) RETURNS TABLE (item_id uuid, seats uuid[]) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) THEN RETURN; END IF;
  RETURN QUERY SELECT i.id, (SELECT array_agg(l.seat_id ORDER BY l.seat_id) FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NOT NULL) FROM app.forum_item i JOIN app.forum_item_case k ON k.id = i.id
    WHERE i.meeting_id = p_meeting AND i.withdrawn_at IS NULL AND NOT auth._excluded(auth.uid(), k.case_id)
      AND EXISTS (SELECT 1 FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NOT NULL) ORDER BY i.position, i.id;
END $$;
CREATE OR REPLACE FUNCTION app._seat_event(p_item uuid, p_contact uuid, p_kind text, p_data jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; w uuid;
BEGIN
  SELECT k.case_id, i.put_by INTO c, w FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id WHERE k.id = p_item;
  INSERT INTO app.case_event (case_id, contact_id, kind, object_id, data) VALUES (c, p_contact, p_kind, p_item, p_data);
  PERFORM audit._append('case:' || c, p_kind, c, p_item::text, jsonb_build_object('contact', p_contact));
  IF app._opens_case(w, c) THEN PERFORM app._notify(w, c, p_kind); END IF;
END $$;
CREATE OR REPLACE FUNCTION app.guest_seat_answer(p_item uuid, p_outcome text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat');
BEGIN
  INSERT INTO app.forum_answer (item_id, seat_id, outcome, words) SELECT l.item_id, l.seat_id, p_outcome, p_words FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL
    JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL WHERE l.item_id = p_item AND l.seat_id = g.about_id AND l.given_at IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app._seat_event(p_item, g.contact_id, 'forum.answered', jsonb_build_object('outcome', p_outcome));
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION app.guest_seat_report(p_action uuid, p_state text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat'); i uuid;
BEGIN
  SELECT a.item_id INTO i FROM app.guest_seat_actions() a WHERE a.id = p_action;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO app.forum_report (action_id, state, words) VALUES (p_action, p_state, p_words);
  PERFORM app._seat_event(i, g.contact_id, 'forum.reported', jsonb_build_object('state', p_state));
  RETURN true;
END $$;
DROP FUNCTION auth.own_items();
ALTER TABLE app.forum_item DROP without_case, DROP answer_by;
SELECT meta.settle();
