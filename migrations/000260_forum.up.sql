-- The forum with the police and others (domain.md 1.29, 3.6): meetings, seats, and what each seat may see. A seat is a colleague or a
-- contact person; it sees its own slices and nothing that leads to the case. What ties an item to its case stands apart
-- (app.forum_item_case) and is read in the opened case alone. No slice is given without its line in the register of
-- sharings, and none of a named item before a lead has approved it (R9, R10).
CREATE TABLE app.forum (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), municipality int NOT NULL REFERENCES app.municipality,
  name text NOT NULL CHECK (btrim(name) <> '' AND length(name) <= 80),
  frame text NOT NULL CHECK (frame IN ('SSP','PSP','KSP','other')),
  rhythm text NOT NULL CHECK (rhythm IN ('none','weekly','fortnightly','monthly')),
  run_by uuid NOT NULL REFERENCES auth.user_account, made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE app.forum_meeting (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), municipality int NOT NULL REFERENCES app.municipality,
  forum_id uuid REFERENCES app.forum,                        -- none: an ad-hoc meeting, known to its seats alone
  frame text NOT NULL CHECK (frame IN ('SSP','PSP','KSP','other')),
  starts_at timestamptz NOT NULL, place text NOT NULL DEFAULT '' CHECK (length(place) <= 200),
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned','held','cancelled')), ended_at timestamptz,
  led_by uuid NOT NULL REFERENCES auth.user_account, made_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ended CHECK ((state = 'planned') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_meeting_at_a_time ON app.forum_meeting (forum_id, starts_at) WHERE state <> 'cancelled';
CREATE INDEX ON app.forum_meeting (led_by);
CREATE TABLE app.forum_seat (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), meeting_id uuid NOT NULL REFERENCES app.forum_meeting,
  user_id uuid REFERENCES auth.user_account, contact_id uuid REFERENCES app.contact_person,
  added_by uuid NOT NULL REFERENCES auth.user_account, added_at timestamptz NOT NULL DEFAULT now(),
  attendance text NOT NULL DEFAULT 'expected' CHECK (attendance IN ('expected','present','absent')),
  promised_at timestamptz, promised_to uuid REFERENCES auth.user_account, -- the tick of confidentiality; to whom, where somebody else heard it
  UNIQUE (id, meeting_id), UNIQUE (meeting_id, user_id), UNIQUE (meeting_id, contact_id),
  CONSTRAINT one_sits CHECK (num_nonnulls(user_id, contact_id) = 1)
);
CREATE INDEX ON app.forum_seat (user_id);
CREATE INDEX ON app.forum_seat (contact_id);

