-- Honour conflict is ruled out in a case by a screening that says so and why, in the same transaction, never by a field that is changed: what rules
-- it out also opens the gate (R1), and nobody goes around the screening to the family.
CREATE FUNCTION app.ruled_out_by_screening() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF 'ruled_out' IS DISTINCT FROM (SELECT s.certainty FROM app.screening s WHERE s.case_id = NEW.id AND s.certainty <> '' AND s.screened_at = now() ORDER BY s.id LIMIT 1) THEN
    RAISE check_violation USING MESSAGE = 'honour conflict is ruled out by a screening', CONSTRAINT = 'ruled_out_by_screening';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ruled_out_by_screening BEFORE UPDATE OF certainty ON app.case_file FOR EACH ROW
  WHEN (NEW.certainty = 'ruled_out' AND OLD.certainty <> 'ruled_out') EXECUTE FUNCTION app.ruled_out_by_screening();
SELECT meta.settle();
