-- The municipality's plan rules are data (R7): when this holds in a case, a partner of that type is to be drawn in within that time.
-- Every change is a row of its own; in force is the newest version of a code. What came with the program belongs to no municipality and
-- is the house's proposal (domain.md 5.5): a municipality's first change makes the rule its own, and nobody else's.
CREATE TABLE app.plan_rule (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  municipality int REFERENCES app.municipality,                -- NULL: came with the program
  code text NOT NULL CHECK (code ~ '^[a-z0-9_]{2,40}$'), version int NOT NULL CHECK (version > 0),
  da text NOT NULL CHECK (btrim(da) <> '' AND length(da) <= 120), en text NOT NULL CHECK (btrim(en) <> '' AND length(en) <= 120),
  area text NOT NULL CHECK (area IN ('child','adult','both')),
  condition jsonb NOT NULL CHECK (jsonb_typeof(condition) = 'object' AND condition <> '{}'), -- see Condition in internal/planrule
  partner_types text[] NOT NULL CHECK (cardinality(partner_types) BETWEEN 1 AND 8),          -- the first is suggested, any of them is enough
  length int NOT NULL CHECK (length BETWEEN 1 AND 2000), unit text NOT NULL CHECK (unit IN ('hours','days','hverdage','arbejdsdage')),
  certainty text NOT NULL CHECK (certainty IN ('sourced','proposal')), law text NOT NULL DEFAULT '' CHECK (length(law) <= 200),
  active boolean NOT NULL,
  changed_by uuid REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (municipality, code, version),     -- two admins at once: the second is told
  CONSTRAINT proposals_have_no_author CHECK ((municipality IS NULL) = (changed_by IS NULL)),
  CONSTRAINT the_law_is_named CHECK (certainty = 'proposal' OR btrim(law) <> '')
);
SELECT meta.guard('app.plan_rule', 'SELECT');
CREATE POLICY sel ON app.plan_rule FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL AND (municipality IS NULL OR municipality = (SELECT auth.municipality())));
CREATE POLICY ins ON app.plan_rule FOR INSERT TO samspil_app WITH CHECK ((SELECT auth.role()) = 'admin' AND municipality = (SELECT auth.municipality()) AND changed_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (municipality, code, version, da, en, area, condition, partner_types, length, unit, certainty, law, active, changed_by) ON app.plan_rule TO samspil_app;

INSERT INTO app.plan_rule (code, version, da, en, area, condition, partner_types, length, unit, certainty, active) VALUES
  ('consultant_by_level', 1, 'Orange eller rød: sikkerhedskonsulent inden 24 timer', 'Orange or red: security consultant within 24 hours', 'both', '{"level": "orange"}', '{security_consultant}', 24, 'hours', 'proposal', true),
  ('police_by_level', 1, 'Orange eller rød: politiet inden 24 timer', 'Orange or red: the police within 24 hours', 'both', '{"level": "orange"}', '{police_resource_person,police_district}', 24, 'hours', 'proposal', true),
  ('key_person_by_level', 1, 'Gul: nøgleperson inden 7 dage', 'Yellow: key person within 7 days', 'both', '{"level": "yellow", "level_to": "yellow"}', '{key_person_team,security_consultant}', 7, 'days', 'proposal', true);

-- Since when the level has been green, yellow, orange or red or graver, without a break, and when it last fell: a new assessment of the
-- same level does not turn the clock back.
ALTER TABLE app.case_file ADD level_since timestamptz[] NOT NULL DEFAULT '{}', ADD level_fell_at timestamptz;
CREATE FUNCTION app.level_since() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE levels text[] := ARRAY['green','yellow','orange','red']; was int := 0; is_now int := coalesce(array_position(levels, NEW.severity), 0); at timestamptz := coalesce(NEW.severity_set_at, now()); s timestamptz[] := '{}';
BEGIN
  IF TG_OP = 'UPDATE' THEN was := coalesce(array_position(levels, OLD.severity), 0); END IF;
  FOR k IN 1..is_now LOOP
    s := s || CASE WHEN k <= was THEN least(OLD.level_since[k], at) ELSE at END;
  END LOOP;
  NEW.level_since := s;
  NEW.level_fell_at := CASE WHEN is_now < was THEN at ELSE NEW.level_fell_at END;
  RETURN NEW;
END $$;
CREATE TRIGGER level_since BEFORE INSERT OR UPDATE OF severity, severity_set_at ON app.case_file FOR EACH ROW EXECUTE FUNCTION app.level_since();
UPDATE app.case_file f SET level_since = array_fill(coalesce(f.severity_set_at, f.opened_at), ARRAY[f.severity_rank::int]) WHERE f.severity_rank > 0;

-- What somebody found irrelevant, and why: of which rule, at which level, and with a reason that can be counted without reading the case.
-- rule stays "partner:<type>", which is what an open step asks for.
ALTER TABLE app.suggestion_dismissal DROP CONSTRAINT suggestion_dismissal_pkey;
ALTER TABLE app.suggestion_dismissal ADD id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  ADD plan_rule_id uuid REFERENCES app.plan_rule, ADD level_rank smallint NOT NULL DEFAULT 0,
  ADD reason_code text NOT NULL DEFAULT 'other' CHECK (reason_code IN ('covered','elsewhere','citizen','danger','does_not_fit','other'));
UPDATE app.suggestion_dismissal d SET level_rank = array_position(ARRAY['green','yellow','orange','red'], split_part(d.rule, '@', 2)), rule = split_part(d.rule, '@', 1),
    plan_rule_id = (SELECT r.id FROM app.plan_rule r WHERE r.partner_types[1] = substr(split_part(d.rule, '@', 1), 9)) WHERE d.rule LIKE 'partner:%@%';
CREATE INDEX ON app.suggestion_dismissal (case_id, dismissed_at DESC);
CREATE INDEX suggestion_dismissal_rule ON app.suggestion_dismissal (plan_rule_id, dismissed_at) WHERE plan_rule_id IS NOT NULL;
SELECT meta.guard('app.suggestion_dismissal', 'SELECT');
GRANT INSERT (id, plan_rule_id, reason_code) ON app.suggestion_dismissal TO samspil_app;
CREATE FUNCTION app.dismissal_level() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.level_rank := coalesce((SELECT f.severity_rank FROM app.case_file f WHERE f.id = NEW.case_id), 0); RETURN NEW; END $$;
CREATE TRIGGER dismissal_level BEFORE INSERT ON app.suggestion_dismissal FOR EACH ROW EXECUTE FUNCTION app.dismissal_level();

-- what the rules look at
SELECT meta.guard('app.risk_answer', 'SELECT');
CREATE POLICY guard_rules ON app.deadline FOR SELECT TO samspil_guard USING (case_id IS NOT NULL);

------------------------------------------------------------------ when a rule holds
-- _rule_holds() tells since when a condition holds in a case, and when it was last met anew; no since: it does not hold. The area is
-- not its business. What is seen on a report that the reader is kept out of is not looked at (R10).
CREATE FUNCTION app._rule_holds(p_case uuid, p_if jsonb, OUT since timestamptz, OUT again timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE f record; levels text[] := ARRAY['green','yellow','orange','red']; k int; s timestamptz; a timestamptz; x timestamptz; y timestamptz; born date; years int; today date := (now() AT TIME ZONE 'Europe/Copenhagen')::date;
BEGIN
  SELECT c.severity_rank, c.level_since, c.level_fell_at, c.phase, c.opened_at INTO f FROM app.case_file c WHERE c.id = p_case;
  IF NOT FOUND THEN RETURN; END IF;
  IF p_if ? 'level' THEN
    k := array_position(levels, p_if->>'level');
    IF (f.severity_rank >= k) IS NOT TRUE THEN RETURN; END IF;
    s := f.level_since[k];
  END IF;
  IF p_if ? 'level_to' THEN
    IF (f.severity_rank <= array_position(levels, p_if->>'level_to')) IS NOT TRUE THEN RETURN; END IF;
    s := greatest(s, f.level_fell_at);
  END IF;
  IF p_if ? 'age_to' THEN
    SELECT l.born INTO born FROM app.citizen_label l WHERE l.case_id = p_case;
    IF born IS NULL THEN RETURN; END IF; -- not known is not yes
    years := extract(year FROM age(today, born));
    IF years < coalesce((p_if->>'age_from')::int, 0) OR years > (p_if->>'age_to')::int THEN RETURN; END IF;
    s := greatest(s, f.opened_at, (born + make_interval(years => coalesce((p_if->>'age_from')::int, 0))) AT TIME ZONE 'Europe/Copenhagen');
  END IF;
  IF p_if ? 'phases' THEN
    IF NOT p_if->'phases' ? f.phase THEN RETURN; END IF;
    s := greatest(s, coalesce((SELECT max(e.at) FROM app.case_event e WHERE e.case_id = p_case AND e.kind = 'phase.changed'), f.opened_at));
  END IF;
  a := s;
  IF p_if ? 'signs' THEN
    SELECT min(g.noted_at), max(g.noted_at) INTO x, y FROM app.sign_seen g
     WHERE g.case_id = p_case AND g.retired_at IS NULL AND p_if->'signs' ? g.code AND (g.report_id IS NULL OR g.report_id <> ALL (auth.barred()));
    IF x IS NULL THEN RETURN; END IF;
    s := greatest(s, x); a := greatest(a, y);
  END IF;
  IF p_if ? 'factors' THEN -- present now, as the newest own assessment says
    SELECT min(r.signed_at) INTO x FROM app.risk_assessment r WHERE r.case_id = p_case AND r.kind = 'own' AND r.signed_at > coalesce((
      SELECT max(n.signed_at) FROM app.risk_assessment n WHERE n.case_id = p_case AND n.kind = 'own'
         AND NOT EXISTS (SELECT 1 FROM app.risk_answer w WHERE w.case_id = p_case AND w.assessment_id = n.id AND w.answer = 'present_now' AND p_if->'factors' ? w.factor)), '-infinity');
    IF x IS NULL THEN RETURN; END IF;
    s := greatest(s, x); a := greatest(a, x);
  END IF;
  IF p_if ? 'event' THEN
    SELECT max(p.raised_at) INTO x FROM app.prompt p WHERE p.case_id = p_case AND p.rule = p_if->>'event' AND p.answer IS DISTINCT FROM 'not_relevant';
    IF x IS NULL THEN RETURN; END IF;
    s := greatest(s, x); a := greatest(a, x);
  END IF;
  IF p_if ? 'deadline' THEN
    SELECT min(d.triggered_at) INTO x FROM app.deadline d WHERE d.case_id = p_case AND d.code = p_if->>'deadline' AND d.status = 'running';
    IF x IS NULL THEN RETURN; END IF;
    s := greatest(s, x); a := greatest(a, x);
  END IF;
  since := coalesce(s, f.opened_at); again := coalesce(a, since);
END $$;
-- _rules_in_force() are the newest versions of every code, as a municipality has them.
CREATE FUNCTION app._rules_in_force(p_municipality int) RETURNS SETOF app.plan_rule LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT z.* FROM (SELECT DISTINCT ON (r.code) r.* FROM app.plan_rule r WHERE r.municipality IS NULL OR r.municipality = p_municipality ORDER BY r.code, r.version DESC) z WHERE z.active;
END $$;
-- _rule_hits() are the rules that hold in some cases and that nobody has answered: no partner of such a type is in or asked, it is not
-- the case's own office, and nobody has found it irrelevant since it was last met, at this level or a graver one. The time runs from when
-- the condition was met, from when the municipality made the rule say so, and from when the last partner of the kind left.
CREATE FUNCTION app._rule_hits(p_cases uuid[]) RETURNS TABLE (case_id uuid, rule_id uuid, since timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE m int := (SELECT f.municipality FROM app.case_file f WHERE f.id = p_cases[1]);
BEGIN
  RETURN QUERY
  WITH rules AS MATERIALIZED (
    SELECT r.id, r.code, r.area, r.condition, r.partner_types, coalesce(array_position(ARRAY['green','yellow','orange','red'], r.condition->>'level'), 0) AS least,
           (SELECT CASE WHEN bool_and(v.municipality IS NOT NULL) THEN min(v.changed_at) END FROM app.plan_rule v WHERE v.code = r.code AND (v.municipality IS NULL OR v.municipality = m)
               AND (v.condition, v.area, v.partner_types) = (r.condition, r.area, r.partner_types)) AS made
      FROM app._rules_in_force(m) r)
  SELECT f.id, r.id, greatest(h.since, r.made, i.left_at)
    FROM app.case_file f
    JOIN rules r ON r.area IN ('both', f.area) AND f.severity_rank >= r.least
    LEFT JOIN LATERAL (
      SELECT bool_or(v.status IN ('requested','accepted')) AS filled, max(v.ended_at) AS left_at
        FROM app.involvement v JOIN app.organisation o ON o.id = v.organisation_id WHERE v.case_id = f.id AND o.partner_type = ANY (r.partner_types)) i ON true
    CROSS JOIN LATERAL app._rule_holds(CASE WHEN i.filled IS NOT TRUE THEN f.id END, r.condition) h
   WHERE f.id = ANY (p_cases) AND f.municipality = m AND f.status = 'open' AND h.since IS NOT NULL
     AND NOT CASE f.area WHEN 'child' THEN 'family_dept' ELSE 'adult_social' END = ANY (r.partner_types)
     AND NOT EXISTS (SELECT 1 FROM app.suggestion_dismissal d JOIN app.plan_rule x ON x.id = d.plan_rule_id
                      WHERE d.case_id = f.id AND x.code = r.code AND d.dismissed_at >= h.again AND d.level_rank >= f.severity_rank);
END $$;
-- rule_hits() are those of the opened case.
CREATE FUNCTION app.rule_hits(p_case uuid) RETURNS TABLE (case_id uuid, rule_id uuid, since timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (p_case = ANY (auth.opened(2))) IS NOT TRUE THEN RETURN; END IF;
  RETURN QUERY SELECT h.case_id, h.rule_id, h.since FROM app._rule_hits(ARRAY[p_case]) h;
END $$;
-- rule_hits_listed() are those of the reader's own cases, or of the teams they lead: what the lists may name without opening a case.
CREATE FUNCTION app.rule_hits_listed(p_led boolean) RETURNS TABLE (case_id uuid, rule_id uuid, since timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid(); led uuid[]; bar uuid[]; mine uuid[];
BEGIN
  IF u IS NULL THEN RETURN; END IF;
  bar := auth.barred();
  IF p_led THEN
    led := auth.led_teams();
    mine := (SELECT array_agg(f.id) FROM app.case_file f WHERE f.team_id = ANY (led) AND f.status = 'open' AND f.confidentiality < 2 AND f.id <> ALL (bar));
  ELSE
    mine := (SELECT array_agg(f.id) FROM app.case_file f WHERE f.responsible_id = u AND f.status = 'open' AND f.id = ANY (auth.my_cases()));
  END IF;
  IF mine IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT h.case_id, h.rule_id, h.since FROM app._rule_hits(mine) h;
END $$;
GRANT EXECUTE ON FUNCTION app.rule_hits(uuid), app.rule_hits_listed(boolean) TO samspil_app;

------------------------------------------------------------------ what came of them
-- An involvement from a trigger keeps the rule that asked, in its version: the database finds it, whatever page it was made on.
ALTER TABLE app.involvement ADD plan_rule_id uuid REFERENCES app.plan_rule, ADD CONSTRAINT rule_is_a_trigger CHECK (plan_rule_id IS NULL OR origin = 'from_trigger');
CREATE INDEX involvement_rule ON app.involvement (plan_rule_id, asked_at) WHERE plan_rule_id IS NOT NULL;
CREATE INDEX involvement_origin ON app.involvement (team_id, asked_at) INCLUDE (origin);
CREATE FUNCTION app.involvement_rule() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.case_id = ANY (auth.opened(8))) IS TRUE THEN
    NEW.plan_rule_id := (SELECT h.rule_id FROM app._rule_hits(ARRAY[NEW.case_id]) h JOIN app.plan_rule r ON r.id = h.rule_id
                           JOIN app.organisation o ON o.id = NEW.organisation_id AND o.partner_type = ANY (r.partner_types) ORDER BY h.since, h.rule_id LIMIT 1);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER involvement_rule BEFORE INSERT ON app.involvement FOR EACH ROW WHEN (NEW.origin = 'from_trigger') EXECUTE FUNCTION app.involvement_rule();

-- For the admin, who never reads a case (R10), and the lead: counts alone, none under five, rounded to five, up to last midnight so that
-- one more shows nothing (security.md 2.10, R14). A reason is a code; what somebody wrote with it stays in the case.
CREATE FUNCTION app.plan_rule_use() RETURNS TABLE (code text, quarter date, reason text, times int)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 60 SET search_path = pg_catalog, pg_temp AS $$
DECLARE here int := auth.municipality(); midnight timestamptz := date_trunc('day', now() AT TIME ZONE 'Europe/Copenhagen') AT TIME ZONE 'Europe/Copenhagen';
BEGIN
  IF (auth.role() IN ('admin','team_lead')) IS NOT TRUE THEN RETURN; END IF;
  RETURN QUERY
  WITH used AS (
    SELECT r.code AS c, v.asked_at AS at, '' AS why FROM app.involvement v JOIN app.plan_rule r ON r.id = v.plan_rule_id JOIN app.case_file f ON f.id = v.case_id AND f.municipality = here
    UNION ALL
    SELECT r.code, d.dismissed_at, unnest(ARRAY['dismissed', d.reason_code]) FROM app.suggestion_dismissal d JOIN app.plan_rule r ON r.id = d.plan_rule_id JOIN app.case_file f ON f.id = d.case_id AND f.municipality = here)
  SELECT z.c, z.q::date, z.why, CASE WHEN z.n >= 5 THEN (round(z.n / 5.0) * 5)::int END
    FROM (SELECT u.c, date_trunc('quarter', u.at AT TIME ZONE 'Europe/Copenhagen') AS q, u.why, count(*) AS n FROM used u
           WHERE u.at < midnight AND u.at >= midnight - interval '2 years' GROUP BY 1, 2, 3) z
   WHERE z.n >= 5 OR z.why IN ('', 'dismissed') ORDER BY 1, 2, 3;
END $$;
-- plan_rule_cases() tells an admin how many open cases a condition holds in now: rounded to five, nothing under five.
CREATE FUNCTION app.plan_rule_cases(p_area text, p_if jsonb) RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int; here int := auth.municipality();
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RETURN NULL; END IF;
  n := (SELECT count(*) FROM app.case_file f CROSS JOIN LATERAL app._rule_holds(f.id, p_if) h WHERE f.municipality = here AND f.status = 'open' AND p_area IN ('both', f.area) AND h.since IS NOT NULL);
  RETURN CASE WHEN n >= 5 THEN (round(n / 5.0) * 5)::int END;
END $$;
GRANT EXECUTE ON FUNCTION app.plan_rule_use(), app.plan_rule_cases(text, jsonb) TO samspil_app;
SELECT meta.settle();
