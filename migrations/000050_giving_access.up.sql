-- A co-worker may ask a colleague for advice, but not take anything from anybody by it: who has more access than that
-- already keeps it, and a longer time stays the longer one. Only who manages the access of a case replaces a grant.
CREATE OR REPLACE FUNCTION app.grant_access(p_case uuid, p_user uuid, p_kind text, p_to timestamptz, p_reason text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE until timestamptz := p_to; manages boolean := p_case = ANY (auth.opened(32));
BEGIN
  IF p_kind = 'responsible' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF; -- hand_over() does that
  IF NOT manages AND NOT (p_kind = 'consulted' AND p_case = ANY (auth.opened(8))) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF p_kind = 'consulted' THEN until := least(coalesce(p_to, now() + interval '14 days'), now() + CASE WHEN manages THEN interval '60 days' ELSE interval '14 days' END); END IF;
  IF NOT app._may_receive(p_user, p_case) THEN RETURN false; END IF;
  IF EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = p_case AND g.user_id = p_user AND g.revoked_at IS NULL
      AND (g.kind = 'responsible' OR NOT manages AND (g.valid_to IS NULL OR g.valid_to >= until))) THEN RETURN true; END IF;
  UPDATE app.case_grant SET revoked_at = now() WHERE case_id = p_case AND user_id = p_user AND kind <> 'responsible' AND revoked_at IS NULL;
  INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason) VALUES (p_case, p_user, p_kind, until, auth.uid(), p_reason);
  PERFORM audit._append('case:' || p_case, 'access.grant', p_case, p_user::text, jsonb_build_object('kind', p_kind, 'to', until, 'reason', p_reason));
  PERFORM app._notify(p_user, p_case, 'access.granted');
  RETURN true;
END $$;

-- A browser from which the person has signed in before is not kept waiting for what others in its network have
-- guessed: a whole town hall is one network.
CREATE OR REPLACE FUNCTION auth.credential(p_email text, p_net text, p_device bytea) RETURNS TABLE (user_id uuid, password_hash text, wait int)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE b text := auth._account_bucket(p_email, p_device);
BEGIN
  RETURN QUERY SELECT u.id, u.password_hash, CASE WHEN b LIKE 'device:%' THEN auth._wait(b, 5) ELSE greatest(auth._wait(b, 5), auth._wait('net:' || p_net, 60)) END
    FROM (SELECT 1) one LEFT JOIN auth.user_account u ON u.email = p_email AND u.active;
END $$;

-- What is written in somebody's name was written by them.
CREATE POLICY own_name ON app.plan AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (started_by = (SELECT auth.uid()));
CREATE POLICY own_name ON app.suggestion_dismissal AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (dismissed_by = (SELECT auth.uid()));
SELECT meta.settle();
