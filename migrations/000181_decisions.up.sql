-- A decision with witnesses (domain.md 1.13, 1.14): the question as it was put before others, what each of them says, and what
-- was decided. Nothing here is ever changed: no row of content has a right to UPDATE. What was answered stands against the words
-- that were asked, and what turns out wrong is corrected by addition (R13). Advice moves no responsibility.
CREATE TABLE app.decision (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  kind text NOT NULL CHECK (kind IN ('afgoerelse','beslutning')),
  question text NOT NULL CHECK (btrim(question) <> ''),
  options text NOT NULL CHECK (btrim(options) <> ''),        -- what was considered, not doing anything included
  leaning text NOT NULL DEFAULT '',                          -- what the writer would choose, and why
  put_by uuid NOT NULL REFERENCES auth.user_account, put_at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  UNIQUE (case_id, id), UNIQUE (case_id, id, kind), UNIQUE (case_id, put_by, request_key)
);
CREATE INDEX ON app.decision (case_id, put_at DESC);

-- Whose view is asked: a colleague who may open the case, or a contact person of a partner in it, who has no account.
CREATE TABLE app.decision_ask (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  decision_id uuid NOT NULL, user_id uuid REFERENCES auth.user_account, contact_id uuid REFERENCES app.contact_person,
  answer_by date, asked_by uuid NOT NULL REFERENCES auth.user_account, asked_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,                                    -- answered, or no longer waited for: the decision is over
  UNIQUE (case_id, id), UNIQUE (case_id, decision_id, user_id), UNIQUE (case_id, decision_id, contact_id),
  FOREIGN KEY (case_id, decision_id) REFERENCES app.decision (case_id, id),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT one_is_asked CHECK (num_nonnulls(user_id, contact_id) = 1),
  CONSTRAINT another_is_asked CHECK (user_id IS DISTINCT FROM asked_by)
);
CREATE INDEX decision_waits ON app.decision_ask (user_id) WHERE settled_at IS NULL;

-- What one of them says, once: a colleague in their own name; of a contact person, as somebody of the case has heard it.
CREATE TABLE app.decision_answer (
  case_id uuid NOT NULL, ask_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('confirm','confirm_remarks','advise_against','insufficient')),
  remarks text NOT NULL DEFAULT '', written_by uuid NOT NULL REFERENCES auth.user_account, answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, ask_id),
  FOREIGN KEY (case_id, ask_id) REFERENCES app.decision_ask (case_id, id),
  CONSTRAINT remarks_unless_it_agrees CHECK (outcome = 'confirm' OR btrim(remarks) <> '')
);

-- How it ended: a decision was made, or the question was dropped. An afgørelse names its rules and says what becomes of the
-- guidance on complaints (FVL §§ 22-24, retssikkerhedsloven § 67); every decision says whether it reaches the family (R1).
CREATE TABLE app.decision_made (
  case_id uuid NOT NULL, decision_id uuid NOT NULL, kind text NOT NULL, ending text NOT NULL CHECK (ending IN ('made','dropped')),
  choice text NOT NULL DEFAULT '', reason text NOT NULL CHECK (btrim(reason) <> ''),
  law text NOT NULL DEFAULT '', shielded text NOT NULL DEFAULT '',   -- what must not stand in the reasons that the parties get
  appeal text NOT NULL DEFAULT '' CHECK (appeal IN ('','given','in_full')),
  family text CHECK (family IN ('no','yes')), despite text NOT NULL DEFAULT '', -- why they go on although somebody advises against
  made_by uuid NOT NULL REFERENCES auth.user_account, made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, decision_id),
  FOREIGN KEY (case_id, decision_id, kind) REFERENCES app.decision (case_id, id, kind),
  CONSTRAINT made_says_what CHECK (ending = 'dropped' OR btrim(choice) <> '' AND family IS NOT NULL),
  CONSTRAINT afgoerelse_names_its_rules CHECK (ending = 'dropped' OR kind = 'beslutning' OR btrim(law) <> '' AND appeal <> '')
);
CREATE INDEX ON app.decision_made (made_at) WHERE ending = 'made';

