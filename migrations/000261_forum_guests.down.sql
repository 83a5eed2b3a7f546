DROP FUNCTION app.guest_seat_report(uuid, text, text), app.guest_seat_answer(uuid, text, text), app._seat_event(uuid, uuid, text, jsonb), app.guest_seat_promise(), app.guest_seat_actions(), app.guest_seat_items(), app.guest_seat(),
  app.seat_links(uuid), app.seat_code(uuid), app.invite_seat(uuid);
CREATE OR REPLACE FUNCTION app._guest_about(p_about text, p_case uuid, p_about_id uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_about WHEN 'verify' THEN true
    WHEN 'involvement' THEN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.id = p_about_id AND i.contact_id = p_contact AND i.status <> 'ended')
      AND NOT EXISTS (SELECT 1 FROM app.guest_link l JOIN app.guest_request q ON q.case_id = l.case_id AND q.link_id = l.id JOIN app.sharing_hit h ON h.case_id = q.case_id AND h.sharing_id = q.sharing_id
        WHERE l.case_id = p_case AND l.about_id = p_about_id AND l.revoked_at IS NULL AND h.later)
    ELSE false END;
END $$;
REVOKE INSERT ON app.forum_answer, app.forum_report FROM samspil_guard;
DELETE FROM app.forum_answer WHERE written_by IS NULL;
DELETE FROM app.forum_report WHERE written_by IS NULL;
ALTER TABLE app.forum_answer ALTER written_by SET NOT NULL;
ALTER TABLE app.forum_report ALTER written_by SET NOT NULL;
SELECT meta.settle();
