-- The corrections of a note are looked up from the note that they correct.
CREATE INDEX note_corrects ON app.note (case_id, corrects) WHERE corrects IS NOT NULL;
SELECT meta.settle();
