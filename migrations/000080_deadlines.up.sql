-- Deadlines (R4): computed once, and stored with what they were computed from, so that a change of the law or of a local rule
-- rewrites no history. A deadline belongs to a case or to a report of concern. Reports and their key come with a migration of their own;
-- until that gives them policies, the deadlines of reports are seen and written by nobody.
CREATE TABLE app.deadline (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid, report_id uuid, team_id uuid, confidentiality smallint,
  code text NOT NULL CHECK (btrim(code) <> ''),    -- of the reference data, or of a rule of the municipality's own
  name text NOT NULL DEFAULT '',                   -- of a rule of the municipality's own; else the reference data names it in both languages
  trigger text NOT NULL,                           -- what it begins with: report_received, decision …
  triggered_at timestamptz NOT NULL,
  counts_from timestamptz NOT NULL,                -- the moment of the trigger for hours, the first moment of its day for all other units
  -- what it was computed from, as it was at the time
  length int NOT NULL CHECK (length BETWEEN 0 AND 3660), unit text NOT NULL CHECK (unit IN ('hours','days','hverdage','arbejdsdage','weeks','months','years')),
  basis text NOT NULL, law_version text NOT NULL, certainty text NOT NULL, statutory boolean NOT NULL,
  rule_version int NOT NULL DEFAULT 0,             -- of the municipality's own rule; 0: the reference data alone
  kind text NOT NULL,
  constitution_day boolean NOT NULL, christmas_eve boolean NOT NULL, new_years_eve boolean NOT NULL, -- the three days that the municipality decides on
  due_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running','paused','met','cancelled')),
  paused_at timestamptz, met_at timestamptz, met_by uuid REFERENCES auth.user_account,
  version int NOT NULL DEFAULT 1, created_by uuid NOT NULL REFERENCES auth.user_account, created_at timestamptz NOT NULL DEFAULT now(), changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, id),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT of_a_case_or_of_a_report CHECK (num_nonnulls(case_id, report_id) = 1),
  CONSTRAINT scope_of_the_case CHECK (case_id IS NULL OR team_id IS NOT NULL AND confidentiality IS NOT NULL), -- without it the composite key would check nothing
  CONSTRAINT clock_of_the_law CHECK (NOT statutory OR unit <> 'hours' OR status <> 'paused' AND due_at = counts_from + make_interval(hours => length)), -- R2: nights and holidays included
  CONSTRAINT met_has_a_time CHECK ((status = 'met') = (met_at IS NOT NULL) AND (met_at IS NULL) = (met_by IS NULL)),
  CONSTRAINT paused_has_a_time CHECK ((status = 'paused') = (paused_at IS NOT NULL))
);
-- what begins once has one deadline: a form that is sent twice, two tabs, a job that runs again
CREATE UNIQUE INDEX deadline_once ON app.deadline (case_id, report_id, code, counts_from) NULLS NOT DISTINCT WHERE status <> 'cancelled';
CREATE INDEX ON app.deadline (case_id, due_at);
CREATE INDEX deadline_running ON app.deadline (team_id, due_at, id) WHERE status = 'running';
CREATE INDEX deadline_met ON app.deadline (team_id, met_at, id) WHERE status = 'met';

-- What happened to a deadline, and why. It is only added to.
CREATE TABLE app.deadline_change (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid, report_id uuid, deadline_id uuid NOT NULL,
  what text NOT NULL CHECK (what IN ('started','moved','paused','resumed','met','reopened','cancelled','recomputed')),
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 4000),
  due_from timestamptz, due_to timestamptz,
  changed_by uuid NOT NULL REFERENCES auth.user_account, at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (case_id, deadline_id) REFERENCES app.deadline (case_id, id),
  CONSTRAINT of_a_case_or_of_a_report CHECK (num_nonnulls(case_id, report_id) = 1),
  CONSTRAINT says_why CHECK (what NOT IN ('moved','paused','cancelled','recomputed') OR btrim(reason) <> '')
);
CREATE INDEX ON app.deadline_change (case_id, at DESC);

-- the rule of meta.case_list, for the rows of cases only: a row without a case would slip through "is none of the barred"
CREATE POLICY sel ON app.deadline FOR SELECT TO samspil_app USING (case_id IS NOT NULL AND (case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[])
  OR (confidentiality < 2 AND team_id = ANY ((SELECT auth.led_teams())::uuid[]) AND case_id <> ALL ((SELECT auth.barred())::uuid[]))));
CREATE POLICY ins ON app.deadline FOR INSERT TO samspil_app WITH CHECK (case_id IS NOT NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND created_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.deadline FOR UPDATE TO samspil_app USING (case_id IS NOT NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[]))
  WITH CHECK (case_id IS NOT NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND (met_by IS NULL OR met_by = (SELECT auth.uid())));
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.deadline FOR EACH ROW WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION app.fill_case_scope();
GRANT SELECT, INSERT (id, case_id, report_id, code, name, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, rule_version, kind,
    constitution_day, christmas_eve, new_years_eve, due_at, created_by),
  UPDATE (triggered_at, counts_from, due_at, status, paused_at, met_at, met_by, version, changed_at) ON app.deadline TO samspil_app;

CREATE POLICY sel ON app.deadline_change FOR SELECT TO samspil_app USING (case_id IS NOT NULL AND case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.deadline_change FOR INSERT TO samspil_app WITH CHECK (case_id IS NOT NULL AND case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND changed_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, report_id, deadline_id, what, reason, due_from, due_to, changed_by) ON app.deadline_change TO samspil_app;
SELECT meta.settle();
