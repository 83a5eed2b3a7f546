-- Who you are, in a form that an injected statement cannot forge (security.md 3).
CREATE TABLE auth.secret (id int PRIMARY KEY, key bytea NOT NULL CHECK (octet_length(key) = 32));
INSERT INTO auth.secret VALUES (1, public.gen_random_bytes(32));

CREATE TABLE app.municipality (
  id   int PRIMARY KEY,        -- the municipality's code; one installation serves one
  name text NOT NULL
);
CREATE TABLE app.team (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  municipality int NOT NULL REFERENCES app.municipality,
  area text NOT NULL CHECK (area IN ('child','adult')), -- barnets lov or serviceloven: two regimes
  name text NOT NULL
);

CREATE TABLE auth.user_account (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  display_name text NOT NULL,
  title text NOT NULL DEFAULT '',
  municipality int NOT NULL REFERENCES app.municipality,
  role text NOT NULL CHECK (role IN ('caseworker','specialist','team_lead','admin','auditor')), -- exactly one: duties are separated
  active boolean NOT NULL DEFAULT true,
  password_hash text NOT NULL,
  own_cpr_bidx bytea,          -- the employee may be a party
  phone text NOT NULL DEFAULT '',
  competences text[] NOT NULL DEFAULT '{}',
  photo_id uuid,
  lang text NOT NULL DEFAULT 'da' CHECK (lang IN ('da','en')),
  theme text NOT NULL DEFAULT '' CHECK (theme IN ('','light','dark')),
  density text NOT NULL DEFAULT '' CHECK (density IN ('','airy')),
  shortcuts boolean NOT NULL DEFAULT false
);
CREATE TABLE app.team_member (
  team_id uuid NOT NULL REFERENCES app.team,
  user_id uuid NOT NULL REFERENCES auth.user_account,
  is_lead boolean NOT NULL DEFAULT false,
  valid_to timestamptz,
  PRIMARY KEY (team_id, user_id)
);
CREATE INDEX ON app.team_member (user_id);

CREATE TABLE auth.session (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  user_id uuid NOT NULL REFERENCES auth.user_account,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  idle interval NOT NULL DEFAULT '15 min',
  mfa_at timestamptz,
  locked_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX ON auth.session (user_id);

-- "I am related to this person": declared against a person, never against a case one may not know of.
CREATE TABLE auth.user_relation (
  user_id uuid NOT NULL REFERENCES auth.user_account,
  cpr_bidx bytea NOT NULL,
  declared_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, cpr_bidx)
);
CREATE INDEX ON auth.user_relation (cpr_bidx);

SELECT meta.guard('auth.secret', 'SELECT');
SELECT meta.guard('app.municipality', 'SELECT');
SELECT meta.guard('app.team', 'SELECT');
SELECT meta.guard('app.team_member', 'SELECT');
SELECT meta.guard('auth.user_account', 'SELECT, UPDATE (lang, theme, density, shortcuts)');
SELECT meta.guard('auth.session', 'SELECT, INSERT, UPDATE (last_seen_at, revoked_at, mfa_at, locked_at)');
SELECT meta.guard('auth.user_relation', 'SELECT, INSERT');

