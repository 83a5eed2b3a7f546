-- The safety plan made with the citizen, and the check-ins that somebody waits for (domain.md 5.6).
-- A change of the plan is a new version; no version is ever written over (R13).
CREATE TABLE app.safety_plan (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  version int NOT NULL CHECK (version > 0),
  if_worse text NOT NULL CHECK (btrim(if_worse) <> ''),        -- what the citizen does if things sharpen
  if_not_back text NOT NULL CHECK (btrim(if_not_back) <> ''),  -- who reacts, and how, if the citizen does not come back
  agreed_on date NOT NULL,                                     -- with the citizen
  written_by uuid NOT NULL REFERENCES auth.user_account, written_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, version), UNIQUE (case_id, id)
);
-- Whom the citizen contacts, how, and when they answer. Who: a contact person, a colleague, or words.
CREATE TABLE app.safety_contact (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, plan_id uuid NOT NULL, position int NOT NULL,
  who text NOT NULL DEFAULT '', how text NOT NULL CHECK (btrim(how) <> ''), hours text NOT NULL DEFAULT '',
  user_id uuid REFERENCES auth.user_account, contact_id uuid REFERENCES app.contact_person,
  FOREIGN KEY (case_id, plan_id) REFERENCES app.safety_plan (case_id, id),
  CONSTRAINT somebody CHECK (num_nonnulls(user_id, contact_id, nullif(btrim(who), '')) = 1)
);
CREATE INDEX ON app.safety_contact (case_id, plan_id, position);

CREATE TABLE app.check_in (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  agreed_at timestamptz NOT NULL,
  grace_minutes int NOT NULL CHECK (grace_minutes BETWEEN 0 AND 1440),
  alarm_at timestamptz NOT NULL,                               -- agreed_at and the grace: the database counts
  channel text NOT NULL CHECK (btrim(channel) <> '' AND length(channel) <= 200),
  alarm_user uuid NOT NULL REFERENCES auth.user_account,       -- who acts when it is missed
  then_what text NOT NULL CHECK (btrim(then_what) <> ''),      -- and does what
  repeat text NOT NULL DEFAULT '' CHECK (repeat IN ('','daily','weekly')), repeat_until date, after_id uuid,
  status text NOT NULL DEFAULT 'agreed' CHECK (status IN ('agreed','ok','alarmed','closed','cancelled')),
  alarmed_at timestamptz,
  answered_by uuid REFERENCES auth.user_account, answered_at timestamptz,
  words text NOT NULL DEFAULT '',                              -- how it was heard, what was done, or why it was cancelled
  created_by uuid NOT NULL REFERENCES auth.user_account, created_at timestamptz NOT NULL DEFAULT now(), version int NOT NULL DEFAULT 1,
  UNIQUE (case_id, id), UNIQUE (case_id, after_id),            -- one comes after another once
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT,
  FOREIGN KEY (case_id, after_id) REFERENCES app.check_in (case_id, id),
  CONSTRAINT repeats_until CHECK ((repeat = '') = (repeat_until IS NULL)),
  CONSTRAINT answered CHECK ((status IN ('ok','closed','cancelled')) = (answered_at IS NOT NULL)),
  CONSTRAINT alarm_has_a_time CHECK (status NOT IN ('alarmed','closed') OR alarmed_at IS NOT NULL),
  CONSTRAINT closing_says_what_was_done CHECK (status NOT IN ('closed','cancelled') OR btrim(words) <> '')
);
CREATE INDEX ON app.check_in (case_id, agreed_at);
CREATE INDEX check_in_waiting ON app.check_in (alarm_at, id) WHERE status = 'agreed';
CREATE INDEX check_in_mine ON app.check_in (alarm_user, agreed_at) WHERE status IN ('agreed','alarmed');
CREATE INDEX check_in_team ON app.check_in (team_id, agreed_at) WHERE status IN ('agreed','alarmed');

SELECT meta.case_content('app.safety_plan');
SELECT meta.case_content('app.safety_contact');
CREATE POLICY own_name ON app.safety_plan AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (written_by = (SELECT auth.uid()));
SELECT meta.guard('app.check_in', 'SELECT, INSERT, UPDATE (status, alarmed_at, answered_by, answered_at, words, version)');
SELECT meta.case_list('app.check_in', 'case_id');
CREATE POLICY ins ON app.check_in FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND created_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, version, if_worse, if_not_back, agreed_on, written_by) ON app.safety_plan TO samspil_app;
GRANT SELECT, INSERT (id, case_id, plan_id, position, who, how, hours, user_id, contact_id) ON app.safety_contact TO samspil_app;
GRANT SELECT, INSERT (id, case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, repeat, repeat_until, created_by) ON app.check_in TO samspil_app;

