DROP TRIGGER override_is_told ON app.contact_override;
DROP FUNCTION app.override_is_told();
ALTER TABLE app.contact_override DROP CONSTRAINT a_reason_in_words;
ALTER TABLE app.safe_contact DROP CONSTRAINT policy_is_kept;
SELECT meta.settle();
