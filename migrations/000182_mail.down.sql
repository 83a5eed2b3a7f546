DROP FUNCTION app.job_mail_sent(uuid);
DROP FUNCTION app.job_mail(uuid);
DROP FUNCTION app._mail(text, uuid, uuid, uuid, timestamptz);
DROP TABLE app.mail;
SELECT meta.settle();
