-- Background work by River (docs/adr/0007-background-work.md). These are River's own tables, at its migration 8, in a
-- schema of their own: a test compares them with what River itself would make. What they hold are ids, never a person.
CREATE SCHEMA river AUTHORIZATION samspil_owner;

CREATE TYPE river.river_job_state AS ENUM ('available','cancelled','completed','discarded','pending','retryable','running','scheduled');
CREATE FUNCTION river.river_job_state_in_bitmask(bitmask bit(8), state river.river_job_state) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;
CREATE TABLE river.river_job (
  id bigserial PRIMARY KEY,
  state river.river_job_state NOT NULL DEFAULT 'available',
  attempt smallint NOT NULL DEFAULT 0,
  max_attempts smallint NOT NULL DEFAULT 25,
  attempted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  finalized_at timestamptz,
  scheduled_at timestamptz NOT NULL DEFAULT now(),
  priority smallint NOT NULL DEFAULT 1,
  args jsonb NOT NULL,
  attempted_by text[],
  errors jsonb[],
  kind text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  queue text NOT NULL DEFAULT 'default',
  tags varchar(255)[] NOT NULL DEFAULT '{}',
  unique_key bytea,
  unique_states bit(8),
  CONSTRAINT finalized_or_finalized_at_null CHECK ((finalized_at IS NULL AND state NOT IN ('cancelled','completed','discarded')) OR (finalized_at IS NOT NULL AND state IN ('cancelled','completed','discarded'))),
  CONSTRAINT max_attempts_is_positive CHECK (max_attempts > 0),
  CONSTRAINT priority_in_range CHECK (priority >= 1 AND priority <= 4),
  CONSTRAINT queue_length CHECK (char_length(queue) > 0 AND char_length(queue) < 128),
  CONSTRAINT kind_length CHECK (char_length(kind) > 0 AND char_length(kind) < 128)
);
CREATE INDEX river_job_kind ON river.river_job (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON river.river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON river.river_job (state, queue, priority, scheduled_at, id);
CREATE INDEX river_job_args_index ON river.river_job USING gin (args);
CREATE INDEX river_job_metadata_index ON river.river_job USING gin (metadata);
CREATE UNIQUE INDEX river_job_unique_idx ON river.river_job (unique_key)
  WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL AND river.river_job_state_in_bitmask(unique_states, state);
CREATE UNLOGGED TABLE river.river_leader (
  elected_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  leader_id text NOT NULL,
  name text PRIMARY KEY DEFAULT 'default',
  CONSTRAINT name_length CHECK (name = 'default'),
  CONSTRAINT leader_id_length CHECK (char_length(leader_id) > 0 AND char_length(leader_id) < 128)
);
CREATE TABLE river.river_queue (
  name text PRIMARY KEY NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  metadata jsonb NOT NULL DEFAULT '{}',
  paused_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE river.river_notification (
  id bigserial PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  payload text NOT NULL,
  topic text NOT NULL,
  CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE INDEX river_notification_created_at_idx ON river.river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON river.river_notification (topic, id);
CREATE TABLE river.river_migration (
  line text NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT line_length CHECK (char_length(line) > 0 AND char_length(line) < 128),
  CONSTRAINT version_gte_1 CHECK (version >= 1),
  PRIMARY KEY (line, version)
);
INSERT INTO river.river_migration (line, version) SELECT 'main', v FROM generate_series(1, 8) v;

DO $$
DECLARE t regclass;
BEGIN
  FOR t IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'river'::regnamespace AND c.relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO samspil_owner', t);
  END LOOP;
  ALTER TYPE river.river_job_state OWNER TO samspil_owner;
  ALTER FUNCTION river.river_job_state_in_bitmask(bit, river.river_job_state) OWNER TO samspil_owner;
END $$;

-- Who works the jobs, and who writes them down: the database itself, in the transaction of the change. The logins that
-- serve pages do not enter this schema: they can neither read a job nor disturb one.
GRANT USAGE ON SCHEMA river TO samspil_job, samspil_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON river.river_job, river.river_leader, river.river_queue, river.river_notification TO samspil_job;
GRANT SELECT ON river.river_migration TO samspil_job;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA river TO samspil_job, samspil_guard;
GRANT EXECUTE ON FUNCTION river.river_job_state_in_bitmask(bit, river.river_job_state) TO samspil_job, samspil_guard;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) TO samspil_job; -- to say that it leads no longer, or that there is work
GRANT INSERT (args, kind, max_attempts, state, scheduled_at, unique_key, unique_states) ON river.river_job TO samspil_guard;

-- _enqueue() writes a job down, to be done at p_at or, if that has been, now. The same job is written once: also after
-- it has been done (as River's own default for unique jobs). p_args holds ids.
CREATE FUNCTION app._enqueue(p_kind text, p_args jsonb, p_at timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO river.river_job (args, kind, max_attempts, state, scheduled_at, unique_key, unique_states)
  VALUES (p_args, p_kind, 25, CASE WHEN p_at > now() THEN 'scheduled' ELSE 'available' END::river.river_job_state, p_at,
          sha256(convert_to(p_kind || p_args::text, 'UTF8')), B'11110101')
  ON CONFLICT DO NOTHING;
END $$;

-- The login of the jobs is held short like the others: one that waits fails, and is tried again.
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
  FOREACH s IN ARRAY ARRAY['search_path = pg_catalog', 'statement_timeout = ''60s''', 'idle_in_transaction_session_timeout = ''60s''', 'jit = off'] LOOP
    EXECUTE format('ALTER ROLE samspil_job IN DATABASE %I SET ', d) || s;
  END LOOP;
END $$;
SELECT meta.own_database();
SELECT meta.settle();
