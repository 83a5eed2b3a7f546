-- What happened in a case, as its people read it: every change leaves a line, newest first.
-- (The audit trail is another thing: it proves who looked, and is chained.)
CREATE TABLE app.case_event (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  at timestamptz NOT NULL DEFAULT now(), actor uuid NOT NULL REFERENCES auth.user_account,
  kind text NOT NULL,                    -- text key "event.<kind>"
  object_id uuid,                        -- the step, note or involvement it is about
  data jsonb NOT NULL DEFAULT '{}'       -- words for the sentence: step titles, dates; never free text of a note or reason
);
CREATE INDEX ON app.case_event (case_id, at DESC, id);
SELECT meta.guard('app.case_event', 'SELECT');
CREATE POLICY sel ON app.case_event FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]) OR case_id = ANY ((SELECT auth.my_cases())::uuid[]));
CREATE POLICY ins ON app.case_event FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(2))::uuid[]) AND actor = (SELECT auth.uid()));
GRANT SELECT, INSERT (case_id, actor, kind, object_id, data) ON app.case_event TO samspil_app;

CREATE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET active_at = greatest(active_at, NEW.at) WHERE id = NEW.case_id; RETURN NULL; END $$;
CREATE TRIGGER case_moved AFTER INSERT ON app.case_event FOR EACH ROW EXECUTE FUNCTION app.case_moved();
SELECT meta.settle();
