-- The partner directory: whom to call, with a face (R7). Admins write, everybody signed in reads.
CREATE TABLE app.photo (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  large bytea NOT NULL,  -- 192 px JPEG, made by us from the uploaded picture: no EXIF, no position, no payload
  small bytea NOT NULL,  -- 96 px
  consented_on date NOT NULL DEFAULT current_date,
  added_at timestamptz NOT NULL DEFAULT now(), added_by uuid
);
ALTER TABLE auth.user_account ADD FOREIGN KEY (photo_id) REFERENCES app.photo;

CREATE TABLE app.organisation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (btrim(name) <> ''),
  kind text NOT NULL CHECK (kind IN ('internal','external')),
  partner_type text NOT NULL,                 -- code of the reference data
  areas text[] NOT NULL DEFAULT '{child,adult}',
  can text NOT NULL DEFAULT '', cannot text NOT NULL DEFAULT '', before_call text NOT NULL DEFAULT '',
  authority_group text NOT NULL DEFAULT '',   -- organisations of one group are one authority in the law's sense (domain.md 3.5)
  phone text NOT NULL DEFAULT '', email text NOT NULL DEFAULT '', website text NOT NULL DEFAULT '',
  address_secret boolean NOT NULL DEFAULT false, -- the place is never written down
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON app.organisation (partner_type) WHERE active;

CREATE TABLE app.contact_person (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES app.organisation,
  name text NOT NULL CHECK (btrim(name) <> ''),
  first_name_only boolean NOT NULL DEFAULT false, -- some may not show a surname, for their own safety
  title text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '', mobile text NOT NULL DEFAULT '', secure_mail text NOT NULL DEFAULT '',
  languages text[] NOT NULL DEFAULT '{}', competences text[] NOT NULL DEFAULT '{}',
  note text NOT NULL DEFAULT '',
  on_call_text text NOT NULL DEFAULT '',
  stand_in_id uuid REFERENCES app.contact_person,
  photo_id uuid REFERENCES app.photo,
  verified_on date, verified_by uuid REFERENCES auth.user_account,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK (stand_in_id <> id)
);
CREATE INDEX ON app.contact_person (organisation_id) WHERE active;

CREATE TABLE app.contact_hours (
  contact_id uuid NOT NULL REFERENCES app.contact_person ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('regular','on_call')),
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7), -- 1 is Monday
  opens smallint NOT NULL CHECK (opens BETWEEN 0 AND 1439),   -- minutes after midnight, local time
  closes smallint NOT NULL CHECK (closes BETWEEN 1 AND 1440), -- 1440: to midnight
  PRIMARY KEY (contact_id, kind, weekday, opens),
  CHECK (closes > opens)
);

-- What a directory entry said before: nobody wonders who changed a number (threat 18 of domain.md).
CREATE TABLE app.directory_change (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES app.organisation,
  contact_id uuid REFERENCES app.contact_person,
  action text NOT NULL CHECK (action IN ('added','changed','verified','photo','retired','restored')),
  before jsonb, after jsonb,
  changed_by uuid NOT NULL REFERENCES auth.user_account, changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON app.directory_change (organisation_id, changed_at DESC);

-- "Foreslå rettelse": from anybody, to the admin's queue.
CREATE TABLE app.correction (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES app.organisation,
  contact_id uuid REFERENCES app.contact_person,
  proposal text NOT NULL CHECK (btrim(proposal) <> '' AND length(proposal) <= 2000),
  proposed_by uuid NOT NULL REFERENCES auth.user_account, proposed_at timestamptz NOT NULL DEFAULT now(),
  outcome text CHECK (outcome IN ('done','rejected')), answer text NOT NULL DEFAULT '',
  handled_by uuid REFERENCES auth.user_account, handled_at timestamptz
);
CREATE INDEX correction_queue ON app.correction (proposed_at) WHERE outcome IS NULL;

SELECT meta.guard('app.contact_person', 'SELECT');
SELECT meta.guard('app.organisation', 'SELECT');
GRANT SELECT ON app.photo, app.organisation, app.contact_person, app.contact_hours, app.directory_change, app.correction TO samspil_app;
GRANT INSERT ON app.photo TO samspil_app;
GRANT INSERT, UPDATE (name, kind, partner_type, areas, can, cannot, before_call, authority_group, phone, email, website, address_secret, active, version, changed_at) ON app.organisation TO samspil_app;
GRANT INSERT, UPDATE (organisation_id, name, first_name_only, title, phone, mobile, secure_mail, languages, competences, note, on_call_text, stand_in_id, photo_id,
  verified_on, verified_by, active, version, changed_at) ON app.contact_person TO samspil_app;
GRANT INSERT, DELETE ON app.contact_hours TO samspil_app;
GRANT INSERT ON app.directory_change TO samspil_app;
GRANT INSERT (organisation_id, contact_id, proposal, proposed_by), UPDATE (outcome, answer, handled_by, handled_at) ON app.correction TO samspil_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['photo','organisation','contact_person','contact_hours'] LOOP
    EXECUTE format('CREATE POLICY sel ON app.%I FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL)', t);
    EXECUTE format('CREATE POLICY ins ON app.%I FOR INSERT TO samspil_app WITH CHECK ((SELECT auth.role()) = ''admin'')', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['organisation','contact_person'] LOOP
    EXECUTE format('CREATE POLICY upd ON app.%I FOR UPDATE TO samspil_app USING ((SELECT auth.role()) = ''admin'') WITH CHECK ((SELECT auth.role()) = ''admin'')', t);
  END LOOP;
END $$;
CREATE POLICY del ON app.contact_hours FOR DELETE TO samspil_app USING ((SELECT auth.role()) = 'admin');
CREATE POLICY sel ON app.directory_change FOR SELECT TO samspil_app USING ((SELECT auth.uid()) IS NOT NULL);
CREATE POLICY ins ON app.directory_change FOR INSERT TO samspil_app WITH CHECK ((SELECT auth.role()) = 'admin' AND changed_by = (SELECT auth.uid()));
CREATE POLICY sel ON app.correction FOR SELECT TO samspil_app USING (proposed_by = (SELECT auth.uid()) OR (SELECT auth.role()) = 'admin');
CREATE POLICY ins ON app.correction FOR INSERT TO samspil_app WITH CHECK (proposed_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.correction FOR UPDATE TO samspil_app USING ((SELECT auth.role()) = 'admin') WITH CHECK ((SELECT auth.role()) = 'admin' AND handled_by = (SELECT auth.uid()));
SELECT meta.settle();
