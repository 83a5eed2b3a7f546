-- The register of what leaves a case, what comes in and what is refused (R9; forvaltningsloven § 28), and the guard that keeps
-- protected facts from leaving (R12). What the program compares is sealed, so the program compares; the database sees to it that
-- it compared with every fact there is, and that nothing is shared with a hit unless another person has released it.
ALTER TABLE app.protected_fact DROP CONSTRAINT protected_fact_kind_check,
  ADD CONSTRAINT protected_fact_kind_check CHECK (kind IN ('address','place_of_stay','school','workplace','phone','email','code_word','name','other')),
  ADD UNIQUE (case_id, id);

CREATE TABLE app.sharing (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  direction text NOT NULL CHECK (direction IN ('out','in','refused')),
  status text NOT NULL DEFAULT 'shared' CHECK (status IN ('shared','held','kept_back')), -- held: a hit waits for a second person
  organisation_id uuid NOT NULL REFERENCES app.organisation, -- to whom, or from whom: never the family, who stand in no directory
  contact_id uuid REFERENCES app.contact_person,
  what text NOT NULL CHECK (btrim(what) <> ''),              -- in short; holds no protected fact, nor do purpose and reason
  text_enc bytea, file_enc bytea,                            -- what was written, and the name of a file: sealed, because a released one holds a fact
  legal_basis text NOT NULL DEFAULT '', purpose text NOT NULL DEFAULT '',
  consent text NOT NULL DEFAULT '' CHECK (consent IN ('','yes','no','not_asked')),
  reason text NOT NULL DEFAULT '',                           -- why it was refused
  happened_on date NOT NULL,
  facts_scanned int NOT NULL DEFAULT 0, hits int NOT NULL DEFAULT 0 CHECK (hits >= 0),
  asked_user uuid REFERENCES auth.user_account, ask_reason text NOT NULL DEFAULT '',
  answered_by uuid REFERENCES auth.user_account, answered_at timestamptz, answer_reason text NOT NULL DEFAULT '',
  corrects uuid, written_by uuid NOT NULL REFERENCES auth.user_account, written_at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  UNIQUE (case_id, id), UNIQUE (case_id, written_by, request_key),
  FOREIGN KEY (case_id, corrects) REFERENCES app.sharing (case_id, id),
  CONSTRAINT basis_and_purpose CHECK (direction = 'refused' OR btrim(legal_basis) <> '' AND btrim(purpose) <> ''),
  CONSTRAINT a_refusal_says_why CHECK (direction <> 'refused' OR btrim(reason) <> ''),
  CONSTRAINT not_to_come CHECK (happened_on <= (written_at AT TIME ZONE 'Europe/Copenhagen')::date),
  CONSTRAINT only_what_leaves_waits CHECK (direction = 'out' OR status = 'shared' AND hits = 0),
  CONSTRAINT nothing_leaves_with_a_hit CHECK (status <> 'shared' OR hits = 0 OR answered_by IS NOT NULL AND answered_by <> written_by AND btrim(answer_reason) <> ''),
  CONSTRAINT what_waits_says_why CHECK (status <> 'held' OR hits > 0 AND answered_by IS NULL AND asked_user IS NOT NULL AND asked_user <> written_by AND btrim(ask_reason) <> ''),
  CONSTRAINT answered CHECK (num_nonnulls(answered_by, answered_at) IN (0, 2))
);
CREATE INDEX ON app.sharing (case_id, happened_on DESC, written_at DESC);

-- Which protected fact stands in what was, or is to be, shared. One that was protected after the sharing is found later.
CREATE TABLE app.sharing_hit (
  case_id uuid NOT NULL, sharing_id uuid NOT NULL, fact_id uuid NOT NULL, found_at timestamptz NOT NULL DEFAULT now(),
  later boolean NOT NULL DEFAULT false,
  PRIMARY KEY (case_id, sharing_id, fact_id),
  FOREIGN KEY (case_id, sharing_id) REFERENCES app.sharing (case_id, id), FOREIGN KEY (case_id, fact_id) REFERENCES app.protected_fact (case_id, id)
);

