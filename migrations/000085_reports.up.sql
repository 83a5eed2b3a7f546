-- A report of concern (underretning; barnets lov §§ 133-138): what somebody has told the municipality about one child,
-- with the clock of § 136. It comes before any case and stands beside it: every report is registered, also where a case is open (R2).
-- Level 1 here holds nothing personal; who said what about whom is content, read only in an opened report (R11).
ALTER TABLE app.team ADD intake boolean NOT NULL DEFAULT false; -- Modtagelsen: reports of the area come to this team

CREATE TABLE app.report (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ref text NOT NULL UNIQUE CHECK (ref ~ '^[a-z0-9]{8}$'),
  number text NOT NULL UNIQUE CHECK (number ~ '^U-'),        -- spoken and printed
  municipality int NOT NULL REFERENCES app.municipality,
  area text NOT NULL CHECK (area IN ('child','adult')),
  source text NOT NULL CHECK (source IN ('professional','citizen','anonymous','municipality','police','self','other')),
  received_at timestamptz NOT NULL,                          -- the clock runs from here, nights and holidays included (R2)
  late_reason text NOT NULL DEFAULT '',                      -- why it was not registered when it came
  registered_at timestamptz NOT NULL DEFAULT now(), registered_by uuid NOT NULL REFERENCES auth.user_account,
  assess_by timestamptz,                                     -- children: 24 clock hours after it was received
  receipt_by timestamptz,                                    -- children: 6 hverdage; NULL: nobody to answer
  assigned_to uuid REFERENCES auth.user_account, assigned_at timestamptz,
  acute boolean, assessed_at timestamptz, assessed_by uuid REFERENCES auth.user_account,
  receipt_at timestamptz, receipt_by_user uuid REFERENCES auth.user_account, receipt_how text NOT NULL DEFAULT '' CHECK (receipt_how IN ('','phone','letter','secure_mail','in_person')),
  outcome text CHECK (outcome IN ('no_further','clarification','assessment','adult_advice','adult_plan','handed_on')),
  concluded_at timestamptz, concluded_by uuid REFERENCES auth.user_account,
  bell_at timestamptz,                                       -- when its desk was told that less than four hours are left
  version int NOT NULL DEFAULT 1,
  CONSTRAINT received_before_registered CHECK (received_at <= registered_at + interval '5 minutes'),
  CONSTRAINT a_late_registration_says_why CHECK (received_at > registered_at - interval '1 hour' OR btrim(late_reason) <> ''),
  CONSTRAINT assessed_by_somebody CHECK ((assessed_at IS NULL) = (assessed_by IS NULL) AND (assessed_at IS NULL) = (acute IS NULL)),
  CONSTRAINT answered_by_somebody CHECK ((receipt_at IS NULL) = (receipt_by_user IS NULL) AND (receipt_at IS NULL) = (receipt_how = '')),
  CONSTRAINT nobody_answers_the_anonymous CHECK (source <> 'anonymous' OR receipt_by IS NULL AND receipt_at IS NULL),
  CONSTRAINT a_child_has_a_clock CHECK (area <> 'child' OR assess_by = received_at + interval '24 hours'), -- R2: barnets lov § 136
  CONSTRAINT concluded_after_the_assessment CHECK (concluded_at IS NULL OR outcome IS NOT NULL AND concluded_by IS NOT NULL AND (area <> 'child' OR assessed_at IS NOT NULL))
);
CREATE INDEX report_open ON app.report (area, assess_by, id) WHERE concluded_at IS NULL;
CREATE INDEX report_mine ON app.report (assigned_to, received_at DESC) WHERE assigned_to IS NOT NULL;
CREATE INDEX report_registered ON app.report (registered_by, registered_at DESC);
CREATE INDEX report_concluded ON app.report (area, concluded_at DESC) WHERE concluded_at IS NOT NULL;

