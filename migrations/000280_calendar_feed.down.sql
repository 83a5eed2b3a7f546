DROP FUNCTION auth.calendar_feed(bytea, text), app.make_calendar_feed(bytea, bigint), app.revoke_calendar_feed();
DROP TABLE app.calendar_feed;
ALTER TABLE audit.event DROP CONSTRAINT of_the_calendar;
SELECT meta.settle();