------------------------------------------------------------------ the signed identity of a transaction
-- A custom setting can be set by anybody, so a bare "app.user_id" is only as strong as the absence of SQL injection.
-- Here it carries a MAC over (payload, backend pid, transaction start): made only by the guard, good in this transaction only.
CREATE FUNCTION auth._mac(p text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE k bytea;
BEGIN
  SELECT s.key INTO STRICT k FROM auth.secret s WHERE s.id = 1;
  RETURN encode(public.hmac(convert_to(p || '|' || pg_backend_pid() || '|' || (extract(epoch FROM now()) * 1000000)::bigint, 'UTF8'), k, 'sha256'), 'hex');
END $$;
CREATE FUNCTION auth._payload(setting text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE v text := current_setting(setting, true); p text;
BEGIN
  IF v IS NULL OR v = '' THEN RETURN NULL; END IF;
  p := left(v, -65); -- payload || '.' || 64 hex digits
  IF length(v) > 65 AND auth._mac(setting || '|' || p) = right(v, 64) THEN RETURN p; END IF;
  RETURN NULL; -- forged or from another transaction: nobody
END $$;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN split_part(auth._payload('app.ctx'), ';', 1)::uuid; END $$;
CREATE FUNCTION auth.role() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN split_part(auth._payload('app.ctx'), ';', 2); END $$;
CREATE FUNCTION auth.municipality() RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN split_part(auth._payload('app.ctx'), ';', 3)::int; END $$;

-- begin() is the first statement of every transaction. It answers 'ok', 'locked', or NULL for nobody.
CREATE FUNCTION auth.begin(p_token text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE h bytea := sha256(convert_to(p_token, 'UTF8')); s record; p text;
BEGIN
  PERFORM set_config('app.ctx', '', true), set_config('app.open', '', true);
  SELECT x.user_id, x.last_seen_at, x.mfa_at, x.locked_at, u.role, u.municipality INTO s
    FROM auth.session x JOIN auth.user_account u ON u.id = x.user_id
   WHERE x.token_hash = h AND x.revoked_at IS NULL AND x.expires_at > now() AND x.last_seen_at + x.idle > now() AND u.active;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF s.locked_at IS NOT NULL THEN RETURN 'locked'; END IF;
  IF s.last_seen_at < now() - interval '60 s' THEN UPDATE auth.session SET last_seen_at = now() WHERE token_hash = h; END IF;
  p := s.user_id || ';' || s.role || ';' || s.municipality || ';' || coalesce(extract(epoch FROM s.mfa_at)::bigint, 0);
  PERFORM set_config('app.ctx', p || '.' || auth._mac('app.ctx|' || p), true);
  RETURN 'ok';
END $$;

-- whoami() is what the frame of every page shows of its reader.
CREATE FUNCTION auth.whoami() RETURNS TABLE (user_id uuid, role text, name text, title text, lang text, theme text, density text, shortcuts boolean,
  photo_id uuid, team_id uuid, area text, municipality text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.role, u.display_name, u.title, u.lang, u.theme, u.density, u.shortcuts, u.photo_id, t.id, t.area, m.name
    FROM auth.user_account u JOIN app.municipality m ON m.id = u.municipality
    LEFT JOIN LATERAL (SELECT t.id, t.area FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
       WHERE tm.user_id = u.id AND (tm.valid_to IS NULL OR tm.valid_to > now()) ORDER BY tm.is_lead DESC, t.name LIMIT 1) t ON true
   WHERE u.id = auth.uid();
END $$;

------------------------------------------------------------------ what a signed-in person may do about their own session
CREATE FUNCTION auth.close_session(p_token text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE auth.session SET revoked_at = now() WHERE token_hash = sha256(convert_to(p_token, 'UTF8')) AND revoked_at IS NULL; END $$;
CREATE FUNCTION auth.close_all_sessions() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE auth.session SET revoked_at = now() WHERE user_id = auth.uid() AND revoked_at IS NULL; END $$;
CREATE FUNCTION auth.lock_session(p_token text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE auth.session SET locked_at = now() WHERE token_hash = sha256(convert_to(p_token, 'UTF8')) AND revoked_at IS NULL AND locked_at IS NULL; END $$;
CREATE FUNCTION auth.set_profile(p_lang text, p_theme text, p_density text, p_shortcuts boolean) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE auth.user_account SET lang = p_lang, theme = p_theme, density = p_density, shortcuts = p_shortcuts WHERE id = auth.uid(); END $$;

GRANT EXECUTE ON FUNCTION auth.begin(text), auth.whoami(), auth.uid(), auth.role(), auth.municipality(), auth.close_session(text), auth.close_all_sessions(),
  auth.lock_session(text), auth.set_profile(text,text,text,boolean) TO samspil_app;
GRANT SELECT ON app.municipality, app.team, app.team_member TO samspil_app;
GRANT SELECT (id, email, display_name, title, municipality, role, active, phone, competences, photo_id) ON auth.user_account TO samspil_app;
CREATE POLICY sel ON app.municipality FOR SELECT TO samspil_app USING (id = (SELECT auth.municipality()));
CREATE POLICY sel ON app.team FOR SELECT TO samspil_app USING (municipality = (SELECT auth.municipality()));
CREATE POLICY sel ON app.team_member FOR SELECT TO samspil_app USING (team_id IN (SELECT t.id FROM app.team t));
CREATE POLICY sel ON auth.user_account FOR SELECT TO samspil_app USING (municipality = (SELECT auth.municipality()));
SELECT meta.settle();
