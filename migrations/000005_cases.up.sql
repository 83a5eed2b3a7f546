-- The case, who may see it, and the one door to its content (R10; security.md 2 and 3).
-- Level 1: the header, listed for the cases one may know of; it holds nothing personal.
CREATE TABLE app.case_file (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ref text NOT NULL UNIQUE CHECK (ref ~ '^[a-z0-9]{8}$'),   -- in the path: random, says nothing
  number text NOT NULL UNIQUE,                               -- spoken and printed: year and random digits, gaps tell nothing
  municipality int NOT NULL REFERENCES app.municipality,
  team_id uuid NOT NULL REFERENCES app.team,
  area text NOT NULL CHECK (area IN ('child','adult')),
  confidentiality smallint NOT NULL DEFAULT 1 CHECK (confidentiality IN (0,1,2)), -- 0 team sees the header, 1 restricted, 2 sealed
  responsible_id uuid NOT NULL REFERENCES auth.user_account, -- follows the one live 'responsible' grant
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open','closed')),
  severity text CHECK (severity IN ('green','yellow','orange','red')), -- chosen by a person, never summed (R8); NULL: not assessed yet
  severity_set_at timestamptz,
  certainty text NOT NULL DEFAULT 'concern',
  origin text NOT NULL DEFAULT 'other',
  phase text NOT NULL DEFAULT 'P0',
  conflict_phase text,
  opened_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  active_at timestamptz NOT NULL DEFAULT now(),              -- the last thing that happened
  first_partner_at timestamptz,                              -- when the first partner was drawn in: the study's core question
  version int NOT NULL DEFAULT 1,
  UNIQUE (id, team_id, confidentiality)
);
CREATE INDEX case_file_mine ON app.case_file (responsible_id, active_at DESC, id) WHERE status = 'open';
CREATE INDEX case_file_team ON app.case_file (team_id, active_at DESC, id) WHERE status = 'open';
CREATE INDEX case_file_closed ON app.case_file (team_id, closed_at DESC, id) WHERE status = 'closed';

-- What a list calls the citizen: for those who may read the content, not for the team mate who sees a header.
CREATE TABLE app.citizen_label (
  case_id uuid PRIMARY KEY, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  calling_name text NOT NULL DEFAULT '', born date,
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE TABLE app.case_grant (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  user_id uuid NOT NULL REFERENCES auth.user_account,
  kind text NOT NULL CHECK (kind IN ('responsible','coworker','consulted','lead')),
  valid_from timestamptz NOT NULL DEFAULT now(), valid_to timestamptz, revoked_at timestamptz,
  granted_by uuid NOT NULL, reason text NOT NULL DEFAULT '',
  CHECK (kind <> 'consulted' OR valid_to IS NOT NULL)        -- a consultation always ends
);
CREATE INDEX ON app.case_grant (user_id, case_id) WHERE revoked_at IS NULL;
CREATE INDEX ON app.case_grant (case_id, user_id) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX one_responsible ON app.case_grant (case_id) WHERE kind = 'responsible' AND revoked_at IS NULL;

CREATE TABLE app.case_exclusion (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  user_id uuid NOT NULL REFERENCES auth.user_account,
  source text NOT NULL CHECK (source IN ('self','leader','relation','creation')),
  reason text NOT NULL DEFAULT '', set_by uuid NOT NULL, set_at timestamptz NOT NULL DEFAULT now(),
  lifted_at timestamptz, lift_requested_by uuid, lift_reason text NOT NULL DEFAULT '', lifted_by uuid,
  CHECK (lift_requested_by IS DISTINCT FROM user_id),
  CHECK (lifted_at IS NULL OR (lift_requested_by IS NOT NULL AND lifted_by IS NOT NULL AND lifted_by <> lift_requested_by
         AND lifted_by IS DISTINCT FROM user_id))            -- two persons, neither the excluded one
);
CREATE INDEX ON app.case_exclusion (user_id, case_id) WHERE lifted_at IS NULL;
CREATE INDEX ON app.case_exclusion (case_id) WHERE lifted_at IS NULL;

-- A seal is taken off by two persons.
CREATE TABLE app.unseal_request (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  to_level smallint NOT NULL CHECK (to_level IN (0,1)), reason text NOT NULL CHECK (btrim(reason) <> ''),
  requested_by uuid NOT NULL, requested_at timestamptz NOT NULL DEFAULT now(),
  approved_by uuid, approved_at timestamptz,
  CHECK (approved_by <> requested_by)
);
CREATE UNIQUE INDEX one_open_unseal ON app.unseal_request (case_id) WHERE approved_at IS NULL;

-- Why a case was closed and opened again; every closing stays.
CREATE TABLE app.case_closing (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  reason_code text NOT NULL, reason text NOT NULL CHECK (btrim(reason) <> ''), closed_by uuid NOT NULL, closed_at timestamptz NOT NULL DEFAULT now(),
  reopened_by uuid, reopened_at timestamptz, reopen_reason text NOT NULL DEFAULT ''
);
CREATE INDEX ON app.case_closing (case_id);

-- Notices inside the app. They name a kind and a case, never a person; who may not open the case any more sees no link.
CREATE TABLE app.notice (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), to_user uuid NOT NULL REFERENCES auth.user_account, case_id uuid REFERENCES app.case_file,
  kind text NOT NULL, at timestamptz NOT NULL DEFAULT now(), read_at timestamptz
);
CREATE INDEX ON app.notice (to_user, at DESC);

