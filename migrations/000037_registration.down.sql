DROP TABLE app.registration;
