DROP FUNCTION app.found_partners(uuid);
DROP FUNCTION app._fold(text);
DROP FUNCTION app.found_cases(uuid);
DROP FUNCTION app.keep_search(uuid,text,text,bytea,bytea);
DROP TABLE app.search_token;
