-- "Hun er vist 15": on the telephone somebody knows the age and not the birthday. It is kept as it was told, with the day
-- on which it was told, because it does not stay true. Where a birthday is known, that is what counts.
ALTER TABLE app.report_person
  ADD age smallint CHECK (age BETWEEN 0 AND 120),
  ADD age_on date,
  ADD CONSTRAINT age_is_dated CHECK ((age IS NULL) = (age_on IS NULL));
GRANT SELECT (age, age_on), INSERT (age, age_on), UPDATE (age, age_on) ON app.report_person TO samspil_app;

-- told_ages() is the age of the child of each report that a search has found, for those whose birthday nobody knows. It
-- tells of the reports that the asker may read, as the search does (app.find_candidates), and nothing of others (AC4).
CREATE FUNCTION app.told_ages(p_reports uuid[]) RETURNS TABLE (report_id uuid, age smallint, age_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE reports uuid[] := auth.my_reports();
BEGIN
  IF auth.uid() IS NULL OR auth.role() NOT IN ('caseworker','specialist','team_lead') THEN RETURN; END IF;
  RETURN QUERY SELECT p.report_id, p.age, p.age_on FROM app.report_person p
    WHERE p.report_id = ANY (p_reports) AND p.report_id = ANY (reports) AND p.is_child AND p.born IS NULL AND p.age IS NOT NULL;
END $$;
GRANT EXECUTE ON FUNCTION app.told_ages(uuid[]) TO samspil_app;
SELECT meta.settle();