SELECT meta.guard('app.sharing', 'SELECT, UPDATE (status, answered_by, answered_at, answer_reason, facts_scanned, hits)');
SELECT meta.guard('app.sharing_hit', 'SELECT, INSERT');
CREATE POLICY sel ON app.sharing FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
-- rights 12: protected facts and write, as for the facts themselves; who may not read them cannot compare
CREATE POLICY ins ON app.sharing FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]) AND written_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.sharing_hit FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(6))::uuid[]));
CREATE POLICY ins ON app.sharing_hit FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]));
GRANT SELECT (id, case_id, direction, status, organisation_id, contact_id, what, legal_basis, purpose, consent, reason, happened_on, facts_scanned, hits, asked_user, ask_reason,
  answered_by, answered_at, answer_reason, corrects, written_by, written_at, request_key) ON app.sharing TO samspil_app; -- not what is sealed
GRANT INSERT (id, case_id, direction, status, organisation_id, contact_id, what, text_enc, file_enc, legal_basis, purpose, consent, reason, happened_on, facts_scanned, hits,
  asked_user, ask_reason, corrects, written_by, request_key) ON app.sharing TO samspil_app;
GRANT SELECT, INSERT (case_id, sharing_id, fact_id, later) ON app.sharing_hit TO samspil_app;

-- Who compares and who protects a fact wait for each other, case by case: no fact comes between the look and the sharing, and no
-- sharing between the fact and the look at what was shared before.
CREATE FUNCTION app._facts_wait(p_case uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM pg_advisory_xact_lock(hashtextextended('facts of ' || p_case, 0)); END $$;
CREATE FUNCTION app.fact_waits() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._facts_wait(NEW.case_id); RETURN NEW; END $$;
CREATE TRIGGER fact_waits BEFORE INSERT ON app.protected_fact FOR EACH ROW EXECUTE FUNCTION app.fact_waits();

-- guard_facts() gives the program every fact in force, sealed, to compare with; with a line in the trail, and nothing on a screen.
CREATE FUNCTION app.guard_facts(p_case uuid) RETURNS TABLE (id uuid, person_id uuid, kind text, ciphertext bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(22))) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM app._facts_wait(p_case);
  PERFORM audit._append('case:' || p_case, 'fact.scan', p_case, NULL, NULL);
  RETURN QUERY SELECT f.id, f.person_id, f.kind, f.ciphertext FROM app.protected_fact f WHERE f.case_id = p_case AND f.retired_at IS NULL ORDER BY f.set_at, f.id;
END $$;

-- held_facts() is the same for the page of a sharing that waits, for whoever may release it; of any other sharing it gives nothing.
CREATE FUNCTION app.held_facts(p_case uuid, p_id uuid) RETURNS TABLE (id uuid, person_id uuid, kind text, ciphertext bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(22)) OR NOT EXISTS (SELECT 1 FROM app.sharing x WHERE x.case_id = p_case AND x.id = p_id AND x.status = 'held') THEN RETURN; END IF;
  RETURN QUERY SELECT g.id, g.person_id, g.kind, g.ciphertext FROM app.guard_facts(p_case) g;
END $$;

-- What leaves has been compared with as many facts as there are. (Who has not opened the case is left to the policy.)
CREATE FUNCTION app.scan_is_whole() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.direction <> 'out' OR NEW.status = 'kept_back' OR NOT (NEW.case_id = ANY (auth.opened(12)) OR NEW.case_id = ANY (auth.opened(22))) THEN RETURN NEW; END IF;
  PERFORM app._facts_wait(NEW.case_id);
  IF NEW.facts_scanned <> (SELECT count(*) FROM app.protected_fact f WHERE f.case_id = NEW.case_id AND f.retired_at IS NULL) THEN
    RAISE check_violation USING MESSAGE = 'compare with every fact', CONSTRAINT = 'scan_is_whole';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scan_is_whole BEFORE INSERT OR UPDATE ON app.sharing FOR EACH ROW EXECUTE FUNCTION app.scan_is_whole();

-- Who is asked to release is told, and is somebody who may: they read the facts and may add to the case.
CREATE FUNCTION app._may_release(p_user uuid, p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM auth.user_account u WHERE u.id = p_user AND u.active AND auth._rights_of(u.id, u.role, u.municipality, p_case) & 22 = 22);
END $$;
CREATE FUNCTION app.may_release(p_case uuid) RETURNS TABLE (id uuid, name text, title text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(12)) THEN RETURN; END IF;
  RETURN QUERY SELECT u.id, u.display_name, u.title FROM auth.user_account u
    WHERE u.id IN (SELECT g.user_id FROM app.case_grant g WHERE g.case_id = p_case AND g.revoked_at IS NULL
                   UNION SELECT m.user_id FROM app.case_file f JOIN app.team_member m ON m.team_id = f.team_id AND m.is_lead WHERE f.id = p_case)
      AND u.id <> auth.uid() AND app._may_release(u.id, p_case) ORDER BY u.display_name, u.id;