SELECT meta.guard('app.case_file', 'SELECT, INSERT, UPDATE (confidentiality, team_id, responsible_id, status, closed_at, active_at, first_partner_at, version)');
SELECT meta.guard('app.citizen_label', 'SELECT, INSERT');
SELECT meta.guard('app.case_grant', 'SELECT, INSERT, UPDATE (revoked_at, valid_to)');
SELECT meta.guard('app.case_exclusion', 'SELECT, INSERT, UPDATE (lifted_at, lift_requested_by, lift_reason, lifted_by)');
SELECT meta.guard('app.unseal_request', 'SELECT, INSERT, UPDATE (approved_by, approved_at)');
SELECT meta.guard('app.case_closing', 'SELECT, INSERT, UPDATE (reopened_by, reopened_at, reopen_reason)');
SELECT meta.guard('app.notice', 'SELECT, INSERT, UPDATE (read_at)');

------------------------------------------------------------------ the access decision, one place, two shapes
-- rights: 1 L header in lists | 2 R content | 4 A protected facts | 8 W write | 16 N add a note | 32 M manage access | 64 X export
CREATE FUNCTION auth._excluded(p_user uuid, p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM app.case_exclusion x WHERE x.case_id = p_case AND x.user_id = p_user AND x.lifted_at IS NULL); END $$;

CREATE FUNCTION auth._rights_of(p_user uuid, p_role text, p_municipality int, p_case uuid) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record; k int; here boolean; excl boolean; t uuid; conf int;
BEGIN
  SELECT f.id, f.team_id, f.confidentiality, f.municipality, f.status INTO c FROM app.case_file f WHERE f.id = p_case;
  here := FOUND AND c.municipality = p_municipality;
  t := coalesce(c.team_id, p_case); conf := coalesce(c.confidentiality, 1); -- no early return: a case that does not exist costs the same look-ups
  excl := auth._excluded(p_user, p_case);
  SELECT coalesce(bit_or(b), 0) INTO k FROM (
    SELECT CASE g.kind WHEN 'responsible' THEN 127 WHEN 'lead' THEN 119 WHEN 'coworker' THEN 31 ELSE 19 END AS b
      FROM app.case_grant g WHERE g.case_id = p_case AND g.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
    UNION ALL
    SELECT CASE WHEN tm.is_lead AND p_role = 'team_lead' AND conf < 2 THEN 119 WHEN conf = 0 THEN 1 ELSE 0 END
      FROM app.team_member tm WHERE tm.team_id = t AND tm.user_id = p_user AND (tm.valid_to IS NULL OR tm.valid_to > now())) z;
  IF c.status = 'closed' THEN k := k & ~24; END IF;              -- a closed case is read, not written
  IF excl THEN k := 0; END IF;                                  -- beats everything above
  IF here IS NOT TRUE OR p_role NOT IN ('caseworker','specialist','team_lead') THEN k := 0; END IF; -- admin and auditor: never
  RETURN k;
