-- Consents (R9; retssikkerhedsloven § 11 a; forvaltningsloven § 28): who said yes, to what, towards whom, for what, and until when. Nobody
-- changes one; it is withdrawn, once, by whoever writes in the case.
CREATE TABLE app.consent (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), case_id uuid NOT NULL REFERENCES app.case_file,
  person_id uuid,                                            -- a parent with custody; NULL: the citizen
  organisation_id uuid NOT NULL REFERENCES app.organisation, -- to whom
  what text NOT NULL CHECK (btrim(what) <> ''), purpose text NOT NULL CHECK (btrim(purpose) <> ''),
  how text NOT NULL CHECK (how IN ('written','orally')),
  given_on date NOT NULL, expires_on date NOT NULL,
  withdrawn_on date, withdrawn_words text NOT NULL DEFAULT '', withdrawn_by uuid REFERENCES auth.user_account, withdrawn_at timestamptz,
  written_by uuid NOT NULL REFERENCES auth.user_account, written_at timestamptz NOT NULL DEFAULT now(), request_key uuid,
  UNIQUE (case_id, id), UNIQUE (case_id, written_by, request_key),
  FOREIGN KEY (case_id, person_id) REFERENCES app.person (case_id, id),
  CONSTRAINT consent_has_a_time CHECK (given_on <= expires_on AND given_on <= (written_at AT TIME ZONE 'Europe/Copenhagen')::date),
  CONSTRAINT withdrawn_whole CHECK (num_nonnulls(withdrawn_on, withdrawn_by, withdrawn_at) IN (0, 3) AND (withdrawn_on IS NULL OR btrim(withdrawn_words) <> '' AND withdrawn_on BETWEEN given_on AND (withdrawn_at AT TIME ZONE 'Europe/Copenhagen')::date))
);
CREATE INDEX ON app.consent (case_id, expires_on);
ALTER TABLE app.sharing ADD consent_id uuid, ADD FOREIGN KEY (case_id, consent_id) REFERENCES app.consent (case_id, id);
CREATE INDEX ON app.sharing (case_id, consent_id) WHERE consent_id IS NOT NULL;

SELECT meta.guard('app.consent', 'SELECT, UPDATE (withdrawn_on, withdrawn_words, withdrawn_by, withdrawn_at)');
CREATE POLICY sel ON app.consent FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.consent FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[]) AND written_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (id, case_id, person_id, organisation_id, what, purpose, how, given_on, expires_on, written_by, request_key) ON app.consent TO samspil_app;
GRANT SELECT (consent_id), INSERT (consent_id) ON app.sharing TO samspil_app;

-- Asking a parent is contact with parents (barnets lov § 18, stk. 3; R1). It is judged by the day on which they were asked.
CREATE FUNCTION app.consent_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.person p WHERE p.case_id = NEW.case_id AND p.id = NEW.person_id AND p.is_citizen)
     AND app._note_stands_at_gate(NEW.case_id, least(now(), (NEW.given_on + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen')) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consent_at_gate BEFORE INSERT ON app.consent FOR EACH ROW EXECUTE FUNCTION app.consent_at_gate();

-- What leaves by consent names the consent, and that holds: it was given to this recipient, and on that day it had neither run out
-- nor been withdrawn. Also what waits for a release: it leaves when it is released. A correction keeps what it corrects. Who shares
-- and who withdraws wait for each other.
CREATE FUNCTION app.consent_holds() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record; today date := (now() AT TIME ZONE 'Europe/Copenhagen')::date; same boolean;
BEGIN
  IF NOT (NEW.case_id = ANY (auth.opened(12)) OR NEW.case_id = ANY (auth.opened(22))) THEN RETURN NEW; END IF;
  same := NEW.corrects IS NOT NULL AND TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM app.sharing x WHERE x.case_id = NEW.case_id AND x.id = NEW.corrects
    AND x.direction = 'out' AND x.status = 'shared' AND x.organisation_id = NEW.organisation_id AND x.legal_basis = NEW.legal_basis AND x.consent_id IS NOT DISTINCT FROM NEW.consent_id);
  IF NEW.consent_id IS NULL THEN
    IF TG_OP = 'INSERT' AND NOT same AND NEW.legal_basis IN ('CONSENT','SL_12C') THEN RAISE check_violation USING MESSAGE = 'name the consent', CONSTRAINT = 'consent_is_named'; END IF;
    RETURN NEW;
  END IF;
  SELECT x.organisation_id, x.given_on, x.expires_on, x.withdrawn_on INTO c FROM app.consent x WHERE x.case_id = NEW.case_id AND x.id = NEW.consent_id FOR SHARE;
  IF FOUND AND NOT same AND (c.organisation_id <> NEW.organisation_id OR c.withdrawn_on IS NOT NULL OR NEW.happened_on < c.given_on OR NEW.happened_on > c.expires_on
       OR TG_OP = 'UPDATE' AND today > c.expires_on) THEN
    RAISE check_violation USING MESSAGE = 'the consent does not hold', CONSTRAINT = 'consent_holds';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consent_holds BEFORE INSERT OR UPDATE ON app.sharing FOR EACH ROW WHEN (NEW.direction = 'out' AND NEW.status <> 'kept_back') EXECUTE FUNCTION app.consent_holds();

-- withdraw_consent() ends a consent, with the citizen's day and words. If something has been shared on it, or waits, the case asks what
-- is to be done. False: it was withdrawn already.
CREATE FUNCTION app.withdraw_consent(p_case uuid, p_id uuid, p_on date, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record; o text;
BEGIN
  PERFORM app._demand(p_case, 8);
  UPDATE app.consent x SET withdrawn_on = p_on, withdrawn_words = btrim(p_words), withdrawn_by = auth.uid(), withdrawn_at = now()
   WHERE x.case_id = p_case AND x.id = p_id AND x.withdrawn_on IS NULL RETURNING x.organisation_id INTO c;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT y.name INTO o FROM app.organisation y WHERE y.id = c.organisation_id;
  PERFORM app._event(p_case, auth.uid(), 'consent.withdrawn', p_id, jsonb_build_object('organisation', o));
  IF EXISTS (SELECT 1 FROM app.sharing s WHERE s.case_id = p_case AND s.consent_id = p_id AND s.direction = 'out' AND s.status <> 'kept_back') THEN
    PERFORM app._raise_prompt(p_case, 'consent_withdrawn', p_id::text, auth.uid(), NULL, '');
  END IF;
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.withdraw_consent(uuid, uuid, date, text) TO samspil_app;
SELECT meta.settle();
