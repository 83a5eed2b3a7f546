-- names_somebody() also asks for the first or the last name of a citizen alone, where p_alone says so: what a forum is called is read by every
-- colleague, and needs no name at all.
DROP FUNCTION app.names_somebody(text[]);
CREATE FUNCTION app.names_somebody(p_words text[], p_alone boolean) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE words text[] := p_words || ARRAY(SELECT regexp_replace(w, 's$', '') FROM unnest(p_words) w);
BEGIN
  RETURN EXISTS (SELECT 1 FROM (SELECT p.case_id, p.is_citizen, regexp_split_to_array(btrim(lower(p.name)), '\s+') AS n FROM app.person p) x
    WHERE (cardinality(x.n) > 1 AND x.n[1] = ANY (words) AND x.n[cardinality(x.n)] = ANY (words) OR p_alone AND x.is_citizen AND (x.n[1] = ANY (words) OR x.n[cardinality(x.n)] = ANY (words)))
      AND auth.perms(x.case_id) & 2 = 2);
END $$;
GRANT EXECUTE ON FUNCTION app.names_somebody(text[], boolean) TO samspil_app;
SELECT meta.settle();
