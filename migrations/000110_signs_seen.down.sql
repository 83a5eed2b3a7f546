DROP TRIGGER signs_follow ON app.report_case;
DROP TABLE app.sign_seen;
DROP FUNCTION app.signs_follow();
DROP FUNCTION app.of_report();
