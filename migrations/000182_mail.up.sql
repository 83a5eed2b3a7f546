-- The letters that leave the program (docs/adr/0007-background-work.md): written down with what they are about, sent by a job.
-- A letter is a kind and somebody it is to, and has no place for words: no name, number or content of a case can stand in it
-- (R12). No login of the program reads these rows.
CREATE TABLE app.mail (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('news','link','verify')),
  to_user uuid REFERENCES auth.user_account, to_contact uuid REFERENCES app.contact_person,
  about uuid,                              -- the link that is in it; its secret is derived from this and the key (package keys)
  written_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz,
  CONSTRAINT to_one CHECK (num_nonnulls(to_user, to_contact) = 1),
  CONSTRAINT a_link_where_one_belongs CHECK ((kind = 'news') = (about IS NULL))
);
CREATE INDEX ON app.mail (written_at) WHERE sent_at IS NULL;
SELECT meta.guard('app.mail', 'SELECT, INSERT, UPDATE (sent_at)');

-- _mail() writes a letter down, to be sent at p_at or, if that has been, now.
CREATE FUNCTION app._mail(p_kind text, p_user uuid, p_contact uuid, p_about uuid, p_at timestamptz) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE m uuid := gen_random_uuid();
BEGIN
  INSERT INTO app.mail (id, kind, to_user, to_contact, about) VALUES (m, p_kind, p_user, p_contact, p_about);
  PERFORM app._enqueue('mail.send', jsonb_build_object('id', m), p_at);
  RETURN m;
END $$;

-- job_mail() gives a letter to who sends it, and holds it until the end of the transaction; nothing when it has been sent, or when
-- whom it is to has left. Sent twice it can still be: the server took it and the program died before it could say so.
CREATE FUNCTION app.job_mail(p_id uuid) RETURNS TABLE (address text, lang text, kind text, about uuid) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM app.mail m WHERE m.id = p_id AND m.sent_at IS NULL FOR UPDATE;
  RETURN QUERY SELECT coalesce(u.email, c.secure_mail), coalesce(u.lang, 'da'), m.kind, m.about
    FROM app.mail m LEFT JOIN auth.user_account u ON u.id = m.to_user AND u.active LEFT JOIN app.contact_person c ON c.id = m.to_contact AND c.active
   WHERE m.id = p_id AND m.sent_at IS NULL AND coalesce(u.email, c.secure_mail, '') <> '';
END $$;
CREATE FUNCTION app.job_mail_sent(p_id uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN UPDATE app.mail m SET sent_at = now() WHERE m.id = p_id; END $$;
GRANT EXECUTE ON FUNCTION app.job_mail(uuid), app.job_mail_sent(uuid) TO samspil_job;
SELECT meta.settle();
