-- The action plan: phases and steps. The plan is the work list (R5, R6).
CREATE TABLE app.plan (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  template_code text NOT NULL DEFAULT '',      -- reference data; empty: an empty plan
  template_version text NOT NULL DEFAULT '',
  citizen_goals text NOT NULL DEFAULT '',      -- in the citizen's own words
  next_follow_up date,
  started_at timestamptz NOT NULL DEFAULT now(), started_by uuid NOT NULL REFERENCES auth.user_account,
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id), UNIQUE (case_id, id)       -- one plan a case; versions and approval come with their own issue
);
CREATE TABLE app.plan_phase (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, plan_id uuid NOT NULL,
  title text NOT NULL CHECK (btrim(title) <> ''), aim text NOT NULL DEFAULT '', position int NOT NULL,
  UNIQUE (case_id, id),
  FOREIGN KEY (case_id, plan_id) REFERENCES app.plan (case_id, id)
);
CREATE INDEX ON app.plan_phase (case_id, position);
CREATE TABLE app.plan_step (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  phase_id uuid NOT NULL, position int NOT NULL,
  title text NOT NULL CHECK (btrim(title) <> '' AND length(title) <= 200), detail text NOT NULL DEFAULT '',
  partner_type text NOT NULL DEFAULT '',       -- the partner type that the template calls for (R7)
  responsible_user uuid REFERENCES auth.user_account, responsible_contact uuid REFERENCES app.contact_person,
  due_at timestamptz, due_has_time boolean NOT NULL DEFAULT false, -- without a time: due at the end of that day
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open','in_progress','waiting','done','skipped')),
  done_at timestamptz, done_by uuid REFERENCES auth.user_account,
  skip_reason text NOT NULL DEFAULT '', postpone_reason text NOT NULL DEFAULT '', postponed_times int NOT NULL DEFAULT 0,
  deadline_code text NOT NULL DEFAULT '', template_step text NOT NULL DEFAULT '', mandatory boolean NOT NULL DEFAULT false, requires_gate boolean NOT NULL DEFAULT false,
  origin text NOT NULL DEFAULT 'ad_hoc' CHECK (origin IN ('from_plan','from_trigger','ad_hoc')),
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(), created_by uuid NOT NULL REFERENCES auth.user_account,
  UNIQUE (case_id, id),
  FOREIGN KEY (case_id, phase_id) REFERENCES app.plan_phase (case_id, id),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT one_responsible_per_step CHECK (responsible_user IS NULL OR responsible_contact IS NULL),   -- R5
  CONSTRAINT skipping_asks_why CHECK (status <> 'skipped' OR btrim(skip_reason) <> ''),                    -- R5
  CONSTRAINT done_has_a_time CHECK ((status = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX ON app.plan_step (case_id, position);
CREATE INDEX plan_step_mine ON app.plan_step (responsible_user, due_at, id) WHERE status IN ('open','in_progress','waiting');
CREATE INDEX plan_step_team ON app.plan_step (team_id, due_at, id) WHERE status IN ('open','in_progress','waiting');
CREATE INDEX plan_step_open ON app.plan_step (case_id, due_at) WHERE status IN ('open','in_progress','waiting');

-- A suggestion that somebody found irrelevant, and why: it does not come back.
CREATE TABLE app.suggestion_dismissal (
  case_id uuid NOT NULL REFERENCES app.case_file, rule text NOT NULL, -- "partner:<type>"
  reason text NOT NULL CHECK (btrim(reason) <> ''), dismissed_by uuid NOT NULL REFERENCES auth.user_account, dismissed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, rule)
);

SELECT meta.guard('app.plan_step', 'SELECT');
SELECT meta.case_content('app.plan_phase');
SELECT meta.case_content('app.suggestion_dismissal');
SELECT meta.case_list('app.plan_step', 'case_id');
CREATE POLICY ins ON app.plan_step FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND created_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.plan_step FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();
SELECT meta.case_content('app.plan');
GRANT SELECT, INSERT (id, case_id, template_code, template_version, citizen_goals, next_follow_up, started_by), UPDATE (citizen_goals, next_follow_up, version, changed_at) ON app.plan TO samspil_app;
GRANT SELECT, INSERT (id, case_id, plan_id, title, aim, position), UPDATE (title, aim, position) ON app.plan_phase TO samspil_app;
GRANT SELECT, INSERT (id, case_id, phase_id, position, title, detail, partner_type, responsible_user, responsible_contact, due_at, due_has_time, status, deadline_code,
    template_step, mandatory, requires_gate, origin, created_by),
  UPDATE (phase_id, position, title, detail, partner_type, responsible_user, responsible_contact, due_at, due_has_time, status, done_at, done_by, skip_reason, postpone_reason,
    postponed_times, version, changed_at) ON app.plan_step TO samspil_app;
GRANT SELECT, INSERT (case_id, rule, reason, dismissed_by) ON app.suggestion_dismissal TO samspil_app;

-- whether a case has a plan is asked by lists that may not read the plan: a flag on the header
ALTER TABLE app.case_file ADD has_plan boolean NOT NULL DEFAULT false;
GRANT UPDATE (has_plan) ON app.case_file TO samspil_guard;
CREATE FUNCTION app.plan_started() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET has_plan = true WHERE id = NEW.case_id; RETURN NULL; END $$;
CREATE TRIGGER plan_started AFTER INSERT ON app.plan FOR EACH ROW EXECUTE FUNCTION app.plan_started();
SELECT meta.settle();
