DROP FUNCTION app.team_fixed(uuid), app.team_load(uuid), app.lead_team(uuid,uuid,boolean), app.leave_team(uuid,uuid), app.join_team(uuid,uuid), app.change_team(uuid,int,text,text,boolean),
  app.add_team(uuid,text,text,boolean), app._team_used(uuid), app._name_taken(uuid,text,text), app._keeps_team(uuid), app._leaves_reports(uuid,uuid), app._set_intake(uuid,boolean),
  app._join(uuid,uuid,boolean), app._works_cases(uuid,uuid), app._team_said(uuid,text,uuid,jsonb);
DROP POLICY guard_teams ON app.deadline;
REVOKE SELECT ON app.deadline FROM samspil_guard;
ALTER TABLE audit.event DROP CONSTRAINT of_the_team;
REVOKE INSERT, UPDATE (is_lead, valid_to) ON app.team_member FROM samspil_guard;
REVOKE INSERT, UPDATE (name, area, intake, version) ON app.team FROM samspil_guard;
DROP INDEX app.team_name;
ALTER TABLE app.team DROP CONSTRAINT a_team_has_a_name;
ALTER TABLE app.team DROP COLUMN version;
