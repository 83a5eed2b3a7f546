DROP FUNCTION app.guest_leave_file(uuid, bytea, bytea, text, int, uuid);
DROP FUNCTION app.guest_report(uuid, text, text, uuid);
DROP FUNCTION app.guest_reply(text, text, uuid);
DROP FUNCTION app._guest_tells(uuid, text);
DROP FUNCTION app._guest_says(app.guest_link, uuid);
DROP FUNCTION app.guest_said();
DROP FUNCTION app.guest_steps();
DROP FUNCTION app.guest_part();
DROP FUNCTION app.read_guest_file(uuid, uuid);
DROP FUNCTION app.guest_files(uuid, uuid);
DROP FUNCTION app.guest_links(uuid, uuid);
DROP FUNCTION app.guest_send(uuid, uuid, uuid, uuid[], int);
CREATE OR REPLACE FUNCTION app._guest_about(p_about text, p_case uuid, p_about_id uuid, p_contact uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_about WHEN 'verify' THEN true
    WHEN 'involvement' THEN EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.id = p_about_id AND i.contact_id = p_contact AND i.status <> 'ended')
    ELSE false END;
END $$;
DROP TRIGGER possible_again ON app.plan_step;
DROP FUNCTION app.step_possible_again();
REVOKE UPDATE (responsible_contact, impossible_at) ON app.plan_step FROM samspil_guard;
REVOKE UPDATE (status, answered_at, answer, version, changed_at) ON app.involvement FROM samspil_guard;
ALTER TABLE app.plan_step DROP COLUMN impossible_at;
DROP TABLE app.guest_file;
DROP TABLE app.guest_answer;
DROP TABLE app.guest_step;
DROP TABLE app.guest_request;
SELECT meta.settle();
