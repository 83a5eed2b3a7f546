-- Who rules honour conflict out in a child's case opens the way to the family, alone and in one form. So it takes words, and the
-- leads of the team are told (never of a sealed case that they are not named in). And suspicion that leads to nothing says why.
ALTER TABLE app.screening
  ADD CONSTRAINT ruled_out_says_why CHECK (certainty <> 'ruled_out' OR length(btrim(honour_why)) >= 20) NOT VALID,
  ADD CONSTRAINT a_suspicion_that_comes_to_nothing_says_why CHECK (NOT honour OR outcome <> 'no_further' OR btrim(lighter_why) <> '') NOT VALID;
CREATE FUNCTION app.ruled_out_is_told() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._notify(m.user_id, NEW.id, 'case.ruled_out') FROM app.team_member m
    WHERE m.team_id = NEW.team_id AND m.is_lead AND (m.valid_to IS NULL OR m.valid_to > now())
      AND (NEW.confidentiality < 2 OR EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = NEW.id AND g.user_id = m.user_id AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())));
  RETURN NULL;
END $$;
CREATE TRIGGER ruled_out_is_told AFTER UPDATE OF certainty ON app.case_file FOR EACH ROW
  WHEN (NEW.certainty = 'ruled_out' AND OLD.certainty <> 'ruled_out' AND NEW.area = 'child') EXECUTE FUNCTION app.ruled_out_is_told();
SELECT meta.settle();
