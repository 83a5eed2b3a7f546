ALTER TABLE app.consent DROP CONSTRAINT given_in_our_time;
ALTER TABLE app.sharing DROP CONSTRAINT happened_in_our_time, DROP CONSTRAINT nothing_protected_without_a_basis;
DROP TRIGGER consent_giver ON app.consent;
DROP FUNCTION app.consent_giver();
SELECT meta.settle();