END $$;
CREATE FUNCTION auth.perms(p_case uuid) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); -- one MAC check for user, role and municipality
BEGIN
  IF p[1] IS NULL THEN RETURN 0; END IF;
  RETURN auth._rights_of(p[1]::uuid, p[2], p[3]::int, p_case);
END $$;

-- The same decision as sets, each computed once per statement. Grants are few; a lead's right goes by team,
-- never by an array of every case of the team.
CREATE FUNCTION auth.my_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid;
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(DISTINCT g.case_id), '{}') FROM app.case_grant g JOIN app.case_file c ON c.id = g.case_id AND c.municipality = p[3]::int
    WHERE g.user_id = u AND g.revoked_at IS NULL AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()) AND NOT auth._excluded(u, g.case_id));
END $$;
CREATE FUNCTION auth.led_teams() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';');
BEGIN
  IF p[2] IS DISTINCT FROM 'team_lead' THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(tm.team_id), '{}') FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id AND t.municipality = p[3]::int
    WHERE tm.user_id = p[1]::uuid AND tm.is_lead AND (tm.valid_to IS NULL OR tm.valid_to > now()));
END $$;
CREATE FUNCTION auth.member_teams() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';');
BEGIN
  IF p[1] IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(tm.team_id), '{}') FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id AND t.municipality = p[3]::int
    WHERE tm.user_id = p[1]::uuid AND (tm.valid_to IS NULL OR tm.valid_to > now()));
END $$;
CREATE FUNCTION auth.barred() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(x.case_id), '{}') FROM app.case_exclusion x WHERE x.user_id = auth.uid() AND x.lifted_at IS NULL); END $$;

------------------------------------------------------------------ opening: two transactions, so that the trace is durable before content is shown
CREATE FUNCTION auth.opened(p_mask int) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text := auth._payload('app.open'); x text; r uuid[] := '{}';
BEGIN
  IF p IS NULL THEN RETURN r; END IF;
  FOREACH x IN ARRAY string_to_array(p, ',') LOOP
    IF x <> '' AND split_part(x, ':', 2)::int & p_mask = p_mask THEN r := r || split_part(x, ':', 1)::uuid; END IF;
  END LOOP;
  RETURN r;
END $$;
CREATE FUNCTION auth._opens(p_case uuid, p_rights int) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text := coalesce(auth._payload('app.open'), '') || p_case || ':' || p_rights || ',';
BEGIN PERFORM set_config('app.open', p || '.' || auth._mac('app.open|' || p), true); END $$;