CREATE TABLE app.report_content (
  report_id uuid PRIMARY KEY REFERENCES app.report,
  told text NOT NULL DEFAULT '' CHECK (length(told) <= 100000), -- what was told, in the reporter's words
  where_now text NOT NULL DEFAULT '',                        -- where the child is now and when they are expected at home
  siblings text NOT NULL DEFAULT '',                         -- each sibling is a report of their own
  measures text NOT NULL DEFAULT 'unknown' CHECK (measures IN ('yes','no','unknown')), -- does the child get measures already (R3)
  reporter_name text NOT NULL DEFAULT '', reporter_role text NOT NULL DEFAULT '', reporter_contact text NOT NULL DEFAULT '',
  reporter_household boolean NOT NULL DEFAULT false,         -- lives with the child or near the family
  channel text NOT NULL DEFAULT 'unknown' CHECK (channel IN ('safe','unsafe','unknown','none')), -- may the reporter be answered there?
  channel_note text NOT NULL DEFAULT '',
  assess_reason text NOT NULL DEFAULT '', outcome_reason text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now()
);
-- Whom it is about, and whom it names.
CREATE TABLE app.report_person (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), report_id uuid NOT NULL REFERENCES app.report,
  is_child boolean NOT NULL DEFAULT false,                   -- the one whom it is about; in the adults' area the adult
  name text NOT NULL DEFAULT '', born date, relation text NOT NULL DEFAULT '',
  cpr_masked text NOT NULL DEFAULT '', cpr_enc bytea, cpr_bidx bytea,
  phone text NOT NULL DEFAULT '', phone_bidx bytea,
  name_folded text NOT NULL DEFAULT '', name_sound text NOT NULL DEFAULT '', -- as casefile.Fold writes it, and what it sounds like, which the database writes itself
  version int NOT NULL DEFAULT 1,
  UNIQUE (report_id, id)
);
CREATE INDEX ON app.report_person (report_id);
CREATE UNIQUE INDEX one_child ON app.report_person (report_id) WHERE is_child;
CREATE INDEX ON app.report_person (cpr_bidx) WHERE cpr_bidx IS NOT NULL;
CREATE INDEX ON app.report_person (phone_bidx) WHERE phone_bidx IS NOT NULL;
CREATE INDEX report_person_name ON app.report_person USING gin (name_folded public.gin_trgm_ops) WITH (fastupdate = off);

-- Who must not know of it (R10). A report is never undone by it: it is registered, and the excluded find nothing.
CREATE TABLE app.report_exclusion (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), report_id uuid NOT NULL REFERENCES app.report, user_id uuid NOT NULL REFERENCES auth.user_account,
  source text NOT NULL CHECK (source IN ('creation','relation','leader')), set_by uuid NOT NULL, set_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (report_id, user_id)
);
CREATE INDEX ON app.report_exclusion (user_id);

-- What a report and a case have to do with each other. 'match': the child has a case, which the database found by the
-- number; only those who may read the case learn of it. 'joined': they took the report up. 'made': the case began with it.
CREATE TABLE app.report_case (
  report_id uuid NOT NULL REFERENCES app.report, case_id uuid NOT NULL REFERENCES app.case_file,
  how text NOT NULL CHECK (how IN ('match','joined','made')), at timestamptz NOT NULL DEFAULT now(), by uuid,
  PRIMARY KEY (case_id, report_id)
);
CREATE INDEX ON app.report_case (report_id);

-- What happened to a report, as its people read it; the chained trail has its own line.
CREATE TABLE app.report_event (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), report_id uuid NOT NULL REFERENCES app.report,
  at timestamptz NOT NULL DEFAULT now(), actor uuid NOT NULL REFERENCES auth.user_account, kind text NOT NULL, data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON app.report_event (report_id, at DESC);

