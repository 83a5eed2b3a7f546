-- A partner drawn into a case: who, for which part, why, and what they answered (R7, R9).
CREATE TABLE app.involvement (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL, team_id uuid NOT NULL, confidentiality smallint NOT NULL,
  organisation_id uuid NOT NULL REFERENCES app.organisation, contact_id uuid REFERENCES app.contact_person,
  responsible_for text NOT NULL CHECK (btrim(responsible_for) <> ''),
  origin text NOT NULL CHECK (origin IN ('from_plan','from_trigger','ad_hoc')),
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested','accepted','declined','ended')),
  legal_basis text NOT NULL DEFAULT '',  -- code of the reference data; R9: none means anonymous only
  asked_at timestamptz NOT NULL DEFAULT now(), answered_at timestamptz, ended_at timestamptz,
  answer text NOT NULL DEFAULT '',       -- why declined, or why it ended
  added_by uuid NOT NULL REFERENCES auth.user_account,
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, id),
  FOREIGN KEY (case_id, team_id, confidentiality) REFERENCES app.case_file (id, team_id, confidentiality) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX ON app.involvement (case_id);
CREATE INDEX ON app.involvement (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX ON app.involvement (team_id, organisation_id) WHERE status IN ('requested','accepted');
CREATE UNIQUE INDEX one_live_involvement ON app.involvement (case_id, organisation_id, contact_id) NULLS NOT DISTINCT WHERE status IN ('requested','accepted');
SELECT meta.guard('app.involvement', 'SELECT');
SELECT meta.case_list('app.involvement', 'case_id');
CREATE POLICY ins ON app.involvement FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND added_by = (SELECT auth.uid()));
CREATE POLICY upd ON app.involvement FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(8))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]));
GRANT SELECT, INSERT (id, case_id, organisation_id, contact_id, responsible_for, origin, status, legal_basis, asked_at, answered_at, answer, added_by),
  UPDATE (contact_id, responsible_for, status, legal_basis, answered_at, ended_at, answer, version, changed_at) ON app.involvement TO samspil_app;
CREATE TRIGGER fill_case_scope BEFORE INSERT ON app.involvement FOR EACH ROW EXECUTE FUNCTION app.fill_case_scope();
CREATE FUNCTION app.first_partner() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET first_partner_at = NEW.asked_at WHERE id = NEW.case_id AND (first_partner_at IS NULL OR first_partner_at > NEW.asked_at); RETURN NULL; END $$;
CREATE TRIGGER first_partner AFTER INSERT ON app.involvement FOR EACH ROW EXECUTE FUNCTION app.first_partner();
SELECT meta.settle();