-- open_case() decides, and logs either way; it never raises, so that the line survives.
-- p_purpose: a word the citizen may be told; empty means the purpose that follows from the right.
CREATE FUNCTION app.open_case(p_ref text, p_purpose text, p_page text) RETURNS TABLE (case_id uuid, rights int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE k int; n int; u uuid := auth.uid(); c uuid; g text; why text;
BEGIN
  IF u IS NULL THEN RETURN QUERY SELECT NULL::uuid, 0; RETURN; END IF;
  SELECT f.id INTO c FROM app.case_file f WHERE f.ref = p_ref;
  k := auth.perms(coalesce(c, gen_random_uuid()));
  SELECT x.kind INTO g FROM app.case_grant x WHERE x.case_id = coalesce(c, u) AND x.user_id = u AND x.revoked_at IS NULL
    ORDER BY array_position(ARRAY['responsible','coworker','lead','consulted'], x.kind) LIMIT 1;
  why := coalesce(nullif(p_purpose, ''), CASE g WHEN 'responsible' THEN 'task' WHEN 'coworker' THEN 'task' WHEN 'consulted' THEN 'consultation' ELSE 'lead_review' END) || ':' || p_page;
  IF k & 2 = 0 THEN -- hidden, excluded and non-existent look the same and cost the same
    PERFORM audit._append('user:' || u, 'case.denied', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  SELECT count(DISTINCT e.case_id) INTO n FROM audit.event e WHERE e.actor = u AND e.at > now() - interval '1 hour' AND e.action = 'case.open' AND e.case_id <> c;
  IF n >= 120 THEN -- nobody works on this many cases in an hour
    PERFORM audit._append('user:' || u, 'rate.blocked', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  PERFORM audit._append('case:' || c, 'case.open', c, why, NULL);
  RETURN QUERY SELECT c, k;
END $$;
-- use_case() opens the case for this transaction, if a COMMITTED opening of mine exists; it decides again.
CREATE FUNCTION app.use_case(p_case uuid) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE k int; ok boolean; me xid8 := pg_current_xact_id_if_assigned();
BEGIN
  SELECT true INTO ok FROM audit.event e WHERE e.actor = auth.uid() AND e.at > now() - interval '10 min' AND e.case_id = p_case AND e.action = 'case.open'
     AND (me IS NULL OR e.txid <> me) LIMIT 1; -- not xmin: inside a savepoint that is the subtransaction's id
  k := auth.perms(p_case);
  IF ok IS NOT TRUE OR k & 2 = 0 THEN RETURN 0; END IF;
  PERFORM auth._opens(p_case, k);
  RETURN k;
END $$;

------------------------------------------------------------------ registering, handing over, closing
CREATE FUNCTION app._notify(p_user uuid, p_case uuid, p_kind text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_user IS NULL OR p_user = auth.uid() OR (p_case IS NOT NULL AND auth._excluded(p_user, p_case)) THEN RETURN; END IF;
  INSERT INTO app.notice (to_user, case_id, kind) VALUES (p_user, p_case, p_kind);
END $$;
CREATE FUNCTION app._fresh_ref() RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE b bytea := public.gen_random_bytes(8); r text := ''; i int;
BEGIN -- no vowels but a digit or letter that cannot be misread; no word can come out
  FOR i IN 0..7 LOOP r := r || substr('23456789bcdfghjkmnpqrstvwxz', 1 + get_byte(b, i) % 27, 1); END LOOP;
  RETURN r;
END $$;
CREATE FUNCTION app._fresh_number() RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE n text; digits int;
BEGIN
  FOR try IN 1..40 LOOP
    digits := 4 + try / 8; -- a full year grows a digit
    n := to_char(now() AT TIME ZONE 'Europe/Copenhagen', 'YYYY') || '-' || lpad((('x' || encode(public.gen_random_bytes(4), 'hex'))::bit(32)::bigint % (10 ^ digits)::bigint)::text, digits, '0');
    IF NOT EXISTS (SELECT 1 FROM app.case_file f WHERE f.number = n) THEN RETURN n; END IF;
  END LOOP;
  RAISE EXCEPTION 'no free case number';
END $$;

-- create_case() makes the header, its grants and exclusions, and leaves the new case open for this transaction:
-- its first audit line commits together with its content, or neither exists.
CREATE FUNCTION app.create_case(p_team uuid, p_responsible uuid, p_confidentiality smallint, p_calling_name text, p_born date, p_exclude uuid[])
RETURNS TABLE (id uuid, ref text, number text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid(); c uuid := gen_random_uuid(); r text := app._fresh_ref(); n text := app._fresh_number(); e uuid; a text; o record;
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT t.area INTO a FROM app.team t JOIN app.team_member tm ON tm.team_id = t.id AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now())
    WHERE t.id = p_team AND t.municipality = auth.municipality();
  IF NOT FOUND OR u = ANY (p_exclude) OR p_responsible = ANY (p_exclude) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT x.role INTO o FROM auth.user_account x JOIN app.team_member tm ON tm.user_id = x.id AND tm.team_id = p_team WHERE x.id = p_responsible AND x.active AND x.role IN ('caseworker','team_lead');
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id)
    VALUES (c, r, n, auth.municipality(), p_team, a, p_confidentiality, p_responsible);
  INSERT INTO app.citizen_label VALUES (c, p_team, p_confidentiality, p_calling_name, p_born);
  INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, p_responsible, 'responsible', u, 'created');
  IF p_responsible <> u AND auth.role() = 'caseworker' THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, u, 'coworker', u, 'created');
  ELSIF p_responsible <> u THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, u, 'lead', u, 'created');
  END IF;
  FOREACH e IN ARRAY coalesce(p_exclude, '{}') LOOP
    INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES (c, e, 'creation', u);
  END LOOP;
  PERFORM audit._append('case:' || c, 'case.create', c, NULL, jsonb_build_object('excluded', coalesce(array_length(p_exclude, 1), 0)));
  PERFORM app._notify(p_responsible, c, 'case.assigned');
  PERFORM auth._opens(c, 127);
  RETURN QUERY SELECT c, r, n;
