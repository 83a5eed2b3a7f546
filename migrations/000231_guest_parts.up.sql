-- What a partner without an account sees of their part in a case, and what they say to it (docs/adr/0019-guests.md). They read one text:
-- the one that stands in the register of what left the case, which the guard has compared with every protected fact (R9, R12).
CREATE TABLE app.guest_request (
  case_id uuid NOT NULL, link_id uuid NOT NULL, sharing_id uuid NOT NULL,
  PRIMARY KEY (case_id, link_id),
  FOREIGN KEY (case_id, link_id) REFERENCES app.guest_link (case_id, id), FOREIGN KEY (case_id, sharing_id) REFERENCES app.sharing (case_id, id)
);
CREATE INDEX ON app.guest_request (case_id, sharing_id);
-- The steps that stand at the end of the text, in its order.
CREATE TABLE app.guest_step (
  case_id uuid NOT NULL, link_id uuid NOT NULL, step_id uuid NOT NULL, position smallint NOT NULL,
  PRIMARY KEY (case_id, link_id, step_id),
  FOREIGN KEY (case_id, link_id) REFERENCES app.guest_link (case_id, id), FOREIGN KEY (case_id, step_id) REFERENCES app.plan_step (case_id, id)
);
CREATE TABLE app.guest_answer (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, link_id uuid NOT NULL, step_id uuid,
  kind text NOT NULL CHECK (kind IN ('accepted','declined','asked_back','done','not_possible')),
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 4000), at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  UNIQUE (case_id, link_id, request_key),
  FOREIGN KEY (case_id, link_id) REFERENCES app.guest_link (case_id, id), FOREIGN KEY (case_id, step_id) REFERENCES app.plan_step (case_id, id),
  CONSTRAINT of_a_step CHECK ((kind IN ('done','not_possible')) = (step_id IS NOT NULL)),
  CONSTRAINT says_why CHECK (kind NOT IN ('declined','asked_back','not_possible') OR btrim(words) <> '')
);
CREATE TABLE app.guest_file (
  id uuid PRIMARY KEY, case_id uuid NOT NULL, link_id uuid NOT NULL,
  name_enc bytea NOT NULL, content_enc bytea NOT NULL, type text NOT NULL CHECK (type IN ('pdf','docx','txt','jpg','png')), size int NOT NULL CHECK (size BETWEEN 1 AND 10485760),
  at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  UNIQUE (case_id, link_id, request_key),
  FOREIGN KEY (case_id, link_id) REFERENCES app.guest_link (case_id, id)
);
SELECT meta.guard('app.guest_request', 'SELECT, INSERT');
SELECT meta.guard('app.guest_step', 'SELECT, INSERT');
SELECT meta.guard('app.guest_answer', 'SELECT, INSERT');
SELECT meta.guard('app.guest_file', 'SELECT, INSERT');
CREATE POLICY sel ON app.guest_request FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.guest_step FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.guest_answer FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.guest_file FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
GRANT SELECT ON app.guest_request, app.guest_step, app.guest_answer TO samspil_app;
GRANT SELECT (id, case_id, link_id, type, size, at, request_key) ON app.guest_file TO samspil_app;

-- "Kan ikke lade sig gøre" is not "not done": the step is open, and somebody has to think anew. It ends when somebody does.
ALTER TABLE app.plan_step ADD impossible_at timestamptz;
GRANT UPDATE (status, done_at, responsible_contact, impossible_at, version, changed_at) ON app.plan_step TO samspil_guard;
GRANT UPDATE (status, answered_at, answer, version, changed_at) ON app.involvement TO samspil_guard;
CREATE FUNCTION app.step_possible_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.impossible_at := NULL; RETURN NEW; END $$;
CREATE TRIGGER possible_again BEFORE UPDATE OF status, title, detail, due_at, responsible_user, responsible_contact ON app.plan_step FOR EACH ROW
  WHEN (OLD.impossible_at IS NOT NULL AND (OLD.status, OLD.title, OLD.detail, OLD.due_at, OLD.responsible_user, OLD.responsible_contact) IS DISTINCT FROM
        (NEW.status, NEW.title, NEW.detail, NEW.due_at, NEW.responsible_user, NEW.responsible_contact)) EXECUTE FUNCTION app.step_possible_again();

