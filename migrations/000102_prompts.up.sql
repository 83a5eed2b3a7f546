-- What has happened to a case and asks for something (rules: reference data "event_triggers"). Each occurrence prompts
-- once: key says which it was. It stands until somebody says what became of it, and stays in the journal after that.
CREATE TABLE app.prompt (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  rule text NOT NULL CHECK (rule ~ '^[a-z0-9_]{1,60}$'),
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 120),   -- an id, a date, a moment: never words about anybody
  raised_at timestamptz NOT NULL DEFAULT now(), raised_by uuid REFERENCES auth.user_account, -- NULL: the program itself
  happened_on date, note text NOT NULL DEFAULT '',           -- where a person raised it
  answer text CHECK (answer IN ('done','step','not_relevant')),
  answered_by uuid REFERENCES auth.user_account, answered_at timestamptz, reason text NOT NULL DEFAULT '', step_id uuid,
  version int NOT NULL DEFAULT 1,
  UNIQUE (case_id, id), UNIQUE (case_id, rule, key),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT,
  FOREIGN KEY (case_id, step_id) REFERENCES app.plan_step (case_id, id),
  CONSTRAINT answered CHECK (num_nonnulls(answer, answered_by, answered_at) IN (0, 3)),
  CONSTRAINT not_relevant_says_why CHECK (answer IS DISTINCT FROM 'not_relevant' OR btrim(reason) <> ''),
  CONSTRAINT step_is_named CHECK ((answer IS NOT DISTINCT FROM 'step') = (step_id IS NOT NULL))
);
CREATE INDEX prompt_open ON app.prompt (case_id, raised_at DESC) WHERE answer IS NULL;
SELECT meta.guard('app.prompt', 'SELECT, INSERT (case_id, rule, key, raised_by, happened_on, note), UPDATE (answer, answered_by, answered_at, version)');
SELECT meta.case_list('app.prompt', 'case_id');
CREATE POLICY upd ON app.prompt FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
GRANT SELECT, UPDATE (answer, answered_by, answered_at, reason, step_id, version) ON app.prompt TO samspil_app;
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.prompt FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();
CREATE TRIGGER own_hand BEFORE UPDATE OF answered_by ON app.prompt FOR EACH ROW EXECUTE FUNCTION app.own_hand('answered_by');

-- The guard counts days from data.
CREATE FUNCTION app._event_rule(p_code text) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT r.data FROM app.reference_item r WHERE r.kind = 'event_triggers' AND r.code = p_code AND r.retired_at IS NULL); END $$;

-- _raise_prompt() is for the functions and triggers of the database. It returns the prompt, raised now or before; none
-- for a closed case. The responsible is told, unless it is they who act.
CREATE FUNCTION app._raise_prompt(p_case uuid, p_rule text, p_key text, p_by uuid, p_on date, p_note text) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE p uuid; who uuid;
BEGIN
  SELECT f.responsible_id INTO who FROM app.case_file f WHERE f.id = p_case AND f.status = 'open';
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF app._event_rule(p_rule) IS NULL THEN RAISE invalid_parameter_value USING MESSAGE = 'no such event'; END IF;
  INSERT INTO app.prompt (case_id, rule, key, raised_by, happened_on, note) VALUES (p_case, p_rule, p_key, p_by, p_on, p_note)
    ON CONFLICT (case_id, rule, key) DO NOTHING RETURNING id INTO p;
  IF p IS NULL THEN RETURN (SELECT x.id FROM app.prompt x WHERE x.case_id = p_case AND x.rule = p_rule AND x.key = p_key); END IF;
  PERFORM app._event(p_case, p_by, 'prompt.raised', p, jsonb_build_object('rule', p_rule));
  IF p_rule <> 'new_report' THEN PERFORM app._notify(who, p_case, 'prompt.raised'); END IF; -- of a report they are told when it comes
  RETURN p;
END $$;
-- raise_prompt() is for the pages: in an opened case, by who writes in it or manages it, in their own name.
CREATE FUNCTION app.raise_prompt(p_case uuid, p_rule text, p_key text, p_on date DEFAULT NULL, p_note text DEFAULT '') RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_case = ANY (auth.opened(8)) OR p_case = ANY (auth.opened(48))) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  RETURN app._raise_prompt(p_case, p_rule, p_key, auth.uid(), p_on, p_note);
END $$;
GRANT EXECUTE ON FUNCTION app.raise_prompt(uuid, text, text, date, text) TO samspil_app;

-- The level rises to orange or red, however it was set.
CREATE FUNCTION app.level_rose() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._raise_prompt(NEW.id, 'level_' || NEW.severity, extract(epoch FROM now())::text, NULL, NULL, ''); RETURN NULL; END $$;
CREATE TRIGGER level_rose AFTER UPDATE OF severity ON app.case_file FOR EACH ROW
  WHEN (NEW.severity IN ('orange','red') AND coalesce(array_position(ARRAY['green','yellow','orange','red'], NEW.severity), 0) > coalesce(array_position(ARRAY['green','yellow','orange','red'], OLD.severity), 0))
  EXECUTE FUNCTION app.level_rose();