END $$;

CREATE FUNCTION app._demand(p_case uuid, p_right int) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN IF NOT p_case = ANY (auth.opened(p_right)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF; END $$;
-- may a person be given access at all? Excluded and unfit look the same to the asker: false.
CREATE FUNCTION app._may_receive(p_user uuid, p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM auth.user_account x WHERE x.id = p_user AND x.active AND x.role IN ('caseworker','specialist','team_lead') AND x.municipality = auth.municipality())
  AND NOT auth._excluded(p_user, p_case); END $$;

CREATE FUNCTION app.grant_access(p_case uuid, p_user uuid, p_kind text, p_to timestamptz, p_reason text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE until timestamptz := p_to;
BEGIN
  IF p_kind = 'responsible' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF; -- hand_over() does that
  IF p_kind = 'consulted' AND p_case = ANY (auth.opened(8)) THEN -- a co-worker may ask for advice, for at most 14 days
    IF NOT p_case = ANY (auth.opened(32)) THEN until := least(coalesce(p_to, now() + interval '14 days'), now() + interval '14 days'); END IF;
  ELSE PERFORM app._demand(p_case, 32); END IF;
  IF p_kind = 'consulted' THEN until := least(coalesce(until, now() + interval '14 days'), now() + interval '60 days'); END IF;
  IF NOT app._may_receive(p_user, p_case) THEN RETURN false; END IF;
  UPDATE app.case_grant SET revoked_at = now() WHERE case_id = p_case AND user_id = p_user AND kind <> 'responsible' AND revoked_at IS NULL;
  IF EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = p_case AND g.user_id = p_user AND g.kind = 'responsible' AND g.revoked_at IS NULL) THEN RETURN true; END IF;
  INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason) VALUES (p_case, p_user, p_kind, until, auth.uid(), p_reason);
  PERFORM audit._append('case:' || p_case, 'access.grant', p_case, p_user::text, jsonb_build_object('kind', p_kind, 'to', until, 'reason', p_reason));
  PERFORM app._notify(p_user, p_case, 'access.granted');
  RETURN true;
END $$;
CREATE FUNCTION app.revoke_access(p_case uuid, p_user uuid, p_reason text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 32);
  UPDATE app.case_grant SET revoked_at = now() WHERE case_id = p_case AND user_id = p_user AND kind <> 'responsible' AND revoked_at IS NULL;
  IF FOUND THEN PERFORM audit._append('case:' || p_case, 'access.revoke', p_case, p_user::text, jsonb_build_object('reason', p_reason)); END IF;