-- What is said to the seats. A named item has a basis and a purpose; an anonymous one has the basis that is none.
CREATE TABLE app.forum_item (
  id uuid PRIMARY KEY, meeting_id uuid NOT NULL REFERENCES app.forum_meeting, position int NOT NULL DEFAULT 0,
  naming text NOT NULL CHECK (naming IN ('anonymous','named')),
  title text NOT NULL CHECK (btrim(title) <> '' AND length(title) <= 120), body text NOT NULL CHECK (btrim(body) <> ''),
  basis text NOT NULL, purpose text NOT NULL DEFAULT '', consent text NOT NULL DEFAULT 'not_asked' CHECK (consent IN ('yes','no','not_asked')),
  put_by uuid NOT NULL REFERENCES auth.user_account, put_at timestamptz NOT NULL DEFAULT now(), withdrawn_at timestamptz,
  UNIQUE (id, meeting_id), UNIQUE (meeting_id, position),
  CONSTRAINT a_named_item_has_a_basis CHECK (naming = 'anonymous' AND basis = 'ANONYMOUS' OR naming = 'named' AND basis NOT IN ('', 'ANONYMOUS') AND btrim(purpose) <> '')
);
-- The case that an item is about: the seats cannot read this.
CREATE TABLE app.forum_item_case (
  id uuid PRIMARY KEY REFERENCES app.forum_item DEFERRABLE INITIALLY DEFERRED, case_id uuid NOT NULL REFERENCES app.case_file,
  UNIQUE (case_id, id)
);
CREATE TABLE app.forum_slice (
  item_id uuid NOT NULL, seat_id uuid NOT NULL, meeting_id uuid NOT NULL,
  extra text NOT NULL DEFAULT '', question text NOT NULL DEFAULT '', -- for this seat alone: what it is told beside the item, and what it is asked to look into
  given_at timestamptz,                                              -- set by app.forum_given; before that nobody at the table sees it
  PRIMARY KEY (item_id, seat_id),
  FOREIGN KEY (item_id, meeting_id) REFERENCES app.forum_item (id, meeting_id), FOREIGN KEY (seat_id, meeting_id) REFERENCES app.forum_seat (id, meeting_id)
);
CREATE INDEX ON app.forum_slice (seat_id);
CREATE TABLE app.forum_approval (
  case_id uuid NOT NULL, item_id uuid NOT NULL, outcome text NOT NULL CHECK (outcome IN ('approved','returned')), words text NOT NULL DEFAULT '',
  answered_by uuid NOT NULL REFERENCES auth.user_account, answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, item_id), FOREIGN KEY (case_id, item_id) REFERENCES app.forum_item_case (case_id, id),
  CONSTRAINT returned_says_why CHECK (outcome = 'approved' OR btrim(words) <> '')
);
-- A slice is given: here, with the line in the register. Who may open the case anyhow needs none.
CREATE TABLE app.forum_given (
  case_id uuid NOT NULL, item_id uuid NOT NULL, seat_id uuid NOT NULL, sharing_id uuid,
  given_by uuid NOT NULL REFERENCES auth.user_account, given_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, item_id, seat_id), FOREIGN KEY (case_id, item_id) REFERENCES app.forum_item_case (case_id, id),
  FOREIGN KEY (item_id, seat_id) REFERENCES app.forum_slice (item_id, seat_id), FOREIGN KEY (case_id, sharing_id) REFERENCES app.sharing (case_id, id)
);
-- What a seat answers to what it was asked. "Kan ikke dele" is an answer, with its reason; nobody is obliged (retsplejeloven § 115, stk. 4).
-- The last answer counts; none is changed.
CREATE TABLE app.forum_answer (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), item_id uuid NOT NULL, seat_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('answered','cannot_share')), words text NOT NULL CHECK (btrim(words) <> ''),
  written_by uuid NOT NULL REFERENCES auth.user_account, answered_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (item_id, seat_id) REFERENCES app.forum_slice (item_id, seat_id)
);
CREATE INDEX ON app.forum_answer (item_id, seat_id, answered_at DESC);
-- What was decided, who does it and by when; how it went is a report. "Not possible" is not "not done".
CREATE TABLE app.forum_action (
  id uuid PRIMARY KEY, item_id uuid NOT NULL, seat_id uuid NOT NULL, what text NOT NULL CHECK (btrim(what) <> '' AND length(what) <= 200), due_on date NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open','done','not_possible','not_done')),
  made_by uuid NOT NULL REFERENCES auth.user_account, made_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (item_id, seat_id) REFERENCES app.forum_slice (item_id, seat_id)
);
CREATE INDEX ON app.forum_action (item_id);
CREATE INDEX ON app.forum_action (seat_id);
CREATE TABLE app.forum_report (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), action_id uuid NOT NULL REFERENCES app.forum_action,
  state text NOT NULL CHECK (state IN ('done','not_possible','not_done')), words text NOT NULL DEFAULT '',
  written_by uuid NOT NULL REFERENCES auth.user_account, written_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT says_why CHECK (state = 'done' OR btrim(words) <> '')
);
CREATE INDEX ON app.forum_report (action_id, written_at DESC);
-- The step of the plan that a decision became.
CREATE TABLE app.forum_action_step (
  case_id uuid NOT NULL, action_id uuid NOT NULL REFERENCES app.forum_action, step_id uuid NOT NULL,
  PRIMARY KEY (case_id, action_id), FOREIGN KEY (case_id, step_id) REFERENCES app.plan_step (case_id, id)
);

-- A colleague at the table who is not of the case is a recipient too.
ALTER TABLE app.sharing ALTER organisation_id DROP NOT NULL, ADD to_user uuid REFERENCES auth.user_account,
  ADD CONSTRAINT one_recipient CHECK (num_nonnulls(organisation_id, to_user) = 1);
