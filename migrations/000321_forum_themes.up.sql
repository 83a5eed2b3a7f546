-- Two things that the table asks for (docs/adr/0025-forum-themes-and-release.md): by when a seat answers what it was asked to look into,
-- and an item that is about no case: a theme, or a young person who has none yet. Such a one is anonymous by its form; its slices are given at
-- once, and there is no register and no plan to write into. Who put it sees every slice of it, as the people of a case see those of theirs.
ALTER TABLE app.forum_item ADD answer_by date, ADD without_case boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT without_a_case_nobody_is_named CHECK (NOT without_case OR naming = 'anonymous');
CREATE INDEX ON app.forum_item (put_by) WHERE without_case;
GRANT INSERT (answer_by, without_case) ON app.forum_item TO samspil_app;

-- own_items() are the items without a case that the reader put.
CREATE FUNCTION auth.own_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_item i WHERE i.without_case AND i.put_by = auth.uid() AND i.withdrawn_at IS NULL AND auth.works_here()); END $$;
GRANT EXECUTE ON FUNCTION auth.own_items() TO samspil_app;
CREATE OR REPLACE FUNCTION auth.seat_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_seat s JOIN app.forum_slice l ON l.seat_id = s.id AND l.given_at IS NOT NULL
    JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL LEFT JOIN app.forum_item_case k ON k.id = i.id
   WHERE (i.without_case OR k.id IS NOT NULL) AND s.user_id = auth.uid() AND auth.works_here() AND s.promised_at IS NOT NULL AND NOT auth._excluded(auth.uid(), k.case_id));
END $$;

CREATE POLICY ins_own ON app.forum_item FOR INSERT TO samspil_app WITH CHECK (without_case AND put_by = (SELECT auth.uid()) AND meeting_id = ANY ((SELECT auth.my_meetings())::uuid[]));
CREATE POLICY sel_own ON app.forum_item FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.own_items())::uuid[]));
CREATE POLICY ins_own ON app.forum_slice FOR INSERT TO samspil_app WITH CHECK (item_id = ANY ((SELECT auth.own_items())::uuid[]));
CREATE POLICY sel_own ON app.forum_slice FOR SELECT TO samspil_app USING (item_id = ANY ((SELECT auth.own_items())::uuid[]));
CREATE POLICY sel_own ON app.forum_answer FOR SELECT TO samspil_app USING (item_id = ANY ((SELECT auth.own_items())::uuid[]));
CREATE POLICY ins_own ON app.forum_answer FOR INSERT TO samspil_app WITH CHECK (written_by = (SELECT auth.uid()) AND item_id = ANY ((SELECT auth.own_items())::uuid[]));
CREATE POLICY ins_own ON app.forum_action FOR INSERT TO samspil_app WITH CHECK (item_id = ANY ((SELECT auth.own_items())::uuid[]) AND made_by = (SELECT auth.uid()));

CREATE OR REPLACE FUNCTION app.forum_item_put() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE st text; at timestamptz;
BEGIN
  SELECT m.state, m.starts_at INTO st, at FROM app.forum_meeting m WHERE m.id = NEW.meeting_id FOR NO KEY UPDATE;
  IF auth.uid() IS NOT NULL AND st <> 'planned' THEN PERFORM app._refuse_forum('meeting_is_to_come'); END IF;
  IF NEW.answer_by > (at AT TIME ZONE 'Europe/Copenhagen')::date THEN PERFORM app._refuse_forum('answers_before_the_meeting'); END IF;
  IF NEW.position = 0 THEN NEW.position := (SELECT coalesce(max(i.position), 0) + 1 FROM app.forum_item i WHERE i.meeting_id = NEW.meeting_id); END IF;
  RETURN NEW;
END $$;
-- Nobody ties an item that was told without a case to a case of theirs, and so reads what others said of it.
CREATE FUNCTION app.forum_item_tied() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM app.forum_item i WHERE i.id = NEW.id AND i.without_case) THEN PERFORM app._refuse_forum('item_has_no_case'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_item_tied BEFORE INSERT ON app.forum_item_case FOR EACH ROW EXECUTE FUNCTION app.forum_item_tied();
CREATE FUNCTION app.forum_slice_without_case() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM app.forum_item i WHERE i.id = NEW.item_id AND i.without_case) THEN
    NEW.given_at := now();
    IF auth.uid() IS NOT NULL THEN PERFORM app._notify((SELECT s.user_id FROM app.forum_seat s WHERE s.id = NEW.seat_id), NULL, 'forum.slice'); END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_slice_without_case BEFORE INSERT ON app.forum_slice FOR EACH ROW EXECUTE FUNCTION app.forum_slice_without_case();

-- Answers and reports are told to who put the item; only where there is a case do they stand in one.
CREATE OR REPLACE FUNCTION app.forum_answered() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid; c uuid; w uuid;
BEGIN
  SELECT s.user_id INTO u FROM app.forum_seat s WHERE s.id = NEW.seat_id;
  IF auth.uid() IS NULL THEN RETURN NEW; END IF;
  IF u IS NOT NULL AND u <> auth.uid() THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT k.case_id, i.put_by INTO c, w FROM app.forum_item i LEFT JOIN app.forum_item_case k ON k.id = i.id WHERE i.id = NEW.item_id;
  IF c IS NULL THEN
    PERFORM app._notify(w, NULL, 'forum.answered');
  ELSE
    PERFORM app._event(c, auth.uid(), 'forum.answered', NEW.item_id, jsonb_build_object('outcome', NEW.outcome));
    PERFORM app._tell_of_decision(w, c, 'forum.answered');
  END IF;
  NEW.answered_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.forum_reported() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; w uuid; i uuid;
