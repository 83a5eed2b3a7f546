-- A file that goes with what leaves, sealed as the text is, with its words as they were read when it was compared. One that was not
-- read to its end counts as a hit: nothing leaves with it unless another person has read it and releases it (R12).
ALTER TABLE app.sharing
  ADD unread boolean NOT NULL DEFAULT false,
  ADD UNIQUE (case_id, id, unread),
  ADD CONSTRAINT what_nobody_read_counts CHECK (NOT unread OR hits > 0 AND direction = 'out');
GRANT SELECT (unread), INSERT (unread) ON app.sharing TO samspil_app;

CREATE TABLE app.sharing_file (
  case_id uuid NOT NULL, sharing_id uuid NOT NULL, unread boolean NOT NULL, -- of a sharing that says the same
  kind text NOT NULL CHECK (kind IN ('text','pdf','docx')), size int NOT NULL CHECK (size BETWEEN 1 AND 10485760),
  content_enc bytea NOT NULL, words_enc bytea NOT NULL,
  PRIMARY KEY (case_id, sharing_id),
  FOREIGN KEY (case_id, sharing_id, unread) REFERENCES app.sharing (case_id, id, unread)
);
SELECT meta.guard('app.sharing_file', 'SELECT');
CREATE POLICY sel ON app.sharing_file FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.sharing_file FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]));
GRANT SELECT (case_id, sharing_id, unread, kind, size), INSERT ON app.sharing_file TO samspil_app; -- not what is sealed

-- A file comes with its sharing, by the same hand in the same moment: nothing is added to what has been compared.
CREATE FUNCTION app.file_comes_along() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.case_id = ANY (auth.opened(12)) AND NOT EXISTS (SELECT 1 FROM app.sharing s WHERE s.case_id = NEW.case_id AND s.id = NEW.sharing_id AND s.direction = 'out' AND s.written_by = auth.uid() AND s.written_at = now()) THEN
    RAISE check_violation USING MESSAGE = 'the file comes along', CONSTRAINT = 'file_comes_along';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER file_comes_along BEFORE INSERT ON app.sharing_file FOR EACH ROW EXECUTE FUNCTION app.file_comes_along();

-- read_sharing_file() gives the file, with a line in the trail. What holds a protected fact, and what nobody has read, goes to those
-- who may read the facts.
CREATE FUNCTION app.read_sharing_file(p_case uuid, p_id uuid) RETURNS TABLE (kind text, content_enc bytea, file_enc bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 2);
  IF NOT p_case = ANY (auth.opened(6)) AND EXISTS (SELECT 1 FROM app.sharing s WHERE s.case_id = p_case AND s.id = p_id AND (s.hits > 0 OR EXISTS (SELECT 1 FROM app.sharing_hit h WHERE h.case_id = p_case AND h.sharing_id = p_id))) THEN RETURN; END IF;
  IF NOT EXISTS (SELECT 1 FROM app.sharing_file f WHERE f.case_id = p_case AND f.sharing_id = p_id) THEN RETURN; END IF;
  PERFORM audit._append('case:' || p_case, 'sharing.file', p_case, p_id::text, NULL);
  RETURN QUERY SELECT f.kind, f.content_enc, s.file_enc FROM app.sharing_file f JOIN app.sharing s ON s.case_id = f.case_id AND s.id = f.sharing_id WHERE f.case_id = p_case AND f.sharing_id = p_id;
END $$;

-- sharing_words() gives the words of what waits, to compare them again; sent_words() those of what has left, to whoever protects a fact.
CREATE FUNCTION app.sharing_words(p_case uuid, p_id uuid) RETURNS TABLE (words_enc bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (p_case = ANY (auth.opened(12)) OR p_case = ANY (auth.opened(22))) THEN RETURN; END IF;
  RETURN QUERY SELECT f.words_enc FROM app.sharing_file f JOIN app.sharing s ON s.case_id = f.case_id AND s.id = f.sharing_id WHERE f.case_id = p_case AND f.sharing_id = p_id AND s.status = 'held';
END $$;
CREATE FUNCTION app.sent_words(p_case uuid) RETURNS TABLE (id uuid, words_enc bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM app._demand(p_case, 12);
  RETURN QUERY SELECT f.sharing_id, f.words_enc FROM app.sharing_file f JOIN app.sharing s ON s.case_id = f.case_id AND s.id = f.sharing_id WHERE f.case_id = p_case AND s.status = 'shared' ORDER BY f.sharing_id;
END $$;
GRANT EXECUTE ON FUNCTION app.read_sharing_file(uuid, uuid), app.sharing_words(uuid, uuid), app.sent_words(uuid) TO samspil_app;
SELECT meta.settle();
