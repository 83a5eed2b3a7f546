DROP TABLE app.draft, app.note_step, app.note_spoken, app.note;
