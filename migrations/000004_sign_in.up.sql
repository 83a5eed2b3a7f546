-- Sign-in: a login of its own that may check credentials and open sessions, and nothing else (security.md 5.1).
CREATE TABLE auth.login_failure (
  bucket text PRIMARY KEY,     -- hash of an account, of a network, or of a known device
  failures int NOT NULL DEFAULT 1,
  last_at timestamptz NOT NULL DEFAULT now()
);
-- A browser from which the person has signed in before. It has a bucket of its own,
-- so that a stranger who fails on purpose does not lock the owner out.
CREATE TABLE auth.device (
  device_hash bytea NOT NULL CHECK (octet_length(device_hash) = 32),
  user_id uuid NOT NULL REFERENCES auth.user_account,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (device_hash, user_id)
);
CREATE INDEX ON auth.device (user_id);
SELECT meta.guard('auth.login_failure', 'SELECT, INSERT, UPDATE, DELETE');
SELECT meta.guard('auth.device', 'SELECT, INSERT, UPDATE (seen_at)');

CREATE FUNCTION auth._account_bucket(p_email text, p_device bytea) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE known boolean;
BEGIN
  SELECT EXISTS (SELECT 1 FROM auth.device d JOIN auth.user_account u ON u.id = d.user_id WHERE d.device_hash = p_device AND u.email = p_email) INTO known;
  RETURN CASE WHEN known THEN 'device:' || encode(p_device, 'hex') ELSE 'account:' || encode(sha256(convert_to(p_email, 'UTF8')), 'hex') END;
END $$;
-- seconds to wait after n failures: five are free, then 1 s doubling up to 15 min; forgotten after an hour.
CREATE FUNCTION auth._wait(p_bucket text, p_free int) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE f record;
BEGIN
  SELECT failures, last_at INTO f FROM auth.login_failure WHERE bucket = p_bucket AND last_at > now() - interval '1 hour';
  IF NOT FOUND OR f.failures < p_free THEN RETURN 0; END IF;
  RETURN greatest(0, least(900, power(2, least(f.failures - p_free, 10)))::int - extract(epoch FROM now() - f.last_at)::int);
END $$;
-- credential() answers one row for every address, known or not, so that both take the same work.
CREATE FUNCTION auth.credential(p_email text, p_net text, p_device bytea) RETURNS TABLE (user_id uuid, password_hash text, wait int)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.password_hash, greatest(auth._wait(auth._account_bucket(p_email, p_device), 5), auth._wait('net:' || p_net, 60))
    FROM (SELECT 1) one LEFT JOIN auth.user_account u ON u.email = p_email AND u.active;
END $$;
CREATE FUNCTION auth.sign_in_failed(p_email text, p_net text, p_device bytea) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO auth.login_failure AS f (bucket) VALUES (auth._account_bucket(p_email, p_device)), ('net:' || p_net)
  ON CONFLICT (bucket) DO UPDATE SET failures = CASE WHEN f.last_at < now() - interval '1 hour' THEN 1 ELSE f.failures + 1 END, last_at = now();
END $$;
-- open_session() is called by the session store at sign-in only. A token that exists already is never opened again:
-- a slow request that ends after sign-out cannot bring its session back to life (security.md 5.2).
CREATE FUNCTION auth.open_session(p_user uuid, p_token text, p_device bytea) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE fresh boolean;
BEGIN
  IF length(p_token) < 40 THEN RETURN false; END IF;
  PERFORM 1 FROM auth.user_account u WHERE u.id = p_user AND u.active; IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256(convert_to(p_token, 'UTF8')), p_user, now() + interval '9 h') ON CONFLICT DO NOTHING;
  fresh := FOUND;
  IF NOT fresh THEN RETURN false; END IF;
  UPDATE auth.session SET revoked_at = now() WHERE user_id = p_user AND revoked_at IS NULL AND token_hash IN ( -- three at a time
    SELECT s.token_hash FROM auth.session s WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.expires_at > now() ORDER BY s.created_at DESC OFFSET 3);
  IF p_device IS NOT NULL THEN
    INSERT INTO auth.device AS d (device_hash, user_id) VALUES (p_device, p_user) ON CONFLICT (device_hash, user_id) DO UPDATE SET seen_at = now();
    DELETE FROM auth.login_failure WHERE bucket = 'device:' || encode(p_device, 'hex');
  END IF;
  PERFORM audit._append('user:' || p_user, 'sign_in', NULL, p_user::text, NULL);
  RETURN true;
END $$;
-- the person behind a locked session, for the page that asks for the password again
CREATE FUNCTION auth.locked_user(p_token text) RETURNS TABLE (email text, name text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.email, u.display_name FROM auth.session s JOIN auth.user_account u ON u.id = s.user_id AND u.active
   WHERE s.token_hash = sha256(convert_to(p_token, 'UTF8')) AND s.revoked_at IS NULL AND s.expires_at > now() AND s.locked_at IS NOT NULL;
END $$;
-- unlock() goes with a password that has just been checked for p_user; another person's session is not unlocked.
CREATE FUNCTION auth.unlock_session(p_user uuid, p_token text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE auth.session SET locked_at = NULL, last_seen_at = now() WHERE token_hash = sha256(convert_to(p_token, 'UTF8')) AND user_id = p_user
     AND revoked_at IS NULL AND expires_at > now() AND locked_at IS NOT NULL;
  RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION auth.credential(text,text,bytea), auth.sign_in_failed(text,text,bytea), auth.open_session(uuid,text,bytea),
  auth.locked_user(text), auth.unlock_session(uuid,text), auth.close_session(text) TO samspil_login;
SELECT meta.settle();
