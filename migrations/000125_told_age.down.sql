DROP FUNCTION app.told_ages(uuid[]);
ALTER TABLE app.report_person DROP age, DROP age_on;
