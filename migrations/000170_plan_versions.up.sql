-- Versions of the plan and their approval by a team lead, and what serviceloven § 12 a asks of an adult's plan.
-- (2) to (4) of § 12 a; (1) is the risk assessment. In words, beside the citizen's goals.
ALTER TABLE app.plan ADD situation text NOT NULL DEFAULT '', ADD support text NOT NULL DEFAULT '', ADD support_other text NOT NULL DEFAULT '';
GRANT UPDATE (situation, support, support_other) ON app.plan TO samspil_app;

-- Who has written in a plan what needs approval, and when last: the table's own memory, not the program's.
CREATE TABLE app.plan_hand (
  case_id uuid NOT NULL REFERENCES app.case_file, user_id uuid NOT NULL REFERENCES auth.user_account, at timestamptz NOT NULL,
  PRIMARY KEY (case_id, user_id)
);
-- A version as lists show it: where it stands, and with whom; nothing of what the plan says.
CREATE TABLE app.plan_version (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  no int NOT NULL CHECK (no > 0),
  state text NOT NULL DEFAULT 'submitted' CHECK (state IN ('submitted','approved','returned','superseded')), -- superseded: submitted anew before an answer
  submitted_by uuid NOT NULL REFERENCES auth.user_account, submitted_at timestamptz NOT NULL,
  authors uuid[] NOT NULL,   -- who has written in it since the version that was approved last, and who submitted it
  answered_by uuid REFERENCES auth.user_account, answered_at timestamptz,
  UNIQUE (case_id, no), UNIQUE (case_id, id),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT answered CHECK ((state IN ('approved','returned')) = (answered_by IS NOT NULL) AND (answered_by IS NULL) = (answered_at IS NULL)),
  CONSTRAINT answered_by_another CHECK (answered_by IS NULL OR answered_by <> submitted_by AND answered_by <> ALL (authors))
);
CREATE UNIQUE INDEX plan_version_one_waits ON app.plan_version (case_id) WHERE state = 'submitted';
CREATE INDEX plan_version_waits ON app.plan_version (team_id, submitted_at, id) WHERE state = 'submitted';
CREATE INDEX plan_version_came_back ON app.plan_version (submitted_by) WHERE state = 'returned';
-- The plan as it stood. Nobody changes it, the guard neither; what the lead said is written once, with the answer.
CREATE TABLE app.plan_content (
  case_id uuid NOT NULL, version_id uuid NOT NULL, content jsonb NOT NULL,
  words text NOT NULL DEFAULT '', remarks text NOT NULL DEFAULT '', -- to the lead, from the lead
  PRIMARY KEY (case_id, version_id),
  FOREIGN KEY (case_id, version_id) REFERENCES app.plan_version (case_id, id)
);
-- A plan of § 12 a is offered: it is taken or declined. What was written last counts; nothing is changed (R13).
CREATE TABLE app.plan_offer (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  outcome text NOT NULL CHECK (outcome IN ('offered','accepted','declined')), on_day date NOT NULL,
  words text NOT NULL DEFAULT '',                            -- what the citizen said
  recorded_by uuid NOT NULL REFERENCES auth.user_account, recorded_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT declined_in_words CHECK (outcome <> 'declined' OR btrim(words) <> ''),
  CONSTRAINT offered_by_now CHECK (on_day <= (recorded_at AT TIME ZONE 'Europe/Copenhagen')::date)
);
CREATE INDEX ON app.plan_offer (case_id, recorded_at DESC, id);

SELECT meta.guard('app.plan_hand', 'SELECT, INSERT, UPDATE (at)');
SELECT meta.guard('app.plan_version', 'SELECT, INSERT, UPDATE (state, answered_by, answered_at)');
SELECT meta.guard('app.plan_content', 'SELECT, INSERT, UPDATE (remarks)');
SELECT meta.guard('app.plan_offer', 'SELECT');
GRANT SELECT ON app.plan TO samspil_guard;
DO $$ BEGIN -- somebody else's migration may have needed it first
  GRANT SELECT ON app.plan_phase TO samspil_guard;
  IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'app.plan_phase'::regclass AND polname = 'guard_all') THEN PERFORM meta.guard('app.plan_phase', 'SELECT'); END IF;
END $$;
CREATE POLICY sel ON app.plan_hand FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
SELECT meta.case_list('app.plan_version', 'case_id');
CREATE POLICY sel ON app.plan_content FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.plan_offer FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.plan_offer FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND recorded_by = (SELECT auth.uid()));
GRANT SELECT ON app.plan_hand, app.plan_version, app.plan_content TO samspil_app;
GRANT SELECT, INSERT (id, case_id, outcome, on_day, words, recorded_by) ON app.plan_offer TO samspil_app;
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.plan_version FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();