-- A new report on a child who already gets measures is reassessed with somebody who has taken no part in the case (R3;
-- § 137, stk. 1). of_case is empty where the municipality gives measures and nobody has found the case yet; a case that
-- the desk may not know of has a row of its own, which only its people see.
CREATE TABLE app.reassessment (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), report_id uuid NOT NULL REFERENCES app.report, of_case uuid REFERENCES app.case_file,
  demanded_at timestamptz NOT NULL DEFAULT now(),
  reviewer uuid REFERENCES auth.user_account, chosen_by uuid REFERENCES auth.user_account, chosen_at timestamptz,
  outcome text CHECK (outcome IN ('unchanged','changed','acute')), reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 100000), done_at timestamptz,
  UNIQUE NULLS NOT DISTINCT (report_id, of_case),
  CONSTRAINT chosen_by_somebody CHECK ((reviewer IS NULL) = (chosen_by IS NULL) AND (reviewer IS NULL) = (chosen_at IS NULL) AND (reviewer IS NULL OR reviewer <> chosen_by)),
  CONSTRAINT reassessed_by_the_reviewer CHECK ((done_at IS NULL) = (outcome IS NULL) AND (done_at IS NULL OR reviewer IS NOT NULL AND btrim(reason) <> ''))
);
CREATE INDEX reassessment_open ON app.reassessment (of_case) WHERE done_at IS NULL;
CREATE INDEX ON app.reassessment (reviewer, report_id) WHERE reviewer IS NOT NULL;

SELECT meta.guard('app.reassessment', 'SELECT, INSERT, UPDATE (of_case, reviewer, chosen_by, chosen_at, outcome, reason, done_at)');
SELECT meta.guard('app.report', 'SELECT, INSERT, UPDATE (assigned_to, assigned_at, bell_at, receipt_at, receipt_by_user, receipt_how, version)');
SELECT meta.guard('app.report_content', 'SELECT');
SELECT meta.guard('app.report_person', 'SELECT');
SELECT meta.guard('app.report_event', 'SELECT');
SELECT meta.guard('app.report_exclusion', 'SELECT, INSERT');
SELECT meta.guard('app.report_case', 'SELECT, INSERT, UPDATE (how, at, by)');

------------------------------------------------------------------ who may see a report
-- The same letters as for a case, without A and X: there are no protected facts here. The desk of the area works with it until a month after it was concluded; who registered
-- it sees it for a fortnight, who has it assigned works with it; who reassesses it reads it; the people of a case that it
-- belongs to see it there.
CREATE FUNCTION auth._report_excluded(p_user uuid, p_report uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM app.report_exclusion x WHERE x.report_id = p_report AND x.user_id = p_user)
    OR EXISTS (SELECT 1 FROM app.report_case rc JOIN app.case_exclusion x ON x.case_id = rc.case_id AND x.user_id = p_user AND x.lifted_at IS NULL WHERE rc.report_id = p_report); END $$;

CREATE FUNCTION auth._report_rights(p_user uuid, p_role text, p_municipality int, p_report uuid) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; k int := 0; d int; live boolean; here boolean; excl boolean; c record;
BEGIN
  SELECT x.area, x.municipality, x.assigned_to, x.registered_by, x.registered_at, x.concluded_at INTO r FROM app.report x WHERE x.id = p_report;
  here := FOUND AND r.municipality = p_municipality;             -- no early return: a report that does not exist costs the same look-ups
  live := r.concluded_at IS NULL;
  excl := auth._report_excluded(p_user, p_report);
  SELECT max(CASE WHEN tm.is_lead AND p_role = 'team_lead' THEN 59 ELSE 27 END) INTO d FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
   WHERE t.intake AND t.area = r.area AND t.municipality = p_municipality AND tm.user_id = p_user AND (tm.valid_to IS NULL OR tm.valid_to > now());
  IF d IS NOT NULL AND (live OR r.concluded_at > now() - interval '30 days') THEN k := k | d; END IF;
  IF r.assigned_to = p_user THEN k := k | 27; END IF;
  IF r.registered_by = p_user AND r.registered_at > now() - interval '14 days' THEN k := k | 19; END IF;
  IF EXISTS (SELECT 1 FROM app.reassessment z WHERE z.report_id = p_report AND z.reviewer = p_user AND (z.done_at IS NULL OR z.done_at > now() - interval '14 days')) THEN k := k | 19; END IF;
  FOR c IN SELECT rc.case_id FROM app.report_case rc WHERE rc.report_id = p_report LOOP
    IF auth._rights_of(p_user, p_role, p_municipality, c.case_id) & 2 = 2 THEN k := k | 3; END IF;
  END LOOP;
  IF NOT live THEN k := k & ~8; END IF;                          -- a concluded report is read, not written; its receipt may still be owed
  IF excl THEN k := 0; END IF;                                   -- beats everything above
  IF here IS NOT TRUE OR p_role NOT IN ('caseworker','specialist','team_lead') THEN k := 0; END IF; -- admin and auditor: never
  RETURN k;
