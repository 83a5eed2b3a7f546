DROP POLICY own_note ON app.note_step;
DROP POLICY own_note ON app.note_spoken;
