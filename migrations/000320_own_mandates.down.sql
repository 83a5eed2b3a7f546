DROP FUNCTION app.guest_acknowledge(uuid), app.guest_mandates();
REVOKE INSERT ON app.mandate_ack FROM samspil_guard;
DELETE FROM app.mandate_ack WHERE written_by IS NULL;
ALTER TABLE app.mandate_ack ALTER written_by SET NOT NULL;
SELECT meta.settle();
