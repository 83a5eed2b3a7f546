DROP POLICY sel ON audit.event;
DROP TABLE app.notice, app.case_closing, app.unseal_request, app.case_exclusion, app.case_grant, app.citizen_label, app.case_file;
DROP FUNCTION meta.case_list, app.fill_case_scope, app.read_notices, app.reopen_case, app.close_case, app.set_confidentiality, app.lift_exclusion, app.exclude_user, app.hand_over,
  app.revoke_access, app.grant_access, app._may_receive, app._demand, app.create_case, app._fresh_number, app._fresh_ref, app._notify, app.use_case, app.open_case,
  auth._opens, auth.opened, auth.barred, auth.member_teams, auth.led_teams, auth.my_cases, auth.perms, auth._rights_of, auth._excluded;