END $$;

-- perms() decides for a case; for what is no case, it may be a report. Both cost the same look-ups.
CREATE OR REPLACE FUNCTION auth.perms(p_case uuid) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); -- one MAC check for user, role and municipality
BEGIN
  IF p[1] IS NULL THEN RETURN 0; END IF;
  RETURN auth._rights_of(p[1]::uuid, p[2], p[3]::int, p_case) | auth._report_rights(p[1]::uuid, p[2], p[3]::int, p_case);
END $$;

-- The same decision as a set, for lists. Open reports are few.
CREATE FUNCTION auth.my_reports() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(auth._payload('app.ctx'), ';'); u uuid := p[1]::uuid; mine uuid[]; led uuid[]; areas text[];
BEGIN
  IF u IS NULL OR p[2] NOT IN ('caseworker','specialist','team_lead') THEN RETURN '{}'; END IF;
  mine := auth.my_cases(); led := auth.led_teams();
  areas := (SELECT coalesce(array_agg(DISTINCT t.area), '{}') FROM app.team_member tm JOIN app.team t ON t.id = tm.team_id
             WHERE t.intake AND t.municipality = p[3]::int AND tm.user_id = u AND (tm.valid_to IS NULL OR tm.valid_to > now()));
  RETURN (SELECT coalesce(array_agg(x.id), '{}') FROM (
      SELECT r.id FROM app.report r WHERE r.area = ANY (areas) AND r.municipality = p[3]::int AND (r.concluded_at IS NULL OR r.concluded_at > now() - interval '30 days')
      UNION SELECT r.id FROM app.report r WHERE r.assigned_to = u AND r.municipality = p[3]::int
      UNION SELECT r.id FROM app.report r WHERE r.registered_by = u AND r.registered_at > now() - interval '14 days' AND r.municipality = p[3]::int
      UNION SELECT z.report_id FROM app.reassessment z JOIN app.report r ON r.id = z.report_id AND r.municipality = p[3]::int WHERE z.reviewer = u AND (z.done_at IS NULL OR z.done_at > now() - interval '14 days')
      UNION SELECT rc.report_id FROM app.report_case rc WHERE rc.case_id = ANY (mine)
      UNION SELECT rc.report_id FROM app.report_case rc JOIN app.case_file f ON f.id = rc.case_id WHERE f.team_id = ANY (led) AND f.confidentiality < 2) x
    WHERE NOT auth._report_excluded(u, x.id));
END $$;

-- the auditor who is excluded from a report sees no line about it, as with cases
CREATE OR REPLACE FUNCTION auth.barred() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(b.id), '{}') FROM (
    SELECT x.case_id AS id FROM app.case_exclusion x WHERE x.user_id = auth.uid() AND x.lifted_at IS NULL
    UNION ALL SELECT x.report_id FROM app.report_exclusion x WHERE x.user_id = auth.uid()) b); END $$;

