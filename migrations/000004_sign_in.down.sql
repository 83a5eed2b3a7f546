DROP FUNCTION auth.unlock_session, auth.locked_user, auth.open_session, auth.sign_in_failed, auth.credential, auth._wait, auth._account_bucket;
DROP TABLE auth.device, auth.login_failure;
