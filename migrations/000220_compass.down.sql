ALTER TABLE app.sharing DROP CONSTRAINT off_the_compass_says_why, DROP CONSTRAINT decided_by_a_version,
  DROP purpose_code, DROP age_group, DROP compass, DROP compass_fits, DROP off_compass;
SELECT meta.settle();