-- Where somebody lives or stays has changed: a fact is retired, or one comes where there was one. The old out and the new
-- in on one day are one change; the first address of a person is none.
CREATE FUNCTION app.address_changed() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind NOT IN ('address','place_of_stay') OR TG_OP = 'INSERT' AND NOT EXISTS (
       SELECT 1 FROM app.protected_fact o WHERE o.case_id = NEW.case_id AND o.person_id = NEW.person_id AND o.kind = NEW.kind AND o.id <> NEW.id) THEN RETURN NULL; END IF;
  PERFORM app._raise_prompt(NEW.case_id, 'address_change', NEW.person_id || ' ' || (now() AT TIME ZONE 'Europe/Copenhagen')::date, NULL, NULL, '');
  RETURN NULL;
END $$;
CREATE TRIGGER address_changed AFTER INSERT OR UPDATE OF retired_at ON app.protected_fact FOR EACH ROW EXECUTE FUNCTION app.address_changed();

-- A partner who answers after all has answered the prompt too.
CREATE FUNCTION app.partner_answered() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p uuid;
BEGIN
  UPDATE app.prompt x SET answer = 'done', answered_by = auth.uid(), answered_at = now(), version = x.version + 1
   WHERE x.case_id = NEW.case_id AND x.rule = 'partner_no_answer' AND x.key = NEW.id::text AND x.answer IS NULL AND auth.uid() IS NOT NULL RETURNING x.id INTO p;
  IF p IS NOT NULL THEN PERFORM app._event(NEW.case_id, auth.uid(), 'prompt.answered', p, '{"rule": "partner_no_answer", "answer": "done"}'); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER partner_answered AFTER UPDATE OF status ON app.involvement FOR EACH ROW WHEN (OLD.status = 'requested' AND NEW.status <> 'requested') EXECUTE FUNCTION app.partner_answered();

-- job_prompts() raises what a date brings, as of a day (NULL: today in Copenhagen). Every number is data:
--   days                      so long without an answer; or so long before the moment
--   age_months, window_days   the age of a child, and for how long after the moment it is still worth saying
--   last_weekday, month       the school holiday begins on the last such weekday (6: Saturday) of that month
-- At most a thousand of a kind in one go; the rest the next time.
CREATE FUNCTION app.job_prompts(p_today date DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := coalesce(p_today, (now() AT TIME ZONE 'Europe/Copenhagen')::date); r record; x record; d date; n int := 0;
BEGIN
  FOR r IN SELECT i.case_id, i.id FROM app.involvement i JOIN app.case_file f ON f.id = i.case_id AND f.status = 'open'
            WHERE i.status = 'requested' AND (i.asked_at AT TIME ZONE 'Europe/Copenhagen')::date < today - (app._event_rule('partner_no_answer') ->> 'days')::int
              AND NOT EXISTS (SELECT 1 FROM app.prompt p WHERE p.case_id = i.case_id AND p.rule = 'partner_no_answer' AND p.key = i.id::text)
            ORDER BY i.asked_at, i.id LIMIT 1000 LOOP
    PERFORM app._raise_prompt(r.case_id, 'partner_no_answer', r.id::text, NULL, NULL, ''); n := n + 1;
  END LOOP;
  FOR x IN SELECT t.code, make_interval(months => (t.data ->> 'age_months')::int) AS age, (t.data ->> 'days')::int AS days, (t.data ->> 'window_days')::int AS still
             FROM app.reference_item t WHERE t.kind = 'event_triggers' AND t.retired_at IS NULL AND t.data ->> 'age_months' IS NOT NULL ORDER BY t.position LOOP
    FOR r IN SELECT f.id, m.on_day FROM app.case_file f JOIN app.person c ON c.case_id = f.id AND c.is_citizen AND c.born IS NOT NULL
               CROSS JOIN LATERAL (SELECT ((c.born + x.age)::date - x.days) AS on_day) m
              WHERE f.status = 'open' AND f.area = 'child' AND m.on_day <= today AND today < m.on_day + x.still
                AND NOT EXISTS (SELECT 1 FROM app.prompt p WHERE p.case_id = f.id AND p.rule = x.code AND p.key = m.on_day::text)
              ORDER BY f.id LIMIT 1000 LOOP
      PERFORM app._raise_prompt(r.id, x.code, r.on_day::text, NULL, NULL, ''); n := n + 1;
    END LOOP;
  END LOOP;
  FOR x IN SELECT t.code, (t.data ->> 'days')::int AS days, (t.data ->> 'last_weekday')::int AS weekday, (t.data ->> 'month')::int AS month
             FROM app.reference_item t WHERE t.kind = 'event_triggers' AND t.retired_at IS NULL AND t.data ->> 'last_weekday' IS NOT NULL ORDER BY t.position LOOP
    d := (make_date(extract(year FROM today)::int, x.month, 1) + interval '1 month')::date - 1;
    d := d - ((extract(isodow FROM d)::int - x.weekday + 7) % 7);
    CONTINUE WHEN today < d - x.days OR today >= d;
    FOR r IN SELECT f.id FROM app.case_file f WHERE f.status = 'open' AND f.area = 'child'
                AND NOT EXISTS (SELECT 1 FROM app.prompt p WHERE p.case_id = f.id AND p.rule = x.code AND p.key = d::text) ORDER BY f.id LIMIT 1000 LOOP
      PERFORM app._raise_prompt(r.id, x.code, d::text, NULL, NULL, ''); n := n + 1;
    END LOOP;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.job_prompts(date) TO samspil_job;
SELECT meta.settle();
