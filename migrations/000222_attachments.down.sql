DROP FUNCTION app.sent_words(uuid), app.sharing_words(uuid, uuid), app.read_sharing_file(uuid, uuid);
DROP TABLE app.sharing_file;
DROP FUNCTION app.file_comes_along();
ALTER TABLE app.sharing DROP CONSTRAINT what_nobody_read_counts, DROP CONSTRAINT sharing_case_id_id_unread_key, DROP unread;
SELECT meta.settle();
