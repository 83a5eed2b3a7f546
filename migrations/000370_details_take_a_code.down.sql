-- The functions as they were in 000230.
CREATE OR REPLACE FUNCTION app._guest_holds(p_link uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.guest_link l JOIN app.contact_person c ON c.id = l.contact_id AND c.active LEFT JOIN app.case_file f ON f.id = l.case_id
    WHERE l.id = p_link AND l.revoked_at IS NULL AND l.expires_at > now() AND (l.case_id IS NULL OR f.status = 'open') AND app._guest_about(l.about, l.case_id, l.about_id, l.contact_id));
END $$;
CREATE OR REPLACE FUNCTION app._guest_code(p_link uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text := lpad((('x' || encode(public.gen_random_bytes(4), 'hex'))::bit(32)::bigint % 1000000)::text, 6, '0'); until timestamptz := now() + interval '60 min';
BEGIN
  IF NOT app._guest_holds(p_link) THEN RETURN NULL; END IF;
  UPDATE auth.guest_key k SET code_hash = app._guest_code_hash(p_link, c), code_until = until, code_tries = 0 WHERE k.link_id = p_link;
  UPDATE app.guest_link l SET code_until = until WHERE l.id = p_link;
  RETURN c;
END $$;
CREATE OR REPLACE FUNCTION auth.guest_enter(p_token text, p_code text, p_net text, p_session text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE k record; l uuid; needs boolean; right_code boolean; good boolean; holds boolean; waits boolean := auth._wait('guest:' || p_net, 30) > 0;
BEGIN
  SELECT g.link_id, g.code_hash, g.code_until, g.code_tries INTO k FROM auth.guest_key g WHERE g.token_hash = sha256(convert_to(p_token, 'UTF8')) FOR UPDATE;
  l := coalesce(k.link_id, gen_random_uuid());
  right_code := app._guest_code_hash(l, p_code) = k.code_hash AND k.code_until > now() AND k.code_tries < 5;
  holds := app._guest_holds(l);
  needs := NOT EXISTS (SELECT 1 FROM app.guest_link x WHERE x.id = l AND x.about = 'verify');
  good := NOT waits AND length(p_session) >= 40 AND holds AND (right_code IS TRUE OR NOT needs AND p_code = '');
  IF good IS NOT TRUE THEN
    UPDATE auth.guest_key g SET code_tries = g.code_tries + 1 WHERE g.link_id = l AND p_code <> '' AND g.code_tries < 5 AND NOT waits;
    INSERT INTO auth.login_failure AS f (bucket) SELECT 'guest:' || p_net WHERE NOT waits
      ON CONFLICT (bucket) DO UPDATE SET failures = CASE WHEN f.last_at < now() - interval '1 hour' THEN 1 ELSE f.failures + 1 END, last_at = now();
    RETURN false;
  END IF;
  UPDATE auth.guest_key g SET code_hash = NULL, code_until = NULL, code_tries = 0, session_hash = sha256(convert_to(p_session, 'UTF8')), session_seen = now(), session_until = now() + interval '2 h' WHERE g.link_id = l;
  UPDATE app.guest_link x SET openings = x.openings + 1, opened_at = now(), code_until = NULL WHERE x.id = l;
  PERFORM app._guest_event(l, 'guest.opened', l, NULL);
  RETURN true;
END $$;
DROP FUNCTION auth.guest_ask_call(text, text), app.details_code(uuid);
ALTER TABLE app.guest_link DROP call_asked_at;
SELECT meta.settle();
