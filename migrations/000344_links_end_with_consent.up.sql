-- A link goes on telling what was told. When the consent that it rests on is withdrawn or has run out, it opens no more, and is not sent anew.
CREATE FUNCTION app._consent_over(p_case uuid, p_sharing uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM app.sharing s JOIN app.consent n ON n.case_id = s.case_id AND n.id = s.consent_id
    WHERE s.case_id = p_case AND s.id = p_sharing AND (n.withdrawn_on IS NOT NULL OR n.expires_on < app._day(now())));
END $$;
CREATE OR REPLACE FUNCTION app._guest_about(p_about text, p_case uuid, p_about_id uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_about WHEN 'verify' THEN true
    WHEN 'involvement' THEN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.id = p_about_id AND i.contact_id = p_contact AND i.status <> 'ended')
      AND NOT EXISTS (SELECT 1 FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id JOIN app.sharing_hit h ON h.case_id = q.case_id AND h.sharing_id = q.sharing_id
        WHERE l.case_id = p_case AND l.about_id = p_about_id AND l.revoked_at IS NULL AND h.later)
      AND NOT EXISTS (SELECT 1 FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id WHERE l.case_id = p_case AND l.about_id = p_about_id AND l.revoked_at IS NULL AND app._consent_over(q.case_id, q.sharing_id))
    WHEN 'seat' THEN EXISTS (SELECT 1 FROM app.forum_seat s JOIN app.forum_meeting m ON m.id = s.meeting_id WHERE s.id = p_about_id AND s.contact_id = p_contact AND m.state <> 'cancelled')
    ELSE false END;
END $$;
CREATE OR REPLACE FUNCTION app.guest_send(p_case uuid, p_part uuid, p_sharing uuid, p_steps uuid[], p_days int) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; l uuid;
BEGIN
  PERFORM app._demand(p_case, 8);
  SELECT x.contact_id, x.organisation_id INTO i FROM app.involvement x WHERE x.case_id = p_case AND x.id = p_part AND x.status IN ('requested','accepted') AND x.contact_id IS NOT NULL;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM 1 FROM app.sharing s WHERE s.case_id = p_case AND s.id = p_sharing AND s.direction = 'out' AND s.status = 'shared' AND s.contact_id = i.contact_id
     AND NOT EXISTS (SELECT 1 FROM app.sharing_hit h WHERE h.case_id = p_case AND h.sharing_id = p_sharing AND h.later) AND NOT app._consent_over(p_case, p_sharing);
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF EXISTS (SELECT 1 FROM unnest(p_steps) x WHERE NOT EXISTS (SELECT 1 FROM app.plan_step s WHERE s.case_id = p_case AND s.id = x AND s.responsible_contact = i.contact_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  l := app._guest_link(p_case, i.contact_id, 'involvement', p_part, p_days);
  INSERT INTO app.guest_request VALUES (p_case, l, p_sharing);
  INSERT INTO app.guest_step SELECT p_case, l, x, n FROM unnest(p_steps) WITH ORDINALITY u(x, n);
  PERFORM app._event(p_case, auth.uid(), 'guest.sent', l, (SELECT jsonb_build_object('organisation', o.name, 'contact', CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END)
    FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.id = i.contact_id));
  RETURN l;
END $$;
SELECT meta.settle();
