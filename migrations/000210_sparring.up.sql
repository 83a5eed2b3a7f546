-- Sparring (domain.md 1.7, 1.27; R9, R10): a question to colleagues and partners, anonymous until consent or a basis is recorded.
-- The question stands outside the case. Who is asked reads it and opens no case: nothing that they can read says which one it is.
-- What ties the two together is app.sparring_case, which only the readers of the case see. Nothing here is written but by the
-- functions below, and nothing that was sent is ever changed (R13).
CREATE TABLE app.sparring (
  id uuid PRIMARY KEY, municipality int NOT NULL REFERENCES app.municipality,
  question text NOT NULL CHECK (btrim(question) <> ''), body text NOT NULL CHECK (btrim(body) <> ''), -- without names, numbers and places
  due_on date, put_by uuid NOT NULL REFERENCES auth.user_account, put_at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  late_told_at timestamptz,                                  -- the asker was told that the day has gone
  ended_at timestamptz, ended_by uuid REFERENCES auth.user_account, helped text CHECK (helped IN ('yes','no')), helped_words text NOT NULL DEFAULT '',
  UNIQUE (put_by, request_key),
  CONSTRAINT no_cpr CHECK (question || ' ' || body || ' ' || helped_words !~ '(^|[^0-9])[0-9]{6}[- ]?[0-9]{4}([^0-9]|$)'),
  CONSTRAINT ended_says_how CHECK (num_nonnulls(ended_at, ended_by, helped) IN (0, 3) AND (ended_at IS NULL OR btrim(helped_words) <> ''))
);

