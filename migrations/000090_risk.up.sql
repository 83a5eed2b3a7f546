-- The risk assessment (barnets lov § 18, stk. 3; serviceloven § 12 a): structured professional judgement. Signed, it stays as
-- it is; a new one takes its place (R13). A person chooses the level and says why; nothing is summed (R8).
CREATE TABLE app.risk_assessment (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  kind text NOT NULL CHECK (kind IN ('own','external')),     -- external: made elsewhere; level, conclusion and validity only
  level text NOT NULL CHECK (level IN ('green','yellow','orange','red')),
  reason text NOT NULL CHECK (btrim(reason) <> ''),          -- why this level; of an external one its conclusion
  scenario text NOT NULL DEFAULT '',                         -- what may happen, to whom, how soon
  would_change text NOT NULL DEFAULT '',                     -- what would change the judgement
  made_by text NOT NULL DEFAULT '', made_on date,            -- of an external one
  valid_until timestamptz NOT NULL,
  signed_by uuid NOT NULL REFERENCES auth.user_account, signed_at timestamptz NOT NULL DEFAULT now(),
  request_key uuid,
  UNIQUE (case_id, id), UNIQUE (case_id, signed_by, request_key),
  CONSTRAINT external_says_who_and_when CHECK (kind = 'own' AND made_on IS NULL OR kind = 'external' AND btrim(made_by) <> '' AND made_on IS NOT NULL AND made_on <= signed_at + interval '1 day'),
  -- 7, 30 or 90 days by level, to the end of the last: a proposal of the house, and the most there is
  CONSTRAINT valid_as_long_as_the_level_allows CHECK (valid_until < (CASE WHEN kind = 'external' THEN made_on ELSE (signed_at AT TIME ZONE 'Europe/Copenhagen')::date END
    + 1 + CASE level WHEN 'red' THEN 7 WHEN 'orange' THEN 30 ELSE 90 END)::timestamp AT TIME ZONE 'Europe/Copenhagen')
);
CREATE INDEX ON app.risk_assessment (case_id, signed_at DESC);

-- One factor of an assessment: how it stands, what shows it, where that comes from. Unknown is not no.
CREATE TABLE app.risk_answer (
  case_id uuid NOT NULL, assessment_id uuid NOT NULL, factor text NOT NULL,
  answer text NOT NULL CHECK (answer IN ('present_now','earlier','absent','unknown')),
  evidence text NOT NULL DEFAULT '', source text NOT NULL DEFAULT '', seen_on date,
  PRIMARY KEY (case_id, assessment_id, factor),
  FOREIGN KEY (case_id, assessment_id) REFERENCES app.risk_assessment (case_id, id),
  CONSTRAINT what_is_there_is_shown CHECK (answer IN ('absent','unknown') OR btrim(evidence) <> '')
);
-- The persons of concern as the assessment saw them: several, never one "perpetrator" (domain.md 1.8).
CREATE TABLE app.risk_person (
  case_id uuid NOT NULL, assessment_id uuid NOT NULL, person_id uuid NOT NULL,
  concern text NOT NULL CHECK (btrim(concern) <> ''), reach text NOT NULL DEFAULT '', -- what is feared of them; how they can reach the citizen
  PRIMARY KEY (case_id, assessment_id, person_id),
  FOREIGN KEY (case_id, assessment_id) REFERENCES app.risk_assessment (case_id, id),
  FOREIGN KEY (case_id, person_id) REFERENCES app.person (case_id, id)
);
-- What a second person says of an assessment. It stands beside it and moves no responsibility (domain.md 1.14).
CREATE TABLE app.risk_confirmation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, assessment_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('confirm','confirm_remarks','advise_against','insufficient')),
  remarks text NOT NULL DEFAULT '', confirmed_by uuid NOT NULL REFERENCES auth.user_account, confirmed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, assessment_id, confirmed_by),
  FOREIGN KEY (case_id, assessment_id) REFERENCES app.risk_assessment (case_id, id),
  CONSTRAINT remarks_unless_it_agrees CHECK (outcome = 'confirm' OR btrim(remarks) <> '')
);
-- A team lead lets the family be involved although no valid assessment says how dangerous that is (R1): with a reason, for a time.
CREATE TABLE app.gate_opening (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  reason text NOT NULL CHECK (length(btrim(reason)) >= 20), opened_by uuid NOT NULL REFERENCES auth.user_account,
  opened_at timestamptz NOT NULL DEFAULT now(), until timestamptz NOT NULL,
  closed_at timestamptz, closed_by uuid REFERENCES auth.user_account,
  CONSTRAINT open_for_two_weeks_at_most CHECK (until > opened_at AND until <= opened_at + interval '15 days')
);
CREATE INDEX ON app.gate_opening (case_id, opened_at DESC);

