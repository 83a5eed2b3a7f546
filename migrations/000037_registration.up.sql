-- A case on its way to being registered: the answers so far, sealed by the app, for the one who writes them. An
-- interrupted form keeps its text (R13), and because a registration becomes a case once, a form sent twice is one case.
CREATE TABLE app.registration (
  id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.user_account,
  answers bytea NOT NULL CHECK (octet_length(answers) <= 2000000),
  started_at timestamptz NOT NULL DEFAULT now(), saved_at timestamptz NOT NULL DEFAULT now(),
  case_ref text                             -- when it has become a case; the answers are then empty
);
CREATE INDEX ON app.registration (user_id, saved_at DESC);
CREATE POLICY own ON app.registration FOR ALL TO samspil_app USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()) AND (SELECT auth.role()) IN ('caseworker','team_lead'));
GRANT SELECT, INSERT (id, user_id, answers), UPDATE (answers, saved_at, case_ref), DELETE ON app.registration TO samspil_app;
SELECT meta.settle();