-- Which case it is about: for those who may open the case.
CREATE TABLE app.sparring_case (
  id uuid PRIMARY KEY REFERENCES app.sparring, case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  UNIQUE (case_id, id),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX ON app.sparring_case (case_id);
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.sparring_case FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();

-- Who is asked: a colleague, or a contact person who has no account and answers by telephone or a link.
CREATE TABLE app.sparring_ask (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sparring_id uuid NOT NULL REFERENCES app.sparring,
  user_id uuid REFERENCES auth.user_account, contact_id uuid REFERENCES app.contact_person,
  asked_by uuid NOT NULL REFERENCES auth.user_account, asked_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz, reminded_at timestamptz,           -- settled: answered, or no longer waited for
  UNIQUE (sparring_id, id), UNIQUE (sparring_id, user_id), UNIQUE (sparring_id, contact_id),
  CONSTRAINT one_is_asked CHECK (num_nonnulls(user_id, contact_id) = 1), CONSTRAINT another_is_asked CHECK (user_id IS DISTINCT FROM asked_by)
);
CREATE INDEX sparring_waits ON app.sparring_ask (user_id) WHERE settled_at IS NULL;
CREATE INDEX ON app.sparring_ask (user_id, sparring_id);

-- What is said: by who is asked (with ask_id), who answers or asks back, and by the case (without).
CREATE TABLE app.sparring_message (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sparring_id uuid NOT NULL, ask_id uuid,
  kind text NOT NULL CHECK (kind IN ('answer','question','reply')), body text NOT NULL CHECK (btrim(body) <> ''),
  author uuid NOT NULL REFERENCES auth.user_account, said_at timestamptz NOT NULL DEFAULT clock_timestamp(), request_key uuid,
  UNIQUE (author, request_key),
  FOREIGN KEY (sparring_id) REFERENCES app.sparring, FOREIGN KEY (sparring_id, ask_id) REFERENCES app.sparring_ask (sparring_id, id),
  CONSTRAINT no_cpr CHECK (body !~ '(^|[^0-9])[0-9]{6}[- ]?[0-9]{4}([^0-9]|$)'), CONSTRAINT the_asked_answer CHECK ((kind = 'reply') = (ask_id IS NULL))
);
CREATE INDEX ON app.sparring_message (sparring_id, said_at);

-- The same question with names, on a basis. The anonymous one stays beside it.
CREATE TABLE app.sparring_named (
  sparring_id uuid PRIMARY KEY REFERENCES app.sparring, body text NOT NULL CHECK (btrim(body) <> ''),
  legal_basis text NOT NULL CHECK (btrim(legal_basis) NOT IN ('', 'ANONYMOUS')), purpose text NOT NULL CHECK (btrim(purpose) <> ''),
  consent text NOT NULL CHECK (consent IN ('yes','no','not_asked')), named_by uuid NOT NULL REFERENCES auth.user_account, named_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT consent_is_given CHECK (legal_basis <> 'CONSENT' OR consent = 'yes'),
  CONSTRAINT no_cpr CHECK (body !~ '(^|[^0-9])[0-9]{6}[- ]?[0-9]{4}([^0-9]|$)')
);

-- What others can learn from it. Published, all caseworkers of the municipality read it; it does not say whose it is.
CREATE TABLE app.sparring_learning (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sparring_id uuid NOT NULL REFERENCES app.sparring, municipality int NOT NULL REFERENCES app.municipality,
  title text NOT NULL CHECK (btrim(title) <> ''), body text NOT NULL CHECK (btrim(body) <> ''),
  proposed_by uuid NOT NULL REFERENCES auth.user_account, proposed_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed','published','returned')),
  answered_by uuid REFERENCES auth.user_account, answered_at timestamptz, words text NOT NULL DEFAULT '',
  CONSTRAINT another_publishes CHECK (answered_by <> proposed_by), CONSTRAINT answered CHECK (num_nonnulls(answered_by, answered_at) = CASE state WHEN 'proposed' THEN 0 ELSE 2 END),
  CONSTRAINT returned_says_why CHECK (state <> 'returned' OR btrim(words) <> ''),
  CONSTRAINT no_cpr CHECK (title || ' ' || body !~ '(^|[^0-9])[0-9]{6}[- ]?[0-9]{4}([^0-9]|$)')
);
CREATE UNIQUE INDEX one_learning ON app.sparring_learning (sparring_id) WHERE state <> 'returned';

------------------------------------------------------------------ who reads
SELECT meta.guard('app.sparring', 'SELECT, INSERT, UPDATE (late_told_at, ended_at, ended_by, helped, helped_words)');
SELECT meta.guard('app.sparring_case', 'SELECT, INSERT');
SELECT meta.guard('app.sparring_ask', 'SELECT, INSERT, UPDATE (settled_at, reminded_at)');
SELECT meta.guard('app.sparring_message', 'SELECT, INSERT');
SELECT meta.guard('app.sparring_named', 'SELECT, INSERT');
SELECT meta.guard('app.sparring_learning', 'SELECT, INSERT, UPDATE (state, answered_by, answered_at, words)');
SELECT meta.case_list('app.sparring_case', 'case_id');

-- The questions that I have asked or am asked: none of a case that I am kept out of, and none of another municipality.
CREATE FUNCTION auth.my_sparring() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid;
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(s.id), '{}') FROM app.sparring s JOIN app.sparring_case k ON k.id = s.id
    WHERE (s.put_by = u OR EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = s.id AND a.user_id = u)) AND s.municipality = p[3]::int AND NOT auth._excluded(u, k.case_id));
END $$;
-- The questions of the cases that are open.
CREATE FUNCTION auth.opened_sparring() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(k.id), '{}') FROM app.sparring_case k WHERE k.case_id = ANY (auth.opened(2))); END $$;
-- The learnings that wait for me: a lead of the case's team, or any lead where the writer leads it; never the writer, nor who is kept
-- out of the case that it comes from.
CREATE FUNCTION auth.learnings_to_judge() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';');
BEGIN
  IF coalesce(p[2], '') <> 'team_lead' THEN RETURN '{}'; END IF;
  RETURN (SELECT coalesce(array_agg(l.id), '{}') FROM app.sparring_learning l JOIN app.sparring_case k ON k.id = l.sparring_id
    WHERE l.state = 'proposed' AND l.municipality = p[3]::int AND l.proposed_by <> p[1]::uuid AND NOT auth._excluded(p[1]::uuid, k.case_id)
      AND (k.team_id = ANY (auth.led_teams()) OR EXISTS (SELECT 1 FROM app.team_member m WHERE m.team_id = k.team_id AND m.user_id = l.proposed_by AND m.is_lead)));
