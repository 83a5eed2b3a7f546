DROP TRIGGER fact_waits ON app.protected_fact;
DROP TABLE app.sharing_hit, app.sharing;
DROP FUNCTION app.answer_sharing(uuid, uuid, boolean, text, int, int), app.sent_texts(uuid), app.read_sharing(uuid, uuid), app.sharing_asked(), app.may_release(uuid), app._may_release(uuid, uuid),
  app.scan_is_whole(), app.held_facts(uuid, uuid), app.guard_facts(uuid), app.fact_waits(), app._facts_wait(uuid);
ALTER TABLE app.protected_fact DROP CONSTRAINT protected_fact_case_id_id_key, DROP CONSTRAINT protected_fact_kind_check,
  ADD CONSTRAINT protected_fact_kind_check CHECK (kind IN ('address','place_of_stay','school','workplace','phone','email','code_word','other')) NOT VALID;
