-- The door for somebody at a partner who has no account (docs/adr/0019-guests.md; security.md 2.11). A link is to one contact
-- person, about one thing: their part in a case, their seat at a meeting, their own line in the directory. Behind it is no actor
-- with rights: a guest's transaction reads no table. Functions made for guests give what belongs to the link, and nothing else.
CREATE TABLE app.guest_link (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  case_id uuid REFERENCES app.case_file,        -- NULL: about no single case
  contact_id uuid NOT NULL REFERENCES app.contact_person,
  about text NOT NULL CHECK (about IN ('involvement','seat','verify')),
  about_id uuid NOT NULL,                       -- the involvement, the seat; of a verification the contact person
  created_by uuid REFERENCES auth.user_account, created_at timestamptz NOT NULL DEFAULT now(), -- NULL: the program itself
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz, revoked_by uuid REFERENCES auth.user_account, -- NULL with a time: another link took its place
  code_until timestamptz,                       -- until when the code that was read out can be used; NULL: none is waiting
  openings int NOT NULL DEFAULT 0, opened_at timestamptz, answered_at timestamptz,
  UNIQUE (case_id, id),
  CONSTRAINT a_part_is_in_a_case CHECK (about <> 'involvement' OR case_id IS NOT NULL),
  CONSTRAINT details_are_ones_own CHECK (about <> 'verify' OR case_id IS NULL AND about_id = contact_id)
);
CREATE INDEX ON app.guest_link (about_id, created_at DESC);
CREATE INDEX ON app.guest_link (contact_id) WHERE revoked_at IS NULL;
-- What opens a link: hashes alone. The secret is derived from the link's id and the installation's key, which the database has not.
CREATE TABLE auth.guest_key (
  link_id uuid PRIMARY KEY,
  token_hash bytea UNIQUE CHECK (octet_length(token_hash) = 32), -- NULL until the letter leaves
  code_hash bytea, code_until timestamptz, code_tries smallint NOT NULL DEFAULT 0,
  session_hash bytea CHECK (octet_length(session_hash) = 32), session_seen timestamptz, session_until timestamptz -- one at a time
);
SELECT meta.guard('app.guest_link', 'SELECT, INSERT, UPDATE (revoked_at, revoked_by, code_until, openings, opened_at, answered_at)');
SELECT meta.guard('auth.guest_key', 'SELECT, INSERT, UPDATE (token_hash, code_hash, code_until, code_tries, session_hash, session_seen, session_until)');
CREATE POLICY sel ON app.guest_link FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR about = 'verify' AND (SELECT auth.role()) = 'admin');
GRANT SELECT ON app.guest_link TO samspil_app;

-- What a guest does stands on the timeline as theirs: a person at a partner, not a user.
ALTER TABLE app.case_event ADD contact_id uuid REFERENCES app.contact_person, ADD CONSTRAINT by_one CHECK (actor IS NULL OR contact_id IS NULL);
GRANT INSERT (contact_id) ON app.case_event TO samspil_guard;

------------------------------------------------------------------ making, revoking, letting in
-- _guest_about() tells whether what a link is about still concerns the contact person. Whoever adds a kind of link replaces it.
CREATE FUNCTION app._guest_about(p_about text, p_case uuid, p_about_id uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_about WHEN 'verify' THEN true
    WHEN 'involvement' THEN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.id = p_about_id AND i.contact_id = p_contact AND i.status <> 'ended')
    ELSE false END;
END $$;
-- _guest_holds() tells whether a link opens at all: not revoked or expired, and the person, the case and what it is about still there.
CREATE FUNCTION app._guest_holds(p_link uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.guest_link l JOIN app.contact_person c ON c.id = l.contact_id AND c.active LEFT JOIN app.case_file f ON f.id = l.case_id
    WHERE l.id = p_link AND l.revoked_at IS NULL AND l.expires_at > now() AND (l.case_id IS NULL OR f.status = 'open') AND app._guest_about(l.about, l.case_id, l.about_id, l.contact_id));
END $$;

