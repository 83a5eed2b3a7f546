-- Sign-in leads straight to where the role opens its day.
CREATE FUNCTION auth.role_of(p_user uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT u.role FROM auth.user_account u WHERE u.id = p_user AND u.active); END $$;
GRANT EXECUTE ON FUNCTION auth.role_of(uuid) TO samspil_login;
SELECT meta.settle();