END $$;
CREATE POLICY sel ON app.sparring FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.my_sparring())::uuid[]) OR id = ANY ((SELECT auth.opened_sparring())::uuid[]));
-- A colleague does not see which partners are asked: that may tell where the family lives.
CREATE POLICY sel ON app.sparring_ask FOR SELECT TO samspil_app USING ((user_id IS NOT NULL OR asked_by = (SELECT auth.uid())) AND sparring_id = ANY ((SELECT auth.my_sparring())::uuid[]) OR sparring_id = ANY ((SELECT auth.opened_sparring())::uuid[]));
CREATE POLICY sel ON app.sparring_message FOR SELECT TO samspil_app USING (sparring_id = ANY ((SELECT auth.my_sparring())::uuid[]) OR sparring_id = ANY ((SELECT auth.opened_sparring())::uuid[]));
CREATE POLICY sel ON app.sparring_named FOR SELECT TO samspil_app USING (sparring_id = ANY ((SELECT auth.my_sparring())::uuid[]) OR sparring_id = ANY ((SELECT auth.opened_sparring())::uuid[]));
CREATE POLICY sel ON app.sparring_learning FOR SELECT TO samspil_app USING (state = 'published' AND municipality = (SELECT auth.municipality()) AND (SELECT auth.role()) IN ('caseworker','specialist','team_lead')
  OR proposed_by = (SELECT auth.uid()) OR id = ANY ((SELECT auth.learnings_to_judge())::uuid[]));
GRANT SELECT ON app.sparring, app.sparring_case, app.sparring_ask, app.sparring_message, app.sparring_named, app.sparring_learning TO samspil_app;