GRANT SELECT (to_user), INSERT (to_user) ON app.sharing TO samspil_app;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['forum','forum_item_case','forum_approval','forum_given','forum_answer','forum_report','forum_action_step'] LOOP PERFORM meta.guard(('app.' || t)::regclass, 'SELECT'); END LOOP;
END $$;
SELECT meta.guard('app.forum_meeting', 'SELECT, INSERT, UPDATE (state, ended_at)');
SELECT meta.guard('app.forum_seat', 'SELECT, INSERT, UPDATE (attendance, promised_at, promised_to)');
SELECT meta.guard('app.forum_item', 'SELECT, UPDATE (withdrawn_at)');
SELECT meta.guard('app.forum_slice', 'SELECT, UPDATE (given_at)');
SELECT meta.guard('app.forum_action', 'SELECT, UPDATE (state)');

------------------------------------------------------------------ who sees what: each set once for a statement
CREATE FUNCTION auth.works_here() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN coalesce(auth.role() IN ('caseworker','specialist','team_lead'), false); END $$;
CREATE FUNCTION auth.led_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(m.id), '{}') FROM app.forum_meeting m WHERE m.led_by = auth.uid() AND auth.works_here()); END $$;
CREATE FUNCTION auth.my_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(s.id), '{}') FROM app.forum_seat s WHERE s.user_id = auth.uid() AND auth.works_here()); END $$;
CREATE FUNCTION auth.my_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(s.meeting_id), '{}') FROM app.forum_seat s WHERE s.user_id = auth.uid() AND auth.works_here()); END $$;
-- seat_items() are the items of which the reader's seats were given a slice, after the promise of confidentiality. Who is kept out
-- of a case finds nothing of it at the table either (R10).
CREATE FUNCTION auth.seat_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_seat s JOIN app.forum_slice l ON l.seat_id = s.id AND l.given_at IS NOT NULL
    JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case k ON k.id = i.id
   WHERE s.user_id = auth.uid() AND auth.works_here() AND s.promised_at IS NOT NULL AND NOT auth._excluded(auth.uid(), k.case_id));
END $$;
-- kept_items() are those of them whose decisions the reader follows up: who brought them, and who leads the meeting.
CREATE FUNCTION auth.kept_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_item i JOIN app.forum_meeting m ON m.id = i.meeting_id
   WHERE i.id = ANY (auth.seat_items()) AND (i.put_by = auth.uid() OR m.led_by = auth.uid()));
END $$;
CREATE FUNCTION auth.opened_items(p_mask int) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(k.id), '{}') FROM app.forum_item_case k WHERE k.case_id = ANY (auth.opened(p_mask))); END $$;
CREATE FUNCTION auth.opened_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(i.meeting_id), '{}') FROM app.forum_item i WHERE i.id = ANY (auth.opened_items(2))); END $$;
GRANT EXECUTE ON FUNCTION auth.opened_meetings(), auth.works_here(), auth.led_meetings(), auth.my_seats(), auth.my_meetings(), auth.seat_items(), auth.kept_items(), auth.opened_items(int) TO samspil_app;

-- The standing forums and their meetings are known in the office; an ad-hoc meeting to its seats. Both say nothing of a case.
CREATE POLICY sel ON app.forum FOR SELECT TO samspil_app USING (municipality = (SELECT auth.municipality()) AND (SELECT auth.works_here()));
CREATE POLICY ins ON app.forum FOR INSERT TO samspil_app WITH CHECK (municipality = (SELECT auth.municipality()) AND run_by = (SELECT auth.uid()) AND (SELECT auth.works_here()));
CREATE POLICY sel ON app.forum_meeting FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.my_meetings())::uuid[]) OR led_by = (SELECT auth.uid()) AND (SELECT auth.works_here())
  OR id = ANY ((SELECT auth.opened_meetings())::uuid[])
  OR forum_id IS NOT NULL AND municipality = (SELECT auth.municipality()) AND (SELECT auth.works_here()));
CREATE POLICY ins ON app.forum_meeting FOR INSERT TO samspil_app WITH CHECK (municipality = (SELECT auth.municipality()) AND led_by = (SELECT auth.uid()) AND (SELECT auth.works_here())
  AND (forum_id IS NULL OR EXISTS (SELECT 1 FROM app.forum f WHERE f.id = forum_id AND f.run_by = (SELECT auth.uid()))));
