-- As it was in 000190; of several things that a step waits for only the first is kept.
DROP TRIGGER plan_hand_again ON app.plan_step;
DROP TRIGGER plan_edited ON app.plan_step;
DROP FUNCTION app._release(uuid, text, timestamptz);
ALTER TABLE app.plan_step DROP CONSTRAINT waits_for_at_most_five, DROP CONSTRAINT came_is_beside, DROP CONSTRAINT waits_for_what, DROP CONSTRAINT counts_from_what_it_waits_for, DROP CONSTRAINT a_waiting_step_has_no_day,
  DROP CONSTRAINT skip_code_of_what, DROP CONSTRAINT skipping_asks_why;
ALTER TABLE app.plan_step ADD waits_step uuid;
ALTER TABLE app.plan_step ALTER waits_for DROP DEFAULT,
  ALTER waits_step TYPE uuid USING CASE WHEN waits_for[1] NOT IN ('risk_signed','report_received') THEN waits_for[1]::uuid END,
  ALTER waits_for TYPE text USING CASE WHEN waits_for = '{}' THEN '' WHEN waits_for[1] IN ('risk_signed','report_received') THEN waits_for[1] ELSE 'step' END,
  ALTER skip_reason TYPE text USING CASE WHEN skip_code = 'reopened' THEN 'Trinnet før er åbnet igen' ELSE skip_reason END;
ALTER TABLE app.plan_step ALTER waits_for SET DEFAULT '', DROP COLUMN came, DROP COLUMN skip_code,
  ADD CONSTRAINT plan_step_waits_for_check CHECK (waits_for IN ('','step','risk_signed','report_received')),
  ADD CONSTRAINT waits_for_what CHECK ((waits_for = 'step') = (waits_step IS NOT NULL) AND waits_step IS DISTINCT FROM id AND (released_at IS NULL OR waits_for <> '')),
  ADD CONSTRAINT counts_from_what_it_waits_for CHECK (due_event <> 'awaited' OR waits_for <> ''),
  ADD CONSTRAINT a_waiting_step_has_no_day CHECK (waits_for = '' OR released_at IS NOT NULL OR due_at IS NULL),
  ADD CONSTRAINT skipping_asks_why CHECK (status <> 'skipped' OR btrim(skip_reason) <> ''),
  ADD FOREIGN KEY (case_id, waits_step) REFERENCES app.plan_step (case_id, id);
CREATE INDEX plan_step_waits ON app.plan_step (case_id, waits_step) WHERE waits_step IS NOT NULL;
GRANT INSERT (waits_step), UPDATE (waits_step) ON app.plan_step TO samspil_app;
CREATE OR REPLACE FUNCTION app.follows_event() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
CREATE OR REPLACE FUNCTION app._schedule(p_case uuid, p_began timestamptz, p_follow_up date, p_departs date) RETURNS TABLE (id uuid, title text, due_from timestamptz, due_to timestamptz, timed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT s.id, s.title, s.due_at, n.due, s.due_unit = 'hours' FROM app.plan_step s
      CROSS JOIN LATERAL (SELECT app._due(app._moment(p_case, s.due_event, s.released_at, p_began, p_follow_up, p_departs), s.due_offset, s.due_unit) AS due) n
    WHERE s.case_id = p_case AND s.status = 'open' AND s.due_event <> '' AND (s.waits_for = '' OR s.released_at IS NOT NULL)
      AND s.due_at IS DISTINCT FROM n.due AND NOT (s.requires_gate AND app._gate_shut(p_case, now())) ORDER BY n.due NULLS LAST, s.id;
END $$;
CREATE FUNCTION app._release(p_case uuid, p_for text, p_step uuid, p_at timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  FOR s IN UPDATE app.plan_step x SET released_at = p_at, moved_from = NULL, moved_at = clock_timestamp(), version = x.version + 1, changed_at = now()
            WHERE x.case_id = p_case AND x.waits_for = p_for AND x.waits_step IS NOT DISTINCT FROM p_step AND x.released_at IS NULL AND x.status = 'open' RETURNING x.id, x.title LOOP
    PERFORM app._event(p_case, auth.uid(), 'step.released', s.id, jsonb_build_object('title', s.title));
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION app.risk_was_signed() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._release(NEW.case_id, 'risk_signed', NULL, NEW.signed_at);
  PERFORM app._reschedule(NEW.case_id);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION app.report_in_case() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._release(NEW.case_id, 'report_received', NULL, (SELECT r.received_at FROM app.report r WHERE r.id = NEW.report_id));
  PERFORM app._reschedule(NEW.case_id);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION app.step_finished() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
CREATE TRIGGER plan_hand_again AFTER UPDATE ON app.plan_step FOR EACH ROW
  WHEN ((OLD.phase_id, OLD.title, OLD.detail, OLD.partner_type, OLD.requires_gate, OLD.status = 'skipped' AND OLD.skip_reason <> 'Trinnet før er åbnet igen') IS DISTINCT FROM
        (NEW.phase_id, NEW.title, NEW.detail, NEW.partner_type, NEW.requires_gate, NEW.status = 'skipped' AND NEW.skip_reason <> 'Trinnet før er åbnet igen')) EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_edited AFTER UPDATE OF title, detail, due_at, responsible_user, responsible_contact, partner_type, phase_id, status, due_event, due_offset, due_unit, waits_for, waits_step, repeat_every, deadline_code ON app.plan_step FOR EACH ROW
  WHEN ((OLD.title, OLD.detail, OLD.due_at, OLD.responsible_user, OLD.responsible_contact, OLD.partner_type, OLD.phase_id, OLD.due_event, OLD.due_offset, OLD.due_unit, OLD.waits_for, OLD.waits_step, OLD.repeat_every, OLD.deadline_code) IS DISTINCT FROM
        (NEW.title, NEW.detail, NEW.due_at, NEW.responsible_user, NEW.responsible_contact, NEW.partner_type, NEW.phase_id, NEW.due_event, NEW.due_offset, NEW.due_unit, NEW.waits_for, NEW.waits_step, NEW.repeat_every, NEW.deadline_code)
        AND NEW.released_at IS NOT DISTINCT FROM OLD.released_at OR NEW.status = 'skipped' AND OLD.status <> 'skipped' AND NEW.skip_reason <> 'Trinnet før er åbnet igen') EXECUTE FUNCTION app.plan_edited();
CREATE OR REPLACE FUNCTION app.release_waiting(p_case uuid, p_step uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 8);
  PERFORM app._release(p_case, 'step', p_step, now());
END $$;
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
