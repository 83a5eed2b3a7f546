-- What a note tells of may have reached parents or network whoever stands in the case, and whatever its kind: a phone note
-- "rang to the father" says so in words that nobody but a reader understands. So while the gate is shut every note answers one
-- question (barnets lov § 18, stk. 3; R1): 'no', 'came' (they came of their own accord, which must be noted: offentlighedsloven
-- § 13), or 'ours', which the gate refuses. NULL: nobody was asked, because the gate was open.
ALTER TABLE app.note ADD family text CHECK (family IN ('no','came','ours'));
GRANT INSERT (family) ON app.note TO samspil_app;
UPDATE app.note n SET family = 'came' WHERE EXISTS (SELECT FROM app.note_spoken s WHERE s.case_id = n.case_id AND s.note_id = n.id AND s.came_to_us);

-- A note stands at the gate as it stood when it happened. What happened although the gate was shut must be told all the same:
-- that takes a lead, whose opening, with its reason, is in force when the note is written.
CREATE FUNCTION app._note_stands_at_gate(p_case uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN app._stands_at_gate(p_case, app._written(p_at))
    AND NOT EXISTS (SELECT 1 FROM app.gate_opening g WHERE g.case_id = p_case AND g.closed_at IS NULL AND g.until > now());
END $$;
CREATE OR REPLACE FUNCTION app.gate_was_shut(p_case uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 16); -- asked by whoever writes a note
  RETURN app._note_stands_at_gate(p_case, p_at);
END $$;
CREATE OR REPLACE FUNCTION app.note_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.kind IN ('home_visit','letter','hearing') OR NEW.family IS NULL OR NEW.family = 'ours') AND NEW.corrects IS NULL
     AND app._note_stands_at_gate(NEW.case_id, NEW.happened_at) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;

-- Somebody around the citizen was spoken to: then the note says that they came.
CREATE OR REPLACE FUNCTION app.spoken_at_gate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n record;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM app.person p WHERE p.case_id = NEW.case_id AND p.id = NEW.person_id AND NOT p.is_citizen) THEN RETURN NEW; END IF;
  SELECT x.happened_at, x.corrects, x.family INTO n FROM app.note x WHERE x.case_id = NEW.case_id AND x.id = NEW.note_id;
  IF n.family = 'came' THEN RETURN NEW; END IF;
  IF n.corrects IS NOT NULL AND EXISTS (SELECT 1 FROM app.note_spoken s WHERE s.case_id = NEW.case_id AND s.note_id = n.corrects AND s.person_id = NEW.person_id) THEN RETURN NEW; END IF;
  IF app._note_stands_at_gate(NEW.case_id, n.happened_at) THEN PERFORM app._refuse_at_gate(); END IF;
  RETURN NEW;
END $$;
ALTER TABLE app.note_spoken DROP came_to_us;
SELECT meta.settle();
