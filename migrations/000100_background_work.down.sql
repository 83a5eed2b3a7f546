DROP FUNCTION app._enqueue(text, jsonb, timestamptz);
DROP SCHEMA river CASCADE;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) FROM samspil_job;
CREATE OR REPLACE FUNCTION meta.own_database() RETURNS void LANGUAGE plpgsql AS $$
DECLARE d text := current_database(); s text;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', d); -- also TEMP: no temporary tables for the app
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO samspil_app, samspil_login, samspil_job, samspil_audit', d);
  FOREACH s IN ARRAY ARRAY['search_path = pg_catalog, app', 'statement_timeout = ''10s''', 'lock_timeout = ''3s''', 'idle_in_transaction_session_timeout = ''15s''',
                           'jit = off', 'max_parallel_workers_per_gather = 0', 'plan_cache_mode = force_generic_plan'] LOOP
    EXECUTE format('ALTER ROLE samspil_app IN DATABASE %I SET ', d) || s;
  END LOOP;
  EXECUTE format('ALTER ROLE samspil_login IN DATABASE %I SET search_path = pg_catalog', d);
  EXECUTE format('ALTER ROLE samspil_login IN DATABASE %I SET statement_timeout = ''5s''', d);
END $$;
SELECT meta.own_database();
DO $$ BEGIN EXECUTE format('ALTER ROLE samspil_job IN DATABASE %I RESET ALL', current_database()); END $$;
SELECT meta.settle();