-- _guest_link() makes a link, writes its letter down, and revokes the one before about the same: one is open at a time.
CREATE FUNCTION app._guest_link(p_case uuid, p_contact uuid, p_about text, p_about_id uuid, p_days int) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l uuid := gen_random_uuid();
BEGIN
  PERFORM 1 FROM app.contact_person c WHERE c.id = p_contact AND c.active AND c.secure_mail <> '';
  IF NOT FOUND THEN RAISE check_violation USING MESSAGE = 'no address', CONSTRAINT = 'guest_has_mail'; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('guest link ' || p_contact || p_about_id, 0));
  UPDATE app.guest_link x SET revoked_at = now() WHERE x.contact_id = p_contact AND x.about = p_about AND x.about_id = p_about_id AND x.revoked_at IS NULL AND x.expires_at > now();
  INSERT INTO app.guest_link (id, case_id, contact_id, about, about_id, created_by, expires_at) VALUES (l, p_case, p_contact, p_about, p_about_id, auth.uid(), now() + make_interval(days => p_days));
  INSERT INTO auth.guest_key (link_id) VALUES (l);
  PERFORM app._mail(CASE p_about WHEN 'verify' THEN 'verify' ELSE 'link' END, NULL, p_contact, l, now());
  RETURN l;
END $$;
CREATE FUNCTION app._guest_code_hash(p_link uuid, p_code text) RETURNS bytea LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE k bytea;
BEGIN
  SELECT s.key INTO STRICT k FROM auth.secret s WHERE s.id = 1; -- six digits are soon guessed from a bare hash
  RETURN public.hmac(convert_to('guest code|' || p_link || '|' || p_code, 'UTF8'), k, 'sha256');
