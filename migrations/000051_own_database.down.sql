DROP FUNCTION meta.own_database;
