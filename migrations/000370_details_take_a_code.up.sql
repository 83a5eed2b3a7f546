-- The quarterly question goes through the same door as every link (docs/adr/0019-guests.md): a code, read out by whoever keeps the
-- directory on the number that the directory has, and that call is what proves the number. Who has a letter and no code may ask for it.
ALTER TABLE app.guest_link ADD call_asked_at timestamptz; -- whoever has the letter asks to be called; until the next code
GRANT UPDATE (call_asked_at) ON app.guest_link TO samspil_guard;

-- A question about details that somebody else has answered meanwhile is closed; who has confirmed them behind it still reads the thanks.
CREATE OR REPLACE FUNCTION app._guest_holds(p_link uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.guest_link l JOIN app.contact_person c ON c.id = l.contact_id AND c.active LEFT JOIN app.case_file f ON f.id = l.case_id
    WHERE l.id = p_link AND l.revoked_at IS NULL AND l.expires_at > now() AND (l.case_id IS NULL OR f.status = 'open') AND app._guest_about(l.about, l.case_id, l.about_id, l.contact_id)
      AND (l.about = 'verify' AND c.verified_on >= app._day(l.created_at) AND (l.answered_at IS NULL OR c.verified_by IS NOT NULL)) IS NOT TRUE);
END $$;

CREATE OR REPLACE FUNCTION app._guest_code(p_link uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text := lpad((('x' || encode(public.gen_random_bytes(4), 'hex'))::bit(32)::bigint % 1000000)::text, 6, '0'); until timestamptz := now() + interval '60 min';
BEGIN
  IF NOT app._guest_holds(p_link) THEN RETURN NULL; END IF;
  UPDATE auth.guest_key k SET code_hash = app._guest_code_hash(p_link, c), code_until = until, code_tries = 0 WHERE k.link_id = p_link;
  UPDATE app.guest_link l SET code_until = until, call_asked_at = NULL WHERE l.id = p_link;
  RETURN c;
END $$;

CREATE OR REPLACE FUNCTION auth.guest_enter(p_token text, p_code text, p_net text, p_session text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE k record; l uuid; right_code boolean; good boolean; holds boolean; waits boolean := auth._wait('guest:' || p_net, 30) > 0;
BEGIN
  SELECT g.link_id, g.code_hash, g.code_until, g.code_tries INTO k FROM auth.guest_key g WHERE g.token_hash = sha256(convert_to(p_token, 'UTF8')) FOR UPDATE;
  l := coalesce(k.link_id, gen_random_uuid());
  right_code := app._guest_code_hash(l, p_code) = k.code_hash AND k.code_until > now() AND k.code_tries < 5;
  holds := app._guest_holds(l);
  good := NOT waits AND length(p_session) >= 40 AND holds AND right_code IS TRUE;
  IF good IS NOT TRUE THEN
    UPDATE auth.guest_key g SET code_tries = g.code_tries + 1 WHERE g.link_id = l AND p_code <> '' AND g.code_tries < 5 AND NOT waits;
    INSERT INTO auth.login_failure AS f (bucket) SELECT 'guest:' || p_net WHERE NOT waits
      ON CONFLICT (bucket) DO UPDATE SET failures = CASE WHEN f.last_at < now() - interval '1 hour' THEN 1 ELSE f.failures + 1 END, last_at = now();
    RETURN false;
  END IF;
  UPDATE auth.guest_key g SET code_hash = NULL, code_until = NULL, code_tries = 0, session_hash = sha256(convert_to(p_session, 'UTF8')), session_seen = now(), session_until = now() + interval '2 h' WHERE g.link_id = l;
  UPDATE app.guest_link x SET openings = x.openings + 1, opened_at = now(), code_until = NULL, call_asked_at = NULL WHERE x.id = l;
  PERFORM app._guest_event(l, 'guest.opened', l, NULL);
  RETURN true;
END $$;

-- guest_ask_call() marks a link: whoever has the letter has no code. It answers nothing, whatever the link is. Nobody is taken for
-- anybody by it: it is one mark and one notice until a code is given, and so many from one network.
CREATE FUNCTION auth.guest_ask_call(p_token text, p_net text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l uuid; x record; waits boolean := auth._wait('guest call:' || p_net, 10) > 0;
BEGIN
  INSERT INTO auth.login_failure AS f (bucket) SELECT 'guest call:' || p_net WHERE NOT waits
    ON CONFLICT (bucket) DO UPDATE SET failures = CASE WHEN f.last_at < now() - interval '1 hour' THEN 1 ELSE f.failures + 1 END, last_at = now();
  SELECT g.link_id INTO l FROM auth.guest_key g WHERE g.token_hash = sha256(convert_to(p_token, 'UTF8'));
  l := coalesce(l, gen_random_uuid());
  UPDATE app.guest_link g SET call_asked_at = now() WHERE g.id = l AND g.call_asked_at IS NULL AND app._guest_holds(l) AND NOT waits
    RETURNING g.case_id, g.contact_id, g.about, g.about_id INTO x;
  IF NOT FOUND THEN RETURN; END IF;
  CASE x.about
    WHEN 'verify' THEN PERFORM app._notify(u.id, NULL, 'contact.call_asked') FROM auth.user_account u WHERE u.active AND u.role = 'admin' ORDER BY u.id;
    WHEN 'seat' THEN PERFORM app._notify(m.led_by, NULL, 'forum.call_asked') FROM app.forum_seat s JOIN app.forum_meeting m ON m.id = s.meeting_id WHERE s.id = x.about_id;
    ELSE PERFORM app._guest_tells(x.case_id, 'guest.call_asked');
  END CASE;
  PERFORM audit._append(CASE WHEN x.case_id IS NULL THEN 'contact:' || x.contact_id ELSE 'case:' || x.case_id END, 'guest.call_asked', x.case_id, l::text, NULL);
END $$;
GRANT EXECUTE ON FUNCTION auth.guest_ask_call(text, text) TO samspil_login;

-- details_code() gives who keeps the directory a code for the open question to a contact person, once; nothing where there is none,
-- where it has been answered, or where there is no number to read it out on.
CREATE FUNCTION app.details_code(p_contact uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l uuid; c text;
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT x.id INTO l FROM app.guest_link x JOIN app.contact_person p ON p.id = x.contact_id JOIN app.organisation o ON o.id = p.organisation_id
   WHERE x.contact_id = p_contact AND x.about = 'verify' AND x.revoked_at IS NULL AND x.answered_at IS NULL AND p.phone || p.mobile || o.phone <> '' ORDER BY x.created_at DESC LIMIT 1;
  IF NOT FOUND THEN RETURN NULL; END IF;
  c := app._guest_code(l);
  IF c IS NOT NULL THEN PERFORM audit._append('contact:' || p_contact, 'guest.code', NULL, l::text, NULL); END IF;
  RETURN c;
END $$;
GRANT EXECUTE ON FUNCTION app.details_code(uuid) TO samspil_app;
SELECT meta.settle();
