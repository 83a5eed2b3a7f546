DROP INDEX app.contact_person_photo_id_idx;
DROP POLICY del ON app.photo;
REVOKE DELETE ON app.photo FROM samspil_app;
