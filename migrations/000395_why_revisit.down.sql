CREATE OR REPLACE FUNCTION app.plan_reopened() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file f SET plan_revisit_at = coalesce(f.plan_revisit_at, now())
   WHERE f.id = CASE TG_TABLE_NAME WHEN 'prompt' THEN (to_jsonb(NEW) ->> 'case_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END AND f.has_plan AND f.status = 'open';
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION app.plan_edited() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET plan_revisit_at = NULL WHERE id = NEW.case_id AND plan_revisit_at IS NOT NULL; RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION app.plan_looked_through() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.case_file SET plan_follow_up = NEW.next_follow_up, plan_revisit_at = NULL WHERE id = NEW.case_id; RETURN NULL; END $$;
ALTER TABLE app.case_file DROP plan_revisit_why;
SELECT meta.settle();