-- A part's link is dead, too, when a fact is protected later that stands in its text.
CREATE OR REPLACE FUNCTION app._guest_about(p_about text, p_case uuid, p_about_id uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_about WHEN 'verify' THEN true
    WHEN 'involvement' THEN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.id = p_about_id AND i.contact_id = p_contact AND i.status <> 'ended')
      AND NOT EXISTS (SELECT 1 FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id JOIN app.sharing_hit h ON h.case_id = q.case_id AND h.sharing_id = q.sharing_id
        WHERE l.case_id = p_case AND l.about_id = p_about_id AND l.revoked_at IS NULL AND h.later)
    ELSE false END;
END $$;

------------------------------------------------------------------ the side of the case
-- guest_send() makes the link to a text that is in the register: out, shared, to this contact person, written by the reader.
CREATE FUNCTION app.guest_send(p_case uuid, p_part uuid, p_sharing uuid, p_steps uuid[], p_days int) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; l uuid;
BEGIN
  PERFORM app._demand(p_case, 8);
  SELECT x.contact_id, x.organisation_id INTO i FROM app.involvement x WHERE x.case_id = p_case AND x.id = p_part AND x.status IN ('requested','accepted') AND x.contact_id IS NOT NULL;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM 1 FROM app.sharing s WHERE s.case_id = p_case AND s.id = p_sharing AND s.direction = 'out' AND s.status = 'shared' AND s.contact_id = i.contact_id
     AND NOT EXISTS (SELECT 1 FROM app.sharing_hit h WHERE h.case_id = p_case AND h.sharing_id = p_sharing AND h.later);
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF EXISTS (SELECT 1 FROM unnest(p_steps) x WHERE NOT EXISTS (SELECT 1 FROM app.plan_step s WHERE s.case_id = p_case AND s.id = x AND s.responsible_contact = i.contact_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  l := app._guest_link(p_case, i.contact_id, 'involvement', p_part, p_days);
  INSERT INTO app.guest_request VALUES (p_case, l, p_sharing);
  INSERT INTO app.guest_step SELECT p_case, l, x, n FROM unnest(p_steps) WITH ORDINALITY u(x, n);
  PERFORM app._event(p_case, auth.uid(), 'guest.sent', l, (SELECT jsonb_build_object('organisation', o.name, 'contact', CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END)
    FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.id = i.contact_id));
  RETURN l;
END $$;
-- guest_links() are the links of a part, the newest first, with when their letters left.
CREATE FUNCTION app.guest_links(p_case uuid, p_part uuid) RETURNS TABLE (id uuid, created_at timestamptz, created_by text, expires_at timestamptz, revoked_at timestamptz, code_until timestamptz, openings int, opened_at timestamptz,
  answered_at timestamptz, sent_at timestamptz, holds boolean, sharing_id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(2)) THEN RETURN; END IF;
  RETURN QUERY SELECT l.id, l.created_at, coalesce(u.display_name, ''), l.expires_at, l.revoked_at, l.code_until, l.openings, l.opened_at, l.answered_at, m.sent_at, app._guest_holds(l.id), q.sharing_id
    FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id LEFT JOIN auth.user_account u ON u.id = l.created_by LEFT JOIN app.mail m ON m.about = l.id
   WHERE l.case_id = p_case AND l.about = 'involvement' AND l.about_id = p_part ORDER BY l.created_at DESC, l.id LIMIT 20;
END $$;
-- guest_files() names the files of a part, sealed; read_guest_file() gives one, with a line in the trail.
CREATE FUNCTION app.guest_files(p_case uuid, p_part uuid) RETURNS TABLE (id uuid, name_enc bytea, type text, size int, at timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_case = ANY (auth.opened(2)) THEN RETURN; END IF;
  RETURN QUERY SELECT f.id, f.name_enc, f.type, f.size, f.at FROM app.guest_file f JOIN app.guest_link l ON l.case_id = f.case_id AND l.id = f.link_id
   WHERE f.case_id = p_case AND l.about_id = p_part ORDER BY f.at DESC, f.id LIMIT 50;
END $$;
CREATE FUNCTION app.read_guest_file(p_case uuid, p_file uuid) RETURNS TABLE (name_enc bytea, content_enc bytea, type text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 2);
  PERFORM 1 FROM app.guest_file f WHERE f.case_id = p_case AND f.id = p_file;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM audit._append('case:' || p_case, 'guest.file_read', p_case, p_file::text, NULL);
  RETURN QUERY SELECT f.name_enc, f.content_enc, f.type FROM app.guest_file f WHERE f.case_id = p_case AND f.id = p_file;
END $$;
GRANT EXECUTE ON FUNCTION app.guest_send(uuid, uuid, uuid, uuid[], int), app.guest_links(uuid, uuid), app.guest_files(uuid, uuid), app.read_guest_file(uuid, uuid) TO samspil_app;

------------------------------------------------------------------ the side of the guest
CREATE FUNCTION app.guest_part() RETURNS TABLE (link_id uuid, case_id uuid, sharing_id uuid, text_enc bytea, status text, name text, organisation text, asked_by text, asked_phone text, expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  PERFORM audit._append('case:' || l.case_id, 'guest.read', l.case_id, l.id::text, NULL);
  RETURN QUERY SELECT l.id, l.case_id, s.id, s.text_enc, i.status, c.name, o.name, coalesce(u.display_name, ''), coalesce(u.phone, ''), l.expires_at
    FROM app.guest_request q JOIN app.sharing s ON s.case_id = q.case_id AND s.id = q.sharing_id JOIN app.involvement i ON i.case_id = l.case_id AND i.id = l.about_id
    JOIN app.contact_person c ON c.id = l.contact_id JOIN app.organisation o ON o.id = c.organisation_id LEFT JOIN auth.user_account u ON u.id = l.created_by
   WHERE q.case_id = l.case_id AND q.link_id = l.id;
END $$;
CREATE FUNCTION app.guest_steps() RETURNS TABLE (id uuid, "position" smallint, done boolean, impossible boolean, open boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  RETURN QUERY SELECT g.step_id, g.position, s.status = 'done', s.impossible_at IS NOT NULL, s.status IN ('open','in_progress','waiting') AND s.responsible_contact IS NOT DISTINCT FROM l.contact_id
    FROM app.guest_step g JOIN app.plan_step s ON s.case_id = g.case_id AND s.id = g.step_id WHERE g.case_id = l.case_id AND g.link_id = l.id ORDER BY g.position;
END $$;
CREATE FUNCTION app.guest_said() RETURNS TABLE (kind text, step_id uuid, words text, at timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  RETURN QUERY SELECT a.kind, a.step_id, a.words, a.at FROM app.guest_answer a WHERE a.case_id = l.case_id AND a.link_id = l.id
    UNION ALL SELECT 'file', NULL, '', f.at FROM app.guest_file f WHERE f.case_id = l.case_id AND f.link_id = l.id ORDER BY 4, 1;
END $$;

-- _guest_says() is what every answer begins with: one after the other, and not without end. False: it has been said already.
CREATE FUNCTION app._guest_says(p_link app.guest_link, p_key uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM app.guest_link l WHERE l.id = p_link.id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM app.guest_answer a WHERE a.case_id = p_link.case_id AND a.link_id = p_link.id AND a.request_key = p_key
             UNION ALL SELECT 1 FROM app.guest_file f WHERE f.case_id = p_link.case_id AND f.link_id = p_link.id AND f.request_key = p_key) THEN RETURN false; END IF;
  IF (SELECT count(*) FROM app.guest_answer a WHERE a.case_id = p_link.case_id AND a.link_id = p_link.id) >= 60
     OR (SELECT count(*) FROM app.guest_file f WHERE f.case_id = p_link.case_id AND f.link_id = p_link.id) >= 10 THEN
    RAISE check_violation USING MESSAGE = 'enough', CONSTRAINT = 'guest_has_said_enough';
  END IF;
  UPDATE app.guest_link l SET answered_at = now() WHERE l.id = p_link.id;
  RETURN true;
END $$;
CREATE FUNCTION app._guest_tells(p_case uuid, p_kind text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM app._notify((SELECT f.responsible_id FROM app.case_file f WHERE f.id = p_case), p_case, p_kind); END $$;

-- guest_reply() answers the request. It moves the part as the caseworker's hand does: from asked to yes or no. 'late': it has moved.
CREATE FUNCTION app.guest_reply(p_kind text, p_words text, p_key uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement'); was text; s record;
BEGIN
  IF p_kind NOT IN ('accepted','declined','asked_back') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF NOT app._guest_says(l, p_key) THEN RETURN 'ok'; END IF;
  SELECT i.status INTO was FROM app.involvement i WHERE i.case_id = l.case_id AND i.id = l.about_id FOR NO KEY UPDATE;
  IF was = p_kind THEN RETURN 'ok'; END IF;
  IF p_kind <> 'asked_back' AND was <> 'requested' OR was NOT IN ('requested','accepted') THEN RETURN 'late'; END IF;
  INSERT INTO app.guest_answer (case_id, link_id, kind, words, request_key) VALUES (l.case_id, l.id, p_kind, btrim(p_words), p_key);
  IF p_kind = 'asked_back' THEN
    PERFORM app._guest_event(l.id, 'guest.asked_back', l.about_id, NULL);
  ELSE
    UPDATE app.involvement i SET status = p_kind, answered_at = now(), answer = btrim(p_words), version = i.version + 1, changed_at = now() WHERE i.case_id = l.case_id AND i.id = l.about_id;
    PERFORM app._guest_event(l.id, 'involvement.' || p_kind, l.about_id, NULL);
  END IF;
  IF p_kind = 'declined' THEN -- their open steps are nobody's then, and show as such (R5)
    FOR s IN UPDATE app.plan_step x SET responsible_contact = NULL, status = CASE x.status WHEN 'waiting' THEN 'open' ELSE x.status END, version = x.version + 1, changed_at = now()
        WHERE x.case_id = l.case_id AND x.responsible_contact = l.contact_id AND x.status IN ('open','in_progress','waiting')
          AND NOT EXISTS (SELECT 1 FROM app.involvement o WHERE o.case_id = l.case_id AND o.contact_id = l.contact_id AND o.status IN ('requested','accepted')) RETURNING x.id, x.title LOOP
      PERFORM app._guest_event(l.id, 'step.assigned', s.id, jsonb_build_object('title', s.title));
    END LOOP;
  END IF;
  PERFORM app._guest_tells(l.case_id, 'guest.' || p_kind);
  RETURN 'ok';
END $$;
-- guest_report() says of a step that it is done, or that it is not possible. One that reaches the family is done behind the gate only (R1).
CREATE FUNCTION app.guest_report(p_step uuid, p_kind text, p_words text, p_key uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement'); s record;
BEGIN
  IF p_kind NOT IN ('done','not_possible') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM 1 FROM app.guest_step g WHERE g.case_id = l.case_id AND g.link_id = l.id AND g.step_id = p_step;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF NOT app._guest_says(l, p_key) THEN RETURN 'ok'; END IF;
  SELECT x.status, x.title, x.responsible_contact, x.requires_gate INTO s FROM app.plan_step x WHERE x.case_id = l.case_id AND x.id = p_step FOR NO KEY UPDATE;
  IF s.status = 'done' AND p_kind = 'done' THEN RETURN 'ok'; END IF;
  IF s.status NOT IN ('open','in_progress','waiting') OR s.responsible_contact IS DISTINCT FROM l.contact_id OR p_kind = 'done' AND s.requires_gate AND app._gate_shut(l.case_id, now()) THEN RETURN 'late'; END IF;
  INSERT INTO app.guest_answer (case_id, link_id, step_id, kind, words, request_key) VALUES (l.case_id, l.id, p_step, p_kind, btrim(p_words), p_key);
  IF p_kind = 'done' THEN
    UPDATE app.plan_step x SET status = 'done', done_at = now(), version = x.version + 1, changed_at = now() WHERE x.case_id = l.case_id AND x.id = p_step;
    PERFORM app._guest_event(l.id, 'step.done', p_step, jsonb_build_object('title', s.title, 'was', s.status));
  ELSE
    UPDATE app.plan_step x SET impossible_at = now(), version = x.version + 1, changed_at = now() WHERE x.case_id = l.case_id AND x.id = p_step;
    PERFORM app._guest_event(l.id, 'step.not_possible', p_step, jsonb_build_object('title', s.title));
  END IF;
  PERFORM app._guest_tells(l.case_id, 'guest.' || p_kind);
  RETURN 'ok';
END $$;
CREATE FUNCTION app.guest_leave_file(p_id uuid, p_name bytea, p_content bytea, p_type text, p_size int, p_key uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('involvement');
BEGIN
  IF NOT app._guest_says(l, p_key) THEN RETURN 'ok'; END IF;
  INSERT INTO app.guest_file (id, case_id, link_id, name_enc, content_enc, type, size, request_key) VALUES (p_id, l.case_id, l.id, p_name, p_content, p_type, p_size, p_key);
  PERFORM app._guest_event(l.id, 'guest.file', l.about_id, NULL);
  PERFORM app._guest_tells(l.case_id, 'guest.file');
  RETURN 'ok';
END $$;
GRANT EXECUTE ON FUNCTION app.guest_part(), app.guest_steps(), app.guest_said(), app.guest_reply(text, text, uuid), app.guest_report(uuid, text, text, uuid),
  app.guest_leave_file(uuid, bytea, bytea, text, int, uuid) TO samspil_app;
SELECT meta.settle();
