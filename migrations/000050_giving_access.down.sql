DROP POLICY own_name ON app.suggestion_dismissal;
DROP POLICY own_name ON app.plan;
CREATE OR REPLACE FUNCTION auth.credential(p_email text, p_net text, p_device bytea) RETURNS TABLE (user_id uuid, password_hash text, wait int)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.password_hash, greatest(auth._wait(auth._account_bucket(p_email, p_device), 5), auth._wait('net:' || p_net, 60))
    FROM (SELECT 1) one LEFT JOIN auth.user_account u ON u.email = p_email AND u.active;
END $$;
CREATE OR REPLACE FUNCTION app.grant_access(p_case uuid, p_user uuid, p_kind text, p_to timestamptz, p_reason text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE until timestamptz := p_to;
BEGIN
  IF p_kind = 'responsible' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF; -- hand_over() does that
  IF p_kind = 'consulted' AND p_case = ANY (auth.opened(8)) THEN -- a co-worker may ask for advice, for at most 14 days
    IF NOT p_case = ANY (auth.opened(32)) THEN until := least(coalesce(p_to, now() + interval '14 days'), now() + interval '14 days'); END IF;
  ELSE PERFORM app._demand(p_case, 32); END IF;
  IF p_kind = 'consulted' THEN until := least(coalesce(until, now() + interval '14 days'), now() + interval '60 days'); END IF;
  IF NOT app._may_receive(p_user, p_case) THEN RETURN false; END IF;
  UPDATE app.case_grant SET revoked_at = now() WHERE case_id = p_case AND user_id = p_user AND kind <> 'responsible' AND revoked_at IS NULL;
  IF EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = p_case AND g.user_id = p_user AND g.kind = 'responsible' AND g.revoked_at IS NULL) THEN RETURN true; END IF;
  INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason) VALUES (p_case, p_user, p_kind, until, auth.uid(), p_reason);
  PERFORM audit._append('case:' || p_case, 'access.grant', p_case, p_user::text, jsonb_build_object('kind', p_kind, 'to', until, 'reason', p_reason));
  PERFORM app._notify(p_user, p_case, 'access.granted');
  RETURN true;
END $$;
SELECT meta.settle();
