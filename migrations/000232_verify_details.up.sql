-- "Passer dit nummer stadig?": every contact person is asked by a letter when nobody has confirmed their details for as long as the
-- reference data say (domain.md 1.19). The page shows them their own line, numbers hidden but for the end; they confirm it, or write
-- what is wrong, which an admin checks. No code: there is no case behind it, and a letter that was taken shows nothing new.
ALTER TABLE app.directory_change ALTER changed_by DROP NOT NULL; -- NULL: the contact person
ALTER TABLE app.correction ALTER proposed_by DROP NOT NULL;      -- NULL: the contact person it is about
GRANT INSERT (organisation_id, contact_id, proposal) ON app.correction TO samspil_guard;
CREATE POLICY guard_ins ON app.correction FOR INSERT TO samspil_guard WITH CHECK (proposed_by IS NULL AND contact_id IS NOT NULL);
GRANT INSERT (organisation_id, contact_id, action, after) ON app.directory_change TO samspil_guard;
CREATE POLICY guard_ins ON app.directory_change FOR INSERT TO samspil_guard WITH CHECK (changed_by IS NULL AND action = 'verified');
GRANT UPDATE (verified_on, verified_by) ON app.contact_person TO samspil_guard;

CREATE FUNCTION app._guest_masked(p text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN CASE WHEN length(p) < 4 THEN '' ELSE regexp_replace(left(p, -4), '[0-9A-Za-z]', '•', 'g') || right(p, 4) END; END $$;
CREATE FUNCTION app.guest_details() RETURNS TABLE (name text, organisation text, title text, phone text, mobile text, verified_on date, answered boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('verify');
BEGIN
  RETURN QUERY SELECT split_part(c.name, ' ', 1), o.name, c.title, app._guest_masked(c.phone), app._guest_masked(c.mobile), c.verified_on, l.answered_at IS NOT NULL
    FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.id = l.contact_id;
END $$;
-- guest_confirm() says that the details are right, or, with words, what is wrong. The first answer counts.
CREATE FUNCTION app.guest_confirm(p_wrong text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE l app.guest_link := app._guest('verify'); o uuid; today date := (now() AT TIME ZONE 'Europe/Copenhagen')::date;
BEGIN
  UPDATE app.guest_link x SET answered_at = now() WHERE x.id = l.id AND x.answered_at IS NULL;
  IF NOT FOUND THEN RETURN 'ok'; END IF;
  SELECT c.organisation_id INTO o FROM app.contact_person c WHERE c.id = l.contact_id;
  IF btrim(p_wrong) = '' THEN
    UPDATE app.contact_person c SET verified_on = today, verified_by = NULL WHERE c.id = l.contact_id;
    INSERT INTO app.directory_change (organisation_id, contact_id, action, after) VALUES (o, l.contact_id, 'verified', jsonb_build_object('verified_on', today));
  ELSE
    INSERT INTO app.correction (organisation_id, contact_id, proposal) VALUES (o, l.contact_id, left(btrim(p_wrong), 2000));
  END IF;
  PERFORM app._guest_event(l.id, 'guest.confirmed', l.contact_id, NULL);
  RETURN 'ok';
END $$;
GRANT EXECUTE ON FUNCTION app.guest_details(), app.guest_confirm(text) TO samspil_app;

-- job_verify() asks, at most once in the time that the data say, and not while a question is open; at most a hundred in one go.
CREATE FUNCTION app.job_verify(p_today date DEFAULT NULL) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := coalesce(p_today, (now() AT TIME ZONE 'Europe/Copenhagen')::date); days int := (app._event_rule('details_old') ->> 'days')::int; r record; n int := 0;
BEGIN
  FOR r IN SELECT c.id FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id AND o.active
            WHERE c.active AND c.secure_mail <> '' AND coalesce(c.verified_on, '-infinity') <= today - days
              AND NOT EXISTS (SELECT 1 FROM app.guest_link l WHERE l.contact_id = c.id AND l.about = 'verify' AND (l.revoked_at IS NULL AND l.expires_at > now() OR l.created_at > now() - make_interval(days => days)))
            ORDER BY c.verified_on NULLS FIRST, c.id LIMIT 100 LOOP
    PERFORM app._guest_link(NULL, r.id, 'verify', r.id, 14); n := n + 1;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.job_verify(date) TO samspil_job;
SELECT meta.settle();
