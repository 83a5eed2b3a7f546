-- The living plan's steps: a day that follows an event, waiting for a step or an event, repeating, and the deadline that a step implements.
-- What offsets count from, and what is corrected without touching who began the plan when (R13).
ALTER TABLE app.plan ADD began_at timestamptz NOT NULL DEFAULT now(), ADD departs_on date; -- departs_on: the journey that is known or feared
UPDATE app.plan SET began_at = started_at;
ALTER TABLE app.plan ADD CONSTRAINT began_by_now CHECK (began_at <= greatest(started_at, changed_at) + interval '5 minutes');
GRANT UPDATE (began_at, departs_on) ON app.plan TO samspil_app;
CREATE FUNCTION app.plan_begins() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.began_at := NEW.started_at; RETURN NEW; END $$;
CREATE TRIGGER plan_begins BEFORE INSERT ON app.plan FOR EACH ROW EXECUTE FUNCTION app.plan_begins();

ALTER TABLE app.plan_step
  ADD due_event text NOT NULL DEFAULT '' CHECK (due_event IN ('','plan_start','report_received','risk_signed','risk_expires','next_follow_up','departure','awaited')), -- '': a day fixed by hand
  ADD due_offset int NOT NULL DEFAULT 0 CHECK (due_offset BETWEEN -3660 AND 3660),          -- less than nothing: before
  ADD due_unit text NOT NULL DEFAULT 'days' CHECK (due_unit IN ('hours','days','weeks','months')),
  ADD moved_from timestamptz, ADD moved_at timestamptz,                                     -- when the event took the step along last, and from which day
  ADD waits_for text NOT NULL DEFAULT '' CHECK (waits_for IN ('','step','risk_signed','report_received')), ADD waits_step uuid, ADD released_at timestamptz,
  ADD repeat_every int CHECK (repeat_every BETWEEN 1 AND 366), ADD repeat_unit text NOT NULL DEFAULT 'days' CHECK (repeat_unit IN ('days','weeks','months')), ADD repeat_until date,
  ADD repeats_step uuid,                                                                    -- the one before it in the series
  ADD late_ok boolean NOT NULL DEFAULT false,                                               -- the writer has seen that the day is after a deadline that is not the law's
  ADD CONSTRAINT waits_for_what CHECK ((waits_for = 'step') = (waits_step IS NOT NULL) AND waits_step IS DISTINCT FROM id AND (released_at IS NULL OR waits_for <> '')),
  ADD CONSTRAINT counts_from_what_it_waits_for CHECK (due_event <> 'awaited' OR waits_for <> ''),
  ADD CONSTRAINT a_waiting_step_has_no_day CHECK (waits_for = '' OR released_at IS NOT NULL OR due_at IS NULL), -- so no list counts it late
  ADD CONSTRAINT an_end_of_what CHECK (repeat_until IS NULL OR repeat_every IS NOT NULL),
  ADD FOREIGN KEY (case_id, waits_step) REFERENCES app.plan_step (case_id, id),
  ADD FOREIGN KEY (case_id, repeats_step) REFERENCES app.plan_step (case_id, id),
  ADD CONSTRAINT one_next_of_a_series UNIQUE (case_id, repeats_step);
CREATE INDEX plan_step_waits ON app.plan_step (case_id, waits_step) WHERE waits_step IS NOT NULL;
GRANT INSERT (due_event, due_offset, due_unit, waits_for, waits_step, repeat_every, repeat_unit, repeat_until, late_ok),
  UPDATE (due_event, due_offset, due_unit, waits_for, waits_step, repeat_every, repeat_unit, repeat_until, late_ok, deadline_code) ON app.plan_step TO samspil_app;
GRANT INSERT (case_id, phase_id, position, title, detail, partner_type, responsible_user, responsible_contact, due_at, due_has_time, deadline_code, template_step, mandatory, requires_gate, origin, created_by,
    repeat_every, repeat_unit, repeat_until, repeats_step, late_ok),
  UPDATE (released_at, moved_from, moved_at, due_at, skip_reason) ON app.plan_step TO samspil_guard;
DO $$ BEGIN -- somebody else's migration may have needed them first
  IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'app.plan'::regclass AND polname = 'guard_all') THEN PERFORM meta.guard('app.plan', 'SELECT'); END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'app.deadline'::regclass AND polname = 'guard_all') THEN PERFORM meta.guard('app.deadline', 'SELECT'); END IF;
