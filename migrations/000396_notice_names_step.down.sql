DROP TRIGGER notice_names_step ON app.notice;
DROP FUNCTION app.notice_names_step();
ALTER TABLE app.notice DROP step_id;
SELECT meta.settle();
