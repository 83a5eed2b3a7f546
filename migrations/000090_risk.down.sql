DROP POLICY own_part ON app.case_event;
CREATE POLICY own_part ON app.case_event AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(32))::uuid[]) OR kind IN ('note.written','note.corrected') AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
DROP TRIGGER step_at_gate ON app.plan_step;
DROP TRIGGER note_at_gate ON app.note;
DROP TRIGGER spoken_at_gate ON app.note_spoken;
DROP TABLE app.gate_opening, app.risk_confirmation, app.risk_person, app.risk_answer, app.risk_assessment;
DROP FUNCTION app.with_its_signature, app.risk_on_header, app.confirmed_by_another, app.shut_gate, app.open_gate, app.spoken_at_gate, app.note_at_gate, app.step_at_gate,
  app._refuse_at_gate, app._stands_at_gate, app.gate_was_shut, app._written, app.gate, app._gate_shut;
ALTER TABLE app.case_file DROP COLUMN risk_until, DROP COLUMN risk_unconfirmed, DROP COLUMN gate_until;
ALTER TABLE app.note_spoken DROP COLUMN came_to_us;
REVOKE UPDATE (requires_gate) ON app.plan_step FROM samspil_app;
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['app.severity_choice','app.note_spoken'] LOOP
    EXECUTE format('DROP POLICY guard_all ON %s', t);
    EXECUTE format('REVOKE ALL ON %s FROM samspil_guard', t);
  END LOOP;
END $$;
REVOKE SELECT ON app.note FROM samspil_guard;
GRANT SELECT (case_id, author) ON app.note TO samspil_guard;
