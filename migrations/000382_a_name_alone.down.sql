DROP FUNCTION app.names_somebody(text[], boolean);
CREATE FUNCTION app.names_somebody(p_words text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE words text[] := p_words || ARRAY(SELECT regexp_replace(w, 's$', '') FROM unnest(p_words) w);
BEGIN
  RETURN EXISTS (SELECT 1 FROM (SELECT p.case_id, regexp_split_to_array(btrim(lower(p.name)), '\s+') AS n FROM app.person p) x
    WHERE cardinality(x.n) > 1 AND x.n[1] = ANY (words) AND x.n[cardinality(x.n)] = ANY (words) AND auth.perms(x.case_id) & 2 = 2);
END $$;
GRANT EXECUTE ON FUNCTION app.names_somebody(text[]) TO samspil_app;
SELECT meta.settle();
