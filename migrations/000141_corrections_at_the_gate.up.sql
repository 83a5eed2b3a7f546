-- A correction stands at the gate too: it is a note whose words nobody reads before it is saved. It keeps the kind of what it
-- corrects, and answers the question anew. What was ours, or happened while the gate was open, stays so.
CREATE OR REPLACE FUNCTION app.note_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE was record; kind text := NEW.kind; ours boolean := NEW.family = 'ours';
BEGIN
  IF NEW.corrects IS NOT NULL THEN
    SELECT x.kind, x.family INTO was FROM app.note x WHERE x.case_id = NEW.case_id AND x.id = NEW.corrects;
    IF was.kind = NEW.kind THEN kind := ''; END IF;
    ours := ours AND was.family IN ('no','came');
  END IF;
  IF (kind IN ('home_visit','letter','hearing') OR NEW.family IS NULL OR ours) AND app._note_stands_at_gate(NEW.case_id, NEW.happened_at) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
SELECT meta.settle();
