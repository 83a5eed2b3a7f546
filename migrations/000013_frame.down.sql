DROP FUNCTION app.frame;
DROP POLICY guard_all ON app.correction;
REVOKE SELECT ON app.correction FROM samspil_guard;
