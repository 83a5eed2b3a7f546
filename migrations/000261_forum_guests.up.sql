-- A contact person sits at the table without an account: the page of their seat stands behind the guest door (000230). It shows what
-- the seat was given, after the promise, and takes their answers and reports as theirs.
ALTER TABLE app.forum_answer ALTER written_by DROP NOT NULL; -- NULL: the contact person of the seat
ALTER TABLE app.forum_report ALTER written_by DROP NOT NULL;
GRANT INSERT (item_id, seat_id, outcome, words) ON app.forum_answer TO samspil_guard;
GRANT INSERT (action_id, state, words) ON app.forum_report TO samspil_guard;

CREATE OR REPLACE FUNCTION app._guest_about(p_about text, p_case uuid, p_about_id uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_about WHEN 'verify' THEN true
    WHEN 'involvement' THEN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.id = p_about_id AND i.contact_id = p_contact AND i.status <> 'ended')
      AND NOT EXISTS (SELECT 1 FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id JOIN app.sharing_hit h ON h.case_id = q.case_id AND h.sharing_id = q.sharing_id
        WHERE l.case_id = p_case AND l.about_id = p_about_id AND l.revoked_at IS NULL AND h.later)
    WHEN 'seat' THEN EXISTS (SELECT 1 FROM app.forum_seat s JOIN app.forum_meeting m ON m.id = s.meeting_id WHERE s.id = p_about_id AND s.contact_id = p_contact AND m.state <> 'cancelled')
    ELSE false END;
END $$;

-- Who leads the meeting invites, and reads the code out on the telephone.
CREATE FUNCTION app.invite_seat(p_seat uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; l uuid;
BEGIN
  SELECT s.contact_id INTO c FROM app.forum_seat s WHERE s.id = p_seat AND s.contact_id IS NOT NULL AND s.meeting_id = ANY (auth.led_meetings());
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  l := app._guest_link(NULL, c, 'seat', p_seat, 45);
  PERFORM audit._append('contact:' || c, 'guest.invited', NULL, l::text, NULL);
END $$;
CREATE FUNCTION app.seat_code(p_seat uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l record; c text;
BEGIN
  SELECT x.id, x.contact_id INTO l FROM app.guest_link x JOIN app.forum_seat s ON s.id = x.about_id WHERE x.about = 'seat' AND x.about_id = p_seat AND x.revoked_at IS NULL AND s.meeting_id = ANY (auth.led_meetings()) ORDER BY x.created_at DESC LIMIT 1;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  c := app._guest_code(l.id);
  IF c IS NOT NULL THEN PERFORM audit._append('contact:' || l.contact_id, 'guest.code', NULL, l.id::text, NULL); END IF;
  RETURN c;
END $$;
CREATE FUNCTION app.seat_links(p_meeting uuid) RETURNS TABLE (seat_id uuid, opened_at timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) THEN RETURN; END IF;
  RETURN QUERY SELECT x.about_id, x.opened_at FROM app.guest_link x JOIN app.forum_seat s ON s.id = x.about_id WHERE s.meeting_id = p_meeting AND x.about = 'seat' AND x.revoked_at IS NULL AND x.expires_at > now();
END $$;
GRANT EXECUTE ON FUNCTION app.invite_seat(uuid), app.seat_code(uuid), app.seat_links(uuid) TO samspil_app;

-- What the seat of a guest's link sees.
CREATE FUNCTION app.guest_seat() RETURNS TABLE (seat_id uuid, name text, frame text, starts_at timestamptz, place text, state text, led_by text, attendance text, promised boolean, sits text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat');
BEGIN
  RETURN QUERY SELECT s.id, coalesce(f.name, ''), m.frame, m.starts_at, m.place, m.state, u.display_name, s.attendance, s.promised_at IS NOT NULL, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END
    FROM app.forum_seat s JOIN app.forum_meeting m ON m.id = s.meeting_id LEFT JOIN app.forum f ON f.id = m.forum_id JOIN auth.user_account u ON u.id = m.led_by JOIN app.contact_person c ON c.id = s.contact_id WHERE s.id = g.about_id;
END $$;
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
-- The decisions that wait for the contact person: of this meeting and of earlier ones of the same forum.
CREATE FUNCTION app.guest_seat_actions() RETURNS TABLE (id uuid, item_id uuid, what text, due_on date, state text, words text, item_title text, earlier boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat');
BEGIN
  RETURN QUERY SELECT a.id, a.item_id, a.what, a.due_on, a.state, coalesce((SELECT r.words FROM app.forum_report r WHERE r.action_id = a.id ORDER BY r.written_at DESC, r.id LIMIT 1), ''), i.title, m.id <> h.id
    FROM app.forum_seat me JOIN app.forum_meeting h ON h.id = me.meeting_id JOIN app.forum_seat s ON s.contact_id = me.contact_id JOIN app.forum_meeting m ON m.id = s.meeting_id AND (m.id = h.id OR m.forum_id = h.forum_id AND m.starts_at < h.starts_at)
    JOIN app.forum_action a ON a.seat_id = s.id JOIN app.forum_item i ON i.id = a.item_id AND i.withdrawn_at IS NULL
   WHERE me.id = g.about_id AND me.promised_at IS NOT NULL AND (m.id = h.id OR a.state <> 'done') ORDER BY m.starts_at, a.due_on, a.id;
END $$;

------------------------------------------------------------------ what they do, as theirs
CREATE FUNCTION app.guest_seat_promise() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat');
BEGIN UPDATE app.forum_seat s SET promised_at = now() WHERE s.id = g.about_id AND s.promised_at IS NULL; END $$;
CREATE FUNCTION app._seat_event(p_item uuid, p_contact uuid, p_kind text, p_data jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; w uuid;
BEGIN
  SELECT k.case_id, i.put_by INTO c, w FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id WHERE k.id = p_item;
  INSERT INTO app.case_event (case_id, contact_id, kind, object_id, data) VALUES (c, p_contact, p_kind, p_item, p_data);
  PERFORM audit._append('case:' || c, p_kind, c, p_item::text, jsonb_build_object('contact', p_contact));
  IF app._opens_case(w, c) THEN PERFORM app._notify(w, c, p_kind); END IF;
END $$;
CREATE FUNCTION app.guest_seat_answer(p_item uuid, p_outcome text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat');
BEGIN
  INSERT INTO app.forum_answer (item_id, seat_id, outcome, words) SELECT l.item_id, l.seat_id, p_outcome, p_words FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL
    JOIN app.forum_seat s ON s.id = l.seat_id AND s.promised_at IS NOT NULL WHERE l.item_id = p_item AND l.seat_id = g.about_id AND l.given_at IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app._seat_event(p_item, g.contact_id, 'forum.answered', jsonb_build_object('outcome', p_outcome));
  RETURN true;
END $$;
CREATE FUNCTION app.guest_seat_report(p_action uuid, p_state text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat'); i uuid;
BEGIN
  SELECT a.item_id INTO i FROM app.guest_seat_actions() a WHERE a.id = p_action;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO app.forum_report (action_id, state, words) VALUES (p_action, p_state, p_words);
  PERFORM app._seat_event(i, g.contact_id, 'forum.reported', jsonb_build_object('state', p_state));
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.guest_seat(), app.guest_seat_items(), app.guest_seat_actions(), app.guest_seat_promise(), app.guest_seat_answer(uuid, text, text), app.guest_seat_report(uuid, text, text) TO samspil_app;
SELECT meta.settle();
