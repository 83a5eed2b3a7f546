-- Roles of the cluster, and the empty rooms of the database.
--   samspil_owner  NOLOGIN  owns every table (FORCE ROW LEVEL SECURITY: it is subject to the policies too)
--   samspil_guard  NOLOGIN  owns the SECURITY DEFINER functions; no BYPASSRLS; rows only by explicit "TO samspil_guard" policies
--   samspil_login  LOGIN    the small pool of the sign-in: may check credentials and open sessions, sees no case table
--   samspil_app    LOGIN    the pool of everything else: may not read credentials, may not open sessions
--   samspil_job    LOGIN    background work
--   samspil_audit  LOGIN    outside verifier of the audit trail
-- Roles belong to the cluster, so another database of it may have made them already.
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['samspil_owner','samspil_guard','samspil_login','samspil_app','samspil_job','samspil_audit'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION NOINHERIT %s',
          r, CASE WHEN r IN ('samspil_owner','samspil_guard') THEN 'NOLOGIN' ELSE 'LOGIN' END);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database was migrated at the same moment
      END;
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); -- also TEMP: no temporary tables for the app
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO samspil_app, samspil_login, samspil_job, samspil_audit', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;

CREATE SCHEMA auth  AUTHORIZATION samspil_owner; -- who you are
CREATE SCHEMA app   AUTHORIZATION samspil_owner; -- what the office works with
CREATE SCHEMA audit AUTHORIZATION samspil_owner; -- who looked
CREATE SCHEMA meta;                              -- help for these migrations; nobody but the migrator enters

GRANT USAGE ON SCHEMA public TO samspil_guard;   -- only the guard may call hmac() and similarity()
GRANT USAGE ON SCHEMA app, auth, audit TO samspil_guard;
GRANT USAGE ON SCHEMA app, auth, audit TO samspil_app;
GRANT USAGE ON SCHEMA auth TO samspil_login;
GRANT USAGE ON SCHEMA app, audit TO samspil_job;
GRANT USAGE ON SCHEMA audit TO samspil_audit;

-- settle() is the last statement of every migration: what holds for all tables and functions, said once.
CREATE FUNCTION meta.settle() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t regclass; f record;
BEGIN
  FOR t IN SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('app','auth','audit') AND c.relkind IN ('r','p')
             AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR c.relowner <> 'samspil_owner'::regrole) LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO samspil_owner', t);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
  END LOOP;
  FOR f IN SELECT p.oid::regprocedure AS sig, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname IN ('app','auth','audit') LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO samspil_guard', f.sig);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.sig);
  END LOOP;
END $$;

-- guard(t, rights) lets the guard's functions work on a table.
CREATE FUNCTION meta.guard(t regclass, rights text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT %s ON %s TO samspil_guard', rights, t);
  EXECUTE format('CREATE POLICY guard_all ON %s TO samspil_guard USING (true) WITH CHECK (true)', t);
END $$;

-- case_content(t) gives a table with a case_id the rule of all content: read, added to and changed
-- only in a case that has been opened, and so audited, for this transaction (security.md 3.1).
CREATE FUNCTION meta.case_content(t regclass, insert_right int DEFAULT 8, update_right int DEFAULT 8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE POLICY sel ON %s FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]))', t);
  EXECUTE format('CREATE POLICY ins ON %s FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(%s))::uuid[]))', t, insert_right);
  EXECUTE format('CREATE POLICY upd ON %s FOR UPDATE TO samspil_app USING (case_id = ANY ((SELECT auth.opened(%s))::uuid[])) WITH CHECK (case_id = ANY ((SELECT auth.opened(%s))::uuid[]))', t, update_right, update_right);
END $$;

-- Functions that an injected statement would like to have.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO samspil_guard', f);
  END LOOP;
  FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
     AND proname IN ('pg_sleep','pg_sleep_for','pg_sleep_until','pg_terminate_backend','pg_cancel_backend','lo_creat','lo_create','lo_open','lo_put','lo_get',
                     'lo_from_bytea','lowrite','loread','lo_unlink','query_to_xml','query_to_xmlschema','query_to_xml_and_xmlschema','cursor_to_xml',
                     'cursor_to_xmlschema','table_to_xml','schema_to_xml','database_to_xml','pg_notify') LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The app reads in small steps and never waits long: a slow page is a 503, not a queue.
DO $$ BEGIN
  EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET search_path = pg_catalog, app', current_database());
  EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET statement_timeout = ''10s''', current_database());
  EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET lock_timeout = ''3s''', current_database());
  EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET idle_in_transaction_session_timeout = ''15s''', current_database());
  EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET jit = off', current_database());
  EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET max_parallel_workers_per_gather = 0', current_database());
  EXECUTE format('ALTER ROLE samspil_login IN DATABASE %I SET search_path = pg_catalog', current_database());
  EXECUTE format('ALTER ROLE samspil_login IN DATABASE %I SET statement_timeout = ''5s''', current_database());
END $$;
