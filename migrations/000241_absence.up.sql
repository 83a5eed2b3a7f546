-- Absence (docs/adr/0020-reminders-and-absence.md): who is away says until when, and who stands in. The stand-in accepts with a receipt,
-- and from then on, for those days only, works in the cases that the absent one answers for, and is told what they are told. Why
-- somebody is away is asked of nobody: an illness is theirs.
CREATE TABLE app.absence (
  id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.user_account, stand_in uuid NOT NULL REFERENCES auth.user_account,
  from_day date NOT NULL, to_day date NOT NULL,
  state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked','accepted','declined','ended')),
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 400), -- why the stand-in says no
  stated_by uuid NOT NULL REFERENCES auth.user_account, stated_at timestamptz NOT NULL DEFAULT now(),
  answered_at timestamptz, lead_told_at timestamptz, ended_at timestamptz,
  CONSTRAINT another_stands_in CHECK (stand_in <> user_id),
  CONSTRAINT days_in_order CHECK (to_day BETWEEN from_day AND from_day + 400),
  CONSTRAINT no_says_why CHECK (state <> 'declined' OR btrim(words) <> '')
);
CREATE INDEX ON app.absence (user_id, to_day);
CREATE INDEX ON app.absence (stand_in, to_day);
CREATE INDEX absence_runs ON app.absence (to_day) WHERE state IN ('asked','accepted');
SELECT meta.guard('app.absence', 'SELECT, INSERT, UPDATE (state, words, answered_at, lead_told_at, ended_at)');
ALTER TABLE app.case_grant ADD absence_id uuid REFERENCES app.absence, ADD cover_for uuid REFERENCES auth.user_account, -- whom they stand in for
  ADD CONSTRAINT cover_ends CHECK ((absence_id IS NULL) = (cover_for IS NULL) AND (absence_id IS NULL OR kind = 'coworker' AND valid_to IS NOT NULL));
CREATE INDEX ON app.case_grant (absence_id) WHERE absence_id IS NOT NULL;
ALTER TABLE app.notice ADD for_user uuid REFERENCES auth.user_account; -- who was to have it, and is away
ALTER TABLE audit.event ADD CONSTRAINT of_the_absence CHECK (action NOT LIKE 'absence.%' OR stream LIKE 'absence:%') NOT VALID;

-- my_people() are those for whom one may state an absence: a lead for the teams they lead, an admin for the municipality.
CREATE FUNCTION auth.my_people() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE led uuid[] := auth.led_teams(); whole boolean := auth.role() IS NOT DISTINCT FROM 'admin'; here int := auth.municipality();
BEGIN
  RETURN (SELECT coalesce(array_agg(u.id), '{}') FROM auth.user_account u WHERE u.municipality = here AND u.role IN ('caseworker','specialist','team_lead')
    AND (whole OR EXISTS (SELECT 1 FROM app.team_member m WHERE m.user_id = u.id AND m.team_id = ANY (led) AND (m.valid_to IS NULL OR m.valid_to > now()))));
END $$;
CREATE POLICY sel ON app.absence FOR SELECT TO samspil_app USING (user_id = (SELECT auth.uid()) OR stand_in = (SELECT auth.uid()) OR user_id = ANY ((SELECT auth.my_people())::uuid[]));
GRANT SELECT ON app.absence TO samspil_app;
GRANT SELECT (absence_id) ON app.case_grant TO samspil_app;

