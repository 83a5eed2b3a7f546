-- Every look and every change leaves a line in a chain of its case or its user (R11; security.md 4.1).
CREATE TABLE audit.head (stream text PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL);
CREATE TABLE audit.event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream text NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL,
  actor uuid, action text NOT NULL, case_id uuid, object text,
  detail_hash bytea NOT NULL, prev_hash bytea NOT NULL, hash bytea NOT NULL,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(), -- the top-level transaction, also when written inside a savepoint
  UNIQUE (stream, seq)
);
CREATE INDEX ON audit.event (actor, at DESC);
CREATE INDEX ON audit.event (case_id, at DESC);
CREATE INDEX ON audit.event (at DESC);
-- The reason or the query text. It can be erased when its time is up: the chain holds only its salted hash.
CREATE TABLE audit.detail (event_id bigint PRIMARY KEY, salt bytea NOT NULL, detail jsonb NOT NULL);

SELECT meta.guard('audit.head', 'SELECT, INSERT, UPDATE (seq, hash)');
SELECT meta.guard('audit.event', 'SELECT, INSERT');
SELECT meta.guard('audit.detail', 'SELECT, INSERT');
GRANT USAGE ON ALL SEQUENCES IN SCHEMA audit TO samspil_guard;

CREATE FUNCTION audit._lp(v text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN CASE WHEN v IS NULL THEN int4send(-1) ELSE int4send(octet_length(v)) || convert_to(v, 'UTF8') END; END $$;
CREATE FUNCTION audit._hash(stream text, seq bigint, at timestamptz, actor uuid, action text, case_id uuid, object text, detail_hash bytea, prev bytea)
RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN sha256('\x01'::bytea || audit._lp(stream) || int8send(seq) || int8send((extract(epoch FROM at) * 1000000)::bigint) || audit._lp(actor::text)
    || audit._lp(action) || audit._lp(case_id::text) || audit._lp(object) || detail_hash || prev); END $$;
CREATE FUNCTION audit._append(p_stream text, p_action text, p_case uuid, p_object text, p_detail jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE h record; d bytea := sha256('\x'::bytea); s bytea; n bigint; t timestamptz; nh bytea; eid bigint; who uuid := auth.uid();
BEGIN
  SELECT seq, hash INTO h FROM audit.head WHERE stream = p_stream FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO audit.head VALUES (p_stream, 0, sha256(convert_to(p_stream, 'UTF8'))) ON CONFLICT DO NOTHING;
    SELECT seq, hash INTO h FROM audit.head WHERE stream = p_stream FOR UPDATE;
  END IF;
  n := h.seq + 1; t := clock_timestamp();
  IF p_detail IS NOT NULL THEN s := public.gen_random_bytes(16); d := sha256(s || convert_to(p_detail::text, 'UTF8')); END IF;
  nh := audit._hash(p_stream, n, t, who, p_action, p_case, p_object, d, h.hash);
  INSERT INTO audit.event (stream, seq, at, actor, action, case_id, object, detail_hash, prev_hash, hash)
    VALUES (p_stream, n, t, who, p_action, p_case, p_object, d, h.hash, nh) RETURNING id INTO eid;
  IF p_detail IS NOT NULL THEN INSERT INTO audit.detail VALUES (eid, s, p_detail); END IF;
  UPDATE audit.head SET seq = n, hash = nh WHERE stream = p_stream;
  RETURN eid;
END $$;

-- record() is the app's way to leave a line about a change: in the stream of an opened case, else in the actor's own.
CREATE FUNCTION audit.record(p_action text, p_case uuid, p_object text, p_detail jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF auth.uid() IS NULL OR p_action IN ('case.open','case.denied') THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF p_case IS NULL THEN PERFORM audit._append('user:' || auth.uid(), p_action, NULL, p_object, p_detail); RETURN; END IF;
  IF NOT p_case = ANY (auth.opened(2)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM audit._append('case:' || p_case, p_action, p_case, p_object, p_detail);
END $$;

-- Rows are never changed, not even by their owner (who can drop the trigger: that is what verification is for).
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN RAISE EXCEPTION 'audit rows are append-only'; END $$;
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.event FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

-- verify() computes every hash again and names what does not fit; empty means whole.
CREATE FUNCTION audit.verify() RETURNS TABLE (stream text, seq bigint, problem text) LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH w AS (SELECT e.*, lag(e.hash) OVER o AS ph, lag(e.seq) OVER o AS ps FROM audit.event e WINDOW o AS (PARTITION BY e.stream ORDER BY e.seq))
  SELECT w.stream, w.seq, 'hash differs from content' FROM w WHERE w.hash <> audit._hash(w.stream, w.seq, w.at, w.actor, w.action, w.case_id, w.object, w.detail_hash, w.prev_hash)
  UNION ALL SELECT w.stream, w.seq, 'previous hash does not link' FROM w WHERE w.prev_hash <> coalesce(w.ph, sha256(convert_to(w.stream, 'UTF8')))
  UNION ALL SELECT w.stream, w.seq, 'gap before this number' FROM w WHERE w.seq <> coalesce(w.ps, 0) + 1
  UNION ALL SELECT h.stream, h.seq, 'head does not match last row' FROM audit.head h LEFT JOIN audit.event e ON e.stream = h.stream AND e.seq = h.seq WHERE h.seq > 0 AND e.hash IS DISTINCT FROM h.hash
  UNION ALL SELECT m.stream, m.mx, 'rows beyond head' FROM (SELECT e.stream, max(e.seq) mx FROM audit.event e GROUP BY 1) m LEFT JOIN audit.head h ON h.stream = m.stream WHERE h.seq IS NULL OR m.mx > h.seq
  UNION ALL SELECT e.stream, e.seq, 'detail does not match its hash' FROM audit.detail d JOIN audit.event e ON e.id = d.event_id WHERE e.detail_hash <> sha256(d.salt || convert_to(d.detail::text, 'UTF8')) $$;

GRANT EXECUTE ON FUNCTION audit.record(text,uuid,text,jsonb) TO samspil_app;
GRANT EXECUTE ON FUNCTION audit.verify(), audit._hash(text,bigint,timestamptz,uuid,text,uuid,text,bytea,bytea), audit._lp(text) TO samspil_audit, samspil_job;
GRANT SELECT ON audit.event, audit.detail, audit.head TO samspil_audit, samspil_job;
GRANT SELECT ON audit.event TO samspil_app; -- rows by policy, in the migration that knows cases
CREATE POLICY out_sel ON audit.event FOR SELECT TO samspil_audit, samspil_job USING (true);
CREATE POLICY out_sel ON audit.detail FOR SELECT TO samspil_audit, samspil_job USING (true);
CREATE POLICY out_sel ON audit.head FOR SELECT TO samspil_audit, samspil_job USING (true);
SELECT meta.settle();