------------------------------------------------------------------ who writes
CREATE FUNCTION app._refuse_sparring(p_name text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE check_violation USING MESSAGE = 'sparring', CONSTRAINT = p_name; END $$;
-- Who writes in the case, or leads it.
CREATE FUNCTION app._asks_of(p_case uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(54))) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
END $$;
-- The question of the opened case that has not ended; it waits for whoever else writes in it.
CREATE FUNCTION app._open_sparring(p_case uuid, p_id uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE over timestamptz;
BEGIN
  PERFORM app._asks_of(p_case);
  SELECT s.ended_at INTO over FROM app.sparring s JOIN app.sparring_case k ON k.id = s.id WHERE k.case_id = p_case AND s.id = p_id FOR UPDATE OF s;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF over IS NOT NULL THEN PERFORM app._refuse_sparring('sparring_is_over'); END IF;
END $$;
-- The program has compared with every protected fact; and, where the text is to be anonymous, no name of the case stands in it with
-- a capital: the program looks closer, this holds also where it does not.
CREATE FUNCTION app._looked_through(p_case uuid, p_text text, p_scanned int, p_anonymous boolean) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._facts_wait(p_case);
  IF p_scanned IS DISTINCT FROM (SELECT count(*)::int FROM app.protected_fact f WHERE f.case_id = p_case AND f.retired_at IS NULL) THEN PERFORM app._refuse_sparring('scan_is_whole'); END IF;
  IF p_anonymous AND EXISTS (SELECT 1 FROM app.person p, regexp_split_to_table(p.name, '[^[:alpha:]]+') w WHERE p.case_id = p_case AND length(w) >= 3 AND p_text ~ ('\m' || initcap(w) || '(s|''s|’s)?\M')) THEN
    PERFORM app._refuse_sparring('names_nobody');
  END IF;
END $$;
CREATE FUNCTION app._ask_sparring(p_case uuid, p_id uuid, p_users uuid[], p_contacts uuid[]) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; n int := 0; sealed boolean := (SELECT f.confidentiality = 2 FROM app.case_file f WHERE f.id = p_case); named boolean := EXISTS (SELECT 1 FROM app.sparring_named x WHERE x.sparring_id = p_id);
BEGIN
  FOR r IN SELECT DISTINCT u AS id FROM unnest(p_users) u LOOP
    -- nobody who is kept out of the case, and nobody who asks; with names, of a sealed case, only who may open it
    IF NOT app._may_receive(r.id, p_case) OR EXISTS (SELECT 1 FROM app.sparring s WHERE s.id = p_id AND s.put_by = r.id) OR named AND sealed AND NOT app._opens_case(r.id, p_case) THEN
      PERFORM app._refuse_sparring('may_be_asked');
    END IF;
    INSERT INTO app.sparring_ask (sparring_id, user_id, asked_by) VALUES (p_id, r.id, auth.uid()) ON CONFLICT DO NOTHING;
    IF FOUND THEN n := n + 1; PERFORM app._notify(r.id, NULL, 'sparring.asked'); END IF;
  END LOOP;
  FOR r IN SELECT DISTINCT c AS id FROM unnest(p_contacts) c LOOP
    IF named OR NOT EXISTS (SELECT 1 FROM app.contact_person x JOIN app.organisation o ON o.id = x.organisation_id WHERE x.id = r.id AND x.active AND o.active) THEN PERFORM app._refuse_sparring('may_be_asked'); END IF;
    INSERT INTO app.sparring_ask (sparring_id, contact_id, asked_by) VALUES (p_id, r.id, auth.uid()) ON CONFLICT DO NOTHING;
    IF FOUND THEN n := n + 1; END IF;
  END LOOP;
  RETURN n;
END $$;

-- sparring_colleagues() are those who may be asked: everybody who works with cases here, but who is kept out of this one. What they
-- know about, and how many questions wait for them.
CREATE FUNCTION app.sparring_colleagues(p_case uuid) RETURNS TABLE (id uuid, name text, title text, competences text[], photo_id uuid, waiting int) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 30 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(54))) THEN RETURN; END IF;
  RETURN QUERY SELECT u.id, u.display_name, u.title, u.competences, u.photo_id, (SELECT count(*)::int FROM app.sparring_ask a WHERE a.user_id = u.id AND a.settled_at IS NULL)
    FROM auth.user_account u WHERE u.id <> auth.uid() AND u.municipality = auth.municipality() AND app._may_receive(u.id, p_case) ORDER BY u.display_name, u.id;
END $$;

-- put_sparring() sends a question. The same form sent twice is one.
CREATE FUNCTION app.put_sparring(p_case uuid, p_id uuid, p_key uuid, p_question text, p_body text, p_due date, p_users uuid[], p_contacts uuid[], p_scanned int) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE had uuid;
BEGIN
  PERFORM app._asks_of(p_case);
  SELECT s.id INTO had FROM app.sparring s JOIN app.sparring_case k ON k.id = s.id WHERE s.put_by = auth.uid() AND s.request_key = p_key AND k.case_id = p_case;
  IF had IS NOT NULL THEN RETURN had; END IF;
  PERFORM app._looked_through(p_case, p_question || ' ' || p_body, p_scanned, true);
  INSERT INTO app.sparring (id, municipality, question, body, due_on, put_by, request_key) VALUES (p_id, auth.municipality(), btrim(p_question), btrim(p_body), p_due, auth.uid(), p_key);
  INSERT INTO app.sparring_case (id, case_id) VALUES (p_id, p_case);
  IF app._ask_sparring(p_case, p_id, p_users, p_contacts) = 0 THEN PERFORM app._refuse_sparring('may_be_asked'); END IF;
  RETURN p_id;
