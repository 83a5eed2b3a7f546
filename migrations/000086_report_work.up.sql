-- What the intake desk does with a report: search first, keep a draft, take and hand over, answer the reporter, and carry
-- it into a case.

-- A report on its way to being registered, like a case on its way (000037): sealed, for the one who writes it, one report
-- however often it is sent.
CREATE TABLE app.report_draft (
  id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.user_account,
  answers bytea NOT NULL CHECK (octet_length(answers) <= 2000000),
  started_at timestamptz NOT NULL DEFAULT now(), saved_at timestamptz NOT NULL DEFAULT now(),
  report_ref text, report_number text       -- when it has become a report; the answers are then empty
);
CREATE INDEX ON app.report_draft (user_id, saved_at DESC);
CREATE POLICY own ON app.report_draft FOR ALL TO samspil_app USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()) AND (SELECT auth.role()) IN ('caseworker','specialist','team_lead'));
GRANT SELECT, INSERT (id, user_id, answers), UPDATE (answers, saved_at, report_ref, report_number), DELETE ON app.report_draft TO samspil_app;

------------------------------------------------------------------ search before create
-- What a name sounds like: its consonants, one form for those that are written for each other (Mohammed, Muhamad, Mehmet;
-- Khadija, Hadidja; Yusuf, Jusuf, Youssef). A beginning vowel stays as a mark; articles fall away. It expects a folded name.
CREATE FUNCTION app._sound(p_folded text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE w text; out text[] := '{}';
BEGIN
  FOREACH w IN ARRAY string_to_array(p_folded, ' ') LOOP
    CONTINUE WHEN w IN ('', 'el', 'al', 'ul', 'bin', 'ibn', 'bint', 'von', 'van', 'de');
    w := replace(replace(w, 'chm', 'hm'), 'chr', 'kr');
    w := regexp_replace(w, 'dzj|dzh|dsch|dsj|dj', 'j', 'g');
    w := regexp_replace(w, 'sch|sh|sj|ch', 's', 'g');
    w := replace(replace(replace(replace(replace(replace(w, 'kh', 'h'), 'gh', 'g'), 'ph', 'f'), 'th', 't'), 'dh', 'd'), 'ck', 'k');
    w := regexp_replace(w, 'c(?=[eiy])', 's', 'g');
    w := translate(replace(w, 'x', 'ks'), 'cqzw', 'kksv');
    w := regexp_replace(w, 'y(?=[aeiou])', 'j', 'g');
    w := regexp_replace(w, 'j(?![aeiouy])', '', 'g');
    w := translate(w, 'db', 'tp');
    w := regexp_replace(w, '(.)\1+', '\1', 'g');
    w := regexp_replace(w, '(?<=.)h$', '');
    w := regexp_replace(w, '^[aeiouy]+', 'a');
    w := regexp_replace(w, '(?<=.)[aeiouy]', '', 'g');
    IF length(w) >= 2 THEN out := out || w; END IF;
  END LOOP;
  RETURN array_to_string(out, ' ');
END $$;
-- one place writes it, whoever writes the name
CREATE FUNCTION app.sound_name() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.name_sound := app._sound(NEW.name_folded); RETURN NEW; END $$;
ALTER TABLE app.person ADD name_sound text NOT NULL DEFAULT '';
UPDATE app.person SET name_sound = app._sound(name_folded);
CREATE TRIGGER sound_name BEFORE INSERT OR UPDATE OF name_folded ON app.person FOR EACH ROW EXECUTE FUNCTION app.sound_name();
CREATE TRIGGER sound_name BEFORE INSERT OR UPDATE OF name_folded ON app.report_person FOR EACH ROW EXECUTE FUNCTION app.sound_name();
CREATE INDEX person_sound ON app.person USING gin (string_to_array(name_sound, ' ')) WITH (fastupdate = off);
CREATE INDEX report_person_sound ON app.report_person USING gin (string_to_array(name_sound, ' ')) WITH (fastupdate = off);

-- a protected telephone number can be found by who knows it, and read by nobody who does not
ALTER TABLE app.protected_fact ADD phone_bidx bytea;
CREATE INDEX ON app.protected_fact (phone_bidx) WHERE phone_bidx IS NOT NULL;
GRANT INSERT (phone_bidx) ON app.protected_fact TO samspil_app;
ALTER TABLE app.search_token ADD phone_bidx bytea;

CREATE FUNCTION app.keep_candidates(p_id uuid, p_name text, p_cpr_bidx bytea, p_phone_bidx bytea) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  DELETE FROM app.search_token WHERE at < now() - interval '10 minutes'; -- everybody's
  INSERT INTO app.search_token AS t (id, user_id, number, name_folded, cpr_bidx, phone_bidx, word) VALUES (p_id, auth.uid(), '', p_name, p_cpr_bidx, p_phone_bidx, '')
  ON CONFLICT (id) DO UPDATE SET at = now(), name_folded = EXCLUDED.name_folded, cpr_bidx = EXCLUDED.cpr_bidx, phone_bidx = EXCLUDED.phone_bidx
   WHERE t.user_id = EXCLUDED.user_id;
END $$;

-- find_candidates(): who this may be, among the people of the cases and reports that the asker may read, and nothing
-- else; no "n hidden" (AC4). A name is found as it is written, misspelt, and by its sound: all words of it, or two.
-- A protected number finds its case only for those who may see protected facts there.
CREATE FUNCTION app.find_candidates(p_name text, p_cpr_bidx bytea, p_phone_bidx bytea) RETURNS TABLE (kind text, id uuid, ref text, number text, area text, live boolean,
  worker uuid, name text, born date, relation text, about boolean, found_by text, at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE mine uuid[] := auth.my_cases(); led uuid[] := auth.led_teams(); bar uuid[] := auth.barred(); reports uuid[] := auth.my_reports();
  words text[] := string_to_array(app._sound(p_name), ' '); part text := '%' || replace(replace(p_name, '%', ''), '_', '') || '%'; least_words int;
BEGIN
  IF auth.uid() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RETURN; END IF;
  least_words := least(2, cardinality(words));
  PERFORM audit._append('user:' || auth.uid(), 'search', NULL, NULL, jsonb_build_object('name', p_name, 'cpr', p_cpr_bidx IS NOT NULL, 'phone', p_phone_bidx IS NOT NULL));
  RETURN QUERY
  WITH hit AS (
    SELECT p.case_id AS c, p.id AS p, 1 AS rank FROM app.person p WHERE p_cpr_bidx IS NOT NULL AND p.cpr_bidx = p_cpr_bidx
    UNION ALL SELECT f.case_id, f.person_id, 2 FROM app.protected_fact f WHERE p_phone_bidx IS NOT NULL AND f.phone_bidx = p_phone_bidx AND f.retired_at IS NULL AND auth.perms(f.case_id) & 4 = 4
    UNION ALL SELECT p.case_id, p.id, 3 FROM app.person p WHERE length(p_name) >= 2 AND (p.name_folded LIKE part OR p.name_folded OPERATOR(public.%>) p_name)
    UNION ALL SELECT p.case_id, p.id, 4 FROM app.person p WHERE least_words > 0 AND string_to_array(p.name_sound, ' ') && words
        AND (SELECT count(*) FROM unnest(words) w WHERE w = ANY (string_to_array(p.name_sound, ' '))) >= least_words
  ), reported AS (
    SELECT p.report_id AS r, p.id AS p, 1 AS rank FROM app.report_person p WHERE p_cpr_bidx IS NOT NULL AND p.cpr_bidx = p_cpr_bidx
    UNION ALL SELECT p.report_id, p.id, 2 FROM app.report_person p WHERE p_phone_bidx IS NOT NULL AND p.phone_bidx = p_phone_bidx
    UNION ALL SELECT p.report_id, p.id, 3 FROM app.report_person p WHERE length(p_name) >= 2 AND (p.name_folded LIKE part OR p.name_folded OPERATOR(public.%>) p_name)
    UNION ALL SELECT p.report_id, p.id, 4 FROM app.report_person p WHERE least_words > 0 AND string_to_array(p.name_sound, ' ') && words
        AND (SELECT count(*) FROM unnest(words) w WHERE w = ANY (string_to_array(p.name_sound, ' '))) >= least_words
  ), best AS (
    SELECT DISTINCT ON (f.id) 'case' AS kind, f.id, f.ref, f.number, f.area, f.status = 'open' AS live, f.responsible_id AS worker, p.name, p.born, p.relation, p.is_citizen AS about, h.rank, f.active_at AS at
      FROM hit h JOIN app.case_file f ON f.id = h.c JOIN app.person p ON p.case_id = f.id AND p.id = h.p
     WHERE f.municipality = auth.municipality() AND f.id <> ALL (bar) AND (f.id = ANY (mine) OR (f.confidentiality < 2 AND f.team_id = ANY (led)))
     ORDER BY f.id, h.rank, p.is_citizen DESC, p.id
  ), best_report AS (
    SELECT DISTINCT ON (x.id) 'report' AS kind, x.id, x.ref, x.number, x.area, x.concluded_at IS NULL AS live, x.assigned_to AS worker, p.name, p.born, p.relation, p.is_child AS about, h.rank, x.received_at AS at
      FROM reported h JOIN app.report x ON x.id = h.r JOIN app.report_person p ON p.report_id = x.id AND p.id = h.p
     WHERE x.id = ANY (reports) ORDER BY x.id, h.rank, p.is_child DESC, p.id
  )
  SELECT z.kind, z.id, z.ref, z.number, z.area, z.live, z.worker, z.name, z.born, z.relation, z.about, (ARRAY['cpr','phone','name','sound'])[z.rank], z.at
    FROM (SELECT * FROM best UNION ALL SELECT * FROM best_report) z ORDER BY z.rank, z.about DESC, z.live DESC, z.at DESC, z.id LIMIT 20;
END $$;
CREATE FUNCTION app.found_candidates(p_id uuid) RETURNS TABLE (kind text, id uuid, ref text, number text, area text, live boolean,
  worker uuid, name text, born date, relation text, about boolean, found_by text, at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  SELECT t.name_folded, t.cpr_bidx, t.phone_bidx INTO s FROM app.search_token t WHERE t.id = p_id AND t.user_id = auth.uid() AND t.at > now() - interval '10 minutes';
  IF FOUND THEN RETURN QUERY SELECT * FROM app.find_candidates(s.name_folded, s.cpr_bidx, s.phone_bidx); END IF;
END $$;

-- the same for the child of an opened report, by everything that is known of them
CREATE FUNCTION app.candidates_of(p_report uuid) RETURNS TABLE (kind text, id uuid, ref text, number text, area text, live boolean,
  worker uuid, name text, born date, relation text, about boolean, found_by text, at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE s record;
BEGIN
  IF NOT p_report = ANY (auth.opened(8)) THEN RETURN; END IF;
  SELECT p.name_folded, p.cpr_bidx, p.phone_bidx INTO s FROM app.report_person p WHERE p.report_id = p_report AND p.is_child;
  IF FOUND THEN RETURN QUERY SELECT f.* FROM app.find_candidates(s.name_folded, s.cpr_bidx, s.phone_bidx) f WHERE f.id <> p_report; END IF;
END $$;

------------------------------------------------------------------ notices about a report
ALTER TABLE app.notice ADD report_id uuid REFERENCES app.report;
CREATE FUNCTION app._notify_report(p_user uuid, p_report uuid, p_kind text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_user IS NULL OR p_user IS NOT DISTINCT FROM auth.uid() OR auth._report_excluded(p_user, p_report) THEN RETURN; END IF;
  INSERT INTO app.notice (to_user, report_id, kind) VALUES (p_user, p_report, p_kind);
END $$;

-- the people of an intake desk, in office now
CREATE FUNCTION app._desk(p_report uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN QUERY SELECT DISTINCT u.id FROM app.report x JOIN app.team t ON t.intake AND t.area = x.area AND t.municipality = x.municipality
    JOIN app.team_member tm ON tm.team_id = t.id AND (tm.valid_to IS NULL OR tm.valid_to > now())
    JOIN auth.user_account u ON u.id = tm.user_id AND u.active AND u.municipality = x.municipality AND u.role IN ('caseworker','specialist','team_lead')
   WHERE x.id = p_report AND NOT auth._report_excluded(u.id, x.id); END $$;
-- whom one may hand a report over to; somebody who is kept from it is not among them, as somebody who does not work there
CREATE FUNCTION app.desk_of(p_report uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_report, 8);
  RETURN QUERY SELECT d FROM app._desk(p_report) d;
END $$;
-- assign_report() gives the report to somebody of its desk, if it is still with whom the asker saw it with: NULL is "meanwhile somebody else's".
CREATE FUNCTION app.assign_report(p_report uuid, p_user uuid, p_was uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE old uuid;
BEGIN
  PERFORM app._demand(p_report, 8);
  SELECT x.assigned_to INTO old FROM app.report x WHERE x.id = p_report FOR UPDATE;
  IF old = p_user THEN RETURN true; END IF;
  IF old IS DISTINCT FROM p_was THEN RETURN NULL; END IF;
  IF NOT EXISTS (SELECT 1 FROM app._desk(p_report) d WHERE d = p_user) THEN RETURN false; END IF;
  UPDATE app.report SET assigned_to = p_user, assigned_at = now(), version = version + 1 WHERE id = p_report;
  PERFORM audit._append('case:' || p_report, 'report.assign', p_report, p_user::text, jsonb_build_object('from', old));
  PERFORM app._notify_report(p_user, p_report, 'report.assigned');
  RETURN true;
END $$;

-- The receipt (§ 138). Never where it could reach somebody who must not know: to nobody unknown, not on an unsafe channel,
-- and not into the household while nobody has said that it is safe (domain.md 7, no. 8).
CREATE FUNCTION app.send_receipt(p_report uuid, p_how text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE x record;
BEGIN
  PERFORM app._demand(p_report, 16);
  SELECT r.receipt_at, r.source, c.channel, c.reporter_household INTO x FROM app.report r JOIN app.report_content c ON c.report_id = r.id WHERE r.id = p_report FOR UPDATE OF r;
  IF x.receipt_at IS NOT NULL THEN RETURN 'already'; END IF;
  IF x.source = 'anonymous' OR x.channel IN ('unsafe','none') OR x.channel = 'unknown' AND x.reporter_household THEN RETURN 'blocked'; END IF;
  UPDATE app.report SET receipt_at = now(), receipt_by_user = auth.uid(), receipt_how = p_how, version = version + 1 WHERE id = p_report;
  PERFORM audit._append('case:' || p_report, 'report.receipt', p_report, p_how, NULL);
  RETURN 'sent';
END $$;

-- The whole number of a person in an opened report, to be written into the case that it becomes, with its line (R11).
-- makes_case() tells whether the asker goes on from the opened report to a case: who writes in it, and of a concluded one its
-- desk, where the screening came to something that is done in a case.
CREATE FUNCTION app.makes_case(p_report uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_report = ANY (auth.opened(8)) OR p_report = ANY (auth.opened(16)) AND EXISTS (SELECT 1 FROM app.report x
    WHERE x.id = p_report AND x.concluded_at IS NOT NULL AND x.outcome NOT IN ('no_further','handed_on') AND (x.assigned_to = auth.uid() OR auth.uid() IN (SELECT app._desk(p_report))));
END $$;
CREATE FUNCTION app.reveal_report_cpr(p_report uuid, p_person uuid) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea;
BEGIN
  IF NOT app.makes_case(p_report) THEN PERFORM app._demand(p_report, 8); END IF;
  SELECT p.cpr_enc INTO r FROM app.report_person p WHERE p.id = p_person AND p.report_id = p_report AND p.cpr_enc IS NOT NULL;
  IF FOUND THEN PERFORM audit._append('case:' || p_report, 'cpr.reveal', p_report, p_person::text, NULL); END IF;
  RETURN r;
END $$;

------------------------------------------------------------------ the report and the case
-- join_report() ties a report and a case, both opened in this transaction, one of them for writing. Who must not know of
-- the report must not know of the case either: they are kept from both. false: they belong together already; NULL: the
-- case's responsible is one who must not know of the report.
CREATE FUNCTION app.join_report(p_report uuid, p_case uuid, p_made boolean) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE f record; b boolean;
BEGIN
  PERFORM app._demand(p_report, 2); PERFORM app._demand(p_case, 2);
  IF NOT app.makes_case(p_report) THEN PERFORM app._demand(p_case, 8); END IF;
  SELECT c.responsible_id, c.area INTO f FROM app.case_file c WHERE c.id = p_case;
  IF EXISTS (SELECT 1 FROM app.report_exclusion x WHERE x.report_id = p_report AND x.user_id = f.responsible_id) THEN RETURN NULL; END IF;
  INSERT INTO app.case_exclusion (case_id, user_id, source, set_by)
    SELECT p_case, x.user_id, CASE x.source WHEN 'relation' THEN 'relation' ELSE 'creation' END, auth.uid() FROM app.report_exclusion x
     WHERE x.report_id = p_report AND NOT auth._excluded(x.user_id, p_case);
  INSERT INTO app.report_case AS t (report_id, case_id, how, at, by) VALUES (p_report, p_case, CASE WHEN p_made THEN 'made' ELSE 'joined' END, now(), auth.uid())
    ON CONFLICT (case_id, report_id) DO UPDATE SET how = EXCLUDED.how, at = EXCLUDED.at, by = EXCLUDED.by WHERE t.how = 'match';
  b := FOUND;
  IF b THEN
    PERFORM audit._append('case:' || p_report, 'report.join', p_report, p_case::text, jsonb_build_object('made', p_made));
    IF NOT p_made THEN PERFORM app._notify(f.responsible_id, p_case, 'report.on_case'); END IF;
  END IF;
  RETURN b;
END $$;
-- the cases of an opened report that the reader may read too
CREATE FUNCTION app.cases_of_report(p_report uuid) RETURNS TABLE (case_id uuid, ref text, number text, how text, at timestamptz, responsible uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_report = ANY (auth.opened(2)) THEN RETURN; END IF;
  RETURN QUERY SELECT f.id, f.ref, f.number, rc.how, rc.at, f.responsible_id FROM app.report_case rc JOIN app.case_file f ON f.id = rc.case_id
    WHERE rc.report_id = p_report AND auth.perms(f.id) & 2 = 2 ORDER BY rc.at DESC, f.id;
END $$;

-- The intake desk makes cases for the teams of its area. Who is not of the team takes part for a fortnight, to hand it over.
CREATE OR REPLACE FUNCTION app.create_case(p_team uuid, p_responsible uuid, p_confidentiality smallint, p_calling_name text, p_born date, p_exclude uuid[])
RETURNS TABLE (id uuid, ref text, number text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid(); c uuid := gen_random_uuid(); r text := app._fresh_ref(); n text := app._fresh_number(); e uuid; a text; o record; member boolean;
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT t.area, bool_or(tm.team_id = p_team) INTO a, member FROM app.team t
    JOIN app.team_member tm ON tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now())
    JOIN app.team mt ON mt.id = tm.team_id AND (mt.id = t.id OR mt.intake AND mt.area = t.area AND mt.municipality = t.municipality)
    WHERE t.id = p_team AND t.municipality = auth.municipality() GROUP BY t.area;
  IF NOT FOUND OR u = ANY (p_exclude) OR p_responsible = ANY (p_exclude) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT x.role INTO o FROM auth.user_account x JOIN app.team_member tm ON tm.user_id = x.id AND tm.team_id = p_team WHERE x.id = p_responsible AND (tm.valid_to IS NULL OR tm.valid_to > now()) AND x.active AND x.role IN ('caseworker','team_lead');
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id)
    VALUES (c, r, n, auth.municipality(), p_team, a, p_confidentiality, p_responsible);
  INSERT INTO app.citizen_label VALUES (c, p_team, p_confidentiality, p_calling_name, p_born);
  INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, p_responsible, 'responsible', u, 'created');
  IF p_responsible <> u AND (auth.role() = 'caseworker' OR NOT member) THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason) VALUES (c, u, 'coworker', CASE WHEN NOT member THEN now() + interval '14 days' END, u, 'created');
  ELSIF p_responsible <> u THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, reason) VALUES (c, u, 'lead', u, 'created');
  END IF;
  FOR e IN SELECT DISTINCT y FROM unnest(p_exclude) y LOOP -- named twice is kept out once
    INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES (c, e, 'creation', u);
  END LOOP;
  PERFORM audit._append('case:' || c, 'case.create', c, NULL, jsonb_build_object('excluded', coalesce(array_length(p_exclude, 1), 0)));
  PERFORM app._notify(p_responsible, c, 'case.assigned');
  PERFORM auth._opens(c, 127);
  RETURN QUERY SELECT c, r, n;
END $$;

------------------------------------------------------------------ the frame of every page, and the bell
-- report_frame(): whether the reader has any business with reports, how many wait for their assessment, and the ones whose
-- clock is in its last four hours or over. Those are asked by every page, so only open reports are looked at.
CREATE FUNCTION app.report_frame() RETURNS TABLE (business boolean, unassessed int, soon int, past int, next_at timestamptz, next_ref text)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; areas text[];
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN; END IF;
  areas := (SELECT coalesce(array_agg(DISTINCT t.area), '{}') FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
             WHERE t.intake AND t.municipality = p[3]::int AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now()));
  RETURN QUERY
  WITH mine AS (
    SELECT r.id, r.ref, r.assess_by FROM app.report r WHERE r.concluded_at IS NULL AND r.assessed_at IS NULL AND r.assess_by IS NOT NULL AND r.municipality = p[3]::int
       AND (r.area = ANY (areas) OR r.assigned_to = u) AND NOT auth._report_excluded(u, r.id))
  SELECT areas <> '{}' OR EXISTS (SELECT 1 FROM app.report r WHERE (r.assigned_to = u AND r.concluded_at IS NULL OR r.registered_by = u AND r.registered_at > now() - interval '14 days') AND NOT auth._report_excluded(u, r.id))
           OR EXISTS (SELECT 1 FROM app.reassessment z WHERE z.reviewer = u AND z.done_at IS NULL),
         (SELECT count(*)::int FROM mine), (SELECT count(*)::int FROM mine m WHERE m.assess_by > now() AND m.assess_by <= now() + interval '4 hours'),
         (SELECT count(*)::int FROM mine m WHERE m.assess_by <= now()),
         m.assess_by, m.ref FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT x.assess_by, x.ref FROM mine x ORDER BY x.assess_by, x.id LIMIT 1) m ON true;
END $$;
-- ring_bells(): a notice, once, for each report whose clock has come into its last four hours: to whom it is assigned, else
-- to the whole desk. For a job of the server; how many were rung is all that it learns.
CREATE FUNCTION app.job_bells() RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; n int := 0;
BEGIN
  FOR r IN SELECT x.id, x.assigned_to FROM app.report x WHERE x.concluded_at IS NULL AND x.assessed_at IS NULL AND x.bell_at IS NULL AND x.assess_by <= now() + interval '4 hours'
            ORDER BY x.assess_by, x.id FOR UPDATE SKIP LOCKED LOOP
    UPDATE app.report SET bell_at = now() WHERE id = r.id;
    PERFORM app._notify_report(z.u, r.id, 'report.bell') FROM (SELECT d AS u FROM app._desk(r.id) d WHERE r.assigned_to IS NULL UNION SELECT r.assigned_to WHERE r.assigned_to IS NOT NULL) z;
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;

-- nobody writes these lines for the database
CREATE OR REPLACE FUNCTION audit.record(p_action text, p_case uuid, p_object text, p_detail jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL OR p_action IN ('case.open','case.denied') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF p_action IN ('rate.blocked','search','sign_in','cpr.reveal','fact.reveal','case.create','case.hand_over','case.close','case.reopen','case.unseal_requested',
      'access.grant','access.revoke','access.exclude','access.lift_requested','access.lifted',
      'report.create','report.assign','report.receipt','report.join','reassessment.chosen','reassessment.done',
      'gate.open','check_in.ok','check_in.alarmed','check_in.closed','check_in.cancelled','prompt.raised') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF; -- the database writes these itself
  IF p_case IS NULL THEN PERFORM audit._append('user:' || auth.uid(), p_action, NULL, p_object, p_detail); RETURN; END IF;
  IF NOT p_case = ANY (auth.opened(2)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM audit._append('case:' || p_case, p_action, p_case, p_object, p_detail);
END $$;

GRANT EXECUTE ON FUNCTION app.keep_candidates(uuid,text,bytea,bytea), app.find_candidates(text,bytea,bytea), app.found_candidates(uuid), app.candidates_of(uuid), app.desk_of(uuid), app.assign_report(uuid,uuid,uuid),
  app.send_receipt(uuid,text), app.makes_case(uuid), app.reveal_report_cpr(uuid,uuid), app.join_report(uuid,uuid,boolean), app.cases_of_report(uuid), app.report_frame() TO samspil_app;
GRANT EXECUTE ON FUNCTION app.job_bells() TO samspil_job;
SELECT meta.settle();