------------------------------------------------------------------ the door: a report is opened as a case is, with its committed line in the trail
-- In the trail the column case_id holds the case or the report that the line is about; their ids never meet.
CREATE OR REPLACE FUNCTION app.open_case(p_ref text, p_purpose text, p_page text) RETURNS TABLE (case_id uuid, rights int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE k int; n int; u uuid := auth.uid(); c uuid; rep uuid; g text; why text;
BEGIN
  IF u IS NULL THEN RETURN QUERY SELECT NULL::uuid, 0; RETURN; END IF;
  SELECT f.id INTO c FROM app.case_file f WHERE f.ref = p_ref;
  SELECT x.id INTO rep FROM app.report x WHERE x.ref = p_ref;
  c := coalesce(c, rep);
  k := auth.perms(coalesce(c, gen_random_uuid()));
  SELECT x.kind INTO g FROM app.case_grant x WHERE x.case_id = coalesce(c, u) AND x.user_id = u AND x.revoked_at IS NULL
    ORDER BY array_position(ARRAY['responsible','coworker','lead','consulted'], x.kind) LIMIT 1;
  why := coalesce(nullif(p_purpose, ''), CASE WHEN rep IS NOT NULL THEN 'intake' ELSE CASE g WHEN 'responsible' THEN 'task' WHEN 'coworker' THEN 'task' WHEN 'consulted' THEN 'consultation' ELSE 'lead_review' END END) || ':' || p_page;
  IF k & 2 = 0 THEN -- hidden, excluded and non-existent look the same and cost the same
    PERFORM audit._append('user:' || u, 'case.denied', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  SELECT count(DISTINCT e.case_id) INTO n FROM audit.event e WHERE e.actor = u AND e.at > now() - interval '1 hour' AND e.action = 'case.open' AND e.case_id <> c;
  IF n >= 120 THEN -- nobody works on this many cases in an hour
    PERFORM audit._append('user:' || u, 'rate.blocked', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  PERFORM audit._append('case:' || c, 'case.open', c, why, NULL);
  RETURN QUERY SELECT c, k;
END $$;

-- create_report() makes the report and leaves it open for this transaction. Whoever works with cases may register one: a
-- report is taken when it comes, by the one who hears it.
CREATE FUNCTION app.create_report(p_area text, p_source text, p_received timestamptz, p_late_reason text, p_assess_by timestamptz, p_receipt_by timestamptz, p_exclude uuid[])
RETURNS TABLE (id uuid, ref text, number text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid(); c uuid := gen_random_uuid(); r text := 'u' || substr(app._fresh_ref(), 2); n text; e uuid; digits int; -- a u: no case's ref has one, so an address tells which of the two it is
BEGIN
  IF auth.role() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  FOR try IN 1..40 LOOP
    digits := 4 + try / 8;
    n := 'U-' || to_char(now() AT TIME ZONE 'Europe/Copenhagen', 'YYYY') || '-' || lpad((('x' || encode(public.gen_random_bytes(4), 'hex'))::bit(32)::bigint % (10 ^ digits)::bigint)::text, digits, '0');
    EXIT WHEN NOT EXISTS (SELECT 1 FROM app.report x WHERE x.number = n);
  END LOOP;
  INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, late_reason, registered_by, assess_by, receipt_by)
    VALUES (c, r, n, auth.municipality(), p_area, p_source, p_received, p_late_reason, u, p_assess_by, p_receipt_by);
  FOR e IN SELECT DISTINCT y FROM unnest(p_exclude) y LOOP
    INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES (c, e, 'creation', u);
  END LOOP;
  PERFORM audit._append('case:' || c, 'report.create', c, NULL, jsonb_build_object('excluded', coalesce(array_length(p_exclude, 1), 0)));
  PERFORM auth._opens(c, 27);
  RETURN QUERY SELECT c, r, n;
END $$;

-- A party who is an employee, or a declared relative of one, excludes that employee (AC1). A child who has a case is matched
-- with it: the responsible there is told, the one who registers sees nothing (AC4, AC5).
CREATE FUNCTION app.report_person_check() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o record;
BEGIN
  IF NEW.cpr_bidx IS NULL THEN RETURN NULL; END IF;
  INSERT INTO app.report_exclusion (report_id, user_id, source, set_by)
  SELECT NEW.report_id, z.u, 'relation', coalesce(auth.uid(), z.u) FROM (
     SELECT r.user_id AS u FROM auth.user_relation r WHERE r.cpr_bidx = NEW.cpr_bidx
     UNION SELECT a.id FROM auth.user_account a WHERE a.own_cpr_bidx = NEW.cpr_bidx) z ON CONFLICT DO NOTHING;
  IF NEW.is_child THEN
    FOR o IN SELECT f.id, f.responsible_id FROM app.person p JOIN app.case_file f ON f.id = p.case_id JOIN app.report x ON x.municipality = f.municipality AND x.id = NEW.report_id
              WHERE p.cpr_bidx = NEW.cpr_bidx AND p.is_citizen AND f.status = 'open' LOOP
      INSERT INTO app.report_case (report_id, case_id, how) VALUES (NEW.report_id, o.id, 'match') ON CONFLICT DO NOTHING;
      IF FOUND AND NOT auth._report_excluded(o.responsible_id, NEW.report_id) THEN PERFORM app._notify(o.responsible_id, o.id, 'report.on_case'); END IF;
    END LOOP;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER report_person_check AFTER INSERT OR UPDATE OF cpr_bidx ON app.report_person FOR EACH ROW EXECUTE FUNCTION app.report_person_check();

-- who did what is written in one's own name
CREATE TRIGGER own_hand BEFORE UPDATE OF assessed_by ON app.report FOR EACH ROW EXECUTE FUNCTION app.own_hand('assessed_by');
CREATE TRIGGER own_hand_receipt BEFORE UPDATE OF receipt_by_user ON app.report FOR EACH ROW EXECUTE FUNCTION app.own_hand('receipt_by_user');
CREATE TRIGGER own_hand_end BEFORE UPDATE OF concluded_by ON app.report FOR EACH ROW EXECUTE FUNCTION app.own_hand('concluded_by');

GRANT EXECUTE ON FUNCTION auth.my_reports(), app.create_report(text,text,timestamptz,text,timestamptz,timestamptz,uuid[]) TO samspil_app;

------------------------------------------------------------------ policies
CREATE POLICY sel ON app.report FOR SELECT TO samspil_app USING (id = ANY ((SELECT auth.opened(1))::uuid[]) OR id = ANY ((SELECT auth.my_reports())::uuid[]));
CREATE POLICY upd ON app.report FOR UPDATE TO samspil_app USING (id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY sel ON app.report_content FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.report_content FOR INSERT TO samspil_app WITH CHECK (report_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY upd ON app.report_content FOR UPDATE TO samspil_app USING (report_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (report_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY sel ON app.report_person FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.report_person FOR INSERT TO samspil_app WITH CHECK (report_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY upd ON app.report_person FOR UPDATE TO samspil_app USING (report_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (report_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE POLICY sel ON app.report_exclusion FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(32))::uuid[]));
CREATE POLICY sel ON app.report_case FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY sel ON app.reassessment FOR SELECT TO samspil_app USING (of_case = ANY ((SELECT auth.opened(2))::uuid[]) OR of_case IS NULL AND report_id = ANY ((SELECT auth.opened(2))::uuid[])
  OR reviewer = (SELECT auth.uid()) AND report_id = ANY ((SELECT auth.my_reports())::uuid[]));
CREATE POLICY sel ON app.report_event FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.report_event FOR INSERT TO samspil_app WITH CHECK (report_id = ANY ((SELECT auth.opened(16))::uuid[]) AND actor = (SELECT auth.uid()));
GRANT SELECT ON app.report, app.report_exclusion, app.report_case, app.reassessment TO samspil_app;
GRANT UPDATE (source, received_at, late_reason, assess_by, receipt_by, acute, assessed_at, assessed_by, outcome, concluded_at, concluded_by, version) ON app.report TO samspil_app;
GRANT SELECT, INSERT, UPDATE (told, where_now, siblings, measures, reporter_name, reporter_role, reporter_contact, reporter_household, channel, channel_note,
  assess_reason, outcome_reason, version, changed_at) ON app.report_content TO samspil_app;
GRANT SELECT (id, report_id, is_child, name, born, relation, cpr_masked, phone, version) ON app.report_person TO samspil_app;
GRANT INSERT (id, report_id, is_child, name, born, relation, cpr_masked, cpr_enc, cpr_bidx, phone, phone_bidx, name_folded),
  UPDATE (name, born, relation, cpr_masked, cpr_enc, cpr_bidx, phone, phone_bidx, name_folded, version) ON app.report_person TO samspil_app;
GRANT SELECT, INSERT (id, report_id, actor, kind, data) ON app.report_event TO samspil_app;
SELECT meta.settle();
