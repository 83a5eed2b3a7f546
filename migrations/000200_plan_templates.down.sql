DROP TRIGGER gate_of_template ON app.plan_step;
DROP FUNCTION app.gate_of_template(), app.publish_template(text, int, text), app._template_steps(jsonb);
REVOKE UPDATE (deadline_code, mandatory) ON app.plan_step FROM samspil_app;
DROP TABLE app.plan_template_choice, app.plan_template_retired, app.plan_template_draft, app.plan_template_version;
DROP FUNCTION app.keep_template_version();
SELECT meta.settle();