END $$;
CREATE FUNCTION app.hand_over(p_case uuid, p_user uuid, p_reason text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE old uuid;
BEGIN
  PERFORM app._demand(p_case, 32);
  IF NOT app._may_receive(p_user, p_case) OR NOT EXISTS (SELECT 1 FROM auth.user_account x WHERE x.id = p_user AND x.role IN ('caseworker','team_lead')) THEN RETURN false; END IF;
  SELECT f.responsible_id INTO old FROM app.case_file f WHERE f.id = p_case FOR UPDATE;
  IF old = p_user THEN RETURN true; END IF;
  UPDATE app.case_grant SET revoked_at = now() WHERE case_id = p_case AND revoked_at IS NULL AND (kind = 'responsible' OR user_id = p_user);
  INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (p_case, p_user, 'responsible', auth.uid(), p_reason);
  UPDATE app.case_file SET responsible_id = p_user, version = version + 1 WHERE id = p_case;
  PERFORM audit._append('case:' || p_case, 'case.hand_over', p_case, p_user::text, jsonb_build_object('from', old, 'reason', p_reason));
  PERFORM app._notify(p_user, p_case, 'case.assigned');
  PERFORM app._notify(old, p_case, 'case.handed_over');
  RETURN true;
END $$;
CREATE FUNCTION app.exclude_user(p_case uuid, p_user uuid, p_reason text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_user = auth.uid() AND p_case = ANY (auth.opened(2))) THEN PERFORM app._demand(p_case, 32); END IF;
  IF auth._excluded(p_user, p_case) THEN RETURN; END IF;
  INSERT INTO app.case_exclusion (case_id, user_id, source, reason, set_by)
    VALUES (p_case, p_user, CASE WHEN p_user = auth.uid() THEN 'self' ELSE 'leader' END, p_reason, auth.uid());
  PERFORM audit._append('case:' || p_case, 'access.exclude', p_case, p_user::text, jsonb_build_object('reason', p_reason));
END $$;
-- the first call asks, the second, by another person, lifts
CREATE FUNCTION app.lift_exclusion(p_case uuid, p_user uuid, p_reason text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE x record;
BEGIN
  PERFORM app._demand(p_case, 32);
  SELECT e.id, e.lift_requested_by INTO x FROM app.case_exclusion e WHERE e.case_id = p_case AND e.user_id = p_user AND e.lifted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN 'none'; END IF;
  IF x.lift_requested_by IS NULL OR x.lift_requested_by = auth.uid() THEN
    UPDATE app.case_exclusion SET lift_requested_by = auth.uid(), lift_reason = p_reason WHERE id = x.id;
    PERFORM audit._append('case:' || p_case, 'access.lift_requested', p_case, p_user::text, jsonb_build_object('reason', p_reason));
    RETURN 'requested';
  END IF;
  UPDATE app.case_exclusion SET lifted_at = now(), lifted_by = auth.uid() WHERE id = x.id;
  PERFORM audit._append('case:' || p_case, 'access.lifted', p_case, p_user::text, NULL);
  RETURN 'lifted';
END $$;
-- raising the level is one person's act; lowering a seal takes two: the answer is 'done' or 'requested'
CREATE FUNCTION app.set_confidentiality(p_case uuid, p_level smallint, p_reason text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE now_level smallint; q record;
BEGIN
  PERFORM app._demand(p_case, 32);
  SELECT f.confidentiality INTO now_level FROM app.case_file f WHERE f.id = p_case FOR UPDATE;
  IF now_level = p_level THEN RETURN 'done'; END IF;
  IF now_level = 2 THEN
    SELECT r.id, r.requested_by, r.to_level INTO q FROM app.unseal_request r WHERE r.case_id = p_case AND r.approved_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO app.unseal_request (case_id, to_level, reason, requested_by) VALUES (p_case, p_level, p_reason, auth.uid());
      PERFORM audit._append('case:' || p_case, 'case.unseal_requested', p_case, p_level::text, jsonb_build_object('reason', p_reason));
      RETURN 'requested';
    END IF;
    IF q.requested_by = auth.uid() OR q.to_level <> p_level THEN RETURN 'requested'; END IF;
    UPDATE app.unseal_request SET approved_by = auth.uid(), approved_at = now() WHERE id = q.id;
  END IF;
  UPDATE app.case_file SET confidentiality = p_level, version = version + 1 WHERE id = p_case;
  PERFORM audit._append('case:' || p_case, 'case.level', p_case, p_level::text, jsonb_build_object('from', now_level, 'reason', p_reason));
  RETURN 'done';
END $$;
CREATE FUNCTION app.close_case(p_case uuid, p_code text, p_reason text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 32);
  UPDATE app.case_file SET status = 'closed', closed_at = now(), active_at = now(), version = version + 1 WHERE id = p_case AND status = 'open';
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO app.case_closing (case_id, reason_code, reason, closed_by) VALUES (p_case, p_code, p_reason, auth.uid());
  PERFORM audit._append('case:' || p_case, 'case.close', p_case, p_code, jsonb_build_object('reason', p_reason));
END $$;
CREATE FUNCTION app.reopen_case(p_case uuid, p_reason text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 32);
  UPDATE app.case_file SET status = 'open', closed_at = NULL, active_at = now(), version = version + 1 WHERE id = p_case AND status = 'closed';
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE app.case_closing SET reopened_by = auth.uid(), reopened_at = now(), reopen_reason = p_reason WHERE case_id = p_case AND reopened_at IS NULL;
  PERFORM audit._append('case:' || p_case, 'case.reopen', p_case, NULL, jsonb_build_object('reason', p_reason));
  PERFORM auth._opens(p_case, auth.perms(p_case)); -- the same transaction may write again
END $$;
CREATE FUNCTION app.read_notices() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.notice SET read_at = now() WHERE to_user = auth.uid() AND read_at IS NULL; END $$;

-- the case's team and level, copied onto the rows that lists ask for; the composite key keeps them right
CREATE FUNCTION app.fill_case_scope() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT f.team_id, f.confidentiality INTO NEW.team_id, NEW.confidentiality FROM app.case_file f WHERE f.id = NEW.case_id;
  RETURN NEW;
END $$;

GRANT EXECUTE ON FUNCTION auth.perms(uuid), auth.my_cases(), auth.led_teams(), auth.member_teams(), auth.barred(), auth.opened(int),
  app.open_case(text,text,text), app.use_case(uuid), app.create_case(uuid,uuid,smallint,text,date,uuid[]), app.grant_access(uuid,uuid,text,timestamptz,text),
  app.revoke_access(uuid,uuid,text), app.hand_over(uuid,uuid,text), app.exclude_user(uuid,uuid,text), app.lift_exclusion(uuid,uuid,text),
  app.set_confidentiality(uuid,smallint,text), app.close_case(uuid,text,text), app.reopen_case(uuid,text), app.read_notices() TO samspil_app;

------------------------------------------------------------------ policies
-- opened() first: a page about one case never computes the sets; each set is one array per statement (InitPlan).
CREATE FUNCTION meta.case_list(t regclass, id_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN -- rows of lists that only readers of the content may see: mine, or my team's as its lead
  EXECUTE format($p$CREATE POLICY sel ON %1$s FOR SELECT TO samspil_app USING (%2$I = ANY ((SELECT auth.opened(2))::uuid[]) OR %2$I = ANY ((SELECT auth.my_cases())::uuid[])
    OR (confidentiality < 2 AND team_id = ANY ((SELECT auth.led_teams())::uuid[]) AND %2$I <> ALL ((SELECT auth.barred())::uuid[])))$p$, t, id_column);
END $$;
CREATE POLICY sel ON app.case_file FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.opened(1))::uuid[]) OR id = ANY ((SELECT auth.my_cases())::uuid[])
  OR ((confidentiality < 2 AND team_id = ANY ((SELECT auth.led_teams())::uuid[]) OR confidentiality = 0 AND team_id = ANY ((SELECT auth.member_teams())::uuid[]))
      AND id <> ALL ((SELECT auth.barred())::uuid[])));
CREATE POLICY upd ON app.case_file FOR UPDATE TO samspil_app USING (id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (id = ANY ((SELECT auth.opened(8))::uuid[]));
SELECT meta.case_list('app.citizen_label', 'case_id');
CREATE POLICY upd ON app.citizen_label FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY sel ON app.case_grant FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR user_id = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.my_cases())::uuid[]));
CREATE POLICY sel ON app.case_exclusion FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(32))::uuid[]));
CREATE POLICY sel ON app.unseal_request FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(32))::uuid[]));
CREATE POLICY sel ON app.case_closing FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.notice FOR SELECT TO samspil_app USING (to_user = (SELECT auth.uid()));
-- who looked: the case's responsible and lead for their opened case; the auditor everywhere but where excluded
CREATE POLICY sel ON audit.event FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(32))::uuid[])
  OR ((SELECT auth.role()) = 'auditor' AND (case_id IS NULL OR case_id <> ALL ((SELECT auth.barred())::uuid[]))));
GRANT SELECT ON app.case_file, app.citizen_label, app.case_grant, app.case_exclusion, app.unseal_request, app.case_closing, app.notice TO samspil_app;
GRANT UPDATE (severity, severity_set_at, certainty, origin, phase, conflict_phase, version) ON app.case_file TO samspil_app;
GRANT UPDATE (calling_name, born) ON app.citizen_label TO samspil_app;
SELECT meta.settle();