END $$;
CREATE FUNCTION app.ask_sparring(p_case uuid, p_id uuid, p_users uuid[], p_contacts uuid[]) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._open_sparring(p_case, p_id);
  RETURN app._ask_sparring(p_case, p_id, p_users, p_contacts);
END $$;

-- say_sparring() is what a colleague who is asked says: an answer, or a question back. It opens no case; who asked is told, and the
-- case has an event. It is not compared with the case's names: who does not know them must not find them out by trying.
CREATE FUNCTION app.say_sparring(p_id uuid, p_key uuid, p_kind text, p_body text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  IF NOT p_id = ANY (auth.my_sparring()) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT a.id, x.put_by, x.ended_at, k.case_id INTO s FROM app.sparring_ask a JOIN app.sparring x ON x.id = a.sparring_id JOIN app.sparring_case k ON k.id = x.id
    WHERE a.sparring_id = p_id AND a.user_id = auth.uid() FOR UPDATE OF x;
  IF NOT FOUND OR p_kind NOT IN ('answer','question') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF s.ended_at IS NOT NULL THEN PERFORM app._refuse_sparring('sparring_is_over'); END IF;
  INSERT INTO app.sparring_message (sparring_id, ask_id, kind, body, author, request_key) VALUES (p_id, s.id, p_kind, btrim(p_body), auth.uid(), p_key) ON CONFLICT (author, request_key) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  IF p_kind = 'answer' THEN UPDATE app.sparring_ask a SET settled_at = coalesce(a.settled_at, now()) WHERE a.id = s.id; END IF;
  PERFORM app._event(s.case_id, auth.uid(), 'sparring.' || CASE p_kind WHEN 'answer' THEN 'answered' ELSE 'asked_back' END, p_id, '{}');
  IF app._opens_case(s.put_by, s.case_id) THEN PERFORM app._notify(s.put_by, s.case_id, 'sparring.answered'); END IF;
  RETURN true;
END $$;

-- reply_sparring() is what the case says in the thread, or, with p_ask, what a contact person has said to somebody of the case.
CREATE FUNCTION app.reply_sparring(p_case uuid, p_id uuid, p_key uuid, p_ask uuid, p_body text, p_scanned int) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._open_sparring(p_case, p_id);
  PERFORM app._looked_through(p_case, p_body, p_scanned, NOT EXISTS (SELECT 1 FROM app.sparring_named x WHERE x.sparring_id = p_id));
  IF p_ask IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.id = p_ask AND a.contact_id IS NOT NULL) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  INSERT INTO app.sparring_message (sparring_id, ask_id, kind, body, author, request_key) VALUES (p_id, p_ask, CASE WHEN p_ask IS NULL THEN 'reply' ELSE 'answer' END, btrim(p_body), auth.uid(), p_key) ON CONFLICT (author, request_key) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE app.sparring_ask a SET settled_at = coalesce(a.settled_at, now()) WHERE a.id = p_ask;
  IF p_ask IS NULL THEN -- those who have asked back hear of it
    FOR r IN SELECT a.user_id AS id FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT auth._excluded(a.user_id, p_case)
              AND EXISTS (SELECT 1 FROM app.sparring_message m WHERE m.ask_id = a.id) LOOP
      PERFORM app._notify(r.id, NULL, 'sparring.replied');
    END LOOP;
  END IF;
  RETURN true;
END $$;

