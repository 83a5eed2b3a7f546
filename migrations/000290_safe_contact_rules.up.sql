-- How the citizen may be reached is data that the program can act on (ADR 23), beside the words that a caseworker reads. A channel
-- is allowed, never used, or neither: then it is not settled, and one asks first. So what was written before this is not settled.
ALTER TABLE app.safe_contact
  ADD may_use text[] NOT NULL DEFAULT '{}' CHECK (may_use <@ ARRAY['phone','sms','email','letter','digital_post','third','visit']),
  ADD must_not text[] NOT NULL DEFAULT '{}' CHECK (must_not <@ ARRAY['phone','sms','email','letter','digital_post','third','visit']),
  -- [{"days": "12345", "from": "08:00", "to": "15:00"}]: days of the week from Monday, wall clock in Copenhagen; one that ends
  -- before it begins ends the next morning. None: every hour.
  ADD windows jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(windows) = 'array' AND jsonb_array_length(windows) <= 8 AND jsonb_array_length(windows) = jsonb_array_length(
    jsonb_path_query_array(windows, '$[*] ? (@.days like_regex "^1?2?3?4?5?6?7?$" && @.days != "" && @.from like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$" && @.to like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$" && @.from != @.to)'))),
  ADD third text NOT NULL DEFAULT '' CHECK (length(third) <= 200),
  ADD CHECK (NOT may_use && must_not),
  ADD CHECK (third <> '' OR NOT 'third' = ANY (may_use)),
  ADD CHECK (policy <> 'none_written' OR NOT may_use && ARRAY['sms','email','letter','digital_post']);
GRANT INSERT (may_use, must_not, windows, third), UPDATE (may_use, must_not, windows, third) ON app.safe_contact TO samspil_app;

-- Whether somebody around the citizen may be contacted at all. Whoever threatens, or may not know of the case, never is.
ALTER TABLE app.person ADD may_contact text NOT NULL DEFAULT 'ask' CHECK (may_contact IN ('ask','yes','never')),
  ADD CHECK (may_contact <> 'yes' OR conflict_role <> 'threatens' AND may_know <> 'no');
GRANT SELECT (may_contact), INSERT (may_contact), UPDATE (may_contact) ON app.person TO samspil_app;

-- A contact that the rules forbid, or have not settled, made all the same: who, when, which way, why it was forbidden, and the
-- reason. Never the number. It is added to and never changed (R13).
CREATE TABLE app.contact_override (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file, person_id uuid NOT NULL, fact_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('phone','sms','email','letter','visit','none')), -- 'none': seen for something else than contact
  why text NOT NULL CHECK (why ~ '^[a-z_]{1,30}$'),
  reason text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 2000),
  by_user uuid NOT NULL REFERENCES auth.user_account, at timestamptz NOT NULL DEFAULT now(), request_key uuid NOT NULL,
  CHECK (why <> 'gate' OR channel = 'none'), UNIQUE (case_id, by_user, request_key),
  FOREIGN KEY (case_id, person_id) REFERENCES app.person (case_id, id)
);
CREATE INDEX ON app.contact_override (case_id, at DESC);
CREATE POLICY sel ON app.contact_override FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.contact_override FOR INSERT TO samspil_app WITH CHECK ((case_id = ANY ((SELECT auth.opened(12))::uuid[]) OR case_id = ANY ((SELECT auth.opened(36))::uuid[])) AND by_user = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, person_id, fact_id, channel, why, reason, by_user, request_key) ON app.contact_override TO samspil_app;
SELECT meta.guard('app.contact_override', 'SELECT');

-- The gate (R1) holds here whatever a page forgets: while it is shut nobody's number but the citizen's is shown to contact them, and
-- no override is written.
CREATE FUNCTION app.override_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.channel <> 'none' AND EXISTS (SELECT 1 FROM app.person p WHERE p.case_id = NEW.case_id AND p.id = NEW.person_id AND NOT p.is_citizen)
     AND app._gate_shut(NEW.case_id, now()) THEN PERFORM app._refuse_at_gate(); END IF;
  IF NOT EXISTS (SELECT 1 FROM app.protected_fact f WHERE f.case_id = NEW.case_id AND f.id = NEW.fact_id AND f.person_id = NEW.person_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER override_at_gate BEFORE INSERT ON app.contact_override FOR EACH ROW EXECUTE FUNCTION app.override_at_gate();

CREATE OR REPLACE FUNCTION app.reveal_fact(p_case uuid, p_fact uuid, p_purpose text) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r bytea; k text; around boolean;
BEGIN
  PERFORM app._demand(p_case, 6);
  IF p_purpose IS NULL OR p_purpose !~ '^[a-z_]{1,40}$' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  SELECT f.ciphertext, f.kind, NOT p.is_citizen INTO r, k, around FROM app.protected_fact f JOIN app.person p ON p.case_id = f.case_id AND p.id = f.person_id
   WHERE f.id = p_fact AND f.case_id = p_case AND f.retired_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF around AND p_purpose = 'contact' AND app._gate_shut(p_case, now()) THEN PERFORM app._refuse_at_gate(); END IF;
  PERFORM audit._append('case:' || p_case, 'fact.reveal', p_case, k || ':' || p_fact || ':' || p_purpose, NULL);
  RETURN r;
END $$;

-- A note of a contact outside the rules says so: the reason for which it was outside, as the writer was warned.
ALTER TABLE app.note ADD outside text CHECK (outside ~ '^[a-z_]{1,30}$');
GRANT INSERT (outside) ON app.note TO samspil_app;
SELECT meta.settle();
