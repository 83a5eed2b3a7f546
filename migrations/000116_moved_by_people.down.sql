CREATE OR REPLACE FUNCTION app.case_moved() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET active_at = greatest(active_at, NEW.at) WHERE id = NEW.case_id; RETURN NULL; END $$;