-- name_sparring() puts the question with names beside the anonymous one. Every contact person who is asked stands in the register of
-- sharings, as of this transaction; of a sealed case nobody reads it who may not open the case (R10).
CREATE FUNCTION app.name_sparring(p_case uuid, p_id uuid, p_body text, p_basis text, p_purpose text, p_consent text, p_scanned int) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._open_sparring(p_case, p_id);
  PERFORM app._looked_through(p_case, p_body || ' ' || p_purpose, p_scanned, false);
  IF EXISTS (SELECT 1 FROM app.case_file f JOIN app.sparring_ask a ON a.sparring_id = p_id WHERE f.id = p_case AND f.confidentiality = 2 AND a.user_id IS NOT NULL AND NOT app._opens_case(a.user_id, p_case)) THEN
    PERFORM app._refuse_sparring('sealed_stays_anonymous');
  END IF;
  IF EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.sharing h
       WHERE h.case_id = p_case AND h.contact_id = a.contact_id AND h.direction = 'out' AND h.status = 'shared' AND h.written_at = now())) THEN
    PERFORM app._refuse_sparring('named_is_registered');
  END IF;
  INSERT INTO app.sparring_named (sparring_id, body, legal_basis, purpose, consent, named_by) VALUES (p_id, btrim(p_body), p_basis, btrim(p_purpose), p_consent, auth.uid()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR r IN SELECT a.user_id AS id FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT auth._excluded(a.user_id, p_case) LOOP
    PERFORM app._notify(r.id, NULL, 'sparring.named');
  END LOOP;
  RETURN true;
END $$;

-- end_sparring() says whether it helped; nobody is waited for any more.
CREATE FUNCTION app.end_sparring(p_case uuid, p_id uuid, p_helped text, p_words text, p_scanned int) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._open_sparring(p_case, p_id);
  PERFORM app._looked_through(p_case, p_words, p_scanned, NOT EXISTS (SELECT 1 FROM app.sparring_named x WHERE x.sparring_id = p_id));
  UPDATE app.sparring s SET ended_at = now(), ended_by = auth.uid(), helped = p_helped, helped_words = btrim(p_words) WHERE s.id = p_id;
  FOR r IN SELECT a.user_id AS id FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT auth._excluded(a.user_id, p_case) LOOP
    PERFORM app._notify(r.id, NULL, 'sparring.ended');
  END LOOP;
  UPDATE app.sparring_ask a SET settled_at = now() WHERE a.sparring_id = p_id AND a.settled_at IS NULL;
END $$;

-- learn_sparring() proposes what others can learn; the leads of the case's team are told.
CREATE FUNCTION app.learn_sparring(p_case uuid, p_id uuid, p_title text, p_body text, p_scanned int) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._asks_of(p_case);
  IF NOT EXISTS (SELECT 1 FROM app.sparring_case k WHERE k.case_id = p_case AND k.id = p_id) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM app._looked_through(p_case, p_title || ' ' || p_body, p_scanned, true);
  INSERT INTO app.sparring_learning (sparring_id, municipality, title, body, proposed_by) VALUES (p_id, auth.municipality(), btrim(p_title), btrim(p_body), auth.uid()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR r IN SELECT m.user_id AS id FROM app.case_file f JOIN app.team_member m ON m.team_id = f.team_id AND m.is_lead AND (m.valid_to IS NULL OR m.valid_to > now())
            WHERE f.id = p_case AND NOT auth._excluded(m.user_id, p_case) LOOP
    PERFORM app._notify(r.id, NULL, 'sparring.learning');
  END LOOP;
  RETURN true;
END $$;
-- judge_learning() publishes a proposal or gives it back with words. False: somebody was faster.
CREATE FUNCTION app.judge_learning(p_id uuid, p_publish boolean, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE w uuid;
BEGIN
  IF NOT p_id = ANY (auth.learnings_to_judge()) THEN RETURN false; END IF;
  UPDATE app.sparring_learning l SET state = CASE WHEN p_publish THEN 'published' ELSE 'returned' END, answered_by = auth.uid(), answered_at = now(), words = btrim(p_words)
   WHERE l.id = p_id AND l.state = 'proposed' RETURNING l.proposed_by INTO w;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app._notify(w, NULL, CASE WHEN p_publish THEN 'sparring.published' ELSE 'sparring.returned' END);
  RETURN true;
END $$;

-- job_sparring() reminds, once, whoever is asked and has not answered the day before; and tells the asker, once, that the day has gone.
CREATE FUNCTION app.job_sparring(p_today date DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := coalesce(p_today, (now() AT TIME ZONE 'Europe/Copenhagen')::date); r record; n int := 0;
BEGIN
  FOR r IN SELECT a.id, a.user_id FROM app.sparring_ask a JOIN app.sparring s ON s.id = a.sparring_id JOIN app.sparring_case k ON k.id = s.id
            WHERE a.user_id IS NOT NULL AND a.settled_at IS NULL AND a.reminded_at IS NULL AND s.ended_at IS NULL AND s.due_on <= today + 1 AND NOT auth._excluded(a.user_id, k.case_id) ORDER BY s.due_on, a.id LIMIT 1000 FOR UPDATE OF a SKIP LOCKED LOOP
    UPDATE app.sparring_ask a SET reminded_at = now() WHERE a.id = r.id;
    PERFORM app._notify(r.user_id, NULL, 'sparring.due'); n := n + 1;
  END LOOP;
  FOR r IN SELECT s.id, s.put_by, k.case_id FROM app.sparring s JOIN app.sparring_case k ON k.id = s.id
            WHERE s.ended_at IS NULL AND s.late_told_at IS NULL AND s.due_on < today AND EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = s.id AND a.settled_at IS NULL) ORDER BY s.due_on, s.id LIMIT 1000 FOR UPDATE OF s SKIP LOCKED LOOP
    UPDATE app.sparring s SET late_told_at = now() WHERE s.id = r.id;
    IF app._opens_case(r.put_by, r.case_id) THEN PERFORM app._notify(r.put_by, r.case_id, 'sparring.late'); n := n + 1; END IF;
  END LOOP;
  RETURN n;
END $$;

-- A question that is open to a colleague is somebody beside the responsible: lone_cases() as of migration 45, with that.
CREATE FUNCTION app._has_sparring(p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.sparring_case k JOIN app.sparring s ON s.id = k.id AND s.ended_at IS NULL JOIN app.sparring_ask a ON a.sparring_id = s.id AND a.user_id IS NOT NULL
    WHERE k.case_id = p_case AND NOT auth._excluded(a.user_id, p_case));
END $$;
CREATE OR REPLACE FUNCTION app.lone_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE led uuid[] := auth.led_teams(); bar uuid[] := auth.barred();
BEGIN
  RETURN (SELECT coalesce(array_agg(f.id), '{}') FROM app.case_file f
    WHERE f.team_id = ANY (led) AND f.status = 'open' AND f.severity_rank >= 3 AND f.confidentiality < 2 AND f.id <> ALL (bar)
      AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id <> f.responsible_id AND g.kind <> 'lead' AND g.revoked_at IS NULL
                         AND (g.valid_to IS NULL OR g.valid_to > now()))
      AND NOT EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = f.id AND i.status = 'accepted')
      AND NOT app._has_sparring(f.id));
END $$;
GRANT EXECUTE ON FUNCTION auth.my_sparring(), auth.opened_sparring(), auth.learnings_to_judge(), app.sparring_colleagues(uuid), app.put_sparring(uuid, uuid, uuid, text, text, date, uuid[], uuid[], int),
  app.ask_sparring(uuid, uuid, uuid[], uuid[]), app.say_sparring(uuid, uuid, text, text), app.reply_sparring(uuid, uuid, uuid, uuid, text, int), app.name_sparring(uuid, uuid, text, text, text, text, int),
  app.end_sparring(uuid, uuid, text, text, int), app.learn_sparring(uuid, uuid, text, text, int), app.judge_learning(uuid, boolean, text) TO samspil_app;
GRANT EXECUTE ON FUNCTION app.job_sparring(date) TO samspil_job;
SELECT meta.settle();
