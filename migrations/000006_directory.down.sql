DROP TABLE app.correction, app.directory_change, app.contact_hours, app.contact_person, app.organisation;
ALTER TABLE auth.user_account DROP CONSTRAINT user_account_photo_id_fkey;
DROP TABLE app.photo;
