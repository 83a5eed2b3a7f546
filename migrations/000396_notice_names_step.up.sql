-- Two reminders about two steps of one case were the same row twice. A notice keeps which step it is about: the id alone, for its title is
-- read by the rules of the step.
ALTER TABLE app.notice ADD step_id uuid;
UPDATE app.notice n SET step_id = m.object_id FROM app.reminder m WHERE m.case_id = n.case_id AND m.id = n.reminder_id AND m.thing = 'step';
CREATE FUNCTION app.notice_names_step() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.step_id := (SELECT m.object_id FROM app.reminder m WHERE m.case_id = NEW.case_id AND m.id = NEW.reminder_id AND m.thing = 'step');
  RETURN NEW;
END $$;
CREATE TRIGGER notice_names_step BEFORE INSERT ON app.notice FOR EACH ROW WHEN (NEW.reminder_id IS NOT NULL) EXECUTE FUNCTION app.notice_names_step();
SELECT meta.settle();
