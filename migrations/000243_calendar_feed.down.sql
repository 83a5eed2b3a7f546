DROP FUNCTION auth.calendar_feed(bytea, text), app.make_calendar_feed(bytea), app.revoke_calendar_feed();
DROP TABLE app.calendar_feed;
SELECT meta.settle();
