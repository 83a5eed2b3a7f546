-- The journal: notes are signed and stay; a correction is a new note that points back (R13; offentlighedsloven § 13).
CREATE TABLE app.note (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  kind text NOT NULL, body text NOT NULL CHECK (btrim(body) <> '' AND length(body) <= 100000),
  happened_at timestamptz NOT NULL DEFAULT now(),  -- when the call or meeting was; may lie before created_at
  author uuid NOT NULL REFERENCES auth.user_account, created_at timestamptz NOT NULL DEFAULT now(),
  corrects uuid, request_key uuid,                 -- a form sent twice is one note
  UNIQUE (case_id, id), UNIQUE (case_id, author, request_key),
  FOREIGN KEY (case_id, corrects) REFERENCES app.note (case_id, id),
  CHECK (corrects <> id)
);
CREATE INDEX ON app.note (case_id, happened_at DESC, id);
-- Who was spoken to: a contact person at a partner, or somebody around the citizen.
CREATE TABLE app.note_spoken (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, note_id uuid NOT NULL,
  contact_id uuid REFERENCES app.contact_person, person_id uuid,
  FOREIGN KEY (case_id, note_id) REFERENCES app.note (case_id, id),
  FOREIGN KEY (case_id, person_id) REFERENCES app.person (case_id, id),
  CHECK ((contact_id IS NULL) <> (person_id IS NULL))
);
CREATE INDEX ON app.note_spoken (case_id, note_id);
CREATE INDEX ON app.note_spoken (contact_id) WHERE contact_id IS NOT NULL;
-- What the same save ticked or added: a note and its steps belong together.
CREATE TABLE app.note_step (
  case_id uuid NOT NULL, note_id uuid NOT NULL, step_id uuid NOT NULL, action text NOT NULL CHECK (action IN ('done','added')),
  PRIMARY KEY (note_id, step_id),
  FOREIGN KEY (case_id, note_id) REFERENCES app.note (case_id, id),
  FOREIGN KEY (case_id, step_id) REFERENCES app.plan_step (case_id, id)
);
CREATE INDEX ON app.note_step (case_id, note_id);
-- What somebody was in the middle of writing. Theirs alone; gone when the note is saved.
CREATE TABLE app.draft (
  case_id uuid NOT NULL REFERENCES app.case_file, user_id uuid NOT NULL REFERENCES auth.user_account,
  form text NOT NULL, fields jsonb NOT NULL CHECK (length(fields::text) <= 200000), saved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, user_id, form)
);
SELECT meta.case_content('app.note_spoken', 16, 16);
SELECT meta.case_content('app.note_step', 8, 8);
CREATE POLICY sel ON app.note FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.note FOR INSERT TO samspil_app WITH CHECK (author = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
CREATE POLICY own ON app.draft FOR ALL TO samspil_app USING (user_id = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.opened(16))::uuid[]))
  WITH CHECK (user_id = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
GRANT SELECT, INSERT (id, case_id, kind, body, happened_at, author, corrects, request_key) ON app.note TO samspil_app;
GRANT SELECT, INSERT (case_id, note_id, contact_id, person_id) ON app.note_spoken TO samspil_app;
GRANT SELECT, INSERT (case_id, note_id, step_id, action) ON app.note_step TO samspil_app;
GRANT SELECT, INSERT (case_id, user_id, form, fields), UPDATE (fields, saved_at), DELETE ON app.draft TO samspil_app;
SELECT meta.settle();
