-- A case moves when somebody does something in it. What the system says by itself (a birthday, a missed answer) does not make
-- a case that everybody has forgotten look looked after.
CREATE OR REPLACE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET active_at = greatest(active_at, NEW.at) WHERE id = NEW.case_id AND NEW.actor IS NOT NULL; RETURN NULL; END $$;
SELECT meta.settle();