CREATE TABLE app.decision_addition (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, decision_id uuid NOT NULL,
  body text NOT NULL CHECK (btrim(body) <> ''), added_by uuid NOT NULL REFERENCES auth.user_account, added_at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  UNIQUE (case_id, added_by, request_key),
  FOREIGN KEY (case_id, decision_id) REFERENCES app.decision_made (case_id, decision_id)
);
CREATE INDEX ON app.decision_addition (case_id, decision_id);

-- The look-back, once: how did it go?
CREATE TABLE app.decision_review (
  case_id uuid NOT NULL, decision_id uuid NOT NULL, went text NOT NULL CHECK (went IN ('hoped','not','early')),
  words text NOT NULL CHECK (btrim(words) <> ''), reviewed_by uuid NOT NULL REFERENCES auth.user_account, reviewed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, decision_id),
  FOREIGN KEY (case_id, decision_id) REFERENCES app.decision_made (case_id, decision_id)
);

------------------------------------------------------------------ who
-- A decision is made by who writes in the case, or by its lead; who is asked for advice answers for themselves.
SELECT meta.guard('app.decision', 'SELECT');
SELECT meta.guard('app.decision_ask', 'SELECT, UPDATE (settled_at)');
SELECT meta.guard('app.decision_answer', 'SELECT');
SELECT meta.guard('app.decision_made', 'SELECT');
SELECT meta.guard('app.decision_addition', 'SELECT');
SELECT meta.guard('app.decision_review', 'SELECT');
SELECT meta.case_list('app.decision_ask', 'case_id'); -- who is asked, and until when: nothing of the content
CREATE POLICY sel ON app.decision FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.decision_answer FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.decision_made FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.decision_addition FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.decision_review FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.decision FOR INSERT TO samspil_app WITH CHECK ((case_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(48))::uuid[])) AND put_by = (SELECT auth.uid()));
CREATE POLICY ins ON app.decision_ask FOR INSERT TO samspil_app WITH CHECK ((case_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(48))::uuid[])) AND asked_by = (SELECT auth.uid()));
CREATE POLICY ins ON app.decision_answer FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(16))::uuid[]) AND written_by = (SELECT auth.uid()));
CREATE POLICY ins ON app.decision_made FOR INSERT TO samspil_app WITH CHECK ((case_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(48))::uuid[])) AND made_by = (SELECT auth.uid()));
CREATE POLICY ins ON app.decision_addition FOR INSERT TO samspil_app WITH CHECK ((case_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(48))::uuid[])) AND added_by = (SELECT auth.uid()));
CREATE POLICY ins ON app.decision_review FOR INSERT TO samspil_app WITH CHECK ((case_id = ANY ((SELECT auth.opened(8))::uuid[]) OR case_id = ANY ((SELECT auth.opened(48))::uuid[])) AND reviewed_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, kind, question, options, leaning, put_by, request_key) ON app.decision TO samspil_app;
GRANT SELECT, INSERT (id, case_id, decision_id, user_id, contact_id, answer_by, asked_by) ON app.decision_ask TO samspil_app;
GRANT SELECT, INSERT (case_id, ask_id, outcome, remarks, written_by) ON app.decision_answer TO samspil_app;
GRANT SELECT, INSERT (case_id, decision_id, kind, ending, choice, reason, law, shielded, appeal, family, despite, made_by) ON app.decision_made TO samspil_app;
GRANT SELECT, INSERT (case_id, decision_id, body, added_by, request_key) ON app.decision_addition TO samspil_app;
GRANT SELECT, INSERT (case_id, decision_id, went, words, reviewed_by) ON app.decision_review TO samspil_app;

