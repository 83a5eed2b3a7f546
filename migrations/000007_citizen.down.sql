DROP FUNCTION app.find_cases, app.reveal_cpr, app.reveal_fact;
DROP TABLE app.protected_fact, app.safe_contact, app.case_profile, app.person;
DROP FUNCTION app.person_check;