-- An event without an actor is the program's own: an alarm that nobody raised. The logins that serve pages still write
-- their own name only (the policy of the table).
ALTER TABLE app.case_event ALTER actor DROP NOT NULL;
GRANT INSERT (case_id, actor, kind, object_id, data) ON app.case_event TO samspil_guard;
CREATE FUNCTION app._event(p_case uuid, p_actor uuid, p_kind text, p_object uuid, p_data jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO app.case_event (case_id, actor, kind, object_id, data) VALUES (p_case, p_actor, p_kind, p_object, coalesce(p_data, '{}'));
  PERFORM audit._append('case:' || p_case, p_kind, p_case, p_object::text, NULL);
END $$;

-- _opens_case() tells whether somebody may open a case: the decision of auth._rights_of, for a person who is not here.
CREATE FUNCTION app._opens_case(p_user uuid, p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM auth.user_account u WHERE u.id = p_user AND u.active AND auth._rights_of(u.id, u.role, u.municipality, p_case) & 2 = 2);
END $$;
-- may_be_alarmed() lists who may be named as the one who acts: everybody who may open the case, and nobody else.
CREATE FUNCTION app.may_be_alarmed(p_case uuid) RETURNS TABLE (id uuid, name text, title text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(2)) THEN RETURN; END IF;
  RETURN QUERY SELECT u.id, u.display_name, u.title FROM auth.user_account u
    WHERE u.id IN (SELECT g.user_id FROM app.case_grant g WHERE g.case_id = p_case AND g.revoked_at IS NULL
                   UNION SELECT m.user_id FROM app.case_file f JOIN app.team_member m ON m.team_id = f.team_id AND m.is_lead WHERE f.id = p_case)
      AND app._opens_case(u.id, p_case) ORDER BY u.display_name, u.id;
END $$;

CREATE FUNCTION app.check_in_made() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.alarm_at := NEW.agreed_at + make_interval(mins => NEW.grace_minutes);
  IF NOT app._opens_case(NEW.alarm_user, NEW.case_id) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_in_made BEFORE INSERT ON app.check_in FOR EACH ROW EXECUTE FUNCTION app.check_in_made();
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.check_in FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();
-- No check-in without its job, however it was written.
CREATE FUNCTION app.check_in_waits() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._enqueue('check_in.alarm', jsonb_build_object('id', NEW.id), NEW.alarm_at); RETURN NULL; END $$;
CREATE TRIGGER check_in_waits AFTER INSERT ON app.check_in FOR EACH ROW EXECUTE FUNCTION app.check_in_waits();

-- answer_check_in() is the one way to change a check-in. 'ok': the citizen was heard; 'closed': what was done after an
-- alarm; 'cancelled': why it is not waited for any more. Who may add a note may say the first two (a lead, and who is
-- asked for advice and alarmed); who writes or manages may cancel. In a closed case an alarm is still closed by its
-- manager. False: somebody was faster. A repeated one that is answered brings the next, once.
CREATE FUNCTION app.answer_check_in(p_case uuid, p_id uuid, p_version int, p_outcome text, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; stride interval; later timestamptz; nid uuid;
BEGIN
  IF NOT (p_case = ANY (auth.opened(32)) OR p_case = ANY (auth.opened(CASE p_outcome WHEN 'cancelled' THEN 8 ELSE 16 END))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied';
  END IF;
  UPDATE app.check_in k SET status = p_outcome, answered_by = auth.uid(), answered_at = now(), words = btrim(p_words), version = k.version + 1
   WHERE k.id = p_id AND k.case_id = p_case AND k.version = p_version
     AND k.status = CASE p_outcome WHEN 'ok' THEN 'agreed' WHEN 'cancelled' THEN 'agreed' WHEN 'closed' THEN 'alarmed' END
  RETURNING k.* INTO r;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app._event(p_case, auth.uid(), 'check_in.' || p_outcome, p_id, jsonb_build_object('at', r.agreed_at));
  IF r.repeat = '' OR p_outcome = 'cancelled' OR p_case <> ALL (auth.opened(16)) THEN RETURN true; END IF;
  stride := CASE r.repeat WHEN 'daily' THEN interval '1 day' ELSE interval '7 days' END;
  later := r.agreed_at;
  LOOP -- the same hour on the clock on the wall, also over the change of the hour; the first that has not been
    later := ((later AT TIME ZONE 'Europe/Copenhagen') + stride) AT TIME ZONE 'Europe/Copenhagen';
    EXIT WHEN later > now();
  END LOOP;
  IF (later AT TIME ZONE 'Europe/Copenhagen')::date > r.repeat_until THEN RETURN true; END IF;
  INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, repeat, repeat_until, after_id, created_by)
  SELECT p_case, later, r.grace_minutes, r.channel,
         CASE WHEN app._opens_case(r.alarm_user, p_case) THEN r.alarm_user ELSE f.responsible_id END, -- who has left the case meanwhile is not alarmed
         r.then_what, r.repeat, r.repeat_until, r.id, r.created_by
    FROM app.case_file f WHERE f.id = p_case RETURNING id INTO nid;
  PERFORM app._event(p_case, auth.uid(), 'check_in.agreed', nid, jsonb_build_object('at', later));
  RETURN true;
END $$;

-- job_alarm() raises the alarm of one check-in, if nobody has heard and its time is over: once, however often it is
-- called. The ones told are whoever is named, the responsible and the leads, as far as they may open the case now: nobody
-- excluded, and of a sealed case only persons named.
CREATE FUNCTION app.job_alarm(p_check_in uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; u uuid;
BEGIN
  UPDATE app.check_in k SET status = 'alarmed', alarmed_at = now(), version = k.version + 1
   WHERE k.id = p_check_in AND k.status = 'agreed' AND k.alarm_at <= now() RETURNING k.id, k.case_id, k.team_id, k.agreed_at, k.alarm_user INTO r;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR u IN SELECT x.id FROM (
      SELECT r.alarm_user AS id
      UNION SELECT f.responsible_id FROM app.case_file f WHERE f.id = r.case_id
      UNION SELECT g.user_id FROM app.case_grant g WHERE g.case_id = r.case_id AND g.kind = 'lead' AND g.revoked_at IS NULL
      UNION SELECT m.user_id FROM app.team_member m WHERE m.team_id = r.team_id AND m.is_lead) x
    WHERE app._opens_case(x.id, r.case_id) ORDER BY x.id LOOP
    PERFORM app._notify(u, r.case_id, 'check_in.missed');
  END LOOP;
  PERFORM app._event(r.case_id, NULL, 'check_in.alarmed', r.id, jsonb_build_object('at', r.agreed_at));
  RETURN true;
END $$;
-- job_alarms() raises every alarm that is over its time: the net below the single jobs.
CREATE FUNCTION app.job_alarms() RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE k uuid; n int := 0;
BEGIN
  FOR k IN SELECT c.id FROM app.check_in c WHERE c.status = 'agreed' AND c.alarm_at <= now() ORDER BY c.alarm_at, c.id LIMIT 500 FOR UPDATE SKIP LOCKED LOOP
    IF app.job_alarm(k) THEN n := n + 1; END IF;
  END LOOP;
  RETURN n;
END $$;

-- Who closes a case has said that nobody is waited for any more. An alarm that stands stays.
CREATE FUNCTION app.closed_case_waits_for_nobody() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE k uuid;
BEGIN
  FOR k IN UPDATE app.check_in c SET status = 'cancelled', answered_by = auth.uid(), answered_at = now(), words = 'case_closed', version = c.version + 1
            WHERE c.case_id = NEW.id AND c.status = 'agreed' RETURNING c.id LOOP
    PERFORM app._event(NEW.id, auth.uid(), 'check_in.cancelled', k, NULL);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER closed_case_waits_for_nobody AFTER UPDATE OF status ON app.case_file FOR EACH ROW WHEN (NEW.status = 'closed' AND OLD.status = 'open')
  EXECUTE FUNCTION app.closed_case_waits_for_nobody();

GRANT EXECUTE ON FUNCTION app.may_be_alarmed(uuid), app.answer_check_in(uuid,uuid,int,text,text) TO samspil_app;
GRANT EXECUTE ON FUNCTION app.job_alarm(uuid), app.job_alarms() TO samspil_job;
SELECT meta.settle();