CREATE POLICY sel ON app.forum_seat FOR SELECT TO samspil_app USING (meeting_id IN (SELECT m.id FROM app.forum_meeting m));
CREATE POLICY ins ON app.forum_seat FOR INSERT TO samspil_app WITH CHECK (added_by = (SELECT auth.uid()) AND (meeting_id = ANY ((SELECT auth.led_meetings())::uuid[])
  OR user_id = (SELECT auth.uid()) AND meeting_id IN (SELECT m.id FROM app.forum_meeting m WHERE m.forum_id IS NOT NULL)));
CREATE POLICY sel ON app.forum_item FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.seat_items())::uuid[]) OR id = ANY ((SELECT auth.opened_items(2))::uuid[]));
CREATE POLICY ins ON app.forum_item FOR INSERT TO samspil_app WITH CHECK (id = ANY ((SELECT auth.opened_items(12))::uuid[]) AND put_by = (SELECT auth.uid()) AND meeting_id IN (SELECT m.id FROM app.forum_meeting m));
CREATE POLICY sel ON app.forum_item_case FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.forum_item_case FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]));
CREATE POLICY sel ON app.forum_slice FOR SELECT TO samspil_app USING (item_id = ANY ((SELECT auth.opened_items(2))::uuid[])
  OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND given_at IS NOT NULL AND item_id = ANY ((SELECT auth.seat_items())::uuid[]));
CREATE POLICY ins ON app.forum_slice FOR INSERT TO samspil_app WITH CHECK (item_id = ANY ((SELECT auth.opened_items(12))::uuid[]));
CREATE POLICY sel ON app.forum_approval FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.forum_approval FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(48))::uuid[]) AND answered_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.forum_given FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.forum_given FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]) AND given_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.forum_answer FOR SELECT TO samspil_app USING (item_id = ANY ((SELECT auth.opened_items(2))::uuid[])
  OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND item_id = ANY ((SELECT auth.seat_items())::uuid[]));
CREATE POLICY ins ON app.forum_answer FOR INSERT TO samspil_app WITH CHECK (written_by = (SELECT auth.uid()) AND (item_id = ANY ((SELECT auth.opened_items(8))::uuid[])
  OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND item_id = ANY ((SELECT auth.seat_items())::uuid[])));
CREATE POLICY sel ON app.forum_action FOR SELECT TO samspil_app USING (item_id = ANY ((SELECT auth.opened_items(2))::uuid[]) OR item_id = ANY ((SELECT auth.kept_items())::uuid[])
  OR seat_id = ANY ((SELECT auth.my_seats())::uuid[]) AND item_id = ANY ((SELECT auth.seat_items())::uuid[]));
