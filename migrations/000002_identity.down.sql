DROP FUNCTION auth.set_profile, auth.lock_session, auth.close_all_sessions, auth.close_session, auth.whoami, auth.begin;
DROP TABLE auth.user_relation, auth.session, app.team_member;
DROP POLICY sel ON auth.user_account;
DROP POLICY sel ON app.team;
DROP POLICY sel ON app.municipality;
DROP FUNCTION auth.municipality, auth.role, auth.uid, auth._payload, auth._mac;
DROP TABLE auth.user_account, app.team, app.municipality, auth.secret;
