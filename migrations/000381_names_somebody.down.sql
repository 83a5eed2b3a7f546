DROP FUNCTION app.names_somebody(text[]);
