DROP TABLE app.involvement;
DROP FUNCTION app.first_partner;
