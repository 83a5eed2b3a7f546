-- A face that is taken down is gone, not only out of sight: nobody but the admin takes it down, and
-- only when no person shows it any more (the foreign keys see to that).
GRANT DELETE ON app.photo TO samspil_app;
CREATE POLICY del ON app.photo FOR DELETE TO samspil_app USING ((SELECT auth.role()) = 'admin');
CREATE INDEX ON app.contact_person (photo_id) WHERE photo_id IS NOT NULL;
SELECT meta.settle();
