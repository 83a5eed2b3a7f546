-- What somebody searched for, under a random token: the word itself never stands in an address, a log or a history
-- (R12). It is the searcher's alone, and gone after ten minutes. The word is sealed by the app; what the search
-- compares is folded, and a CPR number is there only as its blind index, which the app's login cannot read.
CREATE TABLE app.search_token (
  id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.user_account, at timestamptz NOT NULL DEFAULT now(),
  number text NOT NULL, name_folded text NOT NULL, cpr_bidx bytea, word bytea NOT NULL CHECK (octet_length(word) <= 4000)
);
CREATE INDEX ON app.search_token (at);
SELECT meta.guard('app.search_token', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY sel ON app.search_token FOR SELECT TO samspil_app USING (user_id = (SELECT auth.uid()) AND at > now() - interval '10 minutes');
GRANT SELECT (id, user_id, at, word) ON app.search_token TO samspil_app;

CREATE FUNCTION app.keep_search(p_id uuid, p_number text, p_name text, p_cpr_bidx bytea, p_word bytea) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  DELETE FROM app.search_token WHERE at < now() - interval '10 minutes'; -- everybody's
  INSERT INTO app.search_token AS t (id, user_id, number, name_folded, cpr_bidx, word) VALUES (p_id, auth.uid(), p_number, p_name, p_cpr_bidx, p_word)
  ON CONFLICT (id) DO UPDATE SET at = now(), number = EXCLUDED.number, name_folded = EXCLUDED.name_folded, cpr_bidx = EXCLUDED.cpr_bidx, word = EXCLUDED.word
   WHERE t.user_id = EXCLUDED.user_id;
END $$;

-- found_cases() is find_cases() for a kept search: the same rule, the same line in the trail.
CREATE FUNCTION app.found_cases(p_id uuid) RETURNS TABLE (case_id uuid, ref text, number text, area text, status text,
  responsible_id uuid, name text, born date, found_by text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  SELECT t.number, t.name_folded, t.cpr_bidx INTO s FROM app.search_token t WHERE t.id = p_id AND t.user_id = auth.uid() AND t.at > now() - interval '10 minutes';
  IF FOUND THEN RETURN QUERY SELECT * FROM app.find_cases(s.number, s.name_folded, s.cpr_bidx); END IF;
END $$;

-- the same folding as casefile.Fold
CREATE FUNCTION app._fold(p_name text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE f text := lower(normalize(p_name, NFC));
BEGIN
  f := public.unaccent(replace(replace(replace(f, 'å', 'aa'), 'ø', 'oe'), 'æ', 'ae'));
  RETURN btrim(regexp_replace(regexp_replace(f, '[''’ʼ`]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'));
END $$;
-- found_partners() finds people and organisations of the directory by name. The directory is small and open to everybody
-- who is signed in; of those who may not show a surname, the first name is all there is to find.
CREATE FUNCTION app.found_partners(p_id uuid) RETURNS TABLE (contact_id uuid, organisation_id uuid, name text, title text, organisation text, external boolean, photo_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE w text;
BEGIN
  SELECT t.name_folded INTO w FROM app.search_token t WHERE t.id = p_id AND t.user_id = auth.uid() AND t.at > now() - interval '10 minutes';
  IF NOT FOUND OR length(w) < 2 THEN RETURN; END IF;
  RETURN QUERY SELECT z.c, z.o, z.n, z.t, z.org, z.ext, z.ph FROM (
    SELECT p.id AS c, o.id AS o, x.shown AS n, p.title AS t, o.name AS org, o.kind = 'external' AS ext, p.photo_id AS ph, app._fold(x.shown) AS f, 0 AS rank
      FROM app.contact_person p JOIN app.organisation o ON o.id = p.organisation_id AND o.active
      CROSS JOIN LATERAL (SELECT CASE WHEN p.first_name_only THEN split_part(btrim(p.name), ' ', 1) ELSE p.name END AS shown) x WHERE p.active
    UNION ALL
    SELECT NULL, o.id, o.name, '', o.name, o.kind = 'external', NULL, app._fold(o.name), 1 FROM app.organisation o WHERE o.active) z
   WHERE position(w IN z.f) > 0 OR z.f OPERATOR(public.%>) w
   ORDER BY z.rank, position(w IN z.f) = 0, z.n, z.o LIMIT 20;
END $$;
GRANT EXECUTE ON FUNCTION app.keep_search(uuid,text,text,bytea,bytea), app.found_cases(uuid), app.found_partners(uuid) TO samspil_app;
SELECT meta.settle();
