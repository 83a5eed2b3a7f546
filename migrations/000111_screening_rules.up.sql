-- The rules behind "Overvej ÆRK/NSK-spor" are data. A rule only asks a question, and says why; a person answers it (R8).
-- Every change is a row of its own: the rule in force is the newest version of its code.
CREATE TABLE app.screening_rule (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code text NOT NULL CHECK (code ~ '^[a-z0-9_]{2,40}$'), version int NOT NULL CHECK (version > 0),
  da text NOT NULL CHECK (btrim(da) <> '' AND length(da) <= 120), en text NOT NULL CHECK (btrim(en) <> '' AND length(en) <= 120),
  area text NOT NULL CHECK (area IN ('child','adult','both')),
  condition jsonb NOT NULL,                                    -- see Condition in internal/screening: a few plain forms
  active boolean NOT NULL,
  changed_by uuid REFERENCES auth.user_account,                -- NULL: came with the program, as a proposal
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (code, version)                                       -- two admins at once: the second is told
);
CREATE POLICY sel ON app.screening_rule FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL);
CREATE POLICY ins ON app.screening_rule FOR INSERT TO samspil_app WITH CHECK ((SELECT auth.role()) = 'admin' AND changed_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (code, version, da, en, area, condition, active, changed_by) ON app.screening_rule TO samspil_app;

-- The house's proposal. None of it is law; the municipality makes it its own.
INSERT INTO app.screening_rule (code, version, da, en, area, active, condition) VALUES
  ('travel_holiday', 1, 'Tegn på rejse op til en skoleferie', 'Signs of travel before a school holiday', 'child', true, '{"form": "any", "signs": ["S17","S18","S19","S20"], "holiday_days": 60}'),
  ('travel_forced', 1, 'Frygt for rejse, pas taget eller et indgreb nævnt', 'Fear of a trip, passport taken or a procedure mentioned', 'both', true, '{"form": "any", "signs": ["S12","S18","S19","S20"]}'),
  ('control', 1, 'Overvågning sammen med begrænset frihed', 'Monitoring together with restricted freedom', 'both', true, '{"form": "spread", "groups": ["freedom","monitoring"], "n": 2}'),
  ('threats', 1, 'Vold eller trusler fortalt', 'Violence or threats told', 'both', true, '{"form": "any", "signs": ["S31","S32","S33"]}'),
  ('marriage_travel', 1, 'Kærlighed eller ægteskab sammen med rejse', 'Love or marriage together with travel', 'both', true, '{"form": "spread", "groups": ["love","travel"], "n": 2}'),
  ('marriage_young', 1, 'Forlovelse eller bryllup hos en ung på 15-17 år', 'Engagement or wedding at the age of 15-17', 'child', true, '{"form": "any", "signs": ["S14","S15"], "age_from": 15, "age_to": 17}'),
  ('adult_held', 1, 'Flere tegn på fastholdelse af en voksen', 'Several signs of an adult being held', 'adult', true, '{"form": "count", "groups": ["adult"], "n": 2}');

-- What somebody answered to a suggestion, and why: once for a rule and the signs that it rested on.
CREATE TABLE app.suggestion_answer (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  report_id uuid REFERENCES app.report, case_id uuid REFERENCES app.case_file,
  rule_code text NOT NULL, rule_version int NOT NULL,
  evidence uuid[] NOT NULL CHECK (cardinality(evidence) > 0),  -- ids of app.sign_seen, in order
  relevant boolean NOT NULL, reason text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 4000),
  answered_by uuid NOT NULL REFERENCES auth.user_account, answered_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT answer_of_somebody CHECK (report_id IS NOT NULL OR case_id IS NOT NULL),
  FOREIGN KEY (rule_code, rule_version) REFERENCES app.screening_rule (code, version),
  CONSTRAINT answered_once UNIQUE NULLS NOT DISTINCT (case_id, report_id, rule_code, evidence)
);
CREATE INDEX ON app.suggestion_answer (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX suggestion_answer_rule ON app.suggestion_answer (rule_code, answered_at);
SELECT meta.guard('app.suggestion_answer', 'SELECT, UPDATE (case_id)');
CREATE TRIGGER of_report BEFORE INSERT ON app.suggestion_answer FOR EACH ROW EXECUTE FUNCTION app.of_report();
CREATE POLICY sel ON app.suggestion_answer FOR SELECT TO samspil_app USING (report_id = ANY ((SELECT auth.opened(2))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(2))::uuid[]) AND (report_id IS NULL OR report_id <> ALL ((SELECT auth.barred())::uuid[])));
CREATE POLICY ins ON app.suggestion_answer FOR INSERT TO samspil_app WITH CHECK (answered_by = (SELECT auth.uid())
  AND (report_id = ANY ((SELECT auth.opened(8))::uuid[]) OR report_id IS NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[])));
GRANT SELECT, INSERT (report_id, case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) ON app.suggestion_answer TO samspil_app;

CREATE OR REPLACE FUNCTION app.signs_follow() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.sign_seen SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  UPDATE app.suggestion_answer SET case_id = NEW.case_id WHERE report_id = NEW.report_id AND case_id IS NULL;
  RETURN NULL;
END $$;

-- rule_precision(): of the answers to each rule in a quarter, how many were "relevant". For the admin, who never reads a case:
-- counts alone, none under five, rounded to five, up to last midnight so that one answer more shows nothing
-- (security.md 2.10, R14). The share is rounded to ten and hidden where either answer was given fewer than five times; then
-- side tells only which of the two was rare. No sums over quarters, from which a hidden number could be taken away again.
CREATE FUNCTION app.rule_precision() RETURNS TABLE (code text, quarter date, answered int, percent int, side text)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 60 SET search_path = pg_catalog, pg_temp AS $$
DECLARE here int := auth.municipality(); midnight timestamptz := date_trunc('day', now() AT TIME ZONE 'Europe/Copenhagen') AT TIME ZONE 'Europe/Copenhagen';
BEGIN
  IF auth.role() IS DISTINCT FROM 'admin' THEN RETURN; END IF;
  RETURN QUERY
  SELECT x.rule_code, x.q::date, CASE WHEN x.n >= 5 THEN (round(x.n / 5.0) * 5)::int END,
         CASE WHEN x.r >= 5 AND x.n - x.r >= 5 THEN (round(x.r * 10.0 / x.n) * 10)::int END,
         CASE WHEN x.r >= 5 AND x.n - x.r < 5 THEN 'least' WHEN x.r < 5 AND x.n - x.r >= 5 THEN 'most' ELSE '' END
  FROM (SELECT a.rule_code, date_trunc('quarter', a.answered_at AT TIME ZONE 'Europe/Copenhagen') AS q, count(*) AS n, count(*) FILTER (WHERE a.relevant) AS r
          FROM app.suggestion_answer a LEFT JOIN app.case_file f ON f.id = a.case_id LEFT JOIN app.report p ON p.id = a.report_id
         WHERE a.answered_at < midnight AND a.answered_at >= midnight - interval '2 years' AND coalesce(f.municipality, p.municipality) = here
         GROUP BY 1, 2) x
  ORDER BY 1, 2;
END $$;
GRANT EXECUTE ON FUNCTION app.rule_precision() TO samspil_app;
SELECT meta.settle();