CREATE POLICY ins ON app.forum_action FOR INSERT TO samspil_app WITH CHECK (item_id = ANY ((SELECT auth.opened_items(12))::uuid[]) AND made_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.forum_report FOR SELECT TO samspil_app USING (action_id IN (SELECT a.id FROM app.forum_action a));
CREATE POLICY ins ON app.forum_report FOR INSERT TO samspil_app WITH CHECK (written_by = (SELECT auth.uid()) AND action_id IN (SELECT a.id FROM app.forum_action a
  WHERE a.item_id = ANY ((SELECT auth.opened_items(8))::uuid[]) OR a.item_id = ANY ((SELECT auth.kept_items())::uuid[]) OR a.seat_id = ANY ((SELECT auth.my_seats())::uuid[])));
CREATE POLICY sel ON app.forum_action_step FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.forum_action_step FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
GRANT SELECT, INSERT (id, municipality, name, frame, rhythm, run_by) ON app.forum TO samspil_app;
GRANT SELECT, INSERT (id, municipality, forum_id, frame, starts_at, place, led_by) ON app.forum_meeting TO samspil_app;
GRANT SELECT, INSERT (id, meeting_id, user_id, contact_id, added_by) ON app.forum_seat TO samspil_app;
GRANT SELECT, INSERT (id, meeting_id, naming, title, body, basis, purpose, consent, put_by) ON app.forum_item TO samspil_app;
GRANT SELECT, INSERT (id, case_id) ON app.forum_item_case TO samspil_app;
GRANT SELECT, INSERT (item_id, seat_id, meeting_id, extra, question) ON app.forum_slice TO samspil_app;
GRANT SELECT, INSERT (case_id, item_id, outcome, words, answered_by) ON app.forum_approval TO samspil_app;
GRANT SELECT, INSERT (case_id, item_id, seat_id, sharing_id, given_by) ON app.forum_given TO samspil_app;
GRANT SELECT, INSERT (item_id, seat_id, outcome, words, written_by) ON app.forum_answer TO samspil_app;
GRANT SELECT, INSERT (id, item_id, seat_id, what, due_on, made_by) ON app.forum_action TO samspil_app;
GRANT SELECT, INSERT (action_id, state, words, written_by) ON app.forum_report TO samspil_app;
GRANT SELECT, INSERT (case_id, action_id, step_id) ON app.forum_action_step TO samspil_app;

------------------------------------------------------------------ what the rows cannot say by themselves
CREATE FUNCTION app._refuse_forum(p_name text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE check_violation USING MESSAGE = 'forum', CONSTRAINT = p_name; END $$;

-- An item comes onto the agenda of a meeting that is still to be held, behind the others.
CREATE FUNCTION app.forum_item_put() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE st text;
BEGIN
  SELECT m.state INTO st FROM app.forum_meeting m WHERE m.id = NEW.meeting_id FOR NO KEY UPDATE;
  IF auth.uid() IS NOT NULL AND st <> 'planned' THEN PERFORM app._refuse_forum('meeting_is_to_come'); END IF;
  IF NEW.position = 0 THEN NEW.position := (SELECT coalesce(max(i.position), 0) + 1 FROM app.forum_item i WHERE i.meeting_id = NEW.meeting_id); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_item_put BEFORE INSERT ON app.forum_item FOR EACH ROW EXECUTE FUNCTION app.forum_item_put();

-- Another than the writer approves a named item: a team lead.
CREATE FUNCTION app.forum_item_approved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(48)) THEN RETURN NEW; END IF;
  SELECT x.put_by, x.naming, x.withdrawn_at INTO i FROM app.forum_item x WHERE x.id = NEW.item_id;
  IF auth.role() <> 'team_lead' OR i.put_by = auth.uid() THEN PERFORM app._refuse_forum('another_approves'); END IF;
  IF i.naming <> 'named' OR i.withdrawn_at IS NOT NULL THEN PERFORM app._refuse_forum('item_waits'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_item_approved BEFORE INSERT ON app.forum_approval FOR EACH ROW EXECUTE FUNCTION app.forum_item_approved();

-- A slice is given to a seat that may know of the case, of an item that may be told, with the line of the register that says so.
CREATE FUNCTION app.forum_slice_given() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; s record; h record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(12)) THEN RETURN NEW; END IF;
  SELECT x.naming, x.withdrawn_at INTO i FROM app.forum_item x WHERE x.id = NEW.item_id;
  SELECT x.user_id, x.contact_id INTO s FROM app.forum_seat x WHERE x.id = NEW.seat_id;
  IF i.withdrawn_at IS NOT NULL OR i.naming = 'named' AND NOT EXISTS (SELECT 1 FROM app.forum_approval a WHERE a.case_id = NEW.case_id AND a.item_id = NEW.item_id AND a.outcome = 'approved') THEN
    PERFORM app._refuse_forum('a_named_item_is_approved');
  END IF;
  IF s.user_id IS NOT NULL AND auth._excluded(s.user_id, NEW.case_id) THEN PERFORM app._refuse_forum('seat_may_know'); END IF;
  SELECT x.contact_id, x.to_user INTO h FROM app.sharing x WHERE x.case_id = NEW.case_id AND x.id = NEW.sharing_id AND x.direction = 'out' AND x.status = 'shared';
  IF NOT coalesce(h.contact_id = s.contact_id OR h.to_user = s.user_id, false) AND (s.user_id IS NULL OR NOT app._opens_case(s.user_id, NEW.case_id)) THEN
    PERFORM app._refuse_forum('stands_in_the_register');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_slice_given BEFORE INSERT ON app.forum_given FOR EACH ROW EXECUTE FUNCTION app.forum_slice_given();
CREATE FUNCTION app.forum_slice_opens() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid;
BEGIN
  UPDATE app.forum_slice l SET given_at = NEW.given_at WHERE l.item_id = NEW.item_id AND l.seat_id = NEW.seat_id;
  SELECT s.user_id INTO u FROM app.forum_seat s WHERE s.id = NEW.seat_id;
  IF auth.uid() IS NOT NULL THEN PERFORM app._notify(u, NULL, 'forum.slice'); END IF; -- without the case: who sits there may not know of it
  RETURN NULL;
END $$;
CREATE TRIGGER forum_slice_opens AFTER INSERT ON app.forum_given FOR EACH ROW EXECUTE FUNCTION app.forum_slice_opens();

-- A colleague answers in their own name; what a contact person says is written down by somebody of the case.
CREATE FUNCTION app.forum_answered() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid; c uuid; w uuid;
BEGIN
  SELECT s.user_id INTO u FROM app.forum_seat s WHERE s.id = NEW.seat_id;
  IF auth.uid() IS NULL THEN RETURN NEW; END IF;
  IF u IS NOT NULL AND u <> auth.uid() THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT k.case_id, i.put_by INTO c, w FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id WHERE k.id = NEW.item_id;
  PERFORM app._event(c, auth.uid(), 'forum.answered', NEW.item_id, jsonb_build_object('outcome', NEW.outcome));
  PERFORM app._tell_of_decision(w, c, 'forum.answered');
  NEW.answered_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER forum_answered BEFORE INSERT ON app.forum_answer FOR EACH ROW EXECUTE FUNCTION app.forum_answered();
CREATE FUNCTION app.forum_reported() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c uuid; w uuid; i uuid;
BEGIN
  UPDATE app.forum_action a SET state = NEW.state WHERE a.id = NEW.action_id RETURNING a.item_id, a.made_by INTO i, w;
  SELECT k.case_id INTO c FROM app.forum_item_case k WHERE k.id = i;
  IF auth.uid() IS NOT NULL THEN
    PERFORM app._event(c, auth.uid(), 'forum.reported', i, jsonb_build_object('state', NEW.state));
    PERFORM app._tell_of_decision(w, c, 'forum.reported');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER forum_reported AFTER INSERT ON app.forum_report FOR EACH ROW EXECUTE FUNCTION app.forum_reported();
-- A step that is ticked off is a decision carried out.
CREATE FUNCTION app.forum_step_done() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.forum_action a SET state = CASE WHEN NEW.status = 'done' THEN 'done' ELSE 'open' END FROM app.forum_action_step t WHERE t.case_id = NEW.case_id AND t.step_id = NEW.id AND a.id = t.action_id;
  RETURN NULL;
END $$;
CREATE TRIGGER forum_step_done AFTER UPDATE OF status ON app.plan_step FOR EACH ROW WHEN ((OLD.status = 'done') <> (NEW.status = 'done')) EXECUTE FUNCTION app.forum_step_done();

------------------------------------------------------------------ what is done at the table
-- promise() is the tick of confidentiality: a colleague for themselves, the leader for a contact person who says it in the room.
CREATE FUNCTION app.promise(p_seat uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.forum_seat s SET promised_at = now(), promised_to = auth.uid()
   WHERE s.id = p_seat AND s.promised_at IS NULL AND (s.id = ANY (auth.my_seats()) OR s.contact_id IS NOT NULL AND s.meeting_id = ANY (auth.led_meetings()));
  IF NOT FOUND AND NOT EXISTS (SELECT 1 FROM app.forum_seat s WHERE s.id = p_seat AND s.promised_at IS NOT NULL AND (s.id = ANY (auth.my_seats()) OR s.meeting_id = ANY (auth.led_meetings()))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
END $$;
CREATE FUNCTION app.attend(p_seat uuid, p_attendance text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.forum_seat s SET attendance = p_attendance FROM app.forum_meeting m WHERE s.id = p_seat AND m.id = s.meeting_id AND m.state = 'planned' AND m.id = ANY (auth.led_meetings());
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
END $$;
-- end_meeting() says that a meeting was held, or is not held. A standing forum then gets its next one, with the same seats, where none
-- is planned. False: it is over already.
CREATE FUNCTION app.end_meeting(p_meeting uuid, p_state text, p_next timestamptz) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE m record; n uuid := gen_random_uuid();
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) OR p_state NOT IN ('held','cancelled') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  UPDATE app.forum_meeting x SET state = p_state, ended_at = now() WHERE x.id = p_meeting AND x.state = 'planned' RETURNING x.forum_id, x.municipality, x.frame, x.place, x.led_by INTO m;
  IF NOT FOUND THEN RETURN false; END IF;
  IF m.forum_id IS NOT NULL AND p_next IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.forum_meeting x WHERE x.forum_id = m.forum_id AND x.state = 'planned') THEN
    INSERT INTO app.forum_meeting (id, municipality, forum_id, frame, starts_at, place, led_by) VALUES (n, m.municipality, m.forum_id, m.frame, p_next, m.place, m.led_by);
    INSERT INTO app.forum_seat (meeting_id, user_id, contact_id, added_by) SELECT n, s.user_id, s.contact_id, auth.uid() FROM app.forum_seat s
      LEFT JOIN auth.user_account u ON u.id = s.user_id LEFT JOIN app.contact_person c ON c.id = s.contact_id WHERE s.meeting_id = p_meeting AND coalesce(u.active, c.active);
  END IF;
  RETURN true;
END $$;
CREATE FUNCTION app.withdraw_item(p_item uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_item = ANY (auth.opened_items(8)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  UPDATE app.forum_item i SET withdrawn_at = now() WHERE i.id = p_item AND i.withdrawn_at IS NULL;
  RETURN FOUND;
END $$;
-- look_at_items() leaves the line in the trail of each case of which the reader now sees a slice (R11).
CREATE FUNCTION app.look_at_items(p_meeting uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT k.case_id, k.id FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id WHERE i.meeting_id = p_meeting AND i.id = ANY (auth.seat_items()) ORDER BY k.case_id, k.id LOOP
    PERFORM audit._append('case:' || r.case_id, 'forum.read', r.case_id, r.id::text, NULL);
  END LOOP;
END $$;
-- forum_outline() tells who leads the meeting how many items there are and who is in each, so that the others can be asked to leave;
-- nothing of a case that the leader is kept out of.
CREATE FUNCTION app.forum_outline(p_meeting uuid) RETURNS TABLE (item_id uuid, seats uuid[]) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_meeting = ANY (auth.led_meetings()) THEN RETURN; END IF;
  RETURN QUERY SELECT i.id, (SELECT array_agg(l.seat_id ORDER BY l.seat_id) FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NOT NULL) FROM app.forum_item i JOIN app.forum_item_case k ON k.id = i.id
    WHERE i.meeting_id = p_meeting AND i.withdrawn_at IS NULL AND NOT auth._excluded(auth.uid(), k.case_id)
      AND EXISTS (SELECT 1 FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NOT NULL) ORDER BY i.position, i.id;
END $$;
-- forum_cases() leads from the items that the reader sees to the cases that the reader may open.
CREATE FUNCTION app.forum_cases(p_meeting uuid) RETURNS TABLE (item_id uuid, ref text, number text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT k.id, f.ref, f.number FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id JOIN app.case_file f ON f.id = k.case_id
    WHERE i.meeting_id = p_meeting AND i.id = ANY (auth.seat_items()) AND auth.perms(k.case_id) & 2 = 2;
END $$;
-- seat_candidates() are the colleagues who may be asked to the table about a case. Who is kept out is not among them.
CREATE FUNCTION app.seat_candidates(p_case uuid) RETURNS TABLE (id uuid, name text, title text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(12)) THEN RETURN; END IF;
  RETURN QUERY SELECT u.id, u.display_name, u.title FROM auth.user_account u WHERE app._may_receive(u.id, p_case) AND u.id <> auth.uid() ORDER BY u.display_name, u.id;
END $$;
-- tell_leads() tells the leads who may approve that a named item waits.
CREATE FUNCTION app.tell_leads(p_case uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._demand(p_case, 12);
  FOR r IN SELECT DISTINCT u.id FROM app.case_file f JOIN app.team_member m ON m.team_id = f.team_id AND m.is_lead JOIN auth.user_account u ON u.id = m.user_id AND u.role = 'team_lead' WHERE f.id = p_case LOOP
    PERFORM app._tell_of_decision(r.id, p_case, 'forum.waits');
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION app.promise(uuid), app.attend(uuid, text), app.end_meeting(uuid, text, timestamptz), app.withdraw_item(uuid), app.look_at_items(uuid),
  app.forum_outline(uuid), app.forum_cases(uuid), app.seat_candidates(uuid), app.tell_leads(uuid) TO samspil_app;
SELECT meta.settle();
