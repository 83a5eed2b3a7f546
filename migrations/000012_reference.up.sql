-- The reference data (codes, names, law and its certainty) as rows, loaded again by every migrate:
-- codes are stable, a code that leaves the file is retired, never removed.
CREATE TABLE app.reference_item (
  kind text NOT NULL, code text NOT NULL, da text NOT NULL, en text NOT NULL, position int NOT NULL,
  data jsonb NOT NULL, version text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now(), retired_at timestamptz,
  PRIMARY KEY (kind, code)
);
GRANT SELECT ON app.reference_item TO samspil_app;
CREATE POLICY sel ON app.reference_item FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL);
SELECT meta.settle();
