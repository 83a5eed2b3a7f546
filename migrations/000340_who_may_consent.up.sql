-- Whom a consent may come from (R9, R1). Whoever threatens the citizen, or must not know of the case, is never asked: the question itself
-- tells them. A child has custody of nobody, and an adult answers for themself. Consents that were written before this stay as they were.
CREATE FUNCTION app.consent_giver() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record; c record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(8)) THEN RETURN NEW; END IF; -- the policy refuses it
  SELECT x.is_citizen, x.born, x.conflict_role, x.may_know INTO p FROM app.person x WHERE x.case_id = NEW.case_id AND x.id = NEW.person_id;
  IF NOT FOUND OR p.is_citizen THEN RETURN NEW; END IF;
  SELECT x.born INTO c FROM app.person x WHERE x.case_id = NEW.case_id AND x.is_citizen;
  IF p.conflict_role = 'threatens' OR p.may_know = 'no' THEN RAISE check_violation USING MESSAGE = 'they must not know', CONSTRAINT = 'giver_must_not_know'; END IF;
  IF p.born + interval '18 years' > NEW.given_on THEN RAISE check_violation USING MESSAGE = 'a child', CONSTRAINT = 'giver_is_a_child'; END IF;
  IF c.born + interval '18 years' <= NEW.given_on THEN RAISE check_violation USING MESSAGE = 'an adult', CONSTRAINT = 'adult_gives_it_themself'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consent_giver BEFORE INSERT ON app.consent FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION app.consent_giver();

-- Without a basis nothing personal is told (R9): a protected fact is not released on it by anybody. A file that nobody could read to
-- its end is another thing, which a second person reads.
ALTER TABLE app.sharing ADD CONSTRAINT nothing_protected_without_a_basis CHECK (direction <> 'out' OR status = 'kept_back' OR legal_basis <> 'ANONYMOUS' OR hits <= unread::int) NOT VALID;
-- A register of this century: 1900 is a slip of the finger.
ALTER TABLE app.sharing ADD CONSTRAINT happened_in_our_time CHECK (happened_on >= DATE '2000-01-01') NOT VALID;
ALTER TABLE app.consent ADD CONSTRAINT given_in_our_time CHECK (given_on >= DATE '2000-01-01') NOT VALID;
SELECT meta.settle();
