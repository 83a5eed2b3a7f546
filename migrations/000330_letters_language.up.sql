-- A contact person gets letters in the language that the directory names, and the page behind the link opens in it.
ALTER TABLE app.contact_person ADD lang text NOT NULL DEFAULT 'da' CONSTRAINT a_language_of_ours CHECK (lang IN ('da','en'));
GRANT UPDATE (lang) ON app.contact_person TO samspil_app;

CREATE OR REPLACE FUNCTION app.job_mail(p_id uuid) RETURNS TABLE (address text, lang text, kind text, about uuid) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM app.mail m WHERE m.id = p_id AND m.sent_at IS NULL FOR UPDATE;
  RETURN QUERY SELECT coalesce(u.email, c.secure_mail), coalesce(u.lang, c.lang), m.kind, m.about
    FROM app.mail m LEFT JOIN auth.user_account u ON u.id = m.to_user AND u.active LEFT JOIN app.contact_person c ON c.id = m.to_contact AND c.active
   WHERE m.id = p_id AND m.sent_at IS NULL AND coalesce(u.email, c.secure_mail, '') <> '';
END $$;
SELECT meta.settle();
