DROP POLICY mine ON app.reminder;
SELECT meta.settle();