SELECT meta.guard('app.risk_assessment', 'SELECT');
SELECT meta.guard('app.severity_choice', 'SELECT');
GRANT SELECT ON app.note TO samspil_guard;
SELECT meta.guard('app.gate_opening', 'SELECT, INSERT, UPDATE (closed_at, closed_by)');

------------------------------------------------------------------ the gate
-- Is the way to parents and network shut, at a moment? It is, in a child's case where honour conflict is suspected, unless the
-- newest assessment is still valid and the level has not risen above it since, or a team lead has opened it.
CREATE FUNCTION app._gate_shut(p_case uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE f record; a record; r text;
BEGIN
  SELECT x.area, x.certainty INTO f FROM app.case_file x WHERE x.id = p_case;
  IF NOT FOUND OR f.area <> 'child' OR f.certainty = 'ruled_out' THEN RETURN false; END IF;
  IF EXISTS (SELECT 1 FROM app.gate_opening g WHERE g.case_id = p_case AND g.opened_at <= p_at AND g.until > p_at AND (g.closed_at IS NULL OR g.closed_at > p_at)) THEN RETURN false; END IF;
  SELECT x.level, x.valid_until INTO a FROM app.risk_assessment x WHERE x.case_id = p_case AND x.signed_at <= p_at ORDER BY x.signed_at DESC, x.id DESC LIMIT 1;
  IF NOT FOUND OR a.valid_until <= p_at THEN RETURN true; END IF;
  SELECT s.level INTO r FROM app.severity_choice s WHERE s.case_id = p_case AND s.set_at <= p_at ORDER BY s.set_at DESC, s.id DESC LIMIT 1;
  RETURN array_position(ARRAY['green','yellow','orange','red'], r) > array_position(ARRAY['green','yellow','orange','red'], a.level) IS TRUE;
END $$;

-- gate() says how the gate of an opened case stands: 'none' where there is no gate, 'assessed', 'lead' or 'shut', and until when.
CREATE FUNCTION app.gate(p_case uuid) RETURNS TABLE (state text, until timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE f record; a timestamptz; g timestamptz;
BEGIN
  PERFORM app._demand(p_case, 2);
  SELECT x.area, x.certainty INTO f FROM app.case_file x WHERE x.id = p_case;
  IF f.area <> 'child' OR f.certainty = 'ruled_out' THEN RETURN QUERY SELECT 'none'::text, NULL::timestamptz; RETURN; END IF;
  IF app._gate_shut(p_case, now()) THEN RETURN QUERY SELECT 'shut'::text, NULL::timestamptz; RETURN; END IF;
  SELECT max(x.until) INTO g FROM app.gate_opening x WHERE x.case_id = p_case AND x.closed_at IS NULL AND x.until > now();
  SELECT x.valid_until INTO a FROM app.risk_assessment x WHERE x.case_id = p_case ORDER BY x.signed_at DESC, x.id DESC LIMIT 1;
  IF a > now() AND g IS NULL THEN RETURN QUERY SELECT 'assessed'::text, a; ELSE RETURN QUERY SELECT 'lead'::text, g; END IF;
END $$;

-- gate_was_shut() is the same question for the opened case, of a moment: notes are written after what they tell of.
-- A time that somebody writes has no seconds, and may be to come: it is read as the end of its minute, so that what happens
-- just after the signature is not refused, and as now at most.
CREATE FUNCTION app._written(p_at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN least(date_trunc('minute', p_at) + interval '59.999 s', now()); END $$;
CREATE FUNCTION app.gate_was_shut(p_case uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 2);
  RETURN app._gate_shut(p_case, app._written(p_at));
END $$;

-- Triggers come before policies: somebody who has not opened the case is left to the policy, so that its refusal says
-- the same of a hidden case and of none. (The administrator, who restores what has been, is nobody's colleague.)
CREATE FUNCTION app._stands_at_gate(p_case uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN p_case = ANY (auth.opened(16)) AND app._gate_shut(p_case, p_at); END $$;

-- Every refusal of the gate has one name, so that the program can say in the reader's words what opens it.
CREATE FUNCTION app._refuse_at_gate() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE check_violation USING MESSAGE = 'risk before family', CONSTRAINT = 'risk_before_family'; END $$;

-- Steps: while the gate is shut, one that reaches the family may stand in the plan as its template wrote it, without a time;
-- it may be left out. It is not planned, begun, ticked, or declared harmless.
CREATE FUNCTION app.step_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE harmless boolean;
BEGIN
  IF TG_OP = 'INSERT' AND NOT NEW.requires_gate AND NEW.template_step <> '' THEN -- what the template says cannot be left out
    NEW.requires_gate := EXISTS (SELECT 1 FROM app.reference_item r, jsonb_array_elements(r.data -> 'phases') p, jsonb_array_elements(p -> 'steps') s
      WHERE r.kind = 'plan_templates' AND s ->> 'code' = NEW.template_step AND s ->> 'requires_gate' IS NOT NULL);
  END IF;
  IF TG_OP = 'INSERT' THEN
    harmless := NOT NEW.requires_gate OR NEW.origin = 'from_plan' AND NEW.template_step <> '' AND NEW.due_at IS NULL AND NEW.status = 'open';
  ELSE
    harmless := NOT NEW.requires_gate AND NOT OLD.requires_gate OR NEW.requires_gate AND (NEW.due_at IS NULL OR OLD.requires_gate AND NEW.due_at IS NOT DISTINCT FROM OLD.due_at)
      AND (NEW.status IN ('open','skipped') OR OLD.requires_gate AND NEW.status = OLD.status) AND (NEW.title = OLD.title OR NOT OLD.requires_gate);
  END IF;
  IF NOT harmless AND app._stands_at_gate(NEW.case_id, now()) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER step_at_gate BEFORE INSERT OR UPDATE ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.step_at_gate();

-- Notes: of a letter, a hearing or a visit at home, and of a talk with somebody around the citizen that was ours to begin.
-- What counts is how the gate stood when it happened: a note may come later. Somebody of the family who comes of their own
-- accord must be noted too (offentlighedsloven § 13): then the note says so.
ALTER TABLE app.note_spoken ADD came_to_us boolean NOT NULL DEFAULT false;
CREATE FUNCTION app.note_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind IN ('home_visit','letter','hearing') AND NEW.corrects IS NULL AND app._stands_at_gate(NEW.case_id, app._written(NEW.happened_at)) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_at_gate BEFORE INSERT ON app.note FOR EACH ROW EXECUTE FUNCTION app.note_at_gate();
CREATE FUNCTION app.spoken_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n record;
BEGIN
  IF NEW.came_to_us OR NOT EXISTS (SELECT 1 FROM app.person p WHERE p.case_id = NEW.case_id AND p.id = NEW.person_id AND NOT p.is_citizen) THEN RETURN NEW; END IF;
  SELECT x.happened_at, x.corrects INTO n FROM app.note x WHERE x.case_id = NEW.case_id AND x.id = NEW.note_id;
  IF n.corrects IS NOT NULL AND EXISTS (SELECT 1 FROM app.note_spoken s WHERE s.case_id = NEW.case_id AND s.note_id = n.corrects AND s.person_id = NEW.person_id) THEN RETURN NEW; END IF;
  IF app._stands_at_gate(NEW.case_id, app._written(n.happened_at)) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER spoken_at_gate BEFORE INSERT OR UPDATE ON app.note_spoken FOR EACH ROW EXECUTE FUNCTION app.spoken_at_gate();
SELECT meta.guard('app.note_spoken', 'SELECT');
GRANT INSERT (came_to_us) ON app.note_spoken TO samspil_app;
GRANT UPDATE (requires_gate) ON app.plan_step TO samspil_app;

-- open_gate(): a team lead who manages the case, with a reason; the responsible is told, the trail has it.
CREATE FUNCTION app.open_gate(p_case uuid, p_reason text, p_until timestamptz) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE g uuid := gen_random_uuid();
BEGIN
  PERFORM app._demand(p_case, 48); -- manages access and adds notes: of an open case
  IF auth.role() <> 'team_lead' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  UPDATE app.gate_opening SET closed_at = now(), closed_by = auth.uid() WHERE case_id = p_case AND closed_at IS NULL AND until > now();
  INSERT INTO app.gate_opening (id, case_id, reason, opened_by, until) VALUES (g, p_case, p_reason, auth.uid(), p_until);
  PERFORM audit._append('case:' || p_case, 'gate.open', p_case, g::text, jsonb_build_object('reason', p_reason, 'until', p_until));
  PERFORM app._notify((SELECT f.responsible_id FROM app.case_file f WHERE f.id = p_case), p_case, 'gate.opened');
  RETURN g;
END $$;
CREATE FUNCTION app.shut_gate(p_case uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(8)) THEN PERFORM app._demand(p_case, 48); END IF; -- whoever works on the case may be more careful
  UPDATE app.gate_opening SET closed_at = now(), closed_by = auth.uid() WHERE case_id = p_case AND closed_at IS NULL AND until > now();
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM audit._append('case:' || p_case, 'gate.shut', p_case, NULL, NULL);
  RETURN true;
END $$;

-- The second person is another one than who signed (R8).
CREATE FUNCTION app.confirmed_by_another() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM app.risk_assessment a WHERE a.case_id = NEW.case_id AND a.id = NEW.assessment_id AND a.signed_by = NEW.confirmed_by) THEN
    RAISE check_violation USING MESSAGE = 'a second person', CONSTRAINT = 'confirmed_by_another';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER confirmed_by_another BEFORE INSERT ON app.risk_confirmation FOR EACH ROW EXECUTE FUNCTION app.confirmed_by_another();

-- What lists of cases and the lead's page ask without opening: until when the newest assessment holds, whether a second
-- person has confirmed an orange or red one, until when a lead keeps the gate open. Nothing of the content.
ALTER TABLE app.case_file ADD risk_until timestamptz, ADD risk_unconfirmed boolean NOT NULL DEFAULT false, ADD gate_until timestamptz;
GRANT UPDATE (risk_until, risk_unconfirmed, gate_until) ON app.case_file TO samspil_guard;
CREATE FUNCTION app.risk_on_header() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record;
BEGIN
  SELECT x.id, x.level, x.valid_until INTO a FROM app.risk_assessment x WHERE x.case_id = NEW.case_id ORDER BY x.signed_at DESC, x.id DESC LIMIT 1;
  UPDATE app.case_file f SET risk_until = a.valid_until,
      risk_unconfirmed = coalesce(a.level IN ('orange','red'), false) AND NOT EXISTS (SELECT 1 FROM app.risk_confirmation k WHERE k.case_id = NEW.case_id AND k.assessment_id = a.id AND k.outcome IN ('confirm','confirm_remarks')),
      gate_until = (SELECT max(g.until) FROM app.gate_opening g WHERE g.case_id = NEW.case_id AND g.closed_at IS NULL AND g.until > now())
    WHERE f.id = NEW.case_id;
  RETURN NULL;
END $$;
SELECT meta.guard('app.risk_confirmation', 'SELECT');
CREATE TRIGGER risk_on_header AFTER INSERT ON app.risk_assessment FOR EACH ROW EXECUTE FUNCTION app.risk_on_header();
CREATE TRIGGER risk_on_header AFTER INSERT ON app.risk_confirmation FOR EACH ROW EXECUTE FUNCTION app.risk_on_header();
CREATE TRIGGER risk_on_header AFTER INSERT OR UPDATE ON app.gate_opening FOR EACH ROW EXECUTE FUNCTION app.risk_on_header();

------------------------------------------------------------------ policies: signed things are added, never changed
CREATE POLICY sel ON app.risk_assessment FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.risk_assessment FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND signed_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.risk_answer FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.risk_answer FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY sel ON app.risk_person FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.risk_person FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY sel ON app.risk_confirmation FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.risk_confirmation FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(16))::uuid[]) AND confirmed_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.gate_opening FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
GRANT SELECT, INSERT (id, case_id, kind, level, reason, scenario, would_change, made_by, made_on, valid_until, signed_by, request_key) ON app.risk_assessment TO samspil_app;
GRANT SELECT, INSERT (case_id, assessment_id, factor, answer, evidence, source, seen_on) ON app.risk_answer TO samspil_app;
GRANT SELECT, INSERT (case_id, assessment_id, person_id, concern, reach) ON app.risk_person TO samspil_app;
GRANT SELECT, INSERT (id, case_id, assessment_id, outcome, remarks, confirmed_by) ON app.risk_confirmation TO samspil_app;
GRANT SELECT ON app.gate_opening TO samspil_app;
GRANT EXECUTE ON FUNCTION app.gate(uuid), app.gate_was_shut(uuid,timestamptz), app.open_gate(uuid,text,timestamptz), app.shut_gate(uuid) TO samspil_app;

-- An answer belongs to an assessment that is being signed in the same transaction: nobody adds one later, to their own or to another's.
CREATE FUNCTION app.with_its_signature() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM app.risk_assessment a WHERE a.case_id = NEW.case_id AND a.id = NEW.assessment_id AND a.signed_at = now() AND a.signed_by = auth.uid()) AND auth.uid() IS NOT NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER with_its_signature BEFORE INSERT ON app.risk_answer FOR EACH ROW EXECUTE FUNCTION app.with_its_signature();
CREATE TRIGGER with_its_signature BEFORE INSERT ON app.risk_person FOR EACH ROW EXECUTE FUNCTION app.with_its_signature();

-- Who is asked for advice confirms too, and leaves the event of it.
DROP POLICY own_part ON app.case_event;
CREATE POLICY own_part ON app.case_event AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(32))::uuid[]) OR kind IN ('note.written','note.corrected','risk.confirmed') AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
SELECT meta.settle();
