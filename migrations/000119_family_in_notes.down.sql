ALTER TABLE app.note_spoken ADD came_to_us boolean NOT NULL DEFAULT false;
GRANT INSERT (came_to_us) ON app.note_spoken TO samspil_app;
UPDATE app.note_spoken s SET came_to_us = true FROM app.note n, app.person p
  WHERE n.case_id = s.case_id AND n.id = s.note_id AND n.family = 'came' AND p.case_id = s.case_id AND p.id = s.person_id AND NOT p.is_citizen;
CREATE OR REPLACE FUNCTION app.note_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind IN ('home_visit','letter','hearing') AND NEW.corrects IS NULL AND app._stands_at_gate(NEW.case_id, app._written(NEW.happened_at)) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.spoken_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n record;
BEGIN
  IF NEW.came_to_us OR NOT EXISTS (SELECT 1 FROM app.person p WHERE p.case_id = NEW.case_id AND p.id = NEW.person_id AND NOT p.is_citizen) THEN RETURN NEW; END IF;
  SELECT x.happened_at, x.corrects INTO n FROM app.note x WHERE x.case_id = NEW.case_id AND x.id = NEW.note_id;
  IF n.corrects IS NOT NULL AND EXISTS (SELECT 1 FROM app.note_spoken s WHERE s.case_id = NEW.case_id AND s.note_id = n.corrects AND s.person_id = NEW.person_id) THEN RETURN NEW; END IF;
  IF app._stands_at_gate(NEW.case_id, app._written(n.happened_at)) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.gate_was_shut(p_case uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 2);
  RETURN app._gate_shut(p_case, app._written(p_at));
END $$;
DROP FUNCTION app._note_stands_at_gate(uuid, timestamptz);
ALTER TABLE app.note DROP COLUMN family;
SELECT meta.settle();
