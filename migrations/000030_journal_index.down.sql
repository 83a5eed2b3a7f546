DROP INDEX app.note_corrects;