------------------------------------------------------------------ what the rows cannot say by themselves
-- The triggers speak to who has opened the case; anybody else is left to the policy, whose refusal says the same of a hidden case
-- and of none. Answers and the decision come one after the other: each waits for the case's row, and takes its time after that.
CREATE FUNCTION app._decision_over(p_case uuid, p_decision uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM app.case_file f WHERE f.id = p_case FOR NO KEY UPDATE;
  RETURN (SELECT m.ending FROM app.decision_made m WHERE m.case_id = p_case AND m.decision_id = p_decision);
END $$;
CREATE FUNCTION app._refuse_decision(p_name text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE check_violation USING MESSAGE = 'decision', CONSTRAINT = p_name; END $$;

CREATE FUNCTION app.decision_asked() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(16)) THEN RETURN NEW; END IF;
  IF app._decision_over(NEW.case_id, NEW.decision_id) IS NOT NULL THEN PERFORM app._refuse_decision('decision_is_over'); END IF;
  IF NEW.user_id IS NOT NULL AND (NOT app._opens_case(NEW.user_id, NEW.case_id) OR EXISTS (SELECT 1 FROM app.decision d WHERE d.case_id = NEW.case_id AND d.id = NEW.decision_id AND d.put_by = NEW.user_id))
     OR NEW.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = NEW.case_id AND i.contact_id = NEW.contact_id AND i.status IN ('requested','accepted')) THEN
    PERFORM app._refuse_decision('asked_is_in_the_case');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_asked BEFORE INSERT ON app.decision_ask FOR EACH ROW EXECUTE FUNCTION app.decision_asked();
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.decision_ask FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();