CREATE FUNCTION app._leads_of_user(p_user uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT l.user_id FROM app.team_member m JOIN app.team_member l ON l.team_id = m.team_id AND l.is_lead AND (l.valid_to IS NULL OR l.valid_to > now())
    JOIN auth.user_account u ON u.id = l.user_id AND u.active WHERE m.user_id = p_user AND (m.valid_to IS NULL OR m.valid_to > now()) AND l.user_id <> p_user;
END $$;
-- _fit() tells whether somebody can stand in: in office in the same municipality, with a role that reads cases.
CREATE FUNCTION app._fit(p_stand_in uuid, p_user uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_stand_in <> p_user AND EXISTS (SELECT 1 FROM auth.user_account s JOIN auth.user_account u ON u.municipality = s.municipality
    WHERE s.id = p_stand_in AND s.active AND s.role IN ('caseworker','specialist','team_lead') AND u.id = p_user AND u.active AND u.role IN ('caseworker','specialist','team_lead'));
END $$;

-- _may_cover() tells whether a stand-in is to have a case: an open one that the absent one answers for; never a sealed one, never one
-- that the stand-in is kept out of. Who states an absence for another gives no more than they could give: a lead the cases of
-- the teams they lead, an admin those of the team in which the two work together.
CREATE FUNCTION app._may_cover(p_absence uuid, p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.absence a JOIN app.case_file f ON f.id = p_case AND f.responsible_id = a.user_id JOIN auth.user_account s ON s.id = a.stand_in AND s.municipality = f.municipality
    WHERE a.id = p_absence AND f.status = 'open' AND f.confidentiality < 2 AND app._fit(a.stand_in, a.user_id) AND NOT auth._excluded(a.stand_in, p_case) AND NOT auth._excluded(a.user_id, p_case)
      AND (a.stated_by = a.user_id
        OR EXISTS (SELECT 1 FROM app.team_member m JOIN auth.user_account l ON l.id = m.user_id AND l.role = 'team_lead' WHERE m.user_id = a.stated_by AND m.team_id = f.team_id AND m.is_lead AND (m.valid_to IS NULL OR m.valid_to > now()))
        OR EXISTS (SELECT 1 FROM app.team_member m, auth.user_account d WHERE d.id = a.stated_by AND d.role = 'admin' AND m.user_id = a.stand_in AND m.team_id = f.team_id AND (m.valid_to IS NULL OR m.valid_to > now()))));
END $$;
-- _cover() gives the stand-in what is theirs now, for the days of the absence, and takes back what is not any more.
CREATE FUNCTION app._cover(p_absence uuid, p_at timestamptz) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record; c uuid; n int := 0; until timestamptz; runs boolean;
BEGIN
  SELECT x.* INTO a FROM app.absence x WHERE x.id = p_absence FOR UPDATE;
  until := (a.to_day + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen';
  runs := a.state = 'accepted' AND app._day(p_at) BETWEEN a.from_day AND a.to_day;
  FOR c IN UPDATE app.case_grant g SET revoked_at = now() WHERE g.absence_id = p_absence AND g.revoked_at IS NULL AND NOT (runs AND app._may_cover(p_absence, g.case_id)) RETURNING g.case_id LOOP
    PERFORM audit._append('case:' || c, 'access.revoke', c, a.stand_in::text, jsonb_build_object('reason', 'cover', 'for', a.user_id));
  END LOOP;
  IF NOT runs THEN RETURN 0; END IF;
  FOR c IN SELECT f.id FROM app.case_file f WHERE f.responsible_id = a.user_id AND f.status = 'open' AND app._may_cover(p_absence, f.id)
      AND NOT EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = f.id AND g.user_id = a.stand_in AND g.kind IN ('responsible','coworker') AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())) ORDER BY f.id LOOP
    INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason, absence_id, cover_for) VALUES (c, a.stand_in, 'coworker', until, a.stated_by, 'cover', p_absence, a.user_id);
    PERFORM audit._append('case:' || c, 'access.grant', c, a.stand_in::text, jsonb_build_object('kind', 'coworker', 'to', until, 'reason', 'cover', 'for', a.user_id));
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;
-- What is sealed, or gets another responsible, is covered no longer, at once.
CREATE FUNCTION app.cover_falls_away() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_grant g SET revoked_at = now() WHERE g.case_id = NEW.id AND g.absence_id IS NOT NULL AND g.revoked_at IS NULL AND NOT app._may_cover(g.absence_id, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER cover_falls_away AFTER UPDATE OF responsible_id, confidentiality ON app.case_file FOR EACH ROW
  WHEN (NEW.responsible_id <> OLD.responsible_id OR NEW.confidentiality <> OLD.confidentiality) EXECUTE FUNCTION app.cover_falls_away();

-- What somebody who is away is told of a case that they answer for, their stand-in is told too, if they may open it.
CREATE FUNCTION app.notice_for_stand_in() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d date := app._day(NEW.at);
BEGIN
  INSERT INTO app.notice (to_user, case_id, kind, at, reminder_id, for_user)
  SELECT a.stand_in, NEW.case_id, NEW.kind, NEW.at, NEW.reminder_id, NEW.to_user FROM app.absence a JOIN app.case_file f ON f.id = NEW.case_id AND f.responsible_id = a.user_id
   WHERE a.user_id = NEW.to_user AND a.state = 'accepted' AND d BETWEEN a.from_day AND a.to_day AND a.stand_in IS DISTINCT FROM auth.uid() AND app._opens_case(a.stand_in, NEW.case_id)
     AND NOT EXISTS (SELECT 1 FROM app.notice o WHERE o.to_user = a.stand_in AND o.case_id = NEW.case_id AND o.kind = NEW.kind AND o.at = NEW.at AND o.reminder_id IS NOT DISTINCT FROM NEW.reminder_id);
  RETURN NULL;
END $$;
CREATE TRIGGER notice_for_stand_in AFTER INSERT ON app.notice FOR EACH ROW WHEN (NEW.case_id IS NOT NULL AND NEW.for_user IS NULL) EXECUTE FUNCTION app.notice_for_stand_in();

------------------------------------------------------------------ what people do; the answer is 'done', or the word for why not
CREATE FUNCTION app.state_absence(p_id uuid, p_user uuid, p_from date, p_to date, p_stand_in uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := app._day(now()); me uuid := auth.uid();
BEGIN
  IF me IS NULL OR NOT (p_user = me AND auth.role() IN ('caseworker','specialist','team_lead') OR p_user = ANY (auth.my_people())) THEN RETURN 'none'; END IF;
  PERFORM pg_advisory_xact_lock(4714, auth.municipality());
  IF EXISTS (SELECT 1 FROM app.absence a WHERE a.id = p_id AND a.stated_by = me) THEN RETURN 'done'; END IF; -- sent twice
  IF p_from < today - 14 OR p_to < today OR NOT p_to BETWEEN p_from AND p_from + 400 THEN RETURN 'days'; END IF;
  IF NOT app._fit(p_stand_in, p_user) OR auth.role() = 'admin' AND NOT EXISTS (SELECT 1 FROM app.team_member x JOIN app.team_member y ON y.team_id = x.team_id AND y.user_id = p_stand_in AND (y.valid_to IS NULL OR y.valid_to > now())
       WHERE x.user_id = p_user AND (x.valid_to IS NULL OR x.valid_to > now())) THEN RETURN 'unfit'; END IF;
  IF EXISTS (SELECT 1 FROM app.absence a WHERE a.user_id = p_user AND a.state IN ('asked','accepted') AND a.from_day <= p_to AND a.to_day >= p_from) THEN RETURN 'overlap'; END IF;
  IF EXISTS (SELECT 1 FROM app.absence a WHERE a.user_id = p_stand_in AND a.state IN ('asked','accepted') AND a.from_day <= p_to AND a.to_day >= p_from) THEN RETURN 'away'; END IF;
  INSERT INTO app.absence (id, user_id, stand_in, from_day, to_day, stated_by) VALUES (p_id, p_user, p_stand_in, p_from, p_to, me);
  PERFORM audit._append('absence:' || p_id, 'absence.stated', NULL, p_user::text, jsonb_build_object('from', p_from, 'to', p_to, 'stand_in', p_stand_in));
  PERFORM app._notify(p_stand_in, NULL, 'absence.asked');
  PERFORM app._notify(p_user, NULL, 'absence.stated.you');
  PERFORM app._notify(l, NULL, 'absence.stated') FROM app._leads_of_user(p_user) l WHERE l <> p_stand_in;
  RETURN 'done';
END $$;
CREATE FUNCTION app.answer_absence(p_id uuid, p_yes boolean, p_words text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record; s text := CASE WHEN p_yes THEN 'accepted' ELSE 'declined' END;
BEGIN
  SELECT x.* INTO a FROM app.absence x WHERE x.id = p_id AND x.stand_in = auth.uid() FOR UPDATE;
  IF NOT FOUND THEN RETURN 'none'; END IF;
  IF a.state = s THEN RETURN 'done'; END IF;
  IF a.state <> 'asked' OR a.to_day < app._day(now()) THEN RETURN 'over'; END IF;
  IF NOT p_yes AND btrim(p_words) = '' THEN RETURN 'words'; END IF;
  UPDATE app.absence SET state = s, answered_at = now(), words = CASE WHEN p_yes THEN '' ELSE btrim(p_words) END WHERE id = p_id;
  PERFORM audit._append('absence:' || p_id, 'absence.' || s, NULL, a.user_id::text, NULL);
  PERFORM app._notify(a.user_id, NULL, 'absence.' || s);
  IF p_yes THEN PERFORM app._cover(p_id, now());
  ELSE PERFORM app._notify(l, NULL, 'absence.declined') FROM app._leads_of_user(a.user_id) l; END IF;
  RETURN 'done';
END $$;
CREATE FUNCTION app._end_absence(p_id uuid, p_at timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record;
BEGIN
  SELECT x.* INTO a FROM app.absence x WHERE x.id = p_id AND x.state IN ('asked','accepted') FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE app.absence SET state = 'ended', ended_at = p_at WHERE id = p_id;
  PERFORM app._cover(p_id, p_at);
  PERFORM audit._append('absence:' || p_id, 'absence.ended', NULL, a.user_id::text, NULL);
  IF a.from_day <= app._day(p_at) THEN INSERT INTO app.notice (to_user, kind, at) VALUES (a.user_id, 'absence.back', p_at); END IF;
  INSERT INTO app.notice (to_user, kind, at) VALUES (a.stand_in, 'absence.ended', p_at);
END $$;
CREATE FUNCTION app.end_absence(p_id uuid) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL OR NOT EXISTS (SELECT 1 FROM app.absence a WHERE a.id = p_id AND (a.user_id = auth.uid() OR a.user_id = ANY (auth.my_people()))) THEN RETURN 'none'; END IF;
  PERFORM app._end_absence(p_id, now());
  RETURN 'done';
END $$;

------------------------------------------------------------------ what people see of it
-- away() tells the office that a colleague is away, until when and who stands in; empty: nobody has said yes yet.
CREATE FUNCTION app.away(p_user uuid) RETURNS TABLE (until date, stand_in text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := app._day(now()); here int := auth.municipality();
BEGIN
  RETURN QUERY SELECT a.to_day, CASE WHEN a.state = 'accepted' THEN s.display_name ELSE '' END FROM app.absence a JOIN auth.user_account u ON u.id = a.user_id AND u.municipality = here JOIN auth.user_account s ON s.id = a.stand_in
    WHERE a.user_id = p_user AND a.state <> 'ended' AND today BETWEEN a.from_day AND a.to_day ORDER BY a.state = 'accepted' DESC, a.stated_at DESC LIMIT 1;
END $$;
-- not_covered() lists for a lead, by number, what the stand-in does not get: of those cases that the lead may open themself.
CREATE FUNCTION app.not_covered(p_id uuid) RETURNS TABLE (ref text, number text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record; me uuid := auth.uid();
BEGIN
  IF auth.role() IS DISTINCT FROM 'team_lead' THEN RETURN; END IF;
  SELECT x.* INTO a FROM app.absence x WHERE x.id = p_id AND x.user_id = ANY (auth.my_people()) AND x.user_id <> me AND x.state IN ('asked','accepted');
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT f.ref, f.number FROM app.case_file f WHERE f.responsible_id = a.user_id AND f.status = 'open' AND NOT app._may_cover(p_id, f.id) AND app._opens_case(me, f.id) ORDER BY f.number, f.id LIMIT 100;
END $$;
-- while_away() counts for who is back what others have done in their cases: numbers, and no word of it.
CREATE FUNCTION app.while_away(p_id uuid) RETURNS TABLE (ref text, number text, all_of_it int, by_stand_in int) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE a record;
BEGIN
  SELECT x.*, x.from_day::timestamp AT TIME ZONE 'Europe/Copenhagen' AS since, coalesce(x.ended_at, (x.to_day + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen') AS until INTO a FROM app.absence x WHERE x.id = p_id AND x.user_id = auth.uid();
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT f.ref, f.number, count(*)::int, (count(*) FILTER (WHERE e.actor = a.stand_in))::int FROM app.case_file f JOIN app.case_event e ON e.case_id = f.id AND e.at >= a.since AND e.at < a.until AND e.actor IS DISTINCT FROM a.user_id
    WHERE f.responsible_id = a.user_id AND app._opens_case(a.user_id, f.id) GROUP BY f.id ORDER BY count(*) DESC, f.number, f.id LIMIT 100;
END $$;

-- job_absences() begins and ends what is to begin and end, and tells the leads of an absence that nobody has said yes to within a workday;
-- as of a moment (NULL: now).
CREATE FUNCTION app.job_absences(p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE moment timestamptz := coalesce(p_now, now()); today date := app._day(moment); r record; n int := 0;
BEGIN
  FOR r IN SELECT a.id, a.user_id, a.state, a.to_day, a.lead_told_at, a.stated_at, u.municipality FROM app.absence a JOIN auth.user_account u ON u.id = a.user_id WHERE a.state IN ('asked','accepted') ORDER BY a.id FOR UPDATE OF a SKIP LOCKED LOOP
    IF r.to_day < today THEN
      PERFORM app._end_absence(r.id, moment); n := n + 1;
    ELSIF r.state = 'accepted' THEN
      n := n + app._cover(r.id, moment);
    ELSIF r.lead_told_at IS NULL AND moment >= (app._workday(app._day(r.stated_at), 1, r.municipality) + (r.stated_at AT TIME ZONE 'Europe/Copenhagen')::time) AT TIME ZONE 'Europe/Copenhagen' THEN
      UPDATE app.absence SET lead_told_at = moment WHERE id = r.id;
      INSERT INTO app.notice (to_user, kind, at) SELECT l, 'absence.unanswered', moment FROM app._leads_of_user(r.user_id) l;
      n := n + 1;
    END IF;
  END LOOP;
  RETURN n;
END $$;

-- open_case() says in the trail that somebody stands in, and for whom.
CREATE OR REPLACE FUNCTION app.open_case(p_ref text, p_purpose text, p_page text) RETURNS TABLE (case_id uuid, rights int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE k int; n int; u uuid := auth.uid(); c uuid; rep uuid; g text; why text; absent uuid;
BEGIN
  IF u IS NULL THEN RETURN QUERY SELECT NULL::uuid, 0; RETURN; END IF;
  SELECT f.id INTO c FROM app.case_file f WHERE f.ref = p_ref;
  SELECT x.id INTO rep FROM app.report x WHERE x.ref = p_ref;
  c := coalesce(c, rep);
  k := auth.perms(coalesce(c, gen_random_uuid()));
  SELECT CASE WHEN x.absence_id IS NULL THEN x.kind ELSE 'cover' END, x.cover_for INTO g, absent FROM app.case_grant x
    WHERE x.case_id = coalesce(c, u) AND x.user_id = u AND x.revoked_at IS NULL AND (x.absence_id IS NULL OR x.valid_to > now())
    ORDER BY array_position(ARRAY['responsible','coworker','lead','consulted'], x.kind), x.absence_id IS NOT NULL LIMIT 1;
  why := coalesce(nullif(p_purpose, ''), CASE WHEN rep IS NOT NULL THEN 'intake' ELSE CASE g WHEN 'responsible' THEN 'task' WHEN 'coworker' THEN 'task' WHEN 'cover' THEN 'cover' WHEN 'consulted' THEN 'consultation' ELSE 'lead_review' END END) || ':' || p_page;
  IF k & 2 = 0 THEN -- hidden, excluded and non-existent look the same and cost the same
    PERFORM audit._append('user:' || u, 'case.denied', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  SELECT count(DISTINCT e.case_id) INTO n FROM audit.event e WHERE e.actor = u AND e.at > now() - interval '1 hour' AND e.action = 'case.open' AND e.case_id <> c;
  IF n >= 120 THEN -- nobody works on this many cases in an hour
    PERFORM audit._append('user:' || u, 'rate.blocked', c, why, NULL);
    RETURN QUERY SELECT NULL::uuid, 0; RETURN;
  END IF;
  PERFORM audit._append('case:' || c, 'case.open', c, why, CASE WHEN absent IS NOT NULL THEN jsonb_build_object('for', absent) END);
  RETURN QUERY SELECT c, k;
END $$;

GRANT EXECUTE ON FUNCTION auth.my_people(), app.state_absence(uuid,uuid,date,date,uuid), app.answer_absence(uuid,boolean,text), app.end_absence(uuid), app.away(uuid), app.not_covered(uuid), app.while_away(uuid) TO samspil_app;
GRANT EXECUTE ON FUNCTION app.job_absences(timestamptz) TO samspil_job;
SELECT meta.settle();