-- Writing in a plan and freezing it do not overtake each other: writers share a lock, the freezing has it alone.
CREATE FUNCTION app.plan_hand() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid();
BEGIN
  IF u IS NULL THEN RETURN NULL; END IF; -- the administrator restores what others have written
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.case_id::text, 170));
  INSERT INTO app.plan_hand AS h (case_id, user_id, at) VALUES (NEW.case_id, u, clock_timestamp()) ON CONFLICT (case_id, user_id) DO UPDATE SET at = EXCLUDED.at;
  RETURN NULL;
END $$;
CREATE TRIGGER plan_hand AFTER INSERT ON app.plan FOR EACH ROW EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_hand_again AFTER UPDATE ON app.plan FOR EACH ROW
  WHEN ((OLD.citizen_goals, OLD.situation, OLD.support, OLD.support_other) IS DISTINCT FROM (NEW.citizen_goals, NEW.situation, NEW.support, NEW.support_other)) EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_hand AFTER INSERT ON app.plan_phase FOR EACH ROW EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_hand_again AFTER UPDATE ON app.plan_phase FOR EACH ROW WHEN ((OLD.title, OLD.aim) IS DISTINCT FROM (NEW.title, NEW.aim)) EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_hand AFTER INSERT ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.plan_hand();
-- who ticks a step, postpones it or gives it to another has not written the plan
CREATE TRIGGER plan_hand_again AFTER UPDATE ON app.plan_step FOR EACH ROW
  WHEN ((OLD.phase_id, OLD.title, OLD.detail, OLD.partner_type, OLD.requires_gate, OLD.status = 'skipped') IS DISTINCT FROM
        (NEW.phase_id, NEW.title, NEW.detail, NEW.partner_type, NEW.requires_gate, NEW.status = 'skipped')) EXECUTE FUNCTION app.plan_hand();

-- _plan_content() is the plan of a case as it stands, in one piece; NULL where there is none.
CREATE FUNCTION app._plan_content(p_case uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('goals', p.citizen_goals, 'situation', p.situation, 'support', p.support, 'support_other', p.support_other, 'follow_up', coalesce(p.next_follow_up::text, ''),
    'risk', (SELECT jsonb_build_object('level', a.level, 'signed_at', app._utc(a.signed_at), 'valid_until', app._utc(a.valid_until)) FROM app.risk_assessment a WHERE a.case_id = p_case ORDER BY a.signed_at DESC, a.id DESC LIMIT 1),
    'phases', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'title', h.title, 'aim', h.aim) ORDER BY h.position, h.id), '[]') FROM app.plan_phase h WHERE h.case_id = p_case),
    'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'phase', s.phase_id, 'title', s.title, 'detail', s.detail, 'partner_type', s.partner_type,
        'who', coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END || ', ' || o.name, ''), 'who_id', coalesce(s.responsible_user, s.responsible_contact),
        'due_at', app._utc(s.due_at), 'timed', s.due_has_time, 'status', s.status, 'reason', s.skip_reason, 'mandatory', s.mandatory, 'gate', s.requires_gate) ORDER BY h.position, s.position, s.id), '[]')
      FROM app.plan_step s JOIN app.plan_phase h ON h.case_id = s.case_id AND h.id = s.phase_id LEFT JOIN auth.user_account u ON u.id = s.responsible_user
        LEFT JOIN app.contact_person c ON c.id = s.responsible_contact LEFT JOIN app.organisation o ON o.id = c.organisation_id WHERE s.case_id = p_case))
    FROM app.plan p WHERE p.case_id = p_case);