CREATE FUNCTION app.decision_answered() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(16)) THEN RETURN NEW; END IF;
  SELECT x.user_id, x.decision_id INTO a FROM app.decision_ask x WHERE x.case_id = NEW.case_id AND x.id = NEW.ask_id;
  IF NOT FOUND THEN RETURN NEW; END IF;
  IF a.user_id <> NEW.written_by OR a.user_id IS NULL AND NOT (NEW.case_id = ANY (auth.opened(8)) OR NEW.case_id = ANY (auth.opened(48))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied';
  END IF;
  IF app._decision_over(NEW.case_id, a.decision_id) = 'dropped' THEN PERFORM app._refuse_decision('decision_is_over'); END IF;
  NEW.answered_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER decision_answered BEFORE INSERT ON app.decision_answer FOR EACH ROW EXECUTE FUNCTION app.decision_answered();

-- What reaches the family is not decided before the risk is assessed (barnets lov § 18, stk. 3; R1), and nobody passes over advice
-- against it in silence.
CREATE FUNCTION app.decision_ends() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(16)) THEN RETURN NEW; END IF;
  PERFORM app._decision_over(NEW.case_id, NEW.decision_id);
  NEW.made_at := clock_timestamp();
  IF NEW.ending <> 'made' THEN RETURN NEW; END IF;
  IF NEW.family IS DISTINCT FROM 'no' AND app._stands_at_gate(NEW.case_id, now()) THEN PERFORM app._refuse_at_gate(); END IF;
  IF btrim(NEW.despite) = '' AND EXISTS (SELECT 1 FROM app.decision_ask a JOIN app.decision_answer w ON w.case_id = a.case_id AND w.ask_id = a.id
       WHERE a.case_id = NEW.case_id AND a.decision_id = NEW.decision_id AND w.outcome = 'advise_against') THEN PERFORM app._refuse_decision('advised_against_says_why'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_ends BEFORE INSERT ON app.decision_made FOR EACH ROW EXECUTE FUNCTION app.decision_ends();

-- Only a decision that was made is looked back at, and when there is something to see.
CREATE FUNCTION app.decision_looked_back() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.case_id = ANY (auth.opened(16)) AND NOT EXISTS (SELECT 1 FROM app.decision_made m WHERE m.case_id = NEW.case_id AND m.decision_id = NEW.decision_id AND m.ending = 'made'
       AND (m.made_at AT TIME ZONE 'Europe/Copenhagen')::date <= (now() AT TIME ZONE 'Europe/Copenhagen')::date - (app._event_rule('decision_look_back') ->> 'days')::int) THEN
    PERFORM app._refuse_decision('decision_is_old_enough');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_looked_back BEFORE INSERT ON app.decision_review FOR EACH ROW EXECUTE FUNCTION app.decision_looked_back();

------------------------------------------------------------------ what follows
-- Who is asked is told; who asked is told of each answer; who was asked is told how it ended: if they may still
-- open the case. What the administrator restores tells nobody anew.
CREATE FUNCTION app._tell_of_decision(p_user uuid, p_case uuid, p_kind text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN IF auth.uid() IS NOT NULL AND app._opens_case(p_user, p_case) THEN PERFORM app._notify(p_user, p_case, p_kind); END IF; END $$;
CREATE FUNCTION app.decision_tells() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; p uuid;
BEGIN
  IF TG_TABLE_NAME = 'decision_ask' THEN
    PERFORM app._tell_of_decision(NEW.user_id, NEW.case_id, 'decision.asked');
  ELSIF TG_TABLE_NAME = 'decision_answer' THEN
    UPDATE app.decision_ask a SET settled_at = coalesce(a.settled_at, NEW.answered_at) WHERE a.case_id = NEW.case_id AND a.id = NEW.ask_id;
    FOR r IN SELECT DISTINCT u.id FROM app.decision_ask a JOIN app.decision d ON d.case_id = a.case_id AND d.id = a.decision_id, LATERAL (VALUES (a.asked_by), (d.put_by)) u(id)
              WHERE a.case_id = NEW.case_id AND a.id = NEW.ask_id LOOP
      PERFORM app._tell_of_decision(r.id, NEW.case_id, 'decision.answered');
    END LOOP;
  ELSIF TG_TABLE_NAME = 'decision_made' THEN
    FOR r IN SELECT a.user_id AS id FROM app.decision_ask a WHERE a.case_id = NEW.case_id AND a.decision_id = NEW.decision_id AND a.user_id IS NOT NULL
             UNION SELECT d.put_by FROM app.decision d WHERE d.case_id = NEW.case_id AND d.id = NEW.decision_id LOOP
      PERFORM app._tell_of_decision(r.id, NEW.case_id, 'decision.' || NEW.ending);
    END LOOP;
    UPDATE app.decision_ask a SET settled_at = NEW.made_at WHERE a.case_id = NEW.case_id AND a.decision_id = NEW.decision_id AND a.settled_at IS NULL;
  ELSE -- the look-back answers its prompt
    UPDATE app.prompt x SET answer = 'done', answered_by = NEW.reviewed_by, answered_at = now(), version = x.version + 1
     WHERE x.case_id = NEW.case_id AND x.rule = 'decision_look_back' AND x.key = NEW.decision_id::text AND x.answer IS NULL RETURNING x.id INTO p;
    IF p IS NOT NULL THEN PERFORM app._event(NEW.case_id, NEW.reviewed_by, 'prompt.answered', p, '{"rule": "decision_look_back", "answer": "done"}'); END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER decision_tells AFTER INSERT ON app.decision_ask FOR EACH ROW EXECUTE FUNCTION app.decision_tells();
CREATE TRIGGER decision_tells AFTER INSERT ON app.decision_answer FOR EACH ROW EXECUTE FUNCTION app.decision_tells();
CREATE TRIGGER decision_tells AFTER INSERT ON app.decision_made FOR EACH ROW EXECUTE FUNCTION app.decision_tells();
CREATE TRIGGER decision_tells AFTER INSERT ON app.decision_review FOR EACH ROW EXECUTE FUNCTION app.decision_tells();

-- job_look_backs() asks, once, how a decision went, so many days after it as the data say; as of a day (NULL: today in
-- Copenhagen), at most a thousand in one go.
CREATE FUNCTION app.job_look_backs(p_today date DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := coalesce(p_today, (now() AT TIME ZONE 'Europe/Copenhagen')::date); days int := (app._event_rule('decision_look_back') ->> 'days')::int; r record; n int := 0;
BEGIN
  FOR r IN SELECT m.case_id, m.decision_id FROM app.decision_made m JOIN app.case_file f ON f.id = m.case_id AND f.status = 'open'
            WHERE m.ending = 'made' AND m.made_at < (today - days + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen'
              AND NOT EXISTS (SELECT 1 FROM app.decision_review v WHERE v.case_id = m.case_id AND v.decision_id = m.decision_id)
              AND NOT EXISTS (SELECT 1 FROM app.prompt p WHERE p.case_id = m.case_id AND p.rule = 'decision_look_back' AND p.key = m.decision_id::text)
            ORDER BY m.made_at, m.decision_id LIMIT 1000 LOOP
    PERFORM app._raise_prompt(r.case_id, 'decision_look_back', r.decision_id::text, NULL, NULL, ''); n := n + 1;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.job_look_backs(date) TO samspil_job;

-- Who is asked for advice answers, and leaves the event of it.
DROP POLICY own_part ON app.case_event;
CREATE POLICY own_part ON app.case_event AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(32))::uuid[]) OR kind IN ('note.written','note.corrected','risk.confirmed','decision.answered') AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
SELECT meta.settle();
