DROP TRIGGER consent_holds ON app.sharing;
DROP FUNCTION app.withdraw_consent(uuid, uuid, date, text), app.consent_holds();
ALTER TABLE app.sharing DROP consent_id;
DROP TABLE app.consent;
DROP FUNCTION app.consent_at_gate();
SELECT meta.settle();
