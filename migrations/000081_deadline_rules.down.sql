DROP TABLE app.office_setting_change, app.deadline_rule_change, app.office_setting, app.deadline_rule;
DROP FUNCTION app.keep_office_setting, app.keep_deadline_rule, app.law_before_rule;
DROP POLICY guard_all ON app.reference_item;
REVOKE SELECT ON app.reference_item FROM samspil_guard;
