DROP TABLE app.deadline_change, app.deadline;
