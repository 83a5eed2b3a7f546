-- R6: why a plan is to be gone through, and what counts as having done so. The risk rose, a report came, or both: the page says which.
ALTER TABLE app.case_file ADD plan_revisit_why text NOT NULL DEFAULT '' CHECK (plan_revisit_why IN ('','risk','report','both'));
GRANT UPDATE (plan_revisit_why) ON app.case_file TO samspil_guard;
UPDATE app.case_file f SET plan_revisit_why = CASE
    WHEN NOT EXISTS (SELECT FROM app.prompt p WHERE p.case_id = f.id AND p.rule = 'new_report' AND p.raised_at >= f.plan_revisit_at) THEN 'risk'
    WHEN EXISTS (SELECT FROM app.prompt p WHERE p.case_id = f.id AND p.rule = 'new_report' AND p.raised_at = f.plan_revisit_at) THEN 'report'
    ELSE 'both' END WHERE f.plan_revisit_at IS NOT NULL;

CREATE OR REPLACE FUNCTION app.plan_reopened() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE news text := CASE TG_TABLE_NAME WHEN 'prompt' THEN 'report' ELSE 'risk' END;
BEGIN
  UPDATE app.case_file f SET plan_revisit_at = coalesce(f.plan_revisit_at, now()),
         plan_revisit_why = CASE WHEN f.plan_revisit_at IS NULL OR f.plan_revisit_why IN ('', news) THEN news ELSE 'both' END
   WHERE f.id = CASE TG_TABLE_NAME WHEN 'prompt' THEN (to_jsonb(NEW) ->> 'case_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END AND f.has_plan AND f.status = 'open';
  RETURN NULL;
END $$;

-- Only who edits on the plan's own page has the plan before them. A step that comes from a meeting with partners, a note, a prompt, a partner's no
-- or the calendar of the program says nothing about the rest of the plan: then it is still to be gone through.
CREATE OR REPLACE FUNCTION app.plan_edited() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('app.plan_page', true), '') = NEW.case_id::text THEN
    UPDATE app.case_file SET plan_revisit_at = NULL WHERE id = NEW.case_id AND plan_revisit_at IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

-- The citizen's goals or the follow-up saved as they were are no look either.
CREATE OR REPLACE FUNCTION app.plan_looked_through() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE app.case_file SET plan_follow_up = NEW.next_follow_up,
         plan_revisit_at = CASE WHEN (OLD.citizen_goals, OLD.next_follow_up, OLD.looked_at) IS NOT DISTINCT FROM (NEW.citizen_goals, NEW.next_follow_up, NEW.looked_at) THEN plan_revisit_at END
   WHERE id = NEW.case_id;
  RETURN NULL;
END $$;
SELECT meta.settle();