END $$;
GRANT SELECT ON app.deadline TO samspil_guard;

-- _due() counts an offset from a moment: hours give a moment, the others the end of a day (as package plan's EndOfDay).
CREATE FUNCTION app._due(p_at timestamptz, p_offset int, p_unit text) RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_unit = 'hours' THEN RETURN date_trunc('minute', p_at + make_interval(hours => p_offset)); END IF;
  RETURN (((p_at AT TIME ZONE 'Europe/Copenhagen')::date + CASE p_unit WHEN 'days' THEN make_interval(days => p_offset) WHEN 'weeks' THEN make_interval(weeks => p_offset) ELSE make_interval(months => p_offset) END)::date
    + time '23:59:59') AT TIME ZONE 'Europe/Copenhagen';
END $$;
-- _moment() is when an event of a case happened or is to happen; NULL where that is not known. The plan's own days are given, so that a
-- preview asks the same function as the plan itself.
CREATE FUNCTION app._moment(p_case uuid, p_event text, p_released timestamptz, p_began timestamptz, p_follow_up date, p_departs date) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_event
    WHEN 'plan_start' THEN p_began
    WHEN 'awaited' THEN p_released
    WHEN 'next_follow_up' THEN p_follow_up::timestamp AT TIME ZONE 'Europe/Copenhagen'
    WHEN 'departure' THEN p_departs::timestamp AT TIME ZONE 'Europe/Copenhagen'
    WHEN 'risk_signed' THEN (SELECT a.signed_at FROM app.risk_assessment a WHERE a.case_id = p_case ORDER BY a.signed_at DESC, a.id DESC LIMIT 1)
    WHEN 'risk_expires' THEN (SELECT a.valid_until FROM app.risk_assessment a WHERE a.case_id = p_case ORDER BY a.signed_at DESC, a.id DESC LIMIT 1)
    -- a report that was only matched is nobody's yet
    WHEN 'report_received' THEN (SELECT max(r.received_at) FROM app.report_case rc JOIN app.report r ON r.id = rc.report_id WHERE rc.case_id = p_case AND rc.how IN ('made','joined')) END;
END $$;

-- A step's day is its event's: nobody writes another one beside it. One that waits has no day; one that is locked at the gate keeps what it had (R1).
-- Waiting in a circle is refused, and a day after the law's deadline.
CREATE FUNCTION app.follows_event() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE anew boolean := TG_OP = 'INSERT'; rule boolean := TG_OP = 'INSERT'; was timestamptz; s uuid; x record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    anew := (OLD.waits_for, OLD.waits_step) IS DISTINCT FROM (NEW.waits_for, NEW.waits_step);
    rule := anew OR (OLD.due_event, OLD.due_offset, OLD.due_unit) IS DISTINCT FROM (NEW.due_event, NEW.due_offset, NEW.due_unit);
    was := OLD.due_at;
    IF rule THEN NEW.moved_from := NULL; NEW.moved_at := NULL; END IF;
  END IF;
  IF anew THEN
    NEW.released_at := NULL;
    IF NEW.waits_for = 'step' THEN
      PERFORM pg_advisory_xact_lock(hashtextextended(NEW.case_id::text, 190)); -- two who let two steps wait for each other
      s := NEW.waits_step;
      WHILE s IS NOT NULL LOOP
        IF s = NEW.id THEN RAISE check_violation USING MESSAGE = 'waits in a circle', CONSTRAINT = 'waits_in_a_circle'; END IF;
        SELECT p.waits_step INTO s FROM app.plan_step p WHERE p.case_id = NEW.case_id AND p.id = s;
      END LOOP;
      SELECT p.status, p.done_at INTO x FROM app.plan_step p WHERE p.case_id = NEW.case_id AND p.id = NEW.waits_step;
      IF x.status = 'skipped' THEN RAISE check_violation USING MESSAGE = 'waits for what is left out', CONSTRAINT = 'waits_for_the_dropped'; END IF;
      NEW.released_at := x.done_at;
    END IF;
  END IF;
  IF NEW.waits_for <> '' AND NEW.released_at IS NULL AND NEW.status IN ('in_progress','waiting','done') THEN NEW.released_at := now(); END IF; -- who begins does not wait
  IF NEW.due_event <> '' AND (rule OR NEW.status = 'open' OR NEW.released_at IS DISTINCT FROM OLD.released_at) THEN
    IF NEW.waits_for <> '' AND NEW.released_at IS NULL THEN NEW.due_at := NULL;
    ELSIF NEW.requires_gate AND app._gate_shut(NEW.case_id, now()) THEN NEW.due_at := CASE WHEN NOT rule THEN was END;
    ELSE
      SELECT p.began_at, p.next_follow_up, p.departs_on INTO x FROM app.plan p WHERE p.case_id = NEW.case_id;
      NEW.due_at := app._due(app._moment(NEW.case_id, NEW.due_event, NEW.released_at, x.began_at, x.next_follow_up, x.departs_on), NEW.due_offset, NEW.due_unit);
    END IF;
    NEW.due_has_time := NEW.due_unit = 'hours' AND NEW.due_at IS NOT NULL;
  END IF;
  -- What a template or an event moves is not refused, it is shown; what somebody writes is.
  IF NEW.deadline_code <> '' AND NEW.due_at IS NOT NULL AND NEW.status NOT IN ('done','skipped') AND NOT (TG_OP = 'INSERT' AND (NEW.template_step <> '' OR NEW.repeats_step IS NOT NULL))
     AND (TG_OP = 'INSERT' OR (OLD.due_at, OLD.deadline_code, OLD.late_ok) IS DISTINCT FROM (NEW.due_at, NEW.deadline_code, NEW.late_ok) AND (NEW.moved_at IS NULL OR NEW.moved_at IS NOT DISTINCT FROM OLD.moved_at)) THEN
    SELECT d.due_at, d.statutory INTO x FROM app.deadline d WHERE d.case_id = NEW.case_id AND d.code = NEW.deadline_code AND d.status = 'running' ORDER BY d.due_at, d.id LIMIT 1;
    IF FOUND AND (CASE WHEN NEW.due_has_time THEN NEW.due_at > x.due_at ELSE (NEW.due_at AT TIME ZONE 'Europe/Copenhagen')::date > (x.due_at AT TIME ZONE 'Europe/Copenhagen')::date END)
       AND (x.statutory OR NOT NEW.late_ok) THEN
      RAISE check_violation USING MESSAGE = 'after its deadline', CONSTRAINT = CASE WHEN x.statutory THEN 'after_the_law' ELSE 'after_the_deadline' END;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follows_event BEFORE INSERT OR UPDATE ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.follows_event();

-- _schedule() are the steps of a case that nobody has begun and that another day would be due if the plan had these days.
CREATE FUNCTION app._schedule(p_case uuid, p_began timestamptz, p_follow_up date, p_departs date) RETURNS TABLE (id uuid, title text, due_from timestamptz, due_to timestamptz, timed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT s.id, s.title, s.due_at, n.due, s.due_unit = 'hours' FROM app.plan_step s
      CROSS JOIN LATERAL (SELECT app._due(app._moment(p_case, s.due_event, s.released_at, p_began, p_follow_up, p_departs), s.due_offset, s.due_unit) AS due) n
    WHERE s.case_id = p_case AND s.status = 'open' AND s.due_event <> '' AND (s.waits_for = '' OR s.released_at IS NOT NULL)
      AND s.due_at IS DISTINCT FROM n.due AND NOT (s.requires_gate AND app._gate_shut(p_case, now())) ORDER BY n.due NULLS LAST, s.id;
END $$;
-- _reschedule() takes along the steps whose event has moved, and tells it. Started, done and by-hand steps stay.
CREATE FUNCTION app._reschedule(p_case uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record; s record;
BEGIN
  SELECT x.began_at, x.next_follow_up, x.departs_on INTO p FROM app.plan x WHERE x.case_id = p_case;
  IF NOT FOUND THEN RETURN; END IF;
  FOR s IN SELECT x.id, x.title, x.due_from, x.due_to FROM app._schedule(p_case, p.began_at, p.next_follow_up, p.departs_on) x LOOP
    UPDATE app.plan_step SET moved_from = s.due_from, moved_at = clock_timestamp(), version = version + 1, changed_at = now() WHERE case_id = p_case AND plan_step.id = s.id AND status = 'open';
    IF FOUND THEN
      PERFORM app._event(p_case, auth.uid(), 'step.rescheduled', s.id, jsonb_strip_nulls(jsonb_build_object('title', s.title, 'from', app._utc(s.due_from), 'to', app._utc(s.due_to))));
    END IF;
  END LOOP;
END $$;
-- _release() lets steps begin that waited: for a step, or for something that has happened in the case.
CREATE FUNCTION app._release(p_case uuid, p_for text, p_step uuid, p_at timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  FOR s IN UPDATE app.plan_step x SET released_at = p_at, moved_from = NULL, moved_at = clock_timestamp(), version = x.version + 1, changed_at = now()
            WHERE x.case_id = p_case AND x.waits_for = p_for AND x.waits_step IS NOT DISTINCT FROM p_step AND x.released_at IS NULL AND x.status = 'open' RETURNING x.id, x.title LOOP
    PERFORM app._event(p_case, auth.uid(), 'step.released', s.id, jsonb_build_object('title', s.title));
  END LOOP;
END $$;

-- The events. A page shows what will move before it moves (preview_steps); a signature, a report or a job moves it and says so.
CREATE FUNCTION app.plan_days_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._reschedule(NEW.case_id); RETURN NULL; END $$;
CREATE TRIGGER plan_days_moved AFTER UPDATE OF began_at, next_follow_up, departs_on ON app.plan FOR EACH ROW
  WHEN ((OLD.began_at, OLD.next_follow_up, OLD.departs_on) IS DISTINCT FROM (NEW.began_at, NEW.next_follow_up, NEW.departs_on)) EXECUTE FUNCTION app.plan_days_moved();
CREATE TRIGGER steps_follow AFTER INSERT ON app.gate_opening FOR EACH ROW EXECUTE FUNCTION app.plan_days_moved();
CREATE FUNCTION app.risk_was_signed() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._release(NEW.case_id, 'risk_signed', NULL, NEW.signed_at);
  PERFORM app._reschedule(NEW.case_id);
  RETURN NULL;
END $$;
CREATE TRIGGER steps_follow AFTER INSERT ON app.risk_assessment FOR EACH ROW EXECUTE FUNCTION app.risk_was_signed();
CREATE FUNCTION app.report_in_case() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._release(NEW.case_id, 'report_received', NULL, (SELECT r.received_at FROM app.report r WHERE r.id = NEW.report_id));
  PERFORM app._reschedule(NEW.case_id);
  RETURN NULL;
END $$;
CREATE TRIGGER steps_follow AFTER INSERT ON app.report_case FOR EACH ROW WHEN (NEW.how IN ('made','joined')) EXECUTE FUNCTION app.report_in_case();
CREATE TRIGGER steps_follow_again AFTER UPDATE OF how ON app.report_case FOR EACH ROW WHEN (NEW.how IN ('made','joined') AND OLD.how NOT IN ('made','joined')) EXECUTE FUNCTION app.report_in_case();
CREATE FUNCTION app.report_corrected() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._reschedule(rc.case_id) FROM app.report_case rc WHERE rc.report_id = NEW.id AND rc.how IN ('made','joined'); RETURN NULL; END $$;
CREATE TRIGGER steps_follow AFTER UPDATE OF received_at ON app.report FOR EACH ROW WHEN (OLD.received_at <> NEW.received_at) EXECUTE FUNCTION app.report_corrected();

-- A step is done: what waited for it begins, and the next of its series is there, once. Undone, both are taken back as far as nobody has touched them.
-- One that others wait for is not left out before somebody has said what becomes of those.
CREATE FUNCTION app.step_finished() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE due timestamptz; n uuid;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.case_id::text, 190));
  IF NEW.status = 'skipped' AND EXISTS (SELECT 1 FROM app.plan_step s WHERE s.case_id = NEW.case_id AND s.waits_step = NEW.id AND s.released_at IS NULL AND s.status = 'open') THEN
    RAISE check_violation USING MESSAGE = 'others wait for it', CONSTRAINT = 'others_wait';
  ELSIF NEW.status = 'done' THEN
    PERFORM app._release(NEW.case_id, 'step', NEW.id, NEW.done_at);
    IF NEW.repeat_every IS NOT NULL THEN
      due := app._due(coalesce(NEW.due_at, NEW.done_at), NEW.repeat_every, NEW.repeat_unit);
      IF due <= NEW.done_at THEN due := app._due(NEW.done_at, NEW.repeat_every, NEW.repeat_unit); END IF; -- done so late that its turn has passed
      IF NEW.repeat_until IS NULL OR (due AT TIME ZONE 'Europe/Copenhagen')::date <= NEW.repeat_until THEN
        INSERT INTO app.plan_step AS x (case_id, phase_id, position, title, detail, partner_type, responsible_user, responsible_contact, due_at, deadline_code, template_step, mandatory, requires_gate, origin,
            created_by, repeat_every, repeat_unit, repeat_until, repeats_step, late_ok)
          SELECT NEW.case_id, NEW.phase_id, max(p.position) + 1, NEW.title, NEW.detail, NEW.partner_type, NEW.responsible_user, NEW.responsible_contact, due, NEW.deadline_code, NEW.template_step, NEW.mandatory, NEW.requires_gate, NEW.origin,
            coalesce(auth.uid(), NEW.created_by), NEW.repeat_every, NEW.repeat_unit, NEW.repeat_until, NEW.id, NEW.late_ok FROM app.plan_step p WHERE p.case_id = NEW.case_id
          ON CONFLICT (case_id, repeats_step) DO UPDATE SET status = 'open', skip_reason = '', due_at = EXCLUDED.due_at, version = x.version + 1, changed_at = now()
            WHERE x.status = 'skipped' AND x.skip_reason = 'Trinnet før er åbnet igen' RETURNING x.id INTO n;
        IF n IS NOT NULL THEN PERFORM app._event(NEW.case_id, auth.uid(), 'step.repeated', n, jsonb_build_object('title', NEW.title, 'to', app._utc(due))); END IF;
      END IF;
    END IF;
  ELSIF OLD.status = 'done' THEN
    UPDATE app.plan_step s SET released_at = NULL, moved_from = NULL, moved_at = clock_timestamp(), version = s.version + 1, changed_at = now()
      WHERE s.case_id = NEW.case_id AND s.waits_step = NEW.id AND s.released_at IS NOT NULL AND s.status = 'open' AND (s.due_event <> '' OR s.due_at IS NULL);
    UPDATE app.plan_step s SET status = 'skipped', skip_reason = 'Trinnet før er åbnet igen', version = s.version + 1, changed_at = now()
      WHERE s.case_id = NEW.case_id AND s.repeats_step = NEW.id AND s.status = 'open'
        AND NOT EXISTS (SELECT 1 FROM app.case_event e WHERE e.case_id = NEW.case_id AND e.object_id = s.id AND e.kind <> 'step.repeated')
        AND NOT EXISTS (SELECT 1 FROM app.plan_step w WHERE w.case_id = NEW.case_id AND w.waits_step = s.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER step_finished AFTER UPDATE OF status ON app.plan_step FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION app.step_finished();

-- The next of a series is written by nobody: it makes no author (000170), and no look through the plan (000140).
DROP TRIGGER IF EXISTS plan_hand ON app.plan_step;
CREATE TRIGGER plan_hand AFTER INSERT ON app.plan_step FOR EACH ROW WHEN (NEW.repeats_step IS NULL) EXECUTE FUNCTION app.plan_hand();
DROP TRIGGER IF EXISTS plan_hand_again ON app.plan_step;
CREATE TRIGGER plan_hand_again AFTER UPDATE ON app.plan_step FOR EACH ROW
  WHEN ((OLD.phase_id, OLD.title, OLD.detail, OLD.partner_type, OLD.requires_gate, OLD.status = 'skipped' AND OLD.skip_reason <> 'Trinnet før er åbnet igen') IS DISTINCT FROM
        (NEW.phase_id, NEW.title, NEW.detail, NEW.partner_type, NEW.requires_gate, NEW.status = 'skipped' AND NEW.skip_reason <> 'Trinnet før er åbnet igen')) EXECUTE FUNCTION app.plan_hand();
DROP TRIGGER plan_added_to ON app.plan_step;
CREATE TRIGGER plan_added_to AFTER INSERT ON app.plan_step FOR EACH ROW WHEN (NEW.repeats_step IS NULL) EXECUTE FUNCTION app.plan_edited();
DROP TRIGGER plan_edited ON app.plan_step;
CREATE TRIGGER plan_edited AFTER UPDATE OF title, detail, due_at, responsible_user, responsible_contact, partner_type, phase_id, status, due_event, due_offset, due_unit, waits_for, waits_step, repeat_every, deadline_code ON app.plan_step FOR EACH ROW
  WHEN ((OLD.title, OLD.detail, OLD.due_at, OLD.responsible_user, OLD.responsible_contact, OLD.partner_type, OLD.phase_id, OLD.due_event, OLD.due_offset, OLD.due_unit, OLD.waits_for, OLD.waits_step, OLD.repeat_every, OLD.deadline_code) IS DISTINCT FROM
        (NEW.title, NEW.detail, NEW.due_at, NEW.responsible_user, NEW.responsible_contact, NEW.partner_type, NEW.phase_id, NEW.due_event, NEW.due_offset, NEW.due_unit, NEW.waits_for, NEW.waits_step, NEW.repeat_every, NEW.deadline_code)
        AND NEW.released_at IS NOT DISTINCT FROM OLD.released_at OR NEW.status = 'skipped' AND OLD.status <> 'skipped' AND NEW.skip_reason <> 'Trinnet før er åbnet igen') EXECUTE FUNCTION app.plan_edited();

-- What pages ask.
CREATE FUNCTION app.preview_steps(p_case uuid, p_began timestamptz, p_follow_up date, p_departs date) RETURNS TABLE (id uuid, title text, due_from timestamptz, due_to timestamptz, timed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 8);
  RETURN QUERY SELECT x.id, x.title, x.due_from, x.due_to, x.timed FROM app._schedule(p_case, p_began, p_follow_up, p_departs) x;
END $$;
-- reschedule_steps() is for when the gate has opened without one of the events above. It returns how many locked steps have just got their day.
CREATE FUNCTION app.reschedule_steps(p_case uuid) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM app._reschedule(p_case);
  RETURN (SELECT count(*) FROM app.plan_step s WHERE s.case_id = p_case AND s.requires_gate AND s.status = 'open' AND s.moved_at >= now() AND s.moved_from IS NULL AND s.due_at IS NOT NULL);
END $$;
-- release_waiting() lets what waits for a step begin now, because the step is left out.
CREATE FUNCTION app.release_waiting(p_case uuid, p_step uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM app._release(p_case, 'step', p_step, now());
END $$;
GRANT EXECUTE ON FUNCTION app.preview_steps(uuid, timestamptz, date, date), app.reschedule_steps(uuid), app.release_waiting(uuid, uuid) TO samspil_app;

-- _plan_content() is the plan of a case as it stands, in one piece; NULL where there is none.
CREATE OR REPLACE FUNCTION app._plan_content(p_case uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('goals', p.citizen_goals, 'situation', p.situation, 'support', p.support, 'support_other', p.support_other, 'follow_up', coalesce(p.next_follow_up::text, ''),
    'risk', (SELECT jsonb_build_object('level', a.level, 'signed_at', app._utc(a.signed_at), 'valid_until', app._utc(a.valid_until)) FROM app.risk_assessment a WHERE a.case_id = p_case ORDER BY a.signed_at DESC, a.id DESC LIMIT 1),
    'phases', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'title', h.title, 'aim', h.aim) ORDER BY h.position, h.id), '[]') FROM app.plan_phase h WHERE h.case_id = p_case),
    'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'phase', s.phase_id, 'title', s.title, 'detail', s.detail, 'partner_type', s.partner_type,
        'who', coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END || ', ' || o.name, ''), 'who_id', coalesce(s.responsible_user, s.responsible_contact),
        'due_at', app._utc(s.due_at), 'timed', s.due_has_time, 'status', s.status, 'reason', s.skip_reason, 'mandatory', s.mandatory, 'gate', s.requires_gate,
        'event', s.due_event, 'offset', s.due_offset, 'unit', s.due_unit, 'waits', s.waits_for, 'waits_step', s.waits_step, 'every', s.repeat_every, 'every_unit', s.repeat_unit, 'until', s.repeat_until::text,
        'repeats', s.repeats_step, 'deadline', s.deadline_code) ORDER BY h.position, s.position, s.id), '[]')
      FROM app.plan_step s JOIN app.plan_phase h ON h.case_id = s.case_id AND h.id = s.phase_id LEFT JOIN auth.user_account u ON u.id = s.responsible_user
        LEFT JOIN app.contact_person c ON c.id = s.responsible_contact LEFT JOIN app.organisation o ON o.id = c.organisation_id WHERE s.case_id = p_case))
    FROM app.plan p WHERE p.case_id = p_case);
END $$;
SELECT meta.settle();
