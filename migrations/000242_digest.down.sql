DROP FUNCTION app.job_digests(timestamptz), app._quiet(timestamptz,int,int,boolean,int), app._urgent(text);
DROP TRIGGER red_is_told ON app.case_file;
DROP FUNCTION app.red_is_told(), app.set_mail_wish(text,int,boolean,boolean,int,int,boolean);
ALTER TABLE app.notice DROP COLUMN mailed_at;
DROP TABLE app.mail_digest, app.mail_wish;
SELECT meta.settle();
