CREATE OR REPLACE FUNCTION app.note_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.kind IN ('home_visit','letter','hearing') OR NEW.family IS NULL OR NEW.family = 'ours') AND NEW.corrects IS NULL
     AND app._note_stands_at_gate(NEW.case_id, NEW.happened_at) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
SELECT meta.settle();