END $$;
-- _guest_code() gives a new code, the one before it is void. It is shown once, to be read out on the telephone.
CREATE FUNCTION app._guest_code(p_link uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text := lpad((('x' || encode(public.gen_random_bytes(4), 'hex'))::bit(32)::bigint % 1000000)::text, 6, '0'); until timestamptz := now() + interval '60 min';
BEGIN
  IF NOT app._guest_holds(p_link) THEN RETURN NULL; END IF;
  UPDATE auth.guest_key k SET code_hash = app._guest_code_hash(p_link, c), code_until = until, code_tries = 0 WHERE k.link_id = p_link;
  UPDATE app.guest_link l SET code_until = until WHERE l.id = p_link;
  RETURN c;
END $$;
CREATE FUNCTION app._guest_revoke(p_link uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.guest_link l SET revoked_at = now(), revoked_by = auth.uid(), code_until = NULL WHERE l.id = p_link AND l.revoked_at IS NULL;
  RETURN FOUND;
END $$;

-- _guest_event() writes what a guest did on the timeline of the case as theirs, and in the trail.
CREATE FUNCTION app._guest_event(p_link uuid, p_kind text, p_object uuid, p_data jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l record;
BEGIN
  SELECT x.case_id, x.contact_id, o.name AS organisation, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END AS contact INTO STRICT l
    FROM app.guest_link x JOIN app.contact_person c ON c.id = x.contact_id JOIN app.organisation o ON o.id = c.organisation_id WHERE x.id = p_link;
  IF l.case_id IS NULL THEN
    PERFORM audit._append('contact:' || l.contact_id, p_kind, NULL, p_object::text, NULL);
    RETURN;
  END IF;
  INSERT INTO app.case_event (case_id, contact_id, kind, object_id, data)
    VALUES (l.case_id, l.contact_id, p_kind, p_object, jsonb_build_object('contact', l.contact, 'organisation', l.organisation) || coalesce(p_data, '{}'));
  PERFORM audit._append('case:' || l.case_id, p_kind, l.case_id, p_object::text, jsonb_build_object('contact', l.contact_id));
END $$;

-- guest_enter() takes the secret of a link and the code, and begins the guest's session. Whatever is wrong, the answer is false
-- and the work is the same: an unknown link, one that is over, a wrong, used or old code, too many tries. A verification, in which
-- nothing but one's own line of the directory is, hidden digits and all, asks for no code; the empty one says that one has none.
CREATE FUNCTION auth.guest_enter(p_token text, p_code text, p_net text, p_session text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
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
CREATE FUNCTION auth.guest_leave(p_token text, p_session text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE auth.guest_key g SET session_hash = NULL, session_seen = NULL, session_until = NULL
   WHERE g.token_hash = sha256(convert_to(p_token, 'UTF8')) AND g.session_hash = sha256(convert_to(p_session, 'UTF8'));
END $$;
GRANT EXECUTE ON FUNCTION auth.guest_enter(text, text, text, text), auth.guest_leave(text, text) TO samspil_login;

------------------------------------------------------------------ the guest of a transaction
-- guest_begin() is the first statement of a guest's transaction, as auth.begin() of a colleague's: it signs whose link this is, and
-- answers what the link is about, or nothing. It decides again each time: a revoked link is dead at the next click.
CREATE FUNCTION auth.guest_begin(p_token text, p_session text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE k record; p text;
BEGIN
  PERFORM set_config('app.ctx', '', true), set_config('app.open', '', true), set_config('app.guest', '', true);
  SELECT g.link_id, g.session_seen INTO k FROM auth.guest_key g
   WHERE g.token_hash = sha256(convert_to(p_token, 'UTF8')) AND g.session_hash = sha256(convert_to(p_session, 'UTF8'))
     AND g.session_until > now() AND g.session_seen > now() - interval '30 min';
  IF NOT FOUND OR NOT app._guest_holds(k.link_id) THEN RETURN NULL; END IF;
  IF k.session_seen < now() - interval '60 s' THEN UPDATE auth.guest_key g SET session_seen = now() WHERE g.link_id = k.link_id; END IF;
  p := k.link_id::text;
  PERFORM set_config('app.guest', p || '.' || auth._mac('app.guest|' || p), true);
  RETURN (SELECT l.about FROM app.guest_link l WHERE l.id = k.link_id);
END $$;
-- _guest() is the link of the guest whose transaction this is, for the functions made for guests: of the kind they are made for,
-- or nothing happens. A colleague's transaction is nobody's as a guest.
CREATE FUNCTION app._guest(p_about text) RETURNS app.guest_link LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link;
BEGIN
  SELECT x.* INTO l FROM app.guest_link x WHERE x.id = auth._payload('app.guest')::uuid AND x.about = p_about AND auth._payload('app.ctx') IS NULL;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  RETURN l;
END $$;
GRANT EXECUTE ON FUNCTION auth.guest_begin(text, text) TO samspil_app;

------------------------------------------------------------------ the links of a case, for those who write in it
-- guest_code() shows a new code, once; nothing where the link does not open any more.
CREATE FUNCTION app.guest_code(p_case uuid, p_link uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text;
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM 1 FROM app.guest_link l WHERE l.case_id = p_case AND l.id = p_link;
  IF NOT FOUND THEN RETURN NULL; END IF;
  c := app._guest_code(p_link);
  IF c IS NOT NULL THEN PERFORM audit._append('case:' || p_case, 'guest.code', p_case, p_link::text, NULL); END IF;
  RETURN c;
END $$;
CREATE FUNCTION app.guest_revoke(p_case uuid, p_link uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM 1 FROM app.guest_link l WHERE l.case_id = p_case AND l.id = p_link;
  RETURN FOUND AND app._guest_revoke(p_link);
END $$;
GRANT EXECUTE ON FUNCTION app.guest_code(uuid, uuid), app.guest_revoke(uuid, uuid) TO samspil_app;

-- The letter's carrier, which has the key, says what opens the link, just before it leaves.
CREATE FUNCTION app.job_guest_key(p_link uuid, p_hash bytea) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE auth.guest_key k SET token_hash = p_hash WHERE k.link_id = p_link AND k.token_hash IS NULL; END $$;
GRANT EXECUTE ON FUNCTION app.job_guest_key(uuid, bytea) TO samspil_job;
SELECT meta.settle();
