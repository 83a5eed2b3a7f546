-- Whom one spoke to and which step one ticked belong to one's own note: nobody adds a line to what a colleague has signed.
CREATE POLICY own_note ON app.note_spoken AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (note_id IN (
  SELECT n.id FROM app.note n WHERE n.case_id = ANY ((SELECT auth.opened(2))::uuid[]) AND n.author = (SELECT auth.uid())));
CREATE POLICY own_note ON app.note_step AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (note_id IN (
  SELECT n.id FROM app.note n WHERE n.case_id = ANY ((SELECT auth.opened(2))::uuid[]) AND n.author = (SELECT auth.uid())));
SELECT meta.settle();
