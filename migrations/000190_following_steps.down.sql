DROP FUNCTION app.preview_steps(uuid, timestamptz, date, date), app.reschedule_steps(uuid), app.release_waiting(uuid, uuid);
DROP TRIGGER plan_hand ON app.plan_step;
DROP TRIGGER plan_hand_again ON app.plan_step;
DROP TRIGGER plan_added_to ON app.plan_step;
DROP TRIGGER plan_edited ON app.plan_step;
CREATE TRIGGER plan_hand AFTER INSERT ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_hand_again AFTER UPDATE ON app.plan_step FOR EACH ROW
  WHEN ((OLD.phase_id, OLD.title, OLD.detail, OLD.partner_type, OLD.requires_gate, OLD.status = 'skipped') IS DISTINCT FROM
        (NEW.phase_id, NEW.title, NEW.detail, NEW.partner_type, NEW.requires_gate, NEW.status = 'skipped')) EXECUTE FUNCTION app.plan_hand();
CREATE TRIGGER plan_added_to AFTER INSERT ON app.plan_step FOR EACH ROW EXECUTE FUNCTION app.plan_edited();
CREATE TRIGGER plan_edited AFTER UPDATE OF title, detail, due_at, responsible_user, responsible_contact, partner_type, phase_id, status ON app.plan_step FOR EACH ROW
  WHEN ((OLD.title, OLD.detail, OLD.due_at, OLD.responsible_user, OLD.responsible_contact, OLD.partner_type, OLD.phase_id) IS DISTINCT FROM
        (NEW.title, NEW.detail, NEW.due_at, NEW.responsible_user, NEW.responsible_contact, NEW.partner_type, NEW.phase_id)
        OR NEW.status = 'skipped' AND OLD.status <> 'skipped') EXECUTE FUNCTION app.plan_edited();
-- _plan_content() is the plan of a case as it stands, in one piece; NULL where there is none.
CREATE OR REPLACE FUNCTION app._plan_content(p_case uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('goals', p.citizen_goals, 'situation', p.situation, 'support', p.support, 'support_other', p.support_other, 'follow_up', coalesce(p.next_follow_up::text, ''),
    'risk', (SELECT jsonb_build_object('level', a.level, 'signed_at', app._utc(a.signed_at), 'valid_until', app._utc(a.valid_until)) FROM app.risk_assessment a WHERE a.case_id = p_case ORDER BY a.signed_at DESC, a.id DESC LIMIT 1),
    'phases', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'title', h.title, 'aim', h.aim) ORDER BY h.position, h.id), '[]') FROM app.plan_phase h WHERE h.case_id = p_case),
    'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'phase', s.phase_id, 'title', s.title, 'detail', s.detail, 'partner_type', s.partner_type,
        'who', coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END || ', ' || o.name, ''), 'who_id', coalesce(s.responsible_user, s.responsible_contact),
        'due_at', app._utc(s.due_at), 'timed', s.due_has_time, 'status', s.status, 'reason', s.skip_reason, 'mandatory', s.mandatory, 'gate', s.requires_gate) ORDER BY h.position, s.position, s.id), '[]')
      FROM app.plan_step s JOIN app.plan_phase h ON h.case_id = s.case_id AND h.id = s.phase_id LEFT JOIN auth.user_account u ON u.id = s.responsible_user
        LEFT JOIN app.contact_person c ON c.id = s.responsible_contact LEFT JOIN app.organisation o ON o.id = c.organisation_id WHERE s.case_id = p_case))
    FROM app.plan p WHERE p.case_id = p_case);
END $$;
DROP TRIGGER step_finished ON app.plan_step;
DROP TRIGGER follows_event ON app.plan_step;
DROP TRIGGER plan_days_moved ON app.plan;
DROP TRIGGER plan_begins ON app.plan;
DROP TRIGGER steps_follow ON app.gate_opening;
DROP TRIGGER steps_follow ON app.risk_assessment;
DROP TRIGGER steps_follow ON app.report_case;
DROP TRIGGER steps_follow_again ON app.report_case;
DROP TRIGGER steps_follow ON app.report;
DROP FUNCTION app.step_finished(), app.report_corrected(), app.report_in_case(), app.risk_was_signed(), app.plan_days_moved(), app.plan_begins(), app._release(uuid, text, uuid, timestamptz), app._reschedule(uuid),
  app._schedule(uuid, timestamptz, date, date), app.follows_event(), app._moment(uuid, text, timestamptz, timestamptz, date, date), app._due(timestamptz, int, text);
ALTER TABLE app.plan_step DROP due_event, DROP due_offset, DROP due_unit, DROP moved_from, DROP moved_at, DROP waits_for, DROP waits_step, DROP released_at,
  DROP repeat_every, DROP repeat_unit, DROP repeat_until, DROP repeats_step, DROP late_ok;
ALTER TABLE app.plan DROP began_at, DROP departs_on;
REVOKE UPDATE (deadline_code) ON app.plan_step FROM samspil_app;
SELECT meta.settle();
