DROP FUNCTION auth.role_of;
