-- Two reminders about two steps of one case were the same row twice: whoever was reminded may see, without opening the case, which step
-- it was; its title is the step's own row, and is read by the rules of that.
CREATE POLICY mine ON app.reminder FOR SELECT TO samspil_app USING (to_user = (SELECT auth.uid()) AND case_id = ANY ((SELECT auth.my_cases())::uuid[]));
SELECT meta.settle();
