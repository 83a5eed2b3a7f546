ALTER TABLE app.safety_contact DROP any_hour;
