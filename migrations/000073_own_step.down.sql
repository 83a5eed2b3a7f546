DROP FUNCTION app.tick_own_step;
REVOKE UPDATE (status, done_at, done_by, version, changed_at) ON app.plan_step FROM samspil_guard;
