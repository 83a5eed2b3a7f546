DROP TABLE app.case_event;
DROP FUNCTION app.case_moved;