END $$;
CREATE FUNCTION app.sharing_asked() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.case_id = ANY (auth.opened(12)) THEN
    IF NOT app._may_release(NEW.asked_user, NEW.case_id) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
    PERFORM app._notify(NEW.asked_user, NEW.case_id, 'sharing.held');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sharing_asked AFTER INSERT ON app.sharing FOR EACH ROW WHEN (NEW.status = 'held') EXECUTE FUNCTION app.sharing_asked();

-- read_sharing() gives what is sealed. What holds a protected fact, also one that was protected later, goes to those who may read
-- the facts, and leaves a line.
CREATE FUNCTION app.read_sharing(p_case uuid, p_id uuid) RETURNS TABLE (text_enc bytea, file_enc bytea, barred boolean) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record; holds boolean;
BEGIN
  PERFORM app._demand(p_case, 2);
  SELECT x.id, x.hits, x.text_enc, x.file_enc INTO s FROM app.sharing x WHERE x.case_id = p_case AND x.id = p_id;
  IF NOT FOUND THEN RETURN; END IF;
  holds := s.hits > 0 OR EXISTS (SELECT 1 FROM app.sharing_hit h WHERE h.case_id = p_case AND h.sharing_id = p_id);
  IF holds AND NOT p_case = ANY (auth.opened(6)) THEN RETURN QUERY SELECT NULL::bytea, NULL::bytea, true; RETURN; END IF;
  IF holds THEN PERFORM audit._append('case:' || p_case, 'sharing.read', p_case, p_id::text, NULL); END IF;
  RETURN QUERY SELECT s.text_enc, s.file_enc, false;
END $$;

-- sent_texts() gives what has left the case, sealed, to whoever protects a new fact: to look whether it is out already.
CREATE FUNCTION app.sent_texts(p_case uuid) RETURNS TABLE (id uuid, what text, text_enc bytea, file_enc bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 12);
  PERFORM app._facts_wait(p_case);
  RETURN QUERY SELECT x.id, x.what, x.text_enc, x.file_enc FROM app.sharing x WHERE x.case_id = p_case AND x.direction = 'out' AND x.status = 'shared' ORDER BY x.written_at, x.id;
END $$;

-- answer_sharing() lets what waits go, or keeps it back. Another person than the writer lets it go, with a reason, having compared it
-- with every fact of now; keeping it back, which takes no courage, may the writer too. False: somebody was faster.
CREATE FUNCTION app.answer_sharing(p_case uuid, p_id uuid, p_release boolean, p_reason text, p_scanned int, p_hits int) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record; w uuid; o text;
BEGIN
  SELECT x.written_by INTO w FROM app.sharing x WHERE x.case_id = p_case AND x.id = p_id AND p_case = ANY (auth.opened(2));
  IF NOT FOUND OR NOT (p_case = ANY (auth.opened(22)) OR NOT p_release AND p_case = ANY (auth.opened(12))) OR p_release AND w = auth.uid() THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied';
  END IF;
  UPDATE app.sharing x SET status = CASE WHEN p_release THEN 'shared' ELSE 'kept_back' END, answered_by = auth.uid(), answered_at = now(), answer_reason = btrim(p_reason),
         facts_scanned = p_scanned, hits = greatest(p_hits, x.hits)
   WHERE x.case_id = p_case AND x.id = p_id AND x.status = 'held' RETURNING x.organisation_id INTO s;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT y.name INTO o FROM app.organisation y WHERE y.id = s.organisation_id;
  PERFORM app._event(p_case, auth.uid(), CASE WHEN p_release THEN 'sharing.released' ELSE 'sharing.kept_back' END, p_id, jsonb_build_object('organisation', o));
  PERFORM app._notify(w, p_case, CASE WHEN p_release THEN 'sharing.released' ELSE 'sharing.kept_back' END);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.guard_facts(uuid), app.held_facts(uuid, uuid), app.may_release(uuid), app.read_sharing(uuid, uuid), app.sent_texts(uuid), app.answer_sharing(uuid, uuid, boolean, text, int, int) TO samspil_app;
SELECT meta.settle();
