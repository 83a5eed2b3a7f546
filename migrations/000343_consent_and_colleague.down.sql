-- The function as it was in 000221.
CREATE OR REPLACE FUNCTION app.consent_holds() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
SELECT meta.settle();