BEGIN
  UPDATE app.forum_action a SET state = NEW.state WHERE a.id = NEW.action_id RETURNING a.item_id, a.made_by INTO i, w;
  SELECT k.case_id INTO c FROM app.forum_item_case k WHERE k.id = i;
  IF auth.uid() IS NULL THEN RETURN NULL; END IF;
  IF c IS NULL THEN
    PERFORM app._notify(w, NULL, 'forum.reported');
  ELSE
    PERFORM app._event(c, auth.uid(), 'forum.reported', i, jsonb_build_object('state', NEW.state));
    PERFORM app._tell_of_decision(w, c, 'forum.reported');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION app._seat_event(p_item uuid, p_contact uuid, p_kind text, p_data jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; w uuid;
BEGIN
  SELECT k.case_id, i.put_by INTO c, w FROM app.forum_item i LEFT JOIN app.forum_item_case k ON k.id = i.id WHERE i.id = p_item;
  IF c IS NULL THEN
    PERFORM audit._append('contact:' || p_contact, p_kind, NULL, p_item::text, NULL);
    PERFORM app._notify(w, NULL, p_kind);
    RETURN;
  END IF;
  INSERT INTO app.case_event (case_id, contact_id, kind, object_id, data) VALUES (c, p_contact, p_kind, p_item, p_data);
  PERFORM audit._append('case:' || c, p_kind, c, p_item::text, jsonb_build_object('contact', p_contact));
  IF app._opens_case(w, c) THEN PERFORM app._notify(w, c, p_kind); END IF;
END $$;
CREATE OR REPLACE FUNCTION app.withdraw_item(p_item uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_item = ANY (auth.opened_items(8)) OR p_item = ANY (auth.own_items())) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  UPDATE app.forum_item i SET withdrawn_at = now() WHERE i.id = p_item AND i.withdrawn_at IS NULL;
  RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION app.forum_outline(p_meeting uuid) RETURNS TABLE (item_id uuid, seats uuid[]) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) THEN RETURN; END IF;
  RETURN QUERY SELECT i.id, (SELECT array_agg(l.seat_id ORDER BY l.seat_id) FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NOT NULL) FROM app.forum_item i LEFT JOIN app.forum_item_case k ON k.id = i.id
    WHERE i.meeting_id = p_meeting AND i.withdrawn_at IS NULL AND NOT auth._excluded(auth.uid(), k.case_id)
      AND EXISTS (SELECT 1 FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NOT NULL) ORDER BY i.position, i.id;
END $$;
DROP FUNCTION app.guest_seat_items();
CREATE FUNCTION app.guest_seat_items() RETURNS TABLE (id uuid, naming text, title text, body text, basis text, purpose text, consent text, put_by text, extra text, question text, outcome text, words text, answer_by date) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat'); r record;
BEGIN
  FOR r IN SELECT k.case_id, k.id FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case k ON k.id = i.id JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL
            WHERE l.seat_id = g.about_id AND l.given_at IS NOT NULL ORDER BY k.case_id, k.id LOOP
    PERFORM audit._append('case:' || r.case_id, 'forum.read', r.case_id, r.id::text, jsonb_build_object('contact', g.contact_id));
  END LOOP;
  RETURN QUERY SELECT i.id, i.naming, i.title, i.body, i.basis, i.purpose, i.consent, u.display_name, l.extra, l.question, coalesce(w.outcome, ''), coalesce(w.words, ''), i.answer_by
    FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL JOIN auth.user_account u ON u.id = i.put_by
    LEFT JOIN LATERAL (SELECT a.outcome, a.words FROM app.forum_answer a WHERE a.item_id = l.item_id AND a.seat_id = l.seat_id ORDER BY a.answered_at DESC, a.id LIMIT 1) w ON true
   WHERE l.seat_id = g.about_id AND l.given_at IS NOT NULL ORDER BY i.position, i.id;
END $$;
GRANT EXECUTE ON FUNCTION app.guest_seat_items() TO samspil_app;
-- What a guest sends twice is said once.
CREATE OR REPLACE FUNCTION app.guest_seat_answer(p_item uuid, p_outcome text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat');
BEGIN
  PERFORM 1 FROM app.guest_link x WHERE x.id = g.id FOR NO KEY UPDATE;
  IF (SELECT a.outcome || a.words FROM app.forum_answer a WHERE a.item_id = p_item AND a.seat_id = g.about_id ORDER BY a.answered_at DESC, a.id LIMIT 1) = p_outcome || p_words THEN RETURN true; END IF;
  INSERT INTO app.forum_answer (item_id, seat_id, outcome, words) SELECT l.item_id, l.seat_id, p_outcome, p_words FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL
    JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL WHERE l.item_id = p_item AND l.seat_id = g.about_id AND l.given_at IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app._seat_event(p_item, g.contact_id, 'forum.answered', jsonb_build_object('outcome', p_outcome));
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION app.guest_seat_report(p_action uuid, p_state text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat'); i uuid; was text;
BEGIN
  PERFORM 1 FROM app.guest_link x WHERE x.id = g.id FOR NO KEY UPDATE;
  SELECT a.item_id, a.state || a.words INTO i, was FROM app.guest_seat_actions() a WHERE a.id = p_action;
  IF NOT FOUND THEN RETURN false; END IF;
  IF was = p_state || p_words THEN RETURN true; END IF;
  INSERT INTO app.forum_report (action_id, state, words) VALUES (p_action, p_state, p_words);
  PERFORM app._seat_event(i, g.contact_id, 'forum.reported', jsonb_build_object('state', p_state));
  RETURN true;
END $$;
SELECT meta.settle();
