DROP TABLE app.suggestion_dismissal, app.plan_step, app.plan_phase, app.plan;
DROP FUNCTION app.plan_started;
ALTER TABLE app.case_file DROP has_plan;