END $$;
-- the same words for the same moment, in whatever zone somebody asks
CREATE FUNCTION app._utc(p_at timestamptz) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'); END $$;
CREATE FUNCTION app.plan_now(p_case uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._demand(p_case, 2); RETURN app._plan_content(p_case); END $$;

-- submit_plan() freezes the plan of an opened case and asks the leads for approval. p_seen is the newest version that the writer
-- has seen. It returns the number of the version; the same one when the form comes twice; 0 when somebody was faster.
CREATE FUNCTION app.submit_plan(p_case uuid, p_seen int, p_words text) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := auth.uid(); id uuid := gen_random_uuid(); f record; last record; c jsonb; hands uuid[]; at timestamptz; u uuid;
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM pg_advisory_xact_lock(hashtextextended(p_case::text, 170));
  at := clock_timestamp();
  c := app._plan_content(p_case);
  IF c IS NULL THEN RETURN 0; END IF;
  SELECT v.no, v.state, v.submitted_by, k.content INTO last FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id WHERE v.case_id = p_case ORDER BY v.no DESC LIMIT 1;
  IF last.state = 'submitted' AND last.submitted_by = me AND last.content = c THEN RETURN last.no; END IF;
  IF coalesce(last.no, 0) <> p_seen THEN RETURN 0; END IF;
  SELECT x.area, x.team_id, x.responsible_id INTO f FROM app.case_file x WHERE x.id = p_case;
  -- serviceloven § 12 a: not complete with an empty part, unless the citizen has declined it
  IF f.area = 'adult' AND (SELECT o.outcome FROM app.plan_offer o WHERE o.case_id = p_case ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1) IS DISTINCT FROM 'declined'
     AND (btrim(c ->> 'situation') = '' OR btrim(c ->> 'support') = '' OR btrim(c ->> 'support_other') = '' OR ((c -> 'risk' ->> 'valid_until')::timestamptz > at) IS NOT TRUE) THEN
    RAISE check_violation USING MESSAGE = 'a part is missing', CONSTRAINT = 'four_parts';
  END IF;
  hands := ARRAY(SELECT h.user_id FROM app.plan_hand h WHERE h.case_id = p_case AND h.user_id <> me
    AND h.at > coalesce((SELECT max(v.submitted_at) FROM app.plan_version v WHERE v.case_id = p_case AND v.state = 'approved'), '-infinity') ORDER BY 1) || me;
  UPDATE app.plan_version SET state = 'superseded' WHERE case_id = p_case AND state = 'submitted';
  INSERT INTO app.plan_version (id, case_id, no, submitted_by, submitted_at, authors) VALUES (id, p_case, coalesce(last.no, 0) + 1, me, at, hands);
  INSERT INTO app.plan_content (case_id, version_id, content, words) VALUES (p_case, id, c, p_words);
  PERFORM app._event(p_case, me, 'plan.submitted', id, jsonb_build_object('version', (coalesce(last.no, 0) + 1)::text));
  FOR u IN SELECT x.id FROM auth.user_account x WHERE x.role = 'team_lead' AND x.active AND x.id <> ALL (hands) AND auth._rights_of(x.id, x.role, x.municipality, p_case) & 48 = 48
       AND x.id IN (SELECT m.user_id FROM app.team_member m WHERE m.team_id = f.team_id AND m.is_lead UNION SELECT g.user_id FROM app.case_grant g WHERE g.case_id = p_case AND g.revoked_at IS NULL) ORDER BY x.id LOOP
    PERFORM app._notify(u, p_case, 'plan.submitted');
  END LOOP;
  RETURN coalesce(last.no, 0) + 1;
END $$;

-- answer_plan() is a team lead's who manages the case, and never who wrote or submitted the version: a constraint says so.
-- False when the version has been answered otherwise, or a newer one has taken its place.
CREATE FUNCTION app.answer_plan(p_case uuid, p_no int, p_answer text, p_remarks text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v record;
BEGIN
  PERFORM app._demand(p_case, 48); -- manages access and adds notes: of an open case
  IF auth.role() IS DISTINCT FROM 'team_lead' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF p_answer IS NULL OR p_answer NOT IN ('approved','returned') THEN RAISE invalid_parameter_value USING MESSAGE = 'no such answer'; END IF;
  IF p_answer = 'returned' AND btrim(p_remarks) = '' THEN RAISE check_violation USING MESSAGE = 'says why', CONSTRAINT = 'returned_in_words'; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(p_case::text, 170));
  SELECT x.id, x.state, x.submitted_by, x.answered_by INTO v FROM app.plan_version x WHERE x.case_id = p_case AND x.no = p_no;
  IF NOT FOUND THEN RETURN false; END IF;
  IF v.state = p_answer AND v.answered_by = auth.uid() THEN RETURN true; END IF; -- sent twice
  IF v.state <> 'submitted' THEN RETURN false; END IF;
  UPDATE app.plan_version SET state = p_answer, answered_by = auth.uid(), answered_at = now() WHERE id = v.id;
  UPDATE app.plan_content SET remarks = p_remarks WHERE case_id = p_case AND version_id = v.id;
  PERFORM app._event(p_case, auth.uid(), 'plan.' || p_answer, v.id, jsonb_build_object('version', p_no::text));
  PERFORM app._notify(u, p_case, 'plan.' || p_answer) FROM (SELECT v.submitted_by UNION SELECT f.responsible_id FROM app.case_file f WHERE f.id = p_case) z(u) WHERE app._opens_case(z.u, p_case);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.plan_now(uuid), app.submit_plan(uuid, int, text), app.answer_plan(uuid, int, text, text) TO samspil_app;
SELECT meta.settle();
